"""I4: a controller learns an algorithm. Measured: what each of the five tasks costs, within its training and beyond it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from engine.contract.cards import Settings
from engine.contract.demonstrations import Cell, Demonstration, Finding, Table
from engine.demonstrations.workbench import Workbench, episodes_of, mean_scores
from engine.sources import EXHIBIT, Opened
from engine.tasks.base import SequenceBatch

EPISODES = 20
LEARNT = 0.1
"""A task counts as learnt if an episode costs less than this share of guessing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Try:
    """An exhibit, and episodes longer than any that it was trained on (none: the task has no such)."""

    name: str
    beyond: Settings
    in_words: str


@dataclass(slots=True, kw_only=True)
class _Result:
    """What was measured of one task, in bits an episode."""

    place: str
    task: str
    cost: float
    guessing: float
    best: float | None
    """What the best possible guess costs, where the task cannot be solved."""
    in_words: str
    wrong: float = 0.0
    bits: float = 0.0
    """Beyond the training: wrong bits, and all that count; 0 where nothing was tried."""

    @property
    def is_learnt(self) -> bool:
        """Whether it costs a small part of guessing, or little more than the best guess."""
        return self.cost < LEARNT * self.guessing if self.best is None else self.cost < (1 + LEARNT) * self.best

    @property
    def reaches(self) -> bool:
        """Whether beyond the training only a small part of what guessing gets wrong is wrong."""
        return self.wrong < LEARNT * self.bits / 2

    @property
    def row(self) -> tuple[Cell, ...]:
        """For the table."""
        share = f"{self.cost / self.guessing:.1%}" if self.best is None else f"best guess {self.best:.1f}"
        beyond = f"{self.wrong:.1f} of {self.bits:.0f} ({self.in_words})" if self.bits else ""
        return self.task, f"{self.cost:.2f}", share, beyond


TRIES = (
    _Try(name="ntm-copy", beyond={"length": 60}, in_words="60 vectors"),
    _Try(name="ntm-repeat-copy", beyond={"length": 20, "repeats": 10}, in_words="20 vectors, 10 times"),
    _Try(name="ntm-recall", beyond={"items": 10}, in_words="10 items"),
    _Try(name="ntm-ngrams", beyond={}, in_words=""),
    _Try(name="ntm-sort", beyond={}, in_words=""),
)


def measure(bench: Workbench, tries: tuple[_Try, ...] = TRIES, episodes: int = EPISODES) -> Iterator[Demonstration]:
    """Task by task; a task that has no best answer (N-grams) is held against the best guess that there is."""
    names = bench.present(*(one.name for one in tries))
    bench.plan(2 * len(names))
    results: list[_Result] = []
    for one in (one for one in tries if one.name in names):
        bench.part()
        opened = bench.open(one.name)
        scores = mean_scores(opened, episodes, bench.breathe)
        result = _Result(
            place=EXHIBIT + one.name, task=opened.task_entry.card.name, cost=scores["bits_per_sequence"],
            guessing=guessing(opened, episodes), best=scores.get("optimal_bits_per_sequence"), in_words=one.in_words,
        )  # fmt: skip
        bench.part()
        if one.beyond:
            further = bench.open(one.name, **one.beyond)
            result.wrong = mean_scores(further, episodes, bench.breathe)["wrong_bits"]
            result.bits = guessing(further, episodes)
        results.append(result)
        yield _told(results, episodes)


def guessing(opened: Opened, episodes: int) -> float:
    """What guessing every bit costs: one for each bit that counts, on average over the test episodes."""
    batches = [batch for batch in episodes_of(opened, episodes) if isinstance(batch, SequenceBatch)]
    bits = sum(batch.size * float(batch.scored.sum()) * batch.targets.shape[-1] for batch in batches)
    return bits / max(sum(batch.size for batch in batches), 1) or math.nan


def _told(results: list[_Result], episodes: int) -> Demonstration:
    return Demonstration(
        idea="",
        findings=(_found(results),),
        tables=(
            Table(
                title="Cost of an episode, in bits", headers=("task", "cost", "of guessing", "wrong bits beyond training"),
                rows=tuple(result.row for result in results), opens=tuple(result.place for result in results),
            ),
        ),
        formulas=("address = sharpen(shift(g·content + (1 − g)·before))",),
        how=f"{episodes} new episodes of each task, seed 7. The last column: episodes longer than any of the training.",
    )  # fmt: skip


def _found(results: list[_Result]) -> Finding:
    """Which tasks were learnt, and for which of them what was learnt reaches beyond the training."""
    learnt = [result.task for result in results if result.is_learnt]
    rest = [f"{result.task} ({result.cost / result.guessing:.0%} of guessing)" for result in results if not result.is_learnt]
    sentence = f"Learnt from examples, and measured on new ones: {', '.join(learnt) or 'none'}."
    sentence += f" Not, or not well: {', '.join(rest)}." if rest else ""
    tried = [result for result in results if result.bits]
    reach, stop = ([result.task for result in tried if result.reaches is does] for does in (True, False))
    sentence += f" Beyond the lengths of the training it goes on for {', '.join(reach) or 'none'}" if tried else ""
    sentence += f", not for {', '.join(stop)}." if stop else "." if tried else ""
    return Finding(sentence=sentence, holds=not rest)
