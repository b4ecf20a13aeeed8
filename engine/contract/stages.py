"""Which updates of a run belong to which stage of its training; each stage has a curve, a unit and a scale of its own."""

from collections.abc import Iterable
from dataclasses import dataclass

from engine.contract.cards import ModelCard, Settings, stage_ends, stages_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One stage of a run of a certain length, from its first update to its last, both included."""

    number: int
    """From 1."""
    of: int
    name: str
    says: str
    unit: str
    first: int
    last: int

    @property
    def is_last(self) -> bool:
        """Whether the network is finished after it."""
        return self.number == self.of

    @property
    def in_words(self) -> str:
        """ "stage 2 of 3: writing controller"."""
        return f"stage {self.number} of {self.of}: {self.name}"

    @property
    def curve(self) -> str:
        """What its curve is called: "autoencoder: square metres"."""
        return f"{self.name}: {self.unit}" if self.unit else self.name

    def has(self, update: int) -> bool:
        """Whether an update is one of its own; the weights before the first update belong to the first stage."""
        return self.first <= update <= self.last


def spans_of(card: ModelCard | None, updates: int, settings: Settings) -> tuple[Span, ...]:
    """The stages of a run of so many updates, in their order; none if it is trained in one go. A run that goes on longer than
    planned stays in the last. The settings say whether there is a stage that not every run has."""
    stages = () if card is None or updates < 1 else stages_of(card, settings)
    if not stages:
        return ()
    ends = stage_ends(stages, updates)
    firsts = (0, *(end + 1 for end in ends[:-1]))
    return tuple(
        Span(
            number=number, of=len(ends), name=stage.name, says=stage.says, unit=stage.loss_unit, first=first,
            last=end if number < len(ends) else max(end, 2**62),
        )
        for number, (stage, first, end) in enumerate(zip(stages, firsts, ends, strict=True), start=1)
    )  # fmt: skip


def times_as_long(card: ModelCard, settings: Settings) -> float:
    """How many times as many updates a run of these settings takes as one without the stages that not every run has."""
    stages = stages_of(card, settings)
    return stages[-1].until if stages else 1.0


def span_at(spans: tuple[Span, ...], update: int) -> Span | None:
    """The stage that an update belongs to; None if there are none."""
    return next((span for span in spans if span.has(update)), None)


def begun(spans: tuple[Span, ...], update: int) -> tuple[Span, ...]:
    """The stages that have begun by an update."""
    return tuple(span for span in spans if span.first <= max(update, 0))


def within(points: Iterable[tuple[int, float]], span: Span | None) -> list[tuple[int, float]]:
    """The points of a curve that belong to a stage; all of them without one."""
    return [point for point in points if span is None or span.has(point[0])]
