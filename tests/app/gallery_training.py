"""A page of the gallery: the pictures that look at a training, with synthetic data."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.plots.axes import Axis, step_axis
from app.plots.colours import Palette, categories
from app.plots.curve import CurvePlot, Line
from app.plots.margin_curve import MarginCurve
from app.plots.matrix_plot import MatrixPlot
from app.widgets.list_row import ListRow
from app.widgets.pane_frame import PaneFrame

UPDATES = (0, 60, 80, 100, 160, 229, 340, 486, 712, 1045, 1526, 2185, 3078, 4518, 6632, 10000)
STEPS, TURNED = 27, 7


def training(palette: Palette) -> QWidget:
    page = QWidget()
    page.setObjectName("ground")
    line = QHBoxLayout(page)
    line.setSpacing(9)
    line.addWidget(_map(palette), 1)
    line.addWidget(_seeds(palette), 1)
    return page


def _map(palette: Palette) -> PaneFrame:
    pane, plot = PaneFrame("When was it learnt?", "Time map · 14 of 16 checkpoints"), MatrixPlot(palette)
    chance = np.random.default_rng(2)
    values = np.full((len(UPDATES), STEPS), np.nan, np.float32)
    values[:, 14:] = np.where(np.arange(len(UPDATES))[:, None] < TURNED, chance.uniform(2, 6, (len(UPDATES), STEPS - 14)), 0.1)
    values[3:5] = np.nan
    plot.set_axes(step_axis(), Axis(title="update", names=tuple(f"{update:,}" for update in UPDATES)))
    plot.set_scale(0, 8)
    plot.show_values(values)
    plot.set_cursor(20)
    plot.set_row_cursor(5)
    plot.set_selected(5, 20)
    row, column = MarginCurve(palette, plot, "above"), MarginCurve(palette, plot, "right")
    row.show_curve("at update 229", values[5], 8, 20)
    column.show_curve("step 21", values[:, 20], 8, 5)
    body = QWidget()
    grid = QGridLayout(body)
    grid.setSpacing(0)
    grid.addWidget(row, 0, 0)
    grid.addWidget(plot, 1, 0)
    grid.addWidget(column, 0, 1, 2, 1)
    grid.setRowStretch(1, 1)
    grid.setColumnStretch(0, 1)
    pane.set_body(body)
    return pane


def _seeds(palette: Palette) -> PaneFrame:
    pane, plot, rows = PaneFrame("Do all seeds learn it?", "Seeds · NTM on Copy"), CurvePlot(palette), QVBoxLayout()
    chance = np.random.default_rng(4)
    lines = []
    for seed, look in enumerate(categories(palette)):
        updates = np.arange(1, int(chance.integers(250, 900)), dtype=float)
        costs = 20 / (1 + np.exp((updates - updates[-1] * 0.6) / 70)) + chance.normal(0, 0.2, len(updates)) + 1.3
        lines += [Line(x=updates, y=costs, name=str(seed), colour=look.colour, style=look.line)]
        lines += [Line(x=updates[-1:], y=costs[-1:], colour=look.colour)]
        row = ListRow()
        row.set_sample(look.colour, look.line)
        row.show_row(f"Seed {seed}", note="learnt", below=f"{len(updates)} updates · 4.1 s", is_current=seed == 2)
        rows.addWidget(row)
    rows.addStretch(1)
    plot.set_axes(Axis(title="update", binary=False), "bits per sequence, mean of 1,000")
    plot.set_x_limits(0, 1000)
    plot.set_level(1.0, "goal: below 1 bit per sequence")
    plot.show_lines(lines)
    body = QWidget()
    line = QHBoxLayout(body)
    line.addWidget(plot, 1)
    side = QWidget()
    side.setLayout(rows)
    side.setFixedWidth(210)
    line.addWidget(side, 0, Qt.AlignmentFlag.AlignTop)
    pane.set_body(body)
    return pane
