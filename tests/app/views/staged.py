"""Panes on a made-up state, shown and settled, for tests of the panes."""

from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.state.app_state import AppState
from app.state.comparison import Mode
from app.state.panes import pane
from app.views.pane_registry import PANE_VIEWS
from app.views.pane_view import PaneView
from engine.contract.messages import MapRow, MapTime
from engine.contract.trace import Trace
from engine.courses import courses_of
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
    qtbot: QtBot, state: AppState, name: str, side: str = "A", size: tuple[int, int] = (480, 420), maps: bool = True
) -> PaneView:
    """The pane on a side, on screen and drawn; `maps`: its wishes for rows of a time map are answered."""
    view = PANE_VIEWS[name](state, state.a if side == "A" else state.b, pane(name), LIGHT)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    if maps:
        answer_maps(state)
    view.settle()
    return view


def answer_maps(state: AppState) -> None:
    """Answer every wish for rows of a time map with the episode that is on screen, at each checkpoint alike."""
    engine, trace = state.engine, state.a.trace
    for wish in [command for command in getattr(engine, "sent", ()) if isinstance(command, MapTime)]:
        for update in wish.updates:
            state.apply(MapRow(request=wish.request, update=update, courses=courses_of(trace) if trace else ()))
