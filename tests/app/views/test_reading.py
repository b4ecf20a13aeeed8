"""What a pane reads of its side."""

import numpy as np
from staged import table_with

from app.views.reading import Reading
from fake_traces import lstm_trace, ntm_trace


def test_both_sides_of_a_quantity_have_equal_limits() -> None:
    calm, wild = ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, update=100)
    wild.arrays["memory.contents"][:] *= 40
    state = table_with(calm, wild).state
    channel = calm.channels["memory.contents"]

    one, other = Reading(state, state.a).scale(channel), Reading(state, state.b).scale(channel)

    assert one == other
    assert one[1] > calm.limits("memory.contents")[1]


def test_the_difference_is_b_minus_a_on_symmetric_limits_in_colours_of_its_own() -> None:
    a, b = ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, seed=1, update=100)
    state = table_with(a, b, "difference").state
    channel = a.channels["memory.contents"]
    reading = Reading(state, state.b)

    low, high, scale = reading.scale(channel)

    assert scale == "difference"
    assert low == -high
    np.testing.assert_array_equal(reading.at(channel, 4), b.at(channel.name, 4) - a.at(channel.name, 4))


def test_a_stays_itself_in_the_difference_view() -> None:
    a, b = ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=16, seed=1, update=100)
    state = table_with(a, b, "difference").state

    np.testing.assert_array_equal(Reading(state, state.a).whole(a.channels["read.weighting"]), a.arrays["read.weighting"])


def test_a_difference_that_cannot_be_is_refused_with_the_reason() -> None:
    a, b = ntm_trace(length=6, slots=16), ntm_trace(length=6, slots=32, update=100)
    state = table_with(a, b, "difference").state

    said = Reading(state, state.b).refusal([a.channels["memory.contents"]])

    assert said == "A is 13 x 16 x 20 and B is 13 x 32 x 20; a difference needs equal sizes."


def test_a_quantity_that_one_side_lacks_is_refused() -> None:
    a = ntm_trace(length=6, slots=16)
    state = table_with(a, lstm_trace(length=6), "difference").state

    assert "B has nothing like “memory”" in Reading(state, state.b).refusal([a.channels["memory.contents"]])


def test_both_sides_begin_with_the_same_slots() -> None:
    state = table_with(ntm_trace(length=4, slots=128), ntm_trace(length=40, slots=128, update=100)).state

    assert Reading(state, state.a).slots_shown() == Reading(state, state.b).slots_shown() == 48
