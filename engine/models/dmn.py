"""Dynamic Memory Network: it passes over the facts of a story several times, and at each fact a gate decides how much of it
enters the episode that the pass makes.

Two versions. Attention, the default (DMN+): Xiong, Merity & Socher, "Dynamic Memory Networks for Visual and Textual Question
Answering" (2016), arXiv:1603.01417. Independent gates: Kumar et al., "Ask Me Anything: Dynamic Memory Networks for Natural
Language Processing" (2016), arXiv:1506.07285; here with the facts of DMN+. Gates may be taught which facts are right.
Shapes: B questions, N slots, J words, W width.
"""

import math
from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks import attention
from engine.blocks.compiled import CompiledPath
from engine.blocks.encoding import position_weights, sentence_vectors
from engine.blocks.probe import Probe, silent
from engine.blocks.recurrent import GatedLayer
from engine.contract.cards import ModelCard, Setting, Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.dmn_card import CHANNELS, MICRO_STEPS, WIRES, WIRING
from engine.models.dmn_quick import pack, run_packed, warm_up
from engine.models.dmn_units import AttentionLayer, advance, driven_by, run_along
from engine.models.telling import questions_of

QUICK = CompiledPath("engine.models.dmn_kernel", warm_up, "engine.blocks.kernel_math")

LAST_PART, SLOWER = 0.25, 0.1
"""In the last part of the training the learning rate is so much smaller."""


