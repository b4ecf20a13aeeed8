"""Files of cars, cyclists and pedestrians watched from a car: the trajectories of KITTI as Marchetti et al. (2020) publish them.

Two forms: whole tracks by drive, `{drive: {track: {"cls", "start", "end", "trajectory": [[x ...], [y ...]]}}}`, of which
windows of six seconds are cut; and windows already cut, `{"train": [...], "test": [...]}`, each of them
`{"video", "track", "cls", "frame", "xy"}`.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from engine.contract.files import BadFileError

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

DT, PAST, FUTURE = 0.1, 20, 40
"""Seconds between points; points seen, the last one now; points to come."""

POINTS = PAST + FUTURE

TRAINED = (5, 9, 11, 13, 14, 17, 27, 28, 48, 51, 56, 57, 59, 60, 84, 91)
TESTED = (1, 2, 15, 18, 29, 32, 52, 70)
"""The drives of the published split."""

QUICKEST = 60.0
"""Metres a second: who is faster has jumped, and the window is left out."""

FARTHEST = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Streets:
    """Windows cut from tracks, `xy (n, 60, 2)`: `drive`, `track`, `sort` and `frame` of each; `notes` what was left out."""

    xy: Floats
    drive: tuple[int, ...]
    track: tuple[str, ...]
    sort: tuple[str, ...]
    frame: tuple[int, ...]
    is_test: tuple[bool, ...]
    notes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.xy)

    def texts(self) -> tuple[str, ...]:
        """Each window in words."""
        parts = zip(self.sort, self.drive, self.track, self.frame, strict=True)
        return tuple(f"{sort}, drive {drive}, {track.replace('_', ' ')}, frame {frame}" for sort, drive, track, frame in parts)


@dataclass(frozen=True, slots=True)
class _Item:
    xy: Floats
    drive: int
    track: str
    sort: str
    frame: int
    is_test: bool


def read_streets(path: Path) -> Streets:
    """All windows of a file; BadFileError names the drive and track, what is wrong there and what would be right."""
    whole = _read(path)
    notes: list[str] = []
    if isinstance(whole.get("train"), list) or isinstance(whole.get("test"), list):
        items = [item for part in ("train", "test") for item in _cut_already(path, whole, part)]
    else:
        items = [item for drive in whole for item in _cut(path, drive, whole[drive], notes)]
    steps = [np.linalg.norm(np.diff(item.xy, axis=0), axis=-1).max() / DT for item in items]
    jumped = sum(step > QUICKEST for step in steps)
    if jumped:
        notes.append(f"{path.name}: {jumped} windows in which somebody jumps are left out")
    items = [item for item, step in zip(items, steps, strict=True) if step <= QUICKEST]
    if not items:
        raise BadFileError(f"{path.name}: no track in it is longer than {POINTS} points, six seconds")
    return Streets(
        xy=np.stack([item.xy for item in items]), drive=tuple(item.drive for item in items),
        track=tuple(item.track for item in items), sort=tuple(item.sort for item in items),
        frame=tuple(item.frame for item in items), is_test=tuple(item.is_test for item in items), notes=tuple(notes),
    )  # fmt: skip


def _read(path: Path) -> dict[str, Any]:
    try:
        whole = json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise BadFileError(f"{path.name}, line {error.lineno}: this is no json ({error.msg})") from None
    except (UnicodeDecodeError, RecursionError):
        raise BadFileError(f"{path.name}: this is no json") from None
    except OSError as error:
        raise BadFileError(f"{path.name}: it cannot be read ({error.strerror})") from None
    if not isinstance(whole, dict) or not whole:
        raise BadFileError(f"{path.name}: it holds no drives; an object of drives, or of train and test windows, is needed")
    return whole


def _cut_already(path: Path, whole: dict[str, Any], part: str) -> list[_Item]:
    for name, needed in (("dt", DT), ("past", PAST), ("future", FUTURE)):
        if name in whole and whole[name] != needed:
            raise BadFileError(f"{path.name}: its {name} is {str(whole[name])[:24]}; {needed} is needed")
    found = whole.get(part, [])
    if not isinstance(found, list):
        raise BadFileError(f"{path.name}: {part} is no list of windows")
    return [_window(path, f"{part} window {number}", item, part == "test") for number, item in enumerate(found, 1)]


def _window(path: Path, where: str, item: object, is_test: bool) -> _Item:
    if not isinstance(item, dict) or "xy" not in item:
        raise BadFileError(f"{path.name}, {where}: it has no xy; {POINTS} pairs are needed")
    xy = _numbers(path, where, item["xy"])
    if xy.shape != (POINTS, 2):
        raise BadFileError(f"{path.name}, {where}: its xy is of shape {_shape(xy)}; {POINTS} pairs are needed")
    drive, frame = item.get("video", -1), item.get("frame", -1)
    if not isinstance(drive, int) or not isinstance(frame, int):
        raise BadFileError(f"{path.name}, {where}: video and frame must be whole numbers")
    return _Item(xy, drive, str(item.get("track", "?")), str(item.get("cls", "?")), frame, is_test)


def _cut(path: Path, name: str, tracks: object, notes: list[str]) -> list[_Item]:
    """The windows of one drive: one at each point that has more than sixty from there on."""
    drive = _drive(path, name)
    if drive not in TRAINED + TESTED:
        notes.append(f"{path.name}: drive {drive} is in neither part of the published split, and is left out")
        return []
    if not isinstance(tracks, dict):
        raise BadFileError(f"{path.name}, {name}: it is no object of tracks")
    items: list[_Item] = []
    for track, told in tracks.items():
        where = f"{name}, {track}"
        if not isinstance(told, dict) or "trajectory" not in told:
            raise BadFileError(f"{path.name}, {where}: it has no trajectory; two lists, x and y, are needed")
        xy = np.atleast_2d(_numbers(path, where, told["trajectory"]).T)  # a track of one point may hold two bare numbers
        if xy.ndim != 2 or xy.shape[1] != 2:
            raise BadFileError(f"{path.name}, {where}: its trajectory is of shape {_shape(xy.T)}; two lists, x and y, are needed")
        start = told.get("start", 0)
        first = start if isinstance(start, int) else 0
        items += [
            _Item(xy[i : i + POINTS], drive, track, str(told.get("cls", "?")), first + i + PAST - 1, drive in TESTED)
            for i in range(len(xy) - POINTS)
        ]
    return items


def _drive(path: Path, name: str) -> int:
    found = re.search(r"drive_([0-9]{1,6})", name) or re.fullmatch(r"([0-9]{1,6})", name)
    if not found:
        raise BadFileError(f"{path.name}: {name[:60]!r} names no drive; a name such as 2011_09_26_drive_0001_sync is needed")
    return int(found[1])


def _numbers(path: Path, where: str, value: object) -> Floats:
    try:
        numbers = np.asarray(value, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise BadFileError(
            f"{path.name}, {where}: its coordinates are not all numbers, or its lists are of unequal length"
        ) from None
    if not (np.abs(numbers) < FARTHEST).all():
        raise BadFileError(f"{path.name}, {where}: one of its coordinates is no number that can be believed")
    return numbers


def _shape(value: Floats) -> str:
    return " × ".join(map(str, value.shape)) or "one number"
