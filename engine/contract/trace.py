"""Trace: the record of one episode, channel name -> array whose first axis is the step."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from engine.contract.cards import Channel, Kind, ModelCard, Role, Settings, TaskCard
from engine.contract.edits import Edit

Array = np.ndarray[tuple[int, ...], np.dtype[np.float32]]

ROUND = (1, 1.5, 2, 3, 5, 7, 10)
"""Limits of a scale, times a power of ten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """A stretch of an episode that the task names: steps `first` to `last`, both included."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something worth a mark on the sequence lane. A wipe clears episodic memory *after* its step."""

    kind: Literal["write", "read", "error", "wipe"]
    step: int
    head: int = 0
    slot: int = -1
    amount: float = 1.0
    says: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceCard:
    """All of a trace but its arrays; travels inside the file."""

    format: int = 1
    model: ModelCard
    task: TaskCard
    settings: Settings
    """Of model and task together, as the episode was run."""
    source: str
    """Whose weights: "exhibit:ntm-copy", or a run's folder."""
    update: int
    """The checkpoint, in updates."""
    weights: str
    """A hash of the weights."""
    seed: int
    own: str = ""
    """The user's own input, as text, where the episode was not drawn from the seed."""
    parameters: int
    slots: int
    steps: int
    sample_steps: int = 0
    """How many steps each sample takes, where the episode is a stream of samples; 0: it is none."""
    phases: tuple[Phase, ...] = ()
    events: tuple[Event, ...] = ()
    labels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Names of the entries of an axis ("slot", "answer", "head" ...), of a channel's tokens, or of the steps ("step")."""
    outcome: dict[str, float] = field(default_factory=dict)
    """The task's metrics on this episode."""
    edits: tuple[Edit, ...] = ()


@dataclass(frozen=True, kw_only=True, eq=False)
class Trace:
    """One episode: its card, and each channel's array of shape `(step, *axes)`, float32.

    A channel that is kept once has the same shape, but all its steps are one and the same memory; what a task shows of a sample
    that takes many steps is a `BySample`, which reads like an array. `initial` holds, for channels of kind "memory", the value
    before the first step; the array itself the value after each step.
    """

    card: TraceCard
    arrays: Mapping[str, Array]
    initial: Mapping[str, Array] = field(default_factory=dict)

    @cached_property
    def channels(self) -> dict[str, Channel]:
        """Every channel that was recorded, the task's first, by name."""
        return {c.name: c for c in (*self.card.task.channels, *self.card.model.channels) if c.name in self.arrays}

    @property
    def steps(self) -> int:
        """How many steps the episode has."""
        return self.card.steps

    def of_kind(self, *kinds: Kind) -> list[Channel]:
        """The recorded channels of these kinds, in the order of the cards."""
        return [c for c in self.channels.values() if c.kind in kinds]

    def of_role(self, role: Role) -> list[Channel]:
        """The recorded channels that play this role."""
        return [c for c in self.channels.values() if c.role == role]

    def at(self, channel: str, step: int) -> Array:
        """One channel's value at (for a memory: after) `step`; -1 gives a memory as it was before the first step.

        Of a memory that is kept once, slots that are not there at this step are 0, and where -1 means nothing, -1.
        """
        card = self.channels[channel]
        if card.once:
            return self._as_it_was(card, step)
        if step < 0:
            return self.initial[channel]
        value: Array = self.arrays[channel][step]
        return value

    def alive(self, step: int) -> Array | None:
        """1 where a slot holds something after a step (-1: before the first), else 0; None if no memory here grows."""
        channel = next(iter(self.of_role("alive")), None)
        return None if channel is None else self.at(channel.name, step)

    @property
    def samples(self) -> int:
        """How many samples the stream has; 0 if the episode is none."""
        return self.steps // self.card.sample_steps if self.card.sample_steps else 0

    def sample_at(self, step: int) -> int:
        """Which sample of the stream a step belongs to, from 0; -1 if the episode is no stream."""
        return step // self.card.sample_steps if self.card.sample_steps else -1

    def _as_it_was(self, card: Channel, step: int) -> Array:
        value: Array = self.arrays[card.name][max(step, 0)]
        alive = self.alive(step) if card.axes[:1] == ("slot",) else None
        if alive is None or bool(alive.all()):
            return value
        nothing = np.float32(-1 if card.low < 0 and card.kind in ("tokens", "scalar") else 0)
        return np.where(alive.reshape(-1, *(1,) * (value.ndim - 1)) > 0, value, nothing)

    def limits(self, channel: str) -> tuple[float, float]:
        """The fixed range that the channel is drawn on, at all steps and in all panes.

        A bounded channel has its card's range. Any other gets a round limit that holds all its values; but where cells are
        drawn (vectors, memories) one that holds 95 % of those that are not nothing, so that a few large ones do not make all
        the others pale. What lies beyond is drawn as the limit, and `clips` says so.
        """
        card = self.channels[channel]
        if card.bounded:
            return card.low, card.high
        if channel not in self._limits:
            share = 0.95 if card.kind in ("vector", "memory") else 1.0
            self._limits[channel] = _round_limits(self.arrays[channel], share, signed=card.kind != "positive")
        return self._limits[channel]

    def clips(self, channel: str) -> bool:
        """Whether some of the channel's values lie beyond its limits."""
        if self.channels[channel].bounded:
            return False
        if channel not in self._clips:
            self._clips[channel] = bool(_sizes(self.arrays[channel]).max(initial=0.0) > self.limits(channel)[1] * (1 + 1e-6))
        return self._clips[channel]

    @cached_property
    def _limits(self) -> dict[str, tuple[float, float]]:
        return {}

    @cached_property
    def _clips(self) -> dict[str, bool]:
        return {}

    def label(self, axis: str, index: int) -> str:
        """The name of one entry of an axis: from the labels where there are some, else its number."""
        names = self.card.labels.get(axis, ())
        return names[index] if 0 <= index < len(names) else str(index)


def _sizes(values: Array) -> Array:
    some = values[:: max(1, values.size // 4_000_000)]  # of a very large record, some of its steps: none is copied whole
    sizes = np.abs(np.asarray(some).reshape(-1)[:: max(1, some.size // 200_000)])
    return sizes[np.isfinite(sizes)]


def _round_limits(values: Array, share: float, signed: bool) -> tuple[float, float]:
    sizes = _sizes(values)
    sizes = sizes[sizes > 1e-3 * sizes.max(initial=0.0)]
    reach = float(np.quantile(sizes, share)) if sizes.size else 1.0
    power = 10.0 ** np.floor(np.log10(max(reach, 1e-3)))
    top = next(float(power * factor) for factor in ROUND if power * factor >= reach * (1 - 1e-6))
    return (-top, top) if signed else (0.0, top)
