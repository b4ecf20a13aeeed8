"""I8: what looking back costs. Counted while it runs: operations, and numbers kept to go on, against the length of an episode."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.contract.demonstrations import Demonstration, Figure, Finding, Series, Table
from engine.contract.messages import EpisodeWish
from engine.demonstrations.counting import kept, operations, seconds
from engine.demonstrations.workbench import Workbench, short

NETWORKS = ("ntm-copy", "lstm-copy", "transformer-copy")
LENGTHS = (10, 40, 160, 320, 640)
PATIENCE = 1.0
"""A network that took more seconds of this process than that is not run at a greater length: it makes its steps one by one."""
SQUARE, LINEAR = 1.6, 1.15
"""A power above the first is growing towards the square; one below the second is linear."""


@dataclass(kw_only=True)
class _Counted:
    """One network's figures, by the number of steps."""

    opens: str
    operations: dict[int, int] = field(default_factory=dict)
    kept: dict[int, int] = field(default_factory=dict)
    seconds_of_counting: float = 0.0
    milliseconds: float = 0.0
    """Of the longest episode."""


def measure(bench: Workbench, lengths: tuple[int, ...] = LENGTHS) -> Iterator[Demonstration]:
    """One episode of each length through each network, the short ones first."""
    names = bench.present(*NETWORKS)
    bench.plan(2 * len(names) * len(lengths))
    found: dict[str, _Counted] = {}
    for length in lengths:
        for name in names:
            opened = bench.open(name, length=length)
            episode = opened.task.episode(EpisodeWish(seed=0))
            counted = found.setdefault(short(opened), _Counted(opens=f"exhibit:{name}"))
            bench.part()
            if counted.seconds_of_counting > PATIENCE:
                continue  # its growth has been seen
            began = time.process_time()
            counted.operations[episode.steps] = operations(opened, episode)
            counted.seconds_of_counting = time.process_time() - began
            bench.part()
            held = kept(opened, episode)
            if held is not None:
                counted.kept[episode.steps] = held
            counted.milliseconds = 1000 * seconds(opened, episode)
        yield _told(found)


def power(line: dict[int, int]) -> float:
    """With which power of the length a figure grows, between the two longest episodes."""
    (before, low), (after, high) = list(line.items())[-2:]
    return math.log(high / low) / math.log(after / before)


def _told(found: dict[str, _Counted]) -> Demonstration:
    return Demonstration(
        idea="",
        findings=_found(found),
        figures=(
            Figure(
                title="Operations", caption="For a whole episode, forwards; each multiply-accumulate that is really done is one.",
                x="steps of the episode", y="operations", is_log_x=True, is_log_y=True,
                series=tuple(_line(name, counted.operations) for name, counted in found.items()),
            ),
            Figure(
                title="Numbers kept", caption="What must be held after the episode's last step to go on with a next one.",
                x="steps of the episode", y="numbers", is_log_x=True, is_log_y=True,
                series=tuple(_line(name, counted.kept) for name, counted in found.items()),
            ),
        ),
        tables=(_table(found),),
        formulas=(
            "LSTM:         T·4H(I + H)                     keeps 2H",
            "NTM:          T·(4C(I + RW + C) + 7NW + …)    keeps NW + …",
            "Transformer:  layers·(T(4D² + 2DF) + T²·2D)   keeps layers·D·T",
        ),
        how="One episode of each length, forwards, on one thread. Operations are counted on the readable path, milliseconds are "
        "the least of three on the quick path: they also tell how well each is written, the counts do not.",
    )  # fmt: skip


def _line(name: str, counted: dict[int, int]) -> Series:
    return Series(name=name, x=tuple(map(float, counted)), y=tuple(map(float, counted.values())))


def _table(found: dict[str, _Counted]) -> Table:
    rows = []
    for name, counted in found.items():
        steps = max(counted.operations)
        grown = f"T to the {power(counted.operations):.2f}" if len(counted.operations) > 1 else ""
        rows.append(
            (
                name,
                steps,
                f"{counted.operations[steps]:,}",
                grown,
                f"{list(counted.kept.values())[-1]:,} after {max(counted.kept):,}",
                f"{counted.milliseconds:.1f}" if counted.milliseconds else "",
            )
        )
    return Table(
        title="The longest episode of each",
        headers=("network", "steps", "operations", "they grow with", "numbers kept, after steps", "milliseconds"),
        rows=tuple(rows), opens=tuple(counted.opens for counted in found.values()),
    )  # fmt: skip


def _found(found: dict[str, _Counted]) -> tuple[Finding, ...]:
    if any(len(counted.operations) < 2 for counted in found.values()):
        return ()
    said, findings = [], []
    for name, counted in found.items():
        (before, low), (after, high) = list(counted.operations.items())[-2:]
        said.append(f"the {name}'s {high / low:.1f} times from {before:,} to {after:,} steps")
    powers = {name: power(counted.operations) for name, counted in found.items()}
    grows = powers.pop("Transformer", None)
    sentence = f"Operations grow: {', '.join(said)}."
    is_square = grows is not None and grows > SQUARE and all(power < LINEAR for power in powers.values())
    findings.append(Finding(sentence=sentence, holds=is_square if grows is not None else None))
    held = {name: (list(counted.kept.values())[0], list(counted.kept.values())[-1]) for name, counted in found.items()}
    last_step = {name: max(counted.kept) for name, counted in found.items()}
    same = [f"the {name} keeps {last:,} numbers at every length" for name, (first, last) in held.items() if first == last]
    more = [f"the {name} {last:,} after {last_step[name]} steps" for name, (first, last) in held.items() if first != last]
    sentence = "; ".join((*same, *more)) + "."
    is_so = all((first != last) == (name == "Transformer") for name, (first, last) in held.items())
    return (*findings, Finding(sentence=sentence[0].upper() + sentence[1:], holds=is_so if grows is not None else None))
