"""How a stream of scenes goes through SMEMO so that every step of every scene can be looked at.

The memory is wiped before each scene, so that scenes of a stream know nothing of each other: all can be run at once and laid end
to end afterwards. What is changed by the reader, or a wipe that is switched off, makes it go step by step.
"""

from dataclasses import fields, replace
from typing import Any, Protocol

import torch
from torch import Tensor

from engine.blocks.displacement import distances, joint_best
from engine.blocks.frames import Frame
from engine.blocks.plain_predictors import constant_velocity
from engine.blocks.probe import Probe
from engine.models.smemo_parts import Joined, Scene
from engine.models.smemo_who import counterfactual, flow, gradient

FEW = 20
"""In an episode of so many scenes at most it is reckoned who influenced whom."""

BEST_OF = 5
"""Errors are those of the best of so many futures, as the tasks reckon them."""


class Network(Protocol):
    """What is asked of the network here."""

    past: int
    future: int
    heads: int
    wipes: bool
    joined: Joined

    def frame(self, batch: Any) -> Frame: ...  # noqa: D102
    def scene(self, batch: Any, frame: Frame | None = None) -> Scene: ...  # noqa: D102
    def run(self, scene: Scene, probe: Probe, memory: Tensor | None = None) -> tuple[Tensor, Tensor]: ...  # noqa: D102
    def run_quickly(self, scene: Scene) -> Tensor: ...  # noqa: D102
    def blank(self, batch: int) -> Tensor: ...  # noqa: D102
    def variants(self, batch: Any) -> dict[str, Tensor]: ...  # noqa: D102
    def fused(self, batch: Any) -> Tensor: ...  # noqa: D102


def replayed(network: Network, episode: Any, probe: Probe) -> Tensor:
    """All futures of all scenes, `(S, A, K, F, 2)`."""
    batch, steps = episode.batch, network.past + network.future
    probe.at(-1)
    memory = probe("memory.contents", network.blank(1))
    if network.wipes and not probe.changes:
        outputs, shown = _at_once(network, batch, probe)
    else:
        outputs, shown = _one_by_one(network, batch, probe, memory)
    if batch.size <= FEW and batch.present.shape[1] > 1:
        _show_who(network, batch, shown, probe)
    _show_tests(network, episode, steps, probe)
    return outputs


def _at_once(network: Network, batch: Any, probe: Probe) -> tuple[Tensor, dict[str, Tensor]]:
    """What each step showed of all scenes, `(S, steps, *axes)`, is shown again, scene after scene."""
    kept = Kept()
    outputs, _ = network.run(network.scene(batch), kept)
    shown = kept.together()
    for channel, values in shown.items():
        probe.many(channel, values.flatten(0, 1).unsqueeze(0))
    return outputs, shown


def _one_by_one(network: Network, batch: Any, probe: Probe, memory: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
    steps, outputs, shown = network.past + network.future, [], []
    for number in range(batch.size):
        kept = Kept(probe, number * steps)
        said, left = network.run(network.scene(_only(batch, number)), kept, memory)
        outputs.append(said)
        if batch.size <= FEW:
            shown.append(kept.together())
        memory = network.blank(1) if network.wipes else left
    together = {channel: torch.cat([each[channel] for each in shown]) for channel in (shown[0] if shown else {})}
    return torch.cat(outputs), together


def _show_who(network: Network, batch: Any, shown: dict[str, Tensor], probe: Probe) -> None:
    """Three accounts. The last two run the network again, which edits would have to be made in: with edits they are left out."""
    steps, frame = network.past + network.future, network.frame(batch)

    def run(past: Tensor, present: Tensor) -> Tensor:
        copies = len(past) // batch.size
        held = Frame(frame.origin.repeat(copies, 1), frame.turn.repeat(copies, 1, 1))  # it stays, whoever is taken out
        return network.run_quickly(network.scene(replace(batch, past=past, present=present), held))

    found = {"flow": flow(shown, network.heads, network.joined)}
    if not probe.changes:
        for name, account in (("gradient", gradient), ("counterfactual", counterfactual)):
            each = account(run, batch.past, batch.present)
            found[name] = each.unsqueeze(1).expand(-1, steps, -1, -1)
    for name, values in found.items():
        probe.many(f"who.{name}", values.flatten(0, 1).unsqueeze(0))


def _show_tests(network: Network, episode: Any, steps: int, probe: Probe) -> None:
    """The errors on held-out scenes, which nothing in the stream can change: weights are frozen and no memory lasts."""
    if not episode.tests or episode.phase is None:
        return
    found: dict[str, list[float]] = {"test.error": [], "test.off": [], "test.plain": []}
    for batch in episode.tests:
        plain = constant_velocity(batch.past.flatten(0, 1), network.future).reshape_as(batch.future).unsqueeze(2)
        said = network.fused(batch), network.variants(batch)["memory_off"], plain
        for errors, outputs in zip(found.values(), said, strict=True):
            errors.append(_error(outputs, batch))
    for channel, errors in found.items():
        each = torch.tensor(errors)[episode.phase.long()].repeat_interleave(steps)
        probe.many(channel, each.unsqueeze(0))


def _error(outputs: Tensor, batch: Any) -> float:
    """The mean distance of the best, over all agents that are there."""
    found, _ = joint_best(distances(outputs[:, :, :BEST_OF], batch.future))
    return float(found[batch.present].mean())


class Kept:
    """A probe that keeps what all scenes of a batch show, and hands it on if there is one to hand it to, `first` steps later."""

    def __init__(self, then: Probe | None = None, first: int = 0) -> None:
        self._then, self._first = then, first
        self._values: dict[str, list[Tensor]] = {}

    @property
    def changes(self) -> bool:
        """Whether the next one does."""
        return self._then is not None and self._then.changes

    def at(self, step: int) -> None:
        """Hand it on."""
        if self._then is not None:
            self._then.at(self._first + step)

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Keep what comes back."""
        value = value if self._then is None else self._then(channel, value, part)
        self._values.setdefault(channel, []).append(value)
        return value

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """Nothing of a scene is shown so."""
        raise TypeError(f"{channel}: one step of a scene at a time is kept")

    def once(self, channel: str, value: Tensor) -> None:
        """Nothing of a scene is shown so."""
        raise TypeError(f"{channel}: one step of a scene at a time is kept")

    def together(self) -> dict[str, Tensor]:
        """`(B, steps, *axes)` of each channel."""
        return {channel: torch.stack(values, 1) for channel, values in self._values.items()}


def _only(batch: Any, row: int) -> Any:
    parts = {field.name: getattr(batch, field.name) for field in fields(batch)}
    return replace(batch, **{name: part[row : row + 1] for name, part in parts.items() if isinstance(part, Tensor)})
