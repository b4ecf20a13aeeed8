"""A story of the user's own: what is understood, and one clear sentence for what is not."""

import pytest

from engine.stories import world
from engine.stories.questions import Vocabulary
from engine.stories.text import Question, Statement
from engine.tasks.base import BadInputError
from engine.tasks.own_story import read_own_story

VOCABULARY = Vocabulary(sorted(world.vocabulary(2)), 6)


def test_lines_that_end_in_a_question_mark_ask_and_all_others_tell() -> None:
    story = read_own_story("Mary went to the garden.\n\nWhere is Mary?\tgarden\nWhere is John?", VOCABULARY)

    assert story.lines == (
        Statement("Mary went to the garden."),
        Question("Where is Mary?", "garden"),
        Question("Where is John?", ""),
    )


def test_the_numbers_of_a_pasted_story_are_left_out() -> None:
    story = read_own_story("1 Mary went to the garden.\n2 Where is Mary? \tgarden\t1", VOCABULARY)

    assert story.lines == (Statement("Mary went to the garden."), Question("Where is Mary?", "garden"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "the story is empty; write one sentence a line, and a line that ends in ? to ask"),
        ("  \n\n", "the story is empty; write one sentence a line, and a line that ends in ? to ask"),
        ("Mary went to the garden.", "the story asks nothing; end one line with ? to ask"),
        ("Where is Mary?\nMary went to the garden.", "line 1: the question comes before any fact; tell something first"),
        (
            "Mary went to the gardn.\nWhere is Mary?",
            "line 1: the word 'gardn' is not known; the nearest known words are garden, grabbed",
        ),
        ("Mary went to the garden.\nWhere is Zzz?", "line 2: the word 'zzz' is not known; known words are apple, back, "),
        ("Mary went to the garden.\nWhere is Mary?\tmoon", "line 2: the answer 'moon' is not known; "),
        ("Mary went to the garden.\tgarden\nWhere is Mary?", "line 1: an answer follows a sentence that is no question"),
        ("...\nWhere is Mary?", "line 1: there is no word in it; write a sentence or a question"),
        (
            "Mary went back to the garden there.\nWhere is Mary?",
            "line 1: it has 7 words; this model reads at most 6 in a line",
        ),
        ("Mary moved.\n" * 1001, "the story has 1001 lines; at most 1000 can be told"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        read_own_story(text, VOCABULARY)

    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)
