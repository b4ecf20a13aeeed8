"""Which position looks at which? The attention of one layer and head, step by position, and all of them as small pictures."""

import numpy as np
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.plots.axes import Axis
from app.plots.colours import categories
from app.plots.column_bars import ColumnBars
from app.plots.head_grid import HeadGrid, tiles
from app.plots.matrix_marks import Pin
from app.plots.matrix_plot import MatrixPlot
from app.state.attention import Cells, block, looked_at, most_decided
from app.state.describe import number
from app.state.lens import Selection
from app.state.sentence import place_in_words
from app.state.things import position_names, sharpest
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

ROOM_FOR_GRID = 310
"""The width of a body from which small pictures leave enough to the large one."""
GRID_SHARE = 0.38
"""How much of the pane the small pictures may take."""
LONGEST_NAME = 90
"""Pixels that the name of a step may take beside its row, at the standard size of type."""
LONGEST_NAME_BELOW = 34
"""Pixels up to which the names of steps stand below their columns too."""
ROOM_FOR_BARS = 185
"""The height of a body from which bars over the columns leave enough to the matrix."""
NEXT_BEST = 0.1
"""Shares from which a second place is told too."""


class Attention(PaneView):
    """One layer and head large, all of them small; the present step's row is marked, and stands as bars over the columns."""

    ABSENT = "This model has no layers that attend to the steps of the episode."
    WISH = 430
    HELP = PaneHelp(
        what_you_see="A row is a step that looks, a column a step that is looked at (both counted from 1). The darker a cell, "
        "the larger its share of what the step takes in. The present step's row is marked, and stands as bars above. The small "
        "pictures are the same for every layer and head; a click shows that one large.",
        what_to_look_for="A dark diagonal: each step looks at itself, or always the same distance back. A dark column: many "
        "steps look at one. A diagonal that starts in the middle: what was read is read again, item by item.",
        formula="attention = softmax over positions of (query · key / √width of a head), for each layer and head; a row sums to "
        "1. Positions that a step may not look at, such as later ones, stay blank.",
        what_it_does_not_show="What is taken from a position (its value), nor whether the answer depends on it: force the "
        "attention elsewhere, or erase the position, and run again to see that.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The grid of small pictures, the bars, the matrix, and two choices in the header."""
        self._plot, self._bars, self._grid = MatrixPlot(self.colours), ColumnBars(self.colours), HeadGrid(self.colours)
        self._plot.set_gathering("max")
        self._bars.follow(self._plot)
        self._kind, self._which = Choice("Which attention"), Choice("Which layer and head")
        self._uploaded: object = None
        self._gathered: object = None
        self._allowed: Cells = np.zeros((0, 0), np.bool_)
        self._kind.chosen.connect(self._choose_kind)
        self._which.chosen.connect(lambda index: self._choose_place(*divmod(index, self._grid.shape[1])))
        self._grid.chosen.connect(self._choose_place)
        self._grid.hovered.connect(self._tile_hovered)
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._plot.note_changed.connect(lambda _: self.frame.set_technical(self.technical()))
        body, right = _Body(), QVBoxLayout()
        body.resized.connect(self._fit)
        right.setSpacing(0)
        right.addWidget(self._bars)
        right.addWidget(self._plot, 1)
        self._room = body
        line = QHBoxLayout(body)
        line.setContentsMargins(0, 2, 0, 0)
        line.setSpacing(6)
        line.addWidget(self._grid)
        line.addLayout(right, 1)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Offer the kinds, layers and heads; draw the small pictures, and the chosen one large."""
        if self._kind.parent() is None:
            self.frame.add_to_header(self._kind)
            self.frame.add_to_header(self._which)
        before = self._kind.names
        self._kind.offer(tuple(channel.title for channel in self.channels))
        if self._kind.names != before:
            self._kind.choose(len(self.channels) - 1)
        key = (id(trace), self._other, self._channel.name)
        if self._gathered != key:
            shape, is_other_kind = self._grid.shape, not isinstance(self._gathered, tuple) or self._gathered[2] != key[2]
            self._gathered = key
            self._gather(trace)
            if is_other_kind or shape != self._grid.shape:
                self._grid.set_place(*most_decided(trace.arrays[self._channel.name]))
        self._fit()
        layers, heads = self._grid.shape
        self._which.offer(tuple(f"layer {layer + 1}, head {head + 1}" for layer in range(layers) for head in range(heads)))
        self._show_place(trace, *(place if (place := self._wished()) is not None else self._grid.place))

    def show_step(self, trace: Trace, step: int) -> None:
        """Mark the row of the step, and let it stand as bars; the layer of the micro-step is marked in the grid."""
        inside = step < trace.steps
        self._plot.set_present_row(step if inside else None)
        row = self._row(trace, step) if inside else None
        is_known = row is not None and bool(np.isfinite(row).any())
        self._grid.say(self._in_short(trace, row) if row is not None else "")
        self._bars.show_row(row if is_known else None, f"step {step + 1}", "" if is_known else self._why_no_row(trace, step))
        stages, micro = trace.card.model.micro_steps, self.state.playback.micro
        self._grid.set_layer(stages[micro].part if micro is not None and micro < len(stages) else None)

    def show_marks(self, trace: Trace) -> None:
        """Follow a layer and head that were selected elsewhere; outline the chosen positions in the present row."""
        lens, count = self.state.lens, self._plot.heatmap.columns
        names = [channel.name for channel in self.channels]
        if lens.selection.channel in names and lens.selection.channel != self._channel.name:
            self._kind.choose(names.index(lens.selection.channel))
            self.show_trace(trace)
            self.show_step(trace, self.step)
        wished = self._wished()
        if wished is not None and wished != self._grid.place:
            self._show_place(trace, *wished)
            self.show_step(trace, self.step)
        chosen = tuple(slot for slot in lens.selection.slots if slot < count)
        row = self.step if self.step < trace.steps else -1
        self._plot.set_selected_cells(tuple((row, slot) for slot in chosen))
        self._bars.set_chosen(chosen)
        over = lens.hover.slots[0] if lens.hover is not None and lens.hover.slots else -1
        self._plot.set_hovered(-1, over if over < count else -1)
        kept = [(pin, look) for pin, look in zip(lens.pins, categories(self.colours), strict=False) if pin.selection.slots]
        places = [(pin, look, pin.selection.slots[0]) for pin, look in kept if self._concerns(pin.selection)]
        self._plot.set_pins(tuple(Pin(-1, slot, pin.letter, look.colour) for pin, look, slot in places if slot < count))

    def technical(self) -> str:
        """ "Attention", and how it departs from one cell a value; layer and head stand beside it, the step in the margin."""
        step = "" if self._bars.isVisibleTo(self) else f"step {self.step + 1}"
        return " · ".join(
            ["Attention", *filter(None, (step, self._plot.note, "B \N{MINUS SIGN} A" if self.is_difference else ""))]
        )

    def in_words(self, trace: Trace, step: int) -> str:
        """Where the chosen head looks at this step, and which head is surest."""
        layer, head = self._grid.place
        row, who = self._row(trace, step), f"Layer {layer + 1}, head {head + 1}"
        if not np.isfinite(row).any():
            return f"{who} looks nowhere at step {step + 1}: {self._why_no_row(trace, step)}"
        order = np.argsort(-np.abs(np.nan_to_num(row)), kind="stable")[:2].tolist()
        told = [
            f"{place_in_words(trace, p)} ({number(float(row[p]))})" for p in order if p == order[0] or abs(row[p]) >= NEXT_BEST
        ]
        said = f"{who}: step {step + 1} looks most at {', then '.join(told)}."
        if self.is_difference:
            return said.replace("looks most at", "differs most at")
        best = sharpest(trace, self._channel, step)
        share = float(trace.at(self._channel.name, step)[best])
        return (
            f"{said} Surest of all: layer {best[0] + 1}, head {best[1] + 1}, at {place_in_words(trace, best[2])} ({share:.2f})."
        )

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each step of the chosen layer and head, a column for each position."""
        values = self._matrix()
        rows: list[list[object]] = [[t + 1, *(float(v) for v in row)] for t, row in enumerate(values)]
        return ["step that looks", *(f"at step {p + 1}" for p in range(values.shape[1]))], rows

    def enter(self) -> None:
        """The arrows walk from cell to cell, beginning in the present row."""
        if self._plot.marks.selected is None:
            row = min(self.step, self._plot.heatmap.rows - 1)
            self._plot.set_selected(row, int(np.nan_to_num(self._matrix()[row]).argmax()))
        self._plot.enter()

    # ---- the inside ----

    @property
    def _channel(self) -> Channel:
        return self.channels[min(self._kind.index, len(self.channels) - 1)]

    @property
    def _other(self) -> int:
        return id(self.state.a.trace) if self.is_difference else 0

    def _row(self, trace: Trace, step: int) -> Array:
        return np.asarray(self.reading.at(self._channel, step)[self._grid.place])

    def _matrix(self) -> Array:
        """`(step that looks, position)` of the chosen layer and head; what no head may look at is absent."""
        layer, head = self._grid.place
        values = np.asarray(self.reading.whole(self._channel)[:, layer, head], np.float32)
        return np.where(self._allowed, values, np.nan)

    def _gather(self, trace: Trace) -> None:
        """What may be looked at at all: where any layer and head does. The rest is not drawn as a small share."""
        self._allowed = looked_at(trace.arrays[self._channel.name])
        if self.is_difference and self.state.a.trace is not None:
            self._allowed = self._allowed | looked_at(self.state.a.trace.arrays[self._channel.name])
        first, last, left, right = block(self._allowed)
        values = np.asarray(self.reading.whole(self._channel))[first:last, ..., left:right].transpose(1, 2, 0, 3)
        self._grid.show_tiles(tiles(values, self._allowed[first:last, left:right]), *self.reading.scale(self._channel))

    def _fit(self) -> None:
        """As large as there is room for; where there is too little, the header still offers layers and heads."""
        trace, (layers, heads) = self.side.trace, self._grid.shape
        width, height = self._room.width(), self._room.height()
        side = self._grid.side_within(width * GRID_SHARE, height) if width >= ROOM_FOR_GRID else 0.0
        self._grid.setVisible(side > 0 and layers * heads > 1)
        if side > 0:
            self._grid.set_side(side)
        self._bars.setVisible(height >= ROOM_FOR_BARS)
        if trace is not None and self._allowed.shape[:1] == (trace.steps,):
            self._plot.set_axes(*self._axes(trace))
        layout = self._room.layout()
        if layout is not None:
            layout.activate()  # a sheet of paper is painted before any event could do so

    def _show_place(self, trace: Trace, layer: int, head: int) -> None:
        layers, heads = self._grid.shape
        layer, head = min(layer, layers - 1), min(head, heads - 1)
        self._grid.set_place(layer, head)
        self._which.choose(layer * heads + head)
        low, high, scale = self.reading.scale(self._channel)
        self._bars.set_limits(low, high)
        self._plot.set_axes(*self._axes(trace))
        self._plot.set_x_inset(max(self._plot.margins()[0], self._bars.room_for(f"step {trace.steps}")), 8.0)
        key = (id(trace), self._other, self._channel.name, layer, head, low, high, scale)
        if self._uploaded != key:
            before, self._uploaded = self._uploaded, key
            self._plot.set_scale(low, high, scale, badge=self.reading.badge(self._channel))
            self._plot.show_values(self._matrix())
            if not isinstance(before, tuple) or before[:3] != key[:3]:
                first, last, left, right = block(self._allowed)
                self._plot.show_window(QRectF(left, first, right - left, last - first))

    def _axes(self, trace: Trace) -> tuple[Axis, Axis]:
        """Steps in both directions; by name where the task names them and there is room."""
        names = position_names(trace)
        metrics, room = QFontMetrics(self._plot.face()), round(LONGEST_NAME * self._plot.em())
        cut = tuple(metrics.elidedText(name, Qt.TextElideMode.ElideRight, room) for name in names)
        _, _, left, right = block(self._allowed)
        below = max(map(metrics.horizontalAdvance, cut[left:right]), default=0)
        is_short = bool(names) and below <= LONGEST_NAME_BELOW * self._plot.em()
        seen = tuple(name if left <= place < right else "" for place, name in enumerate(cut))
        x = Axis(title="step looked at", base=1, binary=is_short, names=seen if is_short else ())
        is_low = self._room.height() < ROOM_FOR_BARS
        return x, Axis(title="step" if is_low else "step that looks", base=1, binary=False, names=cut)

    def _wished(self) -> tuple[int, int] | None:
        """The layer and head that the selection asks for, if it is one of this attention."""
        chosen, (layers, heads) = self.state.lens.selection, self._grid.shape
        asked = chosen.channel == self._channel.name and 0 <= chosen.layer < layers and 0 <= chosen.head < heads
        return (chosen.layer, chosen.head) if asked else None

    def _concerns(self, selection: Selection) -> bool:
        """Whether a kept selection means this picture, or a slot in any."""
        return selection.channel != self._channel.name or (selection.layer, selection.head) == self._grid.place

    def _in_short(self, trace: Trace, row: Array) -> str:
        """One sentence beside the pictures: where the step looks most."""
        known = np.nan_to_num(row)
        best = int(np.abs(known).argmax())
        if not np.isfinite(row).any() or self.is_difference:
            return ""
        return f"Step {self.step + 1} looks most at {place_in_words(trace, best)}: {known[best]:.0%} of what this head takes in."

    def _why_no_row(self, trace: Trace, step: int) -> str:
        if step >= trace.steps:
            return f"the episode ended at step {trace.steps}"
        elsewhere = np.isfinite(self.reading.at(self._channel, step)).any()
        if elsewhere:
            return "this layer does not work at this step"
        return "there is nothing earlier to look at" if step == 0 else "no layer looks here at this step"

    def _choose_kind(self, _index: int) -> None:
        trace = self.side.trace
        if trace is not None and not self.is_behind:
            self._choose_place(*most_decided(trace.arrays[self._channel.name]))

    def _choose_place(self, layer: int, head: int) -> None:
        if not self.is_behind and self.channels:
            slots = self.state.lens.selection.slots
            chosen = Selection(side=self.side.name, channel=self._channel.name, layer=layer, head=head, slots=slots)
            self.choose(chosen, Qt.KeyboardModifier.NoModifier)
            self._trace_changed()

    def _selection(self, position: int) -> Selection:
        layer, head = self._grid.place
        return Selection(side=self.side.name, channel=self._channel.name, layer=layer, head=head, slots=(position,))

    def _clicked(self, row: int, position: int, modifiers: Qt.KeyboardModifier) -> None:
        if not self.is_behind:
            self.choose(self._selection(position), modifiers, row)

    def _hovered(self, row: int, position: int) -> None:
        trace = self.side.trace
        if row < 0 or trace is None or self.is_behind:
            self.point(None)
            return
        value = float(self.reading.at(self._channel, row)[self._grid.place][position])
        share = number(value) if self._allowed[row, position] else "not to be looked at"
        self.point(self._selection(position), f"step {row + 1} at {place_in_words(trace, position)}: {share}")

    def _tile_hovered(self, layer: int, head: int) -> None:
        trace = self.side.trace
        if layer < 0 or trace is None or self.is_behind or self.step >= trace.steps:
            self.point(None)
            return
        row = np.nan_to_num(np.asarray(self.reading.at(self._channel, self.step)[layer, head]))
        best = int(np.abs(row).argmax())
        chosen = Selection(side=self.side.name, channel=self._channel.name, layer=layer, head=head)
        self.point(chosen, f"layer {layer + 1}, head {head + 1}: most at step {best + 1} ({number(float(row[best]))})")


class _Body(QWidget):
    """Says when it has another size: on a screen and on a sheet of paper, what fits is found anew."""

    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Qt tells of another size."""
        super().resizeEvent(event)
        self.resized.emit()
