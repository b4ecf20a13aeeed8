"""The page of the gallery with a memory that grows: thumbnails of paths and of pictures, one slot large, and the decisions."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

from app.plots.bars import Bar, Bars
from app.plots.colours import Palette
from app.plots.curve import Band
from app.plots.decisions import DecisionPlot
from app.plots.kept import KeptPaths, KeptPictures
from app.plots.slot_picture import SlotPicture
from app.plots.thumbnails import ThumbnailSheet
from app.state.decision import decisions_of
from app.widgets.pane_frame import PaneFrame
from fake_growing import growing_trace


def memory(palette: Palette) -> QWidget:
    trace, pairs = growing_trace(300), growing_trace(120, garments=True)
    paths = KeptPaths(*(trace.arrays[f"memory.{name}"][-1] for name in ("past", "future", "decoded")))
    pictures = KeptPictures(*(pairs.arrays[f"memory.{name}"][-1] for name in ("top", "bottom")))
    page = QWidget()
    page.setObjectName("ground")
    grid = QGridLayout(page)
    sheets = []
    for kept, of in ((paths, trace), (pictures, pairs)):
        sheet, count = ThumbnailSheet(palette), of.arrays["memory.alive"].shape[1]
        sheet.grid.set_kept(kept, of, count)
        sheet.grid.show_slots(np.arange(count))
        sheet.grid.set_marks({2: 1, 4: 2, 7: 3}, count - 1, (4,), 9)
        sheets.append(sheet)
    large, bars, decisions, every = SlotPicture(palette), Bars(palette), DecisionPlot(palette), decisions_of(trace)
    large.show_slot(paths, 4, has_decoded=True)
    names = ("slot 12", "slot 31", "slot 4")
    bars.show_bars([Bar(name=name, value=value) for name, value in zip(names, (0.2, 0.92, 0.4), strict=True)], level=0.5)
    bands = [Band(first=phase.first, last=phase.last + 1, name=phase.name) for phase in trace.card.phases]
    decisions.show_decisions(every.best, every.threshold, every.stored, every.full, "sample", bands)
    decisions.set_cursor(120)
    shown = (
        ("paths", sheets[0]),
        ("pictures", sheets[1]),
        ("one slot", large),
        ("success and threshold", bars),
        ("the stream", decisions),
    )
    for number, (title, plot) in enumerate(shown):
        pane = PaneFrame("What was worth keeping?" if number < 3 else "Is it worth a slot?", title)
        pane.set_body(plot)
        grid.addWidget(pane, number // 2, number % 2, 1, 1 if number < 4 else 2)
    return page
