"""Panes on a made-up state, shown and settled, for tests of the panes."""

from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.state.app_state import AppState
from app.state.comparison import Mode
from app.state.panes import pane
from app.views.pane_registry import PANE_VIEWS
from app.views.pane_view import PaneView
from engine.contract.trace import Trace
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


def placed(qtbot: QtBot, state: AppState, name: str, side: str = "A", size: tuple[int, int] = (480, 420)) -> PaneView:
    """The pane on a side, on screen and drawn."""
    view = PANE_VIEWS[name](state, state.a if side == "A" else state.b, pane(name), LIGHT)
    qtbot.addWidget(view)
    view.resize(*size)
    view.show()
    view.settle()
    return view
