"""Reads a wardrobe from a folder: photographs of any size, and pairs.csv, which says which top was worn with which bottom.

The first line of pairs.csv names its columns: `top` and `bottom`, paths of pictures within the folder; and, where somebody knows
them, `category` of the bottom, and `part`, "train" or "test". Without `part` every fifth row is for testing.
"""

import csv
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

import numpy as np
from PIL import Image, UnidentifiedImageError

from engine.contract.files import BadFileError
from engine.garments.closet import Closet, Pairs
from engine.garments.drawing import INKS, SIDE, Bytes, Floats, Whole

FILE = "pairs.csv"
MOST_ROWS, MOST_PIXELS = 100_000, 60_000_000
FOUND, NEEDED = ("top", "bottom", "category", "part"), ("top", "bottom")
WORN = "worn together"

Row = dict[str, str]


def read_folder(folder: Path) -> Closet:
    """The wardrobe in it; BadFileError with file and line if something in it cannot be used."""
    rows = list(_rows(folder / FILE))
    tops, bottoms = (_pictures(folder, rows, column) for column in NEEDED)
    pairs = np.array([(tops[0][row["top"]], bottoms[0][row["bottom"]]) for _, row in rows], np.int64)
    is_test = np.array([_is_test(number, line, row, folder / FILE) for number, (line, row) in enumerate(rows)])
    if is_test.all() or not is_test.any():
        raise BadFileError(
            f"{folder / FILE}: all rows are for {'testing' if is_test.all() else 'training'}; some of both are needed"
        )
    category = _categories(rows, bottoms[0])
    colour = colours_of(bottoms[1])
    mode = np.full((len(tops[0]), len(bottoms[0])), -1, np.int64)
    mode[pairs[:, 0], pairs[:, 1]] = 0
    training, test = pairs[~is_test], pairs[is_test]

    def draw(purpose: str, count: int, seed: int) -> Pairs:
        chosen = training
        if purpose != "training":
            order = np.random.default_rng((crc32(purpose.encode()), seed)).permutation(len(test))
            chosen = test[order][:count]
        return chosen[:, 0], chosen[:, 1], tops[1][chosen[:, 0]], bottoms[1][chosen[:, 1]]

    return Closet(
        side=SIDE,
        top_names=tuple(Path(name).stem for name in tops[0]),
        bottom_names=tuple(Path(name).stem for name in bottoms[0]),
        mode_names=(WORN,),
        phase_names=("test",),
        tops=tops[1],
        bottoms=bottoms[1],
        category=category,
        colour=colour,
        mode=mode,
        likeness=_alike(category, colour, len({row.get("category") for _, row in rows}) > 1),
        draw=draw,
        size=len(training),
    )


