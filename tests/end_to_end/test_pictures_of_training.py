"""Check 6 of the window on the real program: a map that fills while a run trains, and both cursors set; and a panel of seeds."""

from app.plots.matrix_plot import MatrixPlot
from app.widgets.list_row import ListRow
from driving import Launch, Reader
from engine.contract.cards import Settings

TINY: Settings = {"bits": 3, "slots": 8, "slot_width": 4, "hidden": 16, "max_length": 3, "batch": 16, "learning_rate": 0.003}


def test_check_6_the_map_fills_while_a_run_trains_and_a_click_sets_both_cursors(ready: Reader) -> None:
    state, time_map = ready.state, ready.state.time_maps["A"]
    run = state.trainer.start("ntm", "copy", TINY, seed=0, updates=100_000)
    state.explorer.open_run(run)
    ready.wait(lambda: state.a.trace is not None and state.a.trace.card.source == run.folder)

    ready.command("Layout: Training")
    ready.wait(lambda: time_map.known >= 3)
    before = time_map.known
    ready.wait(lambda: time_map.known > before)
    state.trainer.pause()  # else another row may come between the look and the click
    ready.wait(lambda: run.status == "paused" and not time_map.is_waiting)
    ready.wait_for_traces()
    ready.pane("Time map").settle()
    plot = ready.pane("Time map").findChildren(MatrixPlot)[0]
    ready.click(plot, plot.cell_rect(1, 2).center())
    chosen = run.checkpoints[1]
    ready.wait(lambda: state.a.trace is not None and state.a.trace.card.update == chosen)

    assert state.playback.step == 2
    assert not state.training.is_following
    ready.pane("Time map").settle()
    assert plot.marks.row_cursor == 1
    assert plot.marks.cursor == 2


def test_a_panel_of_seeds_trains_them_all_in_two_processes_and_opens_one(ready: Reader) -> None:
    state = ready.state
    state.seeds.start("ntm", "copy", {**TINY, "stop_below": 1000.0, "batch": 500}, seeds=(0, 1, 2, 3), updates=50)
    state.stage.bring("Seeds")
    ready.wait(lambda: not state.seeds.is_live)
    trained = ready.program.engine.process_ids

    ready.wait(lambda: all(row.isEnabled() for row in ready.pane("Seeds").findChildren(ListRow)))
    ready.click(ready.pane("Seeds").findChildren(ListRow)[2])
    ready.wait_for_traces()

    assert state.seeds.count("solved") == 4
    assert len(trained) <= 3
    assert "4 of 4 seeds have learnt it" in ready.words()
    third = state.seeds.entries[2].run
    assert third is not None
    assert ready.trace.card.source == third.folder


def test_a_panel_that_is_stopped_begins_no_more_and_leaves_no_process(launch: Launch) -> None:
    reader = launch()
    reader.wait_for_engine()
    reader.state.playback.pause()
    reader.state.seeds.start("ntm", "copy", TINY, seeds=(0, 1, 2), updates=100_000)
    reader.wait(lambda: reader.state.seeds.count("training") == 2 and all(run.update for run in reader.state.training.all_live))

    reader.command("Stop the training")
    reader.wait(lambda: not reader.state.seeds.is_live and not reader.state.training.all_live)

    assert reader.state.seeds.count("stopped") == 3
    assert reader.state.seeds.entries[2].run is None
