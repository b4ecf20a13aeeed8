"""I5: episodic memory is a working bank, wiped when the sequence ends. Measured: what is left, and what a wipe is good for."""

from collections.abc import Iterator

import numpy as np

from engine.contract.demonstrations import Demonstration, Figure, Finding, Series, Table
from engine.contract.in_use import OCCUPIED, rows_in_use
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Trace
from engine.demonstrations.workbench import Workbench, short
from engine.recording import record

EPISODIC, PERSISTENT = "smemo-junctions", "mantra-junctions"
SAMPLES, SEED = 40, 3


def measure(bench: Workbench, samples: int = SAMPLES) -> Iterator[Demonstration]:
    """One stream through a memory that is wiped and through one that is not; then the first without its wipe."""
    names = bench.present(EPISODIC, PERSISTENT)
    bench.plan(len(names) + (EPISODIC in names))
    lines: list[Series] = []
    found: list[Finding] = []
    rows: list[tuple[str | int | float, ...]] = []
    for name in names:
        bench.part()
        opened = bench.open(name, length=samples, **({"starts_with": "empty"} if name == PERSISTENT else {}))
        trace = record(opened, EpisodeWish(seed=SEED))
        used = slots_in_use(trace)
        lines.append(Series(name=short(opened), x=tuple((np.arange(len(used)) / _each(trace)).tolist()), y=tuple(used.tolist())))
        found.append(_wiped(trace, short(opened)) if name == EPISODIC else _kept(used, short(opened), samples))
        rows.append((short(opened), int(used[0]), int(used.max()), int(used[-1])))
        yield _told(found, lines, rows, names, samples)
    if EPISODIC in names:
        bench.part()
        found.append(_without(bench, samples))
        yield _told(found, lines, rows, names, samples)


def slots_in_use(trace: Trace) -> Array:
    """How many slots hold something: before the stream, then after each step `(steps + 1,)`."""
    alive = next(iter(trace.of_role("alive")), None)
    if alive is not None:
        after = np.asarray(trace.arrays[alive.name]).sum(-1)
        return np.concatenate(([after[0] - _stored(trace)[0]], after)).astype(np.float32)
    memory = next(c for c in trace.of_kind("memory") if c.lifetime == "episode")
    used = rows_in_use(np.asarray(trace.arrays[memory.name]), np.asarray(trace.initial[memory.name]))
    used[[event.step for event in trace.card.events if event.kind == "wipe"]] = 0  # a wipe follows its step
    return np.concatenate(([0], used)).astype(np.float32)


def _stored(trace: Trace) -> Array:
    channel = next(iter(trace.of_role("stored")), None)
    return np.zeros(trace.steps, np.float32) if channel is None else np.asarray(trace.arrays[channel.name])


def _each(trace: Trace) -> int:
    return max(trace.card.sample_steps, 1)


def _wiped(trace: Trace, name: str) -> Finding:
    """Whether what was written in one sample is felt in the next: the first read of each is of the wiped memory."""
    memory = next(c for c in trace.of_kind("memory") if c.lifetime == "episode")
    read, each = next(c for c in trace.of_role("read")), _each(trace)
    contents, blank = np.asarray(trace.arrays[memory.name]), np.asarray(trace.initial[memory.name])
    vector = next((c for c in trace.channels.values() if c.organ == read.organ and c.name.endswith(".vector")), None)
    moved = float(np.abs(contents[each - 1 :: each] - blank).max())
    first = np.asarray(trace.arrays[read.name])[::each]
    expected = first @ blank
    got = np.asarray(trace.arrays[vector.name])[::each] if vector is not None else expected
    off = float(np.abs(got.reshape(expected.shape) - expected).max())
    holds = moved > 0 and off < 1e-4
    sentence = (
        f"At the end of a sample the memory of {name} differs from its blank one by up to {moved:.2f}; what the next sample "
    )
    return Finding(sentence=sentence + f"reads first is the blank one (largest difference {off:.1g}).", holds=holds)


def _kept(used: Array, name: str, samples: int) -> Finding:
    sentence = (
        f"{name}'s memory is never wiped: it grew from {used[0]:.0f} to {used[-1]:.0f} slots over the {samples} samples and "
    )
    falls = int((np.diff(used) < 0).sum())
    return Finding(sentence=sentence + f"fell {falls} times.", holds=falls == 0 and bool(used[-1] > used[0]))


def _without(bench: Workbench, samples: int) -> Finding:
    """The same stream with the wipe switched off: what is left of one sample is in the way of the next."""
    errors = {}
    for wipe in (True, False):
        trace = record(bench.open(EPISODIC, length=samples, wipe=wipe), EpisodeWish(seed=SEED))
        errors[wipe] = float(np.nanmean(np.asarray(trace.arrays["scene.error"])[_each(trace) - 1 :: _each(trace)]))
    sentence = (
        f"With its wipe the mean error is {errors[True]:.2f} m over the {samples} samples; with the wipe switched off, for "
    )
    return Finding(sentence=sentence + f"which it was not trained, {errors[False]:.2f} m.", holds=errors[False] > errors[True])


def _told(
    found: list[Finding], lines: list[Series], rows: list[tuple[str | int | float, ...]], names: list[str], samples: int
) -> Demonstration:
    return Demonstration(
        idea="",
        findings=tuple(found),
        figures=(
            Figure(
                title="Slots in use", x="samples seen", y="slots", series=tuple(lines),
                caption="A saw-tooth where the memory is wiped after each sample, a staircase where it lasts.",
            ),
        ),
        tables=(
            Table(
                title="Slots in use", headers=("network", "before", "at most", "after the stream"), rows=tuple(rows),
                opens=tuple(f"exhibit:{name}" for name in names[: len(rows)]),
            ),
        ),
        formulas=(
            "episodic:    M ← M⁰ before the first step of each sample", "persistent:  M ← [M; new pair], if it is worth a slot",
        ),
        how=f"One stream of {samples} cars at junctions, seed {SEED}, through both; weights frozen. A row of the episodic memory "
        f"counts as in use if it lies farther from its blank value than {OCCUPIED:.0%} of the longest row.",
    )  # fmt: skip
