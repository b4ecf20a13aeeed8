"""One's own input: bits or trajectories are drawn, symbols or a story written, in place of the episode on screen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.state.app_state import AppState
from app.state.notices import Notice
from app.state.own_input import answered_steps
from app.state.what_if import result_in_words
from app.views.own_bits import OwnBits
from app.views.own_story import OwnStory
from app.views.own_symbols import OwnSymbols
from app.views.own_trajectory import OwnTrajectory
from app.widgets.buttons import TextButton
from app.widgets.section import Section
from engine.contract.trace import Trace

Editor = OwnBits | OwnSymbols | OwnStory | OwnTrajectory


class OwnInput(QWidget):
    """Shows the editor that the present task has a use for. What is typed stays when the network refuses it."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._task = self._shown = ""
        self.bits, self.symbols, self.story, self.trajectory = OwnBits(), OwnSymbols(), OwnStory(), OwnTrajectory()
        self.absent = QLabel()
        self.absent.setProperty("tone", "muted")
        self.absent.setWordWrap(True)
        self.absent.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.waiting = QLabel()
        self.waiting.setProperty("tone", "muted")
        self.waiting.setWordWrap(True)
        self.result = QLabel()
        self.result.setProperty("tone", "heading")
        self.result.setWordWrap(True)
        self.result.hide()
        self._notice: Notice | None = None
        self._lay_out()
        for editor in self._editors:
            editor.run.connect(state.explorer.use_own_input)
            editor.run_beside.connect(state.explorer.compare_own_input)
            editor.reset.connect(self._start_from_episode)
        state.a.trace_changed.connect(self._take_trace)
        for signal in (state.a.changed, state.b.changed, state.catalogue.changed, state.notices.changed):
            signal.connect(self._show_answer)
        for signal in (state.a.trace_changed, state.b.trace_changed, state.comparison.changed):
            signal.connect(self._show_result)
        self._take_trace()

    def set_palette(self, palette: Palette) -> None:
        """The editors find their colours in the application's palette."""
        self.update()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(Section("Your own input"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        for widget in (self.absent, self.waiting, self.result):
            column.addWidget(widget)
        for editor in self._editors:
            column.addWidget(editor)
        column.addStretch(1)
        back = TextButton("Back", "Back to the navigator")  # placed last, so that the keyboard comes to the editor first
        back.clicked.connect(lambda: self.wished.emit("tab.explore"))
        head.addWidget(back)

    @property
    def kind(self) -> str:
        """What the present task takes: "bits", "symbols", "words", "story", "trajectory", or nothing."""
        trace = self._state.a.trace
        return trace.card.task.own_input if trace is not None else ""

    @property
    def editor(self) -> Editor | None:
        """The editor of the present task, if it takes anything."""
        symbols = self.symbols
        editors: dict[str, Editor] = {
            "bits": self.bits, "symbols": symbols, "words": symbols, "story": self.story, "trajectory": self.trajectory
        }  # fmt: skip
        return editors.get(self.kind)

    @property
    def _editors(self) -> tuple[Editor, ...]:
        return self.bits, self.symbols, self.story, self.trajectory

    def _take_trace(self) -> None:
        """Another episode came: begin from it, unless it came from here, or something is being written."""
        trace, editor = self._state.a.trace, self.editor
        if trace is None or editor is None:
            name = trace.card.task.name if trace is not None else ""
            self.absent.setText(f"{name} takes no input of one's own." if name else "Open a network first.")
            self._show_only(self.absent)
            return
        self._show_only(editor)
        task = f"{trace.card.source}:{trace.card.task.id}:{trace.card.settings.get('bits', '')}"
        if task != self._task or not (editor.is_touched or trace.card.own):
            editor.start_from(trace)
        self._task = task
        if editor is self.story and trace.card.own and trace.card.own != self._shown:
            self._come_to_an_answer(trace)
        self._shown = trace.card.own

    def _come_to_an_answer(self, trace: Trace) -> None:
        """Who has just asked wants to see the answer: where the cursor stands at none, it goes to the last one."""
        step, asked = self._state.playback.step, answered_steps(trace)
        if asked and step not in asked:
            self._state.playback.pause()
            self._state.playback.go_to(asked[-1])

    def _show_only(self, shown: QWidget) -> None:
        for widget in (self.absent, *self._editors):
            widget.setVisible(widget is shown)

    def _start_from_episode(self) -> None:
        trace, editor = self._state.a.trace, self.editor
        if trace is not None and editor is not None:
            editor.start_from(trace)

    def _show_answer(self) -> None:
        """What became of the last wish: refused, or on its way."""
        state, editor = self._state, self.editor
        notice = state.notices.at("input")
        if notice is not self._notice and editor is not None:
            editor.complain(notice.sentence if notice is not None else "")
        self._notice = notice
        asked = [side for side in (state.a, state.b) if side.is_waiting and side.showing is not None and side.showing.episode.own]
        told = "Running …" if state.catalogue.engine_is_ready else "Waits for the engine to start …"
        self.waiting.setText(told if asked else "")
        self.waiting.setVisible(bool(asked))

    def _show_result(self) -> None:
        """What the change did to the answer, in words, where A and B can be compared line by line."""
        a, b = self._state.a.trace, self._state.b.trace
        mine = b is not None and bool(b.card.own) and self._state.comparison.mode != "single"
        same = a is not None and b is not None and mine and a.steps == b.steps and a.card.weights == b.card.weights
        said = result_in_words(a, b) if a is not None and b is not None and same else ""
        self.result.setText(f"From A to B: {said[:1].lower()}{said[1:]}" if said else "")
        self.result.setVisible(bool(said))