def opened_picture(path: Path, place: str) -> Bytes:
    """The picture at 48 × 48, on white where it is not square; `place` is where its name stands. BadFileError if it is none."""
    try:
        with Image.open(path) as found:
            if found.width * found.height > MOST_PIXELS:
                raise BadFileError(f"{place}: {path.name} has {found.width} × {found.height} pixels, which is too many")
            picture = found.convert("RGBA")
    except FileNotFoundError:
        raise BadFileError(f"{place}: there is no file {path}") from None
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, BadFileError):
            raise
        raise BadFileError(f"{place}: {path.name} cannot be read as a picture; it is damaged or of an unknown kind") from None
    picture.thumbnail((SIDE, SIDE))
    ground = Image.new("RGBA", (SIDE, SIDE), "white")
    ground.alpha_composite(picture, ((SIDE - picture.width) // 2, (SIDE - picture.height) // 2))
    return np.asarray(ground.convert("RGB"), np.uint8)


def colours_of(pictures: Bytes) -> Whole:
    """Which of our colours each garment is nearest to on average, `(n,)`: hues by number, all neutral ones 12."""
    light = pictures.reshape(len(pictures), -1, 3) / 255
    inked = (1 - light).max(-1)
    weight = np.where(inked > 0.1, inked, 1e-6)[..., None]
    mean = (weight * light).sum(1) / weight.sum(1)
    vivid = mean.max(-1) - mean.min(-1)
    hues = INKS[:12] - INKS[:12].mean(-1, keepdims=True)
    tint = mean - mean.mean(-1, keepdims=True)
    likeness = tint @ (hues / np.linalg.norm(hues, axis=-1, keepdims=True)).T
    return np.where(vivid < 0.15, 12, likeness.argmax(-1)).astype(np.int64)


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Lines of the table, counted as an editor does."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadFileError(f"{path}: there is no such file; it says which top was worn with which bottom") from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(f"{path}: cannot be read as text ({type(error).__name__})") from None
    reader = csv.DictReader(text.splitlines(), strict=True)
    try:
        names = [name.strip().lower() for name in reader.fieldnames or ()]
        missing = [name for name in NEEDED if name not in names]
        if missing:
            raise BadFileError(f"{path}, line 1: there is no column {' and '.join(missing)}; the first line names the columns")
        reader.fieldnames = names
        count = 0
        for row in reader:
            count += 1
            if None in row or None in row.values():
                raise BadFileError(f"{path}, line {reader.line_num}: it has another number of columns than line 1")
            clean = {name: str(row[name]).strip() for name in FOUND if name in row}
            if not clean["top"] or not clean["bottom"]:
                raise BadFileError(f"{path}, line {reader.line_num}: the top or the bottom is not named")
            if count > MOST_ROWS:
                raise BadFileError(f"{path}: more than {MOST_ROWS:,} rows")
            yield reader.line_num, clean
    except csv.Error as error:
        raise BadFileError(f"{path}, line {reader.line_num}: {error}") from None
    if count < 5:
        raise BadFileError(f"{path}: {count} pairs are too few; at least 5 are needed")


def _pictures(folder: Path, rows: list[tuple[int, Row]], column: str) -> tuple[dict[str, int], Bytes]:
    """The number of each picture that a column names, and all of them."""
    numbers: dict[str, int] = {}
    found = []
    inside = folder.resolve()
    for line, row in rows:
        name = row[column]
        if name in numbers:
            continue
        place = f"{folder / FILE}, line {line}"
        path = (folder / name).resolve()
        if not path.is_relative_to(inside):
            raise BadFileError(f"{place}: {name} lies outside the folder")
        found.append(opened_picture(path, place))
        numbers[name] = len(numbers)
    return numbers, np.stack(found)


def _is_test(number: int, line: int, row: Row, path: Path) -> bool:
    part = row.get("part")
    if part is None:
        return number % 5 == 4
    if part not in ("train", "test"):
        raise BadFileError(f"{path}, line {line}: part is {part!r}, and should be train or test")
    return part == "test"


def _categories(rows: list[tuple[int, Row]], bottoms: dict[str, int]) -> Whole:
    """The sort of each bottom by its number; each is one of its own where nobody says."""
    names: dict[str, int] = {}
    found = np.arange(len(bottoms))
    for _, row in rows:
        if "category" in row:
            found[bottoms[row["bottom"]]] = names.setdefault(row["category"], len(names))
    return found


def _alike(category: Whole, colour: Whole, is_told: bool) -> Floats:
    """As in `engine.garments.rules.alike`: by category, where it is told (else a bottom is like itself only), and by colour."""
    in_shape = (category[:, None] == category) if is_told else np.eye(len(category), dtype=bool)
    apart = abs(colour[:, None] - colour) % 12
    near = (colour[:, None] < 12) & (colour < 12) & (np.minimum(apart, 12 - apart) == 1)
    in_colour = np.where(colour[:, None] == colour, 1.0, np.where(near, 0.3, 0.0))
    return np.stack((in_shape * in_colour, in_shape, in_colour)).astype(np.float32)
