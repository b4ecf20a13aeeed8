"""What was trained and what was measured: the cards of runs and of bundled exhibits, and the figures of an evaluation."""

from dataclasses import dataclass, field

from engine.contract.cards import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What an evaluation found, with all that is needed to find it again. Printed by `slotscope evaluate --json`."""

    model: str
    task: str
    settings: Settings
    parameters: int
    slots: int
    episodes: int
    seed: int
    metrics: dict[str, float | dict[str, float | dict[str, float]]]
    """A figure, a table of them, or a table of tables: "by_k" has a row for each K, of its "ade" and "fde"."""
    restarts: int = 1
    """Out of how many trainings, alike but for the seed, this one was chosen: by what was held out, never by what is measured."""
    note: str = ""
    """What the reader should be told: what was left out."""


def flat_rows(rows: dict[str, float | dict[str, float]]) -> dict[str, float]:
    """A table of a measurement with one figure in each row: of a table of tables, "5 ade" and "5 fde" for its row "5"."""
    found: dict[str, float] = {}
    for name, row in rows.items():
        found |= {f"{name} {column}": value for column, value in row.items()} if isinstance(row, dict) else {name: row}
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitCard:
    """What a bundled trained model says of itself: what it is, how it was made, what was measured."""

    format: int = 1
    name: str
    title: str
    says: str
    model: str
    task: str
    settings: Settings
    seed: int
    updates: int
    parameters: int
    recipe: str
    """The command that trains it again."""
    checkpoints: tuple[int, ...]
    """Updates at which weights are kept, ascending; the last is the one that opens."""
    losses: tuple[tuple[int, float], ...]
    """The curve of the training: (update, loss)."""
    episodes: tuple[int, ...]
    """Seeds of the recorded episodes."""
    measured: tuple[Measurement, ...]
    task_state: dict[str, list[str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
    restarts: int = 1
    """Out of how many trainings, alike but for the seed, this one was chosen."""


GOAL_SEQUENCES = 1000
"""A run has reached its goal when the mean cost of so many of its newest sequences is below it: a lucky batch is no success."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCard:
    """`run.json`: what a run is, so that it can be resumed and repeated."""

    format: int = 1
    model: str
    task: str
    settings: Settings
    seed: int
    updates: int
    """How many are planned."""
    data: str = ""
    solved: int | None = None
    """The update at which the run had reached its goal (`stop_below`), and ended; None if it has not."""
    task_state: dict[str, list[str]] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)
