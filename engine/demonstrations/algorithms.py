"""I4: a controller learns an algorithm. Measured: what each of the five tasks costs, within its training and beyond it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from engine.contract.cards import Settings
from engine.contract.demonstrations import Cell, Demonstration, Finding, Table
from engine.demonstrations.workbench import Workbench, mean_scores
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
    rows: list[tuple[Cell, ...]] = []
    opens: list[str] = []
    costs: list[tuple[str, float, bool]] = []
    for one in (one for one in tries if one.name in names):
        bench.part()
        opened = bench.open(one.name)
        within = mean_scores(opened, episodes, bench.breathe)
        best = within.get("optimal_bits_per_sequence")
        cost = within["bits_per_sequence"] / guessing(opened, episodes)
        bench.part()
        further = _further(bench.open(one.name, **one.beyond), one, episodes) if one.beyond else ""
        task = opened.task_entry.card.name
        is_learnt = cost < LEARNT if best is None else within["bits_per_sequence"] < (1 + LEARNT) * best
        costs.append((task, cost, is_learnt))
        rows.append(
            (
                task,
                f"{within['bits_per_sequence']:.2f}",
                f"{cost:.1%}" if best is None else f"best guess {best:.1f}",
                further,
            )
        )
        opens.append(EXHIBIT + one.name)
        yield _told(rows, opens, costs, episodes)


def _further(opened: Opened, one: _Try, episodes: int) -> str:
    """How many bits are wrong in episodes beyond the training, and of how many."""
    return f"{mean_scores(opened, episodes)['wrong_bits']:.1f} of {guessing(opened, episodes):.0f} ({one.in_words})"


def guessing(opened: Opened, episodes: int) -> float:
    """What guessing every bit costs: one for each bit that counts, on average over these episodes."""
    bits = [
        (batch.size, float(batch.scored.sum()) * batch.targets.shape[-1])
        for batch in opened.task.test(episodes, 0)
        if isinstance(batch, SequenceBatch)
    ]
    return sum(size * cost for size, cost in bits) / max(sum(size for size, _ in bits), 1) or math.nan


def _told(rows: list[tuple[Cell, ...]], opens: list[str], costs: list[tuple[str, float, bool]], episodes: int) -> Demonstration:
    learnt = [task for task, _, is_learnt in costs if is_learnt]
    rest = [f"{task} ({cost:.0%} of guessing)" for task, cost, is_learnt in costs if not is_learnt]
    sentence = f"Learnt from examples, and measured on new ones: {', '.join(learnt) or 'none'}."
    sentence += f" Not, or not well: {', '.join(rest)}." if rest else ""
    return Demonstration(
        idea="",
        findings=(Finding(sentence=sentence, holds=not rest),),
        tables=(
            Table(
                title="Cost of an episode, in bits", headers=("task", "cost", "of guessing", "wrong bits beyond training"),
                rows=tuple(rows), opens=tuple(opens),
            ),
        ),
        formulas=("address = sharpen(shift(g·content + (1 − g)·before))",),
        how=f"{episodes} new episodes of each task, seed 7. The last column: episodes longer than any of the training.",
    )  # fmt: skip
