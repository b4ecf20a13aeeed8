"""How panes share the stage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot
from staged import table_with

from app.plots.colours import LIGHT
from app.state.panes import pane
from app.views.pane_registry import PANE_VIEWS
from app.views.pane_view import PaneView
from app.views.stage_grid import LEAST_HIGH, StageGrid, rows_for
from fake_traces import ntm_trace


def _panes(*names: str) -> list[PaneView]:
    state = table_with(ntm_trace(length=6, slots=16)).state
    return [PANE_VIEWS[name](state, state.a, pane(name), LIGHT) for name in names]


@pytest.mark.parametrize(
    ("wishes", "size", "rows"),
    [
        ((240, 185, 240), (822, 540), [3]),
        ((240, 185, 240), (404, 430), [2, 1]),
        ((240, 240, 240, 240), (822, 540), [2, 2]),
        ((240,) * 6, (822, 540), [3, 3]),
        ((400, 220, 330), (822, 540), [2, 1]),
        ((240,), (822, 540), [1]),
        ((), (822, 540), []),
    ],
)
def test_panes_stand_in_as_few_rows_as_are_read_well(wishes: tuple[int, ...], size: tuple[int, int], rows: list[int]) -> None:
    assert rows_for(wishes, *size) == rows


@given(st.lists(st.integers(100, 500), min_size=1, max_size=6), st.integers(1, 4000), st.integers(1, 3000))
def test_every_pane_has_a_place_whatever_the_size(wishes: list[int], width: int, height: int) -> None:
    rows = rows_for(wishes, width, height)

    assert sum(rows) == len(wishes)
    assert max(rows) - min(rows) <= 1


def test_panes_fill_the_grid_without_overlap_and_share_a_row_by_their_wishes(qtbot: QtBot) -> None:
    grid = StageGrid()
    qtbot.addWidget(grid)
    grid.resize(822, 540)

    grid.show_panes(_panes("Writes", "Memory", "Reads"))
    first, second, third = (pane.geometry() for pane in grid.panes)

    assert (first.left(), third.right() + 1, first.top(), first.bottom() + 1) == (0, 822, 0, 540)
    assert first.right() < second.left()
    assert second.right() < third.left()
    assert second.width() < first.width()


def test_a_pane_that_is_no_longer_shown_is_hidden(qtbot: QtBot) -> None:
    grid = StageGrid()
    qtbot.addWidget(grid)
    one, other = _panes("Writes", "Reads")
    grid.show_panes([one, other])

    grid.show_panes([other])

    assert one.isHidden()
    assert grid.panes == [other]


def test_in_a_small_window_rows_keep_a_readable_height_and_scroll(qtbot: QtBot) -> None:
    grid = StageGrid()
    qtbot.addWidget(grid)
    grid.resize(232, 180)

    grid.show_panes(_panes("Writes", "Memory", "Reads"))

    assert [pane.height() >= LEAST_HIGH for pane in grid.panes] == [True] * 3
    assert {pane.x() for pane in grid.panes} == {0}
    assert grid.panes[-1].geometry().bottom() > 180


def test_a_pane_that_needs_more_height_gets_it_and_the_rest_scrolls(qtbot: QtBot) -> None:
    grid = StageGrid()
    qtbot.addWidget(grid)
    grid.resize(440, 380)

    grid.show_panes(_panes("Trajectories", "Agents"))

    assert all(pane.height() >= pane.least_high > LEAST_HIGH for pane in grid.panes)
    assert grid.panes[-1].geometry().bottom() > 380
