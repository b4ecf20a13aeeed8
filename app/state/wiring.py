"""How a model is wired, as its card says it or as its stages suggest: blocks with the channels that live in them, and ways."""

from dataclasses import dataclass, replace

import numpy as np

from app.state.things import token_name
from engine.contract.cards import Block, Channel, Wire
from engine.contract.trace import Array, Trace

COLUMNS = 6
_TELLING = {"memory": 0, "attention": 1, "weighting": 1, "probability": 2, "vector": 3, "gate": 4, "bits": 5}
_MOST_SHOWN = 3


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A block of the picture with the recorded channels that it shows and that its arithmetic makes."""

    block: Block
    shows: tuple[Channel, ...]
    works: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Wiring:
    """Everything that the picture draws, but for the numbers."""

    parts: tuple[Part, ...]
    wires: tuple[Wire, ...]

    def part(self, name: str) -> Part:
        """The part of this name; KeyError if there is none."""
        return {part.block.name: part for part in self.parts}[name]


def wiring_of(trace: Trace) -> Wiring:
    """The model's own picture where its card has one, else one block for each organ, in the order of its stages."""
    card = trace.card.model
    blocks, wires = (card.wiring, card.wires) if card.wiring else _suggested(trace)
    parts = tuple(Part(block, _named(trace, block.shows), _named(trace, block.works or block.shows)) for block in blocks)
    kept = tuple(part for part in parts if part.shows or part.works)
    names = {part.block.name for part in kept}
    return Wiring(kept, tuple(wire for wire in wires if wire.source in names and wire.target in names))


def stage_channels(trace: Trace, micro: int | None) -> frozenset[str]:
    """The channels of the stage that the cursor stands at; empty while the step is looked at as a whole."""
    stages = trace.card.model.micro_steps
    return frozenset(stages[micro].channels) if micro is not None and micro < len(stages) else frozenset()


def comes_later(trace: Trace, channel: Channel, micro: int | None) -> bool:
    """Whether a memory still lies as the step before left it: the stage that changes it has not come."""
    changing = [i for i, stage in enumerate(trace.card.model.micro_steps) if channel.name in stage.channels]
    return (
        channel.kind == "memory" and channel.lifetime != "step" and micro is not None and bool(changing) and micro < changing[0]
    )


def part_of(trace: Trace, micro: int | None) -> int:
    """The hop or layer that the stage belongs to; -1 for the last."""
    stages = trace.card.model.micro_steps
    part = stages[micro].part if micro is not None and micro < len(stages) else None
    return -1 if part is None else part


def is_present(wire: Wire, channels: frozenset[str]) -> bool:
    """Whether something flows there at a stage that shows these channels."""
    return bool(channels.intersection(wire.channels))


def flow(trace: Trace, wire: Wire, step: int) -> float | None:
    """How much flows on a way with a gate: its mean, or of a weighting its largest share; None where nothing tells."""
    channel = trace.channels.get(wire.gate)
    if channel is None or not 0 <= step < trace.steps:
        return None
    value = np.asarray(trace.at(channel.name, step), np.float64)
    if not np.isfinite(value).any():
        return None
    return float(np.nanmax(value) if channel.kind in ("weighting", "attention") else np.nanmean(value))


def as_rows(channel: Channel, value: Array, part: int = -1) -> Array:
    """One step's value as a matrix to be drawn: heads, hops or layers below each other; of several banks, one part's."""
    found = np.asarray(value)
    if channel.kind == "memory" and found.ndim > 2:
        found = found[min(part, len(found) - 1)]
    rows: Array = found.reshape(-1, found.shape[-1]) if found.ndim else found.reshape(1, 1)
    return rows


def place_in(channel: Channel, value: Array, row: int, column: int, part: int = -1) -> dict[str, int]:
    """Which entry a cell of `as_rows` is, by axis."""
    axes, shape = list(channel.axes), list(np.shape(value))
    found: dict[str, int] = {}
    if channel.kind == "memory" and len(axes) > 2:
        found[axes.pop(0)] = min(part, shape[0] - 1) % shape.pop(0)
    for axis, length in zip(reversed(axes[:-1]), reversed(shape[:-1]), strict=True):
        row, found[axis] = divmod(row, length)
    if axes:
        found[axes[-1]] = column
    return found


def name_within(block: Block, channel: Channel) -> str:
    """A quantity's name without the words that its block already says: "input gate" below "decoder gates"."""
    said, name = block.title.replace("-", " ").split(), channel.title.split()
    while len(name) > 1 and all(any(part in (word, f"{word}s") for word in said) for part in name[0].split("-")):
        name.pop(0)
    return " ".join(name)


def says_in_words(trace: Trace, channel: Channel, step: int) -> str:
    """What stands in a block in place of cells: a line of text, or one number; empty where cells are drawn."""
    if channel.kind == "tokens":
        lines = trace.card.labels.get("step", ())
        if channel.role == "input" and step < len(lines):
            return lines[step]
        tokens = np.asarray(trace.at(channel.name, step)).reshape(-1)
        return " ".join(name for token in tokens if (name := token_name(trace, channel, float(token)))) or "–"
    if not channel.axes:
        value = float(np.asarray(trace.at(channel.name, step)))
        return f"{value:.2f}".replace("-", "\N{MINUS SIGN}") if np.isfinite(value) else "–"
    return ""


def _named(trace: Trace, names: tuple[str, ...]) -> tuple[Channel, ...]:
    found: list[Channel] = []
    for name in names:
        role = name.removeprefix("role:")
        found += [c for c in trace.channels.values() if c.role == role][:1] if role != name else _one(trace, name)
    return tuple(found)


def _one(trace: Trace, name: str) -> list[Channel]:
    return [trace.channels[name]] if name in trace.channels else []


def _suggested(trace: Trace) -> tuple[tuple[Block, ...], tuple[Wire, ...]]:
    """Input, every organ in the order in which its stages come, output: one below the other."""
    own = [channel for channel in trace.card.model.channels if channel.name in trace.channels]
    by_stage = [trace.channels[n] for stage in trace.card.model.micro_steps for n in stage.channels if n in trace.channels]
    organs = list(dict.fromkeys(channel.organ for channel in (*by_stage, *own)))
    blocks = [Block(name="input", title="input", says="What comes in at this step.", row=0, columns=(0, COLUMNS))]
    blocks[0] = replace(blocks[0], shows=("role:input",))
    for row, organ in enumerate(organs, start=1):
        mine = [channel for channel in own if channel.organ == organ]
        telling = sorted(mine, key=lambda c: (not c.role, _TELLING.get(c.kind, 9)))[:_MOST_SHOWN]
        blocks.append(
            Block(
                name=organ,
                title=organ.replace("_", " "),
                says=mine[0].says,
                row=row,
                columns=(0, COLUMNS),
                shows=tuple(c.name for c in mine if c in telling),
                works=tuple(c.name for c in mine),
            )  # fmt: skip
        )
    last = Block(
        name="output", title="output", says="What it says.", row=len(blocks), columns=(0, COLUMNS), shows=("role:output",)
    )
    blocks.append(last)
    wires = [
        Wire(source=one.name, target=other.name, says="", channels=other.works)
        for one, other in zip(blocks, blocks[1:], strict=False)
    ]
    return tuple(blocks), tuple(wires)
