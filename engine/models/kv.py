"""Key-Value Memory Network: a fact is found by its key and read by its value, which may be quite different words.

Miller, Fisch, Dodge, Karimi, Bordes & Weston, "Key-Value Memory Networks for Directly Reading Documents" (2016).
Shapes: B questions, N slots, J words, W width.
"""

from collections.abc import Callable
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks import attention
from engine.blocks.encoding import Positions, position_weights, sentence_vectors
from engine.blocks.hashing import shares_of_keys, sharing_a_rare_word
from engine.blocks.pace import halved_after_linear_start, is_in_linear_start
from engine.blocks.probe import Probe, silent
from engine.contract.cards import ModelCard, Setting, Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.kv_card import CHANNELS, MICRO_STEPS, WIRES, WIRING
from engine.models.telling import questions_of

NEWEST = 0.01
"""How much each update counts in what the network knows of how common the words of keys are."""


class KeyValueNetwork(MemoryModel):
    """The network. A slot's contents are its key and its value, embedded, side by side.

    Where the task's facts have two sides, those are key and value, and keys that share no rare word with the question are left
    out before the first hop. Of a story, key and value are the same sentence, embedded twice, and none is left out; as a MemN2N
    it then begins its training without softmax. (Over facts with two sides that hinders: one run ended with 13 % wrong, not 0.)
    """

    linear: Tensor
    positions: Tensor
    common: Tensor
    """Of the keys met in training, the share that has each word."""

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        self.hops, self.width = int(settings["hops"]), int(settings["width"])
        self._slots, longest = interface["slots"], interface["longest"]
        self._is_hashing, self._rare = bool(settings["hashing"]), float(settings["rare"])
        self._has_empty_place = bool(settings["empty_place"])
        self._linear_start, tables = float(settings["linear_start"]), str(settings["tables"])
        self.words = nn.ParameterList(_small(interface["words"], self.width) for _ in range(3 if tables == "apart" else 1))
        self.times = nn.ParameterList(_small(self._slots + 1, self.width) for _ in range(2))
        self.turns = nn.ParameterList(nn.Parameter(torch.eye(self.width)) for _ in range(self.hops))
        self.answers = _small(interface["answers"], self.width) if tables != "one" else None
        self._met: Tensor | None = None
        self.register_buffer("common", torch.zeros(interface["words"]))
        self.register_buffer("linear", torch.tensor(0.0))
        weights = position_weights(cast(Positions, settings["positions"]), longest, self.width)
        self.register_buffer("positions", weights, persistent=False)
        self.after_update()

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Answer each question from the pairs that lie in memory: `(B, answers)` logits."""
        keys, values = _sides(batch)
        contents = self._embedded(keys, values)
        found = self._found(keys, batch.question) if batch.keys is not None else None
        return self._answer(contents, batch.present, found, batch.ages, batch.question, probe)

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Take the lines one by one: a fact goes to its slot, a question is answered from the slots as they are."""
        has_keys = episode.keys is not None
        keys, values = (episode.keys, episode.values) if has_keys else (episode.words, episode.words)
        told = self._embedded(keys, values)
        outputs = []
        for a in questions_of(episode, self.positions.new_zeros(1, self._slots, 2 * self.width), told.__getitem__, probe):
            found = self._found(keys[_lying(a.contents, told)], a.question) if has_keys else None
            outputs.append(self._answer(a.contents, a.present, found, a.ages, a.question, probe, a.supports))
        return torch.cat(outputs)

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """As any model; and the words of the keys are counted, for hashing from the next update on."""
        if batch.keys is not None:
            self._met = shares_of_keys(batch.keys, batch.present, len(self.common))
        return super().learn(batch, loss)

    def before_update(self, update: int, updates: int) -> float:
        """Linear start: no softmax over a story, half the learning rate; then the rate is halved at each quarter of the rest."""
        self.linear.fill_(float(is_in_linear_start(self._linear_start, update, updates)))
        return halved_after_linear_start(self._linear_start, update, updates)

    def after_update(self) -> None:
        """No word and no age: their rows stay zero. What was met is known from now on."""
        if self._met is not None:
            self.common.lerp_(self._met, NEWEST)
            self._met = None
        with torch.no_grad():
            for table in (*self.words, *self.times):
                table[0] = 0.0

    @property
    def slots(self) -> int:
        """How many pairs are kept."""
        return self._slots

    def _embedded(self, keys: Tensor, values: Tensor) -> Tensor:
        """Key and value of each fact, `(..., J)` twice -> `(..., 2 W)`."""
        key_table, value_table = self.words[len(self.words) // 2], self.words[-1]
        sides = sentence_vectors(keys, key_table, self.positions), sentence_vectors(values, value_table, self.positions)
        return torch.cat(sides, -1)

    def _found(self, keys: Tensor, question: Tensor) -> Tensor:
        """Key hashing: which keys may answer the question at all, `(B, N)`. The paper counts words in its whole corpus; we count
        them in the keys met in training, so that a small bank is hashed like a large one."""
        return sharing_a_rare_word(keys, question, self.common <= self._rare) if self._is_hashing else keys.any(-1)

    def _answer(
        self, contents: Tensor, present: Tensor, found: Tensor | None, ages: Tensor, question: Tensor, probe: Probe,
        supports: Tensor | None = None,
    ) -> Tensor:  # fmt: skip
        """`found`: the keys that hashing leaves; None of a story, where all are looked at."""
        kept = present if found is None else present & found
        candidates = probe("hash.candidates", kept.to(contents.dtype)) > 0.5
        is_linear = found is None and bool(self.linear > 0)
        dated = contents + F.embedding(ages, torch.cat(list(self.times), 1))
        keys, values = torch.chunk(dated * present.unsqueeze(-1), 2, -1)
        state = probe("question.state", sentence_vectors(question, self.words[0], self.positions))
        if probe is not silent:
            self._show_values(values, present, probe)
            probe("question.answer", torch.softmax(self._readout(state), -1))
        for hop, turn in enumerate(self.turns):
            scores = probe("hop.match", attention.match(state, keys), hop)
            weighting = scores * candidates if is_linear else self._weighting(scores, candidates, found, hop, probe, supports)
            got = probe("hop.read", attention.read(weighting, values), hop)
            state = probe("hop.state", (state + got) @ turn.T, hop)
            if probe is not silent:
                probe("hop.turn_length", torch.linalg.matrix_norm(turn).expand(len(state)), hop)
                probe("hop.answer", torch.softmax(self._readout(state), -1), hop)
        logits = probe("answer.logits", self._readout(state))
        probe("answer.probability", torch.softmax(logits, -1))
        return logits

    def _weighting(
        self, scores: Tensor, candidates: Tensor, found: Tensor | None, hop: int, probe: Probe, supports: Tensor | None
    ) -> Tensor:
        """How much of each pair is read: together 1, or all 0 where there is no candidate; of a story, what falls on the empty
        place is missing."""
        may_look_away = found is None and self._has_empty_place
        over = attention.over_slots_or_nothing if may_look_away else attention.over_slots
        weighting = probe("hop.attention", over(scores, candidates), hop)
        if probe is not silent:
            probe("hop.entropy", attention.entropy(weighting), hop)
            if supports is not None and not supports.isnan().any():
                probe("hop.on_supports", (weighting * supports).sum(-1), hop)
        return weighting

    def _readout(self, state: Tensor) -> Tensor:
        """Answer scores, of each word but the empty one."""
        return state @ (self.words[0][1:] if self.answers is None else self.answers).T

    def _show_values(self, values: Tensor, present: Tensor, probe: Probe) -> None:
        """What each value alone would answer."""
        best = self._readout(values).argmax(-1)
        probe("memory.says", torch.where(present, best, -1).to(values.dtype))


def _sides(batch: Any) -> tuple[Tensor, Tensor]:
    return (batch.sentences, batch.sentences) if batch.keys is None else (batch.keys, batch.values)


def _lying(contents: Tensor, told: Tensor) -> Tensor:
    """The line whose fact lies in each slot, known by its vector, so that facts which an edit moved are found where they are
    now: `(1, N, 2 W)`, `(T, 2 W)` -> `(1, N)`."""
    apart = torch.cdist(contents, told.unsqueeze(0), compute_mode="donot_use_mm_for_euclid_dist")
    return apart.argmin(-1)


def _small(rows: int, width: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(rows, width) * 0.1)


def _recipe(task: str) -> Recipe:
    """Stories as a MemN2N learns them: plain descent on the summed loss, each tensor's gradient limited to length 40. Facts with
    two sides are easier, and quickly learnt with Adam."""
    if task == "facts":
        return Recipe(optimiser="adam", learning_rate=0.005, batch=32, updates=3000, clip="norm_per_tensor", clip_at=40.0)
    return Recipe(optimiser="sgd", learning_rate=0.01, batch=32, updates=12_000, clip="norm_per_tensor", clip_at=40.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="kv",
        name="Key-Value Memory Network",
        short="KV-MemNN",
        year=2016,
        paper="Miller, Fisch, Dodge, Karimi, Bordes & Weston, Key-Value Memory Networks for Directly Reading Documents, "
        "EMNLP 2016, arXiv:1606.03126",
        memory="episodic",
        idea="Each fact lies in memory as a pair: the key is what a question is compared with, the value is what is read. Before "
        "the first look, facts that share no rare word with the question are set aside.",
        slots_are="facts",
        forms=("story",),
        settings=(
            Setting(name="width", default=40, low=1, high=1000, title="Width", says="How many features an embedded word has."),
            Setting(name="hops", default=3, low=1, high=10, title="Hops", says="How often the memory is read for one answer."),
            Setting(name="tables", default="shared", choices=("apart", "shared", "one"), title="Word tables",
                    says="Shared: question, keys and values are embedded alike, as in the paper; apart: each in its own way, "
                    "which few stories are not enough for; one: the answers like the rest, too."),
            Setting(name="positions", default="code", choices=("code", "paper", "none"), title="Word order",
                    says="How a word's place in its sentence counts: as in the program of MemN2N, as in its paper, or not."),
            Setting(name="hashing", default=True, title="Key hashing",
                    says="On a bank of facts, only those are looked at whose key shares a rare word with the question; of a "
                    "story, every sentence is."),
            Setting(name="rare", default=0.05, low=0.0, high=1.0, title="Rare word",
                    says="A word is rare if at most this share of the keys met in training has it."),
            Setting(name="empty_place", default=True, title="Empty place",
                    says="Over a story, a hop may also look at one place that is always empty, where no sentence fits."),
            Setting(name="linear_start", default=0.17, low=0.0, high=1.0, title="Linear start",
                    says="The share of the training, at its beginning, in which hops over a story do without softmax."),
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        wiring=WIRING,
        wires=WIRES,
        first_panes=("Tape", "Keys and values", "Hops", "Readout"),
        parameter_formula="apart: (3 · words + 2 · (slots + 1) + hops · width + answers) · width; "
        "shared: (words + 2 · (slots + 1) + hops · width + answers) · width; "
        "one: (words + 2 · (slots + 1) + hops · width) · width",
        code="engine/models/kv.py",
    ),
    build=KeyValueNetwork,
    recipe=_recipe,
)  # fmt: skip
