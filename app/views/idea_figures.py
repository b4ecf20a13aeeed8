"""The figures of an idea in the stage's place: one, two beside each other, or a large one and two small; tables below them."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.state.ideas import Ideas
from app.views.idea_figure import IdeaFigure, hues_of
from app.widgets.buttons import button
from app.widgets.figures_table import FiguresTable
from app.widgets.formula_box import FormulaBox
from app.widgets.section import Section
from app.widgets.tokens import colour
from engine.contract.demonstrations import Demonstration

_WIDE = 640
"""From this width on, figures stand beside each other."""
_HIGH = 215
"""A figure of this height is read well; where there is less room the page is scrolled."""


class IdeaFigures(QWidget):
    """Everything in it follows `Ideas`; widgets are made when they are first needed."""

    def __init__(self, ideas: Ideas, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("idea.figures")
        self._ideas, self._colours = ideas, palette
        self._figures: list[IdeaFigure] = []
        self._tables: list[FiguresTable] = []
        self._placed: tuple[int, bool] = (0, False)
        self.title, self.wait = QLabel(), QLabel()
        self.title.setProperty("tone", "title")
        self.title.setWordWrap(True)
        self.wait.setProperty("tone", "muted")
        self.wait.setWordWrap(True)
        self.formula, self.how = FormulaBox(), QLabel()
        self.how.setProperty("tone", "muted")
        self.how.setWordWrap(True)
        self.copy = button("Copy the numbers", "chip", "Every curve and table, as text for a spreadsheet.")
        self.back = button("Back to the stage", "chip", "Show the network again (Esc).")
        self.copy.clicked.connect(self._copy)
        self.back.clicked.connect(ideas.put_aside)
        self._lay_out()
        ideas.changed.connect(self._show)
        self._show()

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        self._colours = palette
        for figure in self._figures:
            figure.plot.set_palette(palette)
            figure.update()
        self.update()

    def figures(self) -> list[IdeaFigure]:
        """Those that are seen, in their order."""
        return [figure for figure in self._figures if not figure.isHidden()]

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the window while something in here has the keyboard."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc brings the stage back."""
        if event.key() == Qt.Key.Key_Escape:
            self._ideas.put_aside()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another arrangement."""
        super().resizeEvent(event)
        self._place()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 0, 0)
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        for made in (self.copy, self.back):
            head.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        self._page = QWidget()
        self._page.setObjectName("ground")
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._under = _Sheet()
        self._rows, told, sheet = QVBoxLayout(), QVBoxLayout(), QHBoxLayout(self._under)
        self._rows.setSpacing(12)
        for part in (Section("The formula"), self.formula, self.how):
            part.setSizePolicy(_only_as_high_as_needed(part))
            told.addWidget(part)
        told.addStretch(1)
        sheet.setContentsMargins(14, 10, 14, 12)
        sheet.setSpacing(24)
        tables = QVBoxLayout()
        tables.addLayout(self._rows)
        tables.addStretch(1)
        for layout in (tables, told):
            sheet.addLayout(layout, 1)
        inside = QVBoxLayout(self._page)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        inside.addWidget(self.wait)
        inside.addLayout(self._grid, 1)
        inside.addWidget(self._under)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(self._page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(area, 1)

    def _show(self) -> None:
        ideas = self._ideas
        if not ideas.has_figures or ideas.idea is None:
            return
        self.title.setText(ideas.idea.title)
        found = ideas.found
        self.wait.setVisible(found is None or not found.figures)
        self.wait.setText(ideas.refusal or "Measuring; the first figures come in a moment.")
        self.copy.setEnabled(found is not None and bool(found.figures))
        self._fill(found or Demonstration(idea=ideas.idea.id))

    def _fill(self, found: Demonstration) -> None:
        while len(self._figures) < len(found.figures):
            made = IdeaFigure(self._colours)
            made.setParent(self._page)  # without one, showing it would open a window of its own
            self._figures.append(made)
        while len(self._tables) < len(found.tables):
            table = FiguresTable()
            table.opened.connect(self._ideas.open_row)
            self._rows.addWidget(table)
            self._tables.append(table)
        hues = hues_of(found.figures)
        for number, figure in enumerate(self._figures):
            if number < len(found.figures):
                figure.show_figure(found.figures[number], hues)
            figure.setVisible(number < len(found.figures))
        for number, table in enumerate(self._tables):
            if number < len(found.tables):
                told = found.tables[number]
                table.show_table(told.title, told.headers, told.rows, told.opens)
            table.setVisible(number < len(found.tables) and bool(found.tables[number].rows))
        self.formula.show_text("\n".join(found.formulas))
        self.how.setText(found.how)
        is_measured = bool(found.figures) or any(table.rows for table in found.tables)
        self._under.setVisible(bool(found.formulas) and is_measured)
        self._place()

    def _place(self) -> None:
        """One figure fills the page; two stand beside each other where there is room; of three the first is the largest."""
        shown, is_wide = self.figures(), self.width() >= _WIDE
        if (len(shown), is_wide) == self._placed:
            return
        self._placed = len(shown), is_wide
        for figure in self._figures:
            self._grid.removeWidget(figure)
        for number, (row, column, rows) in enumerate(places(len(shown), is_wide)):
            shown[number].setMinimumHeight(round(_HIGH * shown[number].plot.em()))
            self._grid.addWidget(shown[number], row, column, rows, 1)
        for column, share in enumerate((1, 1 if is_wide and len(shown) > 1 else 0)):
            self._grid.setColumnStretch(column, share)

    def _copy(self) -> None:
        found = self._ideas.found
        if found is not None:
            QGuiApplication.clipboard().setText(as_text(found))


class _Sheet(QWidget):
    """The panel that the tables stand on."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded ground, like a pane's."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("line"), 1))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.end()


def _only_as_high_as_needed(label: QWidget) -> QSizePolicy:
    policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
    policy.setHeightForWidth(label.sizePolicy().hasHeightForWidth())
    return policy


def places(count: int, is_wide: bool) -> list[tuple[int, int, int]]:
    """Row, column and rows taken of each figure."""
    if not is_wide or count < 2:
        return [(number, 0, 1) for number in range(count)]
    if count == 2:
        return [(0, 0, 1), (0, 1, 1)]
    return [(0, 0, count - 1)] + [(number, 1, 1) for number in range(count - 1)]


def as_text(found: Demonstration) -> str:
    """Curves and tables with tabs between the columns, and how they were measured."""
    parts = []
    for figure in found.figures:
        lines = [f"{figure.title}", f"curve\t{figure.x}\t{figure.y}"]
        lines += [f"{line.name}\t{x:.9g}\t{y:.9g}" for line in figure.series for x, y in zip(line.x, line.y, strict=True)]
        parts.append("\n".join(lines))
    for table in found.tables:
        rows = [table.headers, *table.rows]
        parts.append("\n".join([table.title, *("\t".join(map(str, row)) for row in rows)]))
    return "\n\n".join((*parts, found.how))
