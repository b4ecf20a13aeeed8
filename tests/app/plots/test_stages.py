"""The stages of an address stand over the same slots."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from app.plots.colours import LIGHT
from app.plots.stages import Stage, StagesPlot


def stages(slots: int, final: int) -> list[Stage]:
    return [Stage(name="content", weighting=np.full(slots, 1 / slots)), Stage(name="sharpen", weighting=np.eye(slots)[final])]


@pytest.fixture
def plot(qtbot) -> StagesPlot:
    made = StagesPlot(LIGHT)
    qtbot.addWidget(made)
    made.resize(420, 120)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_large_pane_shows_every_slot(plot: StagesPlot) -> None:
    plot.show_stages(stages(128, 5))

    assert plot.slots_shown() == (0, 128)


@pytest.mark.parametrize("final", [0, 64, 127])
def test_a_close_look_stays_with_the_slot_where_the_head_ends(qtbot, final: int) -> None:
    plot = StagesPlot(LIGHT, is_close=True)
    qtbot.addWidget(plot)
    plot.resize(300, 120)
    plot.show_stages(stages(128, final))

    first, last = plot.slots_shown()
    assert first <= final < last
    assert first >= 0
    assert last <= 128


def test_a_press_names_stage_and_slot(plot: StagesPlot, qtbot) -> None:
    plot.show_stages(stages(16, 3))
    where = plot.row_rect(1)
    place = QPoint(round(where.left() + where.width() * 3.5 / 16), round(where.center().y()))
    with qtbot.waitSignal(plot.stage_chosen) as stage, qtbot.waitSignal(plot.slot_clicked) as slot:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)

    assert (stage.args, slot.args) == ([1], [3])


def test_the_present_stage_and_slot_change_the_picture(plot: StagesPlot) -> None:
    plot.show_stages(stages(16, 3))
    before = plot.grab().toImage()
    plot.set_present(1)
    plot.set_slot(3)

    assert plot.grab().toImage() != before


def test_a_stage_that_does_not_exist_at_this_step_is_left_blank(plot: StagesPlot) -> None:
    plot.show_stages([Stage(name="content", weighting=np.full(8, np.nan))])

    assert not plot.grab().isNull()
