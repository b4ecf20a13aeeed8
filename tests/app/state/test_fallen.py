"""Which predictions fall by an edit, the worst first."""

from dataclasses import replace

import numpy as np

from app.state.fallen import fallen, fallen_in_words
from engine.contract.cards import Channel
from engine.contract.edits import Edit
from engine.contract.trace import Trace
from fake_growing import growing_trace
from fake_traces import ntm_trace


def _with_errors(trace: Trace, errors: dict[int, float]) -> Trace:
    values = np.zeros(trace.steps, np.float32)
    for step, error in errors.items():
        values[step] = error
    return replace(trace, arrays={**trace.arrays, "scene.error": values})


def test_the_worst_comes_first_and_what_got_better_is_left_out() -> None:
    trace = growing_trace(20)
    before, after = _with_errors(trace, {4: 1.0, 9: 2.0}), _with_errors(trace, {4: 1.5, 9: 0.5, 12: 3.0, 13: 0.001})

    found = fallen(before, after)

    assert [(one.title, one.step, round(one.before, 3), round(one.after, 3)) for one in found] == [
        ("Sample 13", 12, 0.0, 3.0),
        ("Sample 5", 4, 1.0, 1.5),
    ]
    assert fallen_in_words(found) == "2 are foreseen worse"


def test_of_samples_of_several_steps_the_error_at_their_end_counts() -> None:
    trace = growing_trace(20)
    trace = replace(trace, card=replace(trace.card, sample_steps=4))
    before, after = _with_errors(trace, {}), _with_errors(trace, {7: 2.0, 8: 9.0})

    assert [(one.sample, one.step) for one in fallen(before, after)] == [(1, 4)]


def test_an_episode_that_is_no_stream_has_none() -> None:
    assert fallen(ntm_trace(), ntm_trace()) == ()
    assert fallen_in_words(()) == ""


def test_a_sample_that_another_was_presented_for_did_not_fall() -> None:
    trace = growing_trace(20)
    given = Channel(name="input.past", axes=("time", "xy"), kind="trajectory", bounded=False, title="past", says="As presented.")
    edit = Edit(act="set", channel=given.name, step=4, index=(), values=(0.0, 0.0))
    model = replace(trace.card.model, channels=(*trace.card.model.channels, given))
    arrays = {**trace.arrays, given.name: np.zeros((20, 4, 2), np.float32)}
    edited = replace(trace, card=replace(trace.card, model=model, edits=(edit,)), arrays=arrays)

    found = fallen(_with_errors(trace, {}), _with_errors(edited, {4: 9.0, 7: 2.0}))

    assert [one.sample for one in found] == [7]
