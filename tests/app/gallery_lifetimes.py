"""A page of the gallery: lives of an episodic and of a persistent memory, many and few, with and without words."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

from app.plots.axes import Axis, step_axis
from app.plots.colours import Palette
from app.plots.lifetimes import LifeBars, LifetimesPlot
from app.widgets.pane_frame import Frame, PaneFrame

RANDOM = np.random.default_rng(11)
WORDS = ("garden", "office", "kitchen", "hallway", "bedroom", "bathroom")


def lifetimes(palette: Palette) -> QWidget:
    """Four panes."""
    page = QWidget()
    page.setObjectName("ground")
    grid = QGridLayout(page)
    grid.setSpacing(9)
    sizes: tuple[tuple[str, Frame, int, int], ...] = (
        ("18 slots, wiped", "episode", 18, 40), ("10 slots, persistent", "persistent", 10, 40),
        ("64 slots, persistent", "persistent", 64, 200), ("600 slots, wiped", "episode", 600, 4000),
    )  # fmt: skip
    for place, (words, frame, rows, steps) in enumerate(sizes):
        pane = PaneFrame("How long does each memory live?", f"Lifetimes · {words}")
        pane.set_lifetime(frame)
        pane.set_body(_plot(palette, rows, steps, frame == "episode"))
        grid.addWidget(pane, place // 2, place % 2)
    return page


def _plot(palette: Palette, rows: int, steps: int, is_wiped: bool) -> LifetimesPlot:
    plot, strength, spans = LifetimesPlot(palette), np.full((rows, steps), np.nan, np.float32), []
    for row in range(rows):
        cuts = np.sort(RANDOM.choice(np.arange(steps), RANDOM.integers(1, 4), replace=False)).tolist()
        cuts = [0, *cuts] if row < rows // 3 and not is_wiped else cuts
        for first, after in zip(cuts, [*cuts[1:], steps], strict=True):
            if after > first:
                strength[row, first:after] = RANDOM.choice([0.2, 0.5, 1.0])
                spans.append((row, first, after - 1))
    row, first, last = (np.array(part) for part in zip(*spans, strict=True))
    bars = LifeBars(
        row=row, first=first, last=last, older=(first == 0) & (not is_wiped), stays=(last == steps - 1) & (not is_wiped),
        texts=() if is_wiped else tuple(WORDS[n] for n in RANDOM.integers(0, 6, len(row))),
    )  # fmt: skip
    reads = RANDOM.integers(0, rows, 3 * rows), RANDOM.integers(0, steps, 3 * rows)
    there = np.isfinite(strength[reads])
    plot.set_axes(step_axis(), Axis(title="slot", names=tuple(map(str, range(rows)))))
    plot.set_ends((steps // 2, steps - 1) if not is_wiped else (steps - 1,), "wiped" if is_wiped else "episode ends", is_wiped)
    plot.show_lives(strength, bars, (reads[0][there], reads[1][there]))
    plot.set_cursor(steps // 3)
    plot.set_selected(4)
    return plot
