"""An episode in a few numbers a step: how wrong, how sure, how widely it reads, how much changes. Chosen by kind and role."""

from collections.abc import Iterator

import numpy as np

from engine.contract.cards import Channel
from engine.contract.messages import Course
from engine.contract.trace import Array, Trace

NOTHING = 1e-9


def courses_of(trace: Trace) -> tuple[Course, ...]:
    """Everything that the trace has of these, each `(step,)`; NaN where a quantity does not exist."""
    return tuple(
        course
        for part in (_errors, _target, _read_entropy, _write_strength, _change, _gates)
        for course in part(trace)
        if np.isfinite(course.values).any()
    )


def _errors(trace: Trace) -> Iterator[Course]:
    """The task's own figure of how wrong a step was."""
    for channel in trace.of_role("error")[:1]:
        if not channel.axes:
            values = np.asarray(trace.arrays[channel.name], np.float32)
            yield Course(
                name="error", title=channel.title or "error", says=channel.says, values=values,
                top=channel.high if channel.bounded else _most_errors(trace),
            )  # fmt: skip


def _most_errors(trace: Trace) -> float:
    """As many as there are bits; 0 where nobody knows."""
    bits = [c for c in trace.of_role("target") if c.axes == ("bit",)]
    return float(trace.arrays[bits[0].name].shape[-1]) if bits else 0.0


def _target(trace: Trace) -> Iterator[Course]:
    """How probable the network thinks what is right."""
    for target in trace.of_role("target")[:1]:
        right = np.asarray(trace.arrays[target.name])
        if target.kind == "bits":
            said = next((np.asarray(trace.arrays[c.name]) for c in trace.of_role("output") if c.axes == target.axes), None)
            if said is not None and said.shape == right.shape:
                yield _probability(
                    mean_over_rest(right * said + (1 - right) * (1 - said)), "mean over the bits of y·p + (1−y)·(1−p)"
                )
        elif target.kind == "tokens" and not target.axes:
            for answer in [c for c in trace.of_role("answer") if c.axes == ("answer",)][:1]:
                yield _probability(_of_answer(trace, target, answer), "p[target]")


def _probability(values: Array, formula: str) -> Course:
    return Course(
        name="target", title="probability of the target", formula=formula, values=values, top=1.0,
        says="How probable the network thinks the right answer: 1 is certain, and right.",
    )  # fmt: skip


def _of_answer(trace: Trace, target: Channel, answer: Channel) -> Array:
    """Targets and answers may be numbered each in its own way; their labels say which is which."""
    said = np.asarray(trace.arrays[answer.name])
    names, places = trace.card.labels.get(target.name, ()), trace.card.labels.get("answer", ())
    of_name = {name: place for place, name in enumerate(places)}
    found = np.full(trace.steps, np.nan, np.float32)
    for step, token in enumerate(np.asarray(trace.arrays[target.name]).tolist()):
        if np.isfinite(token) and token >= 0:
            place = of_name.get(names[int(token)], -1) if int(token) < len(names) and of_name else int(token)
            if 0 <= place < said.shape[-1]:
                found[step] = said[step, place]
    return found


def _read_entropy(trace: Trace) -> Iterator[Course]:
    """Over all read heads, hops or layers."""
    channels = trace.of_role("read") or trace.of_kind("attention")
    for channel in channels[:1]:
        if channel.axes[-1:] in (("slot",), ("position",)):
            weights = np.nan_to_num(np.asarray(trace.arrays[channel.name], np.float32))
            yield Course(
                name="read entropy", title="read entropy", unit="bits", values=mean_over_rest(entropy(weights)),
                formula="−Σ w·log₂ w", top=max(float(np.log2(weights.shape[-1])), 1.0),
                says="How widely it reads: 0 at one slot only, most when it reads all slots alike.",
            )  # fmt: skip


def entropy(weights: Array) -> Array:
    """In bits, of weights along the last axis made to sum to one: `(..., N) -> (...)`; NaN where there is no weight at all."""
    total = weights.sum(-1, keepdims=True)
    share = np.where(total > NOTHING, weights / np.maximum(total, NOTHING), 0.0)
    spread = -(share * np.log2(np.maximum(share, NOTHING))).sum(-1)
    return np.asarray(np.where(total[..., 0] > NOTHING, spread, np.nan), np.float32)


def _write_strength(trace: Trace) -> Iterator[Course]:
    for channel in trace.of_role("write")[:1]:
        if channel.axes[-1:] == ("slot",):
            weights = np.asarray(trace.arrays[channel.name], np.float32).reshape(trace.steps, -1)
            yield Course(
                name="write strength", title="write strength", values=weights.max(-1), formula="max w", top=1.0,
                says="The largest write weighting: 1 writes into one slot only.",
            )  # fmt: skip


def _change(trace: Trace) -> Iterator[Course]:
    """Of the slot that changes most; where slots are units, of the whole state."""
    for channel in trace.of_kind("memory")[:1]:
        if channel.axes == ("slot", "feature") and channel.name in trace.initial:
            after = np.asarray(trace.arrays[channel.name], np.float32)
            before = np.concatenate((np.asarray(trace.initial[channel.name])[None], after[:-1]))
            yield Course(
                name="change", title="slot change", values=np.linalg.norm(after - before, axis=-1).max(-1),
                formula="max over slots of ‖M − M before‖", says="How far the slot that changes most is moved at this step.",
            )  # fmt: skip
            return
    for channel in trace.of_kind("vector"):
        if channel.axes[-1:] == ("unit",) and channel.lifetime == "episode":
            after = np.asarray(trace.arrays[channel.name], np.float32).reshape(trace.steps, -1)
            before = np.concatenate((np.zeros_like(after[:1]), after[:-1]))
            yield Course(
                name="change", title=f"change of the {channel.title}", values=np.linalg.norm(after - before, axis=-1),
                formula="‖h − h before‖", says="How far the whole state is moved at this step.",
            )  # fmt: skip
            return


def _gates(trace: Trace) -> Iterator[Course]:
    """Each gate of the model as its mean over heads, layers and units."""
    known = {channel.name for channel in trace.card.model.channels}
    for channel in trace.of_kind("gate"):
        if channel.name in known:
            values = np.asarray(trace.arrays[channel.name])
            several = values.size > trace.steps
            yield Course(
                name=channel.name, title=f"{channel.title}, mean" if several else channel.title, says=channel.says,
                formula="mean of all its values" if several else "", values=mean_over_rest(values), top=1.0,
            )  # fmt: skip


def mean_over_rest(values: Array) -> Array:
    """The mean over all axes but the first, of what is finite: `(step, ...) -> (step,)`; NaN where nothing is."""
    flat = values.reshape(len(values), -1)
    there = np.isfinite(flat)
    total = np.where(there, flat, 0.0).sum(-1)
    count = there.sum(-1)
    return np.asarray(np.where(count > 0, total / np.maximum(count, 1), np.nan), np.float32)
