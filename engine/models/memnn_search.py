"""A Memory Network's search for facts: what it starts from, what it may look up, how a fact found goes on, which would be right.

Shapes: B questions, N slots, W width, L lookups; candidate N is no fact and stands for "enough".
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.tournament import versus


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Search:
    """Where a search stands: `candidates (B, N + 1, W)`, of which `open (B, N + 1)` may still be looked up; `facts (B, N, 2 W)`
    what each adds once it is found; `state (B, W)` what is looked for, `told (B, W)` what the answer rests on; `ages (B, N + 1)`,
    0 where there is none, and `since (B,)` the age of what was found last, 0 for the question."""

    candidates: Tensor
    facts: Tensor
    open: Tensor
    state: Tensor
    told: Tensor
    ages: Tensor
    since: Tensor

    def with_fact(self, slot: Tensor, is_found: Tensor) -> "Search":
        """The search goes on from the fact in `slot (B,)` too, where one is found; it is not looked up again."""
        row = torch.arange(len(slot), device=slot.device)
        looked_for, answered_from = (self.facts[row, slot] * is_found[:, None]).chunk(2, -1)
        gone = F.one_hot(slot, self.open.shape[1]).bool() & is_found[:, None]
        return replace(
            self,
            open=self.open & ~gone,
            state=self.state + looked_for,
            told=self.told + answered_from,
            since=torch.where(is_found, self.ages[row, slot], self.since),
        )

    def match(self) -> Tensor:
        """How well each candidate's words fit what is looked for, whenever it was told, `(B, N + 1)`."""
        return (self.candidates @ self.state.unsqueeze(-1)).squeeze(-1)

    def duels(self, match: Tensor, time: Tensor, order: Tensor) -> Tensor:
        """How each candidate scores against each other one, both in `order (B, M)`, `(B, M, M)`."""
        score, age = match.gather(1, order), self.ages.gather(1, order)
        scores, ages = (score[:, :, None], score[:, None]), (age[:, :, None], age[:, None])
        return versus(scores, ages, self.since, self.state @ time.T)

    def against(self, right: Tensor, match: Tensor, time: Tensor) -> tuple[Tensor, Tensor]:
        """How one candidate `right (B,)` scores against each other, and each against it, `(B, N + 1)` twice."""
        one, age, counts = match.gather(1, right[:, None]), self.ages.gather(1, right[:, None]), self.state @ time.T
        forwards = versus((one, match), (age, self.ages), self.since, counts)
        return forwards, versus((match, one), (self.ages, age), self.since, counts)

    def in_order_told(self) -> Tensor:
        """The candidates from the oldest fact to the newest, "enough" last, `(B, N + 1)`."""
        return self.ages.sort(dim=-1, descending=True, stable=True).indices


def right_facts(supports: Tensor, lookups: int) -> tuple[Tensor, Tensor]:
    """The facts to be looked up one after the other, `(B, L)` slots, -1 after the last, and how many they are, `(B,)`."""
    gone_last = (supports < 0).int().sort(dim=1, stable=True).indices
    right = F.pad(supports.gather(1, gone_last), (0, lookups), value=-1)[:, :lookups]
    return right, (right >= 0).sum(1)


def refuse_untaught(supports: Tensor, present: Tensor, slots: int) -> None:
    """ValueError if a question is there of which nobody says which facts the answer rests on. Where all `slots` are full, they
    may have been told so long ago that they are gone: such a question teaches nothing, and is let pass."""
    untaught = (supports < 0).all(1) & (present.sum(1) < slots)
    if untaught.sum().reshape(1).tolist()[0] >= 1:
        raise ValueError(
            "this model is taught which facts an answer rests on, and some of these questions do not say it; "
            "the numbers of the supporting facts must follow each answer"
        )
