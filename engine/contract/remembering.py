"""Who remembered? What answers cost with everything, and with the episodic memories, the persistent ones, or both cleared.

The figures come from running again, not from weightings. An interval is of the mean, by resampling the answers with replacement
(Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979): 2,000 times, the same ones under every condition, so that
differences are paired.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from engine.contract.trace import Array

Cleared = Literal["", "episode", "persistent", "both"]
"""Whose memories were blank at every step: nobody's, those that are wiped at the end of an episode, those that are not, all."""

CONDITIONS: dict[Cleared, str] = {
    "": "everything", "episode": "episodic cleared", "persistent": "persistent cleared", "both": "both cleared",
}  # fmt: skip

KINDS: dict[Cleared, str] = {"episode": "episodic", "persistent": "persistent"}

RESAMPLES = 2000
LEAST_ANSWERS = 8
"""Of fewer nothing is said for sure: what so few resample to is too narrow."""
LEAST_SHARE = 0.05
"""A memory counts as needed only if clearing it does at least this share of the most harm that any clearing does."""


class Interval(NamedTuple):
    """A mean, and where it lies with 95 % confidence; `low` and `high` are NaN where a single answer was measured."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure of an answer."""

    name: str
    title: str
    says: str = ""
    unit: str = ""
    is_share: bool = False
    more_is_better: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Remembering:
    """What was measured so far: for each condition and measure, one value an answer, `(answers,)`."""

    model: str
    task: str
    place: str
    update: int
    seed: int
    unit: Literal["episode", "question", "sample"]
    """What one value belongs to."""
    is_one_episode: bool
    """Whether these are the answers of one episode, in order; else a set of them was measured."""
    planned: int
    """How many values there are to be."""
    is_complete: bool = False
    measures: tuple[Measure, ...] = ()
    """The first is the one to judge by."""
    values: dict[Cleared, dict[str, Array]] = field(default_factory=dict)
    steps: tuple[int, ...] = ()
    """Of one episode: the step at which each answer is given."""
    cleared: dict[Cleared, tuple[str, ...]] = field(default_factory=dict)
    """The channels that were cleared, of each kind of memory that the model has."""
    absent: dict[Cleared, str] = field(default_factory=dict)
    """Why there is nothing to clear of a kind, in a sentence."""
    seconds: float = 0.0

    @property
    def count(self) -> int:
        """How many values each condition has."""
        found = self.values.get("", {})
        return len(next(iter(found.values()))) if found else 0

    @property
    def conditions(self) -> tuple[Cleared, ...]:
        """Those that were run, everything first."""
        return tuple(condition for condition in CONDITIONS if condition in self.values)

    def measure(self, name: str = "") -> Measure | None:
        """One measure; without a name (or of an unknown one) the first."""
        return next((measure for measure in self.measures if measure.name == name), next(iter(self.measures), None))

    def interval(self, condition: Cleared, measure: str) -> Interval:
        """The mean under a condition."""
        return interval(self.values[condition][measure])

    def harm(self, condition: Cleared, measure: Measure) -> Interval:
        """How much worse it is than with everything, answer by answer: above 0 is worse, whatever the measure."""
        change = self.values[condition][measure.name] - self.values[""][measure.name]
        return interval(-change if measure.more_is_better else change)

    @cached_property
    def needed(self) -> tuple[Cleared, ...]:
        """The kinds of memory without which it is worse for sure; none before there are intervals."""
        measure = self.measure()
        if measure is None or self.count < LEAST_ANSWERS:
            return ()
        harms = {condition: self.harm(condition, measure) for condition in self.conditions if condition}
        most = max((harm.mean for harm in harms.values()), default=0.0)
        return tuple(kind for kind in KINDS if kind in harms and _is_sure(harms[kind]) and harms[kind].mean >= LEAST_SHARE * most)

    @property
    def how(self) -> str:
        """By what it was measured, in a sentence or two."""
        counted = f"n = {self.count:,} {self.unit}{'' if self.count == 1 else 's'}"
        sure = ", 95 % interval" if self.count > 1 else ""
        whose = " of this one episode" if self.is_one_episode and self.unit != "episode" else ""
        here = "this one episode" if self.is_one_episode and self.unit == "episode" else f"{counted}{whose}"
        return f"Measured by clearing and running again, {here}{sure}. Not read off attention."

    @property
    def verdict(self) -> str:
        """Which memory the answers needed, in a sentence."""
        measure = self.measure()
        if measure is None or len(self.conditions) < 2:
            return " ".join(self.absent.values())
        if self.count < LEAST_ANSWERS:
            few = "one answer" if self.count == 1 else f"{self.count} answers"
            return f"This is {few} only; which memory it is for sure, a set of episodes says."
        if self.needed:
            return f"The {' and the '.join(KINDS[kind] for kind in self.needed)} {_memory(self.needed)}. {self._told(measure)}"
        if "both" in self.values and _is_sure(self.harm("both", measure)):
            return "Either memory is enough: clearing one alone changes nothing for sure, clearing both does."
        return "Neither: without it the answers are not worse for sure."

    def _told(self, measure: Measure) -> str:
        """ "Without it: 61.2 instead of 0.3 bits (the loss), worse by 58.1 to 63.0"."""
        parts = []
        for kind in self.needed:
            before, after, harm = self.interval("", measure.name), self.interval(kind, measure.name), self.harm(kind, measure)
            without = "it" if len(self.needed) == 1 else f"the {KINDS[kind]} one"
            change = f"{number(measure, after.mean)} instead of {figure(measure, before.mean)}"
            span = f"worse by {number(measure, harm.low)} to {number(measure, harm.high)}"
            parts.append(f"Without {without}: {change} ({measure.title}), {span}.")
        return " ".join(parts)


def interval(values: Array) -> Interval:
    """The mean and its 95 % interval: the middle 95 of 100 means of as many values, drawn with replacement."""
    mean = float(np.mean(values)) if len(values) else float("nan")
    if len(values) < 2:
        return Interval(mean, float("nan"), float("nan"))
    drawn = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))  # always the same ones: paired
    low, high = np.quantile(np.asarray(values, np.float64)[drawn].mean(1), (0.025, 0.975))
    return Interval(mean, float(low), float(high))


def figure(measure: Measure, value: float) -> str:
    """ "0.36 m", "12.4 %"."""
    return f"{number(measure, value)} {'' if measure.is_share else measure.unit}".strip()


def number(measure: Measure, value: float) -> str:
    """The same without its unit."""
    if measure.is_share:
        return f"{100 * value:.1f} %"
    size = abs(value)
    return f"{value:.0f}" if size >= 1000 else f"{value:.3g}" if size >= 0.01 else f"{value:.3f}"


def _is_sure(harm: Interval) -> bool:
    return harm.low > 0


def _memory(kinds: tuple[Cleared, ...]) -> str:
    return "memory remembered" if len(kinds) == 1 else "memories remembered, each what the other cannot"
