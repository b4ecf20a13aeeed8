"""The courier hands events over in order, and joins what would be painted over at once."""

import pytest
from pytestqt.qtbot import QtBot

from app.link.courier import Courier
from engine.contract.messages import (
    AnyEvent,
    CheckpointSaved,
    Progress,
    Refused,
    Request,
    RunEnded,
    RunId,
    Working,
)

ONE, TWO = RunId("one"), RunId("two")


def progress(run: RunId, *updates: int) -> Progress:
    return Progress(run=run, update=updates[-1], points=tuple((u, float(u)) for u in updates), updates_per_second=1.0)


def delivered(qtbot: QtBot, *events: AnyEvent) -> list[AnyEvent]:
    got: list[AnyEvent] = []
    courier = Courier(got.append)
    for event in events:
        courier.receive(event)
    qtbot.waitUntil(lambda: bool(got), timeout=1000)
    return got


def test_events_are_not_delivered_inside_the_call_that_brings_them(qtbot: QtBot) -> None:
    got: list[AnyEvent] = []
    courier = Courier(got.append)

    courier.receive(progress(ONE, 1))

    assert got == []
    qtbot.waitUntil(lambda: got == [progress(ONE, 1)], timeout=1000)


def test_progress_of_one_run_is_joined_and_keeps_all_its_points(qtbot: QtBot) -> None:
    got = delivered(qtbot, progress(ONE, 1, 2), progress(ONE, 3), progress(ONE, 4))

    assert got == [progress(ONE, 1, 2, 3, 4)]


def test_progress_of_two_runs_is_kept_apart(qtbot: QtBot) -> None:
    got = delivered(qtbot, progress(ONE, 1), progress(TWO, 1), progress(ONE, 2))

    assert got == [progress(ONE, 1, 2), progress(TWO, 1)]


def test_progress_does_not_overtake_what_else_its_run_said(qtbot: QtBot) -> None:
    saved = CheckpointSaved(run=ONE, update=1, held_out=0.5, is_best=True)
    ended = RunEnded(run=ONE, reason="finished", update=2)

    got = delivered(qtbot, progress(ONE, 1), saved, progress(ONE, 2), ended)

    assert got == [progress(ONE, 1), saved, progress(ONE, 2), ended]


def test_of_the_news_about_one_request_the_latest_wins(qtbot: QtBot) -> None:
    request = Request(1)
    answer = Refused(request=request, sentence="cancelled")

    got = delivered(qtbot, Working(request=request, done=1, total=9), Working(request=request, done=5, total=9), answer)

    assert got == [Working(request=request, done=5, total=9), answer]


def test_many_events_in_a_row_are_delivered_at_most_once_a_frame(qtbot: QtBot) -> None:
    deliveries: list[AnyEvent] = []
    courier = Courier(deliveries.append)
    courier.receive(progress(ONE, 1))
    qtbot.waitUntil(lambda: len(deliveries) == 1, timeout=1000)

    for update in range(2, 500):
        courier.receive(progress(ONE, update))
    qtbot.waitUntil(lambda: len(deliveries) == 2, timeout=1000)

    assert deliveries[1] == progress(ONE, *range(2, 500))


def test_an_event_that_cannot_be_applied_does_not_take_the_others_with_it(qtbot: QtBot) -> None:
    got: list[AnyEvent] = []

    def apply(event: AnyEvent) -> None:
        if isinstance(event, RunEnded):
            raise ValueError("no such run")
        got.append(event)

    courier = Courier(apply)
    courier.receive(RunEnded(run=ONE, reason="finished", update=2))
    courier.receive(progress(TWO, 1))
    with pytest.raises(ValueError, match="no such run"):
        courier.deliver()

    qtbot.waitUntil(lambda: got == [progress(TWO, 1)], timeout=1000)
