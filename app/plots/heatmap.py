"""A matrix as an image: eight bits, fixed limits, buffers that stay, and honest aggregation where cells would be too small."""

from math import ceil
from typing import Any, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, qRgba

from app.plots.colours import Table

Array = np.ndarray[tuple[int, ...], np.dtype[Any]]
Gathering = Literal["max", "mean"]

SMALLEST_CELL = 3.0
"""Pixels: below this, cells are gathered into larger ones."""
_FEW = 64
"""Where no more rows than this changed, only they are drawn anew."""


class Heatmap(pg.ImageItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """Values in a known range, drawn through a 256-colour table; NaN is absent and draws nothing.

    Cell `(row, column)` covers the unit square at `(column, row)`. Byte 0 stands for an absent value, 1 to 255 for the range,
    so that the maximum of some cells never takes an absent one for a large one. The buffers are made once for a shape.
    """

    def __init__(self, table: Table, gathering: Gathering = "mean") -> None:
        super().__init__(axisOrder="row-major")
        self._gathering = gathering
        self._block = (1, 1)
        self._bytes = np.zeros((0, 0), np.uint8)
        self._scaled = np.zeros((0, 0), np.float32)
        self._small = np.zeros((0, 0), np.uint8)
        self._limits = (0.0, 1.0)
        self.set_table(table)

    @property
    def rows(self) -> int:
        """How many rows the matrix has."""
        return int(self._bytes.shape[0])

    @property
    def columns(self) -> int:
        """How many columns the matrix has."""
        return int(self._bytes.shape[1])

    @property
    def block(self) -> tuple[int, int]:
        """How many rows and columns are drawn as one; `(1, 1)` where every cell is its own."""
        return self._block

    @property
    def gathering(self) -> Gathering:
        """What stands for a block of cells: its maximum or its mean."""
        return self._gathering

    def set_table(self, table: Table) -> None:
        """Draw through another table of 256 colours."""
        colours = np.zeros((256, 4), np.uint8)
        colours[1:, :3] = table[np.rint(np.linspace(0, 255, 255)).astype(int), :3]
        colours[1:, 3] = 255
        self._colours = [qRgba(*colour) for colour in colours.tolist()]
        self.setLookupTable(colours)

    def set_gathering(self, gathering: Gathering) -> None:
        """Choose what stands for a block: the maximum (weightings) or the mean (values)."""
        if gathering != self._gathering:
            self._gathering = gathering
            self._upload()

    def show_values(self, values: Array, low: float, high: float, rows: Array | None = None) -> None:
        """Draw `(row, column)` values on fixed limits; what lies outside is clipped. ValueError for an infinite value.

        `rows`: the only ones that are not as they were at the call before; of a very large matrix no others are looked at.
        """
        is_same = values.shape == self._bytes.shape and (low, high) == self._limits
        self._limits = low, high
        if rows is not None and is_same and len(rows) <= _FEW:
            if len(rows):
                self._show_rows(values, rows)
            return
        if values.shape != self._bytes.shape:
            self._scaled = np.empty(values.shape, np.float32)
            self._bytes = np.empty(values.shape, np.uint8)
        _scale(values, self._limits, self._scaled)
        np.copyto(self._bytes, self._scaled, casting="unsafe")
        self._upload()

    def fit(self, cell_width: float, cell_height: float) -> None:
        """Say how many pixels one cell gets; too small ones are gathered into blocks of at least three pixels."""
        block = _cells_per_block(cell_height), _cells_per_block(cell_width)
        if block != self._block:
            self._block = block
            self._upload()

    def render(self) -> None:
        """Hand the bytes to Qt as they are: pyqtgraph would work the 256 colours out anew for every picture."""
        self._unrenderable = self.image is None or self.image.size == 0
        if self._unrenderable:
            return
        rows, columns = self.image.shape
        self.qimage = QImage(self.image.data, columns, rows, columns, QImage.Format.Format_Indexed8)
        self.qimage.setColorTable(self._colours)
        self._renderRequired = False

    def _show_rows(self, values: Array, rows: Array) -> None:
        """Draw these rows anew, and of a gathered picture the blocks that they lie in."""
        scaled = np.empty((len(rows), self.columns), np.float32)
        _scale(values[rows], self._limits, scaled)
        self._bytes[rows] = scaled.astype(np.uint8)
        self._upload(np.unique(rows // self._block[0]))

    def _upload(self, blocks: Array | None = None) -> None:
        if not self._bytes.size:
            self.clear()
            return
        rows, columns = self._block
        image = self._bytes if self._block == (1, 1) else self._gather(blocks)
        self.setImage(image, autoLevels=False, levels=(0, 255), autoDownsample=False)
        self.setRect(QRectF(0, 0, image.shape[1] * columns, image.shape[0] * rows))

    def _gather(self, blocks: Array | None) -> Array:
        """The small picture, a byte for each block of cells; of one that is there only these rows of blocks anew."""
        (rows, columns), gathering = self._block, self._gathering
        shape = (ceil(self.rows / rows), ceil(self.columns / columns))
        if blocks is None or self._small.shape != shape:
            if self._small.shape != shape:
                self._small = np.empty(shape, np.uint8)
            _gather(self._bytes, self._block, gathering, self._small)
            return self._small
        for block in blocks.tolist():
            _gather(self._bytes[block * rows : (block + 1) * rows], self._block, gathering, self._small[block : block + 1])
        return self._small


def _scale(values: Array, limits: tuple[float, float], into: Array) -> None:
    """Levels 1 to 255 for values in a range, 0 for what is absent, still as float32. ValueError for an infinite value."""
    low, high = limits
    np.subtract(values, low, out=into, casting="unsafe")
    into *= 254.0 / (high - low)
    into += 1.5  # to the nearest of the levels 1 to 255; level 0 is for what is absent
    ends = np.fmin.reduce(into, axis=None, initial=1.0), np.fmax.reduce(into, axis=None, initial=1.0)
    if np.isinf(ends).any():
        raise ValueError("a matrix holds an infinite value; it cannot be drawn")
    np.clip(into, 1.0, 255.0, out=into)
    if np.isnan(into.max(initial=0.0)):
        np.nan_to_num(into, copy=False, nan=0.0)


def _gather(values: Array, block: tuple[int, int], gathering: Gathering, into: Array) -> None:
    """What stands for each block of so many rows and columns: the maximum of its bytes, or the mean of those that are present."""
    if gathering == "max":
        np.copyto(into, _blocks(values, block, np.maximum, np.uint8))
        return
    total = _blocks(values, block, np.add, np.uint32)
    present = _blocks((values > 0).view(np.uint8), block, np.add, np.uint32)
    np.copyto(into, np.where(present > 0, total / np.maximum(present, 1) + 0.5, 0), casting="unsafe")


def _blocks(values: Array, block: tuple[int, int], reduce: np.ufunc, kind: type[np.unsignedinteger[Any]]) -> Array:
    """One number for each block of so many rows and columns; the last of each axis may be smaller."""
    rows, columns = block
    whole = len(values) // rows * rows
    parts = [reduce.reduce(values[:whole].reshape(-1, rows, values.shape[1]), axis=1, dtype=kind)]
    if whole < len(values):
        parts.append(reduce.reduce(values[whole:], axis=0, dtype=kind, keepdims=True))
    across = np.concatenate(parts)
    whole = across.shape[1] // columns * columns
    parts = [reduce.reduce(across[:, :whole].reshape(len(across), -1, columns), axis=2, dtype=kind)]
    if whole < across.shape[1]:
        parts.append(reduce.reduce(across[:, whole:], axis=1, dtype=kind, keepdims=True))
    found: Array = np.concatenate(parts, axis=1)
    return found


def _cells_per_block(pixels: float) -> int:
    return 1 if pixels >= SMALLEST_CELL else ceil(SMALLEST_CELL / max(pixels, 1e-6))
