"""Files of pedestrians: the published figures of two of them, and every way in which such a file can be wrong."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.files import BadFileError
from engine.trajectories.crowd_files import Recording, read_crowd
from engine.trajectories.crowd_windows import FUTURE, PAST, POINTS, windows

ROW = "780.0\t1.0\t8.46\t3.59"


def read(folder: Path, text: str | bytes, name: str = "place.txt") -> Recording:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_crowd(path)


def refused(folder: Path, text: str | bytes) -> str:
    with pytest.raises(BadFileError) as error:
        read(folder, text)
    return str(error.value)


def read_or_said(folder: Path, text: str | bytes) -> Recording | str:
    try:
        return read(folder, text)
    except BadFileError as error:
        return str(error)


def is_a_sentence(text: str) -> bool:
    return text.startswith("place.txt") and "\n" not in text and len(text) < 300


def all_finite(recording: Recording) -> bool:
    return all(np.isfinite(window.ways).all() for window in windows(recording, 1, is_strict=False))


def walking(frames: int = POINTS, who: int = 1, stride: int = 10, first: int = 0) -> list[str]:
    return [f"{first + stride * n}\t{who}\t{0.1 * n}\t{who}" for n in range(frames)]


@pytest.mark.parametrize(
    ("name", "rows", "frames", "pedestrians", "count", "trajectories", "ade", "fde"),
    [("biwi_hotel", 6543, 1168, 389, 301, 1053, 0.323, 0.617), ("crowds_zara01", 5153, 872, 148, 602, 2253, 0.431, 0.960)],
)
def test_the_published_files_give_the_published_counts(
    crowds_folder: Path,
    name: str,
    rows: int,
    frames: int,
    pedestrians: int,
    count: int,
    trajectories: int,
    ade: float,
    fde: float,
) -> None:
    recording = read_crowd(crowds_folder / f"{name}.txt")
    found = list(windows(recording, 2, is_strict=False))
    ways = np.concatenate([window.ways for window in found])
    gone = ways[:, PAST - 1 : PAST] - ways[:, PAST - 2 : PAST - 1]
    far = np.linalg.norm(ways[:, PAST - 1 : PAST] + np.arange(1, FUTURE + 1)[:, None] * gone - ways[:, PAST:], axis=-1)

    assert (len(recording.frame), len(recording.frames), len(np.unique(recording.pedestrian))) == (rows, frames, pedestrians)
    assert (len(found), len(ways)) == (count, trajectories)
    assert (round(far.mean(), 3), round(far[:, -1].mean(), 3)) == (ade, fde)
    assert len(list(windows(recording, 2, is_strict=True))) <= count


def test_rows_in_are_rows_out(tmp_path: Path) -> None:
    recording = read(tmp_path, "\n".join(row for pair in zip(walking(30), walking(30, who=2), strict=True) for row in pair))

    assert len(recording.frame) == 60
    assert recording.notes == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\n\n"])
@pytest.mark.parametrize("gap", ["\t", " ", "   ", ",", ", ", ";"])
def test_lines_may_end_and_columns_may_be_parted_in_any_usual_way(tmp_path: Path, end: str, gap: str) -> None:
    recording = read(tmp_path, end.join(row.replace("\t", gap) for row in walking(3)) + end)

    assert recording.frame.tolist() == [0, 10, 20]


def test_a_mark_of_byte_order_is_passed_over(tmp_path: Path) -> None:
    assert len(read(tmp_path, b"\xef\xbb\xbf" + ROW.encode()).frame) == 1


def test_a_header_is_left_out_and_said(tmp_path: Path) -> None:
    recording = read(tmp_path, f"frame ped x y\n{ROW}")

    assert recording.notes[0] == "place.txt: line 1 is a header and was left out"
    assert len(recording.frame) == 1


def test_a_header_further_down_is_named(tmp_path: Path) -> None:
    assert refused(tmp_path, f"{ROW}\nframe ped x y") == (
        "place.txt, line 2: its frame is 'frame'; a number that can be believed is needed"
    )


@pytest.mark.parametrize(("row", "many"), [("780 1 8.46", "3 columns"), ("780 1 8.46 3.59 0", "5 columns"), ("780", "1 column")])
def test_wrong_columns_are_named_with_file_and_line(tmp_path: Path, row: str, many: str) -> None:
    assert refused(tmp_path, f"{ROW}\n\n{row}") == (
        f"place.txt, line 3: it has {many}; four are needed: frame, pedestrian, x and y"
    )


@pytest.mark.parametrize("field", ["nan", "inf", "1e400", "x", "1_0", "٣", "1e9"])
def test_what_is_no_place_is_named_with_file_and_line(tmp_path: Path, field: str) -> None:
    assert refused(tmp_path, f"{ROW}\n790 1 {field} 3.59").startswith("place.txt, line 2: its x is ")


@pytest.mark.parametrize("field", ["7.5", "nan", "1e300"])
def test_a_frame_is_a_whole_number(tmp_path: Path, field: str) -> None:
    assert refused(tmp_path, f"{field} 1 8.46 3.59\n{ROW}").startswith("place.txt, line 1: its frame is ")


def test_the_same_row_twice_counts_once_and_is_said(tmp_path: Path) -> None:
    recording = read(tmp_path, f"{ROW}\n{ROW}\n790 1 8.5 3.6")

    assert len(recording.frame) == 2
    assert recording.notes == ("place.txt: 1 row stood there twice, and once was left out",)


def test_a_pedestrian_at_two_places_at_once_is_named(tmp_path: Path) -> None:
    sentence = refused(tmp_path, f"{ROW}\n790 1 8.5 3.6\n780 1 9.0 3.59")

    assert sentence == "place.txt, line 3: pedestrian 1 is in frame 780 twice, and in line 1 at another place"


def test_rows_in_any_order_are_sorted_and_said(tmp_path: Path) -> None:
    recording = read(tmp_path, "\n".join(reversed(walking(4))))

    assert recording.frame.tolist() == [0, 10, 20, 30]
    assert recording.notes == ("place.txt: its rows were not in the order of their frames, and were sorted",)


def test_a_pedestrian_with_one_point_is_in_no_window_and_said(tmp_path: Path) -> None:
    recording = read(tmp_path, "\n".join([*walking(), "190 7 1 1"]))

    found = list(windows(recording, 1, is_strict=False))

    assert recording.notes == ("place.txt: 1 pedestrian is seen once only, and in no window",)
    assert [window.ways.shape for window in found] == [(1, POINTS, 2)]


def test_a_gap_is_said_and_glued_over_but_not_in_strict_windows(tmp_path: Path) -> None:
    recording = read(tmp_path, "\n".join(walking(10) + walking(10, first=500)))

    assert recording.notes == ("place.txt: 1 gap between its frames",)
    assert len(list(windows(recording, 1, is_strict=False))) == 1
    assert not list(windows(recording, 1, is_strict=True))


def test_who_is_away_for_a_while_is_in_no_window(tmp_path: Path) -> None:
    there, away = walking(), walking(who=2)

    found = list(windows(read(tmp_path, "\n".join(there + away[:9] + away[10:])), 1, is_strict=False))

    assert [len(window.ways) for window in found] == [1]


def test_who_jumps_is_left_out_of_the_window_and_counted(tmp_path: Path) -> None:
    jumping = [*walking(who=2)[:-1], f"{10 * (POINTS - 1)}\t2\t90\t2"]

    found = list(windows(read(tmp_path, "\n".join(walking() + jumping)), 1, is_strict=False))

    assert [(len(window.ways), window.jumped) for window in found] == [(1, 1)]


def test_who_stands_still_is_a_pedestrian_like_others(tmp_path: Path) -> None:
    standing = [f"{10 * n} 1 2.0 2.0" for n in range(POINTS)]

    (window,) = windows(read(tmp_path, "\n".join(standing)), 1, is_strict=True)

    assert np.isfinite(window.ways).all()


@pytest.mark.parametrize("content", ["", "\n\n", "frame ped x y\n"])
def test_a_file_without_rows_is_refused(tmp_path: Path, content: str) -> None:
    assert refused(tmp_path, content) == "place.txt: it holds no row; each should be a frame, a pedestrian, x and y"


def test_a_picture_is_no_recording(tmp_path: Path) -> None:
    assert refused(tmp_path, b"\x89PNG\r\n\xff\xfe").startswith("place.txt: this is no text")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match=r"none\.txt: it cannot be read"):
        read_crowd(tmp_path / "none.txt")


def test_a_file_of_which_nothing_follows_on_anything_is_read_without_much_memory(tmp_path: Path) -> None:
    recording = read(tmp_path, "\n".join(f"{n} {n} 0 0" for n in range(20_000)))

    assert not list(windows(recording, 1, is_strict=False))


@given(st.binary(max_size=200))
def test_whatever_a_file_holds_it_is_read_or_refused_in_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    found = read_or_said(tmp_path_factory.mktemp("any"), content)

    assert is_a_sentence(found) if isinstance(found, str) else np.isfinite(found.place).all()


FIELD = st.one_of(st.integers(-5, 60).map(str), st.sampled_from(["nan", "", "1.5", "x", "10 2", "1e3"]))


@given(st.lists(st.tuples(FIELD, FIELD, FIELD, FIELD), max_size=40))
def test_rows_of_all_sorts_give_windows_of_finite_points_or_a_sentence(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    found = read_or_said(tmp_path_factory.mktemp("any"), "\n".join("\t".join(row) for row in rows))

    assert is_a_sentence(found) if isinstance(found, str) else all_finite(found)
