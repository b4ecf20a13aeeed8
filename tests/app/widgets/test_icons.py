"""Every icon can be drawn in any colour."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

import assets
from app.widgets.icons import icon

NAMES = sorted(path.stem for path in assets.path("icons").glob("*.svg"))


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_not_blank(qtbot, name: str) -> None:
    picture = icon(name, QColor(Qt.GlobalColor.red)).pixmap(16, 16).toImage()

    assert any(picture.pixelColor(x, y).alpha() > 60 for x in range(picture.width()) for y in range(picture.height()))


def test_there_are_icons_for_the_transport() -> None:
    assert {"first", "previous", "play", "pause", "next", "last"} <= set(NAMES)
