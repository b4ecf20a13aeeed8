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

    assert story.lines == (Statement("Mary went to the garden."), Question("Where is Mary?", "garden", (1,)))


def test_the_lines_that_an_answer_rests_on_are_kept_and_blank_lines_do_not_count() -> None:
    text = "Mary got the apple.\n\nJohn went back to the garden.\nMary moved to the office.\nWhere is the apple?\toffice\t1 3"

    assert read_own_story(text, VOCABULARY).lines[-1] == Question("Where is the apple?", "office", (1, 3))


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
        ("Mary went to the garden.\nWhere is Mary?\tmoon", "line 2: the answer 'moon' is no word that this model can say; "),
        ("Mary moved.\nWhere is Mary?\tgarden\tfirst", "line 2: the supporting line 'first' is not a whole number"),
        ("Mary moved.\nWhere is Mary?\tgarden\t2", "line 2: the supporting line 2 is not an earlier line; there are 1 before it"),
        ("Mary moved.\nWhere is Mary?\tgarden\t0", "line 2: the supporting line 0 is not an earlier line; "),
        (
            "Mary moved.\nWhere is Mary?\tgarden\nWhere is Mary?\tgarden\t2",
            "line 3: the supporting line 2 is a question; only a sentence supports an answer",
        ),
        ("Mary moved.\nWhere is Mary?\t\t1", "line 2: it names supporting lines but no answer; "),
        ("Mary moved.\nWhere is Mary?\tgarden\t1\t1", "line 2: it has 3 tabs; "),
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
