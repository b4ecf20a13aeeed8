"""GR-MANN: what was worn with tops like this one is what may go with it, one proposal from each slot of a memory.

De Divitiis, Becattini, Baecchi & Del Bimbo, "Garment Recommendation with Memory Augmented Neural Networks" (2020); the
disentangled form: De Divitiis et al., "Disentangling Features for Fashion Recommendation" (2023). Sizes, losses and the ranking
are ours: the papers' code was not published.
Shapes: B tops, C bottoms on offer, K proposals, N slots, D features of a code, S side of a picture.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.bank import Bank, WhenFull
from engine.blocks.probe import Probe, silent
from engine.blocks.seeding import generator
from engine.blocks.writing_controller import WritingController
from engine.contract.cards import Settings
from engine.models.bank_card import few_slots
from engine.models.bank_stages import Stages
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.garment_codec import PairDecoder, PartedEyes, PlainEyes, begun, fitted, recoloured
from engine.models.gr_mann_card import AUTOENCODER, CARD, CONTROLLER, FILLING
from engine.models.gr_mann_read import Proposed, first_of, interleaved, note_use, of_part, partly
from engine.models.gr_mann_replay import replayed

DROPPED = 0.1
"""How often the autoencoder practises with nothing retrieved: so the same network is one without a memory."""

RECOLOURED = 0.5
"""How many pairs of a batch have their colours exchanged while the autoencoder learns, red for blue and so on, so that it can
draw hues which nobody has shown it yet."""

CYCLE = 0.03
"""How much it counts that what is drawn is recognised: that its code is that of the bottom which was to be drawn."""

CYCLE_FROM = 0.5
"""From this share of the stage on: earlier, codes that are all alike would serve it best."""

EPOCHS = 3
"""How often the memory is emptied and filled anew while the controllers learn."""

HASTE = 10.0
"""How much faster than the autoencoder the controllers' numbers move."""


