"""Lives as bars."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.plots.colours import DARK, LIGHT
from app.plots.lifetimes import MOST_PIECES, LifeBars, LifetimesPlot


def _bars(
    *bars: tuple[int, int, int], older: tuple[int, ...] = (), stays: tuple[int, ...] = (), texts: tuple[str, ...] = ()
) -> LifeBars:
    row, first, last = (np.array(part, int) for part in zip(*bars, strict=True))
    number = np.arange(len(bars))
    return LifeBars(row=row, first=first, last=last, older=np.isin(number, older), stays=np.isin(number, stays), texts=texts)


def _shown(
    qtbot: QtBot, strength: np.ndarray, bars: LifeBars, reads: tuple[tuple[int, int], ...] = (), high: int = 200
) -> LifetimesPlot:
    plot = LifetimesPlot(LIGHT)
    qtbot.addWidget(plot)
    plot.resize(400, high)
    places = np.array(reads, int).reshape(-1, 2)
    plot.show_lives(strength.astype(np.float32), bars, (places[:, 0], places[:, 1]))
    plot.show()
    return plot


def _picture(plot: LifetimesPlot) -> QImage:
    return plot.grab().toImage()


def _ink(plot: LifetimesPlot, row: int, step: int) -> QColor:
    """The colour in the middle of a bar."""
    where = plot._piece(row, step, step, 1.0).center().toPoint()
    return _picture(plot).pixelColor(where)


TWO_ROWS = np.array([[1, 1, 1, np.nan], [np.nan, 0.5, 0.5, 0.5]])


def test_a_bar_covers_the_steps_in_which_something_lives_and_no_others(qtbot: QtBot) -> None:
    plot = _shown(qtbot, TWO_ROWS, _bars((0, 0, 2), (1, 1, 3)))

    assert plot.draws_bars
    assert [_ink(plot, 0, step).name() == LIGHT.ink.lower() for step in range(4)] == [True, True, True, False]


def test_a_weaker_bar_is_paler_and_thinner(qtbot: QtBot) -> None:
    plot = _shown(qtbot, TWO_ROWS, _bars((0, 0, 2), (1, 1, 3)))

    assert _ink(plot, 1, 2).lightness() > _ink(plot, 0, 1).lightness()
    assert plot._piece(1, 2, 2, 0.5).height() < plot._piece(0, 1, 1, 1.0).height()


def test_a_read_stands_on_its_bar_as_a_tick(qtbot: QtBot) -> None:
    without = _picture(_shown(qtbot, TWO_ROWS, _bars((0, 0, 2), (1, 1, 3))))
    plot = _shown(qtbot, TWO_ROWS, _bars((0, 0, 2), (1, 1, 3)), reads=((0, 1),))
    bar = plot._piece(0, 1, 1, 1.0)
    above = int(bar.center().x()), int(bar.top()) - 4

    assert _picture(plot).pixelColor(*above) != without.pixelColor(*above)


def test_what_takes_the_place_of_something_else_begins_behind_a_gap(qtbot: QtBot) -> None:
    one = _shown(qtbot, np.ones((1, 8)), _bars((0, 0, 7)))
    two = _shown(qtbot, np.ones((1, 8)), _bars((0, 0, 3), (0, 4, 7)))
    edge = two._piece(0, 4, 4, 1.0)
    place = int(edge.left()) - 1, int(edge.center().y())

    assert _picture(one).pixelColor(*place).name() == LIGHT.ink.lower()
    assert _picture(two).pixelColor(*place).name() == LIGHT.panel.lower()


def test_a_bar_that_goes_on_points_beyond_the_record(qtbot: QtBot) -> None:
    ends, stays = (_shown(qtbot, np.ones((1, 4)), _bars((0, 0, 3), stays=s)) for s in ((), (0,)))
    place = int(stays.plot_rect().right()) + 4, int(stays._piece(0, 3, 3, 1.0).center().y())

    assert _picture(ends).pixelColor(*place) != _picture(stays).pixelColor(*place)


def test_a_wipe_is_a_bracket_over_all_rows(qtbot: QtBot) -> None:
    plot = _shown(qtbot, TWO_ROWS, _bars((0, 0, 2), (1, 1, 3)))
    before = _picture(plot)

    plot.set_ends((3,), "wiped", is_wiped=True)
    x = round(plot.cell_rect(0, 3).right()) + 1
    after = _picture(plot)

    assert all(after.pixelColor(x, y) != before.pixelColor(x, y) for y in (30, 60, 100))


def test_more_bars_than_can_be_told_apart_become_a_picture_of_cells(qtbot: QtBot) -> None:
    steps = MOST_PIECES + 1
    strength = (np.arange(steps) % 2).reshape(1, -1) / 2 + 0.2

    plot = _shown(qtbot, strength, _bars((0, 0, steps - 1)))

    assert not plot.draws_bars
    assert plot.heatmap.isVisible()
    assert plot.note.startswith("max of")


def test_rows_too_low_for_bars_become_a_picture_until_one_zooms_in(qtbot: QtBot) -> None:
    strength = np.ones((400, 6))
    plot = _shown(qtbot, strength, _bars(*((row, 0, 5) for row in range(400))))
    before = plot.draws_bars

    window = plot.full_window()
    window.setHeight(8)
    plot.show_window(window)

    assert (before, plot.draws_bars, plot.note) == (False, True, "")


def test_a_press_says_which_row_and_step(qtbot: QtBot) -> None:
    plot = _shown(qtbot, TWO_ROWS, _bars((0, 0, 2), (1, 1, 3)))

    with qtbot.waitSignal(plot.clicked) as pressed:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.cell_rect(1, 2).center().toPoint())

    assert pressed.args[:2] == [1, 2]


def test_what_a_bar_holds_is_written_where_there_is_room(qtbot: QtBot) -> None:
    bare, told = (_shown(qtbot, np.ones((2, 4)), _bars((0, 0, 3), (1, 0, 3), texts=t)) for t in (("", ""), ("garden", "")))

    assert _picture(bare) != _picture(told)


def test_another_theme_draws_in_its_own_ink(qtbot: QtBot) -> None:
    plot = _shown(qtbot, TWO_ROWS, _bars((0, 0, 2), (1, 1, 3)))

    plot.set_palette(DARK)

    assert _ink(plot, 0, 1).name() == DARK.ink.lower()
