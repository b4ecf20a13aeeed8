"""VQA with a memory-augmented network: it looks at a picture and at a question, and remembers training samples for good.

Ma, Shen, Dick, Wu, Wang, van den Hengel & Reid, "Visual Question Answering with Memory-Augmented Networks" (2018), with the
writing of Santoro et al. (2016).
Shapes: B batch, L regions, J words, W features of everything, N slots, C features of a key, which are those of a slot.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.lasting import Lasting, LastingMemory, Rule, choose, least_used, write, write_all
from engine.blocks.probe import Probe, silent
from engine.blocks.sight import SEEN, Regions, Words
from engine.contract.cards import ModelCard, Setting, Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.vqa_eyes import opened_eyes
from engine.models.vqa_mann_card import CHANNELS, MICRO_STEPS, WIRES, WIRING

ASKED = 0.5
"""How much the question counts in a key, against what was looked at."""

STRENGTH, TRUST = 20.0, 2.0
"""Where the key strength and the trust in a remembered answer begin, where labels are kept; both are learnt."""


class Read(NamedTuple):
    """What one sample got from memory."""

    weighting: Tensor  # (B, N)
    vector: Tensor  # (B, W)


class VqaMann(MemoryModel):
    """The network. Its memory lives in buffers, which `learn` writes; an evaluation only reads them, and an episode works on a
    copy, so that it is the same each time."""

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        width, answers = int(settings["width"]), interface["answers"]
        self._rule, self._decay = str(settings["write_rule"]), float(settings["usage_decay"])
        self._gate, self._goes_on = float(settings["write_gate"]), bool(settings["goes_on_writing"])
        self._reads = self._rule != "none" and bool(settings["memory_used"])
        self._keeps_labels = self._rule.startswith("bound")
        self._answers = answers
        self.eyes = Regions(opened_eyes(), interface["regions"], width)
        self.ears = Words(interface["words"], width, both_ways=True)
        self.region_look, self.word_look = _Look(width), _Look(width)
        self.controller = _wide_open(nn.Linear(2 * width, 3 * width))
        slot = {"none": 0, "paper": width}.get(self._rule, SEEN + width)
        self.inner = nn.Linear(width + slot, 2 * width)
        self.answer = nn.Linear(2 * width, answers)
        if self._keeps_labels:
            self.strength = nn.Parameter(torch.tensor(STRENGTH).log())
            self.trust = nn.Parameter(torch.tensor(TRUST).log())
        self.memory = LastingMemory(int(settings["slots"]) if slot else 0, slot)

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Answer each sample from the memory as it is: `(B, answers)` logits."""
        return self._answered(_samples(batch), self.memory.state, probe)[0]

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """All samples of an update read the memory as it was before; then they are written, one after the other. No gradient goes
        into the memory: it would have to go through all samples that were ever written."""
        outputs, key, read = self._answered(batch, self.memory.state, silent)
        value = loss(outputs)
        value.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
        if read is not None:
            with torch.no_grad():
                state, rule = self.memory.state, cast(Rule, self._rule)
                self.memory.keep(write_all(state, key, read.weighting, batch.answer, batch.number, rule, self._gate, self._decay))
        return value.detach()

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Take the stream sample by sample; if it goes on writing, the right answer is revealed after each, and written."""
        memory = self.memory.state
        probe.at(-1)
        memory = self._shown(memory, probe, first=True)
        outputs = []
        for step in range(episode.steps):
            probe.at(step)
            sample = _only(episode.batch, step)
            said, key, read = self._answered(sample, memory, probe)
            outputs.append(said)
            if read is not None:
                memory = self._written(memory, key[0], read.weighting[0], sample, probe)
            memory = self._shown(memory, probe)
        return torch.cat(outputs)

    @property
    def path(self) -> str:
        """All samples of an update at once; only their writing is one after the other."""
        return "all samples at once"

    @property
    def slots(self) -> int:
        """How many samples can be held."""
        return len(self.memory.contents)

    def _answered(self, batch: Any, memory: Lasting, probe: Probe) -> tuple[Tensor, Tensor, Read | None]:
        """Logits `(B, answers)`, what the memory is searched by and may keep `(B, C)`, and what was read, if there is one."""
        hidden, key = self._controlled(batch, probe)
        read = self._read(key, memory, probe) if self._reads else None
        got = [] if self._rule == "none" else [torch.zeros_like(key) if read is None else read.vector]
        logits = self.answer(torch.tanh(self.inner(torch.cat((hidden, *got), -1))))
        if read is not None and self._keeps_labels:
            held = F.one_hot((memory.label + 1).long(), self._answers + 1)[:, 1:].float()
            logits = logits + self.trust.exp() * probe("answer.remembered", read.weighting @ held)
        logits = probe("answer.logits", logits)
        if probe is not silent:
            probe("answer.probability", torch.softmax(logits, -1))
        return logits, key, read

    def _controlled(self, batch: Any, probe: Probe) -> tuple[Tensor, Tensor]:
        """Look at the regions, then at the words, guided by both; one step of an LSTM from a blank state. Gives its state, and
        what a memory is searched by, `(B, C)`."""
        regions, sight = self.eyes(batch.pictures)
        regions, words = probe("picture.features", regions), self.ears(batch.question)
        present = batch.question > 0
        gist = torch.tanh(regions.mean(1)) * (words.sum(1) / present.sum(1, keepdim=True).clamp(min=1))
        gist = probe("look.gist", F.normalize(gist, dim=-1) * gist.shape[-1] ** 0.5)
        at_regions = probe("look.regions", self.region_look(regions, gist))
        at_words = probe("look.words", self.word_look(words, gist, present))
        seen = probe("look.picture", torch.tanh((at_regions.unsqueeze(-1) * regions).sum(1)))
        asked = probe("look.question", (at_words.unsqueeze(-1) * words).sum(1))
        enter, new, leave = self.controller(torch.cat((seen, asked), -1)).chunk(3, -1)
        hidden: Tensor = torch.sigmoid(leave) * torch.tanh(torch.sigmoid(enter) * torch.tanh(new))
        hidden = probe("controller.hidden", hidden)
        if not self._keeps_labels:
            return hidden, hidden
        looked = F.normalize((at_regions.unsqueeze(-1) * sight).sum(1), dim=-1)
        return hidden, probe("read.key", torch.cat((looked, ASKED * F.normalize(asked, dim=-1)), -1))

    def _read(self, key: Tensor, memory: Lasting, probe: Probe) -> Read:
        """Slots that resemble the key; the paper compares by the cosine alone, with no key strength."""
        likeness = F.normalize(key, dim=-1) @ F.normalize(memory.contents, dim=-1).T
        if self._keeps_labels:
            strength = probe("read.strength", self.strength.exp().expand(len(key), 1))
            likeness = strength * likeness
        weighting = probe("read.weighting", torch.softmax(likeness, -1).unsqueeze(1))
        return Read(weighting.squeeze(1), probe("read.vector", weighting @ memory.contents).squeeze(1))

    def _written(self, memory: Lasting, sample: Tensor, read: Tensor, batch: Any, probe: Probe) -> Lasting:
        """Of an episode: one sample, if it goes on writing; else nothing is changed."""
        answer, number, rule = batch.answer[0].float(), batch.number[0].float(), cast(Rule, self._rule)
        chosen, share = choose(memory, read, answer, rule, self._gate)
        probe("write.least_used", least_used(memory.usage).argmax().float()[None])
        writes = self._goes_on and int(batch.answer[0]) >= 0
        probe("write.gate", share[None, None] * writes)
        chosen = probe("write.weighting", (chosen * writes)[None, None])[0, 0]
        after, lost = write(memory, sample, read, chosen, answer, number, rule, self._decay)
        probe("write.lost", lost[None])
        return after if bool(chosen.any()) else memory

    def _shown(self, memory: Lasting, probe: Probe, first: bool = False) -> Lasting:
        if not self._reads:
            return memory
        memory = memory._replace(contents=probe("memory.contents", memory.contents[None])[0])
        names = ("usage", "label", "written", "number", "reads") if not first else ("label",) if probe.changes else ()
        shown = {name: probe(f"memory.{name}", getattr(memory, name)[None])[0] for name in names}
        return memory._replace(label=shown.get("label", memory.label))  # an answer that is taken away is not read


class _Look(nn.Module):
    """Attention to rows under a guide: `tanh(A v) * tanh(B m)`, scored by one vector."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.rows, self.guide = nn.Linear(width, width, bias=False), nn.Linear(width, width, bias=False)
        self.score = nn.Parameter(torch.randn(width) * 2 / width**0.5)
        for layer in (self.rows, self.guide):
            nn.init.normal_(layer.weight, std=1 / width**0.5)

    def forward(self, rows: Tensor, guide: Tensor, present: Tensor | None = None) -> Tensor:
        """`(B, R, W), (B, W)`, and where there is a row -> `(B, R)` that sum to 1."""
        scores = (torch.tanh(self.rows(rows)) * torch.tanh(self.guide(guide)).unsqueeze(1)) @ self.score
        if present is not None:
            scores = scores.masked_fill(~present, float("-inf"))
        return torch.softmax(scores, -1)


