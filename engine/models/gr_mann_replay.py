"""GR-MANN on a stream, pair by pair: what is seen, what is proposed, what was worn, whether it is stored, and how good it is by
then.

Shapes: N slots (as many as the memory has, and some for each pair of the stream), K proposals, C bottoms on offer, S side.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.bank import Bank, WhenFull
from engine.blocks.probe import Probe
from engine.blocks.writing_controller import WritingController
from engine.models.bank_replay import Rounds, decided, is_open, padded, show_held, show_there, show_used
from engine.models.gr_mann_read import Proposed, note_use, winner

ORGANS = ("write", "colour")
"""What the channels of each half's decision are called."""


class Network(Protocol):
    """What is asked of the network here."""

    parts: Sequence[slice]
    count: int
    goes_on: bool
    when_full: WhenFull
    bank: Bank
    controllers: nn.ModuleList

    def key(self, tops: Tensor) -> Tensor: ...  # noqa: D102
    def value(self, bottoms: Tensor) -> Tensor: ...  # noqa: D102
    def part_of(self, bank: Bank) -> Tensor: ...  # noqa: D102
    def propose(self, bank: Bank, key: Tensor, offered: Tensor, is_off: bool = False) -> Proposed: ...  # noqa: D102
    def listed(self, proposed: Proposed) -> Tensor: ...  # noqa: D102
    def is_listed(self, proposed: Proposed) -> Tensor: ...  # noqa: D102
    def successes(self, proposed: Proposed, bottom: Tensor, alike: Tensor) -> Tensor: ...  # noqa: D102
    def store(self, bank: Bank, part: int, key: Tensor, value: Tensor, batch: Any, row: int) -> tuple[int, int]: ...  # noqa: D102


def replayed(network: Network, episode: Any, probe: Probe) -> Tensor:
    """The scores of each pair's list, made before the pair may be stored: `(S, C)`."""
    stream = _Stream(network, episode, probe)
    outputs = []
    for step in range(episode.batch.size):
        probe.at(step)
        outputs.append(stream.take(step))
    stream.finish()
    return torch.cat(outputs)


