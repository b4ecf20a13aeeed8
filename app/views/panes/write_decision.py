"""Is it worth a slot? What the writing controller saw of this sample, what it decided and why; below, the whole stream."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.bars import Bar, Bars
from app.plots.curve import Band
from app.plots.decisions import DecisionPlot
from app.state.decision import WORTH_FROM, Decision, decision_at, decisions_of, reasons, tally, verdict, whole_of
from app.state.describe import number
from app.state.growing import growing_of
from app.state.lens import Selection
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.picture import scrolled
from app.widgets.section import Section
from app.widgets.tokens import sized, unit
from engine.contract.trace import Trace

ROOM_FOR_HISTORY = 300
"""From this height the history of the stream stands below."""
_HISTORY = 116
_MOST_BARS = 20


class WriteDecision(PaneView):
    """One sample's decision, and those of the whole stream."""

    ABSENT = "This model decides about no sample: its memory does not grow, or every sample is stored."
    NEEDS_STEP = True
    SHOWS_DIFFERENCE = False
    LEAST_HIGH = 170
    WISH = 320
    HELP = PaneHelp(
        what_you_see="A bar for each future that the memory foresaw: how much of what really happened it explains, that is, at "
        "what share of its steps it was within the tolerance. The dashed line is the threshold: if even the best bar ends "
        "before it, the memory did not know this sample, and it is stored. Below, every sample of the stream at the height of "
        "its best bar: a filled triangle was stored, a ring refused, a cross was worth a slot when there was none.",
        what_to_look_for="Many triangles at the beginning, ever fewer later: the memory has seen it all. A new phase of the "
        "stream, with sorts that were not there before, brings triangles again. A ring just above the line: almost stored.",
        formula="a = the largest success rate; P(write) = σ(w·a + b); stored if P > 0.5, which is a < a* = −b/w\n"
        "loss of the controller = P·a + (1 − P)·(1 − a)",
        what_it_does_not_show="What the controller never sees: it decides by one number, how well the best future fits. That a "
        "sample is rare, or of a new sort, counts only as far as the memory foresees it badly.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The verdict, why, the bars, and the history."""
        self._found: Decision | None = None
        self._drawn: Trace | None = None
        self._verdict, self._why, self._tally = QLabel(wordWrap=True), QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._verdict.setProperty("tone", "title")
        for label in (self._why, self._tally):
            label.setProperty("tone", "muted")
            label.setFont(sized(self, 11.5))
        self._futures, self._controller = Bars(self.colours), Bars(self.colours)
        self._heading = Section("Success of each retrieved future")
        self._futures.clicked.connect(self._future_clicked)
        self._futures.hovered.connect(self._future_hovered)
        self._history = DecisionPlot(self.colours)
        self._history.clicked.connect(self._history_clicked)
        above, body = QWidget(), QWidget()
        told = QVBoxLayout(above)
        told.setContentsMargins(0, 4, 4, 0)
        told.setSpacing(6)
        for widget in (self._verdict, self._why, self._controller, self._heading, self._futures):
            told.addWidget(widget)
        told.addStretch(1)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(scrolled(above), 1)
        column.addWidget(self._history)
        column.addWidget(self._tally)
        return body

    def show_trace(self, trace: Trace) -> None:
        """The history of another stream."""
        scale = unit(self)
        has_room = not self.isVisible() or self.height() >= ROOM_FOR_HISTORY * scale
        self._history.setVisible(has_room)
        self._tally.setVisible(has_room)
        self._history.setFixedHeight(round(min(_HISTORY * scale, max(self.height() * 0.3, 80 * scale))))
        if self._drawn is trace:
            return
        self._drawn = trace
        every = decisions_of(trace)
        bands = [Band(first=phase.first, last=phase.last + 1, name=phase.name) for phase in trace.card.phases]
        counted = "sample" if trace.card.sample_steps == 1 else "step"
        self._history.show_decisions(every.best, every.threshold, every.stored, every.full, counted, bands)

    def show_step(self, trace: Trace, step: int) -> None:
        """Another sample."""
        found = self._found = decision_at(trace, step)
        self._verdict.setText(verdict(found, whole_of(trace)))
        self._why.setText(reasons(found))
        self._heading.setVisible(bool(found.slots))
        loss = f" Loss of the controller on this sample: {number(found.loss)}." if np.isfinite(found.loss) else ""
        self._tally.setText(f"{tally(trace, step)}.{loss}")
        self._history.set_cursor(step)
        controller = [
            Bar(name="best success", value=found.best),
            Bar(name="threshold", value=found.threshold, is_pale=True),
            Bar(name="P(write)", value=found.probability, mark="worth a slot" if found.probability > WORTH_FROM else ""),
        ]
        self._controller.show_bars([bar for bar in controller if np.isfinite(bar.value)])

    def show_marks(self, trace: Trace) -> None:
        """The bar of the chosen slot is bold."""
        found = self._found
        if found is None:
            return
        chosen = self.state.lens.selection.slots
        bars = [
            Bar(
                name=f"slot {slot}", value=rate if np.isfinite(rate) else 0.0, is_chosen=slot in chosen,
                is_pale=slot != found.best_slot, mark="best" if slot == found.best_slot else "",
            )
            for slot, rate in zip(found.slots[:_MOST_BARS], found.success[:_MOST_BARS], strict=True)
        ]  # fmt: skip
        self._futures.show_bars(bars, level=found.threshold if np.isfinite(found.threshold) else None)
        self._futures.setVisible(bool(bars))

    def technical(self) -> str:
        """ "Write decision · sample 512"."""
        trace = self.side.trace
        if trace is None or not trace.samples:
            return f"{self.card.technical} · step {self.step + 1:,}"
        return f"{self.card.technical} · sample {trace.sample_at(self.step) + 1:,}"

    def in_words(self, trace: Trace, step: int) -> str:
        """The verdict, why, and how many were stored so far."""
        found = decision_at(trace, step)
        sure = f" P(write) {number(found.probability)}, loss {number(found.loss)}." if np.isfinite(found.probability) else ""
        return f"{verdict(found, whole_of(trace))}. {reasons(found)}{sure} {tally(trace, step)}."

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each sample of the stream."""
        every = decisions_of(trace)
        rows: list[list[object]] = []
        for place in range(trace.steps):
            found = decision_at(trace, place)
            fate = "stored" if every.stored[place] else "turned away: full" if every.full[place] else "refused"
            slots = found.slot if found.slot >= 0 else ""
            best = found.best_slot if found.best_slot >= 0 else ""
            rows.append([place + 1, fate, slots, best, found.best, found.threshold, found.probability, found.loss])
        return ["step", "decision", "stored as slot", "best slot", "best success", "threshold", "P(write)", "loss"], rows

    def enter(self) -> None:
        """The keyboard goes to the history: there the window's own arrows move from sample to sample."""
        self._history.setFocus(Qt.FocusReason.OtherFocusReason)

    # ---- the inside ----

    def _selection(self, index: int) -> Selection | None:
        trace, found = self.side.trace, self._found
        growing = growing_of(trace) if trace is not None else None
        if growing is None or found is None or not 0 <= index < len(found.slots):
            return None
        return Selection(side=self.side.name, channel=growing.memory, slots=(found.slots[index],))

    def _future_clicked(self, index: int) -> None:
        chosen = self._selection(index)
        if chosen is not None and not self.is_behind:
            self.choose(chosen, self.modifiers)

    def _future_hovered(self, index: int) -> None:
        over, found = (self._selection(index), self._found) if not self.is_behind else (None, None)
        if over is None or found is None:
            self.point(None)
            return
        self.point(over, f"slot {found.slots[index]} explains {found.success[index]:.0%} of what happened")

    def _history_clicked(self, place: float) -> None:
        if not self.is_behind:
            self.go_to(max(round(place), 0))
            self.activated.emit()
