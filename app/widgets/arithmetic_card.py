"""The arithmetic of one block, opened where the block stands: its formulas with this step's numbers, one below the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QFont, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.widgets.buttons import IconButton
from app.widgets.formula_box import FormulaBox
from app.widgets.tokens import colour, sized, unit

_LEAST = (300, 190)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormulaShown:
    """One formula: what it is of, its terms (text, and the slot that it came from), and whether the present stage makes it."""

    title: str
    terms: tuple[tuple[str, int], ...]
    is_present: bool = False


class ArithmeticCard(QWidget):
    """Lies over its parent where the block is, large enough to be read. Esc, or the cross, closes it."""

    closed = Signal()
    term_clicked = Signal(int)
    """The slot of the term that was pressed."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._present: list[bool] = []
        self._title, self._says = QLabel(), QLabel()
        self._title.setProperty("tone", "heading")
        self._says.setProperty("tone", "muted")
        self._says.setWordWrap(True)
        self._rows: list[tuple[QLabel, FormulaBox]] = []
        self._close = IconButton("close", "Close (Esc)", self, 24)
        self._close.clicked.connect(self.dismiss)
        self._lay_out()
        self.hide()

    @property
    def formulas(self) -> list[str]:
        """What is shown, without links."""
        return [box.plain_text for _, box in self._rows if not box.isHidden()]

    def show_block(self, title: str, says: str, formulas: Sequence[FormulaShown]) -> None:
        """Show this block's arithmetic."""
        self._title.setText(title)
        self._says.setText(says)
        self._says.setVisible(bool(says))
        while len(self._rows) < len(formulas):
            self._add_row()
        for index, (label, box) in enumerate(self._rows):
            for part in (label, box):
                part.setVisible(index < len(formulas))
            if index < len(formulas):
                shown = formulas[index]
                label.setText(shown.title[:1].upper() + shown.title[1:])
                label.setFont(sized(self, 12, QFont.Weight.DemiBold if shown.is_present else QFont.Weight.Normal))
                box.show_terms(shown.terms)
        self._reveal([shown.is_present for shown in formulas])
        self.setAccessibleName(f"The arithmetic of {title}")
        self.setAccessibleDescription("; ".join(self.formulas))

    def open(self, over: QRect) -> None:
        """Open over this place of the parent, and take the keyboard."""
        self.come_to(over)
        self.show()
        self.raise_()
        self._close.setFocus(Qt.FocusReason.PopupFocusReason)

    def come_to(self, over: QRect) -> None:
        """Stand over this place, grown to what can be read, within the parent."""
        room = self._host.rect()
        least = (round(_LEAST[0] * unit(self)), round(_LEAST[1] * unit(self)))
        width = min(max(over.width(), least[0]), room.width())
        wished = self._page.sizeHint().height() + round(52 * unit(self))
        height = min(max(over.height(), min(wished, round(360 * unit(self))), least[1]), room.height())
        left = min(max(over.center().x() - width // 2, 0), room.width() - width)
        top = min(max(over.top(), 0), room.height() - height)
        self.setGeometry(left, top, width, height)

    def dismiss(self) -> None:
        """Close the card."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _reveal(self, present: list[bool]) -> None:
        """Bring the formulas of the present stage into view, when another one has become the present."""
        if present != self._present:
            self._present = present
            if any(present):
                QTimer.singleShot(0, self, lambda: self._show_row(present.index(True)))

    def _show_row(self, index: int) -> None:
        if index < len(self._rows):
            label, _ = self._rows[index]
            self._area.verticalScrollBar().setValue(max(label.y() - 4, 0))

    def _add_row(self) -> None:
        label, box = QLabel(), FormulaBox()
        label.setWordWrap(True)
        box.term_clicked.connect(self.term_clicked)
        self._column.insertWidget(self._column.count() - 1, label)
        self._column.insertWidget(self._column.count() - 1, box)
        label.setContentsMargins(0, 6, 0, 0)
        self._rows.append((label, box))

    def _lay_out(self) -> None:
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self._says)
        self._column.addStretch(1)
        area = self._area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(self._page)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 5, 6, 10)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(area, 1)

    # -- Qt -------------------------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window while the card has the keyboard."""
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        if is_escape and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A panel with the strong border of what is open."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("ink"), 1.4))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.7, 0.7, -0.7, -0.7), 8, 8)
        painter.end()
