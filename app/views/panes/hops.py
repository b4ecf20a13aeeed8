"""How did the answer form? Where each hop, pass or lookup looks, with the text of every fact beside its row."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.hops import Foot, HopsPlot
from app.state.describe import number
from app.state.lens import Selection
from app.state.looks import Look, first_hit, look_of, spread, supporting_slots
from app.state.sentence import hops_in_words
from app.state.things import slot_says
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace


class Hops(PaneView):
    """Facts by hops (or passes, or lookups) at the present step."""

    ABSENT = "This model answers without hops over facts."
    NEEDS_STEP = True
    WISH = 400
    HELP = PaneHelp(
        what_you_see="A row for each fact in memory, a column for each look over all facts: a hop, a pass or a lookup, as this "
        "model calls it. The darker a cell, the more is taken of the fact. A dot marks a fact that the right answer rests on. "
        "Below: what a column adds up to, and how widely it is spread (0: one fact alone).",
        what_to_look_for="Does the first look find the fact about the person, and the next one the fact that follows from it? "
        "Dark cells beside dots: the network looks at the right facts. Grey columns: it spreads over many. Gates are "
        "independent of each other: several may be open, or none. A hard choice takes one fact only.",
        formula="shares: softmax over facts of (state · fact), and over an empty place where the model has one, which gets what "
        "is missing from 1; gates: a sigmoid for each fact; a choice: the fact with the highest score; linear start: the scores "
        "themselves, of either sign.",
        what_it_does_not_show="Whether the answer would change without a fact: this is where it looks, not why it answers. "
        "Erase a fact and run again to see that.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The rows of facts."""
        self._plot = HopsPlot(self.colours)
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._slots: list[int] = []
        self._look: Look | None = None
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        self._found = QLabel(wordWrap=True)
        self._found.setProperty("tone", "muted")
        column.addWidget(self._plot, 1)
        column.addWidget(self._found)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Fix the scale."""
        low, high, scale = self.reading.scale(self._channel)
        look = look_of(trace)
        self._look = look
        self._plot.matrix.set_scale(low, high, scale, badge=look.says if look is not None and look.kind == "scores" else "")

    def nothing_at(self, trace: Trace, step: int) -> str:
        """At a step without hops."""
        if np.isfinite(self.reading.at(self._channel, step)).any():
            return ""
        look = look_of(trace)
        return f"A fact is told at this step. The {_many(look.word if look else 'hop')} begin when a question is asked."

    def show_step(self, trace: Trace, step: int) -> None:
        """The facts that lie in memory now, and how each hop looks at them."""
        attention = np.asarray(self.reading.at(self._channel, step)).T
        shown: list[int] = np.flatnonzero(np.isfinite(attention).any(-1)).tolist()
        self._slots = [slot for slot in shown if slot_says(trace, slot, step)] or shown
        needed = set(supporting_slots(trace, step))
        items = [slot_says(trace, slot, step) or f"slot {slot}" for slot in self._slots]
        self._say_found(trace, step, sorted(needed))
        self._plot.show_hops(
            items, attention[self._slots], [i for i, slot in enumerate(self._slots) if slot in needed], self._slots
        )
        if self._look is not None:
            self._plot.set_columns(self._look.names, () if self.is_difference else _foot(self._look, attention.T))
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
        """ "Hops · step 3", or what they are called; in a few words, what the numbers are."""
        look = look_of(self.side.trace) if self.side.trace is not None else None
        many = _many(look.word).capitalize() if look is not None else self.card.technical
        what = " · B \N{MINUS SIGN} A" if self.is_difference else f" · {_SHORT[look.kind]}" if look is not None else ""
        return f"{many} · step {self.step + 1}{what}"

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
        return ["slot", "fact", "needed", *(self._look.names if self._look is not None else ())], rows

    def enter(self) -> None:
        """The arrows walk from cell to cell."""
        self._plot.matrix.enter()

    # ---- the inside ----

    def _say_found(self, trace: Trace, step: int, needed: list[int]) -> None:
        """Which look first found each fact that the answer rests on; and what the memory has dropped, where it is too small."""
        told = list(trace.card.labels.get("note", ()))
        look = self._look
        if needed and look is not None and not self.is_difference:
            rows = np.asarray(trace.at(look.channel.name, step))
            hops = {slot: first_hit(look, rows, slot) for slot in needed}
            found = (f"fact {slot} by {look.names[hop] if hop >= 0 else 'none'}" for slot, hop in hops.items())
            told.insert(0, f"Found first: {', '.join(found)}.")
        self._found.setText(" ".join(told))
        self._found.setVisible(bool(told))

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
        self.point(self._selection(row, hop), f"slot {self._slots[row]}, {self._name(hop)}: {number(value)}")

    def _name(self, hop: int) -> str:
        return self._look.names[hop] if self._look is not None and hop < len(self._look.names) else f"hop {hop + 1}"


_SHORT = {"shares": "shares of one whole", "gates": "independent gates", "choice": "a hard choice", "scores": "scores"}


def _many(word: str) -> str:
    return f"{word}es" if word.endswith("s") else f"{word}s"


def _foot(look: Look, rows: Array) -> Foot:
    """What is to be said of each column: its sum and spread, or that it has none that means something."""
    there = [row[np.isfinite(row)] for row in rows]
    if look.kind == "shares":
        sums = tuple(number(float(row.sum())) if row.size else "" for row in there)
        return ("sum over facts", sums), ("spread, nats", tuple(number(spread(row)) if row.size else "" for row in there))
    if look.kind == "gates":
        return (("sum (gates are independent)", tuple(number(float(row.sum())) if row.size else "" for row in there)),)
    return ()
