"""How did it choose the slot? The stages of one head's address at the present step, one below the other."""

from dataclasses import dataclass

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.stages import Stage, StagesPlot
from app.state.describe import number
from app.state.lens import Selection
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from engine.contract.cards import Channel
from engine.contract.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOf:
    """One stage of a head's address: its name, the weighting that it leaves, and the numbers that govern it."""

    name: str
    micro: int
    channel: Channel
    numbers: tuple[Channel, ...]


class Addressing(PaneView):
    """The stages of one head; the reader chooses the head here, or by selecting one anywhere."""

    ABSENT = "This model's heads show no stages: it finds slots in one go."
    NEEDS_STEP = True
    HELP = PaneHelp(
        what_you_see="One row for each stage of the address of one head, at the present step. A column is a slot; the darker a "
        "cell, the more weight the slot has after that stage. The number beside a stage's name is what governs it.",
        what_to_look_for="A gate near 1: the head looks anew, by content. A gate near 0 and a shift of +1: it stays and moves "
        "one slot on. Sharpening undoes the blur that a shift leaves.",
        formula="content = softmax(key strength × similarity); gated = gate × content + (1 − gate) × weighting before; shifted = "
        "gated, moved along the slots; result = shifted to the power of the sharpening, scaled to sum to 1.",
        what_it_does_not_show="The key that is looked for, feature by feature, and what the slots hold.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The rows of stages, and a choice of heads."""
        self._plot = StagesPlot(self.colours)
        self._heads: list[tuple[str, int]] = []
        self._choice = Choice("Which head")
        self._choice.chosen.connect(self._head_chosen)
        self._plot.stage_chosen.connect(self._stage_chosen)
        self._plot.slot_clicked.connect(self._slot_clicked)
        self._plot.slot_hovered.connect(self._hovered)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._plot)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Offer the heads, and fix the scale."""
        if self._choice.parent() is None:
            self.frame.add_to_header(self._choice)
        finals = sorted((c for c in self.channels if c.role in ("read", "write")), key=lambda c: c.role, reverse=True)
        self._heads = [(c.organ, head) for c in finals for head in range(trace.arrays[c.name].shape[1])]
        self._choice.offer(tuple(f"{organ} head {head + 1}" for organ, head in self._heads))
        low, high, scale = self.reading.scale(self.channels[0])
        self._plot.set_scale(low, high, scale)

    def show_step(self, trace: Trace, step: int) -> None:
        """The stages at this step; the present micro-step stands out."""
        organ, head = self._head
        stages = stages_of(trace, organ)

        def shown(stage: StageOf) -> Stage:
            weighting = self.reading.at(stage.channel, step)[head]
            return Stage(name=stage.name, number=_numbers(trace, stage, head, step), weighting=weighting)

        self._plot.show_stages([shown(stage) for stage in stages])
        micro = self.state.playback.micro
        self._plot.set_present(next((i for i, s in enumerate(stages) if s.micro == micro), None))

    def show_marks(self, trace: Trace) -> None:
        """Follow a head that was selected elsewhere, and outline the selected slot."""
        chosen = self.state.lens.selection
        wished = (chosen.channel.partition(".")[0], chosen.head)
        if wished in self._heads and wished != self._head:
            self._choice.choose(self._heads.index(wished))
            self.show_step(trace, self.step)
        self._plot.set_slot(chosen.slots[0] if chosen.slots else None)

    def technical(self) -> str:
        """ "Addressing · step 8"; the head stands in the choice beside it, where there is one."""
        organ, head = self._head
        alone = f"{organ} head {head + 1}, " if len(self._heads) == 1 else ""
        return f"Addressing · {alone}step {self.step + 1}"

    def in_words(self, trace: Trace, step: int) -> str:
        """The numbers that govern the stages, and where the head ends up."""
        organ, head = self._head
        told = []
        for stage in stages_of(trace, organ):
            row = np.nan_to_num(trace.at(stage.channel.name, step)[head])
            best = int(row.argmax())
            told.append(f"{stage.name} {_numbers(trace, stage, head, step)}".strip() + f": slot {best} ({row[best]:.2f})")
        return f"{organ.capitalize()} head {head + 1}. {'; '.join(told)}."

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each slot, a column for each stage."""
        organ, head = self._head
        stages = stages_of(trace, organ)
        columns = [np.asarray(self.reading.at(stage.channel, step)[head]) for stage in stages]
        rows: list[list[object]] = [[slot, *(float(c[slot]) for c in columns)] for slot in range(len(columns[0]))]
        return ["slot", *(stage.name for stage in stages)], rows

    # ---- the inside ----

    @property
    def _head(self) -> tuple[str, int]:
        return self._heads[min(self._choice.index, len(self._heads) - 1)] if self._heads else ("", 0)

    def _head_chosen(self, _index: int) -> None:
        organ, head = self._head
        final = next(c for c in self.channels if c.organ == organ and c.role in ("read", "write"))
        self.choose(Selection(side=self.side.name, channel=final.name, head=head), self.modifiers)

    def _selection(self, slot: int) -> Selection:
        organ, head = self._head
        final = next(c for c in self.channels if c.organ == organ and c.role in ("read", "write"))
        return Selection(side=self.side.name, channel=final.name, head=head, slots=(slot,))

    def _stage_chosen(self, index: int) -> None:
        trace = self.side.trace
        if trace is not None and not self.is_behind:
            self.go_to(self.step, stages_of(trace, self._head[0])[index].micro)

    def _slot_clicked(self, slot: int) -> None:
        if not self.is_behind:
            self.choose(self._selection(slot), self.modifiers)

    def _hovered(self, slot: int) -> None:
        trace = self.side.trace
        if slot < 0 or trace is None or self.is_behind:
            self.point(None)
            return
        organ, head = self._head
        final = stages_of(trace, organ)[-1].channel
        value = float(self.reading.at(final, self.step)[head][slot])
        self.point(self._selection(slot), f"slot {slot}, step {self.step + 1}: {number(value)}")


