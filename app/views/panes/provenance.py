"""Who wrote this? For each slot (or each cell of one slot), the shares of the writes that made what lies there now, by step."""

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QBoxLayout, QLabel, QVBoxLayout, QWidget

from app.plots.axes import Axis
from app.plots.bars import Bar, Bars
from app.plots.matrix_plot import MatrixPlot
from app.state.lens import Selection
from app.state.provenance import Provenance, written_memory
from app.state.provenance_words import percent, told, writers
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Stale, Table
from app.views.panes.choice import Choice
from app.views.panes.over_steps import say_how_many, show_first_rows
from app.widgets.tokens import sized, unit
from engine.contract.trace import Array, Trace

ROOM_BESIDE, ROOM_BELOW = 640, 340
"""From this width the bars stand beside the matrix, else below it where the pane is this high."""
HEAVY = 3_000_000
"""Numbers to be found anew from which the picture waits until the cursor rests."""
_REST = 120


class WhoWrote(PaneView):
    """Slots by the steps that wrote them; the selected slot's largest shares as bars."""

    ABSENT = (
        "Shares can be told where a memory is erased and added to, since each of its contents is then a sum of writes. Here "
        "a slot is written whole, at its own step, or all of the state is rewritten at every step."
    )
    NEEDS_STEP = True
    WISH = 300
    HELP = PaneHelp(
        what_you_see="What lies in memory now, by who put it there. A row is a slot, a column is the step at which something "
        "was written; the darker a cell, the larger that write's share of what the slot holds now. The first column is what "
        "lay there at the start. Rows without colour are (nearly) blank. The bars tell the selected slot's largest shares.",
        what_to_look_for="One dark cell in a row: the slot holds one thing, written at once. Several grey ones: it is a mixture. "
        "A row whose dark cell moves to the right was overwritten. A click on a cell goes to the step that wrote it.",
        formula="left of a write = w·a · Π over later steps (1 − w·e)\n"
        "left of the start = M at first · Π over all (1 − w·e)\n"
        "M now = the sum of all these, exactly\n"
        "share = |left| / sum of all |left|; of a slot, summed over its features\n"
        "w: weighting, a: add, e: erase",
        what_it_does_not_show="Writes of opposite sign can cancel: shares count what was put in, not what remains of the sum. "
        "And a large share need not matter for the answer: erase the slot and run again to see that.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The matrix, and the bars of one slot."""
        self._found: dict[str, Provenance] = {}
        self._drawn, self._is_due = -1, False
        self._shown: Array = np.zeros((0, 0), np.float32)
        self._window = (0, 0)
        self._plot = MatrixPlot(self.colours)
        self._plot.set_gathering("max")
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._choice = Choice("Every slot, or the features of one")
        self._choice.chosen.connect(lambda _index: self.invalidate(Stale.TRACE))
        self._later = QTimer(self, singleShot=True, interval=_REST)
        self._later.timeout.connect(self._draw_late)
        self._title = QLabel()
        self._title.setFont(sized(self, 12))
        self._title.setMinimumWidth(40)
        self._bars = Bars(self.colours)
        self._bars.clicked.connect(self._bar_clicked)
        self._detail = QWidget()
        column = QVBoxLayout(self._detail)
        column.setContentsMargins(4, 2, 4, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._bars)
        column.addStretch(1)
        body = QWidget()
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, body)
        self._row.setContentsMargins(0, 2, 0, 0)
        self._row.setSpacing(6)
        self._row.addWidget(self._plot, 1)
        self._row.addWidget(self._detail)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Find the memory and its writes, on both sides of a difference."""
        if self._choice.parent() is None:
            self.frame.add_to_header(self._choice)
            self._choice.offer(("all slots", "one slot"))
        sides = (self.state.a, self.state.b) if self.is_difference else (self.side,)
        kept, self._found = self._found, {}
        for side in sides:
            if side.trace is not None and (written := written_memory(side.trace)) is not None:
                before = kept.get(side.name)
                self._found[side.name] = (
                    before if before is not None and before.trace is side.trace else Provenance(side.trace, written)
                )
        scale = (-1.0, 1.0, "difference") if self.is_difference else (0.0, 1.0, "ramp")
        self._plot.set_scale(scale[0], scale[1], scale[2])  # type: ignore[arg-type]  # one of the three names
        found = self._own
        self.frame.set_lifetime("plain" if found is None else found.written.memory.lifetime)
        self._place_detail()

    def show_step(self, trace: Trace, step: int) -> None:
        """The shares at this step; where there is very much to find anew, once the cursor rests."""
        found = self._own
        if found is None:
            return
        if self.isVisible() and not self._is_due and not self._is_of_one and found.work(step, found.slots) > HEAVY:
            self._later.start()
            return
        self._is_due = False
        self._drawn = step
        first, values = found.first(step), self._values(step)
        self._shown = values
        oldest = "start" if first == 0 else "older"
        rows = "feature" if self._is_of_one else "slot"
        self._plot.set_axes(Axis(title="written at step", base=first, names=(oldest,), binary=False), Axis(title=rows))
        shown = 0 if self._is_of_one else self.reading.slots_shown()
        say_how_many(self._plot, shown, len(values))
        self._plot.show_values(values)
        if (len(values), shown) != self._window:
            self._window = (len(values), shown)
            show_first_rows(self._plot, shown)
        self._plot.set_cursor(step - first + 1)

    def show_marks(self, trace: Trace) -> None:
        """Outline the chosen slots (or feature), and tell the shares of the first of them."""
        found = self._own
        if found is None or self._drawn < 0:
            return
        if self._is_of_one and self._slot(found) != self._shown_slot:
            self.show_step(trace, self.step)
        lens, rows = self.state.lens, self._plot.heatmap.rows
        column = self._drawn - found.first(self._drawn) + 1 if self._plot.is_inside else -1
        chosen = lens.selection.features[:1] if self._is_of_one else lens.selection.slots
        self._plot.set_selected_cells(tuple((row, column) for row in chosen if row < rows))
        hover = lens.hover.slots[0] if lens.hover is not None and lens.hover.slots and not self._is_of_one else -1
        self._plot.set_hovered(hover if hover < rows else -1, -1)
        self._tell(found)

    def technical(self) -> str:
        """ "after step 9"; in the mode of one slot, which."""
        slot = f"slot {self._shown_slot}, " if self._is_of_one else ""
        ahead = "B \N{MINUS SIGN} A, " if self.is_difference else ""
        return f"{ahead}{slot}after step {max(self._drawn, 0) + 1}"

    def in_words(self, trace: Trace, step: int) -> str:
        """How many slots hold something, and who wrote the chosen one."""
        found = self._own
        if found is None:
            return ""
        shares = found.shares(step, found.slots)
        holding = int(np.isfinite(shares[:, 0]).sum())
        slot = self._slot(found)
        return f"After step {step + 1}, {holding} of {found.slots} slots hold something. Slot {slot}: {told(found, slot, step)}"

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each slot (or feature), a column for each step that wrote."""
        found = self._own
        if found is None:
            return [], []
        first, values = found.first(step), self._values(step)[:, : step - found.first(step) + 2]
        steps = (f"step {s + 1}" for s in range(first, step + 1))
        rows: list[list[object]] = [[index, *(float(value) for value in row)] for index, row in enumerate(values)]
        return ["feature" if self._is_of_one else "slot", "start" if first == 0 else "older", *steps], rows

    def enter(self) -> None:
        """The arrows walk from slot to slot and from step to step."""
        found = self._own
        if found is not None:
            self._plot.set_selected(self._slot(found), max(self._drawn - found.first(self._drawn) + 1, 0))
            self._plot.enter()

    # ---- the inside ----

    @property
    def _own(self) -> Provenance | None:
        return self._found.get(self.side.name)

    @property
    def _is_of_one(self) -> bool:
        return self._choice.index == 1

    _shown_slot = 0

    def _slot(self, found: Provenance) -> int:
        """The selected slot, else the one that is written most at this step."""
        chosen = self.state.lens.selection.slots
        if chosen and chosen[0] < found.slots:
            return chosen[0]
        return int(np.asarray(found.trace.at(found.written.write.name, self._drawn)).reshape(-1, found.slots).max(0).argmax())

    def _values(self, step: int) -> Array:
        """The matrix of shares, or its difference."""
        own = self._own
        if own is None:
            return np.zeros((0, 0), np.float32)
        self._shown_slot = self._slot(own)
        now = [
            found.feature_shares(self._shown_slot, step) if self._is_of_one else found.shares(step, found.slots)
            for found in self._found.values()
        ]
        if len(now) == 1:
            return now[0]
        both: Array = np.nan_to_num(now[1]) - np.nan_to_num(now[0])
        both[np.isnan(now[0]) & np.isnan(now[1])] = np.nan
        return both

    def _tell(self, found: Provenance) -> None:
        slot, chosen = self._slot(found), self.state.lens.selection
        is_cell = len(chosen.features) == 1 and chosen.channel == found.written.memory.name
        feature = chosen.features[0] if is_cell else -1
        self._told = writers(found, slot, self._drawn, feature)
        cell = f", feature {feature}" if feature >= 0 else ""
        self._title.setText(f"Slot {slot}{cell}" + ("" if self._told else ": (nearly) blank"))
        self._bars.show_bars([Bar(name=one.name, value=one.share, text=percent(one.share)) for one in self._told])
        self._detail.setAccessibleName(f"Slot {slot}{cell}: {told(found, slot, self._drawn, feature)}")

    def _place_detail(self) -> None:
        """The bars stand beside the matrix, below it, or nowhere, as there is room; below they always keep the same height."""
        is_beside, scale = self.width() >= ROOM_BESIDE * unit(self), unit(self)
        self._row.setDirection(QBoxLayout.Direction.LeftToRight if is_beside else QBoxLayout.Direction.TopToBottom)
        self._detail.setVisible(is_beside or self.height() >= ROOM_BELOW * scale)
        self._detail.setFixedWidth(round(230 * scale)) if is_beside else self._detail.setMaximumWidth(16_777_215)
        if not is_beside:
            self._detail.setMinimumWidth(0)
        self._detail.setMinimumHeight(0 if is_beside else round(98 * scale))
        self._row.activate()

    def _draw_late(self) -> None:
        self._is_due = True
        self.invalidate(Stale.STEP)

    def _selection(self, found: Provenance, row: int) -> Selection:
        slot, feature = (self._shown_slot, (row,)) if self._is_of_one else (row, ())
        return Selection(side=self.side.name, channel=found.written.memory.name, slots=(slot,), features=feature)

    def _clicked(self, row: int, column: int, modifiers: Qt.KeyboardModifier) -> None:
        found = self._own
        if found is None or self.is_behind:
            return
        step = found.first(self._drawn) + column - 1
        self.choose(self._selection(found, row), modifiers, step if column > 0 else None)

    def _bar_clicked(self, index: int) -> None:
        found = self._own
        if found is not None and not self.is_behind and self._told[index].step >= 0:
            self.choose(self._selection(found, self._slot(found)), self.modifiers, self._told[index].step)

    def _hovered(self, row: int, column: int) -> None:
        found = self._own
        if found is None or row < 0 or self.is_behind or self._drawn < 0:
            self.point(None)
            return
        first = found.first(self._drawn)
        value = float(self._shown[row, column])
        when = f"step {first + column}" if column else "start" if first == 0 else f"before step {first + 1}"
        share = f"{percent(value)} from {when}" if np.isfinite(value) and not self.is_difference else when
        self.point(self._selection(found, row), f"{'feature' if self._is_of_one else 'slot'} {row}: {share}")
