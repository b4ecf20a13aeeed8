"""A Transformer beside feedback memory, and the same weights with poorer memories."""

from collections.abc import Callable

import pytest

from engine.demonstrations.own_past import measure
from engine.demonstrations.workbench import Workbench

Make = Callable[..., Workbench]


def test_both_read_the_same_programs_and_the_memory_is_swapped(bench: Make) -> None:
    *_, last = measure(bench(), statements=(2, 4), episodes=2, all_in_all=4)

    assert [row[1] for row in last.tables[0].rows][:2] == ["as trained", "as trained"]
    assert "only the last layer" in [row[1] for row in last.tables[0].rows]
    assert [figure.title for figure in last.figures] == [
        "Right answers against the length of the program",
        "What the feedback memory is mixed from",
    ]
    assert [line.x for line in last.figures[0].series] == [(2.0, 4.0), (2.0, 4.0)]


def test_the_shares_of_the_layers_are_a_whole(bench: Make) -> None:
    first = next(measure(bench(), statements=(2,), episodes=1, all_in_all=1))

    assert sum(first.figures[0].series[0].y) == pytest.approx(1, abs=1e-5)
