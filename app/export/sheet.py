"""The sheet of a figure: title, panes, legend and caption as one widget of a fixed width, ready to be painted on anything."""

from dataclasses import dataclass
from itertools import zip_longest

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QGraphicsView, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from app.export.legend import Legend, entries
from app.export.shot import TAPE, Shot, at_step, caption, is_by_sample, state_of
from app.plots.colours import Palette
from app.state.panes import beside, pane, parted
from app.state.side import Side
from app.views.pane_registry import PANE_VIEWS
from app.views.pane_view import PaneView, Stale
from app.views.panes.over_steps import OverSteps
from app.views.stream_lane_view import StreamLaneView
from engine.contract.trace import Trace

MARGIN = 12
HEADER = 22
LEAST_HEIGHT = 140
STRIP, ROOM_FOR_AXES = 92, 40
"""Pixels of one of several strips, and of the axis below them."""
TAPE_HEIGHT = 132
"""Of a tape above other panes, in pixels at the standard size of type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A form of figure: how wide on paper, and how many pixels of the interface that is."""

    name: str
    title: str
    width_mm: float
    pixels: int
    aspect: float | None = None
    """Height of the whole figure as a share of its width; None: as high as its panes need."""
    pane_height: int = 300
    beside: int = 1
    """How many panes stand beside each other at most."""


PRESETS = (
    Preset(name="column", title="One column (85 mm)", width_mm=85.0, pixels=420, pane_height=280, beside=1),
    Preset(name="columns", title="Two columns (180 mm)", width_mm=180.0, pixels=890, pane_height=340, beside=3),
    Preset(name="slide", title="Slide (16:9)", width_mm=254.0, pixels=1120, aspect=9 / 16, beside=4),
)
STREAMS = Preset(name="streams", title="Two streams (16:10)", width_mm=254.0, pixels=1440, aspect=10 / 16, beside=4)
"""The form of two streams beside each other: as wide as the window, since all of it stands in one picture."""
SHARES = (11, 5)
"""How the height of two streams is shared out between what stands on a side and what shows both."""
_BY_NAME = {preset.name: preset for preset in PRESETS}


def preset(name: str) -> Preset:
    """The preset of this name; ValueError with the names that there are."""
    if name not in _BY_NAME:
        raise ValueError(f"{name}: no such form of figure; there are {', '.join(_BY_NAME)}")
    return _BY_NAME[name]


