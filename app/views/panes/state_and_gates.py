"""What does the controller hold? Its units over steps: hidden state and cell, and its gates as strips."""

import numpy as np
from PySide6.QtWidgets import QWidget

from app.state.lens import Selection
from app.views.pane_corner import PaneHelp
from app.views.pane_view import Stale
from app.views.panes.choice import Choice
from app.views.panes.over_steps import OverSteps, Strip
from engine.contract.trace import Trace

ALL = "all"


class StateAndGates(OverSteps):
    """A strip for each vector and gate that has units; a layer each."""

    ROWS = "unit"
    HAS_BARS = False
    LEAST_HEIGHT = 96
    WISH = 280
    ABSENT = "This model has no controller with units to show."
    HELP = PaneHelp(
        what_you_see="One strip for each quantity of the controller, and for each layer. A row is a unit, a column is a step. "
        "The word in the header chooses one of them. "
        "State is orange above zero and blue below; a gate is darker the further it is open.",
        what_to_look_for="Units that change once and stay: they remember. Units that follow the input. A forget gate (the share "
        "that a unit keeps of its cell) that is dark all along keeps its content; one that turns pale lets it go.",
        formula="LSTM stands for Long Short-Term Memory: cell = forget gate × cell before + input gate × candidate; hidden state "
        "= output gate × tanh(cell). GRU stands for Gated Recurrent Unit: hidden state = (1 − update gate) × candidate + update "
        "gate × hidden state before. Plain: hidden state = tanh(a mix of input and hidden state before).",
        what_it_does_not_show="What a unit stands for: a hidden state is addressed as a whole, so single units seldom have a "
        "meaning of their own.",
    )

    def make_body(self) -> QWidget:
        """The strips, and a choice of one of them."""
        self._choice = Choice("Which quantity")
        self._choice.chosen.connect(lambda _: self.invalidate(Stale.TRACE))
        return super().make_body()

    def show_trace(self, trace: Trace) -> None:
        """Offer the quantities, and show the chosen one or as many as there is room for."""
        if self._choice.parent() is None:
            self.frame.add_to_header(self._choice)
        self._choice.offer((ALL, *(strip.title for strip in self._all_strips(trace))))
        super().show_trace(trace)

    def strips(self, trace: Trace) -> list[Strip]:
        """The chosen quantity, or all."""
        found = self._all_strips(trace)
        return found if self._choice.index == 0 else found[self._choice.index - 1 : self._choice.index]

    def _all_strips(self, trace: Trace) -> list[Strip]:
        """Vectors first, then gates."""
        found = []
        for channel in sorted(self.channels, key=lambda c: c.kind == "gate"):
            if channel.axes[0] == "unit":
                found.append(Strip(channel=channel, title=channel.title))
            else:
                layers = trace.arrays[channel.name].shape[1]
                titles = [f"{channel.title} {layer + 1}" if layers > 1 else channel.title for layer in range(layers)]
                found += [Strip(channel=channel, part=layer, title=titles[layer]) for layer in range(layers)]
        return found

    def selection_of(self, strip: Strip, row: int) -> Selection:
        """A unit of one quantity."""
        return Selection(side=self.side.name, channel=strip.channel.name, layer=strip.part, unit=row)

    def row_of(self, strip: Strip, selection: Selection) -> int:
        """The unit, in every strip of its layer."""
        same_layer = strip.part < 0 or selection.layer in (-1, strip.part)
        return selection.unit if same_layer else -1

    def in_words(self, trace: Trace, step: int) -> str:
        """How full each quantity is."""
        if step >= trace.steps:
            return ""
        told = []
        for strip in self.strips(trace):
            values = np.asarray(trace.at(strip.channel.name, step))
            row = values[strip.part] if strip.part >= 0 else values
            if np.isfinite(row).all():
                told.append(
                    f"{strip.title}: {float(row.mean()):.2f} on average, from {float(row.min()):.2f} to {float(row.max()):.2f}"
                )
        return f"{'; '.join(told)}."