def stages_of(trace: Trace, organ: str) -> list[StageOf]:
    """The stages of an organ's address: each micro-step that leaves a weighting of it; without any, its weightings in order."""
    found: list[StageOf] = []
    for micro, stage in enumerate(trace.card.model.micro_steps):
        channels = [trace.channels[name] for name in stage.channels if name in trace.channels]
        mine = [c for c in channels if c.organ == organ]
        left = [c for c in mine if c.kind == "weighting" and c.axes == ("head", "slot")]
        numbers = tuple(c for c in mine if c.axes in (("head",), ("head", "shift"), ("head", "mode")))
        if left:
            found.append(StageOf(name=stage.name, micro=micro, channel=left[-1], numbers=numbers))
    if found:
        return found
    rest = [c for c in trace.of_kind("weighting") if c.organ == organ and c.axes == ("head", "slot")]
    return [StageOf(name=c.title, micro=-1, channel=c, numbers=()) for c in rest]


def _numbers(trace: Trace, stage: StageOf, head: int, step: int) -> str:
    """ "0.04", "+1", "12.6": what governs the stage."""
    told = []
    for channel in stage.numbers:
        value = np.asarray(trace.at(channel.name, step))[head]
        if not np.isfinite(value).all():
            continue
        if channel.axes[-1] == "mode":
            told.append(f"{trace.label('mode', int(value.argmax()))} {float(value.max()):.2f}")
        elif value.ndim:
            offset = int(value.argmax()) - len(value) // 2
            told.append(f"{offset:+d}".replace("-", "\N{MINUS SIGN}"))
        else:
            told.append(f"{float(value):.2f}" if abs(float(value)) < 10 else f"{float(value):.1f}")
    return ", ".join(told)
