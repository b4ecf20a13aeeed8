"""A reader who does anything at all: keys, clicks, drags, scrubs, commands, edits, trainings, kills; all from one seed."""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from driving import Reader
from fingers import LEFT, MIDDLE, PLAIN, RIGHT, Fingers

HELD = (PLAIN, PLAIN, PLAIN, PLAIN, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier)
OTHER_KEYS = (
    "Tab", "Shift+Tab", "Return", "Esc", "Up", "Down", "PgUp", "PgDown", "Del", "Backspace", "F2", "Ctrl+A", "Ctrl+V", "Menu",
)  # fmt: skip
LETTERS = "0123456789abcxyz.,-+?%#_ "
RARE = ("theme.", "scale.", "export.", "train.quick", "run.resume", "train.start", "app.quit", "engine.restart", "session.")
"""Commands that cost so much that they have turns of their own."""
LOOKS_UP = 0.35
"""How often the window may answer and paint before the next thing is done; otherwise that follows at once."""
SIZES = ((1100, 700), (1100, 700), (1100, 700), (1180, 720), (1280, 760), (1440, 900))
LOOKS = ("theme.light", "theme.dark", "theme.contrast", "theme.system", "scale.bigger", "scale.smaller", "scale.reset")
EXPORTS = ("export.pane", "export.stage", "export.trace", "export.data", "export.animation", "export.cancel", "export.script")
SESSIONS = ("session.save", "session.open", "session.copy", "session.last")


