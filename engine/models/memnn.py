"""Memory Network: looks up one fact after the other by a hard choice, and is taught in training which facts those should be.

Weston, Chopra & Bordes, "Memory Networks" (2015). Its four parts: I makes vectors of a line, G puts them into the next free slot,
O looks facts up, R chooses the answer. Shapes: B questions, N slots, J words, W width; candidate N stands for "enough".
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.encoding import Positions, position_weights, sentence_vectors
from engine.blocks.probe import Probe, silent
from engine.blocks.tournament import FLAGS, missed_margins, tournament
from engine.contract.cards import ModelCard, Setting, Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.memnn_card import CHANNELS, MICRO_STEPS, WIRES, WIRING
from engine.models.memnn_search import Search, refuse_untaught, right_facts
from engine.models.telling import questions_of


class MemoryNetwork(MemoryModel):
    """The network. A slot's contents are its sentence embedded three times, side by side: as what may be looked up, as what the
    next lookup starts from, and as what the answer rests on."""

    positions: Tensor

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        self.width, self.lookups = int(settings["width"]), int(settings["lookups"])
        self._slots, self._margin = interface["slots"], float(settings["margin"])
        self._stops, self._timed, self._bends = (bool(settings[name]) for name in ("stop", "time", "bend"))
        self.candidates, self.found, self.asked = (_table(interface["words"], self.width) for _ in range(3))
        self.told, self.questioned = (_table(interface["words"], self.width) for _ in range(2))
        self.answers = _table(interface["answers"], self.width)
        self.enough, self.time = _table(1, self.width), _table(FLAGS, self.width)
        weights = position_weights(cast(Positions, settings["positions"]), interface["longest"], self.width)
        self.register_buffer("positions", weights, persistent=False)
        self.after_update()

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Look facts up and answer each question from them: `(B, answers)` scores, which are no logits of a distribution."""
        contents = self._embedded(batch.sentences)
        return self._answer(self._search(contents, batch.present, batch.ages, batch.question), probe)

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Take a story line by line: a statement goes to its slot, a question is answered from the slots as they are."""
        empty = self.positions.new_zeros(1, self._slots, 3 * self.width)
        asked = questions_of(episode, empty, lambda step: self._embedded(episode.words[step]), probe)
        return torch.cat([self._answer(self._search(*a[:4]), probe, a.named) for a in asked])

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """Learn which facts to look up, one after the other, and what to answer from them. The task's loss is not used."""
        value = self.missed(batch)
        value.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
        return value.detach()

    def loss_of(self, batch: Any, outputs: Tensor, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """By how much the margins are missed."""
        return self.missed(batch)

    def missed(self, batch: Any) -> Tensor:
        """By how much each right choice fails to beat every other one by the margin, summed over all choices; >= 0.

        Each lookup starts from the right facts before it, whatever the network would have found. ValueError where nobody says
        which facts an answer rests on.
        """
        refuse_untaught(batch.supports, batch.present, self._slots)
        right, count = right_facts(batch.supports, self.lookups)
        search = self._search(self._embedded(batch.sentences), batch.present, batch.ages, batch.question)
        total = search.state.new_zeros(())
        for lookup in range(self.lookups):
            total = total + self._short(search, search.match(), right[:, lookup], self._teaches(lookup, count)).sum()
            search = search.with_fact(right[:, lookup].clamp(min=0), lookup < count)
        scores = self._readout(search.told)
        others = (F.one_hot(batch.answer, scores.shape[1]) == 0) & (count > 0)[:, None]
        return total + (torch.relu(self._margin - scores.gather(1, batch.answer[:, None]) + scores) * others).sum()

    def before_update(self, update: int, updates: int) -> float:
        """The learning rate goes down evenly."""
        return 1 - (update - 1) / max(1, updates)

    def after_update(self) -> None:
        """No word: its rows stay zero."""
        with torch.no_grad():
            for table in (self.candidates, self.found, self.asked, self.told, self.questioned):
                table[0] = 0.0

    @property
    def slots(self) -> int:
        """How many sentences are kept."""
        return self._slots

    # ---- I: input to vectors ----

    def _embedded(self, words: Tensor) -> Tensor:
        """Sentences embedded with each of the three tables, `(..., J)` -> `(..., 3 W)`."""
        tables = torch.cat((self.candidates, self.found, self.told), 1)
        return sentence_vectors(words, tables, self.positions.repeat(1, 3))

    def _search(self, contents: Tensor, present: Tensor, ages: Tensor, question: Tensor) -> Search:
        """Where the lookups for a question start."""
        candidates, found, told = (contents * present.unsqueeze(-1)).chunk(3, -1)
        enough = self.enough.expand(len(contents), 1, self.width)
        return Search(
            candidates=torch.cat((candidates, enough), 1),
            facts=torch.cat((found, told), -1),
            ages=F.pad(ages * present, (0, 1)),
            open=F.pad(present, (0, 1), value=self._stops),
            state=sentence_vectors(question, self.asked, self.positions),
            told=sentence_vectors(question, self.questioned, self.positions),
            since=torch.zeros_like(ages[:, 0]),
        )

    # ---- O: which fact to look up ----

    def _answer(self, search: Search, probe: Probe, supports: Tensor | None = None) -> Tensor:
        """Look up until it is enough, then answer: `(B, answers)`. With `supports` a probe is told what was right, too."""
        search = replace(search, state=probe("question.state", search.state))
        goes_on = search.open.any(-1)
        if probe is not silent:
            probe("question.answer", self._readout(search.told))
        for lookup in range(self.lookups):
            chosen = self._choose(search, goes_on, lookup, probe, supports)
            goes_on = chosen.any(-1)
            search = search.with_fact(chosen.int().argmax(-1), goes_on)
            if probe is not silent:
                search = replace(search, state=probe("hop.state", search.state, lookup))
                probe("hop.answer", self._readout(search.told), lookup)
                if not goes_on.any():
                    break
        return probe("answer.score", self._readout(search.told))

    def _choose(self, search: Search, goes_on: Tensor, lookup: int, probe: Probe, supports: Tensor | None) -> Tensor:
        """Which slot is looked up, `(B, N)`, true at one or, where it is enough, at none: the winner of a tournament, into which
        the facts come in the order in which they were told, and "enough" last."""
        match = search.match()
        match = torch.cat((probe("hop.match", match[:, :-1], lookup), match[:, -1:]), 1)
        order = search.in_order_told()
        winner, met, led = tournament(search.duels(match, self._time, order), search.open.gather(1, order))
        slot = F.one_hot(order.gather(1, winner[:, None])[:, 0], match.shape[1])[:, :-1]
        chosen = probe("hop.chosen", slot * search.open[:, :-1] * goes_on[:, None].to(match.dtype), lookup) > 0.5
        if probe is not silent:
            place = order.argsort(1)
            met, led = met.gather(1, place), led.gather(1, place)
            probe("hop.score", met[:, :-1], lookup)
            probe("hop.lead", led[:, :-1].to(match.dtype), lookup)
            probe("hop.enough", met[:, -1], lookup)
            self._show_right(search, match, chosen, lookup, probe, supports)
        return chosen

    def _show_right(
        self, search: Search, match: Tensor, chosen: Tensor, lookup: int, probe: Probe, supports: Tensor | None
    ) -> None:
        """Whether the right fact was looked up, and how many others came too near to it; where anybody knows."""
        if supports is None or not (supports >= 0).any():
            return
        right, count = right_facts(supports, self.lookups)
        teaches = self._teaches(lookup, count)
        if not teaches.any():
            return
        slot = torch.where(right[:, lookup] < 0, match.shape[1] - 1, right[:, lookup])
        said = torch.cat((chosen, ~chosen.any(-1, keepdim=True)), 1)
        probe("hop.is_right", said.gather(1, slot[:, None])[:, 0].to(match.dtype), lookup)
        probe("hop.too_near", (self._short(search, match, right[:, lookup], teaches) > 0).sum(-1).to(match.dtype), lookup)

    # ---- how O is taught ----

    def _teaches(self, lookup: int, count: Tensor) -> Tensor:
        """Where a lookup has something right to find, `(B,)`: a further fact, or after the last one that it is enough."""
        return (lookup < count) | ((lookup == count) & (count > 0) & self._stops)

    def _short(self, search: Search, match: Tensor, right: Tensor, teaches: Tensor) -> Tensor:
        """By how much the right fact (or, for -1, "enough") fails to beat each other candidate by the margin, `(B, N + 1)`."""
        slot = torch.where(right < 0, match.shape[1] - 1, right)
        others = search.open & (F.one_hot(slot, match.shape[1]) == 0) & teaches[:, None]
        return missed_margins(*search.against(slot, match, self._time), others, self._margin)

    @property
    def _time(self) -> Tensor:
        """What the order in time counts."""
        return self.time if self._timed else torch.zeros_like(self.time)

    # ---- R: the answer ----

    def _readout(self, told: Tensor) -> Tensor:
        """The score of each answer, `(B, W)` -> `(B, answers)`."""
        return (torch.tanh(told) if self._bends else told) @ self.answers.T


def _table(rows: int, width: int) -> nn.Parameter:
    return nn.Parameter(torch.randn(rows, width) * 0.1)


def _recipe(task: str) -> Recipe:
    """All wrong choices count, where the paper draws one for each right one: their sum is too steep for its plain descent."""
    return Recipe(optimiser="adam", learning_rate=0.005, batch=32, updates=6000, clip="norm_per_tensor", clip_at=40.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="memnn",
        name="Memory Network",
        short="MemNN",
        year=2014,
        paper="Weston, Chopra & Bordes, Memory Networks, ICLR 2015, arXiv:1410.3916",
        memory="episodic",
        idea="Each sentence of a story lies in a slot of its own. A question looks up one sentence, and with it the next one: a "
        "hard choice each time, until it is enough. In training it is told which sentences those should be.",
        slots_are="facts",
        forms=("story",),
        settings=(
            Setting(name="width", default=50, low=1, high=1000, title="Width", says="How many features an embedded word has."),
            Setting(name="lookups", default=3, low=1, high=10, title="Lookups", says="How many facts are looked up at most."),
            Setting(name="stop", default=True, title="May stop",
                    says="After each fact it may find that it is enough; else it looks up as many as it may."),
            Setting(name="margin", default=0.1, low=0.0, high=10.0, title="Margin",
                    says="By how much the right choice shall beat every other one."),
            Setting(name="time", default=True, title="Order in time",
                    says="Which of two facts was told first counts; without, of two that match alike the older one is taken."),
            Setting(name="positions", default="paper", choices=("code", "paper", "none"), title="Word order",
                    says="How a word's place in its sentence counts (as in the program or the paper of MemN2N), or not: then a "
                    "sentence is a bag of words, as in the first Memory Networks."),
            Setting(name="bend", default=True, title="Bent response",
                    says="What the answer rests on passes through tanh; without, no answer can depend on whether two words "
                    "agree, as yes and no do."),
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        wiring=WIRING,
        wires=WIRES,
        first_panes=("Tape", "Hops", "Readout", "Memory"),
        parameter_formula="(5 · words + answers + 5) · width",
        loss_unit="margin missed",
        code="engine/models/memnn.py",
    ),
    build=MemoryNetwork,
    recipe=_recipe,
)  # fmt: skip
