"""Streets: cars, cyclists and pedestrians watched from a moving car.

The trajectories of KITTI as Marchetti et al., "MANTRA" (2020) publish and split them: by drive, six seconds at ten points
a second.
"""

from pathlib import Path

import numpy as np
import torch

from engine.contract.cards import Setting, Settings, TaskCard
from engine.contract.files import BadFileError
from engine.tasks.base import BadInputError, TaskEntry, TrajectoryBatch
from engine.tasks.trajectory import CHANNELS, MEMORY_METRICS, METRICS
from engine.tasks.trajectory_batches import picked
from engine.tasks.watched import Parts, Watched, every_tenth
from engine.trajectories.street_files import DT, FUTURE, PAST, Streets, read_streets

STANDS = 0.1
"""Square metres: who strays less than this from a place, along both axes, stands there."""


class StreetTask(Watched):
    """The task with its settings and files in place."""

    points = (PAST, FUTURE)

    def __init__(self, parts: Parts, length: int, kinds: tuple[str, ...]) -> None:
        super().__init__(parts, length)
        self.kinds = kinds


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> StreetTask:
    """The task. BadInputError without a folder; BadFileError if its file cannot be used."""
    if data is None:
        raise BadInputError("streets needs real files: a folder with the trajectories of KITTI as json (--data FOLDER)")
    streets = read_streets(_file(data))
    kinds = tuple(sorted(set(streets.sort)))
    whole, stands = _batch(streets, kinds, str(settings["standing"]))
    is_test = torch.tensor(streets.is_test)
    counts = ~stands if settings["standing"] == "left out" else torch.ones_like(stands)
    tested, others = (is_test & counts).nonzero().flatten(), (~is_test & counts).nonzero().flatten()
    if not len(tested):
        raise BadInputError(f"{data.name}: it holds no window of the drives that are tested")
    tracks = [f"{streets.drive[row]} {streets.track[row]}" for row in others.tolist()]
    names = sorted(set(tracks))
    held = every_tenth(len(names))
    is_held = torch.tensor([bool(held[names.index(track)]) for track in tracks], dtype=torch.bool)
    texts = streets.texts()
    parts = Parts(
        training=picked(whole, others[~is_held]), held_out=picked(whole, others[is_held] if len(others) else tested),
        test=picked(whole, tested), texts=tuple(texts[row] for row in tested.tolist()),
        notes=(*streets.notes, *_standing_note(str(settings["standing"]), int((stands & is_test).sum()))),
    )  # fmt: skip
    return StreetTask(parts, int(settings["length"]), kinds)


def _standing_note(standing: str, count: int) -> tuple[str, ...]:
    how = {"still": "are taken to stand still", "left out": "are left out"}
    return (f"{count} windows of the test in which the past stands {how[standing]}",) if standing in how and count else ()


def _file(data: Path) -> Path:
    """The one json file of a folder; it is looked for in folders below, too."""
    if data.is_file():
        return data
    if not data.is_dir():
        raise BadFileError(f"{data}: there is no such folder; it should hold the trajectories of KITTI as json")
    found = [file for file in (*sorted(data.glob("*.json")), *sorted(data.glob("*/*.json"))) if not file.name.startswith(".")]
    if not found:
        raise BadFileError(f"{data}: it holds no json file; the trajectories of KITTI are one")
    if len(found) > 1:
        raise BadFileError(f"{data}: {found[0].name} and {found[1].name} are both there; one file is needed, name it")
    return found[0]


def _batch(streets: Streets, kinds: tuple[str, ...], standing: str) -> tuple[TrajectoryBatch, torch.Tensor]:
    """All windows, and which of them stand while they are seen."""
    xy = streets.xy.copy()
    stands = (xy[:, :PAST].var(1) < STANDS).all(-1)
    if standing == "still":
        xy[stands] = xy[stands, PAST - 1 : PAST]
    points = torch.from_numpy(xy).float().unsqueeze(1)
    batch = TrajectoryBatch(
        past=points[:, :, :PAST], future=points[:, :, PAST:], present=torch.ones(len(xy), 1, dtype=torch.bool),
        kind=torch.tensor([kinds.index(sort) for sort in streets.sort]), number=torch.arange(len(xy)),
    )  # fmt: skip
    return batch, torch.from_numpy(np.asarray(stands))


ENTRY = TaskEntry(
    card=TaskCard(
        id="streets",
        name="Streets",
        form="trajectories",
        idea="Cars, cyclists and pedestrians watched from a car on real streets: two seconds are seen, then four are to be "
        "foreseen, in towns that were never trained on. It needs the published file.",
        settings=(
            Setting(name="standing", default="still", choices=("still", "as seen", "left out"), title="Who stands",
                    says="What becomes of a sample that hardly moves while it is seen: it stands still throughout, as in the "
                    "published protocol, or stays as it was seen, or is left out."),
            Setting(name="length", default=40, low=1, high=2000, title="Length",
                    says="How many samples one episode shows, one after the other."),
        ),
        channels=CHANNELS,
        metrics=(*METRICS, *MEMORY_METRICS),
        reads="the trajectories of KITTI as json",
        needs_files=True,
        own_input="trajectory",
        own_says=f"Its last point is now; what is drawn is taken to last {PAST * DT:.0f} seconds.",
        loss_unit="square metres, best future",
        is_judged_by_metric=True,
    ),
    build=build,
)  # fmt: skip
