"""Does it help? The error on held-out samples against the samples seen so far, with the memory and without it."""

import numpy as np
from PySide6.QtCore import Qt

from app.state.describe import amount
from app.state.side import Side
from app.state.stream import is_kept, unit_of
from app.views.pane_corner import PaneHelp
from app.views.panes.over_samples import THICK, THIN, Course, OverSamples
from engine.contract.cards import Role
from engine.contract.trace import Array

_REFERENCES: tuple[tuple[Role, str, Qt.PenStyle], ...] = (
    ("test_off", "memory off", Qt.PenStyle.DashLine),
    ("test_plain", "plain", Qt.PenStyle.DotLine),
)


class DoesItHelp(OverSamples):
    """A line for each side; what it would be without the memory is dashed, a plain predictor dotted."""

    ABSENT = "This episode was recorded without held-out samples: choose a stream in phases."

    HELP = PaneHelp(
        what_you_see="The error on held-out samples of the present phase, with the memory as it stands after each sample of the "
        "stream. Dashed: the same network with nothing in its memory. Dotted: a plain predictor that learns nothing (constant "
        "velocity). Bands are the phases of the stream.",
        what_to_look_for="Where a line falls, experience pays: the weights stand still, only slots were added. Where something "
        "new begins, it jumps up, and falls as the new is stored. A flat line: this memory keeps nothing from sample to sample.",
        formula="the task’s error, mean over the held-out samples of the phase; measured every few samples, held in between",
        what_it_does_not_show="How wrong it is on the sample that is shown now. Lines of two models are of different networks: "
        "compare their shapes before their heights.",
    )

    def courses(self) -> list[Course]:
        """With the memory, of each side; then the references, those of the memory that lives on first."""
        shown = [side for side in self.sides if side.trace is not None and side.trace.of_role("test")]
        found = [
            self._course(side, "test", side.name if len(self.sides) > 1 else "with memory", Qt.PenStyle.SolidLine)
            for side in shown
        ]
        best = next((side for side in reversed(shown) if side.trace is not None and is_kept(side.trace)), None)
        for side in [best] if best is not None else shown[:1]:
            for role, name, style in _REFERENCES:
                if side.trace is not None and side.trace.of_role(role):
                    whose = f"{side.name} {name}" if len(self.sides) > 1 and role == "test_off" else name
                    found.append(self._course(side, role, whose, style))
        return [course for course in found if np.isfinite(course.values).any()]

    def scale(self) -> tuple[str, str]:
        """The task's own error."""
        trace = next(iter(self._traces()), None)
        return "test error", unit_of(trace) if trace is not None else ""

    def technical(self) -> str:
        """ "Test error against samples seen · now A 1.90, B 0.42 m"."""
        now = [
            f"{course.name} {self.value_in_words(self._here(course))}"
            for course in self._courses
            if course.style == Qt.PenStyle.SolidLine
        ]
        return f"Test error against samples seen · now {', '.join(now)}" if now else self.card.technical

    def value_in_words(self, value: float) -> str:
        """With its unit."""
        return f"{amount(value)} {self.scale()[1]}".strip() if np.isfinite(value) else "not measured yet"

    def _course(self, side: Side, role: Role, name: str, style: Qt.PenStyle) -> Course:
        assert side.trace is not None  # noqa: S101  # told apart by the caller
        channel = side.trace.of_role(role)[0]
        is_thick = role == "test" and is_kept(side.trace)
        return Course(
            side=side, name=name, values=_held(np.asarray(side.trace.arrays[channel.name])), style=style,
            width=THICK if is_thick else THIN,
        )  # fmt: skip


def _held(values: Array) -> Array:
    """Where nothing was measured at a step, what was measured last; NaN before the first measurement."""
    there = np.isfinite(values)
    last = np.maximum.accumulate(np.where(there, np.arange(len(values)), -1))
    held: Array = np.where(last >= 0, values[np.maximum(last, 0)], np.nan).astype(np.float32)
    return held
