"""A wardrobe from a folder of photographs: of any size, some of them broken, and a table that may be wrong."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.contract.files import BadFileError
from engine.garments.drawing import SIDE
from engine.garments.folder import read_folder
from engine.garments.rules import draw_bottoms, draw_tops

HEAD = "top,bottom,category,part"
ROWS = ("t0.png,b0.png,jeans,train", "t1.png,b0.png,jeans,train", "t0.png,b1.png,skirt,test", "t1.png,b2.png,jeans,train",
        "t0.png,b2.png,jeans,test")  # fmt: skip


def wardrobe(folder: Path, *rows: str, head: str = HEAD) -> Path:
    """A folder with five photographs of several sizes, and these rows."""
    sizes = ((48, 48), (300, 200), (31, 90))
    for number, picture in enumerate(draw_tops(np.array([0, 40]))):
        Image.fromarray(picture).resize(sizes[number]).save(folder / f"t{number}.png")
    for number, picture in enumerate(draw_bottoms(np.array([0, 100, 36]))):
        Image.fromarray(picture).resize(sizes[number]).save(folder / f"b{number}.png")
    (folder / "pairs.csv").write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return folder


def test_photographs_of_any_size_become_pictures_of_one_size(tmp_path: Path) -> None:
    closet = read_folder(wardrobe(tmp_path, *ROWS))

    assert closet.tops.shape == (2, SIDE, SIDE, 3)
    assert closet.bottoms.shape == (3, SIDE, SIDE, 3)
    assert (closet.size, len(closet.draw("test", 9, 0)[0])) == (3, 2)
    assert closet.bottom_names == ("b0", "b1", "b2")
    assert closet.category.tolist() == [0, 1, 0]
    assert closet.mode.tolist() == [[0, 0, 0], [0, -1, 0]]


def test_colours_are_found_in_the_pictures(tmp_path: Path) -> None:
    closet = read_folder(wardrobe(tmp_path, *ROWS))

    assert closet.colour.tolist() == [0, 1, 12]  # red trousers, orange jeans, black trousers


def test_without_parts_every_fifth_row_is_for_testing(tmp_path: Path) -> None:
    closet = read_folder(wardrobe(tmp_path, *(row.rpartition(",")[0] for row in ROWS), head="top,bottom,category"))

    assert (closet.size, len(closet.draw("test", 9, 0)[0])) == (4, 1)


def test_a_table_from_windows_is_read_like_any_other(tmp_path: Path) -> None:
    wardrobe(tmp_path)
    (tmp_path / "pairs.csv").write_bytes(("\ufeff" + "\r\n".join((HEAD, *ROWS)) + "\r\n").encode("utf-8"))

    assert read_folder(tmp_path).size == 3


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (("gone.png,b0.png,jeans,train", *ROWS), r"pairs\.csv, line 2: there is no file .*gone\.png"),
        ((*ROWS, "t0.png"), r"pairs\.csv, line 7: it has another number of columns"),
        ((*ROWS, "t0.png,b0.png,jeans,maybe"), r"pairs\.csv, line 7: part is 'maybe', and should be train or test"),
        ((*ROWS, ",b0.png,jeans,train"), r"pairs\.csv, line 7: the top or the bottom is not named"),
        ((*ROWS, "../../etc/passwd,b0.png,jeans,train"), r"pairs\.csv, line 7: .* lies outside the folder"),
        (ROWS[:3], r"3 pairs are too few"),
        (("t0.png,b0.png,jeans,train",) * 5, "all rows are for training"),
    ],
)
def test_a_wrong_table_is_a_sentence_with_file_and_line(tmp_path: Path, rows: tuple[str, ...], says: str) -> None:
    with pytest.raises(BadFileError, match=says):
        read_folder(wardrobe(tmp_path, *rows))


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_broken_picture_is_a_sentence_with_file_and_line(tmp_path: Path, content: bytes) -> None:
    wardrobe(tmp_path, *ROWS)
    (tmp_path / "b1.png").write_bytes(content)

    with pytest.raises(BadFileError, match=r"pairs\.csv, line 4: b1\.png cannot be read as a picture"):
        read_folder(tmp_path)


def test_half_a_picture_is_a_sentence_too(tmp_path: Path) -> None:
    wardrobe(tmp_path, *ROWS)
    whole = (tmp_path / "t1.png").read_bytes()
    (tmp_path / "t1.png").write_bytes(whole[: len(whole) // 2])

    with pytest.raises(BadFileError, match=r"line 3: t1\.png cannot be read as a picture"):
        read_folder(tmp_path)


def test_a_folder_without_its_table_and_a_table_without_its_columns_say_so(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="there is no such file"):
        read_folder(tmp_path)
    with pytest.raises(BadFileError, match="line 1: there is no column bottom"):
        read_folder(wardrobe(tmp_path, *ROWS, head="top,trousers,category,part"))
