"""I7: memory is attention over time. Counted: how often the answer's own step is the one that is looked at most."""

from collections.abc import Iterator

import numpy as np

from engine.contract.cards import Channel
from engine.contract.demonstrations import Cell, Demonstration, Figure, Finding, Series, Table
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Trace
from engine.demonstrations.workbench import Workbench, short
from engine.recording import record

NETWORKS = ("ntm-copy", "transformer-copy")
LENGTH, SEED = 12, 4
OFTEN = 0.9


def measure(bench: Workbench, length: int = LENGTH) -> Iterator[Demonstration]:
    """One copied episode through each network: the step that every answer looks back to."""
    names = bench.present(*NETWORKS)
    bench.plan(len(names))
    lines = [Series(name="the vector asked for", kind="formula", x=_answers(length), y=tuple(range(1, length + 1)))]
    rows: list[tuple[Cell, ...]] = []
    hits: dict[str, float] = {}
    for name in names:
        bench.part()
        opened = bench.open(name, length=length)
        trace = record(opened, EpisodeWish(seed=SEED))
        steps, by = looked_back(trace, length)
        right = np.arange(length)
        hits[short(opened)] = float((steps == right).mean())
        lines.append(Series(name=short(opened), x=_answers(length), y=tuple(float(step) + 1 for step in steps)))
        rows.append((short(opened), by, f"{int((steps == right).sum())} of {length}", f"{looking(trace):,}"))
        yield Demonstration(
            idea="",
            findings=_found(hits, length),
            figures=(
                Figure(
                    title="Looked back to", caption="For each answer the earlier step that is looked at most.",
                    x="step", y="looks back to step", series=tuple(lines),
                ),
            ),
            tables=(
                Table(
                    title="The right step is looked at most", headers=("network", "by", "answers", "numbers looked over"),
                    rows=tuple(rows), opens=tuple(f"exhibit:{shown}" for shown in names[: len(rows)]),
                ),
            ),
            formulas=("attention:  r = Σ softmax(q·k[s] / √d) v[s]   over steps s", "memory:     r = Σ w[n] m[n]   over slots n"),
            how=f"One episode of {length} vectors, seed {SEED}. A slot stands for the step that changed it most; of a "
            "Transformer's heads the one is taken that looks at the right step most often.",
        )  # fmt: skip


def looked_back(trace: Trace, length: int) -> tuple[Array, str]:
    """For each answer the step that it looks back to, `(length,)`, and by which head that was."""
    attention = [channel for channel in trace.of_kind("attention") if channel.axes[-1] == "position"]
    if attention:
        return _by_attention(trace, attention[0], length)
    reads = next(channel for channel in trace.of_role("read") if channel.axes[-1] == "slot")
    slots = trace.arrays[reads.name][length + 1 :].reshape(length, -1, trace.card.slots)[:, 0].argmax(-1)
    return _written_at(trace)[slots], "read head"


def looking(trace: Trace) -> int:
    """Over how many numbers the whole episode looks: every weighting of a read head or of the head that attends."""
    attention = [channel for channel in trace.of_kind("attention") if channel.axes[-1] == "position"]
    if attention:
        return int(np.isfinite(trace.arrays[attention[0].name]).sum())
    reads = next(channel for channel in trace.of_role("read") if channel.axes[-1] == "slot")
    return int(trace.arrays[reads.name].size)


def _by_attention(trace: Trace, channel: Channel, length: int) -> tuple[Array, str]:
    """A copying Transformer may look at the vector itself, or at the step before it (whose successor is wanted)."""
    every = np.nan_to_num(trace.arrays[channel.name])[length + 1 :]
    layers, heads = every.shape[1:3]
    found = every.argmax(-1).reshape(length, layers * heads)
    right = (found == np.arange(length)[:, None]).mean(0)
    best = int(right.argmax())
    return found[:, best].astype(np.float32), f"layer {best // heads + 1}, head {best % heads + 1}"


def _written_at(trace: Trace) -> Array:
    """For each slot the step that changed it most."""
    bank = trace.of_kind("memory")[0].name
    contents = np.concatenate((trace.initial[bank][None], trace.arrays[bank]))
    found: Array = np.linalg.norm(np.diff(contents, axis=0), axis=-1).argmax(0).astype(np.float32)
    return found


def _answers(length: int) -> tuple[float, ...]:
    return tuple(float(step) for step in range(length + 2, 2 * length + 2))


def _found(hits: dict[str, float], length: int) -> tuple[Finding, ...]:
    if len(hits) < 2:
        return ()
    said = ", ".join(f"the {name} at {share * length:.0f} of {length} answers" for name, share in hits.items())
    sentence = f"It looks back most to the very step whose vector is asked for: {said}."
    return (Finding(sentence=sentence, holds=min(hits.values()) >= OFTEN),)
