"""All ideas together: each is measured, cancelled between its parts, and says what it lacks."""

from collections.abc import Callable

import pytest

from engine.contract.demonstrations import Demonstration
from engine.contract.ideas import IDEAS
from engine.demonstrations.catalogue import MEASURES, demonstrate
from engine.demonstrations.workbench import Workbench
from engine.tasks.base import BadInputError
from engine.training.evaluate import Cancelled

Make = Callable[..., Workbench]


def test_every_idea_can_be_measured() -> None:
    assert set(MEASURES) == {idea.id for idea in IDEAS}


def test_an_idea_is_told_in_few_words() -> None:
    longest = max(len(f"{idea.claim} {idea.says} {idea.look}".split()) for idea in IDEAS)

    assert longest <= 100


def test_results_grow_and_only_the_last_is_complete(bench: Make) -> None:
    shown: list[Demonstration] = []

    last = demonstrate("whole-state", lambda done, total: True, shown.append, bench())

    assert [len(found.tables[0].rows) for found in shown] == [1, 2, 3, 4]
    assert not any(found.is_complete for found in shown)
    assert last.is_complete
    assert last.idea == "whole-state"


def test_it_ends_as_soon_as_nobody_waits(bench: Make) -> None:
    asked: list[int] = []

    def listener(done: int, total: int) -> bool:
        asked.append(done)
        return done < 2

    with pytest.raises(Cancelled):
        demonstrate("whole-state", listener, bench=bench(listener=listener))
    assert asked == [0, 1, 2]


def test_an_absent_network_is_named_and_the_others_are_measured(bench: Make) -> None:
    found = demonstrate("whole-state", lambda done, total: True, bench=bench("ntm-copy", "lstm-copy"))

    assert [row[0] for row in found.tables[0].rows] == ["NTM", "LSTM"]
    assert found.absent[0].startswith("gru-copy is not among the trained networks")


def test_with_no_network_at_all_it_says_which_are_missing(bench: Make) -> None:
    with pytest.raises(BadInputError, match="feedback-algorithmic, transformer-algorithmic"):
        demonstrate("own-past", lambda done, total: True, bench=bench("ntm-copy"))


def test_an_unknown_idea_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(BadInputError, match="no such idea; there are whole-state, long-spans"):
        demonstrate("nothing", lambda done, total: True)
