"""The published story format: what is read, what is written, and what is refused with its line."""

import logging
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.files import BadFileError
from engine.stories.text import Question, Statement, Story, parse_stories, read_stories, words_of, write_stories
from engine.stories.world import TELLERS, generate

GOOD = "1 Mary moved to the bathroom.\n2 John went to the hallway.\n3 Where is Mary? \tbathroom\t1\n"


@given(st.sampled_from(sorted(TELLERS)), st.integers(1, 40), st.integers(0, 10**6))
def test_what_is_written_is_read_back(task: int, questions: int, seed: int) -> None:
    stories = generate(task, questions, seed)

    assert parse_stories(write_stories(stories), "file") == stories


@given(st.sampled_from(sorted(TELLERS)), st.sampled_from(sorted(TELLERS)), st.integers(0, 10**6))
def test_two_files_one_after_the_other_hold_the_stories_of_both(one: int, other: int, seed: int) -> None:
    first, second = generate(one, 7, seed), generate(other, 6, seed)

    assert parse_stories(write_stories(first) + write_stories(second), "file") == [*first, *second]


def test_a_question_has_its_answer_and_its_supporting_lines() -> None:
    (story,) = parse_stories(GOOD, "file")

    assert story.lines[0] == Statement("Mary moved to the bathroom.")
    assert story.lines[2] == Question("Where is Mary?", "bathroom", (1,))


def test_windows_line_ends_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    file = tmp_path / "qa1_train.txt"
    file.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())

    assert read_stories(file) == parse_stories(GOOD, "file")


def test_a_last_line_without_an_end_is_read() -> None:
    assert parse_stories(GOOD.rstrip("\n"), "file") == parse_stories(GOOD, "file")


def test_missing_supports_are_no_mistake() -> None:
    (story,) = parse_stories("1 Mary moved to the bathroom.\n2 Where is Mary?\tbathroom\t\n", "file")

    assert story.lines[1] == Question("Where is Mary?", "bathroom", ())


def test_a_story_that_asks_nothing_is_kept_and_said(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        stories = parse_stories("1 Mary moved to the bathroom.\n" + GOOD, "file")

    assert stories[0] == Story((Statement("Mary moved to the bathroom."),))
    assert "file:1: the story that ends here asks nothing" in caplog.text


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("Mary moved.\n", 1, "no number at the start"),
        (GOOD + "Mary moved.\n", 4, "no number at the start"),
        (GOOD + "\n1 Mary moved.\n", 4, "no number at the start"),
        ("2 Mary moved.\n", 1, "line number 2 does not follow; 1 was expected"),
        (GOOD + "5 Mary moved.\n", 4, "line number 5 does not follow; 4, or 1 for a new story was expected"),
        (GOOD + "4\n", 4, "nothing stands after the number"),
        (GOOD + "4 \n", 4, "nothing stands after the number"),
        (GOOD + "4 ...\n", 4, "no word"),
        (GOOD + "4 Where is Mary?\n", 4, "no tab in a question"),
        (GOOD + "4 Where is Mary? bathroom 1\n", 4, "no tab in a question"),
        (GOOD + "4 Where is Mary?\t\tbathroom\t1\n", 4, "3 tabs"),
        (GOOD + "4 Where is Mary?\tbathroom\t1.5\n", 4, "supporting line '1.5' is not a whole number"),
        (GOOD + "4 Where is Mary?\tbathroom\t-1\n", 4, "supporting line '-1' is not a whole number"),
        (GOOD + "4 Where is Mary?\tbathroom\t1,2\n", 4, "supporting line '1,2' is not a whole number"),
        (GOOD + "4 Where is Mary?\tbathroom\t2 5\n", 4, "supporting line 5 is not an earlier line of this story"),
        (GOOD + GOOD + "4 Mary moved.\n6 Mary moved.\n", 8, "line number 6 does not follow; 5, or 1 for a new story"),
        (GOOD + "4 Mary moved.\n3 Mary moved.\n", 5, "line number 3 does not follow; 5, or 1 for a new story"),
        (GOOD + "4\tMary moved.\n", 4, "no number at the start"),
        (GOOD + " 4 Mary moved.\n", 4, "no number at the start"),
        (GOOD + "four Mary moved.\n", 4, "no number at the start"),
        (GOOD.replace("\n", "\r"), 1, "a control character (code 13)"),
        ("1 Mary moved.\n2 Where is Mary?\tbathroom\n", 2, "one tab"),
        ("1 Mary moved.\n2 Where is Mary?\tbathroom\t1\t1\n", 2, "3 tabs"),
        ("1 Mary moved.\n2 Where is Mary?\t\t1\n", 2, "the answer between the tabs is empty"),
        ("1 Mary moved.\n2 \tbathroom\t1\n", 2, "no question before the first tab"),
        (GOOD + "4 Where is Mary?\tbathroom\t3\n", 4, "supporting line 3 is a question"),
        (GOOD + "4 Where is Mary?\tbathroom\t4\n", 4, "supporting line 4 is not an earlier line"),
        (GOOD + "4 Where is Mary?\tbathroom\t9\n", 4, "supporting line 9 is not an earlier line"),
        (GOOD + "4 Where is Mary?\tbathroom\t0\n", 4, "supporting line 0 is not an earlier line"),
        (GOOD + "4 Where is Mary?\tbathroom\t1 x\n", 4, "supporting line 'x' is not a whole number"),
        (GOOD + "4 Mary\x00moved.\n", 4, "a control character (code 0)"),
        ("", 1, "the file is empty"),
        ("\n\n", 1, "the file is empty"),
    ],
)
def test_a_malformed_line_is_refused_with_its_place(text: str, line: int, reason: str) -> None:
    with pytest.raises(BadFileError) as refused:
        parse_stories(text, "qa1_train.txt")

    assert str(refused.value).startswith(f"qa1_train.txt:{line}: ")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        (GOOD.encode("utf-16"), 1, "UTF-16"),
        (b"\xfe\xff" + GOOD.encode("utf-16-be"), 1, "UTF-16"),
        (GOOD.encode("utf-16-le"), 1, "a control character (code 0)"),
        (GOOD.encode() + b"4 Mary \xff\n", 4, "is not UTF-8 text"),
        (b"\x7fELF\x01\x02", 1, "a control character"),
        (b"", 1, "the file is empty"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes, line: int, reason: str) -> None:
    file = tmp_path / "qa1_train.txt"
    file.write_bytes(content)

    with pytest.raises(BadFileError) as refused:
        read_stories(file)

    assert f"qa1_train.txt:{line}: " in str(refused.value)
    assert reason in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        read_stories(tmp_path / "qa1_train.txt")


