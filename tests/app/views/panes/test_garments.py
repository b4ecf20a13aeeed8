"""What goes with it: the pane in the real window's state."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSlider
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.garment_sheet import GarmentSheet
from app.views.pane_view import PaneView
from fake_garments import garment_trace
from fake_traces import ntm_trace

TRACE = garment_trace()
LAST = TRACE.steps - 1


def _at(qtbot: QtBot, step: int = LAST, size: tuple[int, int] = (760, 420)) -> tuple[PaneView, GarmentSheet]:
    table = table_with(TRACE)
    table.state.playback.go_to(step)
    view = placed(qtbot, table.state, "Garments", size=size)
    return view, view.findChildren(GarmentSheet)[0]


def _said(view: PaneView) -> str:
    return " ".join(label.text() for label in view.findChildren(QLabel) if label.isVisibleTo(view))


def _painted(sheet: GarmentSheet) -> np.ndarray:
    picture = sheet.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.array(picture.constBits(), np.uint8)


def test_it_opens_only_where_garments_are_proposed(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(ntm_trace()).state, "Garments")

    assert view.summary() == "This model proposes no garments."


def test_the_floor_leaves_out_what_is_less_alike(qtbot: QtBot) -> None:
    view, sheet = _at(qtbot)
    before = _painted(sheet)
    assert "Likeness: any · 3 of 3 proposals" in _said(view)

    view.findChildren(QSlider)[0].setValue(120)
    view.settle()

    assert "Likeness at least 0.91 · 1 of 3 proposals" in _said(view)
    assert not np.array_equal(before, _painted(sheet))
    assert "2 of 3 lie below the floor" in view.summary()


def test_a_click_on_a_row_chooses_its_slot(qtbot: QtBot) -> None:
    view, sheet = _at(qtbot)
    sheet.grab()
    row = sheet._rows[1].center().toPoint()

    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, row)

    assert view.state.lens.selection.slots == (int(TRACE.arrays["read.slot"][LAST, 1]),)


def test_the_pointer_over_a_row_tells_slot_and_likeness(qtbot: QtBot) -> None:
    view, sheet = _at(qtbot)
    sheet.row_hovered.emit(0)

    assert view.state.lens.hover is not None
    assert view.state.lens.hover.slots == (int(TRACE.arrays["read.slot"][LAST, 0]),)


@pytest.mark.parametrize("size", [(760, 420), (760, 200), (480, 300), (300, 500), (240, 160)])
def test_at_every_size_each_proposal_has_its_row_and_none_lies_over_the_list(qtbot: QtBot, size: tuple[int, int]) -> None:
    _, sheet = _at(qtbot, size=size)
    sheet.grab()

    rows, tiles = sheet._rows, sheet._tiles
    assert len(rows) == 3
    assert all(one.bottom() <= other.top() + 1 for one, other in zip(rows, rows[1:], strict=False))
    assert tiles
    assert not any(row.intersects(tile) for row in rows for tile in tiles)
    assert all(tile.left() >= 0 and tile.right() <= sheet.width() + 16 for tile in tiles)


def test_before_anything_is_stored_it_says_so(qtbot: QtBot) -> None:
    view, sheet = _at(qtbot, step=0)
    sheet.grab()

    assert not sheet._rows
    assert not view.findChildren(QSlider)[0].isEnabled()
    assert "Nothing is remembered yet" in view.summary()


def test_the_table_has_a_row_for_each_proposal_and_each_thing_on_the_list(qtbot: QtBot) -> None:
    view, _ = _at(qtbot)

    headers, rows = view.table()

    assert [row[0] for row in rows] == ["proposal"] * 3 + ["listed"] * 8
    assert all(len(row) == len(headers) for row in rows)
