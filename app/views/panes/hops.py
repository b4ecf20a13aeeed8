"""How did the answer form? Each hop's attention over the facts, with the text of every fact beside its row."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.hops import HopsPlot
from app.state.describe import number
from app.state.lens import Selection
from app.state.sentence import hops_in_words
from app.state.things import slot_says
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.tape import supporting_slots
from engine.contract.cards import Channel
from engine.contract.trace import Trace


class Hops(PaneView):
    """Facts by hops at the present step."""

    ABSENT = "This model answers without hops over facts."
    NEEDS_STEP = True
    WISH = 400
    HELP = PaneHelp(
        what_you_see="A row for each fact in memory, a column for each hop (one look over all facts). The darker a cell, "
        "the more that hop attends to the fact; the number is its share. A dot marks a fact that the right answer needs.",
        what_to_look_for="Does the first hop find the fact about the person, and the next one the fact that follows from it? "
        "Dark cells beside dots: the network looks at the right facts. Grey columns: the hop spreads over many.",
        formula="attention[fact] = softmax over facts of (state · fact); the state of the next hop adds what was read.",
        what_it_does_not_show="Whether the answer would change without a fact: attention is where it looks, not why it answers. "
        "Erase a fact and run again to see that.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The rows of facts."""
        self._plot = HopsPlot(self.colours)
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._slots: list[int] = []
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._plot)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Fix the scale."""
        low, high, scale = self.reading.scale(self._channel)
        self._plot.matrix.set_scale(low, high, scale)

    def nothing_at(self, trace: Trace, step: int) -> str:
        """At a step without hops."""
        if np.isfinite(self.reading.at(self._channel, step)).any():
            return ""
        return "A fact is told at this step. The hops begin when a question is asked."

    def show_step(self, trace: Trace, step: int) -> None:
        """The facts that lie in memory now, and how each hop looks at them."""
        attention = np.asarray(self.reading.at(self._channel, step)).T
        shown: list[int] = np.flatnonzero(np.isfinite(attention).any(-1)).tolist()
        self._slots = [slot for slot in shown if slot_says(trace, slot, step)] or shown
        needed = set(supporting_slots(trace, step))
        items = [slot_says(trace, slot, step) or f"slot {slot}" for slot in self._slots]
        self._plot.show_hops(
            items, attention[self._slots], [i for i, slot in enumerate(self._slots) if slot in needed], self._slots
        )
        stages, micro = trace.card.model.micro_steps, self.state.playback.micro
        self._plot.set_hop(stages[micro].part if micro is not None and micro < len(stages) else None)

    def show_marks(self, trace: Trace) -> None:
        """Outline the selected fact or cell, and what is hovered anywhere."""
        chosen, hover = self.state.lens.selection, self.state.lens.hover
        row = self._row(chosen)
        hop = chosen.hop if chosen.hop >= 0 and chosen.channel == self._channel.name else None
        self._plot.set_selected(row, hop if row is not None or hop is not None else None)
        over = self._row(hover) if hover is not None else None
        self._plot.set_hovered(-1 if over is None else over, -1)

    def technical(self) -> str:
        """ "Hops · question at step 3"."""
        return f"Hops · step {self.step + 1}" + (" · B \N{MINUS SIGN} A" if self.is_difference else "")

    def in_words(self, trace: Trace, step: int) -> str:
        """Where each hop looks, and whether that is right."""
        needed = [slot_says(trace, slot, step) or f"slot {slot}" for slot in supporting_slots(trace, step)]
        return hops_in_words(trace, step) + (f" The answer needs: {' '.join(needed)}" if needed else "")

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each fact."""
        attention = np.asarray(self.reading.at(self._channel, step)).T
        needed = set(supporting_slots(trace, step))
        rows: list[list[object]] = [
            [slot, slot_says(trace, slot, step), int(slot in needed), *(float(v) for v in attention[slot])]
            for slot in self._slots
        ]
        return ["slot", "fact", "needed", *(f"hop {hop + 1}" for hop in range(attention.shape[1]))], rows

    def enter(self) -> None:
        """The arrows walk from cell to cell."""
        self._plot.matrix.enter()

    # ---- the inside ----

    @property
    def _channel(self) -> Channel:
        return self.channels[0]

    def _row(self, selection: Selection) -> int | None:
        return self._slots.index(selection.slots[0]) if selection.slots and selection.slots[0] in self._slots else None

    def _selection(self, row: int, hop: int) -> Selection:
        return Selection(side=self.side.name, channel=self._channel.name, hop=hop, slots=(self._slots[row],))

    def _clicked(self, row: int, hop: int, modifiers: Qt.KeyboardModifier) -> None:
        if row < len(self._slots) and not self.is_behind:
            self.choose(self._selection(row, hop), modifiers)

    def _hovered(self, row: int, hop: int) -> None:
        if not 0 <= row < len(self._slots) or self.is_behind:
            self.point(None)
            return
        value = float(self.reading.at(self._channel, self.step)[hop][self._slots[row]])
        self.point(self._selection(row, hop), f"slot {self._slots[row]}, hop {hop + 1}: {number(value)}")