def test_a_folder_in_place_of_a_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="cannot be read"):
        read_stories(tmp_path)


SPOILT: list[Callable[[str], str]] = [
    lambda row: row.partition(" ")[2],  # its number is gone
    lambda row: f"99{row}",  # its number does not follow
    lambda row: row.partition(" ")[0],  # nothing but the number
    lambda row: row.partition(" ")[0] + " What now?\tmilk",  # one tab
    lambda row: row.partition(" ")[0] + " What now?\tmilk\t\t",  # three tabs
    lambda row: row.partition(" ")[0] + " What now?\t \t",  # no answer
    lambda row: row.partition(" ")[0] + " What now?\tmilk\t99",  # rests on a line to come
    lambda row: row.partition(" ")[0] + " What now?\tmilk\t" + row.partition(" ")[0],  # rests on itself
    lambda row: row.partition(" ")[0] + " What now?\tmilk\tx",  # rests on no number
    lambda row: row + "\x00",  # no text
]


@given(st.sampled_from(sorted(TELLERS)), st.integers(0, 10**6), st.data())
def test_one_spoilt_line_of_any_task_is_named(task: int, seed: int, data: st.DataObject) -> None:
    rows = write_stories(generate(task, 12, seed)).splitlines()
    row = data.draw(st.integers(1, len(rows) - 1))
    rows[row] = data.draw(st.sampled_from(SPOILT))(rows[row])

    with pytest.raises(BadFileError, match=f"^file:{row + 1}: "):
        parse_stories("\n".join(rows), "file")


def complaint(read: Callable[[], list[Story]]) -> str:
    """What is said against the content; a usual complaint where it is read."""
    try:
        assert all(story.lines for story in read())
    except BadFileError as refused:
        return str(refused)
    return "file:1: fine"


@given(st.binary(max_size=300))
def test_random_bytes_are_stories_or_refused(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "file"
    file.write_bytes(content)

    assert re.match(r"file:[0-9]+: ", complaint(lambda: read_stories(file)))


@given(st.text(alphabet="1234 \tab?.\n", max_size=60))
def test_text_that_looks_like_stories_is_read_or_refused_with_a_line(text: str) -> None:
    assert re.match(r"file:[0-9]+: ", complaint(lambda: parse_stories(text, "file")))


def test_an_answer_of_several_words_is_kept_whole() -> None:
    (story,) = parse_stories("1 Mary got the milk.\n2 What is Mary carrying? \tapple,milk\t1\n3 Which?\tRed square\t\n", "file")

    assert [line.answer for line in story.lines if isinstance(line, Question)] == ["apple,milk", "Red square"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The box of chocolates fits inside the chest.", ["the", "box", "of", "chocolates", "fits", "inside", "the", "chest"]),
        ("Mary took Bill's apple there.", ["mary", "took", "bill's", "apple", "there"]),
        ('"Then," she said; (he left)', ["then", "she", "said", "he", "left"]),
    ],
)
def test_a_sentence_falls_into_words(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_words_are_lower_case_and_without_punctuation() -> None:
    assert words_of("Where was the Apple, before the garden?") == ["where", "was", "the", "apple", "before", "the", "garden"]
