"""How many slots are in use? The occupancy of a memory over the samples of a stream: a staircase, or a saw-tooth."""

from app.state.stream import capacity, is_kept, occupancy
from app.views.pane_corner import PaneHelp
from app.views.panes.over_samples import THICK, THIN, Course, OverSamples
from engine.contract.trace import Array, Trace


class SlotsInUse(OverSamples):
    """A thick line for a memory that lives on, a thin one for a memory that is wiped."""

    HELP = PaneHelp(
        what_you_see="How many slots of the memory hold something, over the samples of the stream. Bands are the phases of the "
        "stream. Beside each other, A and B share one scale.",
        what_to_look_for="A staircase: what is stored stays, and fewer and fewer samples are worth a slot. It climbs again when "
        "something new begins. A saw-tooth: the memory fills within each sample and is wiped at its end.",
        formula="A memory that grows: the slots that are there. A memory that is wiped: the rows further from the blank memory "
        "than a tenth of the length of the longest row seen, |M[i] − M⁰[i]| > 0.1 · max |M[j]|.",
        what_it_does_not_show="Whether what is stored is of any use; “Does it help?” shows that.",
    )

    def courses(self) -> list[Course]:
        """One of each side."""
        found = []
        for side in self.sides:
            used = occupancy(side.trace) if side.trace is not None else None
            if side.trace is not None and used is not None:
                values: Array = used.astype("float32")
                width = THICK if is_kept(side.trace) else THIN
                name = side.name if len(self.sides) > 1 else ""
                found.append(Course(side=side, name=name, values=values, width=width, before=_before(side.trace)))
        return found

    def scale(self) -> tuple[str, str]:
        """Slots."""
        return "slots in use", ""

    def technical(self) -> str:
        """The present numbers: "A 11 of 16, B 74"."""
        told = [f"{course.name} {self._now(course)}".strip() for course in self._courses]
        return f"Occupancy over samples · now {', '.join(told)}" if told else self.card.technical

    def value_in_words(self, value: float) -> str:
        """Slots are whole."""
        return f"{value:.0f} slots"

    def _now(self, course: Course) -> str:
        trace = course.side.trace
        used = f"{self._here(course):.0f}"
        return used if trace is None or is_kept(trace) else f"{used} of {capacity(trace)}"


def _before(trace: Trace) -> float:
    alive = next(iter(trace.of_role("alive")), None)
    return float((trace.initial[alive.name] > 0).sum()) if alive is not None and alive.name in trace.initial else 0.0
