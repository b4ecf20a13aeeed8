"""A page of the gallery: blocks and ways in several sizes, at a stage and without one, and an open arithmetic."""

import numpy as np
from PySide6.QtCore import QRect
from PySide6.QtWidgets import QGridLayout, QWidget

from app.plots.colours import Palette
from app.plots.wiring import WiringPlot
from app.plots.wiring_parts import BlockShown, StripShown, WireShown
from app.widgets.arithmetic_card import ArithmeticCard, FormulaShown
from app.widgets.pane_frame import PaneFrame

RANDOM = np.random.default_rng(5)


def _strip(name: str, symbol: str, shape: tuple[int, int], signed: bool, is_present: bool = False) -> StripShown:
    values = RANDOM.uniform(-1 if signed else 0, 1, shape).astype(np.float32)
    low, scale = (-1.0, "signed") if signed else (0.0, "ramp")
    return StripShown(name=name, symbol=symbol, values=values, low=low, scale=scale, is_present=is_present)  # type: ignore[arg-type]  # one of the names


def _blocks(at_stage: bool) -> list[BlockShown]:
    def block(name: str, row: int, columns: tuple[int, int], *strips: StripShown) -> BlockShown:
        return BlockShown(
            name=name, title=name, row=row, columns=columns, strips=strips, is_present=any(s.is_present for s in strips)
        )

    line = StripShown(name="line", symbol="", text="Where is Mary?")
    weighting = _strip("read weighting", "w", (2, 24), signed=False, is_present=at_stage)
    return [
        block("input", 0, (0, 2), line),
        block("controller", 0, (2, 4), _strip("output", "h", (1, 60), signed=True), _strip("cell", "c", (1, 60), signed=True)),
        block("output", 0, (4, 6), _strip("output", "y", (1, 8), signed=False)),
        block("read heads", 1, (0, 6), weighting, _strip("read vector", "r", (2, 20), signed=True)),
        block("memory", 2, (0, 6), _strip("memory", "M", (24, 20), signed=True)),
    ]


def _wires(at_stage: bool) -> list[WireShown]:
    return [
        WireShown(source="input", target="controller", says="x", is_faded=at_stage),
        WireShown(source="controller", target="controller", says="keeps", strength=0.8, is_faded=at_stage, is_later=True),
        WireShown(source="controller", target="output", says="h", is_faded=at_stage),
        WireShown(source="controller", target="read heads", says="steers", is_faded=at_stage),
        WireShown(source="read heads", target="controller", says="next step", is_later=True, is_faded=at_stage),
        WireShown(source="memory", target="read heads", says="reads", strength=0.97, is_present=at_stage),
    ]


def wiring(palette: Palette) -> QWidget:
    page = QWidget()
    page.setObjectName("ground")
    grid = QGridLayout(page)
    grid.setSpacing(9)
    for place, (at_stage, is_open) in enumerate(((False, False), (True, False), (True, True))):
        pane, plot = PaneFrame("How is it wired?", "Architecture · step 9"), WiringPlot(palette)
        plot.show_wiring(_blocks(at_stage), _wires(at_stage))
        pane.set_body(plot)
        grid.addWidget(pane, 0, place, 2 if place == 0 else 1, 1)
        if is_open:
            card = ArithmeticCard(plot)
            terms = (("r = 0.97·", -1), ("M[9]", 9), (" + …", -1))
            card.show_block("Read heads, step 9", "Choose a slot and take out what lies there.",
                            [FormulaShown(title="read vector, head 1", terms=terms, is_present=True)])  # fmt: skip
            card.open(QRect(20, 60, 300, 200))
    low, lowest = WiringPlot(palette), WiringPlot(palette)
    for place, (plot, height) in enumerate(((low, 230), (lowest, 130)), start=1):
        pane = PaneFrame("How is it wired?", f"in {height} pixels")
        plot.show_wiring(_blocks(False), _wires(False))
        pane.set_body(plot)
        pane.setFixedHeight(height)
        grid.addWidget(pane, 1, place)
    return page
