"""Ways over ground: equal scale both ways, what the pointer means, where names stand, what is pale."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.plots.trajectories import TrajectoriesPlot
from app.plots.ways import GroundLook, Way, key_of, label_places, nearest_way, scale_length

_LINE = np.array([[0.0, 0.0], [0.0, 4.0], [3.0, 6.0]], np.float32)


def _ways() -> list[Way]:
    return [
        Way(points=_LINE - (0, 4), kind="past", agent=0),
        Way(points=_LINE, kind="best", agent=0, future=0, name="slot 3", starts=2),
        Way(points=_LINE * (-1, 1), kind="foreseen", agent=0, future=1, name="slot 12", starts=2),
        Way(points=_LINE + 0.1, kind="truth", agent=0, name="what happened", starts=2),
    ]


@pytest.fixture
def plot(qtbot: QtBot) -> TrajectoriesPlot:
    made = TrajectoriesPlot(LIGHT)
    qtbot.addWidget(made)
    made.resize(400, 300)
    made.set_frame((-6, -6), (6, 8))
    made.show_ways(_ways(), [(0, "1")], GroundLook(picture=np.eye(8, dtype=np.float32), reach=5))
    made.show()
    return made


def test_a_metre_is_as_long_across_as_upwards_and_north_is_up(plot: TrajectoriesPlot) -> None:
    across = plot.to_pixels()

    assert across.m11() == -across.m22() > 0
    assert plot.plot_rect().contains(across.map(QPointF(-6, -6)))
    assert plot.plot_rect().contains(across.map(QPointF(6, 8)))


def test_the_pointer_means_the_nearest_line_and_nothing_far_from_all(plot: TrajectoriesPlot, qtbot: QtBot) -> None:
    across = plot.to_pixels()

    assert plot.found_at(across.map(QPointF(-1.5, 5))) == (0, 1)
    assert plot.found_at(across.map(QPointF(0, -2))) == (0, -1)
    assert plot.found_at(across.map(QPointF(5, -5))) == (-1, -1)


def test_a_press_on_a_line_says_whose_future_it_is(plot: TrajectoriesPlot, qtbot: QtBot) -> None:
    place = plot.to_pixels().map(QPointF(-1.5, 5)).toPoint()

    with qtbot.waitSignal(plot.clicked) as pressed:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert pressed.args[:2] == [0, 1]


def test_the_wheel_zooms_around_the_pointer_and_a_double_click_shows_all_again(plot: TrajectoriesPlot, qtbot: QtBot) -> None:
    at = QPointF(150, 120)
    before, held = plot.pixels_a_unit, plot.to_pixels().inverted()[0].map(at)
    turn = QWheelEvent(at, at, QPointF(0, 120).toPoint(), QPointF(0, 240).toPoint(), Qt.MouseButton.NoButton,
                       Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)  # fmt: skip

    plot.wheelEvent(turn)
    zoomed, still = plot.pixels_a_unit, plot.to_pixels().map(held)
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at.toPoint())

    assert zoomed > before * 1.1
    assert (still - at).manhattanLength() < 1
    assert plot.pixels_a_unit == before


def test_a_zoom_stays_while_other_samples_are_shown_and_goes_with_another_frame(plot: TrajectoriesPlot) -> None:
    plot.look_at(QRectF(-1, -1, 2, 2))
    zoomed = plot.pixels_a_unit

    plot.show_ways(_ways()[:2], [(0, "1")], GroundLook())
    kept = plot.pixels_a_unit
    plot.set_frame((-60, -60), (60, 80))

    assert kept == zoomed
    assert plot.pixels_a_unit < zoomed / 10


def test_arrows_walk_from_future_to_future(plot: TrajectoriesPlot, qtbot: QtBot) -> None:
    told: list[tuple[int, int]] = []
    plot.clicked.connect(lambda agent, future, _: (told.append((agent, future)), plot.set_chosen([(agent, future)])))

    plot.enter()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    qtbot.keyClick(plot, Qt.Key.Key_Left)

    assert told == [(0, 0), (0, 1), (0, 1)]


def test_what_has_not_come_yet_is_pale(plot: TrajectoriesPlot) -> None:
    foreseen = _ways()[1]

    assert [foreseen.done(at, 3) for at in (None, 0, 2, 3, 9)] == [3, 0, 1, 2, 3]
    assert [foreseen.point_now(at, 3) for at in (None, 0, 2, 3)] == [None, None, None, 1]
    assert [_ways()[0].point_now(at, 3) for at in (None, 0, 2, 3)] == [2, 0, 2, None]


def test_the_key_names_the_lines_that_are_there() -> None:
    assert [key.says for key in key_of(_ways())] == ["seen", "closest", "also foreseen", "what happened"]
    assert [key.says for key in key_of(_ways()[:3])] == ["seen", "likeliest", "also foreseen"]
    assert [key.says for key in key_of(_ways()[:2])] == ["seen", "foreseen"]


@pytest.mark.parametrize(("pixels", "length"), [(1.0, 50.0), (9.0, 10.0), (10.0, 5.0), (300.0, 0.2), (0.004, 20000.0)])
def test_the_scale_bar_is_round(pixels: float, length: float) -> None:
    assert scale_length(pixels, 90) == pytest.approx(length)


def test_names_never_cover_each_other_and_stay_inside() -> None:
    chance = np.random.default_rng(2)
    lines = [np.cumsum(chance.normal(0, 6, (20, 2)), 0) + 150 for _ in range(20)]
    within = QRectF(10, 10, 280, 280)

    places = [place for place in label_places(lines, [48.0] * 20, 13, within) if place is not None]

    assert len(places) > 5
    assert all(within.contains(place) for place in places)
    assert not any(one.intersects(other) for n, one in enumerate(places) for other in places[:n])


def test_of_two_lines_equally_near_the_upper_one_is_meant() -> None:
    lower, upper = _ways()[2], _ways()[1]

    assert nearest_way([(lower, _LINE * 10), (upper, _LINE * 10)], (0, 20), 9) is upper
    assert nearest_way([(lower, _LINE * 10)], (40, 20), 9) is None


def test_a_map_is_turned_with_the_agent() -> None:
    look = GroundLook(picture=np.zeros((10, 20), np.float32), middle=(3, 4), reach=5, turn=90)

    south_west, south_east = look.place().map(QPointF(0, 0)), look.place().map(QPointF(20, 0))

    assert (south_west - QPointF(8, -1)).manhattanLength() < 1e-9
    assert (south_east - QPointF(8, 9)).manhattanLength() < 1e-9