class GrMann(MemoryModel):
    """The network. Its memory lies in buffers that `learn` fills in the last stage of a run; a stream works on a copy of it.

    In the disentangled form a code has two halves, and every slot holds a pair of one of them: of shapes or of colours.
    """

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        self.width, self.side = int(settings["width"]), interface["side"]
        self.count, self.goes_on = int(settings["proposals"]), bool(settings["goes_on_writing"])
        self.when_full: WhenFull = "replace" if settings["when_full"] == "replace" else "refuse"
        self.floor = float(settings["floor"])
        is_parted = settings["variant"] == "disentangled"
        if is_parted and self.width % 2:
            raise ValueError(f"width: {self.width} is odd; a code of two halves needs an even one")
        half = self.width // 2
        self.parts: Sequence[slice] = (slice(0, half), slice(half, None)) if is_parted else (slice(0, None),)
        self.eyes = (PartedEyes if is_parted else PlainEyes)(self.side, self.width)
        self.decoder = PairDecoder(self.side, self.width)
        for part in (self.eyes, self.decoder):
            begun(part)
        self.controllers = nn.ModuleList(WritingController() for _ in self.parts)
        self.bank = Bank(int(settings["slots"]), self.width, self.width, {"top": (), "bottom": (), "part": ()})
        self._run, self._cycle = Stages(CARD.stages), 0.0

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Rank the bottoms on offer by the memory as it is: `(B, C)` scores. Of a stream: pair by pair."""
        if hasattr(batch, "batch"):
            return self.replay(batch, probe)
        return self._by(self.bank, batch)

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Go through a stream of pairs; the list is made before the pair may be written."""
        return replayed(self, episode, probe)

    def steps_a_sample(self, episode: Any) -> int:
        """A pair is one step."""
        return 1

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """What the stage of the run asks for. The memory is written in the last two; there no gradient reaches the codes."""
        if self._run.now == FILLING.name:
            return self._presented(batch)[1].mean()
        value = self._presented(batch, seeds=self.count + 1)[0] if self._run.now == CONTROLLER.name else self._practised(batch)
        value.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
        return value.detach()

    def loss_of(self, batch: Any, outputs: Tensor, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """The loss of the stage, on a memory that stays as it is; outside a run, of autoencoder and controllers together."""
        if self._run.now == AUTOENCODER.name:
            return self._rebuilt(batch)
        best = self._best(batch)
        said = torch.stack([each(a) for each, a in zip(self.controllers, best, strict=True)])
        if self._run.now == FILLING.name:
            return (said > 0.5).float().mean()
        judged = WritingController.loss(said, best)
        return judged if self._run.now else self._rebuilt(batch) + judged

    def before_update(self, update: int, updates: int) -> float:
        """Find the stage; empty the memory where one begins that fills it. The autoencoder's rate falls twice, to a tenth."""
        self._run.begin(update, updates)
        self._cycle = CYCLE if self._run.share >= CYCLE_FROM else 0.0
        if self._run.now == AUTOENCODER.name:
            return self._run.falling
        if self._run.begins_epoch(EPOCHS if self._run.now == CONTROLLER.name else 1):
            self.bank.clear()
        return HASTE

    def after_update(self) -> None:
        """After the last pair of the filling the model can do what it is for."""
        self._run.end()

    @property
    def learning(self) -> tuple[str, ...] | None:
        """The autoencoder first, then the numbers of the controllers, then nothing any more."""
        return {AUTOENCODER.name: ("eyes.", "decoder."), CONTROLLER.name: ("controllers.",), FILLING.name: ()}.get(self._run.now)

    @property
    def is_ready(self) -> bool:
        """Once the memory has been filled."""
        return self._run.is_over and self.bank.rows > 0

    @property
    def path(self) -> str:
        """Pictures are seen and drawn in one go; the memory is offered one pair after the other."""
        return "pictures at once, writing pair by pair"

    @property
    def slots(self) -> int:
        """How many pairs of codes can be held."""
        return self.bank.limit

    def variants(self, batch: Any) -> dict[str, Tensor]:
        """Nothing retrieved; values that belong to other keys; and as many pairs of the training as there are, or all that the
        batch brings, taken by chance."""
        found = {"memory_off": self._by(self.bank, batch, is_off=True)}
        if self.bank.rows:
            found["memory_shuffled"] = self._by(self.bank.shuffled(), batch)
        if self.bank.rows and batch.pool is not None:
            order = torch.randperm(batch.pool.size, generator=generator("pool", int(batch.top.sum())))
            everything = self._kept(batch.pool, order)
            found["random_memory"] = self._by(first_of(everything, self.bank.rows), batch)
            found["whole_memory"] = self._by(everything, batch)
        return found

    def figures(self) -> dict[str, float]:
        """How much the memory holds of what it was offered."""
        found = {"memory_rows": float(self.bank.rows), "samples_presented": float(self.bank.presented)}
        if len(self.parts) > 1:
            of_colour = float((self.bank.alive * (self.part_of(self.bank) == 1)).sum())
            found |= {"rows_by_half.shape": self.bank.rows - of_colour, "rows_by_half.colour": of_colour}
        return found

    def note(self) -> str:
        """Where more proposals are asked for than there are slots; of two halves, combinations count."""
        return few_slots(self.bank.rows, self.count, "proposals") if len(self.parts) == 1 else ""

    # ---- codes and pictures ----

    def key(self, tops: Tensor) -> Tensor:
        """The code of each top: `(B, S, S, 3) -> (B, D)`."""
        code: Tensor = self.eyes(fitted(tops), True)
        return code

    def value(self, bottoms: Tensor) -> Tensor:
        """The code of each bottom: `(B, S, S, 3) -> (B, D)`."""
        code: Tensor = self.eyes(fitted(bottoms), False)
        return code

    def part_of(self, bank: Bank) -> Tensor:
        """Which half each slot holds, `(N,)`: 0 shapes (or the whole code), 1 colours."""
        return bank.get_buffer("kept_part")

    def propose(self, bank: Bank, key: Tensor, offered: Tensor, is_off: bool = False) -> Proposed:
        """What the memory hands over for keys `(B, D)`; `offered (C, D)` are the codes of the bottoms on offer."""
        slots, values, near = self._retrieved(bank, key, 0 if is_off else self.count)
        many = values.shape[1]
        drawn = self.decoder(key.repeat_interleave(many, 0), values.flatten(0, 1))[:, 1].clamp(0, 1)
        codes = self.eyes(drawn, False)
        alike = torch.stack([F.normalize(codes[:, p], dim=-1) @ F.normalize(offered[:, p], dim=-1).T for p in self.parts])
        shape = (len(key), many)
        return Proposed(slots, values, drawn.reshape(*shape, *drawn.shape[1:]), alike.reshape(len(alike), *shape, -1), near)

    def listed(self, proposed: Proposed) -> Tensor:
        """The list as scores, `(B, C)`: the proposals from tops that are alike enough take turns, and the first in any case. An
        order has no gradient: that of the likeness stands in for it."""
        likeness = proposed.likeness.mean(0)
        nearest = likeness.amax(1)
        return interleaved(likeness, self.is_listed(proposed)) + (nearest - nearest.detach())

    def is_listed(self, proposed: Proposed) -> Tensor:
        """Which proposals the list is made of, `(B, K)`."""
        first = torch.arange(proposed.near.shape[1], device=proposed.near.device) == 0
        return (proposed.near >= self.floor) | first

    def successes(self, proposed: Proposed, bottom: Tensor, alike: Tensor) -> Tensor:
        """How alike what each proposal means, the bottom on offer nearest to it, and what was worn are, for each half:
        `(parts, B, K)`; `bottom (B,)`, `alike (3, C, C)`. 0 where nothing was retrieved."""
        tables = alike[1:] if len(self.parts) > 1 else alike[:1]
        meant = proposed.likeness.argmax(-1)
        found = torch.stack([table[each, bottom[:, None]] for table, each in zip(tables, meant, strict=True)])
        return found * (proposed.slots >= 0).movedim(-1, 0)

    def store(self, bank: Bank, part: int, key: Tensor, value: Tensor, batch: Any, row: int) -> tuple[int, int]:
        """Append what is of this half of one pair's codes `(D,)`: its slot, and which was given up for it; -1 for none."""
        own = torch.zeros_like(key)
        own[self.parts[part]] = 1
        top, bottom = batch.top[row].float(), batch.bottom[row].float()
        kept = {"top": top, "bottom": bottom, "part": key.new_tensor(float(part))}
        return bank.append(own * key, own * value, kept, float(batch.number[row]), float(bottom), self.when_full)

    # ---- the inside ----

    def _by(self, bank: Bank, batch: Any, is_off: bool = False) -> Tensor:
        proposed = self.propose(bank, self.key(batch.tops), self.value(batch.catalogue), is_off)
        return self.listed(proposed)

    def _retrieved(self, bank: Bank, key: Tensor, most: int) -> tuple[Tensor, Tensor, Tensor]:
        """Slots `(B, K, parts)`, what is decoded, `(B, K, D)`, and how alike the tops are, `(B, K)`.
        Of two halves the best of all combinations of a few of each."""
        few = most if len(self.parts) == 1 else partly(most)
        each = [of_part(bank, n, self.part_of(bank)).nearest(self._alone(key, n), few) for n in range(len(self.parts))]
        if not all(match.slot.shape[1] for match in each):
            nothing = torch.full((len(key), 1, len(self.parts)), -1, device=key.device)
            return nothing, torch.zeros_like(key).unsqueeze(1), key.new_zeros(len(key), 1)
        if len(each) == 1:
            return each[0].slot.unsqueeze(-1), bank.values[each[0].slot], each[0].likeness
        shape, colour = each
        mean = (shape.likeness.unsqueeze(2) + colour.likeness.unsqueeze(1)) / 2
        near, best = (part[:, :most] for part in torch.sort(mean.flatten(1), descending=True, stable=True))
        across = colour.slot.shape[1]
        slots = torch.stack((shape.slot.gather(1, best // across), colour.slot.gather(1, best % across)), -1)
        return slots, bank.values[slots].sum(2), near

    def _alone(self, code: Tensor, part: int) -> Tensor:
        """The code with nothing but this half, `(B, D)`."""
        alone = torch.zeros_like(code)
        alone[:, self.parts[part]] = code[:, self.parts[part]]
        return alone

    def _rebuilt(self, batch: Any) -> Tensor:
        tops, bottoms = fitted(batch.tops), fitted(batch.bottoms)
        return F.mse_loss(self.decoder(self.eyes(tops, True), self.eyes(bottoms, False)), torch.stack((tops, bottoms), 1))

    def _practised(self, batch: Any) -> Tensor:
        """The autoencoder's loss: the two pictures, and that the bottom is recognised; of a tenth only the top is told.
        Outside a run: `loss_of`."""
        if not self._run.now:
            return self.loss_of(batch, batch.tops, torch.mean)
        chance = torch.rand(2, batch.size, 1, device=batch.tops.device)
        is_swapped = chance[0] < RECOLOURED
        told = (is_swapped | (chance[1] >= DROPPED)).float()
        tops, bottoms = (fitted(recoloured(pictures, is_swapped)) for pictures in (batch.tops, batch.bottoms))
        drawn = self.decoder(self.eyes(tops, True), told * self.eyes(bottoms, False))
        rebuilt = F.mse_loss(drawn, torch.stack((tops, bottoms), 1))
        if not self._cycle:
            return rebuilt
        seen, meant = self.eyes(drawn[:, 1], False), self.eyes(bottoms, False)
        unknown = sum((1 - F.cosine_similarity(seen[:, p], meant[:, p])) * told[:, 0] for p in self.parts)
        return rebuilt + self._cycle * torch.as_tensor(unknown).mean()

    def _best(self, batch: Any) -> Tensor:
        """The best success of what the memory as it is proposes, `(parts, B)`."""
        with torch.no_grad():
            proposed = self.propose(self.bank, self.key(batch.tops), self.value(batch.catalogue))
            return self.successes(proposed, batch.bottom, batch.alike).amax(-1)

    def _presented(self, batch: Any, seeds: int = 0) -> tuple[Tensor, Tensor]:
        """Offer pairs to the memory one after the other: the controllers' loss, and whether each was stored, `(B·parts,)`. While
        a half holds fewer than `seeds`, everything is stored."""
        best, stored = [], []
        with torch.no_grad():
            keys, values, offered = self.key(batch.tops), self.value(batch.bottoms), self.value(batch.catalogue)
            for row in range(batch.size):
                found = self.judge(self.bank, keys[row : row + 1], offered, batch, row)
                best.append(found)
                for part, each in enumerate(self.controllers):
                    has_few = int((self.bank.alive * (self.part_of(self.bank) == part)).sum()) < seeds
                    is_kept = has_few or bool(each(found[part]) > 0.5)
                    place, _ = self.store(self.bank, part, keys[row], values[row], batch, row) if is_kept else (-1, -1)
                    stored.append(float(place >= 0))
        success = torch.stack(best, 1)
        said = torch.stack([each(a) for each, a in zip(self.controllers, success, strict=True)])
        return WritingController.loss(said, success), keys.new_tensor(stored)

    def judge(self, bank: Bank, key: Tensor, offered: Tensor, batch: Any, row: int) -> Tensor:
        """Propose for one top, `(1, D)`, and compare with what was worn: the best success of each half, `(parts,)`."""
        proposed = self.propose(bank, key, offered)
        success = self.successes(proposed, batch.bottom[row : row + 1], batch.alike)[:, 0]
        note_use(bank, proposed.slots[0], success)
        bank.presented += 1
        best: Tensor = success.amax(-1)
        return best

    def _kept(self, pairs: Any, order: Tensor) -> Bank:
        """A memory of all these pairs, in this order."""
        bank = Bank(len(order) * len(self.parts), self.width, self.width, self.bank.kept)
        keys, values = self.key(pairs.tops), self.value(pairs.bottoms)
        for row in order.tolist():
            for part in range(len(self.parts)):
                self.store(bank, part, keys[row], values[row], pairs, row)
        return bank


def _recipe(task: str) -> Recipe:
    """Ours: the papers name no sizes that fit pictures as small as these."""
    return Recipe(optimiser="adam", learning_rate=3e-3, batch=64, updates=2600, clip="norm", clip_at=1.0)


ENTRY = ModelEntry(card=CARD, build=GrMann, recipe=_recipe)
