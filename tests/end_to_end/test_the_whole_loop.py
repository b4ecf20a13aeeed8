"""The whole loop on the real window and the real engine: open, play, step, change, train, compare, export, reopen, quit."""

from pathlib import Path

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from app.export.carry import session_in
from driving import Launch, Reader, end, processes
from engine.contract.places import runs_folder


def test_the_whole_loop(launch: Launch, tmp_path: Path) -> None:
    reader = launch()

    _play_to_the_end(reader)
    _step_back(reader)
    _change_a_slot_and_see_the_answer_change(reader)
    _train_live(reader)
    _compare_two_models(reader)
    _export_a_figure(reader, tmp_path)
    _save_the_session_and_reopen_it(reader, tmp_path)
    _quit_in_the_middle_of_a_training(reader)
    _resume_the_run_at_the_next_launch(launch())


def _play_to_the_end(reader: Reader) -> None:
    """Something plays by itself; faster, and it comes to its last step."""
    reader.wait(lambda: reader.state.playback.step > 0)
    assert "Step" in reader.window.status.line.text

    reader.press(".", ".", ".", ".")
    reader.wait(lambda: not reader.state.playback.is_playing)

    assert reader.state.playback.step == reader.trace.steps - 1


def _step_back(reader: Reader) -> None:
    """Keys and button; once the engine is there, for its arrival moves what stands on the screen."""
    reader.wait_for_engine()
    last = reader.state.playback.step

    reader.press("Left", "Left", "Left")
    assert reader.state.playback.step == last - 3
    reader.click_button("Previous step (Left)", reader.window.panels.lanes)

    assert reader.state.playback.step == last - 4
    assert reader.window.status.line.text.startswith(f"Step {last - 3} of {last + 1}")


def _change_a_slot_and_see_the_answer_change(reader: Reader) -> None:
    reader.wait_for_engine()
    event = next(event for event in reader.trace.card.events if event.kind == "write" and event.step == 5)
    reader.press("G")
    reader.type("7")
    reader.press("Return")

    reader.click_slot(event.slot)
    reader.press("E")
    reader.click_button("what-if.erase")
    reader.press("Ctrl+Return")
    reader.wait(lambda: reader.state.b.trace is not None)

    result = reader.window.panels.inspector.what_if.result
    reader.wait(lambda: result.isVisible() and result.text() != "")
    assert result.text().startswith("Output changed:")
    assert reader.pane("Memory", "B").isVisible()
    assert reader.state.a.trace is not None
    assert reader.state.a.trace.card.edits == ()
    reader.press("C")


def _train_live(reader: Reader) -> None:
    """Fifty updates and more of the small preset, followed, left, and followed again."""
    reader.command("Train one yourself")
    reader.wait(lambda: (run := reader.state.training.live) is not None and run.update >= 50)
    run = reader.state.training.live
    assert run is not None
    reader.wait(lambda: reader.state.a.showing is not None and reader.state.a.showing.source.place == run.place)
    assert reader.window.bar.badge.follows == "live"
    assert len(run.points) >= 50
    reader.wait(lambda: len(run.checkpoints) >= 2)

    lane = reader.window.panels.lanes.training.lane
    reader.click(lane, QPointF(lane.x_of(0) + 2, 30))
    assert reader.window.bar.badge.follows == "detached"
    assert reader.state.explorer.update == 0

    reader.press("F")
    assert reader.window.bar.badge.follows == "live"
    reader.wait(lambda: reader.state.explorer.update not in (0, None))
    reader.command("Stop the training")
    reader.wait(lambda: reader.state.training.live is None)
    assert run.status == "stopped"


def _compare_two_models(reader: Reader) -> None:
    """NTM and LSTM on one episode, and their difference."""
    reader.open_exhibit("ntm-copy")
    reader.press("C")
    reader.click_button("Compare with …")
    reader.type("LSTM")
    reader.press("Return")
    reader.wait(lambda: reader.state.b.trace is not None)

    b = reader.state.b.trace
    assert b is not None
    assert (reader.trace.card.model.id, b.card.model.id) == ("ntm", "lstm")
    assert reader.trace.card.seed == b.card.seed
    differs, same = reader.state.comparison.differences()
    assert "model" in differs
    assert "episode" in same

    reader.press("D")
    assert reader.state.comparison.mode == "difference"
    reader.press("D")


def _export_a_figure(reader: Reader, folder: Path) -> None:
    place = folder / "stage.png"
    reader.window.exporting.choose_place = lambda _name, kinds: (
        str(place),
        next(kind for kind in kinds.split(";;") if "PNG" in kind),
    )

    reader.press("Ctrl+Shift+E")

    assert f"The figure is saved in {place}." in reader.words()
    session = session_in(place)
    assert session is not None
    assert session == reader.state.session()


def _save_the_session_and_reopen_it(reader: Reader, folder: Path) -> None:
    place = folder / "here.slotscope"
    reader.window.filing.choose_place = lambda _name, _kinds: str(place)  # type: ignore[method-assign]
    reader.window.filing.choose_file = lambda: str(place)  # type: ignore[method-assign]
    reader.press("Right", "Right")
    reader.press("Ctrl+S")
    before, saved = _panes(reader), reader.state.session()
    assert f"The session is saved in {place}." in reader.words()

    reader.press("Ctrl+Z", "C", "Home")
    reader.open_exhibit("memn2n-babi")
    reader.press("Ctrl+O")
    reader.wait_for_traces()

    assert reader.state.session() == saved
    assert _panes(reader) == before


def _panes(reader: Reader) -> bytes:
    """The stage to the last pixel, with the keyboard nowhere in it."""
    reader.window.panels.setFocus()
    reader.window.panels.stage.settle()
    reader.look()
    return reader.pixels()


def _quit_in_the_middle_of_a_training(reader: Reader) -> None:
    reader.command("Train one yourself")
    reader.wait(lambda: (run := reader.state.training.live) is not None and run.update >= 20)
    reader.window.ask_whether_to_close = reader.window._ask_whether_to_close
    QTimer.singleShot(200, lambda: _answer("Save and close"))

    reader.press("Ctrl+Q")
    assert not reader.window.isVisible()
    end(reader)

    assert processes() == []


def _answer(words: str) -> None:
    """Press a button of the one question that the window asks."""
    box = QApplication.activeModalWidget()
    assert isinstance(box, QMessageBox)
    next(made for made in box.buttons() if made.text() == words).click()


def _resume_the_run_at_the_next_launch(reader: Reader) -> None:
    reader.wait(lambda: reader.state.training.resumable is not None)
    run = reader.state.training.resumable
    assert run is not None
    assert Path(run.folder).parent == runs_folder()
    left_at = run.update
    assert left_at >= 20

    reader.command("Resume the run")
    reader.wait(lambda: run.status == "running" and run.update > left_at)
    reader.command("Stop the training")
    reader.wait(lambda: reader.state.training.live is None)
