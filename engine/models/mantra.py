"""MANTRA: what came of samples like this one is what may come now, and only what is not yet foreseen is worth a slot.

Marchetti, Becattini, Seidenari & Del Bimbo, "MANTRA: Memory Augmented Networks for Multiple Trajectory Prediction" (2020).
Shapes: B scenes, A agents in each, n agents taken one by one, K futures, P points seen, F to come, D features of a code.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.bank import Bank, WhenFull
from engine.blocks.bank_file import read_bank
from engine.blocks.bending import bend
from engine.blocks.frames import Frame, frame_of
from engine.blocks.probe import Probe, silent
from engine.blocks.reservoir import Reservoir
from engine.blocks.writing_controller import WritingController
from engine.contract.cards import Settings, stages_of
from engine.models.bank_card import few_slots
from engine.models.bank_stages import Stages
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.mantra_card import AUTOENCODER, BY_MAP, CARD, CONTROLLER, FILLING, REFINEMENT
from engine.models.mantra_codec import TrajectoryCodec
from engine.models.mantra_refine import Ground, ground_of, refinement_for
from engine.models.mantra_replay import replayed

DROPPED = 0.1
"""How often the autoencoder practises with nothing retrieved: so the same network is one without a memory."""

BENT = 0.5
"""How much of a batch is bent at random while the autoencoder learns, so that it can say motions that nobody showed it."""

EPOCHS = 20
"""How often the memory is emptied and filled anew while the controller learns: of a memory that is full enough almost everything
is refused, and from that alone it would learn to refuse all."""

HASTE = 100.0
"""How much faster than the autoencoder the two numbers of the controller move: they have far to go. The flatter its curve still
is, the lower the threshold lies (the best there is would be a step at one half)."""


class Agents(NamedTuple):
    """Agents one by one, each in its own frame: `past (n, P, 2)`, `future (n, F, 2)`, `label (n,)`, `number (n,)`; and the map
    around each, which lies in the world's."""

    frame: Frame
    past: Tensor
    future: Tensor
    label: Tensor
    number: Tensor
    ground: Ground | None


class Judged(NamedTuple):
    """What the memory foresaw of one agent, `slots (K',)`, and how much of what came each explains, `success (K',)`."""

    slots: Tensor
    success: Tensor


