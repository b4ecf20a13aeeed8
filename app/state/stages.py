"""How the address of a head was made at a step: its weightings, stage after stage, as the model's own micro-steps name them."""

from dataclasses import dataclass

import numpy as np

from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One stage: its name, the number that governs it ("0.04", "+1"; empty if none), and the weighting that it leaves."""

    name: str
    number: str
    channel: Channel
    weighting: Array

    @property
    def label(self) -> str:
        """ "gate 0.04"."""
        return f"{self.name} {self.number}".strip()


def stages(trace: Trace, organ: str, head: int, step: int) -> list[Stage]:
    """The stages of one head's address; empty if the model makes it in one go."""
    found = []
    for micro in trace.card.model.micro_steps:
        channels = [trace.channels[n] for n in micro.channels if n in trace.channels and trace.channels[n].organ == organ]
        weightings = [c for c in channels if c.kind == "weighting" and c.axes == ("head", "slot")]
        if not weightings or head >= trace.arrays[weightings[-1].name].shape[1]:
            continue
        weighting = np.asarray(trace.at(weightings[-1].name, step)[head])
        found.append(Stage(micro.name, _number(trace, channels, head, step), weightings[-1], weighting))
    return found if len(found) > 1 else []


def _number(trace: Trace, channels: list[Channel], head: int, step: int) -> str:
    for channel in channels:
        if channel.axes == ("head", "shift"):
            kernel = np.asarray(trace.at(channel.name, step)[head])
            moved = int(kernel.argmax()) - len(kernel) // 2
            return f"{moved:+d}".replace("-", "\N{MINUS SIGN}") if moved else "0"
    for channel in channels:
        if channel.axes == ("head", "mode"):
            shares = np.asarray(trace.at(channel.name, step)[head])
            return f"{trace.label('mode', int(shares.argmax()))} {float(shares.max()):.2f}"
    for channel in channels:
        if channel.axes == ("head",):
            return f"{float(trace.at(channel.name, step)[head]):.{1 if channel.kind == 'positive' else 2}f}"
    return ""
