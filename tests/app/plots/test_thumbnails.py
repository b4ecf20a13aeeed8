"""The grid of thumbnails: what is in view, what a press and the arrows choose, and that only what is in view is drawn."""

import numpy as np
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT, Palette
from app.plots.kept import KeptPaths, KeptPictures
from app.plots.thumbnails import Thumbnails, ThumbnailSheet

NO = Qt.KeyboardModifier.NoModifier


class Counting:
    """Notes which slots are drawn."""

    shape = 1.0

    def __init__(self) -> None:
        self.drawn: list[int] = []

    def paint(self, painter: QPainter, where: QRectF, slot: int, colours: Palette, is_large: bool) -> None:
        """Note it."""
        self.drawn.append(slot)


def _sheet(qtbot: QtBot, count: int, size: tuple[int, int] = (320, 260)) -> tuple[ThumbnailSheet, Counting]:
    kept, sheet = Counting(), ThumbnailSheet(LIGHT)
    qtbot.addWidget(sheet)
    sheet.resize(*size)
    sheet.grid.set_kept(kept, kept, count)
    sheet.grid.show_slots(np.arange(count))
    sheet.show()
    sheet.grab()
    return sheet, kept


def test_only_the_slots_in_view_are_drawn_however_many_there_are(qtbot: QtBot) -> None:
    sheet, kept = _sheet(qtbot, 100_000)

    assert set(kept.drawn) == set(sheet.grid.in_view.tolist())
    assert len(kept.drawn) < 60


def test_what_was_drawn_once_is_kept_while_it_scrolls(qtbot: QtBot) -> None:
    sheet, kept = _sheet(qtbot, 1000)
    before = list(kept.drawn)

    sheet.bar.setValue(1)
    sheet.grab()
    sheet.bar.setValue(0)
    sheet.grab()

    assert len(kept.drawn) == len(set(kept.drawn))
    assert kept.drawn[: len(before)] == before


def test_another_memory_is_drawn_anew(qtbot: QtBot) -> None:
    sheet, kept = _sheet(qtbot, 5)
    other = Counting()

    sheet.grid.set_kept(other, other, 5)
    sheet.grab()

    assert other.drawn == kept.drawn


def test_the_last_slot_can_be_scrolled_to(qtbot: QtBot) -> None:
    sheet, _ = _sheet(qtbot, 100_000)

    sheet.grid.show_slot(99_999)

    assert 99_999 in sheet.grid.in_view
    assert sheet.bar.value() == sheet.bar.maximum() == sheet.grid.last_top


def test_a_short_list_needs_no_scroll_bar(qtbot: QtBot) -> None:
    sheet, _ = _sheet(qtbot, 3)

    assert not sheet.bar.isVisible()
    assert sheet.grid.last_top == 0


def test_a_press_chooses_the_slot_under_it_in_whatever_order_they_stand(qtbot: QtBot) -> None:
    sheet, _ = _sheet(qtbot, 9)
    sheet.grid.show_slots(np.arange(9)[::-1])
    place = sheet.grid.place_of(1).center().toPoint()

    with qtbot.waitSignal(sheet.grid.clicked) as heard:
        QTest.mouseClick(sheet.grid.viewport(), Qt.MouseButton.LeftButton, NO, place)

    assert heard.args == [7, NO]


def test_between_the_thumbnails_there_is_nothing(qtbot: QtBot) -> None:
    sheet, _ = _sheet(qtbot, 9)
    between = sheet.grid.place_of(0).bottomRight() + QPointF(3, 3)

    assert sheet.grid.index_at(between) == -1


def test_the_arrows_walk_along_and_down_and_stay_inside(qtbot: QtBot) -> None:
    sheet, _ = _sheet(qtbot, 1000)
    grid = sheet.grid
    chosen: list[int] = []

    def choose(slot: int, _modifiers: object) -> None:
        chosen.append(slot)
        grid.set_marks({}, -1, (slot,), -1)

    grid.clicked.connect(choose)
    grid.enter()
    for key in ("Key_Right", "Key_Down", "Key_Left", "Key_Up", "Key_Up", "Key_End", "Key_Right", "Key_Home"):
        QTest.keyClick(grid, getattr(Qt.Key, key))

    across = grid.columns
    assert chosen == [0, 1, 1 + across, across, 0, 0, 999, 999, 0]
    QTest.keyClick(grid, Qt.Key.Key_Escape)
    assert not grid.is_inside


def test_enter_wishes_for_an_edit_of_the_chosen_slot(qtbot: QtBot) -> None:
    sheet, _ = _sheet(qtbot, 4)
    sheet.grid.enter()

    with qtbot.waitSignal(sheet.grid.edit_wished):
        QTest.keyClick(sheet.grid, Qt.Key.Key_Return)


def test_the_wheel_scrolls_and_with_ctrl_makes_thumbnails_larger(qtbot: QtBot) -> None:
    sheet, _ = _sheet(qtbot, 1000)
    before = sheet.grid.cell()[1]

    _turn(sheet.grid, -120, NO)
    assert sheet.grid.top == 1
    _turn(sheet.grid, 120, Qt.KeyboardModifier.ControlModifier)
    assert sheet.grid.cell()[1] > before


def test_where_all_slots_fit_they_are_larger(qtbot: QtBot) -> None:
    few, _ = _sheet(qtbot, 6)
    many, _ = _sheet(qtbot, 600)

    assert few.grid.cell()[1] > many.grid.cell()[1]
    assert len(few.grid.in_view) == 6


def test_an_empty_list_says_why(qtbot: QtBot) -> None:
    sheet, kept = _sheet(qtbot, 0)
    blank = sheet.grab().toImage()

    sheet.grid.show_slots(np.zeros(0, int), "Nothing has been stored yet.")

    assert kept.drawn == []
    assert sheet.grab().toImage() != blank


def test_marks_are_seen(qtbot: QtBot) -> None:
    sheet, _ = _sheet(qtbot, 9)
    pictures = [sheet.grab().toImage()]
    for marks in (({2: 1}, -1, (), -1), ({}, 3, (), -1), ({}, -1, (4,), -1), ({}, -1, (), 5)):
        sheet.grid.set_marks(*marks)
        pictures.append(sheet.grab().toImage())

    assert all(one != other for place, one in enumerate(pictures) for other in pictures[:place])


def test_all_paths_share_a_box_that_a_few_far_ones_do_not_make_small() -> None:
    past = np.zeros((200, 4, 2), np.float32)
    past[..., 1] = np.arange(-3, 1)
    truth = np.zeros((200, 5, 2), np.float32)
    truth[..., 0] = np.arange(1, 6)
    truth[0] *= 100

    kept = KeptPaths(past, truth)

    assert kept.box.right() < 10
    assert kept.box.left() == -kept.box.right()
    assert kept.box_of(0).right() > 400


def test_pictures_stand_side_by_side() -> None:
    assert KeptPictures(np.zeros((2, 8, 8, 3)), np.zeros((2, 8, 8, 3))).shape == 2.0
    assert KeptPictures(np.zeros((2, 8, 8, 3)), None).shape == 1.0


def _turn(grid: Thumbnails, by: int, held: Qt.KeyboardModifier) -> None:
    middle = QPointF(grid.rect().center())
    event = QWheelEvent(
        middle, middle, QPoint(0, 0), QPoint(0, by), Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(grid.viewport(), event)
