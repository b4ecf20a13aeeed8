"""The list of edits can be undone whole, and what edits changed is said in words, the answer first."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.what_if import WhatIf, edit_in_words, result_in_words
from engine.contract.edits import Edit
from engine.contract.trace import Trace
from fake_traces import memn2n_trace, ntm_trace

ERASE = Edit(act="erase", channel="memory.contents", step=4, index=(3,))
FORCE = Edit(act="force", channel="read.weighting", step=6, index=(0, 2), until=-1)


def _with(trace: Trace, channel: str, values: np.ndarray, **outcome: float) -> Trace:
    card = replace(trace.card, outcome={**trace.card.outcome, **outcome})
    return Trace(card=card, arrays={**trace.arrays, channel: values}, initial=trace.initial)


def _do(what_if: WhatIf, deed: str, number: int) -> None:
    at = number % max(len(what_if.edits), 1)
    if deed == "add":
        what_if.add(replace(ERASE, step=number))
    elif deed == "add_two":
        what_if.add(ERASE, FORCE)
    elif deed in ("undo", "redo", "clear"):
        getattr(what_if, deed)()
    elif what_if.edits:
        with_number = {"move": (at, number), "rename": (at, f"edit {number}")}
        getattr(what_if, deed)(*with_number.get(deed, (at,)))


@given(st.lists(st.sampled_from(["add", "add_two", "remove", "switch", "move", "rename", "clear", "undo", "redo"]), max_size=25))
def test_undoing_everything_gives_the_beginning_and_redoing_the_end(deeds: list[str]) -> None:
    what_if = WhatIf()
    for number, deed in enumerate(deeds):
        _do(what_if, deed, number)
    end, taken = what_if.edits, 0
    while what_if.can_undo:
        what_if.undo()
        taken += 1
    beginning = what_if.edits
    for _ in range(taken):
        what_if.redo()

    assert beginning == ()
    assert what_if.edits == end


def test_edits_added_together_are_taken_back_together() -> None:
    what_if = WhatIf()
    what_if.add(ERASE, FORCE)

    what_if.undo()

    assert what_if.edits == ()


def test_a_switched_off_edit_stays_in_the_list() -> None:
    what_if = WhatIf()
    what_if.add(ERASE)

    what_if.switch(0)

    assert [edit.enabled for edit in what_if.edits] == [False]


def test_a_moved_edit_keeps_its_length() -> None:
    what_if = WhatIf()
    what_if.add(replace(ERASE, until=6), FORCE)

    what_if.move(0, 10)
    what_if.move(1, 2)

    assert (what_if.edits[0].step, what_if.edits[0].until) == (10, 12)
    assert (what_if.edits[1].step, what_if.edits[1].until) == (2, -1)


def test_a_session_brings_edits_without_a_way_back() -> None:
    what_if = WhatIf()
    what_if.add(ERASE)

    what_if.restore((FORCE,))

    assert not what_if.can_undo


def test_listeners_hear_of_every_change() -> None:
    what_if, heard = WhatIf(), []
    what_if.changed.connect(lambda: heard.append(1))

    what_if.add(ERASE)
    what_if.rename(0, "the third vector")
    what_if.undo()
    what_if.redo()
    what_if.clear()
    what_if.clear()

    assert len(heard) == 5


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (ERASE, "erase slot 3 at step 5"),
        (replace(ERASE, name="lose the third"), "lose the third"),
        (FORCE, "force read head 1 to slot 2 from step 7"),
        (replace(FORCE, until=None), "force read head 1 to slot 2 at step 7"),
        (Edit(act="force", channel="hop.attention", step=6, index=(1, 2)), "force hop 2 to slot 2 at step 7"),
        (Edit(act="swap", channel="memory.contents", step=0, index=(1, 2)), "swap slots 1 and 2 at step 1"),
        (Edit(act="freeze", channel="memory.contents", step=0, index=(1,), until=-1), "freeze slot 1 from step 1"),
        (Edit(act="mute", channel="read.vector", step=0, index=(0,), until=-1), "mute read head 1 from step 1"),
        (Edit(act="mute", channel="hop.read", step=0, index=(1,), until=-1), "mute hop 2 from step 1"),
        (
            Edit(act="set", channel="memory.contents", step=0, index=(3, 5), values=(0.5,)),
            "set slot 3, feature 5 to 0.5 at step 1",
        ),
        (Edit(act="set", channel="memory.contents", step=0, index=(3,), values=(0.5, 1.0)), "set slot 3 at step 1"),
        (
            Edit(act="set", channel="state.cell", step=0, index=(1, 5), values=(0.5,)),
            "set cell, layer 2, unit 5 to 0.5 at step 1",
        ),
        (Edit(act="erase", channel="state.cell", step=0, index=(1, 5)), "erase cell, layer 2, unit 5 at step 1"),
    ],
)
def test_an_edit_is_named_in_words(edit: Edit, words: str) -> None:
    assert edit_in_words(edit, axes={"state.cell": ("layer", "unit")}) == words


def test_an_edit_over_some_steps_names_both_ends() -> None:
    assert edit_in_words(replace(ERASE, until=8)) == "erase slot 3 from step 5 to 9"


def test_a_changed_answer_comes_first_with_its_probability() -> None:
    before = memn2n_trace()
    chances = np.array(before.arrays["answer.probability"])
    chances[5] = [0.1, 0.12, 0.6, 0.08, 0.05, 0.05]
    said = np.array(before.arrays["tape.output"])
    said[5] = 2
    after = _with(_with(before, "answer.probability", chances), "tape.output", said)

    words = result_in_words(before, after)

    assert words.startswith("Answer changed from hallway to garden; probability of hallway 0.90 to 0.12.")
    assert words.endswith("First different step: 6.")


def test_an_answer_that_holds_says_how_sure_it_still_is() -> None:
    before = memn2n_trace()
    chances = np.array(before.arrays["answer.probability"])
    chances[5, 1] -= 0.2

    words = result_in_words(before, _with(before, "answer.probability", chances))

    assert words.startswith("Answer is still hallway; probability of hallway 0.90 to 0.70.")


def test_a_changed_outcome_is_said_with_the_tasks_own_metric() -> None:
    before = ntm_trace(length=6, slots=16)
    output = np.array(before.arrays["tape.output"])
    output[9] = 1 - output[9]

    words = result_in_words(before, _with(before, "tape.output", output, wrong_bits=8.0))

    assert words == "Output changed: wrong bits 0 to 8. First different step: 10."


def test_nothing_changed_is_said_too() -> None:
    trace = ntm_trace(length=6, slots=16)

    assert result_in_words(trace, trace) == "The answer is the same, to the last digit."
