"""The tape scrubs, and lets bits be drawn where it may be written."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.plots.canvas import text_width
from app.plots.colours import DARK, LIGHT
from app.plots.tape import TapePlot, TapeRow
from engine.contract.trace import Phase


@pytest.fixture
def tape(qtbot) -> TapePlot:
    made = TapePlot(LIGHT)
    qtbot.addWidget(made)
    made.resize(500, 110)
    made.show()
    values = np.zeros((20, 8), np.float32)
    made.show_rows([TapeRow(title="input", values=values), TapeRow(title="output", values=values)])
    qtbot.waitExposed(made)
    return made


def test_a_press_scrubs_to_its_step(tape: TapePlot, qtbot) -> None:
    with qtbot.waitSignal(tape.scrubbed) as scrubbed:
        qtbot.mouseClick(tape.viewport(), Qt.MouseButton.LeftButton, pos=tape.bit_rect(0, 13, 2).center().toPoint())

    assert scrubbed.args == [13]


def test_a_press_on_the_editable_row_turns_a_bit_over(tape: TapePlot, qtbot) -> None:
    tape.set_editable(0)
    with qtbot.waitSignal(tape.bit_drawn) as drawn, qtbot.assertNotEmitted(tape.scrubbed):
        qtbot.mouseClick(tape.viewport(), Qt.MouseButton.LeftButton, pos=tape.bit_rect(0, 4, 2).center().toPoint())

    assert drawn.args == [4, 2, True]


def test_the_other_rows_still_scrub_while_one_is_editable(tape: TapePlot, qtbot) -> None:
    tape.set_editable(0)
    with qtbot.waitSignal(tape.scrubbed) as scrubbed:
        qtbot.mouseClick(tape.viewport(), Qt.MouseButton.LeftButton, pos=tape.bit_rect(1, 4, 2).center().toPoint())

    assert scrubbed.args == [4]


def test_hovering_names_row_step_and_bit(tape: TapePlot, qtbot) -> None:
    with qtbot.waitSignal(tape.hovered) as hovered:
        qtbot.mouseMove(tape.viewport(), tape.bit_rect(1, 9, 5).center().toPoint())

    assert hovered.args == [1, 9, 5]


def test_words_phases_errors_and_delimiters_are_drawn_in_both_themes(tape: TapePlot) -> None:
    tape.show_rows(
        [TapeRow(title="input", words=("Mary", "", "went")), TapeRow(title="output", values=np.ones((3, 4), np.float32))]
    )
    tape.set_phases([Phase(name="present", first=0, last=1)])
    tape.set_errors([(1, 2, 3), (1, 0, -1), (7, 0, 0)])
    tape.set_delimiters([1])
    tape.set_cursor(2)
    light = tape.grab().toImage()
    tape.set_palette(DARK)

    assert tape.grab().toImage() != light


def test_names_of_phases_never_stand_on_each_other(tape: TapePlot) -> None:
    ends = ((0, 4, "present"), (5, 9, "recall"), (10, 11, "present"), (12, 15, "recall"), (16, 19, "recall"))
    tape.set_phases([Phase(name=name, first=first, last=last) for first, last, name in ends])

    places = list(tape.phase_places(0, 400, lambda name: 9.0 * len(name)))

    spans = [(where.center().x() - 4.5 * len(name), where.center().x() + 4.5 * len(name)) for name, where in places]
    assert len(places) >= 3
    assert all(left >= right for (_, right), (left, _) in zip(spans, spans[1:], strict=False))


def test_a_tape_without_rows_is_no_error(tape: TapePlot) -> None:
    tape.show_rows([])

    assert not tape.grab().isNull()


def test_rows_are_as_high_as_they_have_bits_but_no_row_is_lost(tape: TapePlot) -> None:
    one, eight = np.zeros((20, 1), np.float32), np.zeros((20, 8), np.float32)
    tape.show_rows([TapeRow(title="input", values=eight), TapeRow(title="priority", values=one)])

    high, low = tape.row_rect(0), tape.row_rect(1)

    assert low.height() == pytest.approx(high.height() / 2, abs=2)
    assert low.top() > high.bottom()
    assert low.bottom() <= tape.plot_rect().bottom() + 1


def test_the_cursor_goes_around_a_word_and_paints_its_whole_column(tape: TapePlot) -> None:
    tape.show_rows([TapeRow(title="output", words=("a", "b", "c", "d"))])
    plain = tape.grab().toImage()

    tape.set_cursor(2)

    framed, where = tape.grab().toImage(), tape.bit_rect(0, 2, -1).toAlignedRect()
    assert framed.copy(where) != plain.copy(where)
    assert framed.pixelColor(where.left() + 2, where.center().y()) == plain.pixelColor(where.left() + 2, where.center().y())


@pytest.mark.parametrize("columns", [4, 40])
def test_a_wrong_word_is_marked_in_a_wide_column_and_in_a_narrow_one(tape: TapePlot, columns: int) -> None:
    tape.show_rows([TapeRow(title="output", words=("a",) * columns)])
    plain = tape.grab().toImage()

    tape.set_errors([(0, 1, -1)])

    marked, wrong, right = tape.grab().toImage(), tape.bit_rect(0, 1, -1).toRect(), tape.bit_rect(0, 2, -1).toRect()
    assert marked.copy(wrong) != plain.copy(wrong)
    assert marked.copy(right) == plain.copy(right)


def test_in_columns_too_narrow_for_any_word_the_one_at_the_cursor_is_read_whole(tape: TapePlot) -> None:
    tape.show_rows([TapeRow(title="sort", words=("lanes: straight on",) * 200)])
    wide = text_width(tape.face(), "lanes: straight on")

    assert tape.bit_rect(0, 0, -1).width() < 10
    for step in (0, 100, 199):
        framed = tape.framed_rect(0, step)
        assert framed.width() > wide
        assert framed.left() <= tape.x_of(step) <= framed.right()
        assert tape.plot_rect().contains(framed)
