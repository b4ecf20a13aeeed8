"""The edits of a what-if: added, switched off, taken back; and what came of them, in words."""

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from psygnal import Signal

from app.state.presenting import edits_of_what_is_presented, presented_in_words
from engine.contract.edits import Edit
from engine.contract.trace import Trace

_FROM_ONE = ("head", "hop", "layer")


class WhatIf:
    """The list of edits, with undo and redo. Edits never alter A: they are what makes B."""

    changed = Signal()

    def __init__(self) -> None:
        self._edits: tuple[Edit, ...] = ()
        self._undo: list[tuple[Edit, ...]] = []
        self._redo: list[tuple[Edit, ...]] = []

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All edits, in order."""
        return self._edits

    @property
    def can_undo(self) -> bool:
        """Whether there is something to take back."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether something was taken back."""
        return bool(self._redo)

    def add(self, *edits: Edit) -> None:
        """One more edit, or several that are taken back together."""
        if edits:
            self._become((*self._edits, *edits))

    def remove(self, index: int) -> None:
        """One edit less."""
        self._become(self._edits[:index] + self._edits[index + 1 :])

    def switch(self, index: int) -> None:
        """Switch an edit off, or on again."""
        self._alter(index, replace(self._edits[index], enabled=not self._edits[index].enabled))

    def move(self, index: int, step: int) -> None:
        """Let an edit happen at another step."""
        edit = self._edits[index]
        until = edit.until if edit.until in (None, -1) else max(edit.until + step - edit.step, step)
        self._alter(index, replace(edit, step=step, until=until))

    def rename(self, index: int, name: str) -> None:
        """Give an edit a name."""
        self._alter(index, replace(self._edits[index], name=name))

    def clear(self) -> None:
        """No edits."""
        if self._edits:
            self._become(())

    def restore(self, edits: tuple[Edit, ...]) -> None:
        """Take over the edits of a session, with no way back."""
        self._edits, self._undo, self._redo = edits, [], []
        self.changed.emit()

    def undo(self) -> None:
        """Take the last change back."""
        if self._undo:
            self._redo.append(self._edits)
            self._edits = self._undo.pop()
            self.changed.emit()

    def redo(self) -> None:
        """Make the change again that was taken back."""
        if self._redo:
            self._undo.append(self._edits)
            self._edits = self._redo.pop()
            self.changed.emit()

    def _alter(self, index: int, edit: Edit) -> None:
        self._become((*self._edits[:index], edit, *self._edits[index + 1 :]))

    def _become(self, edits: tuple[Edit, ...]) -> None:
        self._undo.append(self._edits)
        self._redo.clear()
        self._edits = edits
        self.changed.emit()


def edit_in_words(edit: Edit, axes: Mapping[str, tuple[str, ...]] | None = None) -> str:
    """ "erase slot 7 at step 12": a chip's text. Steps count from 1; `axes` of the channels name places that are no slots."""
    if edit.name:
        return edit.name
    place = _place(edit, (axes or {}).get(edit.channel, ()))
    match edit.act:
        case "erase" if edit.channel.endswith(".alive"):
            what = f"remove slot {edit.index[0]}" if edit.index else f"clear the {edit.channel.partition('.')[0]}"
        case "swap":
            what = f"swap slots {edit.index[0]} and {edit.index[1]}"
        case "force":
            where = f"step {edit.index[-1] + 1}" if _is_of_a_layer(edit, 3) else f"slot {edit.index[-1]}"
            what = f"force {_who(edit)} to {where}"
        case "mute":
            what = f"mute {_who(edit)}"
        case "set":
            what = f"set {place} to {edit.values[0]:g}" if len(edit.values) == 1 else f"set {place}"
        case _:
            what = f"{edit.act} {place}"
    if edit.until is None:
        return f"{what} at step {edit.step + 1}"
    return f"{what} from step {edit.step + 1}" + (f" to {edit.until + 1}" if edit.until >= 0 else "")


def _who(edit: Edit) -> str:
    organ = edit.channel.partition(".")[0]
    if _is_of_a_layer(edit, 2):
        return f"layer {edit.index[0] + 1}, head {edit.index[1] + 1}"
    return f"{organ} {edit.index[0] + 1}" if organ in ("hop", "pass", "lookup") else f"{organ} head {edit.index[0] + 1}"


def _is_of_a_layer(edit: Edit, places: int) -> bool:
    """Whether it changes the attention of a layer and a head over the steps of the episode."""
    return edit.channel.startswith("attention.") and len(edit.index) >= places


def _place(edit: Edit, axes: tuple[str, ...]) -> str:
    organ, _, quantity = edit.channel.partition(".")
    if not axes:
        layered = ("layer", "slot", "feature") if len(edit.index) > 2 else ("slot", "feature")
        axes = layered if organ == "memory" else ()
    if len(axes) < len(edit.index):
        return f"{quantity} [{', '.join(map(str, edit.index))}]"
    said = [f"{axis} {i + (axis in _FROM_ONE)}" for axis, i in zip(axes, edit.index, strict=False)]
    return ", ".join(said if axes[0] == "slot" else (quantity, *said))


