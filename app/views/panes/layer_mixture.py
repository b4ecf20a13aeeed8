"""Which layers does it remember? The share of each layer in what a step leaves in memory, and how much each really brings."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.bars import Bar, Bars
from app.plots.strips import StripsPlot
from app.state.describe import number
from app.state.lens import Selection
from app.state.things import layer_name
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

SAME = 1e-6
"""Shares that move by less within an episode are one and the same."""


class LayerMixture(PaneView):
    """Bars of the learned shares, and below them what each layer brings at every step."""

    ABSENT = "This model remembers no mixture of its layers."
    WISH = 260
    HELP = PaneHelp(
        what_you_see="Bars: the share that each layer has in the one vector that a step leaves in memory. Below, a row for each "
        "layer and a column for each step: how much of that vector really comes from the layer.",
        what_to_look_for="A long bar for an upper layer: what is remembered was worked out already, and the lowest layer of the "
        "next step can build on it. A long bar for the input: it mostly remembers what it saw. Shares near 1 divided by the "
        "number of layers were hardly changed by the training.",
        formula="memory vector = sum over layers of share[layer] × output[layer]; shares = softmax of one learned number a "
        "layer; contribution[layer] = share × length of the output, divided by the sum of that over all layers.",
        what_it_does_not_show="What the layers' outputs mean, and whether they point in different directions: two that cancel "
        "each other still count.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """A sentence, bars, and named strips."""
        self._says, self._below = QLabel(wordWrap=True), QLabel(wordWrap=True)
        self._bars, self._plot = Bars(self.colours), StripsPlot(self.colours)
        for label in (self._says, self._below):
            label.setProperty("tone", "muted")
        self._bars.clicked.connect(self._bar_clicked)
        self._bars.hovered.connect(self._bar_hovered)
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 4, 0)
        column.setSpacing(4)
        for part, share in ((self._says, 0), (self._bars, 0), (self._below, 0), (self._plot, 1)):
            column.addWidget(part, share)
        column.addStretch(0)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Upload what the layers bring."""
        channel = self._over_steps
        low, high, scale = self.reading.scale(channel)
        self._says.setText(f"{_upper(self._shares.title)}, {self._how_long(trace)}")
        self._below.setText(f"{_upper(channel.title)}, step by step")
        self._plot.set_scale(low, high, scale, badge=self.reading.badge(channel))
        self._plot.show_strips(self._names(trace, channel), np.asarray(self.reading.whole(channel), np.float32).T)
        is_roomy = not self.isVisible() or self.height() >= self._height_needed(trace)
        self._below.setVisible(is_roomy)
        self._plot.setVisible(is_roomy)
        self._plot.setMaximumHeight(round(len(self._names(trace, channel)) * 34 * self._plot.em() + self._plot.margins()[3] + 8))

    def show_step(self, trace: Trace, step: int) -> None:
        """The bars at this step, and the cursor."""
        self._plot.set_cursor(step if step < trace.steps else None)
        inside = min(step, trace.steps - 1)
        low, high, _ = self.reading.scale(self._shares)
        values, names = np.asarray(self.reading.at(self._shares, inside)), self._names(trace, self._shares)
        rows = zip(names, values.tolist(), strict=True)
        chosen = self._chosen()
        self._bars.show_bars(
            [Bar(name=name, value=value, is_chosen=i == chosen) for i, (name, value) in enumerate(rows)], low, high
        )

    def show_marks(self, trace: Trace) -> None:
        """Outline the chosen layer."""
        chosen = self._chosen()
        self._plot.set_selected_cells(((chosen, self.step),) if chosen >= 0 and self.step < trace.steps else ())
        hover = self.state.lens.hover
        self._plot.set_hovered(hover.layer if hover is not None and hover.channel in self._own else -1, -1)
        self.show_step(trace, self.step)

    def technical(self) -> str:
        """ "Layer mixture · step 8"."""
        return f"Layer mixture · step {self.step + 1}" + (" · B \N{MINUS SIGN} A" if self.is_difference else "")

    def in_words(self, trace: Trace, step: int) -> str:
        """The shares, and which layer brings most."""
        shares = np.asarray(trace.at(self._shares.name, step))
        names = self._names(trace, self._shares)
        told = ", ".join(f"{name} {number(float(v))}" for name, v in zip(names, shares, strict=True))
        said = f"{_upper(self._shares.title)}, {self._how_long(trace)}: {told}."
        if self._over_steps is self._shares:
            return said
        brings = np.nan_to_num(np.asarray(trace.at(self._over_steps.name, step)))
        best = int(brings.argmax())
        most = self._names(trace, self._over_steps)[best]
        return f"{said} Most of what step {step + 1} leaves comes from: {most} ({float(brings[best]):.2f})."

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each step, a column for each layer of each quantity."""
        channels = self.channels[:2]
        headers = ["step", *(f"{c.title}: {name}" for c in channels for name in self._names(trace, c))]
        columns = np.concatenate([np.asarray(self.reading.whole(c), np.float64) for c in channels], axis=1)
        return headers, [[t + 1, *(float(v) for v in row)] for t, row in enumerate(columns)]

    def enter(self) -> None:
        """The arrows walk from layer to layer and from step to step."""
        if self._plot.marks.selected is None:
            self._plot.set_selected(0, min(self.step, self._plot.heatmap.columns - 1))
        self._plot.enter()

    # ---- the inside ----

    @property
    def _shares(self) -> Channel:
        return self.channels[0]

    @property
    def _over_steps(self) -> Channel:
        """What is drawn over the steps: what each layer brings, where that is recorded."""
        return self.channels[min(1, len(self.channels) - 1)]

    @property
    def _own(self) -> set[str]:
        return {channel.name for channel in self.channels}

    def _height_needed(self, trace: Trace) -> float:
        """For the bars with the strips below them; in a lower pane the bars stand alone."""
        rows, em = len(self._names(trace, self._over_steps)), self._plot.em()
        return 40 + 2 * 24 * em + self._bars.sizeHint().height() + rows * 14 * em + self._plot.margins()[3] + 12

    def _names(self, trace: Trace, channel: Channel) -> tuple[str, ...]:
        return tuple(layer_name(trace, channel, layer) for layer in range(trace.arrays[channel.name].shape[1]))

    def _how_long(self, trace: Trace) -> str:
        values: Array = np.asarray(trace.arrays[self._shares.name])
        is_same = bool(np.nan_to_num(np.abs(values - values[:1])).max(initial=0.0) < SAME)
        return "learned, the same at every step" if is_same else "at this step"

    def _chosen(self) -> int:
        chosen = self.state.lens.selection
        return chosen.layer if chosen.channel in self._own else -1

    def _selection(self, channel: Channel, layer: int) -> Selection:
        return Selection(side=self.side.name, channel=channel.name, layer=layer)

    def _bar_clicked(self, index: int) -> None:
        if not self.is_behind and self.channels:
            self.choose(self._selection(self._shares, index), self.modifiers)

    def _bar_hovered(self, index: int) -> None:
        self._point_at(self._shares, index, self.step)

    def _clicked(self, row: int, step: int, modifiers: Qt.KeyboardModifier) -> None:
        if not self.is_behind:
            self.choose(self._selection(self._over_steps, row), modifiers, step)

    def _hovered(self, row: int, step: int) -> None:
        self._point_at(self._over_steps, row, step) if self.channels else self.point(None)

    def _point_at(self, channel: Channel, layer: int, step: int) -> None:
        trace = self.side.trace
        if layer < 0 or trace is None or self.is_behind or step >= trace.steps:
            self.point(None)
            return
        value = float(np.asarray(self.reading.at(channel, step))[layer])
        says = f"{channel.title}, {layer_name(trace, channel, layer)}, step {step + 1}: {number(value)}"
        self.point(self._selection(channel, layer), says)


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
