"""What is stored? Slots by features, after the present step; what this step changed is outlined."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.axes import Axis
from app.plots.colours import categories
from app.plots.matrix_marks import Pin
from app.plots.matrix_plot import MatrixPlot
from app.state.describe import number, when_in_words
from app.state.kept_once import KeptOnce, Mask, Slots, is_kept_once
from app.state.lens import Selection
from app.state.things import PARTS, position_names, slot_says, slots_are_positions, slots_say
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from app.views.panes.over_steps import say_how_many, show_first_rows
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

NAMES_SHARE = 0.45
"""How much of the pane's width sentences may take."""

MOST_NAMED = 1000
"""Of so many slots each bears its text."""
CHANGED_FROM = 0.004
"""A cell has changed where it moved by at least this share of the scale."""


class Memory(PaneView):
    """One bank at the present step and micro-step."""

    ABSENT = "This model keeps no slots: its memory is one hidden vector (see “What does the controller hold?”)."
    NEEDS_STEP = True
    WISH = 230
    HELP = PaneHelp(
        what_you_see="The memory as it lies after the present step. A row is a slot (in a story, with the fact that it holds), a "
        "column is one feature of it. Orange is above zero, blue below, grey is zero. Cells that this step changed have an "
        "outline. A double click shows all slots.",
        what_to_look_for="Rows that fill one after the other while the input comes in; a row that changes late was overwritten. "
        "Rows alike in colour hold alike contents.",
        formula="memory[slot] = memory before[slot] × (1 − weighting[slot] × erase) + weighting[slot] × add",
        what_it_does_not_show="What a feature means: the network made its own code, and single features seldom have a meaning.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """One matrix, and a choice of banks where there are several."""
        self._plot = MatrixPlot(self.colours)
        self._banks: list[tuple[Channel, int]] = []
        self._choice = Choice("Which bank")
        self._choice.chosen.connect(self._bank_chosen)
        self._plot.clicked.connect(self._clicked)
        self._plot.dragged.connect(self._dragged)
        self._plot.hovered.connect(self._hovered)
        self._before = False
        self._window = (0, 0)
        self._once: KeptOnce | None = None
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 2, 0, 0)
        column.addWidget(self._plot)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Offer the banks, and fix axes and scale."""
        if self._choice.parent() is None:
            self.frame.add_to_header(self._choice)
        self._banks = _banks(trace, self.channels)
        self._choice.offer(tuple(_bank_name(channel, part) for channel, part in self._banks))
        channel, _ = self._bank
        low, high, scale = self.reading.scale(channel)
        self._plot.set_scale(low, high, scale, badge=self.reading.badge(channel))
        self._plot.set_gathering("mean")
        self.frame.set_lifetime("plain" if channel.lifetime == "step" else channel.lifetime)

    def show_step(self, trace: Trace, step: int) -> None:
        """Draw the bank as it is now, and outline what this step changed."""
        channel, _ = self._bank
        self._before = self._is_before_the_write(trace, channel)
        now, moved = self._lying(trace, step - 1 if self._before else step)
        names, places = self._sentences(trace, step, len(now)), self._places(trace, len(now))
        if names:  # of a memory of facts, only the slots that this story ever fills
            used = self._used(trace, len(now))
            now, names = now[:used], self._fitting(names[:used])
        shown = self.reading.slots_shown()
        title = "slot: left by" if places else "slot"
        self._plot.set_axes(Axis(title="feature"), Axis(title="" if names else title, names=names or places))
        if not names:
            say_how_many(self._plot, shown, len(now))
        self._plot.show_values(now, moved)
        if (len(now), shown) != self._window:
            self._window = (len(now), shown)
            show_first_rows(self._plot, 0 if names else shown)
        changed = None if self._before else self._changes(trace, step)[: len(now)]
        self._plot.set_changed(changed if changed is not None and changed.any() else None)

    def show_marks(self, trace: Trace) -> None:
        """Outline the selected slots, or the selected cell, and what is hovered anywhere."""
        chosen, rows = self.of_this_side(self.state.lens.selection), self._plot.heatmap.rows
        cell = chosen.features[0] if len(chosen.features) == 1 and chosen.channel == self._bank[0].name else -1
        self._plot.set_selected_cells(tuple((slot, cell) for slot in chosen.slots if slot < rows))
        hover = self.of_this_side(self.state.lens.hover)
        over = hover.slots[0] if hover.slots and hover.slots[0] < rows else -1
        feature = hover.features[0] if hover.features and hover.channel == self._bank[0].name else -1
        self._plot.set_hovered(over, feature if over >= 0 else -1)
        kept = zip(self.state.lens.pins, categories(self.colours), strict=False)
        places = [(pin, look, pin.selection.slots[0]) for pin, look in kept if pin.selection.slots]
        self._plot.set_pins(tuple(Pin(slot, -1, pin.letter, look.colour) for pin, look, slot in places if slot < rows))

    def technical(self) -> str:
        """ "after step 8"; "before it writes, step 8" while the micro-step has not come to the write."""
        trace = self.side.trace
        here = when_in_words(trace, self.step) if trace is not None else f"step {self.step + 1}"
        if self.is_difference:
            return f"B \N{MINUS SIGN} A after {here}"
        return f"before {here} writes" if self._before else f"after {here}"

    def in_words(self, trace: Trace, step: int) -> str:
        """How much lies there, and what changed."""
        moved = self._changes(trace, step)
        slots = np.flatnonzero(moved.any(-1)).tolist()
        changed = f"Changed at this step: {_listed('slot', slots)}." if slots else "Nothing changed at this step."
        said = [f"slot {slot} holds “{slot_says(trace, slot, step)}”." for slot in slots[:3] if slot_says(trace, slot, step)]
        return " ".join(
            [f"{moved.shape[0]} slots of {moved.shape[1]} features after {when_in_words(trace, step)}.", changed, *said]
        )

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each slot, a column for each feature."""
        now = self._value(trace, step)
        names = self._sentences(trace, step, len(now))
        headers = ["slot", *(["holds"] if names else []), *(f"feature {i}" for i in range(now.shape[1]))]
        rows = [[slot, *([names[slot]] if names else []), *(float(v) for v in row)] for slot, row in enumerate(now)]
        return headers, rows

    def enter(self) -> None:
        """The arrows walk from cell to cell."""
        self._plot.enter()

    @property
    def wish(self) -> int:
        """Sentences need more room than numbers."""
        trace = self.side.trace
        return 330 if trace is not None and self._has_sentences(trace) else self.WISH

    # ---- the inside ----

    @property
    def _bank(self) -> tuple[Channel, int]:
        return self._banks[min(self._choice.index, len(self._banks) - 1)]

    def _value(self, trace: Trace, step: int) -> Array:
        channel, part = self._bank
        if step < 0 and channel.name not in trace.initial:
            return np.full_like(self._value(trace, 0), np.nan)
        value = self.reading.at(channel, step)
        found: Array = np.asarray(value[part] if part >= 0 else value)
        return found

    def _lying(self, trace: Trace, step: int) -> tuple[Array, Slots | None]:
        """What is drawn after a step, and the only slots in which it is not what was drawn last; None where any may be."""
        channel, _ = self._bank
        if self.is_difference or not is_kept_once(channel):
            self._once = None
            return self._value(trace, step), None
        if self._once is None or self._once.trace is not trace or self._once.channel is not channel:
            self._once = KeptOnce(trace, channel)
        return self._once.at(step)

    def _changes(self, trace: Trace, step: int) -> Mask:
        """Which cells a step changed: those that moved visibly, and those that were nothing before."""
        least = CHANGED_FROM * (self._plot.colour_bar.high - self._plot.colour_bar.low)
        if self._once is not None:
            return self._once.changed(step, least)
        now, before = self._value(trace, step), self._value(trace, step - 1)
        with np.errstate(invalid="ignore"):
            moved = np.abs(now - before) >= least
        was_nothing = np.isfinite(now) & ~np.isfinite(before)
        if step > 0 or self._bank[0].name in trace.initial:
            moved = moved | was_nothing
        return np.asarray(moved, np.bool_)

    def _is_before_the_write(self, trace: Trace, channel: Channel) -> bool:
        """Whether the micro-step cursor stands before the stage that changes the bank."""
        micro = self.state.playback.micro
        stages = [i for i, stage in enumerate(trace.card.model.micro_steps) if channel.name in stage.channels]
        return micro is not None and bool(stages) and micro < stages[0] and channel.lifetime != "step"

    def _sentences(self, trace: Trace, step: int, slots: int) -> tuple[str, ...]:
        """What each slot holds, where that has words; of a memory of very many slots only in the memory browser."""
        if slots > MOST_NAMED or not self._has_sentences(trace):
            return ()
        said = slots_say(trace, step, slots)
        return said if any(said) else ()

    def _places(self, trace: Trace, slots: int) -> tuple[str, ...]:
        """Of a bank with a slot for each step of the episode: the slots' numbers with the step that left them."""
        if not slots_are_positions(trace, self._bank[0]) or self._has_sentences(trace):
            return ()
        names = position_names(trace)
        return tuple(f"{slot}: {names[slot] if names else f'step {slot + 1}'}" for slot in range(slots))

    def _used(self, trace: Trace, slots: int) -> int:
        """How many slots hold a fact at the end of the story; of a memory that grows, how many it ever has."""
        if trace.of_role("alive"):
            return slots
        last = [slot for slot, said in enumerate(slots_say(trace, trace.steps - 1, slots)) if said]
        return max(last, default=0) + 1

    def _fitting(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The sentences, cut where they would leave too little room for the cells."""
        metrics, room = QFontMetrics(self._plot.face()), round(self.width() * NAMES_SHARE)
        return tuple(metrics.elidedText(name, Qt.TextElideMode.ElideRight, room) for name in names)

    def _has_sentences(self, trace: Trace) -> bool:
        return any(c.axes == ("slot",) for c in trace.of_kind("tokens")) or bool(trace.card.labels.get("slot"))

    def _bank_chosen(self, _index: int) -> None:
        self._trace_changed()

    def _selection(self, slot: int, feature: int = -1) -> Selection:
        channel, part = self._bank
        return Selection(
            side=self.side.name,
            channel=channel.name,
            hop=part if channel.axes[0] == "hop" else -1,
            layer=part if channel.axes[0] == "layer" else -1,
            slots=(slot,),
            features=(feature,) if feature >= 0 else (),
        )

    def _clicked(self, slot: int, feature: int, modifiers: Qt.KeyboardModifier) -> None:
        if self.is_behind:
            return
        was = self.state.lens.selection
        again = was.slots == (slot,) and was.channel == self._bank[0].name
        self.choose(self._selection(slot, feature if again or self._plot.is_inside else -1), modifiers)

    def _dragged(self, first: int, _from: int, last: int, _to: int) -> None:
        if first != last and not self.is_behind:
            low, high = sorted((first, last))
            channel, _ = self._bank
            self.state.lens.show(Selection(side=self.side.name, channel=channel.name, slots=tuple(range(low, high + 1))))

    def _hovered(self, slot: int, feature: int) -> None:
        trace = self.side.trace
        if slot < 0 or trace is None or self.is_behind:
            self.point(None)
            return
        step = self.step - 1 if self._before else self.step
        value = self._once.number(slot, feature, step) if self._once else float(self._value(trace, step)[slot, feature])
        left_by = self._places(trace, slot + 1)
        said = slot_says(trace, slot, self.step) or (left_by[slot].partition(": ")[2] if left_by else "")
        words = f"slot {slot}, feature {feature}: {number(value)}" + (f" (“{said}”)" if said else "")
        self.point(self._selection(slot, feature), words)


def _banks(trace: Trace, channels: list[Channel]) -> list[tuple[Channel, int]]:
    """Every bank, the ones that carry over from step to step first; a bank of hops counts once a hop."""
    found: list[tuple[Channel, int]] = []
    for channel in sorted(channels, key=lambda c: len(c.axes)):
        parts = trace.arrays[channel.name].shape[1] if channel.axes[0] in PARTS else 0
        found += [(channel, part) for part in range(parts)] if parts else [(channel, -1)]
    return found


def _bank_name(channel: Channel, part: int) -> str:
    return channel.title if part < 0 else f"{channel.title}, {channel.axes[0]} {part + 1}"


def _listed(what: str, numbers: list[int]) -> str:
    shown = ", ".join(str(n) for n in numbers[:6]) + (f" and {len(numbers) - 6} more" if len(numbers) > 6 else "")
    return f"{what}{'s' if len(numbers) > 1 else ''} {shown}"
