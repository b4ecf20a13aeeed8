"""Measured curves with numbered axes, linear or logarithmic: points where something was measured, dashes for a formula."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.plots.axes import TICK_ROW, TITLE_ROW, Axis, paint_y_title
from app.plots.canvas import draw_text, text_width
from app.plots.colours import Palette, categories
from app.plots.curve import CurvePlot, Line
from app.plots.heatmap import Array

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
MOST_DOTS = 40
"""A line of more points is drawn without dots."""
MOST_DECADES = 6
"""A logarithmic scale goes so many powers of ten down from its largest value; what lies below stands on the floor."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """One curve of a figure; `hue` is its place among the categories, so that a name has one colour in all figures."""

    name: str
    x: Array
    y: Array
    hue: int = 0
    is_formula: bool = False


class FigurePlot(CurvePlot):
    """Curves with their names at the end, a grid of hairlines, and a number at each of its lines."""

    def __init__(self, palette: Palette) -> None:
        super().__init__(palette)
        self._measured: tuple[Measured, ...] = ()
        self._titles, self._log_x, self._log_y = ("", ""), False, False
        self._marks: tuple[tuple[float, str], ...] = ()

    @property
    def measured(self) -> tuple[Measured, ...]:
        """The curves that are drawn."""
        return self._measured

    def show_figure(
        self,
        curves: Sequence[Measured],
        titles: tuple[str, str],
        *,
        is_log_x: bool = False,
        is_log_y: bool = False,
        notes: Sequence[tuple[float, str]] = (),
    ) -> None:
        """Draw these curves; `titles` say what runs along and what runs up, `notes` stand upright at places of the x axis."""
        self._measured, self._titles, self._log_x, self._log_y = tuple(curves), titles, is_log_x, is_log_y
        self._marks = tuple(notes)
        self._fit()

    def set_palette(self, palette: Palette) -> None:
        """Another theme: the lines have its colours."""
        self.colours = palette
        self._fit()

    def name_of(self, x: float) -> tuple[float, list[tuple[str, float]]]:
        """The nearest place of a measured curve to `x`, as the axis counts it, and what each curve has there."""
        curves = [curve for curve in self._measured if not curve.is_formula and len(curve.x)]
        if not curves:
            return math.nan, []
        places = np.unique(np.concatenate([np.asarray(curve.x, float) for curve in curves]))
        shown = np.log10(places) if self._log_x else places
        place = float(places[np.abs(shown - x).argmin()])
        return place, [(c.name, float(c.y[np.flatnonzero(c.x == place)[0]])) for c in curves if (c.x == place).any()]

    def sizeHint(self) -> QSize:
        """A view would ask for the room that its picture has now; this one asks for what it needs."""
        return QSize(round(280 * self.em()), round(170 * self.em()))

    # ---- the inside ----

    def _fit(self) -> None:
        hues = categories(self.colours)
        self.set_axes(Axis(title=self._titles[0], binary=False), self._titles[1])
        x, y = self._range(0), self._range(1)
        self.set_x_limits(*x)
        self.set_limits(*y)
        lines = []
        for curve in sorted(self._measured, key=_order):
            look = hues[curve.hue % len(hues)]
            style = Qt.PenStyle.DashLine if curve.is_formula else Qt.PenStyle.SolidLine
            lines.append(
                Line(
                    x=self._along(curve.x), y=self._up(curve.y), name="" if curve.is_formula else curve.name,
                    colour=self.colours.muted if curve.is_formula else look.colour, style=style,
                    width=1.25 if curve.is_formula else 2,
                )
            )  # fmt: skip
        self.show_lines(lines)

    def _along(self, x: Array) -> Array:
        return np.log10(np.asarray(x, float)) if self._log_x else np.asarray(x, float)

    def _up(self, y: Array) -> Array:
        found = np.asarray(y, float)
        if not self._log_y:
            return found
        floor = self._given[0] if self._given is not None else -12.0
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(np.isnan(found), np.nan, np.maximum(np.log10(np.maximum(found, 0)), floor))

    def _range(self, axis: int) -> tuple[float, float]:
        """Both ends of an axis, on its grid."""
        is_log = self._log_y if axis else self._log_x
        every = [np.asarray(curve.y if axis else curve.x, float) for curve in self._measured]
        values = np.concatenate(every or [np.zeros(0)])
        values = values[np.isfinite(values) & ((values > 0) | (not is_log))]
        if not values.size:
            return 0.0, 1.0
        low, high = float(values.min()), float(values.max())
        if is_log:
            top = math.ceil(math.log10(high) - 1e-9) if axis else math.log10(high)
            bottom = math.floor(math.log10(low) + 1e-9) if axis else math.log10(low)
            bottom = max(bottom, top - MOST_DECADES) if axis else bottom
            return (bottom, top) if top > bottom else (bottom - 1, top)
        if not axis:
            return (low, high) if high > low else (low - 1, high + 1)
        each = _each(min(low, 0.0), high, 4)
        return math.floor(min(low, 0.0) / each) * each, max(math.ceil(high / each - 1e-9), 1) * each

    def _grid(self, axis: int) -> list[tuple[float, str]]:
        """Where the grid's lines are, as the axis counts, and what is written there."""
        (low, high), is_log = (self.y_limits(), self._log_y) if axis else (self.x_limits(), self._log_x)
        if is_log:
            return _powers(low, high, few=axis == 1)
        room = self.height() if axis else self.width()
        each = _each(low, high, max(2, min(round(room / ((44 if axis else 90) * self.em())), 8)))
        if not axis and all((np.asarray(curve.x) % 1 == 0).all() for curve in self._measured):
            each = max(each, 1.0)  # what is counted has no halves
        first, last = math.ceil(low / each - 1e-9), math.floor(high / each + 1e-9)
        return [(number * each, in_figures(number * each)) for number in range(first, last + 1)]

    # ---- painting ----

    def margins(self) -> tuple[float, float, float, float]:
        """Room for the numbers at the left and below, the titles, and the names at the lines' ends."""
        em, font = self.em(), self.face()
        left = max((text_width(font, text) for _, text in self._grid(1)), default=0.0) + 10 + 18 * em
        right = max((text_width(font, curve.name) for curve in self._measured if not curve.is_formula), default=0.0) + 12
        return left, (9 + 15 * bool(self._marks)) * em, right, (TICK_ROW + TITLE_ROW + 3) * em

    def drawBackground(self, painter: QPainter, rect: QRectF) -> None:
        """The lines of the grid lie below the curves."""
        super().drawBackground(painter, rect)
        plot, line = self.plot_rect(), self.colours.colour("line")
        for y, _ in self._grid(1):
            place = round(self.to_pixels(self.x_limits()[0], y).y())
            painter.fillRect(QRectF(plot.left(), place, plot.width(), 1), line)

    def _paint_axes(self, painter: QPainter, plot: QRectF) -> None:
        em, muted = self.em(), self.colours.colour("muted")
        for y, text in self._grid(1):
            place = round(self.to_pixels(self.x_limits()[0], y).y())
            draw_text(painter, QRectF(0, place - 8 * em, plot.left() - 7, 16 * em), text, Qt.AlignmentFlag.AlignRight, muted)
        for x, text in self._grid(0):
            place = round(self.to_pixels(x, self.y_limits()[0]).x())
            painter.fillRect(QRectF(place, plot.bottom(), 1, 4), muted)
            wide = text_width(painter.font(), text) + 4
            where = QRectF(place - wide / 2, plot.bottom() + 4, wide, TICK_ROW * em)
            draw_text(painter, where, text, Qt.AlignmentFlag.AlignHCenter, muted)
        painter.fillRect(QRectF(plot.left(), plot.bottom(), plot.width(), 1), muted)
        paint_y_title(painter, plot, self._titles[1] + (", log scale" if self._log_y else ""), muted)
        foot = QRectF(plot.left(), plot.bottom() + (TICK_ROW + 3) * em, plot.width(), TITLE_ROW * em)
        along = self._titles[0] + (", log scale" if self._log_x else "")
        draw_text(painter, foot, along, Qt.AlignmentFlag.AlignHCenter, muted)
        self._paint_marks(painter, plot)
        self._paint_dots(painter)

    def _paint_marks(self, painter: QPainter, plot: QRectF) -> None:
        """Upright dashes at places of the x axis, with their words above the plot."""
        em, muted, taken = self.em(), self.colours.colour("muted"), 0.0
        for x, text in sorted(self._marks):
            place = round(self.to_pixels(math.log10(x) if self._log_x else x, 0).x()) + 0.5
            painter.setPen(QPen(muted, 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(place, plot.top() - 3), QPointF(place, plot.bottom()))
            wide = text_width(painter.font(), text) + 2
            left = max(min(max(place - wide / 2, plot.left()), self.width() - wide), taken)
            taken = left + wide + 10
            draw_text(painter, QRectF(left, plot.top() - 19 * em, wide, 15 * em), text, Qt.AlignmentFlag.AlignLeft, muted)

    def _paint_dots(self, painter: QPainter) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        for line in self._lines:
            if line.style == Qt.PenStyle.SolidLine and len(line.x) <= MOST_DOTS:
                painter.setBrush(QColor(line.colour))
                for x, y in zip(line.x, line.y, strict=True):
                    if math.isfinite(y):
                        painter.drawEllipse(self.to_pixels(float(x), float(y)), 3, 3)
        painter.restore()

    def _place(self, position: QPointF) -> float:
        (first, last), plot = self.x_limits(), self.plot_rect()
        return first + (position.x() - plot.left()) / plot.width() * (last - first)


def _order(curve: Measured) -> tuple[bool, float]:
    """Formulas lie below; the others come from the highest end to the lowest, so that their names stand in that order."""
    ends = curve.y[np.isfinite(curve.y)]
    return not curve.is_formula, -float(ends[-1]) if len(ends) else 0.0


def in_figures(value: float) -> str:
    """A number as it stands at an axis: "0.25", "1,000", "4 M"."""
    size = abs(value)
    if size >= 1e6:
        small, letter = (value / 1e9, "G") if size >= 1e9 else (value / 1e6, "M")
        return f"{small:g} {letter}"
    if 0 < size < 1e-3 and math.log10(size) % 1 < 1e-9:
        return f"10{str(round(math.log10(size))).translate(_RAISED)}"
    text = f"{value:,.0f}" if size >= 1000 else f"{value:.4g}"
    return text.replace("-", "\N{MINUS SIGN}")


def _each(low: float, high: float, lines: int) -> float:
    """A round distance between grid lines, so that there are about so many."""
    rough = max(high - low, 1e-12) / lines
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)


def _powers(low: float, high: float, *, few: bool) -> list[tuple[float, str]]:
    """Powers of ten; with 2 and 5 between them where there is room."""
    factors = (1, 2, 5) if high - low < (1.2 if few else 2.2) else (1,)
    found = [
        (power + math.log10(factor), in_figures(factor * 10.0**power))
        for power in range(math.floor(low), math.ceil(high) + 1)
        for factor in factors
    ]
    return [(place, text) for place, text in found if low - 1e-6 <= place <= high + 1e-6]