def _wide_open(controller: nn.Linear) -> nn.Linear:
    """Weights and gates of which a state comes out about as large as what goes in."""
    nn.init.normal_(controller.weight, std=2 / controller.in_features**0.5)
    nn.init.ones_(controller.bias)
    return controller


def _samples(batch: Any) -> Any:
    """A stream of samples, run at once, is a batch of them."""
    return getattr(batch, "batch", batch)


def _only(batch: Any, row: int) -> Any:
    names = ("pictures", "question", "answer", "number", "asked")
    return type(batch)(**{name: getattr(batch, name)[row : row + 1] for name in names})


def _recipe(task: str) -> Recipe:
    """As the page of this model gives for our pictures."""
    return Recipe(optimiser="adam", learning_rate=2e-3, batch=16, updates=3750, clip="norm", clip_at=5.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="vqa-mann",
        name="Visual question answering with a memory-augmented network",
        short="VQA-MANN",
        year=2018,
        paper="Ma, Shen, Dick, Wu, Wang, van den Hengel & Reid, Visual Question Answering with Memory-Augmented Networks, "
        "CVPR 2018, arXiv:1707.04968",
        memory="persistent",
        idea="It looks at a place of the picture and at the words of the question, and searches its memory for training samples "
        "that were like this one. That memory is never wiped: what was rare in training can lie there when the weights have not "
        "learnt it.",
        slots_are="samples",
        forms=("pictures",),
        settings=(
            Setting(name="width", default=32, low=2, high=512, title="Width", says="How many features everything has; even."),
            Setting(name="slots", default=512, low=1, high=4096, title="Slots", says="How many samples the memory holds."),
            Setting(name="write_rule", default="bound_merge", choices=("none", "paper", "bound_lru", "bound_merge"),
                    title="Writing",
                    says="none: no memory. paper: no answer is stored, a part goes where was read, the rest to the least used "
                    "slot. bound_lru: each sample with its answer to the least used slot. bound_merge: if the best match has the "
                    "same answer, they become one; else to the least used slot."),
            Setting(name="memory_used", default=True, title="Use the memory",
                    says="Off: nothing is read, to see what the same network knows without its memory."),
            Setting(name="usage_decay", default=0.99, low=0.0, high=0.9999, title="Usage decay",
                    says="How much of a slot's usage is left after each sample."),
            Setting(name="write_gate", default=0.5, low=0.0, high=1.0, title="Write gate",
                    says="Paper's rule only: the share that goes where the sample before was read; the rest goes to the least "
                    "used slot. It is fixed, since no gradient reaches it across samples."),
            Setting(name="goes_on_writing", default=False, title="Go on writing",
                    says="In an episode the right answer is revealed after each picture, and the sample is written; else the "
                    "memory is frozen, as it always is in an evaluation."),
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        wiring=WIRING,
        wires=WIRES,
        first_panes=("Picture and question", "Readout", "Memory", "Tape"),
        parameter_formula="none: (48 + regions + words + 2·answers)·width + 18·width² + answers; "
        "paper: (48 + regions + words + 2·answers)·width + 20·width² + answers; "
        "bound_lru: 2 + (112 + regions + words + 2·answers)·width + 20·width² + answers; "
        "bound_merge: 2 + (112 + regions + words + 2·answers)·width + 20·width² + answers",
        code="engine/models/vqa_mann.py",
    ),
    build=VqaMann,
    recipe=_recipe,
)  # fmt: skip
