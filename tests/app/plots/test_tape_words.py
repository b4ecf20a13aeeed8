"""A word on the tape: whole where there is room, smaller where there is a little too little."""

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontInfo, QImage, QPainter

from app.plots import tape_words
from app.plots.canvas import text_width
from app.plots.colours import LIGHT


@pytest.mark.parametrize(("share", "is_smaller"), [(1.5, False), (0.8, True), (0.3, False)])
def test_a_word_a_little_too_wide_for_its_column_is_written_smaller(
    share: float, is_smaller: bool, qapp: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[float] = []
    monkeypatch.setattr(tape_words, "draw_text", lambda painter, *rest: written.append(QFontInfo(painter.font()).pixelSize()))
    image = QImage(100, 30, QImage.Format.Format_ARGB32)
    painter = QPainter(image)
    usual, wide = QFontInfo(painter.font()).pixelSize(), text_width(painter.font(), "10")

    tape_words.paint_word(painter, QRectF(0, 0, wide * share + 2, 20), "10", False, LIGHT)

    assert (written[0] < usual) is is_smaller
    assert QFontInfo(painter.font()).pixelSize() == usual
    painter.end()
