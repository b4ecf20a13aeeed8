"""How to read this: what you see, what to look for, the formula, and what the picture does not show."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.widgets.buttons import IconButton
from app.widgets.formula_box import FormulaBox
from app.widgets.section import Section
from app.widgets.tokens import colour, unit


class HelpCard(QWidget):
    """Four short parts on a card that lies over its parent's upper right corner; Esc or the cross closes it."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._host = parent
        self._title = QLabel("How to read this")
        self._title.setProperty("tone", "heading")
        self._see, self._look, self._not = QLabel(), QLabel(), QLabel()
        self._formula = FormulaBox()
        self._formula_title = Section("The formula")
        self._lay_out()
        self.hide()
        parent.installEventFilter(self)

    def show_help(self, what_you_see: str, what_to_look_for: str, formula: str, what_it_does_not_show: str) -> None:
        """Fill the four parts; an empty formula leaves its part out."""
        self._see.setText(what_you_see)
        self._look.setText(what_to_look_for)
        self._not.setText(what_it_does_not_show)
        self._formula.show_text(formula)
        for part in (self._formula, self._formula_title):
            part.setVisible(bool(formula))
        self.setAccessibleDescription(f"{what_you_see} {what_to_look_for} {formula} {what_it_does_not_show}")

    def open(self) -> None:
        """Show the card over its parent."""
        self._place()
        self.show()
        self.raise_()
        self._close.setFocus(Qt.FocusReason.PopupFocusReason)

    def dismiss(self) -> None:
        """Close the card."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def _lay_out(self) -> None:
        page = QWidget()
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 6, 0)
        box.setSpacing(4)
        parts = (
            ("What you see", self._see),
            ("What to look for", self._look),
            ("", self._formula),
            ("What it does not show", self._not),
        )
        for heading, label in parts:
            box.addWidget(Section(heading) if heading else self._formula_title)
            label.setWordWrap(True)
            box.addWidget(label)
            box.addSpacing(6)
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(page)
        self._close = IconButton("close", "Close (Esc)", self, 24)
        self._close.clicked.connect(self.dismiss)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 8, 8, 12)
        column.addLayout(head)
        column.addWidget(area, 1)
        self._page, self._area = page, area

    def _place(self) -> None:
        em = unit(self)
        width = min(round(340 * em), self._host.width() - 16)
        room = self._page.heightForWidth(width - 44) if self._page.hasHeightForWidth() else self._page.sizeHint().height()
        height = min(room + round(62 * em), self._host.height() - 44)
        self.setGeometry(QRect(self._host.width() - width - 8, 34, width, max(height, 80)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the parent."""
        if event.type() == QEvent.Type.Resize and watched is self.parent() and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window while the card has the keyboard."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._needs(event):
            event.accept()
            return True
        return super().event(event)

    def _needs(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape

    def paintEvent(self, event: QPaintEvent) -> None:
        """A panel with a border that stands out from the pane below."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("muted"), 1))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.end()