def result_in_words(before: Trace, after: Trace) -> str:
    """What an edit changed, the answer first: "Answer changed from garden to office; probability of garden 0.91 to 0.12"."""
    if before.of_role("foreseen"):
        return foreseen_in_words(before, after)
    answers = _answer_change(before, after)
    outputs = before.of_role("output")
    first = _first_difference(before, after, [c.name for c in outputs])
    where = f" First different step: {first + 1}." if first is not None else ""
    if answers:
        return answers + where
    if first is None:
        return "The answer is the same, to the last digit."
    return _outcome_change(before, after) + where


def foreseen_in_words(before: Trace, after: Trace) -> str:
    """Of a stream of predictions: how many became others, from where on, and what that did to the error."""
    names = [channel.name for channel in before.of_role("foreseen")]
    first = _first_difference(before, after, names)
    one, other = np.asarray(before.arrays[names[0]]), np.asarray(after.arrays[names[0]])
    moved = ~np.isclose(one, other, atol=1e-6, equal_nan=True).reshape(len(one), -1).all(-1)
    if edits_of_what_is_presented(after):
        places = np.flatnonzero(moved)
        later = places[places > min(edit.step for edit in edits_of_what_is_presented(after))]
        told = presented_in_words(before, after, places)
        return " ".join((told, *_error_change(before, after, later))) if len(later) else told
    if first is None:
        return "Everything is foreseen as before, to the last digit."
    what, at = ("sample", before.sample_at(first)) if before.samples else ("step", first)
    count = len(np.unique(np.flatnonzero(moved) // max(before.card.sample_steps, 1)))
    told = f"{count:,} {what}{'s are' if count > 1 else ' is'} foreseen differently, the first {what} {at + 1:,}."
    return " ".join((told, *_error_change(before, after, np.flatnonzero(moved))))


def _error_change(before: Trace, after: Trace, places: np.ndarray) -> list[str]:
    """ "Their mean error: 0.36 to 1.92 m. Worst: sample 530, 0.21 to 4.10 m." """
    channel = next((c for c in before.of_role("error") if not c.axes and c.name in after.channels), None)
    if channel is None:
        return []
    unit = next((f" {metric.unit}" for metric in before.card.task.metrics if metric.unit), "")
    one, other = (np.nan_to_num(np.asarray(trace.arrays[channel.name], float)) for trace in (before, after))
    told = [f"Their mean error: {one[places].mean():.2f} to {other[places].mean():.2f}{unit}."]
    worst = int(places[np.argmax(other[places] - one[places])])
    if other[worst] - one[worst] >= 0.005:
        what = f"sample {before.sample_at(worst) + 1:,}" if before.samples else f"step {worst + 1:,}"
        told.append(f"Worst: {what}, {one[worst]:.2f} to {other[worst]:.2f}{unit}.")
    return told


def _answer_change(before: Trace, after: Trace) -> str:
    channel = next((c for c in before.of_role("answer") if c.name in after.channels), None)
    if channel is None or before.arrays[channel.name].shape != after.arrays[channel.name].shape:
        return ""
    one, other = (np.asarray(trace.arrays[channel.name]) for trace in (before, after))
    quantity = "score" if channel.kind == "vector" else "probability"
    told: list[str] = []
    for step in np.flatnonzero(np.isfinite(one).all(-1) & np.isfinite(other).all(-1)):
        old, new = int(one[step].argmax()), int(other[step].argmax())
        was, now = before.label("answer", old), after.label("answer", new)
        chance = f"{quantity} of {was} {one[step, old]:.2f} to {other[step, old]:.2f}"
        if old != new:
            told.insert(0, f"Answer changed from {was} to {now}; {chance}.")
        elif not math.isclose(one[step, old], other[step, old], abs_tol=0.005):
            told.append(f"Answer is still {was}; {chance}.")
    return told[0] if told else ""


def _outcome_change(before: Trace, after: Trace) -> str:
    metrics = {metric.name: metric for metric in before.card.task.metrics}
    changes = [
        f"{metrics[name].title} {_number(value)} to {_number(after.card.outcome[name])}"
        for name, value in before.card.outcome.items()
        if name in after.card.outcome and name in metrics and value != after.card.outcome[name]
    ]
    return f"Output changed: {', '.join(changes)}." if changes else "The output moved, but no bit of the answer changed."


def _first_difference(before: Trace, after: Trace, channels: list[str]) -> int | None:
    for name in channels:
        one, other = np.asarray(before.arrays[name]), np.asarray(after.arrays.get(name, np.empty(0)))
        if one.shape != other.shape:
            continue
        differs = ~np.isclose(one, other, atol=1e-6, equal_nan=True).reshape(one.shape[0], -1).all(-1)
        if differs.any():
            return int(differs.argmax())
    return None


def _number(value: float) -> str:
    return f"{value:.0f}" if float(value).is_integer() else f"{value:.2f}"
