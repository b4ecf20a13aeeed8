"""How is it wired? The blocks of the model with their live values, and what flows between them; a block opens its arithmetic."""

from dataclasses import replace

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.colour_bar import ColourBar
from app.plots.heatmap import Gathering
from app.plots.wiring import WiringPlot
from app.plots.wiring_parts import BlockShown, StripShown, WireShown
from app.state.arithmetic import lines
from app.state.describe import number
from app.state.lens import Selection
from app.state.wiring import (
    Part,
    Wiring,
    as_rows,
    comes_later,
    flow,
    is_present,
    name_within,
    part_of,
    place_in,
    says_in_words,
    stage_channels,
    wiring_of,
)
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.widgets.arithmetic_card import ArithmeticCard, FormulaShown
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace


class Architecture(PaneView):
    """The model's own picture, or the one that its stages suggest."""

    ABSENT = "This model records nothing of its parts."
    NEEDS_STEP = True
    WISH = 400
    HELP = PaneHelp(
        what_you_see="Each box is a part of the network, with what it holds at this step drawn as cells; an arrow is a way that "
        "numbers take. The darker an arrow, the more flows; its number says how much. A dashed arrow arrives at the next step, "
        "a round one in a box stays there. While you go through the stages of a step, the present one is drawn in bold.",
        what_to_look_for="Go through the stages with Shift and the arrow keys and follow the bold lines: what comes first, "
        "what waits for what? A double click on a box opens its arithmetic with the numbers of this step.",
        formula="The number of an arrow is the mean of its gate over all units, or the largest share of its weighting.",
        what_it_does_not_show="The trained weights, of which every arrow has many; and whether a way matters for the answer: "
        "mute a head or set a gate and run again to see that.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The picture; the arithmetic lies over it."""
        self._wiring = Wiring((), ())
        self._open = ""
        self._plot = WiringPlot(self.colours)
        self._plot.block_clicked.connect(self._block_clicked)
        self._plot.cell_clicked.connect(self._cell_clicked)
        self._plot.hovered.connect(self._hovered)
        self._plot.wire_hovered.connect(self._wire_hovered)
        self._plot.opened.connect(self.open_block)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._plot)
        self._card = ArithmeticCard(body)
        self._card.closed.connect(self._closed)
        self._card.term_clicked.connect(self._term_clicked)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Find the blocks and ways."""
        self._wiring = wiring_of(trace)
        if self._open not in {part.block.name for part in self._wiring.parts}:
            self._card.dismiss()
        channels = [channel for part in self._wiring.parts for channel in part.shows if not says_in_words(trace, channel, 0)]
        self._plot.set_colour_bars(*self._colour_bars(channels))

    def show_step(self, trace: Trace, step: int) -> None:
        """The values of this step, and the stage that the cursor stands at."""
        present = stage_channels(trace, self.state.playback.micro)
        self._plot.show_wiring(
            [self._block(trace, part, step, present) for part in self._wiring.parts],
            [
                WireShown(
                    source=wire.source, target=wire.target, says=wire.says, strength=flow(trace, wire, step),
                    is_present=is_present(wire, present), is_faded=bool(present) and not is_present(wire, present),
                    is_later=wire.is_later,
                )
                for wire in self._wiring.wires
            ],
        )  # fmt: skip

    def show_marks(self, trace: Trace) -> None:
        """Outline what is selected; the open arithmetic follows the step and the selection."""
        channel = self.state.lens.selection.channel
        found = [
            (part.block.name, index)
            for part in self._wiring.parts
            for index, shown in enumerate(part.shows)
            if shown.name == channel
        ]
        inside = [(part.block.name, -1) for part in self._wiring.parts if channel in {c.name for c in part.works}]
        self._plot.set_selected(*(found or inside or [("", -1)])[0])
        if self._open:
            self._fill_card(trace)
            self._card.come_to(self._plot.block_rect(self._open).toAlignedRect())

    def technical(self) -> str:
        """ "Architecture · step 9 · gate"."""
        trace, micro = self.side.trace, self.state.playback.micro
        stages = trace.card.model.micro_steps if trace is not None else ()
        stage = f" · {stages[micro].name}" if micro is not None and micro < len(stages) else ""
        return f"Architecture · step {self.step + 1}{stage}" + (" · B \N{MINUS SIGN} A" if self.is_difference else "")

    def in_words(self, trace: Trace, step: int) -> str:
        """The ways, with how much flows, and what the present stage does."""
        micro, titles = self.state.playback.micro, {part.block.name: part.block.title for part in self._wiring.parts}
        stages = trace.card.model.micro_steps
        said = [f"At this stage: {stages[micro].says}"] if micro is not None and micro < len(stages) else []
        for wire in self._wiring.wires:
            much = flow(trace, wire, step)
            verb = wire.says or "goes on to"
            ends = f"{titles[wire.source]} → {titles[wire.target]}"
            said.append(
                f"{ends}: {verb}{'' if much is None else f' {much:.2f}'}{' (at the next step)' if wire.is_later else ''}."
            )
        return " ".join(said)

    def as_table(self, trace: Trace, step: int) -> Table:
        """Every formula of every block, with the numbers of this step."""
        rows: list[list[object]] = [
            [part.block.title, line.title, "".join(term.text for term in line.terms).replace("\n", "; ")]
            for part in self._wiring.parts
            for line in lines(trace, part, step, self.state.playback.micro, self.state.lens.selection)
        ]
        return ["block", "quantity", "formula"], rows

    def enter(self) -> None:
        """The arrows walk from block to block; Enter opens one."""
        self._plot.enter()

    def open_block(self, name: str) -> None:
        """Open the arithmetic of a block where it stands; the open one closes."""
        trace = self.side.trace
        if trace is None or self.is_behind or not self._wiring.parts:
            return
        self._open = name
        self._fill_card(trace)
        self._card.open(self._plot.block_rect(name).toAlignedRect())

    @property
    def card_shown(self) -> ArithmeticCard:
        """The open arithmetic; hidden while none is open."""
        return self._card

    # ---- the inside ----

    def _block(self, trace: Trace, part: Part, step: int, present: frozenset[str]) -> BlockShown:
        strips = tuple(self._strip(trace, channel, part, step, present) for channel in part.shows)
        is_present = bool(present.intersection(channel.name for channel in (*part.works, *part.shows)))
        block = part.block
        return BlockShown(
            name=block.name, title=block.title, row=block.row, columns=block.columns, strips=strips, is_present=is_present
        )

    def _strip(self, trace: Trace, channel: Channel, part: Part, step: int, present: frozenset[str]) -> StripShown:
        symbol = channel.symbol if len(channel.symbol) <= 3 else ""
        shown = StripShown(name=name_within(part.block, channel), symbol=symbol, is_present=channel.name in present)
        text = says_in_words(trace, channel, step)
        if text:
            return replace(shown, text=text)
        low, high, scale = self.reading.scale(channel)
        gathering: Gathering = "max" if channel.kind in ("weighting", "attention", "probability") else "mean"
        rows = self._rows(trace, channel, step)
        return replace(shown, values=rows, low=low, high=high, scale=scale, gathering=gathering)

    def _rows(self, trace: Trace, channel: Channel, step: int) -> Array:
        micro = self.state.playback.micro
        at = step - 1 if comes_later(trace, channel, micro) and (step or channel.name in trace.initial) else step
        rows = as_rows(channel, self.reading.at(channel, at), part_of(trace, micro))
        seen = self.reading.slots_shown()
        if seen and channel.axes[-1:] == ("slot",):
            return rows[:, :seen]
        return rows[:seen] if seen and channel.axes[-2:] == ("slot", "feature") else rows

    def _colour_bars(self, channels: list[Channel]) -> tuple[ColourBar, ...]:
        if self.is_difference:
            return (ColourBar(-1.0, 1.0, "difference", "of its limit"),)
        scales = {self.reading.scale(channel)[2] for channel in channels}
        ramps = {self.reading.scale(channel)[:2] for channel in channels if self.reading.scale(channel)[2] == "ramp"}
        unit = "of its limit" if ramps - {(0.0, 1.0)} else ""
        made = [ColourBar(0.0, 1.0, "ramp", unit)] if "ramp" in scales else []
        return (*made, *([ColourBar(-1.0, 1.0, "signed", "of its limit")] if "signed" in scales else []))

    def _fill_card(self, trace: Trace) -> None:
        part = self._wiring.part(self._open)
        step = min(self.step, trace.steps - 1)
        made = lines(trace, part, step, self.state.playback.micro, self.state.lens.selection)
        says = part.block.says if made else f"{part.block.says} It comes from outside: there is nothing to work out."
        self._card.show_block(
            f"{part.block.title[:1].upper()}{part.block.title[1:]}, step {step + 1}",
            says,
            [
                FormulaShown(
                    title=line.title, terms=tuple((term.text, term.slot) for term in line.terms), is_present=line.is_present
                )
                for line in made
            ],
        )

    def _closed(self) -> None:
        self._open = ""
        self._plot.enter()

    def _channel(self, name: str, strip: int) -> Channel | None:
        if name not in {part.block.name for part in self._wiring.parts}:
            return None
        part = self._wiring.part(name)
        if 0 <= strip < len(part.shows):
            return part.shows[strip]
        return (part.shows or part.works or (None,))[0]

    def _selection(self, channel: Channel, place: dict[str, int]) -> Selection:
        slots = place.get("slot", place.get("position", -1))
        feature = place.get("feature", place.get("bit", -1))
        return Selection(
            side=self.side.name, channel=channel.name, head=place.get("head", -1), hop=place.get("hop", -1),
            layer=place.get("layer", -1), slots=(slots,) if slots >= 0 else (), features=(feature,) if feature >= 0 else (),
            unit=place.get("unit", -1), answer=place.get("answer", -1),
        )  # fmt: skip

    def _found(self, channel: Channel, row: int, column: int) -> dict[str, int]:
        trace = self.side.trace
        if trace is None:
            return {}
        value = np.asarray(self.reading.at(channel, self.step))
        return place_in(channel, value, row, column, part_of(trace, self.state.playback.micro))

    def _block_clicked(self, name: str) -> None:
        channel = self._channel(name, -1)
        if channel is not None and not self.is_behind:
            self.choose(self._selection(channel, {"head": 0} if "head" in channel.axes else {}), self.modifiers)

    def _cell_clicked(self, name: str, strip: int, row: int, column: int) -> None:
        channel = self._channel(name, strip)
        if channel is not None and not self.is_behind:
            self.choose(self._selection(channel, self._found(channel, row, column)), self.modifiers)

    def _term_clicked(self, slot: int) -> None:
        self.choose(replace(self.state.lens.selection, slots=(slot,), features=()), self.modifiers)

    def _hovered(self, name: str, strip: int, row: int, column: int) -> None:
        channel = self._channel(name, strip) if name and not self.is_behind else None
        trace = self.side.trace
        if channel is None or trace is None or self.step >= trace.steps:
            self.point(None)
            return
        if strip < 0:
            self.point(self._selection(channel, {}), self._wiring.part(name).block.says)
            return
        place = self._found(channel, row, column)
        said = ", ".join(f"{axis} {i + 1 if axis in ('head', 'hop', 'layer', 'bit') else i}" for axis, i in place.items())
        value = float(self._rows(trace, channel, self.step)[row, column])
        self.point(self._selection(channel, place), f"{channel.title}, {said}: {number(value)}")

    def _wire_hovered(self, index: int) -> None:
        trace = self.side.trace
        if not 0 <= index < len(self._wiring.wires) or self.is_behind or trace is None:
            return
        wire = self._wiring.wires[index]
        names = [trace.channels[name].title for name in wire.channels if name in trace.channels]
        self.point(Selection(side=self.side.name), f"{wire.says}: {', '.join(names)}" if names else wire.says)
