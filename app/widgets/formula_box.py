"""A formula in a monospaced face on a soft ground; terms that came from a slot can be pressed."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.widgets.tokens import colour


class FormulaBox(QLabel):
    """Shows terms in a row that wraps. A term with a slot is underlined and answers mouse and keyboard."""

    term_clicked = Signal(int)
    """The slot of the term that was pressed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._terms: tuple[tuple[str, int], ...] = ()
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setProperty("tone", "mono")
        self.setContentsMargins(10, 8, 10, 8)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByMouse
            | Qt.TextInteractionFlag.LinksAccessibleByKeyboard
        )
        self.linkActivated.connect(lambda link: self.term_clicked.emit(int(link)))

    @property
    def plain_text(self) -> str:
        """The formula without links."""
        return "".join(text for text, _ in self._terms)

    def show_terms(self, terms: Sequence[tuple[str, int]]) -> None:
        """Show pieces of a formula: the text, and the slot that it came from (-1 for none)."""
        if tuple(terms) != self._terms:
            self._terms = tuple(terms)
            self.setAccessibleName(self.plain_text)
            self._write()

    def show_text(self, text: str) -> None:
        """Show a formula without links."""
        self.show_terms(((text, -1),))

    def _write(self) -> None:
        ink = colour("ink").name()
        pieces = []
        for text, slot in self._terms:
            shown = escape(text).replace("\n", "<br>").replace("  ", "&nbsp;&nbsp;")
            link = f'<a href="{slot}" style="color:{ink}; text-decoration: underline;">{shown}</a>'
            pieces.append(shown if slot < 0 else link)
        self.setText(f'<div style="line-height:140%;">{"".join(pieces)}</div>')

    def changeEvent(self, event: QEvent) -> None:
        """Another theme: the links take its ink."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_terms"):
            self._write()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A soft ground with round corners under the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("soft"))
        painter.drawRoundedRect(QRectF(self.rect()), 7, 7)
        painter.end()
        super().paintEvent(event)
