"""Files of watched pedestrians, as the ETH and UCY sets are kept: a row is frame, pedestrian, x and y in metres.

Pellegrini et al., "You'll never walk alone" (2009) and Lerner et al., "Crowds by example" (2007), in the customary form:
annotated every 0.4 seconds, no header, parted by tabs. What can be mended is mended and said; what cannot is refused with file
and line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from engine.contract.files import BadFileError

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Whole = np.ndarray[tuple[int, ...], np.dtype[np.int64]]

COLUMNS = ("frame", "pedestrian", "x", "y")
FARTHEST, LARGEST = 1e5, 1e12
"""Metres from the origin, and the number of a frame or pedestrian, that are still believed."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One file: `frame (n,)`, `pedestrian (n,)`, `place (n, 2)`, sorted by frame and pedestrian; `notes` what was mended."""

    name: str
    frame: Whole
    pedestrian: Whole
    place: Floats
    notes: tuple[str, ...] = ()

    @property
    def frames(self) -> Whole:
        """The annotated frames, each once."""
        found: Whole = np.unique(self.frame)
        return found

    @property
    def stride(self) -> int:
        """How many frames lie between two annotated ones, as a rule."""
        apart, times = np.unique(np.diff(self.frames), return_counts=True)
        return int(apart[times.argmax()]) if len(apart) else 1


def read_crowd(path: Path) -> Recording:
    """The recording; BadFileError names the line, what is wrong with it and what would be right."""
    lines = _lines(path)
    notes: list[str] = []
    rows = [(number, _fields(line)) for number, line in enumerate(lines, 1) if line.strip()]
    if rows and not any(_is_number(field) for field in rows[0][1]):
        notes.append(f"{path.name}: line {rows[0][0]} is a header and was left out")
        rows = rows[1:]
    if not rows:
        raise BadFileError(f"{path.name}: it holds no row; each should be a frame, a pedestrian, x and y")
    table = np.array([_row(path, number, fields) for number, fields in rows])
    numbers = np.array([number for number, _ in rows])
    order = np.lexsort((table[:, 1], table[:, 0]))
    if (np.diff(table[:, 0]) < 0).any():
        notes.append(f"{path.name}: its rows were not in the order of their frames, and were sorted")
    table, kept = _without_twins(path, table[order], numbers[order])
    if kept:
        notes.append(f"{path.name}: {kept} row{'s' if kept > 1 else ''} stood there twice, and once was left out")
    recording = Recording(
        name=path.stem, frame=table[:, 0].astype(np.int64), pedestrian=table[:, 1].astype(np.int64), place=table[:, 2:]
    )  # fmt: skip
    return replace(recording, notes=(*notes, *_oddities(path, recording)))


def _oddities(path: Path, recording: Recording) -> Iterator[str]:
    """What is no fault, but should be known."""
    if gaps := int((np.diff(recording.frames) > recording.stride).sum()):
        yield f"{path.name}: {gaps} gap{'s' if gaps > 1 else ''} between its frames"
    if once := int((np.unique(recording.pedestrian, return_counts=True)[1] == 1).sum()):
        yield f"{path.name}: {once} pedestrian{'s are' if once > 1 else ' is'} seen once only, and in no window"


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BadFileError(f"{path.name}: this is no text; rows of frame, pedestrian, x and y are needed") from None
    except OSError as error:
        raise BadFileError(f"{path.name}: it cannot be read ({error.strerror})") from None


def _fields(line: str) -> list[str]:
    return [field for field in re.split(r"[\s,;]+", line.strip()) if field]


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _row(path: Path, number: int, fields: list[str]) -> tuple[float, ...]:
    where = f"{path.name}, line {number}"
    if len(fields) != len(COLUMNS):
        many = f"{len(fields)} column{'' if len(fields) == 1 else 's'}"
        raise BadFileError(f"{where}: it has {many}; four are needed: frame, pedestrian, x and y")
    values = []
    for name, field in zip(COLUMNS, fields, strict=True):
        limit = FARTHEST if name in "xy" else LARGEST
        if not (field.isascii() and "_" not in field and _is_number(field)) or not abs(float(field)) <= limit:
            raise BadFileError(f"{where}: its {name} is {field[:24]!r}; a number that can be believed is needed")
        if name not in "xy" and not float(field).is_integer():
            raise BadFileError(f"{where}: its {name} is {field[:24]}; a whole number is needed")
        values.append(float(field))
    return tuple(values)


def _without_twins(path: Path, table: Floats, numbers: Whole) -> tuple[Floats, int]:
    """Rows that say the same twice are kept once; BadFileError if two say different things of one pedestrian in one frame."""
    twin = (np.diff(table[:, :2], axis=0) == 0).all(1)
    differs = twin & (np.diff(table[:, 2:], axis=0) != 0).any(1)
    if differs.any():
        first = int(differs.argmax())
        lines = sorted(numbers[first : first + 2].tolist())
        frame, pedestrian = table[first, :2].astype(np.int64).tolist()
        who = f"pedestrian {pedestrian} is in frame {frame} twice"
        raise BadFileError(f"{path.name}, line {lines[1]}: {who}, and in line {lines[0]} at another place")
    return table[np.concatenate(([True], ~twin))], int(twin.sum())
