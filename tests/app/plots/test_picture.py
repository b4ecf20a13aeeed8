"""A picture and its question."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from app.plots.canvas import unit
from app.plots.colours import DARK, LIGHT
from app.plots.picture import VEIL, PicturePlot
from app.plots.question import QuestionLines

RED = np.zeros((6, 6, 3), np.float32)
RED[..., 0] = 1
LOOKS = np.array([1, 0, 0, 0], np.float32)


def _plot(qtbot: QtBot, looks: np.ndarray | None = LOOKS, asked: int = -1, size: tuple[int, int] = (300, 300)) -> PicturePlot:
    plot = PicturePlot(LIGHT)
    qtbot.addWidget(plot)
    plot.resize(*size)
    plot.show_picture(RED, (2, 2), looks, asked)
    plot.show()
    return plot


def _colour(plot: PicturePlot, region: int) -> QColor:
    return plot.grab().toImage().pixelColor(plot._region(region).center().toPoint() + QPoint(20, 20))


def test_a_region_is_veiled_as_far_as_it_is_not_looked_at(qtbot: QtBot) -> None:
    plot = _plot(qtbot)

    assert _colour(plot, 0) == QColor(255, 0, 0)
    assert _colour(plot, 3).green() == pytest.approx(255 * VEIL, abs=3)


def test_the_picture_alone_has_no_veil(qtbot: QtBot) -> None:
    plot = _plot(qtbot)

    plot.set_veiled(False)

    assert _colour(plot, 3) == QColor(255, 0, 0)
    assert not plot.is_veiled


def test_without_attention_nothing_is_veiled(qtbot: QtBot) -> None:
    assert _colour(_plot(qtbot, looks=None), 3) == QColor(255, 0, 0)


def test_pixels_stay_sharp(qtbot: QtBot) -> None:
    plot = PicturePlot(LIGHT)
    qtbot.addWidget(plot)
    plot.resize(300, 300)
    board = np.indices((6, 6)).sum(0) % 2
    plot.show_picture(np.repeat(board[..., None], 3, 2).astype(np.float32), (1, 1), None, -1)
    plot.show()

    where = plot.plot_rect().toRect().adjusted(1, 1, -1, -1)
    picture = plot.grab().toImage()
    shades = {picture.pixelColor(x, where.top() + 5).red() for x in range(where.left(), where.right())}
    assert shades == {0, 255}


def test_a_picture_keeps_its_shape(qtbot: QtBot) -> None:
    where = _plot(qtbot, size=(500, 240)).plot_rect()

    assert abs(where.width() - where.height()) <= 1


def test_the_place_that_is_asked_about_is_outlined(qtbot: QtBot) -> None:
    bare, asked = (_plot(qtbot, asked=a).grab().toImage() for a in (-1, 3))

    assert bare != asked


def test_a_press_says_which_region(qtbot: QtBot) -> None:
    plot = _plot(qtbot)

    with qtbot.waitSignal(plot.clicked) as pressed:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot._region(2).center().toPoint())

    assert pressed.args[:2] == [1, 0]


def _lines(qtbot: QtBot, width: int = 400, shares: tuple[float, ...] = (0.1, 0.9), is_wrong: bool = True) -> QuestionLines:
    lines = QuestionLines(LIGHT)
    qtbot.addWidget(lines)
    lines.resize(width, 80)
    lines.show_question(("name", "left"), shares, "tavi 0.82", "snep", is_wrong)
    lines.show()
    return lines


def test_what_it_listens_to_is_underlined_darker(qtbot: QtBot) -> None:
    lines = _lines(qtbot)
    picture = lines.grab().toImage()
    y = round(29 * unit(lines.font()))

    (_, first, wide), (_, second, _) = lines._places(lines.width())
    shades = [picture.pixelColor(int(left + wide / 3), y).lightness() for left in (first, second)]
    assert shades[1] < shades[0] < QColor(LIGHT.panel).lightness()


def test_words_go_on_in_another_line_where_there_is_no_room(qtbot: QtBot) -> None:
    wide, narrow = _lines(qtbot), _lines(qtbot, width=60)

    assert [line for line, *_ in narrow._places(60)] == [0, 1]
    assert narrow.height() > wide.height()


def test_what_is_right_is_said_only_where_the_answer_is_wrong(qtbot: QtBot) -> None:
    told = [[text for text, *_ in _lines(qtbot, is_wrong=wrong)._parts()] for wrong in (True, False)]

    assert told == [["answers", "tavi 0.82", "\N{MULTIPLICATION X}", "right:", "snep"], ["answers", "tavi 0.82", "right"]]


def test_another_theme_has_its_own_ink(qtbot: QtBot) -> None:
    lines = _lines(qtbot)
    before = lines.grab().toImage()

    lines.set_palette(DARK)

    assert lines.grab().toImage() != before
