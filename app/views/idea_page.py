"""The page of an idea at the left: what it claims, what is measured, what was found, and the formula beside it."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.state.ideas import Ideas
from app.views.idea_figure import IdeaFigure, hues_of
from app.views.lesson_text import LessonLabel
from app.widgets.buttons import button
from app.widgets.card import Card, card
from app.widgets.figures_table import FiguresTable
from app.widgets.formula_box import FormulaBox
from app.widgets.section import Section
from engine.contract.demonstrations import Demonstration, Finding
from engine.contract.ideas import IDEAS

HEADINGS = {True: "It shows", False: "It does not show here", None: "Measured"}


class IdeaPage(QWidget):
    """Everything in it follows `Ideas`."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, ideas: Ideas, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("idea")
        self._ideas, self._colours = ideas, palette
        self._idea = ""
        self._said: tuple[Finding, ...] = ()
        self.back = button("← All ideas", "link")
        self.number, self.title = Section(), QLabel()
        self.title.setProperty("tone", "title")
        self.bar, self.cancel = QProgressBar(), button("Cancel", "chip", "Give up measuring; what has come stays.")
        self.again = button("Measure again", "chip", "Measure all of it once more, on this machine.")
        self.figures = button("Show the figures", "chip", "Let the curves stand in the stage's place again.")
        self.state, self.how, self.absent = (_small() for _ in range(3))
        self.formula, self.formula_title = FormulaBox(), Section("The formula")
        self._texts, self._look, self._found, self._numbers = (QVBoxLayout() for _ in range(4))
        self._figure = IdeaFigure(palette, is_small=True)
        self._tables: list[FiguresTable] = []
        self._lay_out()
        self.back.clicked.connect(lambda: self.wished.emit("idea.close"))
        self.cancel.clicked.connect(ideas.cancel)
        self.again.clicked.connect(ideas.measure)
        self.figures.clicked.connect(ideas.show_figures)
        ideas.changed.connect(self._show)
        self._show()

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        self._colours = palette
        self._figure.plot.set_palette(palette)

    def changeEvent(self, event: QEvent) -> None:
        """Another theme or size of type."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            for label in self.findChildren(LessonLabel):
                label.dress()

    def _lay_out(self) -> None:
        self.title.setWordWrap(True)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(6)
        self.bar.setAccessibleName("How far the measuring is")
        work, buttons = QHBoxLayout(), QHBoxLayout()
        work.addWidget(self.bar, 1)
        work.addWidget(self.cancel)
        for made in (self.again, self.figures):
            buttons.addWidget(made)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for head in (self.back, self.number, self.title):
            column.addWidget(head)
        for layout in (self._texts, work, self._found):
            column.addLayout(layout)
        column.addWidget(self.state)
        column.addLayout(buttons)
        column.addWidget(self._figure)
        column.addLayout(self._numbers)
        column.addLayout(self._look)
        for foot in (self.formula_title, self.formula, self.how, self.absent):
            column.addWidget(foot)
        column.addStretch(1)

    # ---- what it shows ----

    def _show(self) -> None:
        ideas, idea = self._ideas, self._ideas.idea
        if idea is None:
            return
        if idea.id != self._idea:
            self._idea = idea.id
            self.number.setText(f"Show me · {ideas.number} of {len(IDEAS)}")
            self.title.setText(idea.title)
            _empty(self._texts)
            _empty(self._look)
            for text in (LessonLabel(idea.claim), LessonLabel(idea.says, "muted")):
                self._texts.addWidget(text)
            self._look.addWidget(card("What to look at", LessonLabel(idea.look)))
        self._show_work()
        found = ideas.found or Demonstration(idea=idea.id)
        if found.findings != self._said:
            self._said = found.findings
            _empty(self._found)
            for finding in found.findings:
                self._found.addWidget(_finding(finding))
        self._show_numbers(found)
        is_here = bool(found.formulas) and not ideas.takes_the_stage
        self.formula.show_text("\n".join(found.formulas))
        self.formula.setVisible(is_here)
        self.formula_title.setVisible(is_here)
        _tell(self.how, found.how if is_here else "")
        _tell(self.absent, "\n".join(found.absent))

    def _show_work(self) -> None:
        ideas = self._ideas
        done, total = ideas.progress
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        for part in (self.bar, self.cancel):
            part.setVisible(ideas.is_measuring)
        self.again.setVisible(not ideas.is_measuring)
        self.figures.setVisible(ideas.has_figures and not ideas.takes_the_stage)
        _tell(self.state, ideas.in_words)

    def _show_numbers(self, found: Demonstration) -> None:
        """Beside a stage the curves and tables stand here; otherwise they have the stage's place."""
        here = self._ideas.idea is not None and not self._ideas.has_figures
        figures, tables = (found.figures, found.tables) if here else ((), ())
        self._figure.setVisible(bool(figures))
        if figures:
            self._figure.show_figure(figures[0], hues_of(figures))
        while len(self._tables) < len(tables):
            made = FiguresTable(is_narrow=True)
            made.opened.connect(self._ideas.open_row)
            self._numbers.addWidget(made)
            self._tables.append(made)
        for number, table in enumerate(self._tables):
            if number < len(tables):
                told = tables[number]
                table.show_table(told.title, told.headers, told.rows, told.opens)
            table.setVisible(number < len(tables))


def _finding(finding: Finding) -> Card:
    heading = HEADINGS[finding.holds]
    made = card(heading, LessonLabel(finding.sentence), tone="panel", is_done=finding.holds is True)
    made.setAccessibleName(f"{heading}: {finding.sentence}")
    return made


def _small() -> QLabel:
    made = QLabel()
    made.setProperty("tone", "muted")
    made.setWordWrap(True)
    return made


def _tell(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))


def _empty(layout: QVBoxLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
