"""I6: persistent memory gathers samples; a controller decides what is worth storing. Measured: what it keeps, and what for."""

from collections.abc import Iterator

import numpy as np

from engine.contract.cards import Role
from engine.contract.demonstrations import Demonstration, Figure, Finding, Series, Table
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Trace
from engine.demonstrations.workbench import Workbench, short
from engine.recording import record
from engine.sources import EXHIBIT

NETWORK = "mantra-junctions"
SAMPLES, SEED = 500, 3
EARLY = 50
"""Samples at either end of the stream between which the share stored is compared."""
NEW, LEARNT = 1.25, 0.75
"""A phase brings something new if its error begins at so many times that of the phase before at its end; it is learnt if the
error falls to this share."""
COMPARED: tuple[tuple[Role, str], ...] = (("test", ""), ("test_off", "without its memory"), ("test_plain", "constant velocity"))


def measure(bench: Workbench, samples: int = SAMPLES) -> Iterator[Demonstration]:
    """A stream in phases through the network, its memory empty at the start and its weights frozen."""
    names = bench.present(NETWORK)
    bench.plan(len(names))
    for name in names:
        bench.part()
        opened = bench.open(name, stream="phases", length=samples, starts_with="empty")
        trace = record(opened, EpisodeWish(seed=SEED))
        stored = _numbers(trace, "stored")
        first, last = float(stored[:EARLY].mean()), float(stored[-EARLY:].mean())
        yield Demonstration(
            idea="",
            findings=(_kept(short(opened), stored, first, last), *_helped(trace, short(opened))),
            figures=(_growth(np.cumsum(stored), trace, short(opened)), _errors(trace, short(opened))),
            tables=(_phases(trace, stored, name),),
            formulas=(
                "a = the best success rate of the K futures that are retrieved",
                "P(write) = σ(w·a + b);  stored if P > 0.5, that is if a < −b/w",
            ),
            how=f"One stream of {samples} cars at junctions, seed {SEED}, in phases; the memory is empty at first, and no weight "
            "is changed. The error is that of the best of five futures, the mean over held-out cars of the phase.",
        )


def _numbers(trace: Trace, role: Role) -> Array:
    values: Array = np.nan_to_num(trace.arrays[trace.of_role(role)[0].name]).reshape(trace.steps, -1)
    return np.asarray(values.max(-1), np.float32)


def _kept(name: str, stored: Array, first: float, last: float) -> Finding:
    share = float(stored.mean())
    sentence = f"{name} stored {stored.sum():.0f} of {len(stored)} samples ({share:.0%}): {first:.0%} of the first {EARLY}, "
    return Finding(sentence=sentence + f"{last:.0%} of the last {EARLY}.", holds=last < first and share < 1)


def _helped(trace: Trace, name: str) -> tuple[Finding, ...]:
    """In each phase: the error on its held-out samples when it begins, and when it ends."""
    if not trace.card.phases or not trace.of_role("test"):
        return ()
    error = _numbers(trace, "test")
    pairs = [(phase.name, float(error[phase.first]), float(error[phase.last])) for phase in trace.card.phases]
    told = "; ".join(f"{phase}: {begin:.2f} to {end:.2f}" for phase, begin, end in pairs)
    sentence = f"The error of {name} on held-out samples, from the beginning of each phase to its end, in metres: {told}. "
    before = (0.0, *(end for _, _, end in pairs[:-1]))
    learnt = [end < LEARNT * begin for (_, begin, end), last in zip(pairs, before, strict=True) if begin > NEW * last]
    return (Finding(sentence=sentence + "Only the memory changed.", holds=all(learnt)),)


def _growth(size: Array, trace: Trace, name: str) -> Figure:
    return Figure(
        title="Slots in memory", x="samples seen", y="slots",
        caption="A step up is a sample that was stored; where it is flat, samples were refused.",
        series=(Series(name=name, x=tuple(range(1, len(size) + 1)), y=tuple(size.tolist())),), notes=_notes(trace),
    )  # fmt: skip


def _errors(trace: Trace, name: str) -> Figure:
    there = [(_numbers(trace, role), title or name) for role, title in COMPARED if trace.of_role(role)]
    return Figure(
        title="Error on held-out samples", x="samples seen", y="metres, best of 5",
        caption="Measured again every few samples, on held-out samples of the phase that the stream is in.",
        series=tuple(Series(name=title, x=tuple(range(1, len(y) + 1)), y=tuple(y.tolist())) for y, title in there),
        notes=_notes(trace),
    )  # fmt: skip


def _notes(trace: Trace) -> tuple[tuple[float, str], ...]:
    return tuple((float(phase.first + 1), phase.name) for phase in trace.card.phases)


def _phases(trace: Trace, stored: Array, name: str) -> Table:
    rows = [
        (phase.name, phase.last - phase.first + 1, int(stored[phase.first : phase.last + 1].sum())) for phase in trace.card.phases
    ]
    return Table(
        title="What was worth a slot", headers=("phase", "presented", "stored"), rows=tuple(rows),
        opens=(EXHIBIT + name,) * len(rows),
    )  # fmt: skip
