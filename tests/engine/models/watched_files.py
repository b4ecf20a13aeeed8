"""Small made-up files for the tasks that read real ones, in the same form as those."""

import json
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

_FOLDERS: list[TemporaryDirectory[str]] = []
"""Held, so that they are there until the tests end."""


@cache
def folder_for(task: str) -> Path | None:
    """A folder with files for this task; None where it needs none."""
    write = {"crowds": write_crowds, "streets": write_streets}.get(task)
    if write is None:
        return None
    _FOLDERS.append(TemporaryDirectory())
    folder = Path(_FOLDERS[-1].name)
    write(folder)
    return folder


def write_crowds(folder: Path) -> None:
    """Two places with a few pedestrians who walk about."""
    for seed, name in enumerate(("biwi_hotel", "crowds_zara01")):
        (folder / f"{name}.txt").write_text(crowd_text(seed))


def crowd_text(seed: int, frames: int = 60, pedestrians: int = 5, apart: int = 3) -> str:
    """Rows of pedestrians who come one after the other, so many frames apart, and stay."""
    chance = np.random.default_rng(seed)
    begin, pace = chance.uniform(-5, 5, (pedestrians, 2)), chance.uniform(-0.5, 0.5, (pedestrians, 2))
    rows = [
        f"{frame * 10}\t{who + 1}.0\t{begin[who, 0] + frame * pace[who, 0]:.4f}\t{begin[who, 1] + frame * pace[who, 1]:.4f}"
        for frame in range(frames)
        for who in range(pedestrians)
        if frame >= apart * who
    ]
    return "\n".join(rows) + "\n"


def write_streets(folder: Path) -> None:
    """Drives of both parts of the split, with a few tracks each; one has a single point, as bare numbers."""
    (folder / "tracks.json").write_text(json.dumps(streets_content()))


def streets_content(points: int = 90) -> dict[str, object]:
    """What is written there."""
    chance = np.random.default_rng(0)
    drives = {}
    for drive in (5, 9, 1, 2):
        pace = chance.uniform(-1, 1, (3, 2))
        tracks = {f"track_{n}": _track("Car", (np.arange(points)[:, None] * pace[n]).T.tolist()) for n in range(3)}
        tracks["track_3"] = _track("Cyclist", [3.5, -2.0])
        drives[f"video_2011_09_26__2011_09_26_drive_{drive:04d}_sync"] = tracks
    return drives


def _track(sort: str, trajectory: list[object]) -> dict[str, object]:
    return {"cls": sort, "start": 0, "end": 0, "trajectory": trajectory}
