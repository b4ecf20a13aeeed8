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

    def show_values(self, values: Array, low: float, high: float) -> None:
        """Draw `(row, column)` values on fixed limits; what lies outside is clipped. ValueError for an infinite value."""
        if values.shape != self._bytes.shape:
            self._scaled = np.empty(values.shape, np.float32)
            self._bytes = np.empty(values.shape, np.uint8)
        np.subtract(values, low, out=self._scaled, casting="unsafe")
        self._scaled *= 254.0 / (high - low)
        self._scaled += 1.5  # to the nearest of the levels 1 to 255; level 0 is for what is absent
        ends = np.fmin.reduce(self._scaled, axis=None, initial=1.0), np.fmax.reduce(self._scaled, axis=None, initial=1.0)
        if np.isinf(ends).any():
            raise ValueError("a matrix holds an infinite value; it cannot be drawn")
        np.clip(self._scaled, 1.0, 255.0, out=self._scaled)
        if np.isnan(self._scaled.max(initial=0.0)):
            np.nan_to_num(self._scaled, copy=False, nan=0.0)
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

    def _upload(self) -> None:
        if not self._bytes.size:
            self.clear()
            return
        rows, columns = self._block
        image = self._bytes if self._block == (1, 1) else self._gather(rows, columns)
        self.setImage(image, autoLevels=False, levels=(0, 255), autoDownsample=False)
        self.setRect(QRectF(0, 0, image.shape[1] * columns, image.shape[0] * rows))

    def _gather(self, rows: int, columns: int) -> Array:
        starts = np.arange(0, self.rows, rows), np.arange(0, self.columns, columns)
        shape = (len(starts[0]), len(starts[1]))
        if self._small.shape != shape:
            self._small = np.empty(shape, np.uint8)
        if self._gathering == "max":
            across = np.maximum.reduceat(self._bytes, starts[0], axis=0)
            np.maximum.reduceat(across, starts[1], axis=1, out=self._small)
            return self._small
        total = _sums(self._bytes, starts)
        present = _sums((self._bytes > 0).astype(np.uint8), starts)
        np.copyto(self._small, np.where(present > 0, total / np.maximum(present, 1) + 0.5, 0), casting="unsafe")
        return self._small


def _cells_per_block(pixels: float) -> int:
    return 1 if pixels >= SMALLEST_CELL else ceil(SMALLEST_CELL / max(pixels, 1e-6))


def _sums(values: Array, starts: tuple[Array, Array]) -> Array:
    """The sum of every block that begins at one of the starts of both axes."""
    across: Array = np.add.reduceat(values, starts[0], axis=0, dtype=np.uint32)
    found: Array = np.add.reduceat(across, starts[1], axis=1)
    return found