class RandomHands:
    """Does one thing after another; `done` says what, so that a failure can be told."""

    def __init__(self, reader: Reader, seed: int, folder: Path) -> None:
        self.reader, self.folder = reader, folder
        self.done: list[str] = []
        self.slowest = (0.0, "")
        self._random = random.Random(seed)
        self._fingers = Fingers(self._random, lambda: self.reader.window)
        self._files = 0
        self.counts: Counter[str] = Counter()
        """How often each command was really performed, and processes were killed."""
        self._turns: dict[Callable[[], str], float] = {
            self._press_a_command_key: 26, self._press_any_key: 14, self._type: 4, self._click: 24, self._double_click: 3,
            self._click_right: 2, self._drag: 6, self._wheel: 5, self._hover: 6, self._scrub: 4, self._command: 1.6,
            self._edit: 0.8, self._choose_slots: 0.4, self._open: 0.6, self._compare: 0.3, self._resize: 0.3,
            self._look_otherwise: 0.15, self._export: 0.2, self._file: 0.3, self._train: 0.07, self._stop: 0.15,
            self._kill: 0.06, self._restart: 0.2, self._own_input: 0.2,
        }  # fmt: skip
        self._settle_in()

    def move_to(self, reader: Reader) -> None:
        """The window was closed, and the program opened again."""
        self.reader = reader
        self._settle_in()

    def _settle_in(self) -> None:
        self.reader.window.resize(*SIZES[0])  # the smallest: it is painted soonest
        self.reader.window.actions.performed.connect(self._count)
        self._answer_every_chooser()

    def _count(self, command: str) -> None:
        self.counts[command] += 1

    def act(self) -> None:
        """Do one thing, and mostly let the window answer."""
        self._fingers.come_back()
        (turn,) = self._random.choices(list(self._turns), weights=list(self._turns.values()))
        began = time.perf_counter()
        self.done.append(turn.__name__)
        self.done[-1] = f"{turn.__name__.strip('_').replace('_', ' ')}: {turn()}"
        if self._random.random() < LOOKS_UP:
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)  # no event loop runs here that would
        took = time.perf_counter() - began
        self.slowest = max(self.slowest, (took, self.done[-1]))

    @property
    def window(self) -> QWidget:
        """What takes a press: an open list or menu, else the window."""
        return self._fingers.front

    # ---- keys ----

    def _press_a_command_key(self) -> str:
        actions = self.reader.window.actions
        name = self._random.choice([a.id for a in actions.table if actions.keys_of(a.id) and not a.id.startswith(RARE)])
        self._fingers.key(key := self._random.choice(actions.keys_of(name)))
        return f"{name} ({key})"

    def _press_any_key(self) -> str:
        self._fingers.key(key := self._random.choice(OTHER_KEYS))
        return key

    def _type(self) -> str:
        text = "".join(self._random.choices(LETTERS, k=self._random.randint(1, 4)))
        for letter in text:
            self._fingers.letter(letter)
        return text

    # ---- the pointer ----

    def _click(self) -> str:
        where, said = self._somewhere()
        self._fingers.click(where, LEFT, self._random.choice(HELD))
        return said

    def _double_click(self) -> str:
        where, said = self._somewhere()
        self._fingers.click(where, twice=True)
        return said

    def _click_right(self) -> str:
        where, said = self._somewhere()
        self._fingers.click(where, RIGHT)
        return said

    def _hover(self) -> str:
        where, said = self._somewhere()
        self._fingers.move(where)
        return said

    def _drag(self) -> str:
        (start, from_where), (end, to_where) = self._somewhere(), self._somewhere()
        self._fingers.pull(start, end, self._random.choice((LEFT, LEFT, MIDDLE)), self._random.choice(HELD))
        return f"{from_where} to {to_where}"

    def _scrub(self) -> str:
        lanes = self.reader.window.panels.lanes
        lane = self._random.choice((lanes.sequence.lane, lanes.sequence.lane, lanes.training.lane))
        if not lane.isVisible() or self.window is not self.reader.window:
            return "nothing"
        first, last = (self._inside(lane) for _ in range(2))
        self._fingers.pull(first, last, LEFT, self._random.choice(HELD))
        return type(lane).__name__

    def _wheel(self) -> str:
        where, said = self._somewhere()
        self._fingers.wheel(where, self._random.choice((-240, -120, 120, 240)), self._random.choice(HELD))
        return said

    def _somewhere(self) -> tuple[QPoint, str]:
        """A place in a random visible widget, small ones as likely as large ones; sometimes just anywhere."""
        top = self.window
        if self._random.random() < 0.2:
            return QPoint(self._random.randrange(top.width()), self._random.randrange(top.height())), "anywhere"
        found = [widget for widget in top.findChildren(QWidget) if widget.isVisible() and not widget.visibleRegion().isEmpty()]
        if not found:
            return top.rect().center(), "the middle"
        widget = self._random.choice(found)
        return self._inside(widget), widget.objectName() or type(widget).__name__

    def _inside(self, widget: QWidget) -> QPoint:
        seen = widget.visibleRegion().boundingRect()
        across, down = (self._random.randrange(max(size, 1)) for size in (seen.width(), seen.height()))
        return widget.mapTo(widget.window(), seen.topLeft() + QPoint(across, down))

    # ---- commands ----

    def _command(self) -> str:
        """Any command, through the search."""
        return self._search(self._random.choice([a.id for a in self.reader.window.actions.table if not a.id.startswith(RARE)]))

    def _search(self, name: str) -> str:
        if self.window is not self.reader.window:
            self._fingers.key("Esc")
        self._fingers.key("Ctrl+K")
        found = self.reader.window.overlays.search
        if not found.isVisible():
            return f"{name}, but no search"
        found.list.field.setText(self.reader.window.actions.get(name).title)
        self._fingers.key("Return")
        return name

    def _look_otherwise(self) -> str:
        return self._search(self._random.choice(LOOKS))

    def _export(self) -> str:
        return self._search(self._random.choice(EXPORTS))

    def _file(self) -> str:
        return self._search(self._random.choice(SESSIONS))

    def _open(self) -> str:
        table = self.reader.window.actions.table
        return self._search(self._random.choice([a.id for a in table if a.id.startswith("exhibit.open.")]))

    def _compare(self) -> str:
        """Open the list of what can be B, and take one."""
        self._search("compare.with")
        found = self.reader.window.overlays.list
        if not found.isVisible():
            return "nothing to compare with"
        for _ in range(self._random.randrange(6)):
            self._fingers.key("Down")
        self._fingers.key("Return")
        return "one of the list"

    def _edit(self) -> str:
        """Select a slot in the Memory pane, change it, run again."""
        name = self._random.choice(
            ("first.change", "edit.erase", "edit.freeze", "edit.set", "edit.swap", "edit.force", "edit.mute")
        )
        self._search(name)
        if self._random.random() < 0.5:
            self._fingers.key("Ctrl+Return")
        return name

    def _own_input(self) -> str:
        self._search("input.own")
        for _ in range(self._random.randrange(4)):
            self._fingers.key("Tab")
        self._type()
        self._fingers.key("Return")
        return "typed"

    def _choose_slots(self) -> str:
        buttons = [
            b for n in (32, 64, 128, 256, 512) for b in self.reader.window.findChildren(QWidget, f"slots.{n}") if b.isVisible()
        ]
        if not buttons or self.window is not self.reader.window:
            return "no slots to choose"
        button = self._random.choice(buttons)
        self._fingers.click(self._inside(button))
        return button.objectName()

    def _resize(self) -> str:
        width, height = self._random.choice(SIZES)
        self.reader.window.resize(width, height)
        return f"{width} x {height}"

    # ---- the engine ----

    def _train(self) -> str:
        if self.reader.state.training.live is not None:
            return "a run trains already"
        return self._search(self._random.choice(("train.quick", "train.quick", "run.resume")))

    def _stop(self) -> str:
        return self._search("train.stop")

    def _kill(self) -> str:
        numbers = self.reader.program.engine.process_ids
        if not numbers:
            return "nobody there"
        which = self._random.randrange(len(numbers))
        with contextlib.suppress(ProcessLookupError):
            self.reader.kill(which)
            self.counts["kill"] += 1
        return f"process {which} of {len(numbers)}"

    def _restart(self) -> str:
        if self.reader.program.engine.explorer_is_alive:
            return "the engine is there"
        return self._search("engine.restart")

    # ---- files ----

    def _answer_every_chooser(self) -> None:
        """Whatever asks for a file or a folder is answered at once: no one is there to click in a dialog of the system."""
        window = self.reader.window
        window.filing.choose_place = lambda _name, _kinds: self._new(".slotscope")  # type: ignore[method-assign]
        window.filing.choose_file = self._some_file  # type: ignore[method-assign]
        window.exporting.choose_place = lambda _name, kinds: self._place_for(kinds)
        window.panels.form.new.ask_folder = lambda: str(self.folder)
        window.ask_whether_to_close = lambda: self._random.random() < 0.5

    def _new(self, ending: str) -> str:
        self._files = (self._files + 1) % 8  # a few names, written over and over
        return str(self.folder / f"file-{self._files}{ending}")

    def _some_file(self) -> str:
        there = sorted(self.folder.iterdir())
        return str(self._random.choice(there)) if there else ""

    def _place_for(self, kinds: str) -> tuple[str, str]:
        kind = self._random.choice([kind for kind in kinds.split(";;") if "mp4" not in kind])
        return self._new(kind.rpartition("*")[2].rstrip(")")), kind
