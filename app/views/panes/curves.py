"""How does a number run over time? One quantity over steps, pinned ones beside it, or the loss over the training."""

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.axes import Axis, step_axis
from app.plots.colours import categories
from app.plots.curve import Band, CurvePlot, Line
from app.state.describe import course, number
from app.state.lens import Selection
from app.state.run_stages import spans_shown, stages_to_choose
from app.state.things import layer_name, thing
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from engine.contract.cards import Channel, unit_of_loss
from engine.contract.stages import Span
from engine.contract.trace import Array, Trace

LOSS = "loss over the training"


class Curves(PaneView):
    """Lines over steps, a line for each head or hop; pins add lines of their own."""

    HELP = PaneHelp(
        what_you_see="One quantity as a line over the steps of the episode, a line for each head or hop; the name in the header "
        "opens the list of quantities. Pinned selections (P1 to P4) run along in their colour. The last entry of the list shows "
        "the loss (how wrong the network is on average) over the training.",
        what_to_look_for="Where a line jumps: something happens at that step. A gate that goes to 1 just once, at the delimiter, "
        "is a jump by content.",
        formula="A weighting as one number is its largest entry; the gates of many units are their mean; a vector is its length.",
        what_it_does_not_show="Pinned lines of other quantities share this scale: compare their shapes, and read their values in "
        "the Inspector.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """One plot, and the list of quantities."""
        self._plot = CurvePlot(self.colours)
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._choice = Choice("Which quantity")
        self._choice.chosen.connect(self._quantity_chosen)
        self._lines: list[tuple[str, Array, Array]] = []
        self._pins: tuple[object, ...] = ()
        self._spans: tuple[Span, ...] = ()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._plot)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Offer the quantities and draw the chosen one."""
        if self._choice.parent() is None:
            self.frame.add_to_header(self._choice)
        self._spans = self._stages()
        self._choice.offer((*map(_title, self.channels), *self._loss_names()))
        self._draw(trace)

    def show_step(self, trace: Trace, step: int) -> None:
        """Move the cursor: the step, or the checkpoint that is shown."""
        self._plot.set_cursor(
            float(trace.card.update if self._is_loss else step) if self._is_loss or step < trace.steps else None
        )

    def show_marks(self, trace: Trace) -> None:
        """Another pin is another line."""
        if self.state.lens.pins != self._pins:
            self._draw(trace)

    def technical(self) -> str:
        """ "Curves · read gate"."""
        return f"Curves · {self._loss_name() if self._is_loss else _title(self._channel)}" + (
            " · B \N{MINUS SIGN} A" if self.is_difference else ""
        )

    def in_words(self, trace: Trace, step: int) -> str:
        """The value of each line here."""
        if self._is_loss:
            span = self._span
            of = f" of {span.in_words} ({span.unit})" if span is not None else ""
            return f"Loss{of} over {len(self._losses()[0])} measured updates."
        inside = min(step, trace.steps - 1)
        return "; ".join(f"{name}: {number(float(y[inside]))}" for name, _, y in self._lines) + "."

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each step or update, a column for each line."""
        first = "update" if self._is_loss else "step"
        base = 0 if self._is_loss else 1
        places = self._lines[0][1] if self._lines else np.zeros(0)
        rows: list[list[object]] = [[int(x) + base, *(float(y[i]) for _, _, y in self._lines)] for i, x in enumerate(places)]
        return [first, *(name for name, _, _ in self._lines)], rows

    # ---- the inside ----

    @property
    def _is_loss(self) -> bool:
        return self._choice.index >= len(self.channels)

    @property
    def _channel(self) -> Channel:
        return self.channels[min(self._choice.index, len(self.channels) - 1)]

    def _draw(self, trace: Trace) -> None:
        self._pins = self.state.lens.pins
        if self._is_loss:
            self._draw_loss(trace)
            return
        channel = self._channel
        low, high, _ = self.reading.scale(channel)
        courses = self._courses(channel)
        if low < 0 and not self.is_difference and not any((np.nan_to_num(y) < 0).any() for _, y in courses):
            low = 0.0
        if not any((np.nan_to_num(y) != 0).any() for _, y in courses):
            high = max(high, 1.0)
        if _is_length(channel):
            low, high = 0.0, max((float(np.nanmax(y)) for _, y in courses if np.isfinite(y).any()), default=1.0) or 1.0
        lines = [Line(x=np.arange(len(y)), y=y, name=name) for name, y in courses]
        lines += self._pinned(trace)
        self._lines = [(line.name or _title(channel), line.x, line.y) for line in lines]
        self._plot.set_axes(step_axis(), channel.title)
        self._plot.set_bands([Band(first=p.first, last=p.last + 1, name=p.name) for p in trace.card.phases if p.last > p.first])
        comparison = self.state.comparison
        self._plot.set_x_limits(0, max(0 if comparison.is_by_sample else comparison.steps, trace.steps) - 1)
        self._plot.set_limits(low, high)
        self._plot.show_lines(lines)

    def _draw_loss(self, trace: Trace) -> None:
        updates, losses = self._losses()
        self._lines = [("loss", updates, losses)]
        self._plot.set_bands(())
        usual = unit_of_loss(trace.card.model, trace.card.task) or "loss"
        self._plot.set_axes(Axis(title="update", binary=False), usual if self._span is None else self._span.unit)
        self._plot.set_x_limits()
        self._plot.set_limits()
        self._plot.show_lines([Line(x=updates, y=losses)])

    def _stages(self) -> tuple[Span, ...]:
        """Those of the training that have a curve: each is a quantity of its own."""
        updates, _ = self._points()
        spans = spans_shown(self.state.catalogue, self.state.training, self.side.showing)
        return tuple(reversed(stages_to_choose(spans, int(updates.max(initial=0)))))

    def _loss_names(self) -> list[str]:
        if not self._points()[0].size:
            return []
        return [f"{LOSS}, {span.name}" for span in self._spans] or [LOSS]

    def _loss_name(self) -> str:
        return LOSS if self._span is None else f"{LOSS}, {self._span.name}"

    @property
    def _span(self) -> Span | None:
        """The stage whose loss is chosen."""
        number = self._choice.index - len(self.channels)
        return self._spans[number] if 0 <= number < len(self._spans) else None

    def _courses(self, channel: Channel) -> list[tuple[str, Array]]:
        values = np.asarray(self.reading.whole(channel), np.float32)
        if channel.axes[-1:] == ("unit",):
            values = _of_all_units(channel, values)
        elif values.ndim > 2:
            with np.errstate(invalid="ignore"):
                values = np.nanmax(np.where(np.isnan(values), -np.inf, values), axis=-1)
            values = np.where(np.isinf(values), np.nan, values)
        if values.ndim == 1:
            return [("", values)]
        who = channel.axes[0]
        several, trace = values.shape[1] > 1, self.side.trace
        if who == "layer" and trace is not None:
            return [(layer_name(trace, channel, part) if several else "", values[:, part]) for part in range(values.shape[1])]
        return [(f"{who} {part + 1}" if several else "", values[:, part]) for part in range(values.shape[1])]

    def _pinned(self, trace: Trace) -> list[Line]:
        hues, lines = categories(self.colours), []
        for index, pin in enumerate(self.state.lens.pins):
            found = thing(trace, pin.selection)
            if found is not None and not self.is_difference:
                y = course(found, pin.selection.slots)
                look = hues[index % len(hues)]
                lines.append(Line(x=np.arange(len(y)), y=y, name=pin.letter, colour=look.colour, style=look.line))
        return lines

    def _losses(self) -> tuple[Array, Array]:
        """Of the chosen stage, where there are several."""
        updates, losses = self._points()
        kept = np.array([self._span is None or self._span.has(int(update)) for update in updates], bool)
        return updates[kept], losses[kept]

    def _points(self) -> tuple[Array, Array]:
        place = self.side.showing.source.place if self.side.showing else ""
        run, card = self.state.training.at(place), self.state.catalogue.exhibit(place)
        points = run.points if run else list(card.losses) if card else []
        return np.array([u for u, _ in points], np.float64), np.array([loss for _, loss in points], np.float64)

    def _quantity_chosen(self, _index: int) -> None:
        self._trace_changed()

    def _clicked(self, place: float) -> None:
        if self._is_loss:
            kept = self.state.explorer.checkpoints
            if kept:
                self.state.explorer.choose_checkpoint(min(kept, key=lambda update: abs(update - place)))
            return
        self.go_to(round(place))
        self.activated.emit()

    def _hovered(self, place: float) -> None:
        if not np.isfinite(place) or not self._lines or self._is_loss or self.is_behind:
            self.point(None)
            return
        step = round(place)
        told = [f"{name} {number(float(y[step]))}" for name, _, y in self._lines if step < len(y)]
        self.point(Selection(side=self.side.name, channel=self._channel.name), f"step {step + 1}: {', '.join(told)}")


def _is_length(channel: Channel) -> bool:
    return channel.kind == "vector" and channel.axes[-1:] == ("unit",)


def _title(channel: Channel) -> str:
    """ "forget gate, mean": of all units."""
    if channel.axes[-1:] != ("unit",):
        return channel.title
    return f"{channel.title}, {'length' if _is_length(channel) else 'mean'}"


def _of_all_units(channel: Channel, values: Array) -> Array:
    """One number for all units, NaN where none of them has a value."""
    there = np.isfinite(values)
    count = there.sum(-1)
    some = np.where(there, values, 0.0)
    told = np.sqrt((some**2).sum(-1)) if _is_length(channel) else some.sum(-1) / np.maximum(count, 1)
    found: Array = np.where(count > 0, told, np.nan).astype(np.float32)
    return found
