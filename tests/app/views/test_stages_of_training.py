"""Each stage of a training has its own curve, unit and scale, wherever the window draws one."""

import pytest
from pytestqt.qtbot import QtBot
from staged import placed

from app.plots.colours import LIGHT
from app.plots.curve import CurvePlot
from app.views.lanes import TrainingLaneView
from app.views.training_live import TrainingLive
from fake_traces import ntm_trace
from scripted import Desk
from staged_run import STAGED, advance, staged_desk


def _live(qtbot: QtBot, table: Desk) -> TrainingLive:
    view = TrainingLive(table.state, LIGHT)
    qtbot.addWidget(view)
    view.show()
    view.settle()
    return view


def _updates(plot: CurvePlot) -> tuple[int, int]:
    line = plot._lines[0]
    return int(line.x.min()), int(line.x.max())


def test_the_live_curve_is_that_of_the_stage_now(qtbot: QtBot) -> None:
    table, _ = staged_desk(80)

    view = _live(qtbot, table)

    assert _updates(view.curve) == (61, 80)
    assert view.caption.text().startswith("Memory filling: share of samples stored")
    assert view.progress.text().endswith("Stage 2 of 2: memory filling")


def test_the_reader_may_look_at_an_earlier_stage_and_stays_there(qtbot: QtBot) -> None:
    table, run = staged_desk(80)
    view = _live(qtbot, table)

    view.stage.choose(1)
    advance(table, run, 90)
    view.settle()

    assert _updates(view.curve) == (1, 60)
    assert view.caption.text().startswith("Autoencoder: square metres, seeing the future")


def test_a_new_stage_is_shown_as_it_begins(qtbot: QtBot) -> None:
    table, run = staged_desk(50)
    view = _live(qtbot, table)
    before = view.stage.names

    advance(table, run, 70)
    view.settle()

    assert before == ("autoencoder",)
    assert view.stage.names == ("memory filling", "autoencoder")
    assert _updates(view.curve) == (61, 70)


@pytest.fixture
def shown() -> Desk:
    """The run is on screen at its last checkpoint."""
    table, run = staged_desk(80)
    table.state.explorer.open(run.place, 80)
    trace = ntm_trace()
    object.__setattr__(trace.card, "model", STAGED)
    table.bring(trace)
    return table


def test_the_lane_parts_the_curve_and_names_the_unit_at_the_cursor(qtbot: QtBot, shown: Desk) -> None:
    view = TrainingLaneView(shown.state, LIGHT)
    qtbot.addWidget(view)

    assert view.lane._stages == ((60, "autoencoder"), (2**62, "memory filling"))
    assert "stage 2 of 2: memory filling" in view.summary()


def test_in_the_lane_each_stage_fills_the_height(qtbot: QtBot, shown: Desk) -> None:
    """The second stage's losses are a thousandth of the first's: on one scale they would be a flat line."""
    view = TrainingLaneView(shown.state, LIGHT)
    qtbot.addWidget(view)
    lane = view.lane
    parts = [lane._losses[(lane._updates > first) & (lane._updates < last)] for first, last in lane._parts()]

    limits = [lane._limits(part) for part in parts]

    assert limits[0][1] == 500.0
    assert limits[1][1] == pytest.approx(0.89)


def test_the_pane_of_curves_offers_the_loss_of_each_stage(qtbot: QtBot, shown: Desk) -> None:
    view = placed(qtbot, shown.state, "Curves")
    names = view._choice.names

    view._choice.choose(len(names) - 1)
    view.show_trace(shown.state.a.trace)

    assert names[-2:] == ("loss over the training, autoencoder", "loss over the training, memory filling")
    assert _updates(view.findChild(CurvePlot)) == (61, 80)
    assert view.in_words(shown.state.a.trace, 0) == (
        "Loss of stage 2 of 2: memory filling (share of samples stored) over 20 measured updates."
    )
