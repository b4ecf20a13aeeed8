"""Ideas on the real window: the list, the page at the left, and the figures in the stage's place."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.shell.window import Window
from app.state.app_state import AppState
from app.views.idea_figures import as_text, places
from app.views.lesson_text import LessonLabel
from engine.contract.demonstrations import Demonstration, Figure, Finding, Series, Table
from engine.contract.ideas import IDEAS
from engine.contract.messages import Demonstrate, Demonstrated
from fake_traces import ntm_trace
from scripted import Desk, desk

LINE = Series(name="NTM", x=(10.0, 20.0), y=(0.0, 0.25))


def figure(title: str = "Wrong bits") -> Figure:
    return Figure(title=title, caption="The share of wrong bits.", x="vectors", y="share of wrong bits", series=(LINE,))


def found(idea: str, *, figures: int = 1, holds: bool | None = True) -> Demonstration:
    table = Table(title="By length", headers=("network", "20"), rows=(("NTM", "25%"),), opens=("exhibit:ntm-copy",))
    return Demonstration(
        idea=idea, findings=(Finding(sentence="The NTM gets 25% wrong.", holds=holds),), formulas=("r = Σ w m",),
        figures=tuple(figure(f"Figure {number}") for number in range(figures)), tables=(table,), how="8 episodes.",
        absent=("gru-copy is not here.",), seconds=1.0, is_complete=True,
    )  # fmt: skip


class Reader:
    """Someone at a window whose engine is scripted."""

    def __init__(self, qtbot: QtBot) -> None:
        self.qtbot = qtbot
        self.desk: Desk = desk()
        self.desk.show(ntm_trace())
        self.window = Window(self.desk.state, lambda path: self.desk.files[path], lambda path: None)
        self.window.ask_whether_to_close = lambda: True
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)

    @property
    def state(self) -> AppState:
        return self.desk.state

    def press(self, name: str) -> None:
        """Press a button of this object name or with these words."""
        every = self.window.findChildren(QAbstractButton)
        made = next(b for b in every if b.isVisible() and name in (b.objectName(), b.text()))
        self.qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
        QApplication.processEvents()

    def answer(self, **values: object) -> None:
        """Let the engine answer the newest wish."""
        asked = next(command for command in reversed(self.desk.engine.sent) if isinstance(command, Demonstrate))
        self.state.apply(Demonstrated(request=asked.request, found=found(asked.idea, **values)))  # type: ignore[arg-type]
        QApplication.processEvents()

    def reads(self) -> str:
        """Every word of the page at the left."""
        page = self.window.panels.idea
        texts = [label.accessibleName() for label in page.findChildren(LessonLabel)]
        others = [label for label in page.findChildren(QLabel) if not isinstance(label, LessonLabel) and label.isVisible()]
        return " ".join([*texts, *(label.text() for label in others)])


def test_every_idea_is_one_press_away(qtbot: QtBot) -> None:
    reader = Reader(qtbot)

    listed = [b.objectName() for b in reader.window.panels.welcome.findChildren(QAbstractButton) if b.isVisible()]

    assert [name for name in listed if name.startswith("idea.open.")] == [f"idea.open.{idea.id}" for idea in IDEAS]


def test_a_press_opens_its_page_and_asks_for_its_numbers(qtbot: QtBot) -> None:
    reader = Reader(qtbot)

    reader.press("idea.open.cost")

    assert reader.window.panels.left.page == "idea"
    assert "What looking back costs" in reader.reads()
    assert isinstance(reader.desk.engine.sent[-1], Demonstrate)
    assert reader.window.panels.figures.isVisible()
    assert not reader.window.panels.stage.isVisible()
    assert not reader.window.panels.inspector.isVisible()


def test_the_page_says_what_was_found_and_how(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")

    reader.answer()

    assert "It shows" in reader.reads()
    assert "The NTM gets 25% wrong." in reader.reads()
    assert "Measured just now on this machine, in 1.0 seconds." in reader.reads()
    assert "gru-copy is not here." in reader.reads()
    assert reader.window.panels.figures.how.text() == "8 episodes."


def test_what_does_not_show_is_said_so(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")

    reader.answer(holds=False)

    assert "It does not show here" in reader.reads()


def test_figures_come_as_they_are_measured(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.long-spans")

    reader.answer(figures=1)
    assert len(reader.window.panels.figures.figures()) == 1

    reader.press("Measure again")
    assert reader.window.panels.figures.figures() == []

    reader.answer(figures=3)
    assert [shown.title.text() for shown in reader.window.panels.figures.figures()] == ["Figure 0", "Figure 1", "Figure 2"]


def test_a_figure_is_told_in_words(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")
    reader.answer()

    words = reader.window.panels.figures.figures()[0].accessibleDescription()

    assert words == "The share of wrong bits. share of wrong bits against vectors: NTM goes from 0.0% at 10 to 25.0% at 20."


def test_under_the_pointer_the_values_are_read(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")
    reader.answer()
    shown = reader.window.panels.figures.figures()[0]

    shown.plot.hovered.emit(19.0)
    assert shown.caption.text() == "vectors 20: NTM 25.0%"

    shown.plot.hovered.emit(float("nan"))
    assert shown.caption.text() == "The share of wrong bits."


def test_back_to_the_stage_and_to_the_figures_again(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")
    reader.answer()

    reader.press("Back to the stage")
    assert reader.window.panels.stage.isVisible()
    assert reader.window.panels.inspector.isVisible()

    reader.press("Show the figures")
    assert reader.window.panels.figures.isVisible()


def test_escape_brings_the_stage_back(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")
    reader.answer()

    qtbot.keyClick(reader.window.panels.figures, Qt.Key.Key_Escape)

    assert reader.window.panels.stage.isVisible()


def test_all_ideas_leads_back_to_the_list(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")

    reader.press("← All ideas")

    assert reader.window.panels.left.page == "welcome"
    assert reader.window.panels.stage.isVisible()


def test_beside_a_stage_the_numbers_stand_at_the_left(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.algorithms")
    reader.answer()

    assert reader.window.panels.stage.isVisible()
    assert "Figure 0" in reader.reads()
    assert "20 25%" in reader.reads()


def test_a_row_opens_its_network(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")
    reader.answer()

    reader.press("opens.exhibit:ntm-copy")

    assert reader.desk.engine.asked.source.place == "exhibit:ntm-copy"
    assert reader.window.panels.stage.isVisible()


def test_the_numbers_are_copied_for_a_spreadsheet(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")
    reader.answer()

    reader.press("Copy the numbers")

    assert QGuiApplication.clipboard().text() == as_text(found("cost"))
    assert "NTM\t20\t0.25" in QGuiApplication.clipboard().text()


def test_the_lesson_finds_the_stage(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")

    reader.window.actions.perform("lesson.start")

    assert reader.window.panels.stage.isVisible()


def test_of_three_figures_the_first_is_the_largest() -> None:
    assert places(3, is_wide=True) == [(0, 0, 2), (0, 1, 1), (1, 1, 1)]
    assert places(2, is_wide=True) == [(0, 0, 1), (0, 1, 1)]
    assert places(2, is_wide=False) == [(0, 0, 1), (1, 0, 1)]
    assert places(0, is_wide=True) == []


def test_where_nothing_was_measured_no_empty_sheet_stands(qtbot: QtBot) -> None:
    reader = Reader(qtbot)
    reader.press("idea.open.cost")
    asked = next(command for command in reversed(reader.desk.engine.sent) if isinstance(command, Demonstrate))
    empty = Demonstration(idea="cost", formulas=("r = Σ w m",), tables=(Table(title="None", headers=("network",), rows=()),))

    reader.state.apply(Demonstrated(request=asked.request, found=empty))
    QApplication.processEvents()

    assert not reader.window.panels.figures.formula.isVisible()
