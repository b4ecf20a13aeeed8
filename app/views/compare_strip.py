"""Between the tape and two sides: what differs, what is the same, how they are aligned, and what an edit changed."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from app.state.app_state import AppState
from app.state.offers import episode_name
from app.state.side import Side
from app.state.two_memories import changed_in_words, fairness, fill_in_words, kind_in_words, matched_in_words
from app.state.what_if import edit_in_words
from app.views.two_memories_line import TwoMemories
from app.widgets.buttons import IconButton, button
from app.widgets.tokens import colour, sized, unit
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Trace


class Letter(QWidget):
    """A small A or B, ink on panel or the reverse."""

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._letter = letter
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"side {letter}")

    def sizeHint(self) -> QSize:
        """A small square, wider for more than one letter."""
        wide = QFontMetrics(sized(self, 11)).horizontalAdvance(self._letter) + round(10 * unit(self))
        return QSize(max(wide, round(18 * unit(self))), round(18 * unit(self)))

    def set_letter(self, letter: str) -> None:
        """Show another one: "B" becomes "B \N{MINUS SIGN} A"."""
        if letter != self._letter:
            self._letter = letter
            self.setAccessibleName(f"side {letter}")
            self.updateGeometry()
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A rounded square with the letter."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("ink"))
        painter.drawRoundedRect(self.rect(), 4, 4)
        painter.setFont(sized(self, 11))
        painter.setPen(colour("panel"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._letter)
        painter.end()


class ShortLabel(QLabel):
    """A muted line that is cut with an ellipsis where it does not fit."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as there is room for."""
        painter = QPainter(self)
        painter.setPen(colour("muted"))
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class SideLine(QWidget):
    """One side in a line: its letter, and what it is; of an edited copy what came of the edits, of a stream what it holds now."""

    def __init__(self, state: AppState, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._side = state, side
        self.letter = Letter(side.name)
        self.label = QLabel()
        self.label.setWordWrap(True)
        self.label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.label.setSizePolicy(_policy(is_wrapped=True))
        self.now = ShortLabel()
        self.now.setFont(sized(self, 12))
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(2, 0, 2, 0)
        row.setSpacing(8)
        row.addWidget(self.letter, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.label, 1, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.now, 20, Qt.AlignmentFlag.AlignTop)
        state.playback.changed.connect(self._show_now)

    def renew(self) -> None:
        """Say what the side is now."""
        is_b = self._side is self._state.b
        difference = is_b and self._state.comparison.mode == "difference"
        self.letter.set_letter("B \N{MINUS SIGN} A" if difference else self._side.name)
        result = self._state.explorer.result if is_b else ""
        trace = self._side.trace
        is_stream = self._state.comparison.is_by_sample and trace is not None and not self._side.is_waiting and not result
        kind = kind_in_words(trace) if trace is not None and is_stream else ""
        self.now.setVisible(bool(kind))
        self.label.setWordWrap(not kind)
        self.label.setSizePolicy(_policy(is_wrapped=not kind))
        self.label.setText(f"<b>{result or kind}</b>" if result or kind else side_in_words(self._state, self._side))
        self.label.setToolTip(side_in_words(self._state, self._side))
        self._row.invalidate()  # a label that wraps or no longer wraps does not tell its layout so
        self._show_now()

    def _show_now(self) -> None:
        """What the side holds and matches where it stands."""
        trace = self._side.trace
        if self.now.isHidden() or trace is None:
            return
        step = self._state.comparison.step_of(self._side, self._state.playback.step)
        said = (trace.card.model.short, changed_in_words(trace), fill_in_words(trace, step), matched_in_words(trace, step))
        self.now.setText(" · ".join(part for part in said if part))


def _policy(is_wrapped: bool) -> QSizePolicy:
    """A text that wraps takes the width that is left and as many lines as that makes; another is as wide as it is."""
    across = QSizePolicy.Policy.Ignored if is_wrapped else QSizePolicy.Policy.Minimum
    policy = QSizePolicy(across, QSizePolicy.Policy.Preferred)
    policy.setHeightForWidth(is_wrapped)
    return policy


class CompareStrip(QWidget):
    """The line above both sides, with the way back."""

    wished = Signal(str)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.label = ShortLabel()
        self.fairness = QLabel()
        self.memories = TwoMemories(state)
        self.memories.switched.connect(self._switch)
        self.difference = button("Difference", "chip", "Replace B by B \N{MINUS SIGN} A (D)")
        self.difference.setCheckable(True)
        self.difference.clicked.connect(lambda: self.wished.emit("compare.difference"))
        self.other = button("Compare with …", "chip", "Choose another B")
        self.other.clicked.connect(lambda: self.wished.emit("compare.with"))
        close = IconButton("close", "Back to one side", self, 22)
        close.clicked.connect(lambda: self.wished.emit("compare.close"))
        row = QHBoxLayout(self)
        row.setContentsMargins(4, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.fairness)
        row.addSpacing(6)
        row.addWidget(self.label, 1)
        for widget in (self.memories, self.difference, self.other, close):
            row.addWidget(widget)

    def renew(self) -> None:
        """Say what differs now."""
        comparison = self._state.comparison
        differs, same = comparison.differences()
        parts = [f"differs: {', '.join(differs)}"] if differs else ["nothing differs"] if same else []
        parts += [f"same: {', '.join(same)}"] if same else []
        text = "; ".join(parts) + (f"  ·  {comparison.rule}" if comparison.rule else "")
        self.label.setText(text or "A and B stand side by side, on one clock and one scale.")
        self.label.setToolTip(text)
        self._show_memories(text)
        self.difference.setChecked(comparison.mode == "difference")
        self.difference.setEnabled(self._state.b.trace is not None)

    def _show_memories(self, text: str) -> None:
        """Of two streams: what they can be compared for, in the place of what differs."""
        a, b, comparison = self._state.a.trace, self._state.b.trace, self._state.comparison
        is_by_sample = comparison.is_by_sample and a is not None and b is not None
        said = fairness(a, b) if is_by_sample and a is not None and b is not None else ""
        self.fairness.setText(said)
        self.fairness.setToolTip(f"The two answer different questions. {text}")
        self.fairness.setVisible(bool(said))
        if said:
            self.label.setText(comparison.rule)
        self.difference.setVisible(not said)
        self.memories.setVisible(is_by_sample)
        self.memories.renew()

    def _switch(self, side: str, setting: str, value: bool) -> None:
        self._state.explorer.change_setting_of(self._state.a if side == "A" else self._state.b, setting, value)


class EmptySide(QWidget):
    """Where B would be: a sentence, and buttons that fill it."""

    wished = Signal(str)

    def __init__(self, state: AppState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self._text = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        self._text.setProperty("tone", "muted")
        self._rerun = button("Run A again with the edits", "primary", "Ctrl+Return")
        compare = button("Compare with …", "plain", "Another model, run or checkpoint, on A's episode")
        self._rerun.clicked.connect(lambda: self.wished.emit("edit.rerun"))
        compare.clicked.connect(lambda: self.wished.emit("compare.with"))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._rerun)
        row.addWidget(compare)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addWidget(self._text)
        column.addSpacing(8)
        column.addLayout(row)
        column.addStretch(1)

    def renew(self) -> None:
        """Say what can be done."""
        side, has_edits = self._state.b, any(edit.enabled for edit in self._state.what_if.edits)
        self._rerun.setVisible(has_edits)
        if side.is_waiting:
            self._text.setText("Recording side B …")
        elif side.refusal:
            self._text.setText(side.refusal)
        else:
            self._text.setText(
                "Nothing is open as B yet. Compare A with another model, run or checkpoint on the same episode, "
                "or change something in A and run it again."
            )


def side_in_words(state: AppState, side: Side) -> str:
    """ "Neural Turing Machine · checkpoint 7,000 · episode 3": what a side shows."""
    trace = side.trace
    if trace is None:
        return "being recorded …" if side.is_waiting else side.refusal or "nothing yet"
    words = [trace.card.model.name, f"checkpoint {trace.card.update:,}", _episode(state, trace)]
    edits = [edit_in_words(edit) for edit in trace.card.edits if edit.enabled]
    if edits:
        words.append("with " + ", ".join(edits))
    if side.is_waiting:
        words.append("a newer one is being recorded …")
    return " · ".join(words)


def _episode(state: AppState, trace: Trace) -> str:
    """As the bar calls it."""
    exhibit = state.catalogue.exhibit(trace.card.source)
    name, _ = episode_name(EpisodeWish(seed=trace.card.seed, own=trace.card.own), exhibit)
    return f"episode {name}" if name.isdigit() else name.lower()