class Sheet(QWidget):
    """A figure that can be painted again at other steps. Call `close_down` when it is no longer needed."""

    def __init__(self, shot: Shot, panes: tuple[str, ...], form: Preset, colours: Palette) -> None:
        super().__init__()
        self._shot, self._names, self._form, self._colours = shot, panes, form, colours
        self._cells: list[_Cell] = []
        self._state = state_of(shot)
        self.setFont(standard_font())
        self.setStyleSheet(
            f"QLabel {{ color: {colours.ink}; background: transparent; }}"
            f'QLabel[tone="muted"], QLabel[role="muted"] {{ color: {colours.muted}; }}'
        )
        self._caption = QLabel(wordWrap=True)
        self._caption.setProperty("tone", "muted")
        self._caption.setFont(standard_font(11))
        self._legend = Legend(colours)
        self._legend.setFont(standard_font(11))
        self._lay_out()
        self._set_type()
        self._show()
        self._fit()

    @property
    def views(self) -> tuple[PaneView, ...]:
        """The panes on the sheet, each on A before B."""
        return tuple(cell.view for cell in self._cells)

    @property
    def mm(self) -> float:
        """Millimetres of one pixel, on paper."""
        return self._form.width_mm / self.width()

    def go_to(self, step: int) -> None:
        """Show another step; the layout stays, so that the frames of an animation lie exactly upon each other."""
        self._shot = at_step(self._shot, step)
        self._state.playback.go_to(step)
        self._show()

    def paint_on(self, painter: QPainter) -> None:
        """Paint it all, one unit of the painter for each pixel."""
        painter.fillRect(QRectF(self.rect()), self._colours.colour("panel"))
        self.render(painter, QPoint(0, 0), QRegion(), QWidget.RenderFlag.DrawChildren)

    def close_down(self) -> None:
        """Let the panes listen no more."""
        for cell in self._cells:
            cell.view.close_down()
            cell.view.deleteLater()
        self.deleteLater()

    # ---- the inside ----

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(10)
        is_over_others = TAPE in self._names and len(self._names) > 1 and not is_by_sample(self._shot)
        if is_over_others:
            for line in self._lines((TAPE,)):
                column.addLayout(self._row(line, TAPE_HEIGHT))
        lines = self._lines(tuple(name for name in self._names if name != TAPE or not is_over_others))
        shares = SHARES if is_by_sample(self._shot) else (1,)
        for number, line in enumerate(lines):
            column.addLayout(self._row(line, self._form.pane_height), shares[min(number, len(shares) - 1)])
        if is_by_sample(self._shot):
            column.addWidget(StreamLaneView(self._state, self._colours))
        column.addWidget(self._legend)
        column.addWidget(self._caption)

    def _lines(self, names: tuple[str, ...]) -> list[list[tuple[str, Side]]]:
        """Panes in rows of nearly equal length; A and B of one pane stay together where there is room for both."""
        if is_by_sample(self._shot) and self._shot.session.mode == "split" and self._shot.b is not None:
            return self._of_streams(names, self._shot.b)
        if self._shot.b is None:
            cells, together = [(name, self._state.a) for name in names], 1
        else:
            others = beside(names, self._shot.b) if self._shot.session.mode == "split" else names
            pairs = zip_longest(((name, self._state.a) for name in names), ((name, self._state.b) for name in others))
            cells, together = [cell for pair in pairs for cell in pair if cell is not None], 2
        most = max(self._form.beside // together * together, 1)
        rows = -(-len(cells) // most)
        each = -(-len(cells) // max(rows, 1))
        each = -(-each // together) * together if most >= together else each
        return [cells[start : start + each] for start in range(0, len(cells), each)]

    def _of_streams(self, names: tuple[str, ...], b: Trace) -> list[list[tuple[str, Side]]]:
        """Both sides in one row, and below them what shows both in one picture."""
        of_a, of_b, both = parted(tuple(name for name in names if name != TAPE), self._shot.a, b)
        above = [*((name, self._state.a) for name in of_a), *((name, self._state.b) for name in of_b)]
        below = [(name, self._state.a if pane(name).fits(self._shot.a) else self._state.b) for name in both]
        return [line for line in (above, below) if line]

    def _row(self, line: list[tuple[str, Side]], height: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(14)
        for name, side in line:
            view = PANE_VIEWS[name](self._state, side, pane(name), self._colours)
            view.settle()  # what it shows decides how wide it wishes to be
            of_both = pane(name).is_for_both and is_by_sample(self._shot)
            cell = _Cell(view, self._colours, side.name if self._shot.b is not None and not of_both else "")
            if is_by_sample(self._shot):
                cell.yields()
            cell.setMinimumHeight(max(_least_height(view), height if self._form.aspect is None or name == TAPE else LEAST_HEIGHT))
            if name == TAPE:
                cell.setMaximumHeight(cell.minimumHeight())
            row.addWidget(cell, view.wish)
            self._cells.append(cell)
        return row

    def _show(self) -> None:
        for cell in self._cells:
            cell.show_now()
        for view in self.findChildren(QGraphicsView):
            view.setRenderHint(QPainter.RenderHint.LosslessImageRendering)  # in a PDF: data is no photograph
        shown = tuple(name for name in self._names if name != TAPE or not is_by_sample(self._shot))
        self._legend.show_entries(entries(self._shot, shown))
        self._caption.setText(caption(self._shot))

    def _set_type(self) -> None:
        """Once they lie on the sheet: a style sheet gives every widget that comes under it the window's own type."""
        self.ensurePolished()
        for part in self.findChildren(QWidget):
            part.ensurePolished()
            part.setFont(standard_font(11 if part in (self._legend, self._caption) else 13))

    def _fit(self) -> None:
        """As wide as the form says, as high as the panes need; a slide keeps its shape, and its type becomes smaller instead."""
        width = self._form.pixels
        wanted = self._column.totalMinimumHeightForWidth(width)
        if self._form.aspect is not None:
            wanted = max(round(width * self._form.aspect), wanted)
            width = round(wanted / self._form.aspect)
        self.setFixedSize(width, wanted)
        self._column.activate()
        for cell in self._cells:
            cell.fit()


class _Cell(QWidget):
    """One pane of the sheet: its question above the very widget that the window shows."""

    def __init__(self, view: PaneView, colours: Palette, side: str) -> None:
        super().__init__()
        self.view, self._colours, self._side, self._yields = view, colours, side, False
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, HEADER, 0, 0)
        if view.frame.body is not None:
            column.addWidget(view.frame.body)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def yields(self) -> None:
        """Let the sheet decide how high it is: what does not fit is left out, as in the window."""
        self._yields = True
        self._column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def minimumSizeHint(self) -> QSize:
        """What it shows decides, unless the sheet does."""
        return QSize(0, self.minimumHeight()) if self._yields else super().minimumSizeHint()

    def hasHeightForWidth(self) -> bool:
        """Whether what it shows is higher where it is narrower; a cell that yields is as high as it is let."""
        return not self._yields and super().hasHeightForWidth()

    def fit(self) -> None:
        """Tell the pane how large it is here: what it shows may hang on that."""
        self.view.resize(self.size())
        self.view.invalidate(Stale.TRACE)
        self.view.settle()

    def show_now(self) -> None:
        """Draw what the state says."""
        self.view.settle()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The side, the question, the technical name."""
        painter = QPainter(self)
        left = self._word(painter, 0.0, self._side, "muted", QFont.Weight.Bold) + 8 if self._side else 0.0
        left = self._word(painter, left, self.view.card.question, "ink", QFont.Weight.DemiBold)
        trace = self.view.side.trace
        self._word(painter, left + 8, self.view.technical() if trace is not None else "", "muted", QFont.Weight.Normal)
        painter.end()

    def _word(self, painter: QPainter, left: float, text: str, token: str, weight: QFont.Weight) -> float:
        room = max(self.width() - left, 0.0)
        sizes = (12,) if token == "muted" else (13, 12, 11)  # a question is rather written smaller than cut short
        fonts = [standard_font(size, weight) for size in sizes]
        font = next((font for font in fonts if QFontMetricsF(font).horizontalAdvance(text) <= room), fonts[-1])
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(self._colours.colour(token))
        painter.drawText(QPointF(left, 14), shown)
        return left + metrics.horizontalAdvance(shown)


def standard_font(pixels: int = 13, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """The interface font at its standard size, whatever size the reader has chosen for the window."""
    font = QFont(QGuiApplication.font())
    font.setPixelSize(pixels)
    font.setWeight(weight)
    font.unsetFeature(QFont.Tag("tnum"))  # a PDF forgets which digit such a figure is, and nobody could search or copy it
    return font


def _least_height(view: PaneView) -> int:
    """Strips below each other need room for each of them; on a screen those that do not fit are left out."""
    trace = view.side.trace
    if not isinstance(view, OverSteps) or trace is None:
        return 0
    strips = len(view.strips(trace))
    return HEADER + strips * STRIP + ROOM_FOR_AXES + view.below() if strips > 1 else 0
