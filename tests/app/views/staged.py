"""Panes on a made-up state, shown and settled, for tests of the panes."""

import itertools

from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.state.app_state import AppState
from app.state.comparison import Mode
from app.state.panes import pane
from app.views.pane_registry import PANE_VIEWS
from app.views.pane_view import PaneView
from engine.contract.messages import MapRow, MapTime, Progress, Remember, Remembered, RunEnded
from engine.contract.trace import Trace
from engine.courses import courses_of
from fake_remembering import remembering
from scripted import Desk, desk


def table_with(a: Trace, b: Trace | None = None, mode: Mode = "split") -> Desk:
    """A state that shows `a`, and beside it `b`."""
    table = desk()
    table.show(a)
    if b is not None:
        table.state.explorer.compare_with(b.card.source, b.card.update)
        table.bring(b)
        table.state.explorer.set_mode(mode)
    return table


def placed(
    qtbot: QtBot, state: AppState, name: str, side: str = "A", size: tuple[int, int] = (480, 420), trained: bool = True
) -> PaneView:
    """The pane on a side, on screen and drawn; `trained`: what looks at the training has one to look at."""
    view = PANE_VIEWS[name](state, state.a if side == "A" else state.b, pane(name), LIGHT)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    if trained:
        answer_maps(state)
    if trained and name == "Seeds":
        train_two_seeds(state)
    if trained and name == "Who remembered?":
        answer_clearing(state)
    view.settle()
    return view


def answer_maps(state: AppState) -> None:
    """Answer every wish for rows of a time map with the episode that is on screen, at each checkpoint alike."""
    engine, trace = state.engine, state.a.trace
    for wish in [command for command in getattr(engine, "sent", ()) if isinstance(command, MapTime)]:
        for update in wish.updates:
            state.apply(MapRow(request=wish.request, update=update, courses=courses_of(trace) if trace else ()))


def answer_clearing(state: AppState) -> None:
    """Answer every wish to run the episode again with memories cleared."""
    for wish in [command for command in getattr(state.engine, "sent", ()) if isinstance(command, Remember)]:
        state.apply(Remembered(request=wish.request, found=remembering(count=wish.episodes, one=wish.episodes == 1)))


def train_two_seeds(state: AppState) -> None:
    """A panel of two seeds that has come to its end."""
    numbers = itertools.count(1)
    state.trainer.new_folder = lambda name: f"runs/{name}-{next(numbers)}"
    state.seeds.start("ntm", "copy", {"stop_below": 1.0}, seeds=(0, 1), updates=9)
    for entry in state.seeds.entries:
        if entry.run is not None:
            points = ((1, 8.0), (2, 2.0), (3, 0.5))
            state.apply(Progress(run=entry.run.run, update=3, points=points, updates_per_second=1.0))
            state.apply(RunEnded(run=entry.run.run, reason="finished", update=3, is_solved=True, seconds=2.0))
