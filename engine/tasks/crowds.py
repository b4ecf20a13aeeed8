"""Crowds: pedestrians watched from above in five places; four to learn from, one to be tested on.

The ETH and UCY sets, with the customary windows and the customary way to leave one place out (Gupta et al., "Social GAN", 2018).
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
from engine.trajectories.crowd_files import Recording, read_crowd
from engine.trajectories.crowd_windows import DT, FUTURE, PAST, Window, windows

SCENES = {
    "biwi_eth": "eth", "biwi_hotel": "hotel", "students001": "univ", "students003": "univ", "crowds_zara01": "zara1",
    "crowds_zara02": "zara2", "crowds_zara03": "zara3", "uni_examples": "examples",
}  # fmt: skip
"""Of which place each of the published files is; any other file is of a place of its own, by its name."""

TRAINED_UNTIL = 0.8
"""Of the frames of a training file, those after this share are held out."""

CLOCK = (
    "biwi_eth.txt: its clock is wrong. It was annotated every 6 frames and is kept as if every 10, so that everybody seems to "
    "walk 1.6 times as fast"
)
"""As others found: sgan issue 84, where the original has 8,908 rows."""


class Crowds(Watched):
    """The task with its settings and files in place."""

    missed_at = 0.5
    horizons = (("3 points", 3), ("6 points", 6), ("9 points", 9), ("12 points", 12))
    points = (PAST, FUTURE)

    def __init__(self, parts: Parts, length: int, trained: list[str], is_varied: bool = False) -> None:
        super().__init__(parts, length, is_varied)
        self._trained = trained

    def state(self) -> dict[str, list[str]]:
        """Which places the weights have seen: of those no figure is a test."""
        return {"trained": self._trained}


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Crowds:
    """The task. BadInputError without a folder, or if it has no such scene; BadFileError if a file cannot be used."""
    if data is None:
        raise BadInputError("crowds needs real files: a folder with those of ETH and UCY, such as biwi_hotel.txt (--data FOLDER)")
    recordings = [read_crowd(file) for file in _files(data)]
    scene, scenes = str(settings["scene"]), sorted({_scene(recording) for recording in recordings})
    if scene not in scenes:
        raise BadInputError(f"scene: there is no file of {scene[:40]!r} in {data.name}; there are {', '.join(scenes)}")
    found = {
        recording.name: list(windows(recording, int(settings["fewest"]), bool(settings["strict"]))) for recording in recordings
    }
    test = [window for recording in recordings if _scene(recording) == scene for window in found[recording.name]]
    if not test:
        raise BadInputError(
            f"scene: in no {PAST + FUTURE} frames in a row of {scene} are {settings['fewest']} pedestrians there all the time"
        )
    others = [window for recording in recordings if _scene(recording) != scene for window in found[recording.name]]
    is_alone = settings["agents"] == "alone"
    trained = state.get("trained") if state else sorted(set(scenes) - {scene})
    parts = _parts(others, test, is_alone, _notes(scene, trained or [], recordings, found))
    return Crowds(parts, int(settings["length"]), trained or [], bool(settings["varied"]))


def _files(data: Path) -> list[Path]:
    """The files of pedestrians, of this folder or of the one below it that holds any; those of cameras and of words are none."""
    if data.is_file():
        return [data]
    if not data.is_dir():
        raise BadFileError(f"{data}: there is no such folder; it should hold files such as biwi_hotel.txt")
    if found := _texts_in(data):
        return found
    folders = (folder for below in ("*/", "*/*/", "*/*/*/") for folder in sorted(data.glob(below)) if folder.is_dir())
    below = {folder: found for folder in folders if (found := _texts_in(folder))}
    if len(below) == 1:
        return next(iter(below.values()))
    names = [str(sub.relative_to(data)) for sub in below][:2]
    hint = f"; there are some in the folders {names[0]} and {names[1]}: name one of them" if below else ""
    raise BadFileError(f"{data}: it holds no text files such as biwi_hotel.txt{hint}")


def _texts_in(folder: Path) -> list[Path]:
    return [
        file for file in sorted(folder.glob("*.txt")) if not file.name.lower().startswith((".", "h_", "readme", "homography"))
    ]


def _scene(recording: Recording) -> str:
    return SCENES.get(recording.name, recording.name)


def _notes(scene: str, trained: list[str], recordings: list[Recording], found: dict[str, list[Window]]) -> tuple[str, ...]:
    """What is tested on what, what was mended in the files of the test, and what is wrong with them."""
    notes = [f"tested on {scene}" + (f", trained on {', '.join(trained)}" if trained else "")]
    notes += [f"{scene} was trained on, so this is no test"] if scene in trained else []
    for recording in recordings:
        if _scene(recording) == scene:
            notes += recording.notes
            jumped = sum(window.jumped for window in found[recording.name])
            notes += [f"{recording.name}.txt: {jumped} trajectories with a jump are left out"] if jumped else []
            notes += [CLOCK] if recording.name == "biwi_eth" else []
    return tuple(notes)


def _parts(others: list[Window], test: list[Window], is_alone: bool, notes: tuple[str, ...]) -> Parts:
    trained = _batch([window for window in others if window.ends <= TRAINED_UNTIL], is_alone)
    held_out = _batch([window for window in others if window.begins > TRAINED_UNTIL], is_alone)
    if trained.size > 1 and not held_out.size:
        rows = every_tenth(trained.size)
        trained, held_out = picked(trained, (~rows).nonzero().flatten()), picked(trained, rows.nonzero().flatten())
    tested = _batch(test, is_alone)
    return Parts(trained, held_out if held_out.size else tested, tested, _texts(test, is_alone), notes)


def _texts(found: list[Window], is_alone: bool) -> tuple[str, ...]:
    if is_alone:
        return tuple(f"{window.name}, frame {window.frame}" for window in found for _ in window.ways)
    return tuple(f"{window.name}, frame {window.frame}, {len(window.ways)} pedestrians" for window in found)


def _batch(found: list[Window], is_alone: bool) -> TrajectoryBatch:
    """A sample for each window, or for each pedestrian of each window."""
    ways = [way[None] for window in found for way in window.ways] if is_alone else [window.ways for window in found]
    agents = max((len(each) for each in ways), default=1)
    table, present = np.zeros((len(ways), agents, PAST + FUTURE, 2)), np.zeros((len(ways), agents), np.bool_)
    for row, each in enumerate(ways):
        table[row, : len(each)], present[row, : len(each)] = each, True
    points = torch.from_numpy(table).float()
    return TrajectoryBatch(
        past=points[:, :, :PAST], future=points[:, :, PAST:], present=torch.from_numpy(present),
        kind=torch.full((len(ways),), -1), number=torch.arange(len(ways)),
    )  # fmt: skip


ENTRY = TaskEntry(
    card=TaskCard(
        id="crowds",
        name="Crowds",
        form="trajectories",
        idea="Pedestrians, watched from above in real places: for 3.2 seconds they are seen, then 4.8 seconds are to be "
        "foreseen. What is learnt in some places is tested in another. It needs the published files.",
        settings=(
            Setting(name="scene", default="hotel", title="Scene",
                    says="The place that is tested on, and never trained on: eth, hotel, univ, zara1, zara2, or the name of a "
                    "file of your own."),
            Setting(name="agents", default="together", choices=("together", "alone"), title="Pedestrians",
                    says="Together: a sample is a scene with all pedestrians in it. Alone: each pedestrian is a sample."),
            Setting(name="strict", default=False, title="Strict",
                    says="Whether a window must have no gap in its frames; published figures are made of windows that may."),
            Setting(name="fewest", default=2, low=1, high=50, title="Fewest",
                    says="Scenes with fewer pedestrians than this are left out; published figures leave out those with one."),
            Setting(name="varied", default=False, title="Varied",
                    says="In training every scene is turned, mirrored or walked backwards by chance, and up to 1.3 times as "
                    "large or as small, so that few files go further."),
            Setting(name="length", default=40, low=1, high=2000, title="Length",
                    says="How many samples one episode shows, one after the other."),
        ),
        channels=CHANNELS,
        metrics=(*METRICS, *MEMORY_METRICS),
        reads="the text files of ETH and UCY",
        needs_files=True,
        own_input="trajectory",
        own_says=f"Its last point is now; what is drawn is taken to last {PAST * DT:.1f} seconds.",
        loss_unit="square metres, best future",
        is_judged_by_metric=True,
    ),
    build=build,
)  # fmt: skip
