"""A reader who does anything at all: keys, clicks, drags, scrubs, commands, edits, trainings, kills; all from one seed."""

import contextlib
import random
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from driving import Reader

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PLAIN = Qt.KeyboardModifier.NoModifier
HELD = (PLAIN, PLAIN, PLAIN, PLAIN, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier)
OTHER_KEYS = (
    "Tab", "Shift+Tab", "Return", "Esc", "Up", "Down", "PgUp", "PgDown", "Del", "Backspace", "F2", "Ctrl+A", "Ctrl+V", "Menu",
)  # fmt: skip
LETTERS = "0123456789abcxyz.,-+?%#_ äπ"
RARE = ("theme.", "scale.", "export.", "train.quick", "run.resume", "train.start", "app.quit", "engine.restart", "session.")
"""Commands that cost so much that they have turns of their own."""
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
        self._files = 0
        self.counts: Counter[str] = Counter()
        """How often what costs most was done: trainings, kills, restarts."""
        self._turns: dict[Callable[[], str], float] = {
            self._press_a_command_key: 24, self._press_any_key: 12, self._type: 4, self._click: 22, self._double_click: 3,
            self._click_right: 2, self._drag: 6, self._wheel: 5, self._hover: 5, self._scrub: 6, self._command: 3.4,
            self._edit: 1.6, self._choose_slots: 0.5, self._open: 1.2, self._compare: 0.7, self._resize: 0.5,
            self._look_otherwise: 0.25, self._export: 0.35, self._file: 0.6, self._train: 0.07, self._stop: 0.35,
            self._kill: 0.06, self._restart: 0.3, self._own_input: 0.3,
        }  # fmt: skip
        self._answer_every_chooser()

    def move_to(self, reader: Reader) -> None:
        """The window was closed, and the program opened again."""
        self.reader = reader
        self._answer_every_chooser()

    def act(self) -> None:
        """Do one thing, and let the window answer."""
        (turn,) = self._random.choices(list(self._turns), weights=list(self._turns.values()))
        began = time.perf_counter()
        self.done.append(turn.__name__)
        self.done[-1] = f"{turn.__name__.strip('_').replace('_', ' ')}: {turn()}"
        QApplication.processEvents()
        took = time.perf_counter() - began
        self.slowest = max(self.slowest, (took, self.done[-1]))

    @property
    def window(self) -> QWidget:
        """What takes a press: an open list or menu, else the window."""
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.reader.window

    # ---- keys ----

    def _press_a_command_key(self) -> str:
        actions = self.reader.window.actions
        name = self._random.choice([a.id for a in actions.table if actions.keys_of(a.id) and not a.id.startswith(RARE)])
        self._key(key := self._random.choice(actions.keys_of(name)))
        return f"{name} ({key})"

    def _press_any_key(self) -> str:
        self._key(key := self._random.choice(OTHER_KEYS))
        return key

    def _type(self) -> str:
        text = "".join(self._random.choices(LETTERS, k=self._random.randint(1, 5)))
        for letter in text:
            if letter.isascii():
                self._tap(letter)
        return text

    def _key(self, key: str) -> None:
        combination = QKeySequence(key)[0]
        self._tap(combination.key(), combination.keyboardModifiers())

    def _tap(self, key: Qt.Key | str, held: Qt.KeyboardModifier = PLAIN) -> None:
        """Press and let go; what was in front may close in between."""
        for act in (QTest.keyPress, QTest.keyRelease):
            top = self.window
            act(top.focusWidget() or top if top is not self.reader.window else top.windowHandle(), key, held)

    # ---- the pointer ----

    def _click(self) -> str:
        where, said = self._somewhere()
        self._tick(where, LEFT, self._random.choice(HELD))
        return said

    def _double_click(self) -> str:
        where, said = self._somewhere()
        self._tick(where)
        self._point(QTest.mouseDClick, where)
        return said

    def _click_right(self) -> str:
        where, said = self._somewhere()
        self._tick(where, RIGHT)
        return said

    def _hover(self) -> str:
        where, said = self._somewhere()
        self._point(QTest.mouseMove, where)
        return said

    def _drag(self) -> str:
        (start, from_where), (end, to_where) = self._somewhere(), self._somewhere()
        self._pull(start, end, self._random.choice((LEFT, LEFT, Qt.MouseButton.MiddleButton)), self._random.choice(HELD))
        return f"{from_where} to {to_where}"

    def _scrub(self) -> str:
        lanes = self.reader.window.panels.lanes
        lane = self._random.choice((lanes.sequence.lane, lanes.sequence.lane, lanes.training.lane))
        if not lane.isVisible() or self.window is not self.reader.window:
            return "nothing"
        first, last = (self._inside(lane) for _ in range(2))
        self._pull(first, last, LEFT, self._random.choice(HELD))
        return type(lane).__name__

    def _wheel(self) -> str:
        where, said = self._somewhere()
        under = self.window.childAt(where)
        if under is None:
            return said
        place = QPointF(under.mapFrom(self.window, where))
        turn = QPoint(0, self._random.choice((-240, -120, 120, 240)))
        held = self._random.choice(HELD)
        event = QWheelEvent(
            place, under.mapToGlobal(place), QPoint(), turn, Qt.MouseButton.NoButton, held, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(under, event)
        return said

    def _tick(self, where: QPoint, button: Qt.MouseButton = LEFT, held: Qt.KeyboardModifier = PLAIN) -> None:
        self._point(QTest.mousePress, where, button, held)
        self._point(QTest.mouseRelease, where, button, held)

    def _pull(self, start: QPoint, end: QPoint, button: Qt.MouseButton, held: Qt.KeyboardModifier) -> None:
        self._point(QTest.mousePress, start, button, held)
        for part in (0.3, 0.7, 1.0):
            self._point(QTest.mouseMove, start + (end - start) * part)
        self._point(QTest.mouseRelease, end, button, held)

    def _point(self, act: Callable[..., None], where: QPoint, *how: object) -> None:
        """The window may open a list or close one at any moment: whoever is in front now takes what follows."""
        top = self.window
        if top is self.reader.window:
            act(top.windowHandle(), *how or self._plainly(act), where)
        else:
            under = top.childAt(where) or top
            act(under, *how or self._plainly(act), under.mapFrom(top, where))

    @staticmethod
    def _plainly(act: Callable[..., None]) -> tuple[object, ...]:
        return () if act == QTest.mouseMove else (LEFT, PLAIN)

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
            self._key("Esc")
        self._key("Ctrl+K")
        found = self.reader.window.overlays.search
        if not found.isVisible():
            return f"{name}, but no search"
        found.list.field.setText(self.reader.window.actions.get(name).title)
        self._key("Return")
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
            self._key("Down")
        self._key("Return")
        return "one of the list"

    def _edit(self) -> str:
        """Select a slot in the Memory pane, change it, run again."""
        name = self._random.choice(
            ("first.change", "edit.erase", "edit.freeze", "edit.set", "edit.swap", "edit.force", "edit.mute")
        )
        self._search(name)
        if self._random.random() < 0.5:
            self._key("Ctrl+Return")
        return name

    def _own_input(self) -> str:
        self._search("input.own")
        for _ in range(self._random.randrange(4)):
            self._key("Tab")
        self._type()
        self._key("Return")
        return "typed"

    def _choose_slots(self) -> str:
        buttons = [
            b for n in (32, 64, 128, 256, 512) for b in self.reader.window.findChildren(QWidget, f"slots.{n}") if b.isVisible()
        ]
        if not buttons or self.window is not self.reader.window:
            return "no slots to choose"
        button = self._random.choice(buttons)
        self._tick(self._inside(button))
        return button.objectName()

    def _resize(self) -> str:
        width, height = self._random.randrange(1100, 1601), self._random.randrange(700, 1001)
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
