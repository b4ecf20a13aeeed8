"""MANTRA on a stream, sample by sample: what is foreseen, what came, whether it is stored, and how good the memory is then.

Where several agents share a scene, each is foreseen by a search of its own; the first is shown, and offered to the memory.

Shapes: N slots (as many as the memory has, and one for each sample of the stream), K futures, P points seen, F to come, D
features of a code; metres.
"""

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor

from engine.blocks.bank import Bank, WhenFull
from engine.blocks.displacement import distances, joint_best
from engine.blocks.frames import Frame, frame_of
from engine.blocks.plain_predictors import constant_velocity
from engine.blocks.probe import Probe
from engine.models.bank_replay import Rounds, decided, is_open, padded, show_held, show_there, show_used
from engine.models.mantra_codec import TrajectoryCodec
from engine.models.mantra_refine import ROUNDS, Ground, MapRefinement, ground_of

BEST_OF = 5
"""Held-out samples are scored by the best of so many futures, as the tasks score them."""

MOST_DECODED = 10_000
"""Of a larger memory it is not shown what the decoder makes of every slot: it would take longer than the stream."""


class Network(Protocol):
    """What is asked of the network here."""

    codec: TrajectoryCodec
    refinement: MapRefinement | None
    count: int
    starts_with: str
    goes_on: bool
    when_full: WhenFull

    @property
    def memory(self) -> Bank: ...  # noqa: D102
    @property
    def threshold(self) -> float: ...  # noqa: D102
    def futures(self, bank: Bank, key: Tensor, slots: Tensor, count: int) -> Tensor: ...  # noqa: D102
    def refined(self, futures: Tensor, key: Tensor, frame: Frame, ground: Ground | None) -> Tensor: ...  # noqa: D102
    def explained(self, futures: Tensor, truth: Tensor) -> Tensor: ...  # noqa: D102
    def accepted(self, success: Tensor) -> Tensor: ...  # noqa: D102


class Sample(NamedTuple):
    """One agent in its frame, with its codes: `past (P, 2)`, `future (F, 2)`, `key (1, D)`, `value (1, D)`; and the map around
    it, if one is known: one that a reader puts elsewhere has none."""

    frame: Frame
    past: Tensor
    future: Tensor
    key: Tensor
    value: Tensor
    ground: Ground | None = None


def replayed(network: Network, episode: Any, probe: Probe) -> Tensor:
    """What is foreseen of each sample, before it may be stored: `(S, A, K, F, 2)`."""
    stream = _Stream(network, episode, probe)
    outputs = []
    for step in range(episode.batch.size):
        probe.at(step)
        outputs.append(stream.take(step))
    stream.finish()
    return torch.stack(outputs)


