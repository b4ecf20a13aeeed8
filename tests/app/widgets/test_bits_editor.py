"""Bits are drawn by mouse and by keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.widgets.bits_editor import BitsEditor


@pytest.fixture
def editor(qtbot) -> BitsEditor:
    made = BitsEditor()
    qtbot.addWidget(made)
    made.set_bits(np.zeros((6, 4), bool))
    made.resize(200, made.sizeHint().height())
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_press_turns_a_bit_over(editor: BitsEditor, qtbot) -> None:
    with qtbot.waitSignal(editor.changed):
        qtbot.mouseClick(editor, Qt.MouseButton.LeftButton, pos=editor.cell_rect(3, 2).center().toPoint())

    assert np.argwhere(editor.bits()).tolist() == [[3, 2]]


def test_arrows_and_space_draw_without_a_mouse(editor: BitsEditor, qtbot) -> None:
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
        qtbot.keyClick(editor, key)

    assert np.argwhere(editor.bits()).tolist() == [[1, 1]]
    assert editor.accessibleDescription() == "Step 2, bit 2: on"


def test_delete_clears_a_column(editor: BitsEditor, qtbot) -> None:
    editor.set_bits(np.ones((6, 4), bool))
    qtbot.keyClick(editor, Qt.Key.Key_Delete)

    assert not editor.bits()[0].any()
    assert editor.bits()[1:].all()


def test_another_length_keeps_what_was_drawn(editor: BitsEditor) -> None:
    editor.set_bits(np.ones((6, 4), bool))
    editor.set_length(8)
    longer = editor.bits()
    editor.set_length(2)

    assert longer.shape == (8, 4)
    assert longer[:6].all()
    assert not longer[6:].any()
    assert editor.bits().all()


def test_setting_a_pattern_emits_nothing_and_hands_out_copies(editor: BitsEditor, qtbot) -> None:
    with qtbot.assertNotEmitted(editor.changed):
        editor.set_bits(np.ones((2, 4), bool))
    editor.bits()[:] = False

    assert editor.bits().all()
