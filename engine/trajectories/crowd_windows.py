"""Windows of watched pedestrians: twenty annotated frames in a row, and all who are there in every one of them.

The customary windows take frames that follow each other in the file, and so glue together what lies on both sides of a gap; the
strict ones leave those out. Of the customary ones published figures are made (Gupta et al., "Social GAN", 2018).
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from engine.trajectories.crowd_files import Floats, Recording

DT, PAST, FUTURE = 0.4, 8, 12
"""Seconds between points; points seen, the last one now; points to come."""

POINTS = PAST + FUTURE

QUICKEST = 10.0
"""Metres a second: who is faster has jumped, and is left out of the window."""


class Window(NamedTuple):
    """`ways (A, 20, 2)` of all who are there throughout, from `frame` on in the file of this name; `jumped` who were left out."""

    ways: Floats
    name: str
    frame: int
    begins: float
    ends: float
    """Where in the file it begins and ends, of its frames, from 0 to 1."""
    jumped: int = 0


def windows(recording: Recording, fewest: int, is_strict: bool) -> Iterator[Window]:
    """All windows with so many pedestrians or more."""
    frames, stride = recording.frames, recording.stride
    starts = _starts(recording)
    for first in sorted(starts):
        last = first + POINTS - 1
        if is_strict and frames[last] - frames[first] != stride * (POINTS - 1):
            continue
        found = np.stack(starts[first])
        quickest = np.linalg.norm(np.diff(found, axis=1), axis=-1).max(1) / DT
        kept = found[quickest <= QUICKEST]
        if len(kept) >= fewest:
            span = len(frames) - 1
            yield Window(kept, recording.name, int(frames[first]), first / span, last / span, len(found) - len(kept))


def _starts(recording: Recording) -> dict[int, list[Floats]]:
    """From which of the annotated frames on somebody is there in twenty of them in a row, and the way of each who is."""
    order = np.lexsort((recording.frame, recording.pedestrian))
    place, frame = recording.place[order], np.searchsorted(recording.frames, recording.frame[order])
    who = recording.pedestrian[order]
    found: dict[int, list[Floats]] = {}
    ends = slice(POINTS - 1, None)
    goes_on = (who[ends] == who[: len(who[ends])]) & (frame[ends] - frame[: len(frame[ends])] == POINTS - 1)
    for row in np.flatnonzero(goes_on).tolist():
        found.setdefault(int(frame[row]), []).append(place[row : row + POINTS])
    return found
