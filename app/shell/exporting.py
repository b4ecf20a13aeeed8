"""What the export commands do: ask where to, take the picture out of the state, write it, and say how it went."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QFileDialog, QWidget

from app.export.animation import Animation
from app.export.data import copy_trace, write_data
from app.export.figure import frame_of, write_figure
from app.export.frames import Frame
from app.export.lesson_page import bind, draw_pages
from app.export.script import script
from app.export.sheet import PRESETS, STREAMS, Sheet, preset
from app.export.shot import Shot, frames_of, is_by_sample, panes_of, shot_of
from app.plots.colours import LIGHT
from app.shell.exports import ChoosePlace
from app.state.app_state import AppState
from app.views.lesson_view import first_lesson
from app.views.pane_view import PaneView
from engine.contract.files import write_whole

CANCEL = "export.cancel"
DATA = "Table of what is shown (*.csv);;Arrays of all steps (*.npz)"
TRACES = "Traces (*.safetensors)"
MOVIES = "GIF (*.gif);;MP4 (*.mp4);;Numbered pictures (*.png)"
PAGES = "Pages for a browser (*.html)"
SCRIPTS = "Python scripts (*.py)"
LEAST_FRAMES_A_SECOND = 2.0


class Exporting(QObject):
    """One export at a time. `choose_place` may be replaced: a test has no one to click."""

    def __init__(self, window: QWidget, state: AppState, current_pane: Callable[[], PaneView | None]) -> None:
        super().__init__(window)
        self._window, self._state, self._current_pane = window, state, current_pane
        self._animation: Animation | None = None
        self._sheet: Sheet | None = None
        self._path = Path()
        self._pages: list[str] = []
        self._pages_left: Iterator[str] = iter(())
        self._printing = QTimer(self, interval=0)
        self._printing.timeout.connect(self._print_page)
        self.choose_place: ChoosePlace = self._choose_place

    @property
    def animation(self) -> Animation | None:
        """The animation that is being made, or None."""
        return self._animation

    def export(self, what: str) -> None:
        """Export the pane, stage, trace, data, animation or script; "cancel" gives up the animation."""
        acts: dict[str, Callable[[], None]] = {
            "pane": self._pane,
            "stage": self._stage,
            "trace": self._trace,
            "data": self._data,
            "animation": self._animate,
            "script": self._script,
            "lesson": self._lesson,
            "cancel": self._cancel,
        }
        try:
            acts[what]()
        except ValueError as error:
            self._state.notices.say("export", _sentence(str(error)))
        except OSError as error:
            self._say_refused(error)

    # ---- each export ----

    def _pane(self) -> None:
        view = self._current_pane()
        if view is None:
            raise ValueError("There is no pane on the stage: add one first")
        self._figure(shot_of(self._state), (view.card.name,))

    def _stage(self) -> None:
        shot = shot_of(self._state)
        self._figure(shot, panes_of(shot.session))

    def _figure(self, shot: Shot, panes: tuple[str, ...]) -> None:
        first = preset("column" if len(panes) == 1 else "columns")
        forms = [first, *(form for form in PRESETS if form is not first)]
        kinds = {f"{ending}, {form.title} (*.{ending.lower()})": form for form in forms for ending in ("PDF", "SVG", "PNG")}
        name = f"{shot.a.card.model.id}-{'stage' if len(panes) > 1 else panes[0].lower().replace(' ', '-')}.pdf"
        path, kind = self._ask(name, ";;".join(kinds))
        if path is not None:
            write_figure(shot, panes, path, kinds.get(kind, first))
            self._say_done("The figure", path)

    def _trace(self) -> None:
        shot = shot_of(self._state)
        path, kind = self._ask(f"{shot.a.card.model.id}-{shot.a.card.task.id}.safetensors", TRACES)
        if path is not None:
            copy_trace(shot.a, path)
            self._say_done("The trace", path)

    def _data(self) -> None:
        view = self._current_pane()
        if view is None or view.side.trace is None:
            raise ValueError("There is no pane on the stage: add one first")
        path, kind = self._ask(f"{view.card.name.lower().replace(' ', '-')}.csv", DATA)
        if path is not None:
            write_data(view.side.trace, view.card.pick(view.side.trace), view.table(), path)
            self._say_done("The data", path)

    def _script(self) -> None:
        shot = shot_of(self._state)
        text = script(shot.session, shot.a)
        path, kind = self._ask("edited.py", SCRIPTS)
        if path is not None:
            write_whole(path, text)
            self._say_done("The script", path)

    def _lesson(self) -> None:
        lesson = first_lesson()
        path, _ = self._ask(f"{lesson.name}.html", PAGES)
        if path is not None:
            self._pages, self._pages_left = [], draw_pages(lesson, self._state.explorer.find_recorded)
            self._printing.start()

    def _print_page(self) -> None:
        """One page a turn of the event loop, so that the window stays alive."""
        lesson = first_lesson()
        page = next(self._pages_left, None)
        if page is not None:
            self._pages.append(page)
            said = f"Drawing the lesson: page {len(self._pages)} of {len(lesson.pages)}."
            self._state.notices.say("export", said, CANCEL, is_error=False)
            return
        self._printing.stop()
        try:
            write_whole(self._path, bind(lesson, self._pages))
        except OSError as error:
            self._say_refused(error)
        else:
            self._say_done("The lesson", self._path)

    # ---- animations ----

    def _animate(self) -> None:
        if self._animation is not None:
            raise ValueError("An animation is being made already; cancel it first")
        shot = shot_of(self._state)
        steps = frames_of(shot, *(self._state.playback.selected_range or ()))
        path, kind = self._ask(f"{shot.a.card.model.id}-steps.gif", MOVIES)
        if path is None:
            return
        rate = max(self._state.playback.speed, LEAST_FRAMES_A_SECOND)
        form = STREAMS if is_by_sample(shot) else preset("slide")
        sheet = Sheet(shot, panes_of(shot.session), form, LIGHT)
        draw = partial(_frame, sheet, path.suffix.lower())
        try:
            animation = Animation(draw, steps, path, rate, self)
        except (OSError, ValueError):
            sheet.close_down()
            raise
        self._animation, self._sheet = animation, sheet
        animation.progressed.connect(self._say_progress)
        animation.ended.connect(self._ended)
        self._say_progress(0, len(steps))
        animation.start()

    def _cancel(self) -> None:
        if self._printing.isActive():
            self._printing.stop()
            self._state.notices.say("export", "The lesson was not exported; nothing was written.", is_error=False)
        elif self._animation is not None:
            self._animation.cancel()
        else:
            raise ValueError("No animation is being made")

    def _say_progress(self, done: int, total: int) -> None:
        self._state.notices.say("export", f"Painting the animation: step {done} of {total}.", CANCEL, is_error=False)

    def _ended(self, sentence: str, is_there: bool) -> None:
        if self._sheet is not None:
            self._sheet.close_down()
        if self._animation is not None:
            self._animation.deleteLater()
        self._animation, self._sheet = None, None
        self._state.notices.say("export", sentence, is_error=not is_there and "cancelled" not in sentence)

    def _ask(self, name: str, kinds: str) -> tuple[Path | None, str]:
        """Where to, with the ending of the chosen kind if none was typed; None if the reader has thought better of it."""
        place, kind = self.choose_place(name, kinds)
        if not place:
            return None, kind
        path = Path(place)
        self._path = path if path.suffix else path.with_suffix(kind.rpartition("*")[2].rstrip(")"))
        return self._path, kind

    def _choose_place(self, name: str, kinds: str) -> tuple[str, str]:
        return QFileDialog.getSaveFileName(self._window, "Export", name, kinds)

    def _say_refused(self, error: OSError) -> None:
        self._state.notices.say("export", f"{self._path} cannot be written ({error.strerror or error}).")

    def _say_done(self, what: str, path: Path) -> None:
        self._state.notices.say("export", f"{what} is saved in {path}.", is_error=False)


def _frame(sheet: Sheet, ending: str, step: int) -> Frame:
    return frame_of(sheet, step, ending)


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
