"""Lessons as data: what may be written in one, and what is said of one that is wrong."""

import json

import pytest

from app.state.lesson import count_words, read_lesson
from engine.contract.files import BadFileError

PLACE = {"a": {"source": {"place": "exhibit:ntm-copy"}}, "panes": ["Memory"]}


def lesson(**page: object) -> str:
    pages = [{"title": "A page", "text": ["Few words."], "place": PLACE, **page}]
    return json.dumps({"name": "l", "number": 1, "title": "T", "says": "S", "pages": pages})


def test_a_lesson_is_read_from_its_json():
    task = {"says": "Press [E].", "checks": [{"kind": "erased", "slot": 6}]}

    read = read_lesson(lesson(task=task), "l.json")

    assert read.pages[0].place.a.source.place == "exhibit:ntm-copy"
    assert read.pages[0].task is not None
    assert read.pages[0].task.checks[0].slot == 6


def test_signs_for_bold_and_keys_are_no_words():
    assert count_words("Press [E], then **erase** it — now.") == 6


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "this is not a lesson"),
        ('{"format": 99}', "written for a newer Slotscope"),
        (lesson(text=["word " * 91]), "page 1: 93 words; a page has at most 90"),
        (lesson(question={"asks": "Why?", "choices": [], "reason": "So."}), "needs two choices"),
        (lesson(task={"says": "Do.", "checks": []}), "the task has no check"),
        (lesson(task={"says": "Do.", "checks": [{"kind": "dances"}]}), "this is not a lesson"),
        (lesson(place={"a": PLACE["a"]}), "the place names no panes"),
        ('{"name": "l", "number": 1, "title": "T", "says": "S", "pages": []}', "the lesson has no pages"),
    ],
)
def test_a_wrong_lesson_is_refused_with_its_place_and_the_reason(text: str, reason: str):
    with pytest.raises(BadFileError, match=reason) as refused:
        read_lesson(text, "walk.json")

    assert str(refused.value).startswith("walk.json")
