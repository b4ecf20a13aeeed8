"""Whom an agent waits for, held against who influences it: does the account of a model name one of those who go before?

From recorded episodes alone, of any model that says who influences whom and any task that says who waits for whom. Marchetti et
al., "SMEMO" (2024), show such influence in pictures; that it is counted is our own.
"""

import numpy as np

from engine.contract.cards import Channel, Role
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Trace
from engine.recording import record
from engine.sources import Opened

SCENES = 100
"""Of so many scenes at most it is counted."""

ACCOUNTS: tuple[tuple[str, Role], ...] = (
    ("by taking out", "counterfactual"),
    ("by a small push", "gradient"),
    ("by what it reads", "flow"),
)

Numbers = np.ndarray[tuple[int, ...], np.dtype[np.float64]]


def waiting_figures(opened: Opened, episodes: int, seed: int) -> dict[str, float]:
    """Of the agents that wait, the share whose greatest influence is one of those that they wait for: by each account, and by
    chance; and the share for whom, by taking out, it is the very one that goes before. Empty where there is no such thing."""
    task, model = opened.task_entry.card.channels, opened.model_entry.card.channels
    if not _of(task, "waits") or not _of(model, "counterfactual"):
        return {}
    found: dict[str, list[float]] = {}
    scenes = number = 0
    while scenes < min(episodes, SCENES):
        trace = record(opened, EpisodeWish(seed=seed * 1_000_003 + number))
        if not trace.of_role("counterfactual"):  # a longer episode than it is reckoned for
            return {}
        for name, values in counted(trace).items():
            found.setdefault(name, []).extend(values)
        scenes, number = scenes + max(trace.samples, 1), number + 1
    return {f"waited_for.{name}": float(np.mean(values)) for name, values in found.items() if values}


def counted(trace: Trace) -> dict[str, list[float]]:
    """1 or 0 for each agent of each scene that waits, by each account: is it named right?"""
    each = trace.card.sample_steps or trace.steps
    waits = np.asarray(trace.arrays[trace.of_role("waits")[0].name], np.float64)
    found: dict[str, list[float]] = {name: [] for name in (*dict(ACCOUNTS), "by chance", "the very one")}
    for first in range(0, trace.steps, each):
        who = {name: _mean(trace, role, first, first + each) for name, role in ACCOUNTS if trace.of_role(role)}
        there = _there(trace, first)
        for agent in np.flatnonzero(there & (waits[first] >= 0)).tolist():
            before = those_before(agent, waits[first])
            others = np.flatnonzero(there & (np.arange(len(there)) != agent))
            for name, influence in who.items():
                found[name].append(float(int(others[influence[agent, others].argmax()]) in before))
            named = int(others[who["by taking out"][agent, others].argmax()])
            found["the very one"].append(float(named == int(waits[first, agent])))
            found["by chance"].append(len(before) / len(others))
    return found


def those_before(agent: int, waits: Numbers) -> list[int]:
    """All that an agent waits for, the last of them first."""
    before: list[int] = []
    while waits[agent] >= 0:
        agent = int(waits[agent])
        before.append(agent)
    return before


def _mean(trace: Trace, role: Role, first: int, end: int) -> Numbers:
    """An account over the steps of one scene: row who is influenced, column by whom."""
    values = np.asarray(trace.arrays[trace.of_role(role)[0].name][first:end], np.float64)
    mean: Numbers = values.mean(0)
    return mean


def _there(trace: Trace, step: int) -> np.ndarray:
    present = trace.of_role("present")
    if not present:
        return np.ones(trace.arrays[trace.of_role("waits")[0].name].shape[1], bool)
    return np.asarray(trace.arrays[present[0].name][step]) > 0


def _of(channels: tuple[Channel, ...], role: Role) -> bool:
    return any(channel.role == role for channel in channels)
