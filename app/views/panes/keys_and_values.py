"""What matched, what was returned? Keys and values as two lists, and between them how much each hop takes of every pair."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.pairs import PairRow, PairsPlot
from app.state.describe import number
from app.state.lens import Selection
from app.state.looks import largest, supporting_slots
from app.state.pairs import Pair, Pairs, pairs_at, pairs_of
from app.state.sentence import hops_in_words
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace


class KeysAndValues(PaneView):
    """Pairs by hops at the present step."""

    ABSENT = "This model keeps no pairs of keys and values."
    NEEDS_STEP = True
    WISH = 440
    HELP = PaneHelp(
        what_you_see="Each row is a pair in memory: on the left its key, by which it is found; on the right its value, which is "
        "what a look returns. Between them a column for each hop: the darker, the more is taken. An arrow leads to what the "
        "present hop (else the last one) returns, as thick as its share. A dot marks the pair that the right answer rests on. "
        "Grey pairs below were set aside before the first look, because their keys share no rare word with the question.",
        what_to_look_for="How few pairs are left when the others are set aside. Does the dark cell lie beside the key that says "
        "what was asked, and does its value give the answer? With several pairs of one subject, the hop must tell the relations "
        "apart: who directed, who wrote.",
        formula="share[pair] = softmax over candidates of (state · key); returned = sum of share × value; the next hop looks for "
        "R · (state + returned).",
        what_it_does_not_show="The vectors: keys and values are words here, and numbers for the network. Of a story, the value "
        "is shown as the answer that it alone would give.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The two lists, and a sentence below."""
        self._plot = PairsPlot(self.colours)
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._pairs: Pairs | None = None
        self._shown: list[Pair | None] = []
        self._says = QLabel(wordWrap=True)
        self._says.setProperty("tone", "muted")
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._plot, 1)
        column.addWidget(self._says)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Fix the scale."""
        self._pairs = pairs_of(trace)
        low, high, scale = self.reading.scale(self._channel)
        look = self._pairs.look if self._pairs else None
        self._plot.matrix.set_scale(low, high, scale, badge=look.says if look is not None and look.kind == "scores" else "")

    def nothing_at(self, trace: Trace, step: int) -> str:
        """While values that are worked out with the question have none yet."""
        pairs = pairs_of(trace)
        if pairs is None or pairs.is_told or np.isfinite(trace.at(pairs.look.channel.name, step)).any():
            return ""
        return "A fact is told at this step. Keys are compared when a question is asked."

    def show_step(self, trace: Trace, step: int) -> None:
        """The pairs that lie in memory now, and how much each hop takes of them."""
        pairs = self._pairs
        if pairs is None:
            return
        found = pairs_at(trace, pairs, step)
        aside = [pair for pair in found if not pair.is_candidate]
        kept: list[Pair | None] = [pair for pair in found if pair.is_candidate]
        self._shown = [*kept, None, *aside] if aside else kept
        weights = np.asarray(self.reading.at(self._channel, step)).T
        needed = set(supporting_slots(trace, step))
        rows = [_row(pair, needed) if pair is not None else PairRow(-1, _caption(len(aside))) for pair in self._shown]
        self._plot.show_pairs(rows, self._weights(weights), pairs.look.names, _heads(pairs))
        stages, micro = trace.card.model.micro_steps, self.state.playback.micro
        self._plot.set_hop(stages[micro].part if micro is not None and micro < len(stages) else None)
        self._says.setText(_counted(trace, pairs, found, step))

    def show_marks(self, trace: Trace) -> None:
        """Outline the selected pair or cell, and what is hovered anywhere."""
        chosen, hover = self.state.lens.selection, self.state.lens.hover
        row = self._row_of(chosen)
        hop = chosen.hop if chosen.hop >= 0 and chosen.channel == self._channel.name else None
        self._plot.set_selected(row, hop if row is not None or hop is not None else None)
        over = self._row_of(hover) if hover is not None else None
        self._plot.set_hovered(-1 if over is None else over, -1)

    def technical(self) -> str:
        """ "Keys and values · step 49"."""
        return f"Keys and values · step {self.step + 1}" + (" · B \N{MINUS SIGN} A" if self.is_difference else "")

    def in_words(self, trace: Trace, step: int) -> str:
        """How many pairs are candidates, where each hop looks, and what it returns."""
        pairs = pairs_of(trace)
        if pairs is None:
            return ""
        return " ".join(filter(None, (_counted(trace, pairs, pairs_at(trace, pairs, step), step), hops_in_words(trace, step))))

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each pair."""
        weights = np.asarray(self.reading.at(self._channel, step)).T
        needed = set(supporting_slots(trace, step))
        rows: list[list[object]] = [
            [pair.slot, pair.key, pair.value, int(pair.is_candidate), int(pair.slot in needed)]
            + [float(weight) for weight in weights[pair.slot]]
            for pair in self._shown
            if pair is not None
        ]
        names = self._pairs.look.names if self._pairs is not None else ()
        return ["slot", "key", "value", "candidate", "needed", *names], rows

    def enter(self) -> None:
        """The arrows walk from cell to cell."""
        self._plot.matrix.enter()

    # ---- the inside ----

    @property
    def _channel(self) -> Channel:
        return self.channels[0]

    def _weights(self, weights: Array) -> Array:
        """The weights of the rows as they are shown; none of pairs that are set aside, nor of the caption."""
        shown = np.full((len(self._shown), weights.shape[1]), np.nan, np.float32)
        for row, pair in enumerate(self._shown):
            if pair is not None and pair.is_candidate:
                shown[row] = weights[pair.slot]
        return shown

    def _row_of(self, selection: Selection) -> int | None:
        slots = [pair.slot if pair is not None else -1 for pair in self._shown]
        return slots.index(selection.slots[0]) if selection.slots and selection.slots[0] in slots else None

    def _pair(self, row: int) -> Pair | None:
        return self._shown[row] if 0 <= row < len(self._shown) and not self.is_behind else None

    def _selection(self, pair: Pair, hop: int) -> Selection:
        return Selection(side=self.side.name, channel=self._channel.name, hop=hop, slots=(pair.slot,))

    def _clicked(self, row: int, hop: int, modifiers: Qt.KeyboardModifier) -> None:
        pair = self._pair(row)
        if pair is not None:
            self.choose(self._selection(pair, hop), modifiers)

    def _hovered(self, row: int, hop: int) -> None:
        pair = self._pair(row)
        if pair is None or self._pairs is None or hop < 0:
            self.point(None)
            return
        value = float(self.reading.at(self._channel, self.step)[hop][pair.slot])
        taken = number(value) if pair.is_candidate and np.isfinite(value) else "set aside" if np.isfinite(value) else "not asked"
        self.point(self._selection(pair, hop), f"{pair.key} → {pair.value or '…'}, {self._pairs.look.names[hop]}: {taken}")


