"""I1: a recurrent net's memory is one vector, addressed as a whole. Counted: how many numbers of a memory a step changes."""

from collections.abc import Iterator

import numpy as np

from engine.contract.demonstrations import Demonstration, Figure, Finding, Series, Table
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Trace
from engine.demonstrations.workbench import Workbench, short
from engine.recording import record

NETWORKS = ("ntm-copy", "lstm-copy", "gru-copy", "rnn-copy")
LENGTH, SEED = 20, 4
NOTICED = 0.01
"""A number counts as changed if it moves by more than this share of the largest number that the episode holds."""
FEW, MOST = 0.05, 0.25
"""What counts as a small part of a memory, and as the whole of it being touched."""


def measure(bench: Workbench, length: int = LENGTH) -> Iterator[Demonstration]:
    """One episode through each network: the share of its memory's numbers that each step changes."""
    names = bench.present(*NETWORKS)
    bench.plan(len(names))
    lines: list[Series] = []
    rows: list[tuple[str | int | float, ...]] = []
    shares: dict[str, float] = {}
    for name in names:
        bench.part()
        opened = bench.open(name, length=length)
        trace = record(opened, EpisodeWish(seed=SEED))
        changed, numbers = changes(trace)
        share = changed / numbers
        shares[short(opened)] = float(share.mean())
        lines.append(Series(name=short(opened), x=tuple(range(1, len(share) + 1)), y=tuple(share.tolist())))
        rows.append((short(opened), numbers, round(float(changed.mean()), 1), f"{share.mean():.1%}"))
        yield Demonstration(
            idea="",
            findings=_found(shares),
            figures=(_figure(lines),),
            tables=(
                Table(
                    title="Numbers of the memory that a step changes, on average",
                    headers=("network", "numbers held", "changed", "share"),
                    rows=tuple(rows),
                    opens=tuple(f"exhibit:{opened}" for opened in names[: len(rows)]),
                ),
            ),
            formulas=(
                "LSTM:  c = f · c before + i · g   at every unit",
                "NTM:   m[n] = m[n] · (1 − w[n]·e) + w[n]·a",
            ),
            how=f"One episode of {length} vectors, seed {SEED}; a number counts as changed if it moves by more than "
            f"{NOTICED:.0%} of the largest one that the episode holds. The machine's controller has a state of its own, which "
            "changes as a whole and is not counted here.",
        )


def changes(trace: Trace) -> tuple[Array, int]:
    """How many numbers of the memory each step changes `(steps,)`, and how many there are: the slots, else the whole state."""
    lasting = [channel for channel in trace.channels.values() if channel.lifetime == "episode"]
    banks = [channel for channel in lasting if channel.kind == "memory"]
    changed, numbers = np.zeros(trace.steps, np.float32), 0
    for channel in banks or lasting:
        after = np.nan_to_num(trace.arrays[channel.name]).reshape(trace.steps, -1)
        first = np.nan_to_num(trace.initial[channel.name]).reshape(1, -1) if channel.name in trace.initial else 0 * after[:1]
        moved = np.abs(np.diff(after, axis=0, prepend=first)) > NOTICED * np.abs(after).max()
        changed += moved.sum(1)
        numbers += after.shape[1]
    return changed, numbers


def _figure(lines: list[Series]) -> Figure:
    return Figure(
        title="Changed at each step", caption="The share of the memory's numbers that a step changes.",
        x="step", y="share changed", series=tuple(lines),
    )  # fmt: skip


def _found(shares: dict[str, float]) -> tuple[Finding, ...]:
    machine = shares.get("NTM")
    nets = {name: share for name, share in shares.items() if name != "NTM"}
    if machine is None or not nets:
        return ()
    said = ", ".join(f"{share:.0%} of the {name}'s" for name, share in nets.items())
    sentence = f"At an average step {said} numbers change noticeably, and {machine:.1%} of the NTM's."
    return (Finding(sentence=sentence, holds=machine < FEW and min(nets.values()) > MOST),)
