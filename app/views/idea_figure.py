"""One figure of an idea: what it shows in a few words, the curves, and what they are at the place under the pointer."""

import math

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.plots.figure_plot import FigurePlot, Measured, in_figures
from app.widgets.tokens import colour
from engine.contract.demonstrations import Figure

SHARE = ("share", "gradient")
"""Words of a y axis whose values are given in per cent under the pointer."""


class IdeaFigure(QWidget):
    """A panel like a pane's, filled anew as results come."""

    def __init__(self, palette: Palette, *, is_small: bool = False) -> None:
        super().__init__()
        self._figure: Figure | None = None
        self._is_small = is_small
        self.title, self.caption = QLabel(), QLabel()
        self.title.setProperty("tone", "heading")
        self.caption.setProperty("tone", "muted")
        for label in (self.title, self.caption):
            label.setWordWrap(True)
        self.plot = FigurePlot(palette)
        self.plot.setMinimumHeight(round((130 if is_small else 150) * self.plot.em()))
        self.plot.hovered.connect(self._hovered)
        column = QVBoxLayout(self)
        column.setContentsMargins(*((0, 0, 0, 0) if is_small else (12, 9, 10, 8)))
        column.setSpacing(3)
        column.addWidget(self.title)
        column.addWidget(self.plot, 1)
        column.addWidget(self.caption)

    def show_figure(self, figure: Figure, hues: dict[str, int]) -> None:
        """Draw it; `hues` give every name its colour, the same in all figures."""
        if figure == self._figure:
            return
        self._figure = figure
        self.title.setText(figure.title)
        self.caption.setText(figure.caption)
        curves = [
            Measured(
                name=series.name, x=np.array(series.x, float), y=np.array(series.y, float), hue=hues.get(series.name, 7),
                is_formula=series.kind == "formula",
            )
            for series in figure.series
        ]  # fmt: skip
        self.plot.show_figure(
            curves, (figure.x, figure.y), is_log_x=figure.is_log_x, is_log_y=figure.is_log_y, notes=figure.notes
        )
        self.setAccessibleName(figure.title)
        self.setAccessibleDescription(self.in_words())

    def in_words(self) -> str:
        """The figure for those who do not see it: what is drawn, and where each curve begins and ends."""
        if self._figure is None:
            return ""
        ends = [
            f"{line.name} goes from {self._value(line.y[0])} at {in_figures(line.x[0])} to {self._value(line.y[-1])} at "
            f"{in_figures(line.x[-1])}"
            for line in self._figure.series
            if line.kind == "measured" and line.x
        ]
        return f"{self._figure.caption} {self._figure.y} against {self._figure.x}: {'; '.join(ends)}."

    def _value(self, value: float) -> str:
        if self._figure is not None and any(word in self._figure.y for word in SHARE):
            return f"{value:.1%}" if value >= 0.0005 or value == 0 else f"{value:.1g}"
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

    def _hovered(self, x: float) -> None:
        if self._figure is None:
            return
        if not math.isfinite(x):
            self.caption.setText(self._figure.caption)
            self.plot.set_cursor(None)
            return
        place, values = self.plot.name_of(x)
        self.plot.set_cursor(math.log10(place) if self._figure.is_log_x else place)
        told = ", ".join(f"{name} {self._value(value)}" for name, value in values)
        self.caption.setText(f"{self._figure.x} {in_figures(place)}: {told}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of a panel."""
        if self._is_small:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(QPen(colour("line"), 1))
        painter.setBrush(colour("panel"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 9, 9)
        painter.end()


def hues_of(figures: tuple[Figure, ...]) -> dict[str, int]:
    """A colour for each name, in the order in which the names come."""
    names = [series.name for figure in figures for series in figure.series if series.kind == "measured"]
    return {name: place for place, name in enumerate(dict.fromkeys(names))}