class DMN(MemoryModel):
    """The network. A slot holds a sentence's words added up by position; what the passes look at are facts: each sentence as two
    GRUs understand it that run over the story, from its beginning and from its end."""

    positions: Tensor

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        self.passes, self.width = int(settings["passes"]), int(settings["width"])
        self._slots, self._together = interface["slots"], settings["gates"] == "attention"
        self._taught, self._dropout = bool(settings["gate_supervision"]), float(settings["dropout"])
        self._decay = self._shrink = float(settings["decay"])
        self._thinning = float(settings["thinning"])
        width, reach = self.width, math.sqrt(3)
        self.words = nn.Parameter(torch.empty(interface["words"], width).uniform_(-reach, reach))
        self.asker, self.onward, self.back = (GatedLayer(width, width) for _ in range(3))
        if self._together:
            self.episode: AttentionLayer | GatedLayer = AttentionLayer(width, width)
            self.remembers = nn.ModuleList(_linear(3 * width, width) for _ in range(self.passes))
        else:
            self.episode, self.remember, self.say = (GatedLayer(width, width) for _ in range(3))
            self.alike = nn.Parameter(nn.init.xavier_uniform_(torch.empty(width, width)))
        self.compare = _linear(4 * width if self._together else 7 * width + 2, width)
        self.rate = _linear(width, 1, bias=not self._together)
        self.readout = _linear(2 * width if self._together else width, interface["answers"])
        self.register_buffer("positions", position_weights("code", interface["longest"], width), persistent=False)
        self.after_update()

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Answer each question from the sentences told before it: `(B, answers)` logits."""
        return self._readable(batch, 0.0, probe)[0]

    def fused(self, batch: Any) -> Tensor:
        """The compiled path where the kernel is there; else the readable one."""
        return self._run(batch, 0.0)[0]

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """Learn from the answers, with dropout, and if gates are taught also from the supporting facts; gives the loss of the
        answers alone, so that curves with and without can be compared."""
        told = thinned(batch, self._thinning) if self._taught else batch
        outputs, scores = self._run(told, self._dropout)
        value = loss(outputs)
        torch.autograd.backward([value, gate_loss(scores, batch.supports)] if self._taught else [value])
        return value.detach()

    @property
    def path(self) -> str:
        """Whether it is compiled, and if not why."""
        return "compiled" if QUICK.get() is not None else f"step by step: {QUICK.why_not}"

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Take a story line by line: a statement goes to its slot, a question is answered from the slots as they are."""
        empty = self.positions.new_zeros(1, self._slots, self.width)
        asked = questions_of(episode, empty, lambda step: self._embedded(episode.words[step]), probe)
        return torch.cat([self._answer(a.contents, a.present, a.ages, a.question, 0.0, probe, a.supports)[0] for a in asked])

    def before_update(self, update: int, updates: int) -> float:
        """The full learning rate, and a tenth of it for the last quarter; weights shrink at the same pace."""
        factor = 1.0 if update <= (1 - LAST_PART) * updates else SLOWER
        self._shrink = self._decay * factor
        return factor

    def after_update(self) -> None:
        """All matrices shrink a little towards zero; no word stays zero."""
        with torch.no_grad():
            for weights in self.parameters():
                if weights.dim() > 1 and self._shrink:
                    weights.mul_(1 - self._shrink)
            self.words[0] = 0.0

    @property
    def slots(self) -> int:
        """How many sentences are kept."""
        return self._slots

    def scores(self, facts: Tensor, question: Tensor, memory: Tensor) -> Tensor:
        """How well each fact suits the question and what is known by now, to make gates of: three `(..., W)` -> `(...)`."""
        by_question, by_memory = (facts - question).abs(), (facts - memory).abs()
        if self._together:
            seen = torch.cat((facts * question, facts * memory, by_question, by_memory), -1)
        else:
            alike = facts @ self.alike
            close = [(alike * other).sum(-1, keepdim=True) for other in (question, memory)]
            every = (facts, memory, question, facts * question, facts * memory, by_question, by_memory, *close)
            seen = torch.cat([each.expand_as(facts) if each.shape[-1] == self.width else each for each in every], -1)
        rated: Tensor = self.rate(torch.tanh(self.compare(seen)))
        return rated.squeeze(-1)

    def gates(self, scores: Tensor, present: Tensor) -> Tensor:
        """How much of each fact the pass takes, exactly 0 where there is none, `(B, N)`: together 1, or each for itself."""
        return attention.over_slots(scores, present) if self._together else torch.sigmoid(scores) * present

    def remembered(self, number: int, memory: Tensor, episode: Tensor, question: Tensor) -> Tensor:
        """The memory after a pass, from the one before and the pass's episode."""
        if self._together:
            return F.relu(self.remembers[number](torch.cat((memory, episode, question), -1)))
        return advance(self.remember, driven_by(self.remember, episode), memory, torch.ones_like(memory[:, :1]))

    def answered(self, memory: Tensor, question: Tensor, dropout: float) -> Tensor:
        """Answer scores `(B, answers)` from the last memory."""
        if self._together:
            said = torch.cat((question, memory), -1)
        else:
            said = advance(self.say, driven_by(self.say, question), memory, torch.ones_like(memory[:, :1]))
        logits: Tensor = self.readout(F.dropout(said, dropout, dropout > 0))
        return logits

    def _run(self, batch: Any, dropout: float) -> tuple[Tensor, list[Tensor]]:
        """Answer scores, and each pass's scores of the facts, by the quickest path on this machine."""
        kernel = QUICK.get() if self.words.is_cpu and self.words.dtype == torch.float32 else None
        return self._readable(batch, dropout, silent) if kernel is None else self._quick(batch, dropout, kernel)

    def _readable(self, batch: Any, dropout: float, probe: Probe) -> tuple[Tensor, list[Tensor]]:
        return self._answer(self._embedded(batch.sentences), batch.present, batch.ages, batch.question, dropout, probe)

    def _embedded(self, words: Tensor) -> Tensor:
        """Sentences as their words added up by position, `(..., J)` -> `(..., W)`."""
        return sentence_vectors(words, self.words, self.positions)

    def _answer(
        self, contents: Tensor, present: Tensor, ages: Tensor, question: Tensor, dropout: float, probe: Probe,
        supports: Tensor | None = None,
    ) -> tuple[Tensor, list[Tensor]]:  # fmt: skip
        order = in_order_told(present, ages)
        asked = run_along(self.asker, F.embedding(question, self.words), (question > 0).float())[:, -1]
        asked = probe("question.state", asked)
        facts = probe("memory.fact", F.dropout(self._facts(contents, present, order), dropout, dropout > 0))
        memory, every = asked, []
        for number in range(self.passes):
            scores = self.scores(facts, asked[:, None], memory[:, None]) * present
            every.append(probe("hop.gate_logit", scores, number))
            looks = "hop.attention" if self._together else "hop.gate"
            gates = probe(looks, self.gates(every[-1], present), number)
            states = run_along(self.episode, taken(facts, order), gates.gather(1, order))
            if probe is not silent:
                self._tell(gates, states, order, number, probe, supports)
            episode = probe("hop.episode", states[:, -1], number)
            memory = probe("hop.memory", self.remembered(number, memory, episode, asked), number)
        logits = probe("answer.logits", self.answered(memory, asked, dropout))
        probe("answer.probability", torch.softmax(logits, -1))
        return logits, every

    def _facts(self, contents: Tensor, present: Tensor, order: Tensor) -> Tensor:
        """Each sentence as it is understood in its story: what a GRU knows that came from before, and one that came from behind,
        added, `(B, N, W)`; both pass over empty slots."""
        told, here = taken(contents, order), present.gather(1, order).to(contents.dtype)
        understood = run_along(self.onward, told, here) + run_along(self.back, told, here, back=True)
        return taken(understood, order.argsort(1)) * present.unsqueeze(-1)

    def _tell(
        self, gates: Tensor, states: Tensor, order: Tensor, number: int, probe: Probe, supports: Tensor | None
    ) -> None:  # fmt: skip
        """Show what follows from the gates: their sum, how far each fact moved the episode, how much lies on the right facts."""
        moved = (states - F.pad(states[:, :-1], (0, 0, 1, 0))).norm(dim=-1)
        probe("hop.moved", moved.gather(1, order.argsort(1)), number)
        total = gates.sum(-1)
        if not self._together:
            probe("hop.total", total, number)
        if supports is not None and not supports.isnan().any():
            probe("hop.on_supports", (gates * supports).sum(-1) / total.clamp(min=torch.finfo(total.dtype).tiny), number)

    def _quick(self, batch: Any, dropout: float, kernel: ModuleType) -> tuple[Tensor, list[Tensor]]:
        """The same as `_answer`, with all sequences packed and run along by the kernel."""
        longest = torch.arange(batch.question.shape[1]).expand_as(batch.question)
        words = pack(batch.question > 0, longest)
        spoken = F.embedding(batch.question[words.rows, words.places], self.words)
        asked = words.last(run_packed(kernel, self.asker, spoken, words))
        told = pack(batch.present, in_order_told(batch.present, batch.ages))
        sentences = self._embedded(batch.sentences[told.rows, told.places])
        facts = run_packed(kernel, self.onward, sentences, told) + run_packed(kernel, self.back, sentences, told, back=True)
        facts = F.dropout(facts, dropout, dropout > 0)
        memory, wanted, every = asked, asked[told.rows], []
        for number in range(self.passes):
            known = wanted if number == 0 else memory[told.rows]
            every.append(told.spread(self.scores(facts, wanted, known), batch.present.shape[1], 0.0))
            gates = self.gates(every[-1], batch.present)[told.rows, told.places]
            episode = told.last(run_packed(kernel, self.episode, facts, told, gates))
            memory = self.remembered(number, memory, episode, asked)
        return self.answered(memory, asked, dropout), every


