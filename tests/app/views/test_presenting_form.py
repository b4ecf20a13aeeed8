"""The form of "Present another sample": a way can be drawn where one can be presented, and only there."""

import pytest
from pytestqt.qtbot import QtBot

from app.state.edit_offer import EditOffer
from app.views.what_if_form import EditForm

THERE = (((0.0, -5.0), (0.0, 0.0)), ((0.0, 1.0), (4.0, 4.0)))


@pytest.fixture
def form(qtbot: QtBot) -> EditForm:
    made = EditForm()
    qtbot.addWidget(made)
    made.ask(
        EditOffer(act="present", title="Present another sample …", says="", asks="instead", hint="3", reach=6.0, lines=THERE)
    )
    return made


def test_the_field_shows_what_is_there(form: EditForm) -> None:
    assert form.canvas.isVisibleTo(form)
    assert form.canvas.strokes == THERE
    assert form.canvas.reach == 6.0
    assert form.question.text() == "Present another sample instead"


def test_what_is_drawn_is_the_answer(form: EditForm, qtbot: QtBot) -> None:
    form.canvas.drawn.emit(((0.0, -2.0), (0.5, 0.0), (3.0, 1.25)))

    with qtbot.waitSignal(form.answered) as answered:
        form.apply.click()

    assert answered.args[0].text == "0,-2 0.5,0 3,1.25"
    assert form.canvas.strokes == (*THERE, ((0.0, -2.0), (0.5, 0.0), (3.0, 1.25)))


def test_an_offer_that_is_a_number_has_no_field_to_draw_in(form: EditForm) -> None:
    form.ask(EditOffer(act="set", title="Set …", says="", asks="slot 3 to the number", hint="0"))

    assert not form.canvas.isVisibleTo(form)
