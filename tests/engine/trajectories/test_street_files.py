"""Files of trajectories from streets: both forms, bare numbers, and every way in which such a file can be wrong."""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from watched_files import streets_content

from engine.contract.files import BadFileError
from engine.trajectories.street_files import PAST, POINTS, Streets, read_streets

DRIVE = "video_2011_09_26__2011_09_26_drive_0005_sync"


def read(folder: Path, content: object) -> Streets:
    path = folder / "tracks.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return read_streets(path)


def refused(folder: Path, content: object) -> str:
    with pytest.raises(BadFileError) as error:
        read(folder, content)
    return str(error.value)


def read_or_said(folder: Path, content: object) -> Streets | str:
    try:
        return read(folder, content)
    except BadFileError as error:
        return str(error)


def is_a_sentence(text: str) -> bool:
    return text.startswith("tracks.json") and len(text) < 300


def one_track(trajectory: object, drive: str = DRIVE) -> dict[str, Any]:
    return {drive: {"track_0": {"cls": "Car", "start": 3, "end": 99, "trajectory": trajectory}}}


def straight(points: int) -> list[list[float]]:
    return [[0.5 * n for n in range(points)], [1.0] * points]


def cut_already(**changed: object) -> dict[str, Any]:
    item = {"video": 5, "track": "track_1", "cls": "Van", "frame": 51, "xy": np.array(straight(POINTS)).T.tolist()}
    return {"dt": 0.1, "past": 20, "future": 40, "units": "metres", "train": [item], "test": [{**item, "video": 1, **changed}]}


def test_a_window_begins_wherever_more_than_sixty_points_follow(tmp_path: Path) -> None:
    streets = read(tmp_path, one_track(straight(75)))

    assert len(streets) == 15
    np.testing.assert_allclose(streets.xy[14, 0], [7.0, 1.0])
    assert streets.frame[0] == 3 + PAST - 1


def test_a_track_of_just_sixty_points_gives_none(tmp_path: Path) -> None:
    content = one_track(straight(POINTS)) | {DRIVE.replace("0005", "0009"): one_track(straight(61))[DRIVE]}

    assert len(read(tmp_path, content)) == 1


def test_drives_are_parted_as_published(tmp_path: Path) -> None:
    streets = read(tmp_path, streets_content())

    assert {(drive, test) for drive, test in zip(streets.drive, streets.is_test, strict=True)} == {
        (5, False), (9, False), (1, True), (2, True),
    }  # fmt: skip


def test_a_track_of_bare_numbers_is_too_short_and_no_fault(tmp_path: Path) -> None:
    content = streets_content()
    content[DRIVE]["track_9"] = {"cls": "Car", "start": 0, "end": 0, "trajectory": [12.5, -3.0]}

    assert len(read(tmp_path, content)) == len(read(tmp_path, streets_content()))


def test_windows_that_are_cut_already_are_taken_as_they_are(tmp_path: Path) -> None:
    streets = read(tmp_path, cut_already())

    assert streets.is_test == (False, True)
    assert streets.texts()[0] == "Van, drive 5, track 1, frame 51"


def test_the_published_subset_is_read_whole(kitti_folder: Path) -> None:
    streets = read_streets(kitti_folder / "kitti_subset.json")

    assert (len(streets), sum(streets.is_test)) == (500, 120)
    assert streets.notes == ()


def test_who_jumps_is_left_out_and_said(tmp_path: Path) -> None:
    jumping = np.array(straight(POINTS)).T
    jumping[30:] += 500.0

    streets = read(tmp_path, cut_already(xy=jumping.tolist()))

    assert len(streets) == 1
    assert streets.notes == ("tracks.json: 1 windows in which somebody jumps are left out",)


def test_a_drive_of_neither_part_is_left_out_and_said(tmp_path: Path) -> None:
    content = one_track(straight(75)) | one_track(straight(75), "video_2011_09_26_drive_0099_sync")

    assert read(tmp_path, content).notes == ("tracks.json: drive 99 is in neither part of the published split, and is left out",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "tracks.json, line 1: this is no json"),
        ("[]", "tracks.json: it holds no drives"),
        ("{}", "tracks.json: it holds no drives"),
        ({"somewhere": {}}, "tracks.json: 'somewhere' names no drive"),
        ({DRIVE: []}, f"tracks.json, {DRIVE}: it is no object of tracks"),
        ({DRIVE: {"track_0": {}}}, f"tracks.json, {DRIVE}, track_0: it has no trajectory"),
        (one_track([[1.0, 2.0], [1.0]]), f"tracks.json, {DRIVE}, track_0: its coordinates are not all numbers"),
        (one_track([["x"], ["y"]]), f"tracks.json, {DRIVE}, track_0: its coordinates are not all numbers"),
        (one_track([[1.0], [2.0], [3.0]]), f"tracks.json, {DRIVE}, track_0: its trajectory is of shape 3 × 1"),
        (one_track(7.0), f"tracks.json, {DRIVE}, track_0: its trajectory is of shape"),
        (one_track([[float("nan")], [2.0]]), f"tracks.json, {DRIVE}, track_0: one of its coordinates is no number"),
        (one_track([[1e300], [2.0]]), f"tracks.json, {DRIVE}, track_0: one of its coordinates is no number"),
        (one_track([1.0, 2.0]), "tracks.json: no track in it is longer than 60 points"),
        (cut_already() | {"dt": 0.4}, "tracks.json: its dt is 0.4; 0.1 is needed"),
        (cut_already() | {"test": {}}, "tracks.json: test is no list of windows"),
        (cut_already(xy=[[1.0, 2.0]] * 59), "tracks.json, test window 1: its xy is of shape 59 × 2; 60 pairs are needed"),
        (cut_already(video="five"), "tracks.json, test window 1: video and frame must be whole numbers"),
        (cut_already() | {"train": [3]}, "tracks.json, train window 1: it has no xy"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(tmp_path: Path, content: object, sentence: str) -> None:
    assert refused(tmp_path, content).startswith(sentence)


def test_a_picture_is_no_json(tmp_path: Path) -> None:
    (tmp_path / "tracks.json").write_bytes(b"\x89PNG\r\n\xff\xfe")

    with pytest.raises(BadFileError, match=r"tracks\.json: this is no json"):
        read_streets(tmp_path / "tracks.json")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["cls", "start", "trajectory", "xy"]), inner),
    max_leaves=8,
)


@given(st.sampled_from(["track", "trajectory", "drive", "train", "video"]), ANYTHING)
def test_whatever_stands_in_its_place_it_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, place: str, value: object
) -> None:
    contents = {
        "track": {DRIVE: {"track_0": value}}, "trajectory": one_track(value), "drive": {DRIVE: value},
        "train": copy.deepcopy(cut_already()) | {"train": value}, "video": cut_already(video=value),
    }  # fmt: skip

    found = read_or_said(tmp_path_factory.mktemp("any"), contents[place])

    assert is_a_sentence(found) if isinstance(found, str) else np.isfinite(found.xy).all()
