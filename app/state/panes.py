"""Which panes there are, the question each answers, and which channels it shows: chosen by kind and role, never by model."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.state.agents import agent_channels
from app.state.decision import decision_channels
from app.state.garments import garment_channels
from app.state.growing import growing_channels
from app.state.lifetimes import memory_channels
from app.state.looks import look_of
from app.state.one_story import story_of
from app.state.pairs import pairs_of
from app.state.picture import picture_channels
from app.state.provenance import written_memory
from app.state.remembering import memories_to_clear
from app.state.stream import memory_of, occupancy
from app.state.things import attentions, mixtures
from app.state.trajectories import trajectory_channels
from app.state.wiring import wiring_of
from engine.contract.cards import Channel
from engine.contract.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True)
class PaneCard:
    """What a pane is, before any trace."""

    name: str
    question: str
    technical: str
    pick: Callable[[Trace], list[Channel]]
    """The channels of a trace that the pane shows; empty: it has nothing to show."""
    is_of_training: bool = False
    """Whether it looks beyond the record, at the training or at further runs: it never opens by itself."""
    is_for_both: bool = False
    """Whether one picture shows both sides, where two streams stand beside each other."""

    def fits(self, trace: Trace) -> bool:
        """Whether the pane has something to show of this trace."""
        return bool(self.pick(trace))


def _tape(trace: Trace) -> list[Channel]:
    return [c for role in ("input", "priority", "target", "output") for c in trace.of_role(role)]


def _reads(trace: Trace) -> list[Channel]:
    return [c for c in trace.of_role("read") if "slot" in c.axes]


def _writes(trace: Trace) -> list[Channel]:
    return [c for c in trace.of_role("write") if "slot" in c.axes]


def _memory(trace: Trace) -> list[Channel]:
    return trace.of_kind("memory")


def _provenance(trace: Trace) -> list[Channel]:
    found = written_memory(trace)
    return [found.memory, found.write, found.erase, found.add] if found is not None else []


def _addressing(trace: Trace) -> list[Channel]:
    final = {c.organ for c in (*_reads(trace), *_writes(trace))}
    stages = [c for c in trace.of_kind("weighting") if c.organ in final and "slot" in c.axes]
    return stages if len(stages) > len(final) else []


def _state(trace: Trace) -> list[Channel]:
    return [c for c in trace.of_kind("vector", "gate") if "unit" in c.axes]


def _hops(trace: Trace) -> list[Channel]:
    look = look_of(trace)
    return [look.channel] if look is not None else []


def _told(trace: Trace) -> list[Channel]:
    """Whatever is asked of a story can be asked of other models too."""
    return _hops(trace) or trace.of_role("answer") if story_of(trace) else []


def _order(trace: Trace) -> list[Channel]:
    usage = [c for c in trace.of_role("usage") if c.axes == ("slot",)]
    return [*usage, *(c for c in trace.of_role("allocation") if c.axes[-1:] == ("slot",))] if usage else []


def _architecture(trace: Trace) -> list[Channel]:
    return [channel for part in wiring_of(trace).parts for channel in part.shows]


def _pairs(trace: Trace) -> list[Channel]:
    pairs = pairs_of(trace)
    return [pairs.look.channel] if pairs is not None else []


def _readout(trace: Trace) -> list[Channel]:
    return trace.of_role("answer") or trace.of_role("output")


_OF_SLOTS = ("retrieved", "written", "sample", "alive", "reads", "best")
"""Numbers of slots: as lines they say nothing."""


def _curves(trace: Trace) -> list[Channel]:
    """Numbers, and gates of many units as their mean; what is the same at every step comes last, and errors after all."""
    kinds = trace.of_kind("scalar", "gate", "positive")
    scalars = [c for c in kinds if len(c.axes) <= 1 and "unit" not in c.axes and c.role not in _OF_SLOTS]
    found = [*scalars, *(c for c in trace.of_kind("gate") if c.axes[-1:] == ("unit",))]
    if all(c.role == "error" for c in found):
        found += [c for c in trace.of_kind("vector") if c.axes[-1:] == ("unit",)]
    found.sort(key=lambda c: (c.role == "error", _stands_still(trace, c)))
    return found or trace.of_kind("weighting", "attention")[:1]


def _stands_still(trace: Trace, channel: Channel) -> bool:
    values = np.asarray(trace.arrays[channel.name])
    there = values[np.isfinite(values)]
    return not there.size or bool(there.min() == there.max())


def _over_training(trace: Trace) -> list[Channel]:
    found = [c for c in trace.of_role("error") if not c.axes]
    return found or [c for role in ("target", "read", "write") for c in trace.of_role(role)] or trace.of_kind("memory")


def _in_use(trace: Trace) -> list[Channel]:
    """Of a stream: the memory whose slots are counted."""
    memory = memory_of(trace) if trace.samples > 1 else None
    return [memory] if memory is not None and occupancy(trace) is not None else []


def _helps(trace: Trace) -> list[Channel]:
    return [channel for channel in trace.of_role("test") if not channel.axes] if trace.samples > 1 else []


def _anything(trace: Trace) -> list[Channel]:
    return list(trace.channels.values())[:1]


PANES = (
    PaneCard(name="Tape", question="What goes in, what comes out?", technical="Tape", pick=_tape),
    PaneCard(name="Writes", question="Where is it writing?", technical="Writes", pick=_writes),
    PaneCard(name="Memory", question="What is stored?", technical="Memory", pick=_memory),
    PaneCard(name="Reads", question="Where is it reading?", technical="Reads", pick=_reads),
    PaneCard(name="Provenance", question="Who wrote this?", technical="Provenance", pick=_provenance),
    PaneCard(name="Addressing", question="How did it choose the slot?", technical="Addressing", pick=_addressing),
    PaneCard(name="Attention", question="Which position looks at which?", technical="Attention", pick=attentions),
    PaneCard(name="Order and usage", question="What is free, what came after what?", technical="Order and usage", pick=_order),
    PaneCard(name="Layer mixture", question="Which layers does it remember?", technical="Layer mixture", pick=mixtures),
    PaneCard(name="State and gates", question="What does the controller hold?", technical="State and gates", pick=_state),
    PaneCard(name="Architecture", question="How is it wired?", technical="Architecture", pick=_architecture),
    PaneCard(name="Keys and values", question="What matched, what was returned?", technical="Keys and values", pick=_pairs),
    PaneCard(name="Hops", question="How did the answer form?", technical="Hops", pick=_hops),
    PaneCard(name="Readout", question="What does it answer, how sure?", technical="Readout", pick=_readout),
    PaneCard(name="One story", question="Which model looks where?", technical="One story", pick=_told),
    PaneCard(name="Curves", question="How does a number run over time?", technical="Curves", pick=_curves),
    PaneCard(
        name="Picture and question", question="What does it see, what is asked?", technical="Picture", pick=picture_channels
    ),
    PaneCard(name="Trajectories", question="Where will it go?", technical="Trajectories", pick=trajectory_channels),
    PaneCard(name="Agents", question="Who looks at whom?", technical="Agents", pick=agent_channels),
    PaneCard(name="Garments", question="What goes with it?", technical="Garments", pick=garment_channels),
    PaneCard(name="Memory browser", question="What was worth keeping?", technical="Memory browser", pick=growing_channels),
    PaneCard(name="Write decision", question="Is it worth a slot?", technical="Write decision", pick=decision_channels),
    PaneCard(
        name="Slots in use",
        question="How many slots are in use?",
        technical="Occupancy over samples",
        pick=_in_use,
        is_for_both=True,
    ),
    PaneCard(
        name="Does it help?",
        question="Does it help?",
        technical="Test error against samples seen",
        pick=_helps,
        is_for_both=True,
    ),
    PaneCard(name="Lifetimes", question="How long does each memory live?", technical="Lifetimes", pick=memory_channels),
    PaneCard(
        name="Who remembered?",
        question="Who remembered?",
        technical="Which memory carried the answer",
        pick=memories_to_clear,
        is_of_training=True,
    ),
    PaneCard(name="Time map", question="When was it learnt?", technical="Time map", pick=_over_training, is_of_training=True),
    PaneCard(name="Seeds", question="Do all seeds learn it?", technical="Seeds", pick=_anything, is_of_training=True),
)


def pane(name: str) -> PaneCard:
    """The pane of this name; KeyError if there is none."""
    return {card.name: card for card in PANES}[name]


SAYS_MORE = {"Memory browser": "Memory"}
"""Two streams leave little room: where the first of these stands, the second of the same side is left out."""

OF_ONE = ("Write decision",)
"""Where only one of two streams has what these show, they stand below both."""


def parted(names: tuple[str, ...], a: Trace, b: Trace) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The panes of two streams beside each other: those of A, those of B, and those that show both in one picture."""
    cards = [pane(name) for name in names]
    below = [card for card in cards if card.is_for_both or (card.name in OF_ONE and card.fits(a) != card.fits(b))]
    both = tuple(card.name for card in below if card.fits(a) or card.fits(b))

    def of(trace: Trace) -> tuple[str, ...]:
        fit = [card.name for card in cards if card not in below and card.fits(trace)]
        return tuple(name for name in fit if name not in {less for more, less in SAYS_MORE.items() if more in fit})

    if not both and not of(a):
        return first_panes(a), of(b) or first_panes(b), both
    return of(a), of(b), both


def beside(names: tuple[str, ...], trace: Trace) -> tuple[str, ...]:
    """The panes of a second side: the same ones where they fit its trace, and its own first ones in place of the others."""
    kept = [name for name in names if pane(name).fits(trace)]
    spare = [name for name in (*first_panes(trace), *_of_the_episode()) if name != "Tape" and pane(name).fits(trace)]
    for name in spare:
        if len(kept) < min(len(names), 2) and name not in kept:
            kept.append(name)
    return tuple(kept) or names


def first_panes(trace: Trace) -> tuple[str, ...]:
    """What opens first, besides the tape: as the model's card says, else whatever fits, at most four."""
    wished = trace.card.model.first_panes or _of_the_episode()
    return tuple(name for name in wished if name != "Tape" and pane(name).fits(trace))[:4]


def _of_the_episode() -> tuple[str, ...]:
    return tuple(card.name for card in PANES if not card.is_of_training)
