"""Who looks at whom: what each agent owes to each other one, by four accounts, and for whom it truly waits, where the task knows.

Found by roles and axes: flow, gradient and counterfactual over agents by agents (row: who is influenced, column: by whom), and
read heads that belong to agents. What an agent owes to itself is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.state.trajectories import agent_name, heads_of, whole_futures
from engine.contract.cards import Channel, Role
from engine.contract.trace import ROUND, Array, Trace

_PAIR = ("agent", "agent")
_HELD = 0.95
"""The share of all values that a scale holds."""


@dataclass(frozen=True, slots=True)
class Account:
    """One way of telling who influences whom."""

    role: Role
    title: str
    says: str
    unit: str = ""
    is_share: bool = False


ACCOUNTS = (
    Account("flow", "by what it reads", "The part of what it reads now that the other one wrote."),
    Account("gradient", "by a small push", "How far its end moves for each metre by which the other's past is pushed a little."),
    Account(
        "counterfactual", "by taking out", "How far its future moves if the other is taken out and the model runs again.", "m"
    ),
    Account("read", "by reading alike", "How alike the two read the slots, 0 to 1. It is no influence by itself.", is_share=True),
)


def accounts_of(trace: Trace) -> list[tuple[Account, Channel]]:
    """The accounts that a trace gives, each with the channel that it is read from."""
    found = []
    for account in ACCOUNTS:
        channel = _heads(trace) if account.role == "read" else _over_pairs(trace, account.role)
        if channel is not None:
            found.append((account, channel))
    return found


def agent_channels(trace: Trace) -> list[Channel]:
    """What the accounts are read from; empty where nobody meets anybody."""
    return [channel for _, channel in accounts_of(trace)]


def influence(trace: Trace, account: Account, channel: Channel, step: int) -> Array:
    """Row: who is influenced, column: by whom, `(A, A)`; NaN for an agent with itself, for absent ones, and where nobody knows.

    What was reckoned once for a whole sample holds at all its steps.
    """
    known = _overlap if account.role == "read" else _known_at
    found: Array = np.array(known(trace, channel, step), np.float32)
    absent = np.flatnonzero(_present(trace, step, len(found)) < 0.5)
    found[absent] = np.nan
    found[:, absent] = np.nan
    np.fill_diagonal(found, np.nan)
    return found


def limits(traces: Sequence[Trace], account: Account) -> tuple[float, float, bool]:
    """The scale of an account, the same at all steps and on both sides: from 0 to a round number, and whether values lie beyond.

    It holds nearly all values: a few very large ones would make all the others pale.
    """
    if account.is_share:
        return 0.0, 1.0, False
    found = [_others(trace, channel) for trace in traces if (channel := _over_pairs(trace, account.role)) is not None]
    values = np.concatenate(found) if found else np.zeros(0, np.float32)
    if not values.size:
        return 0.0, 1.0, False
    reach = max(float(np.quantile(values, _HELD)), 1e-3)
    power = 10.0 ** np.floor(np.log10(reach))
    top = next(float(power * factor) for factor in ROUND if power * factor >= reach * (1 - 1e-6))
    return 0.0, top, bool(values.max() > top)


def waits_for(trace: Trace, step: int) -> tuple[int, ...]:
    """For whom each agent truly waits (-1: for nobody); empty where the task does not know."""
    channel = next((c for c in trace.of_role("waits") if c.axes == ("agent",)), None)
    if channel is None:
        return ()
    return tuple(int(other) if np.isfinite(other) else -1 for other in np.asarray(trace.at(channel.name, step)))


def named_right(found: Array, waits: tuple[int, ...]) -> tuple[int, int]:
    """Of how many waiting agents the strongest influence is the one that they wait for, and how many wait."""
    rows = [agent for agent, other in enumerate(waits) if other >= 0 and np.isfinite(found[agent]).any()]
    return sum(int(np.nanargmax(found[agent])) == waits[agent] for agent in rows), len(rows)


def agents_in_words(trace: Trace, step: int) -> str:
    """Of each account, who is influenced most by whom, and how often it names the one that is waited for."""
    waits, told = waits_for(trace, step), []
    for account, channel in accounts_of(trace):
        found = influence(trace, account, channel, step)
        if not np.isfinite(found).any():
            continue
        row, column = np.unravel_index(int(np.nanargmax(found)), found.shape)
        size = f"{found[row, column]:.2f}{' ' + account.unit if account.unit else ''}"
        said = f"{agent_name(trace, int(row))} most by {agent_name(trace, int(column))} ({size})"
        if account.role == "read":
            said = f"{agent_name(trace, int(row))} and {agent_name(trace, int(column))} most ({size})"
        right, count = named_right(found, waits) if waits and account.role != "read" else (0, 0)
        judged = f"; it names the one waited for in {right} of {count}" if count else ""
        told.append(f"{account.title[:1].upper()}{account.title[1:]}: {said}{judged}.")
    return " ".join(told) if told else "Nobody influences anybody at this step."


# ---- the inside -------------------------------------------------------------------------------------------------------------


def _over_pairs(trace: Trace, role: Role) -> Channel | None:
    return next((channel for channel in trace.of_role(role) if channel.axes == _PAIR), None)


def _others(trace: Trace, channel: Channel) -> Array:
    """All that agents owe to each other, at every step; without what is nothing."""
    values = np.asarray(trace.arrays[channel.name], np.float32)
    values = values[:, ~np.eye(values.shape[1], dtype=bool)]
    found: Array = values[np.isfinite(values) & (values > 0)]
    return found


def _heads(trace: Trace) -> Channel | None:
    """The read heads of several agents."""
    heads, futures = heads_of(trace, whole_futures(trace)), max(whole_futures(trace), 1)
    return heads if heads is not None and trace.arrays[heads.name].shape[1] > futures else None


def _known_at(trace: Trace, channel: Channel, step: int) -> Array:
    """The value at a step, or at the nearest step of the same sample at which there is one."""
    value = np.asarray(trace.at(channel.name, step))
    each = trace.card.sample_steps
    if np.isfinite(value).any() or each < 2:
        return value
    first = step - step % each
    sample = np.asarray(trace.arrays[channel.name][first : first + each])
    known = np.flatnonzero(np.isfinite(sample).any((1, 2)))
    return np.asarray(sample[known[np.abs(known - (step - first)).argmin()]]) if len(known) else value


def _present(trace: Trace, step: int, agents: int) -> Array:
    channel = next((c for c in trace.of_role("present") if c.axes == ("agent",)), None)
    return np.asarray(trace.at(channel.name, step)) if channel is not None else np.ones(agents, np.float32)


def _overlap(trace: Trace, channel: Channel, step: int) -> Array:
    """The cosine of the agents' read weightings, each the mean over its heads."""
    reads = np.asarray(trace.at(channel.name, step), np.float32)
    agents = len(reads) // max(whole_futures(trace), 1)
    mean = reads.reshape(agents, -1, reads.shape[-1]).mean(1)
    sizes = np.linalg.norm(mean, axis=-1, keepdims=True)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = mean / sizes
    return np.asarray(mean @ mean.T, np.float32)