def _row(pair: Pair, needed: set[int]) -> PairRow:
    return PairRow(pair.slot, pair.key, pair.value, pair.is_candidate, pair.slot in needed)


def _heads(pairs: Pairs) -> tuple[str, str]:
    return "key: what is matched", "value: what is returned" if pairs.is_told else "value: what it says alone"


def _caption(aside: int) -> str:
    pairs = "1 pair" if aside == 1 else f"{aside} pairs"
    return f"{pairs} set aside: no rare word of the question in the key"


def _counted(trace: Trace, pairs: Pairs, found: tuple[Pair, ...], step: int) -> str:
    """How many pairs there are and how many are candidates, and what the last hop returns."""
    weights = np.asarray(trace.at(pairs.look.channel.name, step))
    if not np.isfinite(weights).any():
        return f"{_many(len(found))} so far; keys are compared when a question is asked."
    kept = [pair for pair in found if pair.is_candidate]
    if not kept:
        return "No pair is a candidate: no key shares a rare word with the question. Nothing is returned."
    told = f"{len(kept)} of {_many(len(found))} {'is a candidate' if len(kept) == 1 else 'are candidates'}."
    slot = largest(pairs.look, weights)[-1]
    best = next((pair for pair in kept if pair.slot == slot), None)
    if best is None:
        return told
    share = number(float(weights[-1][slot]))
    last = pairs.look.names[-1].capitalize()
    return f"{told} {last} takes most of “{best.key}” ({share}) and gets “{best.value or '…'}”."


def _many(count: int) -> str:
    return "1 pair" if count == 1 else f"{count} pairs"
