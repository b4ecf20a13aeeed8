"""One's own bits and stories: to text and back, and one sentence for whatever does not fit."""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from app.state.own_input import (
    BadBitsError,
    BadSymbolsError,
    StoryLine,
    bits_to_text,
    changed_lines,
    gone_lines,
    known_words,
    line_problem,
    lines_of,
    memory_problem,
    problem_line,
    read_bits,
    read_symbols,
    story_problem,
    story_to_text,
    suggestions,
    text_to_story,
    unknown_words,
    vectors_of,
    width_of,
    with_answers_that_hold,
)
from engine.stories.questions import Vocabulary
from engine.stories.text import Question
from engine.tasks.own_story import read_own_story
from engine.tasks.sequence import read_vectors
from fake_traces import memn2n_trace, ntm_trace

KNOWN = ("bathroom", "daniel", "garden", "hallway", "is", "mary", "moved", "the", "to", "where")
vectors = st.integers(1, 12).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 1), min_size=width, max_size=width).map(tuple), min_size=1, max_size=8)
)


@given(vectors)
def test_bits_become_text_and_the_same_bits_again(drawn: list[tuple[int, ...]]) -> None:
    assert read_bits(bits_to_text(drawn), len(drawn[0])) == drawn


@given(vectors)
def test_the_engine_reads_the_same_bits(drawn: list[tuple[int, ...]]) -> None:
    found = read_vectors(bits_to_text(drawn), len(drawn[0]))

    assert torch.equal(found, torch.tensor(drawn).float())


def test_the_starting_bits_are_those_of_the_present_episode() -> None:
    trace = ntm_trace(length=5, slots=8)

    found = vectors_of(trace)

    assert width_of(trace) == 8
    assert len(found) == 5
    assert [list(vector) for vector in found] == trace.arrays["tape.input"][:5, :8].astype(int).tolist()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Type at least one vector of 8 bits, such as 10101010."),
        ("10101010 1010", "Vector 2 (1010) has 4 bits; it should have 8."),
        ("1010x010", "Vector 1 (1010x010): “x” is neither 0 nor 1."),
        ("1" * 60, f"Vector 1 ({'1' * 24}…) has 60 bits; it should have 8."),
        ("10101010 " * 1001, "1001 vectors are too many; at most 1000 can be shown."),
    ],
)
def test_a_wrong_bit_string_is_answered_with_the_vector_and_what_would_be_right(text: str, says: str) -> None:
    with pytest.raises(BadBitsError) as refused:
        read_bits(text, 8)

    assert str(refused.value) == says


@given(st.text(max_size=40), st.integers(1, 9))
def test_whatever_is_typed_as_bits_is_read_or_refused(text: str, width: int) -> None:
    try:
        found = read_bits(text, width)
    except BadBitsError:
        return
    assert all(len(vector) == width for vector in found)


def test_the_starting_story_has_its_questions_with_their_answers() -> None:
    found = lines_of(memn2n_trace())

    assert found[0] == StoryLine("Mary moved to the bathroom.")
    assert found[2] == StoryLine("Where is Mary?", "bathroom", (1,))
    assert [line.asks for line in found].count(True) == 3


def test_a_story_becomes_text_and_the_same_story_again() -> None:
    lines = lines_of(memn2n_trace())

    assert text_to_story(story_to_text(lines)) == lines


def test_the_engine_reads_the_text_of_a_story() -> None:
    lines = lines_of(memn2n_trace())
    words = {word for line in lines for word in (*unknown_words(line.text, ("x",)), line.answer) if word}

    story = read_own_story(story_to_text(lines), Vocabulary(sorted(words), longest=7))

    assert [line.text for line in story.lines] == [line.text for line in lines]
    assert [line.supports for line in story.lines if isinstance(line, Question)] == [(1,), (4,), (7,)]


def test_answers_hold_up_to_the_first_change_and_are_unknown_after_it() -> None:
    origin = lines_of(memn2n_trace())
    changed = [*origin[:3], StoryLine("Daniel went back to the garden."), *origin[4:]]

    kept = with_answers_that_hold(changed, origin)

    assert [line.answer for line in kept if line.asks] == ["bathroom", "", ""]
    assert with_answers_that_hold(origin, origin) == origin


@pytest.mark.parametrize(
    ("sentence", "line"),
    [("line 3: the word 'x' is not known", 3), ("Vector 12 (10) has 2 bits", 12), ("the story asks nothing", None)],
)
def test_the_line_that_a_complaint_names_is_found(sentence: str, line: int | None) -> None:
    assert problem_line(sentence) == line


