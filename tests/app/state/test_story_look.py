"""Where a model looks in a story, line by line."""

from dataclasses import replace

import numpy as np

from app.state.story_look import facts_told, look_in_words, story_look
from engine.contract.trace import Trace
from fake_traces import lstm_trace, memn2n_trace
from story_traces import linear_start, read_by

STORY = memn2n_trace()


def without_first_fact() -> Trace:
    """A memory from which the first line has gone."""
    lies = STORY.arrays["story.fact"].copy()
    lies[:, 0] = -1
    return replace(STORY, arrays={**STORY.arrays, "story.fact": lies})


def test_values_stand_by_the_line_that_was_told_not_by_the_slot() -> None:
    lines = facts_told(STORY, 5)
    look = story_look(STORY, 5, lines)

    assert lines == [0, 1, 3, 4]
    assert look is not None
    np.testing.assert_array_equal(look.values, STORY.arrays["hop.attention"][5][:, :4].T)


def test_the_answer_is_judged_and_what_it_rests_on_is_found_by_name() -> None:
    look = story_look(STORY, 5, facts_told(STORY, 5))

    assert look is not None
    assert (look.is_right, look.found, look.hits) == (True, ("line 4: hop 1",), 1)
    assert look_in_words("MemN2N", look) == f"MemN2N answers {look.answer} ({look.sure}), right. Line 4: hop 1."


def test_a_wrong_answer_is_wrong_and_an_unknown_one_neither() -> None:
    wrong = memn2n_trace(wrong=True)
    unknown = replace(STORY, arrays={**STORY.arrays, "tape.target": np.full_like(STORY.arrays["tape.target"], -1)})
    looks = [story_look(trace, 5, facts_told(trace, 5)) for trace in (wrong, unknown)]

    assert [look.is_right if look else "" for look in looks] == [False, None]


def test_a_line_that_is_gone_is_said_to_be_gone() -> None:
    trace = without_first_fact()
    look = story_look(trace, 2, facts_told(trace, 2))

    assert look is not None
    assert look.gone == {0}
    assert np.isnan(look.values[0]).all()


def test_each_kind_of_look_keeps_its_own_scale() -> None:
    looks = [story_look(trace, 5, facts_told(STORY, 5)) for trace in (read_by("gate"), read_by("decision"), linear_start())]

    assert [look.kind if look else "" for look in looks] == ["gates", "choice", "scores"]
    assert [look.low < 0 if look else "" for look in looks] == [False, False, True]


def test_at_a_statement_and_for_a_network_without_hops_there_is_no_look() -> None:
    assert story_look(STORY, 1, [0]) is None
    assert story_look(lstm_trace(length=2), 1, [0]) is None
