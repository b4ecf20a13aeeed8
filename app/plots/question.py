"""A question and its answer in large words: what the model listens to is underlined, as dark as it listens."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.plots.canvas import draw_cross, draw_text, scaled_font, text_width, unit
from app.plots.colours import Palette, table

_WORDS, _LINE, _SMALL = 17 / 13, 27.0, 14.0
_APART, _ANSWER = 7.0, 22.0
_CROSS = "\N{MULTIPLICATION X}"


class QuestionLines(QWidget):
    """The words on as many lines as they need, the share under each; below them what was answered, and what is right."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.colours = palette
        self._words: tuple[str, ...] = ()
        self._shares: tuple[float, ...] = ()
        self._said, self._right, self._is_wrong = "", "", False
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self.colours = palette
        self.update()

    def show_question(self, words: Sequence[str], shares: Sequence[float], said: str, right: str, is_wrong: bool) -> None:
        """Show these words with the attention to each (none: no lines), and the answer; `right` is said where it is another."""
        self._words, self._shares = tuple(words), tuple(shares)
        self._said, self._right, self._is_wrong = said, right, is_wrong
        self.setAccessibleName(f"{' '.join(words)} {said}")
        self._fit()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """A narrower place needs more lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """All lines of words, and the answer."""
        lines = max((line for line, *_ in self._places(width)), default=0) + 1
        answers = max((line for line, *_ in self._answers(width)), default=0) + 1
        return round(lines * self._line() + (answers * _ANSWER + 4) * unit(self.font()))

    def sizeHint(self) -> QSize:
        """As high as its words need in the width that it has."""
        return QSize(220, self.heightForWidth(max(self.width(), 160)))

    def minimumSizeHint(self) -> QSize:
        """It may become narrow, but keeps its lines."""
        return QSize(120, self.heightForWidth(max(self.width(), 120)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height; a layout in a scroll area does not ask for it by itself."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Words, lines under them, the answer."""
        painter = QPainter(self)
        lines = 0
        for (line, left, wide), number in zip(self._places(self.width()), range(len(self._words)), strict=True):
            self._paint_word(painter, number, QRectF(left, line * self._line(), wide, _LINE * unit(self.font())))
            lines = line
        self._paint_answer(painter, (lines + 1) * self._line())
        painter.end()

    # ---- the inside ----

    def _fit(self) -> None:
        high = self.heightForWidth(self.width())
        if high != self.height():
            self.setFixedHeight(high)

    def _face(self) -> QFont:
        return scaled_font(self.font(), _WORDS, QFont.Weight.DemiBold)

    def _line(self) -> float:
        return (_LINE + (_SMALL + 6 if self._shares else 0)) * unit(self.font())

    def _places(self, width: int) -> list[tuple[int, float, float]]:
        """Line, left edge and width of each word."""
        line, left, found = 0, 0.0, []
        for word in self._words:
            wide = text_width(self._face(), word)
            if self._shares:
                wide = max(wide, text_width(scaled_font(self.font(), 11 / 13), "0.00"))
            if left > 0 and left + wide > width:
                line, left = line + 1, 0.0
            found.append((line, left, wide))
            left += wide + _APART * unit(self.font())
        return found

    def _paint_word(self, painter: QPainter, number: int, where: QRectF) -> None:
        em = unit(self.font())
        painter.setFont(self._face())
        draw_text(painter, where, self._words[number], Qt.AlignmentFlag.AlignHCenter, self.colours.colour("ink"))
        if not self._shares:
            return
        share = min(max(self._shares[number], 0.0), 1.0)
        ink = QColor(*table(self.colours, "ramp")[round(share * 255)].tolist())
        painter.fillRect(QRectF(where.left(), round(where.bottom()), where.width(), round(4 * em)), ink)
        painter.setFont(scaled_font(self.font(), 11 / 13))
        below = QRectF(where.left() - 4, where.bottom() + 5 * em, where.width() + 8, _SMALL * em)
        draw_text(painter, below, f"{share:.2f}", Qt.AlignmentFlag.AlignHCenter, self.colours.colour("muted"))

    def _parts(self) -> list[tuple[str, str, bool]]:
        """The answer: text, colour, whether it stands out; the cross stands for itself."""
        found = [("answers", "muted", False), (self._said or "nothing", "ink", True)]
        if self._is_wrong:
            return [*found, (_CROSS, "live", False), ("right:", "muted", False), (self._right, "ink", True)]
        return [*found, ("right", "muted", False)] if self._right else found

    def _answers(self, width: int) -> list[tuple[int, float, float]]:
        """Line, left edge and width of each part of the answer; what is right goes to a line of its own where it does not fit."""
        em = unit(self.font())
        wides = [
            10 * em if text == _CROSS else text_width(self._answer_face(strong), text) + 2 for text, _, strong in self._parts()
        ]
        fits = sum(wides) + 6 * em * len(wides) <= width
        line, left, found = 0, 0.0, []
        for number, wide in enumerate(wides):
            if number == 3 and not fits:
                line, left = 1, 0.0
            found.append((line, left, wide))
            left += wide + 6 * em
        return found

    def _answer_face(self, is_strong: bool) -> QFont:
        return scaled_font(self.font(), 1.0, QFont.Weight.DemiBold if is_strong else QFont.Weight.Normal)

    def _paint_answer(self, painter: QPainter, top: float) -> None:
        em = unit(self.font())
        for (text, token, is_strong), (line, left, wide) in zip(self._parts(), self._answers(self.width()), strict=True):
            where = QRectF(left, top + line * _ANSWER * em, wide, _ANSWER * em)
            if text == _CROSS:
                draw_cross(painter, where.center(), 4 * em, self.colours.colour(token))
                continue
            painter.setFont(self._answer_face(is_strong))
            draw_text(painter, where, text, Qt.AlignmentFlag.AlignLeft, self.colours.colour(token))