class Mantra(MemoryModel):
    """The network. Its memory lies in buffers that `learn` fills in a stage of a run; a stream works on a copy of it."""

    tolerance: Tensor  # (F,)

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        self.points, self.width = interface["future"], int(settings["width"])
        self.count, slots = int(settings["futures"]), int(settings["slots"])
        self._measured = max(int(settings["measured"]), self.count)
        self.when_full: WhenFull = "replace" if settings["when_full"] == "replace" else "refuse"
        self.starts_with, self.goes_on = str(settings["starts_with"]).strip(), bool(settings["goes_on_writing"])
        self._threshold = _threshold(str(settings["threshold"]))
        self.codec = TrajectoryCodec(self.width, self.points)
        self.controller = WritingController()
        self.bank = Bank(slots, self.width, self.width, {"past": (interface["past"], 2), "future": (self.points, 2)})
        self.chance = Reservoir(slots, self.width, self.width)
        self.register_buffer("tolerance", tolerances(self.points, float(settings["tolerance"])), persistent=False)
        self.refinement = refinement_for(interface, self.width) if str(settings["refinement"]) == BY_MAP else None
        self._run = Stages(stages_of(CARD, settings))
        self._loaded: dict[tuple[int, int], Bank] = {}  # no part of the network; by the file's size and time

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Each agent's futures, by the memory as it is: `(B, A, K, F, 2)` in the world, and of them as many as are measured. Of a
        stream: sample by sample, as many as the controller looks at."""
        if hasattr(batch, "batch"):
            return self.replay(batch, probe)
        return self._by(self.memory, batch)

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Go through a stream of samples; what is foreseen of each is said before it may be written."""
        return replayed(self, episode, probe)

    def steps_a_sample(self, episode: Any) -> int:
        """A sample is one step."""
        return 1

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """What the stage of the run asks for. The memory is written in the second and the third; there, and where the map is
        looked at, no gradient reaches the codes."""
        agents = taken(batch)
        if self._run.now == FILLING.name:
            return self._presented(agents)[1].mean()
        value = self._practised(agents) if self._run.now == AUTOENCODER.name else self._lowered(agents)
        value.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
        return value.detach()

    def loss_of(self, batch: Any, outputs: Tensor, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """The loss of the stage, on a memory that stays as it is; outside a run, of all stages together."""
        agents = taken(batch)
        if self._run.now == REFINEMENT.name:
            return self._moved(agents)
        rebuilt = F.mse_loss(self.codec.decode(self.codec.key(agents.past), self.codec.value(agents.future)), agents.future)
        if self._run.now == AUTOENCODER.name:
            return rebuilt
        success = self._known(agents)
        probability = self.accepted(success)
        if self._run.now == FILLING.name:
            return (probability > 0.5).float().mean()
        judged = WritingController.loss(probability, success)
        return judged if self._run.now else rebuilt + judged + (self._moved(agents) if self.refinement else 0)

    def before_update(self, update: int, updates: int) -> float:
        """Find the stage; empty the memory where one begins that fills it. Where a network learns, its rate falls twice, to a
        tenth."""
        self._run.begin(update, updates)
        if self._run.now in (AUTOENCODER.name, REFINEMENT.name):
            return self._run.falling
        if self._run.begins_epoch(EPOCHS if self._run.now == CONTROLLER.name else 1):
            self.bank.clear()
            self.chance.clear()
        return HASTE

    def after_update(self) -> None:
        """After the last update of the last stage the model can do what it is for."""
        self._run.end()

    @property
    def learning(self) -> tuple[str, ...] | None:
        """The autoencoder first, then the two numbers of the controller, then nothing, but perhaps what looks at the map."""
        moves = {AUTOENCODER.name: ("codec.",), CONTROLLER.name: ("controller.",), FILLING.name: ()}
        return (moves | {REFINEMENT.name: ("refinement.",)}).get(self._run.now)

    @property
    def is_ready(self) -> bool:
        """Once all stages are over and the memory has been filled."""
        return self._run.is_over and self.bank.rows > 0

    @property
    def path(self) -> str:
        """Encoders and decoder see all points in one go; the memory is offered one sample after the other."""
        return "codes at once, writing sample by sample"

    @property
    def slots(self) -> int:
        """How many samples can be held."""
        return self.bank.limit

    @property
    def memory(self) -> Bank:
        """What is read: the memory of the training, or one that was saved to a file and is named in its place."""
        if self.starts_with in ("trained", "empty") or self._run.now:
            return self.bank
        path = Path(self.starts_with)
        about = path.stat() if path.is_file() else None
        which = (about.st_size, about.st_mtime_ns) if about else (0, 0)
        if which not in self._loaded:
            self._loaded = {which: read_bank(path, self, "bank")}
        return self._loaded[which]

    def variants(self, batch: Any) -> dict[str, Tensor]:
        """Nothing retrieved; values that belong to other keys; as many samples as there are, but taken by chance; no look at the
        map."""
        bank = self.memory
        found = {"memory_off": self._by(bank, batch, is_off=True)}
        if self.refinement is not None and batch.map is not None:
            found["unrefined"] = self._by(bank, batch, is_refined=False)
        if bank.rows == 0:
            return found
        found["memory_shuffled"] = self._by(bank.shuffled(), batch)
        if bank is self.bank and self.chance.rows >= bank.rows:
            found["random_subset"] = self._by(self.chance.sample(bank.rows), batch)
        return found

    def figures(self) -> dict[str, float]:
        """How much the memory holds of what it was offered."""
        return {"memory_rows": float(self.memory.rows), "samples_presented": float(self.memory.presented)}

    def note(self) -> str:
        """Where more futures are measured than there are slots."""
        return few_slots(self.memory.rows, self._measured, "futures")

    def futures(self, bank: Bank, key: Tensor, slots: Tensor, count: int) -> Tensor:
        """What the slots `(n, K')` make of each key `(n, D)`: `(n, K, F, 2)` in the agent's frame. Where there are fewer than K,
        `count`, the last stands for the rest; where there is none, what the network says with nothing retrieved."""
        many = slots.shape[1]
        if many:
            said = self.codec.decode(key.repeat_interleave(many, 0), bank.values[slots.flatten()])
            said = said.reshape(len(key), many, self.points, 2)
        else:
            said = self.codec.decode(key, torch.zeros_like(key)).unsqueeze(1)
        return torch.cat((said, said[:, -1:].expand(-1, count - said.shape[1], -1, -1)), 1)

    def explained(self, futures: Tensor, truth: Tensor) -> Tensor:
        """The share of points that lie near enough to what came: `(..., K, F, 2), (..., F, 2) -> (..., K)`."""
        far = (futures - truth.unsqueeze(-3)).norm(dim=-1)
        found: Tensor = (far < self.tolerance).to(far.dtype).mean(-1)
        return found

    def accepted(self, success: Tensor) -> Tensor:
        """P(write), `(n,) -> (n,)`: by the controller, or as steep as it, but about the threshold that is set."""
        if self._threshold is None:
            written: Tensor = self.controller(success)
            return written
        return torch.sigmoid(-self.controller.weight.abs() * (success - self._threshold))

    @property
    def threshold(self) -> float:
        """Below this success a sample is stored."""
        return self.controller.threshold if self._threshold is None else self._threshold

    def refined(self, futures: Tensor, key: Tensor, frame: Frame, ground: Ground | None) -> Tensor:
        """The futures `(n, K, F, 2)` after the map has been looked at, in the agents' frames; the same where there is none."""
        if self.refinement is None or ground is None:
            return futures
        found: Tensor = self.refinement(futures, key, self.refinement.seen(ground, frame), ground.reach)
        return found

    def _by(self, bank: Bank, batch: Any, is_off: bool = False, is_refined: bool = True) -> Tensor:
        past = batch.past.flatten(0, 1)
        frame = frame_of(past)
        key = self.codec.key(frame.inside(past))
        slots = bank.nearest(key, 0 if is_off else self._measured).slot
        said = self.futures(bank, key, slots, self._measured)
        found = frame.outside(self.refined(said, key, frame, ground_of(batch)) if is_refined else said)
        return found.reshape(*batch.past.shape[:2], *found.shape[1:])

    def _practised(self, agents: Agents) -> Tensor:
        """The autoencoder's loss: some futures are bent at random, and of some of the others nothing but the past is told."""
        chance = torch.rand(2, len(agents.past), 1, 1, device=agents.past.device)
        is_bent = chance[0] < BENT
        future = torch.where(is_bent, bend(agents.future), agents.future)
        told = (is_bent | (chance[1] >= DROPPED)).to(future.dtype).squeeze(-1)
        return F.mse_loss(self.codec.decode(self.codec.key(agents.past), told * self.codec.value(future)), future)

    def _lowered(self, agents: Agents) -> Tensor:
        """In the controller's stage: samples are offered one by one and really written, as later, and the controller is told
        how it did. (The paper offers a batch at once, so that of two alike ones both are written.) Outside a run: `loss_of`."""
        if self._run.now == CONTROLLER.name:
            success, _ = self._presented(agents, seeds=self.count + 1)
            return WritingController.loss(self.accepted(success), success)
        return self.loss_of(agents, agents.future, torch.mean)

    def _moved(self, agents: Agents) -> Tensor:
        """The refinement's loss, in square metres: of K futures only the best, once all have been moved, is taught."""
        with torch.no_grad():
            key = self.codec.key(agents.past)
            futures = self.futures(self.bank, key, self.bank.nearest(key, self.count).slot, self.count)
        said = self.refined(futures, key, agents.frame, agents.ground)
        best = (said - agents.future.unsqueeze(1)).norm(dim=-1).mean(-1).argmin(1)
        return F.mse_loss(said[torch.arange(len(best)), best], agents.future)

    def _known(self, agents: Agents) -> Tensor:
        """The best success of what the memory as it is foresees, `(n,)`; 0 where it foresees nothing."""
        with torch.no_grad():
            key = self.codec.key(agents.past)
            slots = self.bank.nearest(key, self.count).slot
            best: Tensor = self.explained(self.futures(self.bank, key, slots, self.count), agents.future).amax(-1)
            return best if slots.shape[1] else torch.zeros_like(best)

    def _presented(self, agents: Agents, seeds: int = 0) -> tuple[Tensor, Tensor]:
        """Offer agents to the memory one after the other: the best success of each and whether it was stored, `(n,)`. While it
        holds fewer than `seeds`, everything is stored."""
        bank, best, stored = self.bank, [], []
        with torch.no_grad():
            keys, values = self.codec.key(agents.past), self.codec.value(agents.future)
            for row in range(len(keys)):
                judged = self.judge(bank, keys[row : row + 1], agents.future[row])
                best.append(judged.success.max() if len(judged.success) else keys.new_tensor(0.0))
                is_kept = bank.rows < seeds or bool(self.accepted(best[-1]) > 0.5)
                stored.append(float(is_kept and self.store(bank, keys[row], values[row], agents, row)[0] >= 0))
                self.chance.offer(keys[row], values[row])
        return torch.stack(best), keys.new_tensor(stored)

    def judge(self, bank: Bank, key: Tensor, truth: Tensor) -> Judged:
        """Read for one agent, `(1, D)`, and compare with what came, `(F, 2)`; the use of the slots is counted."""
        slots = bank.nearest(key, self.count).slot[0]
        success = self.explained(self.futures(bank, key, slots[None], self.count)[0, : len(slots)], truth)
        if len(slots):
            bank.note_use(slots, slots[success.argmax()])
        bank.presented += 1
        return Judged(slots, success)

    def store(self, bank: Bank, key: Tensor, value: Tensor, agents: Agents, row: int) -> tuple[int, int]:
        """Append one agent's codes `(D,)` and itself: its slot, and which was given up for it; -1 for none."""
        kept = {"past": agents.past[row], "future": agents.future[row]}
        return bank.append(key, value, kept, float(agents.number[row]), float(agents.label[row]), self.when_full)


def taken(batch: Any) -> Agents:
    """The agents of a batch that are there and of whom somebody knows what came, in their own frames."""
    if isinstance(batch, Agents):
        return batch
    there = batch.present if batch.known is None else batch.present & batch.known.unsqueeze(1)
    rows = [row for row, is_there in enumerate(there.flatten().tolist()) if is_there]
    past, future = batch.past.flatten(0, 1)[rows], batch.future.flatten(0, 1)[rows]
    label, number = (value.unsqueeze(1).expand_as(there).flatten()[rows] for value in (batch.kind, batch.number))
    frame, ground = frame_of(past), ground_of(batch)
    around = None if ground is None else ground.only(rows)
    return Agents(frame, frame.inside(past), frame.inside(future), label, number, around)


def tolerances(points: int, first: float) -> Tensor:
    """How far off each point may be: `first` metres in the first quarter of the future, then twice, three and four times that."""
    return first * (1 + torch.arange(points) * 4 // points).float()


def _threshold(wish: str) -> float | None:
    if wish == "learned":
        return None
    try:
        value = float(wish)
    except ValueError:
        raise ValueError(f"threshold: {wish!r} is neither a number from 0 to 2 nor “learned”") from None
    if not 0 <= value <= 2:
        raise ValueError(f"threshold: {wish} is not between 0 and 2; at 0 nothing is stored, above 1 everything")
    return value


def _recipe(task: str) -> Recipe:
    """Ours: the paper trains its autoencoder for 600 epochs of real streets at a rate of 1e-4. Pedestrians are offered one by
    one, and as they go slowly, less counts as foreseen."""
    usual = Recipe(optimiser="adam", learning_rate=2e-3, batch=64, updates=2000, clip="norm", clip_at=1.0)
    if task == "crowds":
        return replace(usual, updates=3000, settings={"agents": "alone", "tolerance": 0.15})
    if task == "junctions":
        return replace(usual, settings={"tolerance": 0.35, "slots": 160})
    return replace(usual, updates=3000) if task == "streets" else usual


ENTRY = ModelEntry(card=CARD, build=Mantra, recipe=_recipe)
