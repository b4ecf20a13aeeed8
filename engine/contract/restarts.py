"""Restarts: the same training from several seeds, of which one is kept. What became of each, and which one that is.

How well a memory network learns hangs on where its weights start, so papers train several times and keep one. Here it is chosen
on episodes that are held out of training, never on those that test it; and whoever measures it says of how many it is the best.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from engine.contract.files import BadFileError, write_whole

FORMAT = 1
FILE = "restarts.json"
SURE = 0.02
"""A run with no wrong answer, and a mean cost below this both held out and in training, leaves nothing to choose."""

HOW = (
    "the least on held-out episodes, as the task judges; among equals the lower cost there, then in training, then the first "
    "seed; the test episodes were not looked at"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One of the runs. What was measured is that of its best checkpoint, on the held-out episodes; None: not measured."""

    seed: int
    folder: str
    """Its name within the folder of them all."""
    how: Literal["finished", "stopped", "failed"]
    judged: float | None = None
    """What the task judges by: the less the better."""
    figure: float | None = None
    """The task's first metric."""
    cost: float | None = None
    training_cost: float | None = None
    """The mean cost of the last thousand sequences that it was trained on."""
    updates: int = 0
    seconds: float = 0.0
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restarts:
    """`restarts.json`: the runs in the order of their seeds, and which of them is kept (its folder; empty: none yet)."""

    format: int = FORMAT
    planned: int
    tried: tuple[Tried, ...]
    chosen: str = ""
    is_settled: bool = False
    """Whether it ended before all were trained, because the last one left nothing to choose."""
    how: str = HOW


def weigh(tried: Iterable[Tried], planned: int, *, every: bool = False) -> Restarts:
    """Choose one. The series ends with the first seed that leaves nothing to choose, unless `every` one is wished."""
    runs = sorted(tried, key=lambda run: run.seed)
    last = next((number for number, run in enumerate(runs, 1) if leaves_no_choice(run)), len(runs))
    counted = tuple(runs if every else runs[:last])
    usable = [run for run in counted if run.how != "failed" and run.judged is not None and math.isfinite(run.judged)]
    best = min(usable, key=_rank, default=None)
    return Restarts(
        planned=planned, tried=counted, chosen="" if best is None else best.folder,
        is_settled=bool(counted) and not every and len(counted) < planned and leaves_no_choice(counted[-1]),
    )  # fmt: skip


def leaves_no_choice(run: Tried) -> bool:
    """Whether no other seed can do better by anything that one could choose by. No wrong answer among a hundred held-out
    questions may be luck: so the answers must be sure as well, there and in training."""
    costs = run.cost, run.training_cost
    return run.how == "finished" and run.figure == 0 and all(cost is not None and cost < SURE for cost in costs)


def read_restarts(folder: Path) -> Restarts | None:
    """What was tried in this folder; None if it holds no restarts. BadFileError if the file cannot be used."""
    file = folder / FILE
    if not file.is_file():
        return None
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Restarts)
    except (OSError, msgspec.MsgspecError, ValueError) as error:
        raise BadFileError(f"{file}: damaged, or not of Slotscope ({error})") from None
    if found.format > FORMAT:
        raise BadFileError(f"{file}: written by a newer Slotscope (format {found.format}, this one reads {FORMAT})")
    return found


def write_restarts(folder: Path, restarts: Restarts) -> None:
    """Write `restarts.json`."""
    write_whole(folder / FILE, msgspec.json.format(msgspec.json.encode(restarts), indent=2), wait=False)


def chosen_among(run: Path) -> int:
    """Of how many restarts the run in this folder is the one kept; 1 if it is one of none, or another was kept."""
    restarts = read_restarts(run.parent)
    return len(restarts.tried) if restarts is not None and restarts.chosen == run.name else 1


def _rank(run: Tried) -> tuple[float, float, float, int]:
    costs = (math.inf if cost is None else cost for cost in (run.judged, run.cost, run.training_cost))
    return (*costs, run.seed)  # type: ignore[return-value]  # three costs, which mypy cannot count
