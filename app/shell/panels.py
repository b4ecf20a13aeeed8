"""The three columns between bar and status line: left panel, stage with its lanes, Inspector; foldable, and remembered."""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSplitter, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.shell.left import LeftPanel
from app.shell.rule import rule
from app.state.app_state import AppState
from app.state.learning import Learning
from app.state.notices import Where
from app.views.idea_figures import IdeaFigures
from app.views.idea_page import IdeaPage
from app.views.inspector import Inspector
from app.views.lanes import Lanes
from app.views.lesson_view import LessonView, first_lesson, later
from app.views.memory_size import MemorySize
from app.views.navigator import Navigator
from app.views.notice_strip import NoticeStrip
from app.views.own_input import OwnInput
from app.views.stage_view import StageView
from app.views.training_form import TrainingForm
from app.views.welcome import Welcome
from engine.contract.files import BadFileError

FIRST_WIDTH, LEFT, RIGHT = 1440, 280, 320
MOST_OF_THE_WINDOW = 0.26
"""How much of it each side may have when larger type makes it wider."""
COLUMNS = "columns"


class Panels(QSplitter):
    """Everything but bar and status line."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette, title_of: Callable[[str], str]) -> None:
        """`title_of` gives the words for a command's button."""
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("columns")
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self._state, self._title_of = state, title_of
        self._scale = state.preferences.kept.scale
        self.stage = StageView(state, palette)
        self.lanes = Lanes(state, palette)
        self.inspector = Inspector(state, palette)
        self.navigator = Navigator(state, palette)
        self.form = TrainingForm(state, palette)
        self.own_input = OwnInput(state, palette)
        self.memory_size = MemorySize(state)
        self.welcome = Welcome()
        self.idea, self.figures = IdeaPage(state.ideas, palette), IdeaFigures(state.ideas, palette)
        self.lesson = self._lesson()
        self.left = LeftPanel(state.preferences)
        self._fill()
        self._connect()
        self._fold()

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        for part in (self.stage, self.lanes, self.inspector, self.navigator, self.form, self.own_input, self.idea, self.figures):
            part.set_palette(palette)

    def show_left(self, page: str) -> None:
        """Bring a page of the left panel to the front, unfolded, with the keyboard in it."""
        self._state.preferences.change(left_open=True)
        self.left.show_page(page)
        self.left.give_keyboard()

    def show_inspector(self) -> None:
        """Unfold the Inspector."""
        self._state.preferences.change(inspector_open=True)

    def focus_pane(self, direction: int) -> None:
        """Give the keyboard to the next (1) or previous (-1) pane."""
        self.stage.focus_pane(direction)

    def explain_pane(self) -> None:
        """Open "How to read this" of the pane in question."""
        self.stage.explain_pane()

    def begin_edit(self, act: str) -> None:
        """Open the what-if part of the Inspector at this act."""
        self.show_inspector()
        self.inspector.begin_edit(act)

    def learn(self, *, resume: bool) -> None:
        """Begin the lesson, or go on where it was left."""
        if self.lesson is None:
            return
        self._state.ideas.put_aside()
        self.show_left("lesson")
        if resume:
            self.lesson.learning.resume()
        else:
            self.lesson.learning.start()

    def show_idea(self, name: str) -> None:
        """Show an idea at the left and what belongs to it on the stage; empty: go back to the list."""
        if name:
            self._state.ideas.open(name)
            self.show_left("idea")
        else:
            self._state.ideas.close()
            self.show_left("welcome")

    def columns(self) -> dict[str, list[int]]:
        """Where the dividers stand."""
        return {COLUMNS: self.sizes()} if all(self.sizes()) else dict(self._state.preferences.kept.splitters)

    # ---- how it is made ---------------------------------------------------------------------------------------------------

    def _fill(self) -> None:
        self.left.add_page("welcome", "learn", self.welcome)
        if self.lesson is not None:
            self.left.add_page("lesson", "learn", self.lesson, scrolls=False)
        self.left.add_page("idea", "learn", self.idea)
        for name, page in (("navigator", self.navigator), ("train", self.form), ("input", self.own_input)):
            self.left.add_page(name, "explore", page)
        self.right = self._right()
        for place, part in enumerate((self.left, self._middle(), self.right)):
            self.addWidget(part)
            self.setStretchFactor(place, int(place == 1))
        scale = self._state.preferences.kept.scale
        usual = [round(LEFT * scale), round(FIRST_WIDTH - (LEFT + RIGHT) * scale), round(RIGHT * scale)]
        self.setSizes(self._state.preferences.kept.splitters.get(COLUMNS) or usual)
        self.left.show_tab(self._state.preferences.kept.tab)

    def _lesson(self) -> LessonView | None:
        try:
            lesson = first_lesson()
        except (BadFileError, OSError) as error:
            self._state.notices.say("lesson", f"The lesson cannot be read: {error}.")
            return None
        return LessonView(Learning(self._state, lesson, later))

    def _middle(self) -> QWidget:
        middle = QWidget()
        middle.setObjectName("ground")
        column = QVBoxLayout(middle)
        column.setContentsMargins(8, 8, 8, 0)
        column.setSpacing(8)
        column.addWidget(self._strip("session", "export", "engine", "lesson", "stage"))
        column.addWidget(self.figures, 1)
        column.addWidget(self.stage, 1)
        column.addWidget(self._strip("training"))
        column.addWidget(self.lanes)
        middle.setMinimumWidth(480)
        return middle

    def _right(self) -> QWidget:
        right = QFrame()
        right.setObjectName("panel")
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        said = self._strip("what-if", is_narrow=True)
        said.setContentsMargins(8, 8, 8, 0)
        column.addWidget(said)
        column.addWidget(self.inspector, 1)
        column.addWidget(rule())
        column.addWidget(self.memory_size)
        right.setMinimumWidth(260)
        return right

    def _strip(self, *places: Where, is_narrow: bool = False) -> NoticeStrip:
        strip = NoticeStrip(self._state.notices, places, self._title_of, is_narrow=is_narrow)
        strip.wished.connect(self.wished)
        return strip

    def _connect(self) -> None:
        for part in (self.left, self.welcome, self.idea, self.navigator, self.form, self.own_input):
            part.wished.connect(self.wished)
        for view in (self.memory_size, self.stage, self.lanes, self.inspector):
            view.wished.connect(self.wished)
        if self.lesson is not None:
            self.lesson.wished.connect(self.wished)
            self.lesson.highlighted.connect(self._highlight)
            self.lesson.learning.changed.connect(self._offer_resume)
            self._offer_resume()
        self._state.ideas.changed.connect(self._make_room_for_figures)
        self._make_room_for_figures()
        self._state.preferences.changed.connect(self._fold)

    def _make_room_for_figures(self) -> None:
        """The figures of an idea stand in the place of the stage and its lanes; no step is inspected meanwhile."""
        is_there = self._state.ideas.takes_the_stage
        self.figures.setVisible(is_there)
        for part in (self.stage, self.lanes):
            part.setVisible(not is_there)
        self._fold()

    def _offer_resume(self) -> None:
        learning = self.lesson.learning if self.lesson is not None else None
        self.welcome.offer_resume(learning is not None and (learning.has_begun or learning.is_known))

    def _highlight(self, names: tuple[str, ...]) -> None:
        """Point at the panes that the lesson speaks of."""
        self.stage.speak_of(names)

    def _widen(self, scale: float) -> None:
        """Larger type needs wider sides."""
        if scale == self._scale:
            return
        left, middle, right = self.sizes()
        most = MOST_OF_THE_WINDOW * (left + middle + right)
        wider = [
            min(side * scale / self._scale, max(most, side)) if scale > self._scale else side * scale / self._scale
            for side in (left, right)
        ]
        self._scale = scale
        self.setSizes([round(wider[0]), round(left + middle + right - sum(wider)), round(wider[1])])

    def _fold(self) -> None:
        kept = self._state.preferences.kept
        self._widen(kept.scale)
        self.left.setVisible(kept.left_open)
        self.right.setVisible(kept.inspector_open and not self._state.ideas.takes_the_stage)