class _Stream:
    """A stream in progress, with a memory of its own: that of the network stays as it is."""

    def __init__(self, network: Network, episode: Any, probe: Probe) -> None:
        self._network, self._probe, self._batch = network, probe, episode.batch
        bank = network.memory.grown(episode.batch.size)
        is_known = episode.batch.known is None or bool(episode.batch.known.any())
        if network.starts_with == "empty" and is_known:  # where nobody knows what came nothing is stored: it is answered from
            bank.clear()  # what the training has stored
        self._bank = bank
        self._whole = self._seen(self._batch.past[:, 0], self._batch.future[:, 0])
        self._ground = ground_of(episode.batch)
        self._test = _Test(network, episode) if episode.tests else None

    def take(self, step: int) -> Tensor:
        """One sample: its futures in the world, `(A, K, F, 2)`."""
        bank, probe = self._bank, self._probe
        sample = self._sample(step)
        show_there(self._bank, self._probe)
        slots = self._retrieved(sample)
        futures = self._network.futures(bank, sample.key, slots[None], self._network.count)
        foreseen = self._refined(sample, futures)
        if self._batch.past.shape[1] > 1:
            foreseen = torch.cat((foreseen, self._others(step)))
        bank.presented += 1
        if self._batch.known is None or bool(self._batch.known[step]):
            self._decided(step, sample, slots, futures[0])
        show_there(self._bank, self._probe)
        show_used(bank, probe)
        if self._test is not None:
            self._test.show(step, bank, probe)
        return foreseen

    def finish(self) -> None:
        """What lies in each slot, from its write on."""
        bank, probe = self._bank, self._probe
        show_held(bank, probe)
        future = bank.get_buffer("kept_future")
        probe.once("memory.past", bank.get_buffer("kept_past")[None])
        probe.once("memory.future", future[None])
        filled = int(bank.entries)
        if filled <= MOST_DECODED:
            decoded = torch.zeros_like(future)
            decoded[:filled] = self._network.codec.decode(bank.keys[:filled], bank.values[:filled])
            probe.once("memory.decoded", decoded[None])

    def _seen(self, past: Tensor, future: Tensor) -> Sample:
        """Samples in their frames, with their codes; all at once is quicker than one by one."""
        frame = frame_of(past)
        inside, came = frame.inside(past), frame.inside(future)
        return Sample(frame, inside, came, self._network.codec.key(inside), self._network.codec.value(came))

    def _sample(self, step: int) -> Sample:
        """The sample of this step, or the one that a reader has put in its place."""
        own = self._batch.past[step], self._batch.future[step]
        past, future = self._probe("input.past", own[0]), self._probe("input.future", own[1])
        if past is not own[0] or future is not own[1]:
            found = self._seen(past, future)
            is_here = torch.equal(past[0, -1], own[0][0, -1])
            return found._replace(past=found.past[0], future=found.future[0], ground=self._around(step) if is_here else None)
        whole, one = self._whole, slice(step, step + 1)
        frame = Frame(whole.frame.origin[one], whole.frame.turn[one])
        return Sample(frame, whole.past[step], whole.future[step], whole.key[one], whole.value[one], self._around(step))

    def _around(self, step: int, agents: slice = slice(0, 1)) -> Ground | None:
        """The map around some agents of a sample, if the task gives one."""
        ground, each = self._ground, self._batch.past.shape[1]
        return None if ground is None else ground.only(slice(step * each, (step + 1) * each)).only(agents)

    def _refined(self, sample: Sample, futures: Tensor) -> Tensor:
        """Where the futures `(1, K, F, 2)` of the first agent lie in the world, once the map has been looked at."""
        network, frame, ground = self._network.refinement, sample.frame, sample.ground
        world: Tensor = frame.outside(futures)
        if network is None or ground is None:
            return world
        cells = network.seen(ground, frame)
        world = self._probe("refine.futures", world, 0)
        for number in range(1, ROUNDS + 1):
            moved = network.moved(frame.inside(world), sample.key, cells, ground.reach)
            world = self._probe("refine.futures", frame.outside(moved), number)
        return world

    def _others(self, step: int) -> Tensor:
        """What is foreseen of the other agents of the scene, `(A - 1, K, F, 2)`."""
        network, past = self._network, self._batch.past[step, 1:]
        frame = frame_of(past)
        key = network.codec.key(frame.inside(past))
        slots = self._bank.nearest(key, network.count).slot
        said = network.futures(self._bank, key, slots, network.count)
        found: Tensor = frame.outside(network.refined(said, key, frame, self._around(step, slice(1, None))))
        return found

    def _retrieved(self, sample: Sample) -> Tensor:
        """The slots most alike, `(K',)`; of equals the older first. Nothing is read of an empty memory."""
        bank, probe, most = self._bank, self._probe, self._network.count
        key = probe("match.key", sample.key)
        likeness = probe("match.likeness", bank.likeness(key))[0].masked_fill(bank.alive <= 0, -torch.inf)
        slots = torch.sort(likeness, descending=True, stable=True).indices[: min(most, bank.rows)]
        if len(slots):
            share = torch.zeros_like(likeness)
            share[slots] = 1 / len(slots)
            probe("read.weighting", share[None, None])
        probe("read.slot", padded(slots.to(likeness.dtype), most, -1.0)[None])
        return slots

    def _decided(self, step: int, sample: Sample, slots: Tensor, futures: Tensor) -> None:
        """What came is revealed; the controller stores the sample or refuses it."""
        network, bank, probe = self._network, self._bank, self._probe
        success = network.explained(futures[: len(slots)], sample.future)
        if len(slots):
            bank.note_use(slots, slots[success.argmax()])
        opened = is_open(bank, network.goes_on, network.when_full)
        is_stored = decided(success, network.count, network.threshold, network.accepted, opened, probe, "write")
        where = torch.zeros_like(bank.alive)
        if is_stored:
            kept = {"past": sample.past, "future": sample.future}
            number, label = float(self._batch.number[step]), float(self._batch.kind[step])
            slot, _ = bank.append(sample.key[0], sample.value[0], kept, number, label, network.when_full)
            where[slot] = float(slot >= 0)
        probe("write.weighting", where[None, None])


class _Test:
    """Held-out samples, on which the memory is scored now and then: in metres, the best of five."""

    def __init__(self, network: Network, episode: Any) -> None:
        self._network, self._rounds = network, Rounds(episode.phase, episode.score_every)
        self._sets = [self._prepared(batch) for batch in episode.tests]
        self._error = torch.zeros(1)

    def show(self, step: int, bank: Bank, probe: Probe) -> None:
        """Score anew every few samples and where a phase begins; between, what was found last holds."""
        refined, key, truth, off, plain = self._sets[self._rounds.phase(step)]
        if self._rounds.is_due(step):
            slots = bank.nearest(key, BEST_OF).slot
            self._error = _error(refined(self._network.futures(bank, key, slots, BEST_OF)), truth)
        probe("test.error", self._error)
        probe("test.off", off)
        probe("test.plain", plain)

    def _prepared(self, batch: Any) -> tuple[Callable[[Tensor], Tensor], Tensor, Tensor, Tensor, Tensor]:
        """How futures are refined there; the keys and what came, in the agents' frames; and two errors that do not change:
        nothing retrieved, and going on."""
        there = batch.present if batch.known is None else batch.present & batch.known.unsqueeze(1)
        frame = frame_of(batch.past[there])
        past, truth = frame.inside(batch.past[there]), frame.inside(batch.future[there])
        key = self._network.codec.key(past)
        ground = ground_of(batch)
        around = None if ground is None else ground.only(there.flatten())
        refined = partial(self._network.refined, key=key, frame=frame, ground=around)
        off = refined(self._network.codec.decode(key, torch.zeros_like(key)).unsqueeze(1))
        plain = constant_velocity(past, truth.shape[1]).unsqueeze(1)
        return refined, key, truth, _error(off, truth), _error(plain, truth)


def _error(foreseen: Tensor, truth: Tensor) -> Tensor:
    return joint_best(distances(foreseen, truth))[0].mean()[None]