class _Stream:
    """A stream in progress, with a memory of its own: that of the network stays as it is."""

    def __init__(self, network: Network, episode: Any, probe: Probe) -> None:
        self._network, self._probe, self._batch = network, probe, episode.batch
        self._bank = network.bank.grown(episode.batch.size * len(network.parts))
        self._offered = network.value(episode.batch.catalogue)
        self._test = _Test(network, episode, self._offered) if episode.tests else None

    def take(self, step: int) -> Tensor:
        """One pair: its list, `(1, C)`."""
        bank, probe, network = self._bank, self._probe, self._network
        sample = self._sample(step)
        show_there(self._bank, self._probe)
        key = probe("match.key", network.key(sample.tops))
        found = network.propose(bank, key, self._offered)
        self._show_read(found, key)
        alike = found.likeness.mean(0)
        is_listed = network.is_listed(found)
        probe("rank.likeness", alike.amax(1).clamp(-1, 1))
        probe("rank.proposal", winner(alike, is_listed).float())
        scores: Tensor = probe("rank.score", network.listed(found))
        bank.presented += 1
        self._decided(sample, key[0], found)
        show_there(self._bank, self._probe)
        show_used(bank, probe)
        if self._test is not None:
            self._test.show(step, bank, probe)
        return scores

    def finish(self) -> None:
        """What lies in each slot, from its write on."""
        bank, batch, probe = self._bank, self._batch, self._probe
        top, bottom = bank.get_buffer("kept_top").long(), bank.get_buffer("kept_bottom").long()
        show_held(bank, probe)
        probe.once("memory.top", top.float()[None])
        probe.once("memory.half", self._network.part_of(bank)[None])
        filled = (torch.arange(bank.room) < bank.entries)[:, None, None, None]
        for name, shelf, number in (("past", batch.shelf, top), ("truth", batch.catalogue, bottom)):
            is_there = filled & (number >= 0)[:, None, None, None]
            probe.once(f"memory.{name}", torch.where(is_there, shelf[number.clamp(min=0)], 1.0)[None])

    def _sample(self, step: int) -> Any:
        """The pair of this step; another top or bottom is taken from the shelf where a reader has put in its number."""
        batch = self._batch
        parts = {name: getattr(batch, name)[step : step + 1] for name in ("tops", "bottoms", "top", "bottom", "number")}
        for name, shelf in (("top", batch.shelf), ("bottom", batch.catalogue)):
            number = self._probe(f"input.{name}", parts[name].float()).round().long()
            if not torch.equal(number, parts[name]):
                chosen = number.clamp(0, len(shelf) - 1)
                parts |= {name: chosen, f"{name}s": shelf[chosen], "number": torch.full_like(chosen, -1)}
        return replace(batch, **parts)

    def _show_read(self, found: Proposed, key: Tensor) -> None:
        """Which slots, how alike, and what is drawn of them; a head for each half. Nothing is read of an empty memory."""
        network, bank, probe = self._network, self._bank, self._probe
        near = torch.stack([_near(network, bank, key, part) for part in range(len(network.parts))]).sum(0)
        probe("match.likeness", near)
        slots, many = found.slots[0], network.count
        is_there = bool((slots >= 0).all())
        if is_there:
            counts = [torch.bincount(used, minlength=bank.room) / len(used) for used in slots.T]
            probe("read.weighting", torch.stack(counts)[None].to(near.dtype))
        probe("read.slot", padded(slots[:, 0].to(near.dtype), many, -1.0)[None])
        for part in range(1, slots.shape[1]):
            probe(f"{ORGANS[part]}.slot", padded(slots[:, part].to(near.dtype), many, -1.0)[None])
        probe("read.likeness", padded(found.near[0], many, 0.0)[None])
        drawn = found.pictures[0] if is_there else torch.ones_like(found.pictures[0])
        probe("read.proposal", torch.cat((drawn, drawn.new_ones(many - len(drawn), *drawn.shape[1:])))[None])

    def _decided(self, sample: Any, key: Tensor, found: Proposed) -> None:
        """What was worn is revealed; the controller of each half stores it or refuses it."""
        network, bank, probe = self._network, self._bank, self._probe
        success = network.successes(found, sample.bottom, sample.alike)[:, 0]
        value = network.value(sample.bottoms)[0]
        where = key.new_zeros(len(network.parts), bank.room)
        note_use(bank, found.slots[0], success)
        for part, is_stored in enumerate(self._wishes(success)):
            slot = network.store(bank, part, key, value, sample, 0)[0] if is_stored else -1
            if slot >= 0:
                where[part, slot] = 1.0
        probe("write.weighting", where[None])

    def _wishes(self, success: Tensor) -> list[bool]:
        """Whether each half shall be stored, by its success rates `(parts, K)`. Shown is the decision of the half that is surer
        to be stored, and beside it that of the colours."""
        parts = range(len(success))
        sure = [float(self._network.controllers[part](success[part].amax())) for part in parts]
        surest = max(parts, key=lambda part: sure[part])
        wishes = [self._is_open() and sure[part] > 0.5 for part in parts]
        wishes[surest] = self._show_decision("write", surest, success[surest])
        for part in parts[1:]:
            wish = self._show_decision(ORGANS[part], part, success[part])
            wishes[part] = wish and (wishes[part] or part != surest)
        return wishes

    def _is_open(self) -> bool:
        network = self._network
        return is_open(self._bank, network.goes_on, network.when_full)

    def _show_decision(self, organ: str, part: int, success: Tensor) -> bool:
        network, probe = self._network, self._probe
        controller = network.controllers[part]
        if not isinstance(controller, WritingController):
            raise TypeError(f"{type(controller).__name__} is no controller")
        return decided(success, network.count, controller.threshold, controller, self._is_open(), probe, organ)


class _Test:
    """Held-out pairs, on which the memory is scored now and then: 1 − a, the mean over pairs and halves."""

    def __init__(self, network: Network, episode: Any, offered: Tensor) -> None:
        self._network, self._offered = network, offered
        self._rounds = Rounds(episode.phase, episode.score_every)
        self._sets = [(network.key(batch.tops), batch) for batch in episode.tests]
        self._off = [self._missed(key, batch, network.bank, is_off=True) for key, batch in self._sets]
        self._error = torch.zeros(1)

    def show(self, step: int, bank: Bank, probe: Probe) -> None:
        """Score anew every few pairs and where a phase begins; between, what was found last holds."""
        phase = self._rounds.phase(step)
        if self._rounds.is_due(step):
            self._error = self._missed(*self._sets[phase], bank)
        probe("test.error", self._error)
        probe("test.off", self._off[phase])

    def _missed(self, key: Tensor, batch: Any, bank: Bank, is_off: bool = False) -> Tensor:
        found = self._network.propose(bank, key, self._offered, is_off)
        if is_off:  # one proposal of the network alone, which counts here
            found = found._replace(slots=torch.zeros_like(found.slots))
        success = self._network.successes(found, batch.bottom, batch.alike)
        return 1 - success.amax(-1).mean()[None]


def _near(network: Network, bank: Bank, key: Tensor, part: int) -> Tensor:
    """The cosine of a half of the key and that of each slot that holds this half, `(1, N)`."""
    own = network.parts[part]
    cosine: Tensor = (F.normalize(key[:, own], dim=-1) @ F.normalize(bank.keys[:, own], dim=-1).T).clamp(-1, 1)
    return cosine * bank.alive * (network.part_of(bank) == part)