def test_numbers_before_pasted_lines_are_dropped() -> None:
    assert text_to_story("1 Mary moved to the garden.\n\n2 Where is Mary?\tgarden\t1\n") == [
        StoryLine("Mary moved to the garden."),
        StoryLine("Where is Mary?", "garden", (1,)),
    ]


def test_supporting_lines_that_cannot_be_true_are_left_out_of_a_pasted_story() -> None:
    text = "Mary moved to the garden.\nWhere is Mary?\tgarden\t1\nWhere is Mary?\tgarden\t2 9 x 1"

    assert [line.supports for line in text_to_story(text)] == [(), (1,), (1,)]


def test_a_line_that_only_moved_is_not_changed() -> None:
    origin = [StoryLine("a."), StoryLine("b."), StoryLine("a."), StoryLine("Where?")]

    assert changed_lines([origin[1], origin[0], StoryLine("c."), StoryLine("a."), StoryLine("a."), origin[3]], origin) == {2, 4}


def test_what_a_memory_drops_of_a_story_is_named_by_its_lines() -> None:
    told = [StoryLine(f"fact {n}.") for n in range(4)]
    lines = [*told[:2], StoryLine("Where?"), *told[2:], StoryLine("Where?")]

    assert gone_lines(lines, 3) == {0}
    assert memory_problem(lines, 3) == (
        "The story tells 4 facts and the memory keeps the newest 3: line 1 is gone when the last question is asked."
    )
    assert memory_problem(lines, 2).endswith("lines 1 to 2 are gone when the last question is asked.")
    assert memory_problem(lines, 4) == ""


def test_empty_lines_are_left_out_of_the_text() -> None:
    assert story_to_text([StoryLine("a b."), StoryLine("  "), StoryLine("Where is a?", "  ")]) == "a b.\nWhere is a?"


def test_an_unknown_word_is_named_with_the_nearest_known_ones() -> None:
    assert line_problem(StoryLine("Mary moved to the hall."), KNOWN) == "The network does not know “hall”; it knows hallway."
    assert line_problem(StoryLine("Where is Mary?", "gardn"), KNOWN) == (
        "The network has no word “gardn” to answer with: it could never be right; it knows garden."
    )
    assert line_problem(StoryLine("qqq mary."), KNOWN) == (
        "The network does not know “qqq”; “Known words” shows all that it knows."
    )
    assert line_problem(StoryLine("?!"), KNOWN) == "There is no word in this line."
    assert line_problem(StoryLine("Mary moved to the garden."), KNOWN) == ""


def test_where_nobody_knows_the_words_none_is_unknown() -> None:
    assert unknown_words("anything goes", ()) == []


def test_suggestions_begin_like_the_word_that_is_typed() -> None:
    assert suggestions("ga", KNOWN) == ["garden"]
    assert suggestions("t", KNOWN) == ["the", "to"]
    assert suggestions("", KNOWN) == []


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "The story is empty: write one sentence a line, and one that ends in ? to ask."),
        ([StoryLine("Where is Mary?")], "The story begins with a question: tell something first."),
        ([StoryLine("Mary moved.")], "The story asks nothing: end one line with ? to ask."),
        ([StoryLine("Mary moved."), StoryLine("Where is Mary?")], ""),
    ],
)
def test_a_story_that_cannot_be_asked_is_answered_with_what_is_missing(lines: list[StoryLine], says: str) -> None:
    assert story_problem(lines) == says


def test_the_known_words_leave_out_the_empty_one() -> None:
    assert known_words(memn2n_trace()) == ("mary", "moved")


def test_a_task_that_writes_its_vectors_itself_says_what_to_start_from() -> None:
    trace = ntm_trace(length=5, slots=8)
    trace = replace(trace, card=replace(trace.card, labels={**trace.card.labels, "own": ("101", "010")}))

    assert width_of(trace) == 3
    assert vectors_of(trace) == [(1, 0, 1), (0, 1, 0)]


def test_single_bits_need_no_blanks_between_them() -> None:
    assert read_bits("01 1", 1) == [(0,), (1,), (1,)]


# ---- words ----------------------------------------------------------------------------------------------------------------

WORDS = ("=", "+", "-", "?", "if", "<", ";", "1", "10", "x")


@pytest.mark.parametrize("text", ["x = 10 ; ? x ;", "x=10;?x;", "X = 10;  ?x ;"])
def test_words_are_told_apart_with_or_without_blanks_the_longest_first(text: str) -> None:
    assert read_symbols(text, WORDS) == ["x", "=", "10", ";", "?", "x", ";"]


def test_a_word_that_there_is_not_is_named_with_those_that_there_are() -> None:
    with pytest.raises(BadSymbolsError, match=r"Symbol 3 \(“7”\) is none that the network knows: = \+ - \? if < ; 1 10 x\."):
        read_symbols("x = 7", WORDS)
