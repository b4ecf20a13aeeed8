"""The lesson to read and to print: all its words, its figures inside, and no answer before its question."""

import re

import pytest
from PySide6.QtWidgets import QApplication

from app.export.lesson_page import lesson_page
from app.library import Recorded
from app.plots.colours import LIGHT
from app.shell.theme import apply_theme
from app.views.lesson_text import plain, to_html
from app.views.lesson_view import first_lesson


@pytest.fixture(scope="module")
def page(qapp: QApplication) -> str:
    apply_theme(qapp, LIGHT)
    return lesson_page(first_lesson(), Recorded())


def test_every_page_is_there_with_its_figure(page: str):
    lesson = first_lesson()

    assert page.count("<section>") == len(lesson.pages)
    assert page.count('src="data:image/png;base64,') == len(lesson.pages)


def test_nothing_is_fetched_from_anywhere(page: str):
    assert re.findall(r'(?:src|href)="(?!data:)', page) == []


def test_questions_stand_before_their_reasons(page: str):
    question = next(p.question for p in first_lesson().pages if p.question is not None)

    assert page.index(to_html(question.asks)) < page.index(to_html(question.reason))


def test_a_lesson_without_its_episode_is_text_alone(qapp: QApplication):
    assert "<img" not in lesson_page(first_lesson(), lambda showing: None)


def test_bold_and_keys_become_their_elements_and_nothing_else_is_html():
    assert to_html("**a** [E] <b>") == "<b>a</b> <kbd>E</kbd> &lt;b&gt;"
    assert plain("**a** [Ctrl+Enter]") == "a Ctrl+Enter"
