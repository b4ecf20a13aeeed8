"""SMEMO: all agents of a scene read and write one small memory at every step, and it is wiped when the scene ends.

Marchetti, Becattini, Seidenari & Del Bimbo, "SMEMO: Social Memory for Trajectory Forecasting" (2024), arXiv:2203.12446.
Shapes: B scenes, A agents, K read heads of each agent (each gives one future), P past and F future steps, N slots, W slot width,
H units.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks import addressing
from engine.blocks.frames import Frame, frame_of
from engine.blocks.memory import scattered
from engine.blocks.pace import warm_then_slow
from engine.blocks.probe import Probe, silent
from engine.contract.cards import Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.smemo_card import CARD
from engine.models.smemo_parts import Cell, Joined, Scene, State, Steered, join, small_network
from engine.models.smemo_replay import replayed

SEEN = 16
"""Features in which a place and a move are given to the networks."""

PACE = 10.0
"""A move goes in and comes out as metres in ten steps: one of a few centimetres is too small to learn from. (The paper's network
is fed with moves as they are.)"""

NESTED = 1, 5, 10
"""Of so many futures the best is taught too, where that is wished."""

LATELY = 0.99
"""How much of the account of which head is best is left after an update."""

SHARP = 5.0
"""Key strengths begin near 5: from softplus(0) = 0.7 or 2 the weightings stay even, and agents learn nothing of each other."""


Asking = tuple[Tensor, Tensor]
"""Weights and biases of all heads."""


class Smemo(MemoryModel):
    """The network. Its memory is a value that goes from step to step; the first one is random, fixed, and no parameter."""

    wins: Tensor  # (K,) how often of late each head's future was the best

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        units, width, heads = int(settings["hidden"]), int(settings["slot_width"]), int(settings["heads"])
        self.past, self.future = interface["past"], interface["future"]
        self.units, self.width, self.heads, self._slots = units, width, heads, int(settings["slots"])
        self._reads, self._writes = str(settings["read"]), bool(settings["writes"])
        self.joined, self.wipes = cast(Joined, str(settings["joined"])), bool(settings["wipe"])
        self._frame, self._scale = str(settings["frame"]), float(settings["scale"])
        self._rotates, self._from_last = bool(settings["rotated"]), bool(settings["from_last"])
        self._rungs = [count for count in NESTED if count < heads] if settings["taught"] == "nested" else []
        self.see_move, self.see_place = small_network(SEEN), small_network(SEEN)
        self.ego, self.social, self.decoder = Cell(SEEN, units), Cell(SEEN + width, units), Cell(units + width, units)
        self.read_head, self.write_head = nn.Linear(units, heads * (width + 1)), nn.Linear(units, 3 * width + 1)
        self.move = nn.Linear(units, 2)
        self._start_weights()
        self.register_buffer("wins", torch.zeros(heads))

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Foresee each agent's way, step by step: `(B, A, K, F, 2)` in the world's coordinates."""
        if not self.wipes and hasattr(batch, "batch"):
            return self.replay(batch, probe)
        return self.run(self.scene(_samples(batch)), probe)[0]

    def fused(self, batch: Any) -> Tensor:
        """The same; only what goes through the memory is taken step by step."""
        return self.run_quickly(self.scene(_samples(batch)))

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Go through a stream of scenes; the memory is wiped before each, unless that is switched off."""
        return replayed(self, episode, probe)

    def steps_a_sample(self, episode: Any) -> int:
        """Every point seen is a step, and every point foreseen."""
        return self.past + self.future

    def variants(self, batch: Any) -> dict[str, Tensor]:
        """Nothing comes out of the memory; nothing goes in."""
        reads, writes = self._reads, self._writes
        try:
            self._reads = "zeros"
            found = {"memory_off": self.fused(batch)}
            self._reads, self._writes = reads, False
            return found | {"writes_off": self.fused(batch)}
        finally:
            self._reads, self._writes = reads, writes

    def before_update(self, update: int, updates: int) -> float:
        """The learning rate rises at first, and is low in the last quarter."""
        return warm_then_slow(update, updates)

    @property
    def path(self) -> str:
        """What does not depend on the memory is computed for all steps at once."""
        return "all steps at once but for the memory"

    @property
    def slots(self) -> int:
        """How many slots the memory of a scene has."""
        return self._slots

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """One pass by the quick path, if wished with each scene turned by some angle; of several heads, the best are noted."""
        frame = self.frame(batch)
        outputs = self.run_quickly(self.scene(batch, _turned_by_chance(frame) if self._rotates else frame))
        value = self.loss_of(batch, outputs, loss)
        value.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
        if self.heads > 1 and not self._rungs:
            self._note_best(outputs.detach(), batch)
        return value.detach()

    def loss_of(self, batch: Any, outputs: Tensor, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """The task's loss, of all futures; or the mean of that and those of the first few."""
        return torch.stack([loss(outputs), *(loss(outputs[:, :, :count]) for count in self._rungs)]).mean()

    def frame(self, batch: Any) -> Frame:
        """What a scene's places are relative to: the world; the mean of where all are now; and turned to where they go on the
        whole."""
        there = batch.present[..., None, None].to(batch.past.dtype)
        path = (there * batch.past).sum(1) / there.sum(1).clamp(min=1)
        frame = frame_of(path)
        turn = frame.turn if self._frame == "turned" else torch.eye(2, dtype=path.dtype).expand(len(path), 2, 2)
        return Frame(torch.zeros_like(frame.origin) if self._frame == "world" else frame.origin, turn)

    def scene(self, batch: Any, frame: Frame | None = None) -> Scene:
        """What the network is given."""
        frame = self.frame(batch) if frame is None else frame
        places = frame.inside(batch.past.flatten(1, 2)).view_as(batch.past) / self._scale
        places = torch.where(batch.present[..., None, None], places, torch.zeros(()))
        moves = F.pad(places.diff(dim=2), (0, 0, 1, 0))  # nobody knows from where one came to the first place
        return Scene(places, moves * PACE, frame, batch.present)

    def run(self, scene: Scene, probe: Probe = silent, memory: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """All futures, `(B, A, K, F, 2)`, and the memory at the end; it begins blank unless one is given."""
        state, asking, moves = self._first(scene, memory), self._asking(), []
        for step in range(self.past + self.future):
            probe.at(step)
            move, state = self._step(step, scene, state, asking, probe)
            moves.append(move)
        return self._ways(torch.stack(moves[self.past :], -2), scene), state.memory

    def blank(self, batch: int) -> Tensor:
        """The memory at the start of every scene, `(B, N, W)`."""
        return scattered(batch, self._slots, self.width, 1 / math.sqrt(self._slots + self.width))

    def _first(self, scene: Scene, memory: Tensor | None) -> State:
        sizes = scene.present.shape
        ego, social = (cell.first.expand(*sizes, -1) for cell in (self.ego, self.social))
        decoder = self.decoder.first.expand(*sizes, self.heads, -1)
        return State(self.blank(sizes[0]) if memory is None else memory, ego, social, decoder, torch.zeros(*sizes, self.width))

    def _step(self, step: int, scene: Scene, state: State, asking: Asking, probe: Probe) -> tuple[Tensor, State]:
        """One step of all agents: how each moves by each of its heads, `(B, A, K, 2)`, and what is carried on."""
        moved, placed = self._seen(step, scene)
        ego = probe("ego.hidden", self.ego(moved, state.ego))
        social, read, memory = self._share(self._drive(placed), state, scene.present, asking, probe)
        both = torch.cat((ego.unsqueeze(2).expand(*read.shape[:3], -1), read), -1)
        decoder = self.decoder(both, state.decoder)
        move = probe("decoder.move", self.move(decoder) / PACE + self._last_moves(scene))
        return move, State(memory, ego, social, decoder, read.mean(2))

    def _last_moves(self, scene: Scene) -> Tensor:
        """What is said of a move is added to this, `(B, A, 1, 2)`."""
        last = scene.moves[:, :, -1:] / PACE
        return last if self._from_last else torch.zeros_like(last)

    def _share(
        self, driven: Tensor, state: State, present: Tensor, asking: Asking, probe: Probe
    ) -> tuple[Tensor, Tensor, Tensor]:
        """All that goes through the memory: the social states from what the places contribute to them, `(B, A, 3H)`; what is
        read, `(B, A, K, W)`; the memory after the writes."""
        feeds = self.social.weight_ih[:, SEEN:]
        social = probe("social.hidden", self.social.driven(driven + state.read @ feeds.T, state.social))
        steered = self._steer(social, state.memory, present, asking, probe)
        read = self._read(state.memory, steered.reads, probe)  # the memory as it was before this step's writes
        return social, read, self._write(state.memory, steered, present, probe)

    def _seen(self, step: int, scene: Scene) -> tuple[Tensor, Tensor]:
        """Move and place in features, `(B, A, 16)` each; nothing once the future has begun."""
        if step >= self.past:
            nothing = torch.zeros(*scene.present.shape, SEEN)
            return nothing, nothing
        return self.see_move(scene.moves[:, :, step]), self.see_place(scene.places[:, :, step])

    def _drive(self, placed: Tensor) -> Tensor:
        """What the places contribute to the social states: `(..., 16) -> (..., 3H)`."""
        return F.linear(placed, self.social.weight_ih[:, :SEEN], self.social.bias_ih)

    def _steer(self, social: Tensor, memory: Tensor, present: Tensor, asking: Asking, probe: Probe) -> Steered:
        """Where each agent reads and writes, and what, in one computation; an agent that is not there does neither."""
        batch, agents, heads, width = *present.shape, self.heads, self.width
        own, written = torch.split(F.linear(social, *asking), [heads * (width + 1), 3 * width + 1], -1)
        asks = torch.cat((own.reshape(batch, agents * heads, width + 1), written[..., : width + 1]), 1)
        parts = [agents * heads, agents]
        keys = self._shown("key", asks[..., :-1], parts, probe)
        strength = self._shown("strength", F.softplus(asks[..., -1]), parts, probe)
        there = torch.cat((present.repeat_interleave(heads, 1), present), 1)[..., None].to(memory.dtype)
        content = addressing.content_weighting(addressing.similarity(memory, keys), strength)
        reads, writes = torch.split(self._shown("weighting", content * there, parts, probe), parts, 1)
        erase, add = torch.split(written[..., width + 1 :], width, -1)
        erase, add = probe("write.erase", torch.sigmoid(erase)), probe("write.add", add)
        return Steered(reads.view(batch, agents, heads, -1), writes, erase, add)

    def _shown(self, quantity: str, value: Tensor, parts: list[int], probe: Probe) -> Tensor:
        """What read heads and write heads have alike is shown in two channels."""
        if probe is silent:
            return value
        read, write = torch.split(value, parts, 1)
        return torch.cat((probe(f"read.{quantity}", read), probe(f"write.{quantity}", write)), 1)

    def _read(self, memory: Tensor, weighting: Tensor, probe: Probe) -> Tensor:
        """`(B, A, K, W)`."""
        batch, agents, heads, _ = weighting.shape
        read = self._got(torch.bmm(weighting.flatten(1, 2), memory))
        return probe("read.vector", read).view(batch, agents, heads, -1)

    def _got(self, read: Tensor) -> Tensor:
        """What the reads are taken for: a version of the network may get nothing, or what has nothing to do with the memory."""
        if self._reads == "zeros":
            return torch.zeros_like(read)
        if self._reads == "random":
            return scattered(1, self.heads, self.width, 1.0).repeat(len(read), read.shape[1] // self.heads, 1)
        return read

    def _write(self, memory: Tensor, steered: Steered, present: Tensor, probe: Probe) -> Tensor:
        if self._writes:
            erased, added = join(steered, present, self.joined)
            erased, added = probe("memory.erased", erased), probe("memory.added", added)
            memory = memory - erased * memory + added
        return probe("memory.contents", memory)

    def _ways(self, moves: Tensor, scene: Scene) -> Tensor:
        """Moves `(B, A, K, F, 2)` become places, from where each agent was seen last; 0 for one that is not there."""
        ways = scene.places[:, :, None, None, -1] + moves.cumsum(-2)
        said = scene.frame.outside(ways * self._scale)
        return torch.where(scene.present[..., None, None, None], said, torch.zeros(()))

    def _asking(self) -> Asking:
        """Weights and biases of the read heads, first of the one whose future was the best most often, and of the write head."""
        weight, bias = self.read_head.weight.view(self.heads, -1, self.units), self.read_head.bias.view(self.heads, -1)
        if self.heads > 1:
            order = self.wins.argsort(descending=True, stable=True)
            weight, bias = weight[order], bias[order]
        weight, bias = weight.flatten(0, 1), bias.flatten()
        return torch.cat((weight, self.write_head.weight)), torch.cat((bias, self.write_head.bias))

    def run_quickly(self, scene: Scene) -> Tensor:
        """What `run` gives: own motion and decoding go through all steps at once, by torch's kernels."""
        batch, agents, heads, steps = *scene.present.shape, self.heads, self.past + self.future
        moves, places = (_all(see(seen).flatten(0, 1), steps) for see, seen in
                         ((self.see_move, scene.moves), (self.see_place, scene.places)))  # fmt: skip
        ego = self.ego.all_steps(moves)
        read = self._all_reads(self._drive(places).view(steps, batch, agents, -1), scene).flatten(1, 2)
        both = torch.cat((ego.unsqueeze(2).expand(-1, -1, heads, -1), read), -1).flatten(1, 2)
        said = self.move(self.decoder.all_steps(both)[self.past :]) / PACE
        said = said.view(self.future, batch, agents, heads, 2).permute(1, 2, 3, 0, 4)
        return self._ways(said + self._last_moves(scene).unsqueeze(-2), scene)

    def _all_reads(self, driven: Tensor, scene: Scene) -> Tensor:
        """What is read at each step, `(T, B, A, K, W)`, from what the places contribute to the social states, `(T, B, A, 3H)`."""
        state, asking, reads = self._first(scene, None), self._asking(), []
        for now in driven.unbind(0):
            social, read, memory = self._share(now, state, scene.present, asking, silent)
            reads.append(read)
            state = state._replace(memory=memory, social=social, read=read.mean(2))
        return torch.stack(reads)

    def _note_best(self, outputs: Tensor, batch: Any) -> None:
        """Which head foresaw best, of late."""
        far = (outputs - batch.future.unsqueeze(2)).norm(dim=-1).mean(-1)
        first = torch.arange(self.heads) == far.argmin(-1, keepdim=True)  # (B, A, K)
        best = (first & batch.present.unsqueeze(-1)).sum((0, 1)) / batch.present.sum()
        with torch.no_grad():
            order = self.wins.argsort(descending=True, stable=True)  # the futures stand in it
            self.wins.mul_(LATELY).index_add_(0, order, best, alpha=1 - LATELY)

    def _start_weights(self) -> None:
        """Xavier's rule and no bias, but for key strengths that already tell slots apart."""
        for layer in (self.read_head, self.write_head, self.move):
            nn.init.xavier_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
        with torch.no_grad():
            self.read_head.bias.view(self.heads, -1)[:, -1] = SHARP
            self.write_head.bias[self.width] = SHARP


def _all(seen: Tensor, steps: int) -> Tensor:
    """Features of the past, `(X, P, S)`, for all steps: nothing is seen of the future, `(T, X, S)`."""
    return F.pad(seen.transpose(0, 1), (0, 0, 0, 0, 0, steps - seen.shape[1]))


def _turned_by_chance(frame: Frame) -> Frame:
    """Each scene turned by an angle of its own."""
    angle = 2 * math.pi * torch.rand(len(frame.origin))
    cos, sin = angle.cos(), angle.sin()
    return Frame(frame.origin, torch.stack((cos, -sin, sin, cos), -1).view(-1, 2, 2) @ frame.turn)


def _samples(batch: Any) -> Any:
    """A stream of samples, run at once, is a batch of them."""
    return getattr(batch, "batch", batch)


def _recipe(task: str) -> Recipe:
    """The paper's optimiser, at a higher rate and with smaller batches. Of real files twenty futures are asked for, and as they
    are few, much is said beforehand: that all directions are alike, and that who walks goes on."""
    usual = Recipe(optimiser="adam", learning_rate=3e-3, batch=64, updates=9000, clip="norm", clip_at=1.0)
    watched: Settings = {"heads": 20, "frame": "turned", "from_last": True, "taught": "nested"}
    if task == "crowds":
        return replace(usual, batch=16, updates=1200, settings=watched | {"scale": 5.0, "varied": True})
    if task == "streets":
        return replace(usual, batch=64, updates=1500, settings=watched | {"scale": 20.0})
    if task == "junctions":
        return replace(usual, updates=2400, settings={"heads": 5, "frame": "turned", "scale": 10.0, "hidden": 48})
    return replace(usual, settings={"frame": "world"}) if task == "social" else usual


ENTRY = ModelEntry(card=CARD, build=Smemo, recipe=_recipe, gains_from_gpu=False)
