"""Which layers does it remember: learned shares as bars, what each layer brings over the steps."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.bars import Bars
from app.plots.strips import StripsPlot
from app.state.lens import Selection
from app.state.panes import pane
from app.views.pane_view import PaneView
from fake_attention import feedback_trace, transformer_trace


def _strips(view: PaneView) -> StripsPlot:
    return view.findChildren(StripsPlot)[0]


def _bars(view: PaneView) -> Bars:
    return view.findChildren(Bars)[0]


def test_only_a_memory_that_mixes_layers_is_shown_here() -> None:
    assert pane("Layer mixture").fits(feedback_trace())
    assert not pane("Layer mixture").fits(transformer_trace())


def test_the_first_share_is_that_of_the_input_and_each_has_its_number(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(feedback_trace()).state, "Layer mixture")

    assert [(bar.name, bar.written) for bar in _bars(view)._bars] == [("input", "0.20"), ("layer 1", "0.30"), ("layer 2", "0.50")]


def test_shares_that_do_not_move_are_said_to_be_the_same_at_every_step(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(feedback_trace()).state, "Layer mixture")

    assert any(label.text() == "Shares of the layers, learned, the same at every step" for label in view.findChildren(QLabel))


def test_what_each_layer_brings_is_a_strip_over_the_steps(qtbot: QtBot) -> None:
    trace = feedback_trace()
    view = placed(qtbot, table_with(trace).state, "Layer mixture")

    assert _strips(view).axes[1].names == ("input", "layer 1", "layer 2")
    np.testing.assert_allclose(_strips(view)._values, trace.arrays["memory.contribution"].T)
    assert (_strips(view).colour_bar.low, _strips(view).colour_bar.high) == (0.0, 1.0)


def test_a_low_pane_keeps_the_bars_and_leaves_the_strips_out(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(feedback_trace()).state, "Layer mixture", size=(480, 160))

    assert _bars(view).isVisibleTo(view)
    assert not _strips(view).isVisibleTo(view)


def test_a_click_on_a_bar_or_a_strip_selects_the_layer(qtbot: QtBot) -> None:
    table = table_with(feedback_trace())
    view = placed(qtbot, table.state, "Layer mixture")

    _bars(view).clicked.emit(2)
    first = table.state.lens.selection
    _strips(view).clicked.emit(1, 4, Qt.KeyboardModifier.NoModifier)
    view.settle()

    assert first == Selection(channel="memory.layer_weights", layer=2)
    assert table.state.lens.selection == Selection(channel="memory.contribution", layer=1)
    assert table.state.playback.step == 4
    assert _strips(view).marks.selected == (1, 4)


def test_hovering_names_the_layer_and_its_number(qtbot: QtBot) -> None:
    trace = feedback_trace()
    table = table_with(trace)
    view = placed(qtbot, table.state, "Layer mixture")

    _strips(view).hovered.emit(0, 4)

    value = f"{float(trace.arrays['memory.contribution'][4, 0]):.2f}"
    assert table.state.lens.hover_says == f"what each layer brings, input, step 5: {value}"


def test_the_summary_tells_the_shares_and_what_brings_most(qtbot: QtBot) -> None:
    view = placed(qtbot, table_with(feedback_trace()).state, "Layer mixture")

    assert "input 0.20, layer 1 0.30, layer 2 0.50" in view.summary()
    assert "Most of what step 1 leaves comes from: " in view.summary()


def test_the_table_has_both_quantities_at_every_step(qtbot: QtBot) -> None:
    headers, rows = placed(qtbot, table_with(feedback_trace()).state, "Layer mixture").table()

    assert headers[1:3] == ["shares of the layers: input", "shares of the layers: layer 1"]
    assert len(rows) == 13
    assert {len(row) for row in rows} == {7}
