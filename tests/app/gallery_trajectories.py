"""The page of the gallery with trajectories: a fan over a road, agents that cross, who looks at whom, one's own."""

import numpy as np
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from app.plots.agent_matrix import AgentMatrix
from app.plots.axes import Axis
from app.plots.colours import Palette
from app.plots.trajectories import TrajectoriesPlot
from app.plots.ways import GroundLook, Way
from app.widgets.pane_frame import PaneFrame
from app.widgets.trajectory_editor import TrajectoryEditor
from fake_trajectories import FORESEEN, PAST, junction_trace, social_trace

LANES = ("slot 3", "slot 1", "slot 2", "slot 4", "slot 5")


def trajectories(palette: Palette) -> QWidget:
    page = QWidget()
    page.setObjectName("ground")
    grid = QGridLayout(page)
    for number, (title, made) in enumerate((("junction", _junction(palette)), ("several agents", _agents(palette)))):
        pane = PaneFrame("Where will it go?", title)
        pane.set_body(made)
        grid.addWidget(pane, 0, number)
    pane, field = PaneFrame("Who looks at whom?", "Agents"), TrajectoryEditor()
    pane.set_body(_who(palette))
    grid.addWidget(pane, 1, 0)
    field.set_strokes((tuple((0.0, -15 + 0.75 * n) for n in range(20)), tuple((n * 0.5 - 8, 3.0) for n in range(20))))
    pane = PaneFrame("Draw where it came from", "the field")
    pane.set_body(field)
    grid.addWidget(pane, 1, 1)
    grid.setRowStretch(0, 3)
    grid.setRowStretch(1, 2)
    return page


def _junction(palette: Palette) -> TrajectoriesPlot:
    trace, plot = junction_trace(), TrajectoriesPlot(palette)
    past, truth, foreseen = (trace.arrays[f"scene.{name}"][2, 0] for name in ("past", "future", "foreseen"))
    ways = [Way(points=past, kind="past"), Way(points=truth, kind="truth", name="what happened", starts=PAST)]
    for k in range(FORESEEN):
        kind = "best" if k == 4 else "foreseen"
        ways.append(Way(points=foreseen[k], kind=kind, future=k, name=LANES[k], starts=PAST))
    plot.set_frame((-10, -9), (10, 13))
    plot.show_ways(ways, [(0, "1")], GroundLook(picture=trace.arrays["scene.map"][2], reach=16))
    plot.set_chosen([(0, 2)])
    plot.set_hovered(0, 0)
    return plot


def _agents(palette: Palette) -> TrajectoriesPlot:
    trace, plot = social_trace(), TrajectoriesPlot(palette)
    past, truth, foreseen = (trace.arrays[f"scene.{name}"][-1] for name in ("past", "future", "foreseen"))
    ways = []
    for agent in range(len(past)):
        ways.append(Way(points=past[agent], kind="past", agent=agent))
        ways.append(Way(points=foreseen[agent, 0], kind="best", agent=agent, future=0, starts=PAST))
        ways.append(Way(points=truth[agent], kind="truth", agent=agent, starts=PAST))
    plot.set_frame((-1.8, -1.8), (1.8, 1.8))
    plot.show_ways(ways, [(agent, str(agent + 1)) for agent in range(len(past))], GroundLook(), at=PAST + 4)
    plot.set_chosen([(1, -1)])
    return plot


def _who(palette: Palette) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    for name in ("flow", "counterfactual"):
        values = np.array(social_trace().arrays[f"who.{name}"][-1])
        np.fill_diagonal(values, np.nan)
        plot, numbers = AgentMatrix(palette), ("1", "2", "3", "4")
        plot.set_axes(Axis(title="by whom", names=numbers), Axis(title="who", names=numbers))
        plot.set_scale(0, 1 if name == "flow" else 1.5, "ramp", unit="" if name == "flow" else "m")
        plot.show_pairs(values, ((1, 0), (2, 1), (3, 2)))
        row.addWidget(plot)
    return holder