def in_order_told(present: Tensor, ages: Tensor) -> Tensor:
    """The slots from the oldest sentence to the newest, `(B, N)`; empty ones come where they lie on the way round."""
    newest = torch.where(present, ages, ages.max() + 1).argmin(1, keepdim=True)
    slots = present.shape[1]
    return (newest + 1 + torch.arange(slots, device=present.device)) % slots


def taken(rows: Tensor, order: Tensor) -> Tensor:
    """Rows put into another order: `(B, N, W)`, `(B, N)` -> `(B, N, W)`."""
    return rows.gather(1, order.unsqueeze(-1).expand_as(rows))


def thinned(batch: Any, share: float) -> Any:
    """The same questions, but a share of the facts that their answers do not rest on was never told; where nobody knows on which
    they rest, all were."""
    if not share:
        return batch
    slots = torch.arange(batch.present.shape[1], device=batch.present.device)
    is_needed = (batch.supports.unsqueeze(-1) == slots).any(1)
    stays = is_needed | ~is_needed.any(1, keepdim=True) | (torch.rand(is_needed.shape, device=is_needed.device) >= share)
    return replace(batch, present=batch.present & stays)


def gate_loss(scores: list[Tensor], supports: Tensor) -> Tensor:
    """How far each pass is from choosing its supporting fact, the first pass the first and so on, in nats, summed; `supports`
    `(B, S)` are slots, -1 where there is none: there nothing is taught."""
    terms = [
        F.cross_entropy(of_pass, supports[:, number], ignore_index=-1, reduction="sum")
        for number, of_pass in enumerate(scores[: supports.shape[1]])
    ]
    return torch.stack(terms).sum()


