"""The page of the gallery with the pairs of a memory: asked, asked about nobody that is known, and while facts are told."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QWidget

from app.plots.colours import Palette
from app.plots.pairs import PairRow, PairsPlot
from app.widgets.pane_frame import PaneFrame
from fake_bank import TOLD

HEADS = ("key: what is matched", "value: what is returned")
NAMES = ("hop 1", "hop 2", "hop 3")


def pairs(palette: Palette) -> QWidget:
    page = QWidget()
    page.setObjectName("ground")
    grid = QGridLayout(page)
    rows = [PairRow(slot, key, value) for slot, (key, value, _) in enumerate(TOLD)]
    aside = [PairRow(row.number, row.key, row.value, is_candidate=False) for row in rows]
    asked = [rows[0], PairRow(1, rows[1].key, rows[1].value, is_needed=True), PairRow(-1, "2 pairs set aside"), *aside[2:]]
    weights = np.full((5, 3), np.nan, np.float32)
    weights[0], weights[1] = (0.4, 0.2, 0.1), (0.6, 0.8, 0.9)
    absent = np.full((5, 3), np.nan, np.float32)
    shown = (
        ("asked", asked, weights, 1),
        ("nobody that is known", [PairRow(-1, "4 pairs set aside"), *aside], absent, None),
        ("while facts are told", rows[:3], absent[:3], None),
        ("narrow", asked, weights, None),
    )
    for number, (title, some, values, hop) in enumerate(shown):
        pane, plot = PaneFrame("What matched, what was returned?", title), PairsPlot(palette)
        plot.matrix.set_scale(0.0, 1.0)
        plot.show_pairs(some, values, NAMES, HEADS)
        plot.set_hop(hop)
        plot.set_selected(1 if hop is not None else None, hop)
        pane.set_body(plot)
        grid.addWidget(pane, number // 2, number % 2)
    grid.setColumnStretch(0, 3)
    grid.setColumnStretch(1, 2)
    return page
