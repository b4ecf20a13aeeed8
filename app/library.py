"""What lies on disk and can be shown without the engine: bundled exhibits with their recorded episodes, and the user's runs."""

import contextlib
from dataclasses import dataclass
from pathlib import Path

import msgspec

from app.state.catalogue import EXHIBIT
from app.state.side import Showing
from app.state.training import Run
from assets import path as asset
from engine.contract.files import BadFileError
from engine.contract.messages import RunId
from engine.contract.restarts import Restarts, chosen_among, write_restarts
from engine.contract.results import ExhibitCard, RunCard
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace

FORMAT = 1
MOST_POINTS = 1000
FIRST = "ntm-copy"
"""The exhibit that opens at launch."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The exhibits that could be read, the first one first, and a sentence for each that could not."""

    exhibits: tuple[ExhibitCard, ...]
    damaged: tuple[str, ...]


def read_exhibits() -> Shelf:
    """Read the cards of all bundled exhibits."""
    cards: list[ExhibitCard] = []
    damaged: list[str] = []
    for file in sorted(asset("exhibits").glob("*/card.json")):
        try:
            card = msgspec.json.decode(file.read_bytes(), type=ExhibitCard)
        except (OSError, msgspec.MsgspecError, ValueError) as error:
            damaged.append(f"{file.parent.name}: its card is damaged ({error})")
            continue
        if card.format > FORMAT:
            damaged.append(f"{file.parent.name}: written for a newer Slotscope")
        else:
            cards.append(card)
    cards.sort(key=lambda card: (card.name != FIRST, card.title))
    return Shelf(tuple(cards), tuple(damaged))


class Recorded:
    """The bundled traces, opened when they are first asked for and kept (they are memory-mapped)."""

    def __init__(self) -> None:
        self._traces: dict[str, list[Trace]] = {}

    def __call__(self, showing: Showing) -> Trace | None:
        """The bundled trace of exactly this showing; None if it must be recorded."""
        place = showing.source.place
        if not place.startswith(EXHIBIT) or showing.edits or showing.settings or showing.episode.own:
            return None
        wished = showing.source.update
        for trace in self._of(place.removeprefix(EXHIBIT)):
            if trace.card.seed == showing.episode.seed and not trace.card.own and wished in (None, trace.card.update):
                return trace
        return None

    def _of(self, name: str) -> list[Trace]:
        if name not in self._traces:
            self._traces[name] = []
            for file in sorted(asset(f"exhibits/{name}/traces").glob("*.safetensors")):
                try:
                    self._traces[name].append(read_trace(file))
                except BadFileError:
                    continue  # the engine records the episode again
        return self._traces[name]


def read_runs(folder: Path) -> list[Run]:
    """The runs that lie in the user's runs folder, the newest last; folders that are no runs are passed over."""
    found = []
    for file in sorted((*folder.glob("*/run.json"), *folder.glob("*/seed=*/run.json")), key=_age):
        try:
            card = msgspec.json.decode(file.read_bytes(), type=RunCard)
        except (OSError, msgspec.MsgspecError, ValueError):
            continue
        found.append(_run(file.parent, card))
    return found


def new_folder(runs: Path, name: str, taken: set[str]) -> str:
    """A folder for a run of this name that is neither there nor `taken`; it is the run's process that makes it."""
    number = 1
    while (runs / f"{name}-{number}").exists() or str(runs / f"{name}-{number}") in taken:
        number += 1
    return str(runs / f"{name}-{number}")


def _age(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


def _run(folder: Path, card: RunCard) -> Run:
    kept = sorted(int(file.stem) for file in (folder / "checkpoints").glob("*.safetensors") if file.stem.isdigit())
    update = kept[-1] if kept else 0
    return Run(
        run=RunId(str(folder)),
        folder=str(folder),
        model=card.model,
        task=card.task,
        settings=card.settings,
        seed=card.seed,
        planned=card.updates,
        status="finished" if update >= card.updates or card.solved is not None else "stopped",
        update=update,
        checkpoints=kept,
        points=_curve(folder / "metrics.csv"),
        chosen_of=_chosen_of(folder),
    )


def _chosen_of(folder: Path) -> int:
    """Out of how many restarts this run was chosen; 0 if it was not."""
    with contextlib.suppress(BadFileError):
        among = chosen_among(folder)
        return among if among > 1 else 0
    return 0


def keep_restarts(folder: str, restarts: Restarts) -> None:
    """Note beside the runs which of them was chosen; a disk that refuses is passed over: the runs themselves lie there."""
    with contextlib.suppress(OSError):
        write_restarts(Path(folder), restarts)


def _curve(file: Path) -> list[tuple[int, float]]:
    """The run's curve, thinned to what a lane can show; empty if there is none."""
    try:
        lines = file.read_text().splitlines()[1:]
    except (OSError, UnicodeDecodeError):
        return []
    points = []
    for line in lines[:: max(len(lines) // MOST_POINTS, 1)]:
        update, _, rest = line.partition(",")
        with contextlib.suppress(ValueError):
            points.append((int(update), float(rest.partition(",")[0])))
    return points