def _linear(inputs: int, outputs: int, bias: bool = True) -> nn.Linear:
    """Without a bias where all that it moves are scores of one softmax, which it would not change."""
    made = nn.Linear(inputs, outputs, bias)
    nn.init.xavier_uniform_(made.weight)
    if bias:
        nn.init.zeros_(made.bias)
    return made


def _recipe(task: str) -> Recipe:
    """Adam as in the paper; the loss is summed over the batch, and so is the limit of its gradient."""
    return Recipe(optimiser="adam", learning_rate=0.002, batch=64, updates=10_000, clip="norm", clip_at=500.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="dmn",
        name="Dynamic Memory Network",
        short="DMN",
        year=2016,
        paper="Xiong, Merity & Socher, Dynamic Memory Networks for Visual and Textual Question Answering, ICML 2016, "
        "arXiv:1603.01417; with independent gates: Kumar et al., Ask Me Anything, ICML 2016, arXiv:1506.07285",
        memory="episodic",
        idea="The story is read again for every pass. At each fact a gate says how much of it enters the pass's episode; what "
        "the passes before found decides where the next one opens its gates.",
        slots_are="facts",
        forms=("story",),
        settings=(
            Setting(name="width", default=40, low=1, high=1000, title="Width", says="How many features words and facts have."),
            Setting(name="passes", default=3, low=1, high=10, title="Passes", says="How often the story is gone over."),
            Setting(name="gates", default="attention", choices=("attention", "independent"), title="Gates",
                    says="Attention: those of a pass are together 1, as in DMN+; independent: each opens for itself, as in the "
                    "first DMN."),
            Setting(name="gate_supervision", default=False, title="Gates are taught",
                    says="Each pass is told in training which fact it should have taken. What is learnt so is strongly "
                    "supervised: its errors do not compare with those of networks that are taught answers only."),
            Setting(name="thinning", default=0.5, low=0.0, high=1.0, title="Thinning",
                    says="Where gates are taught, so many of the facts that an answer does not rest on are left out in training, "
                    "that stories are not learnt by heart; the papers do not do so."),
            Setting(name="dropout", default=0.1, low=0.0, high=0.9, title="Dropout",
                    says="In training, this share of each fact, and of what the answer is made of, is set to zero."),
            Setting(name="decay", default=5e-4, low=0.0, high=0.1, title="Decay",
                    says="By this share all matrices shrink at each update, against learning by heart."),
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        wiring=WIRING,
        wires=WIRES,
        first_panes=("Tape", "Hops", "Readout", "Memory"),
        parameter_formula="attention: words · width + 26 · width² + 24 · width + passes · (3 · width² + width) + "
        "answers · (2 · width + 1); independent: words · width + 44 · width² + 40 · width + 1 + answers · (width + 1)",
        code="engine/models/dmn.py",
    ),
    build=DMN,
    recipe=_recipe,
    quick=QUICK,
)  # fmt: skip
