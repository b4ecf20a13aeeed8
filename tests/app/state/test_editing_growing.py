"""What can be changed in a memory that grows, the words for it, and what came of it."""

from dataclasses import replace

import numpy as np
import pytest

from app.state.edit_offer import CannotEditError
from app.state.editing import make, misfit, offers
from app.state.lens import Selection
from app.state.what_if import edit_in_words, result_in_words
from engine.contract.edits import Edit
from engine.contract.trace import Trace
from fake_growing import growing_trace
from fake_traces import ntm_trace


@pytest.fixture
def trace() -> Trace:
    return growing_trace(60)


def _slot(*slots: int) -> Selection:
    return Selection(channel="memory.contents", slots=slots)


def test_a_slot_can_be_removed_and_the_memory_cleared_and_nothing_else(trace: Trace) -> None:
    found = offers(trace, _slot(2), 50)

    assert [(offer.act, offer.title, offer.asks) for offer in found] == [
        ("erase", "Remove slot 2", ""),
        ("clear", "Clear the memory", ""),
    ]


def test_several_slots_are_removed_together(trace: Trace) -> None:
    assert offers(trace, _slot(0, 2), 50)[0].title == "Remove 2 slots"
    assert [edit.index for edit in make("erase", trace, _slot(0, 2), 50)] == [(0,), (2,)]


def test_without_a_slot_that_is_there_only_the_whole_memory_can_be_cleared(trace: Trace) -> None:
    last = trace.arrays["memory.alive"].shape[1] - 1

    assert [offer.act for offer in offers(trace, _slot(last), 1)] == ["clear"]
    assert [offer.act for offer in offers(trace, Selection(), 50)] == ["clear"]
    with pytest.raises(CannotEditError, match="click one in the memory browser"):
        make("erase", trace, _slot(last), 1)


def test_the_edits_take_away_what_says_that_a_slot_is_there(trace: Trace) -> None:
    (removed,) = make("erase", trace, _slot(2), 50)
    (cleared,) = make("clear", trace, Selection(), 50)

    assert removed == Edit(act="erase", channel="memory.alive", step=50, index=(2,))
    assert cleared == Edit(act="erase", channel="memory.alive", step=50, index=())
    assert misfit(trace, removed) == misfit(trace, cleared) == ""
    assert edit_in_words(removed) == "remove slot 2 at step 51"
    assert edit_in_words(cleared, {"memory.alive": ("slot",)}) == "clear the memory at step 51"


@pytest.mark.parametrize("act", ["set", "swap", "freeze", "force", "mute"])
def test_what_was_written_cannot_be_changed(trace: Trace, act: str) -> None:
    with pytest.raises(CannotEditError, match="written once and never changed"):
        make(act, trace, _slot(2), 50)  # type: ignore[arg-type]


def test_another_memory_cannot_be_cleared_as_a_whole() -> None:
    with pytest.raises(CannotEditError, match="Only a memory that grows can be emptied"):
        make("clear", ntm_trace(), _slot(1), 2)


def test_the_result_says_which_predictions_fall_and_how_far(trace: Trace) -> None:
    foreseen, error = (np.array(trace.arrays[name]) for name in ("scene.foreseen", "scene.error"))
    foreseen[[51, 53]] += 1
    error[51], error[53] = 0.5, 4.0
    before = replace(trace, arrays={**trace.arrays, "scene.error": np.zeros_like(error)})
    after = replace(trace, arrays={**trace.arrays, "scene.foreseen": foreseen, "scene.error": error})

    assert result_in_words(before, after) == (
        "2 samples are foreseen differently, the first sample 52. Their mean error: 0.00 to 2.25 m. "
        "Worst: sample 54, 0.00 to 4.00 m."
    )


def test_a_slot_that_nothing_came_of_changes_nothing(trace: Trace) -> None:
    assert result_in_words(trace, trace) == "Everything is foreseen as before, to the last digit."
