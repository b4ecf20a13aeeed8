"""Checks 2, 3 and 5 of the window on the real program: it moves by itself, it needs no network, a detached view stays still."""

import socket

import pytest

from app.shell.first_minute import QUICK_MODEL, QUICK_SETTINGS, QUICK_TASK
from driving import Launch, Reader


def test_check_2_the_step_changes_without_any_input(launch: Launch) -> None:
    reader = launch()
    first = reader.state.playback.step

    reader.wait(lambda: reader.state.playback.step > first, patience=5_000)

    assert reader.state.playback.is_playing


def test_check_3_no_connection_is_tried_while_episodes_are_opened_recorded_and_changed(
    launch: Launch, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[object] = []

    def refuse(_: object, address: object) -> None:
        tried.append(address)
        raise OSError("there is no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    reader = launch()
    reader.wait_for_engine()
    reader.state.explorer.choose_episode(123)
    reader.wait_for_traces()
    reader.open_exhibit("memn2n-babi")

    assert reader.trace.card.model.id == "memn2n"
    assert tried == []


def test_check_5_new_checkpoints_change_no_pixel_of_a_detached_stage(ready: Reader) -> None:
    state = ready.state
    settings = {**QUICK_SETTINGS, "max_length": 3}
    run = state.trainer.start(QUICK_MODEL, QUICK_TASK, settings, seed=0, updates=5_000)
    state.explorer.open_run(run)
    ready.wait(lambda: len(run.checkpoints) >= 2 and state.a.trace is not None and state.a.trace.card.source == run.folder)
    state.explorer.choose_checkpoint(run.checkpoints[0])
    ready.wait_for_traces()
    state.playback.pause()
    ready.wait(lambda: state.a.trace is not None and state.a.trace.card.update == run.checkpoints[0])
    ready.window.panels.stage.settle()
    missed, before = state.training.missed, ready.pixels()

    ready.wait(lambda: state.training.missed >= missed + 2)
    ready.look()

    assert ready.pixels() == before
    assert "newer checkpoint" in state.training.badge
