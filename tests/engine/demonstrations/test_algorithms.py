"""What the tasks of the machine cost, against guessing."""

from collections.abc import Callable

import pytest

from engine.demonstrations.algorithms import guessing, measure
from engine.demonstrations.workbench import Workbench

Make = Callable[..., Workbench]


def test_guessing_costs_a_bit_for_each_bit_that_counts(bench: Make) -> None:
    assert guessing(bench().open("ntm-copy", length=3), 4) == pytest.approx(3 * 4)


def test_what_was_not_learnt_is_said(bench: Make) -> None:
    *_, last = measure(bench("ntm-copy", "ntm-ngrams", "ntm-recall"), episodes=2)

    assert last.findings[0].holds is False
    assert "Not, or not well: Copy" in last.findings[0].sentence
    assert [row[0] for row in last.tables[0].rows] == ["Copy", "Associative recall", "Dynamic N-grams"]
    assert last.tables[0].opens == ("exhibit:ntm-copy", "exhibit:ntm-recall", "exhibit:ntm-ngrams")


def test_the_copying_machine_has_learnt_it() -> None:
    bench = Workbench(listener=lambda done, total: True, there=frozenset({"ntm-copy"}))
    *_, last = measure(bench, episodes=4)

    assert last.findings[0].sentence == (
        "Learnt from examples, and measured on new ones: Copy. Beyond the lengths of the training it goes on for Copy."
    )
    assert str(last.tables[0].rows[0][3]).startswith("0.0 of 480 (60 vectors)")
