"""Who remembered? The state asks for one episode by itself, for a set when wished, and drops what nobody waits for."""

import numpy as np
import pytest

from app.state.remembering import WhoRemembered, answer_at, together
from engine.contract.messages import Cancel, Refused, Remember, Remembered, Working
from fake_remembering import remembering
from fake_traces import ntm_trace
from scripted import Desk, desk


@pytest.fixture
def table() -> Desk:
    """An episode is on screen, and somebody watches."""
    made = desk()
    made.show(ntm_trace())
    made.state.remembering["A"].watch()
    return made


def _who(table: Desk) -> WhoRemembered:
    return table.state.remembering["A"]


def _asked(table: Desk) -> list[Remember]:
    return [command for command in table.engine.sent if isinstance(command, Remember)]


def test_nothing_is_asked_while_nobody_looks():
    made = desk()

    made.show(ntm_trace())

    assert _asked(made) == []


def test_the_episode_on_screen_is_asked_for_once(table: Desk):
    assert [(wish.source.place, wish.episode.seed, wish.episodes) for wish in _asked(table)] == [("exhibit:ntm-copy", 0, 1)]


def test_another_episode_gives_the_first_up_and_asks_anew(table: Desk):
    first = _asked(table)[0]

    table.state.explorer.choose_episode(9)

    assert Cancel(request=first.request) in table.engine.sent
    assert _asked(table)[-1].episode.seed == 9


def test_an_answer_that_nobody_waits_for_is_dropped(table: Desk):
    first = _asked(table)[0]
    table.state.explorer.choose_episode(9)

    table.state.apply(Remembered(request=first.request, found=remembering(count=1, one=True)))

    assert _who(table).found.one is None


def test_going_back_finds_the_figures_again(table: Desk):
    found = remembering(count=1, one=True)
    table.state.apply(Remembered(request=_asked(table)[0].request, found=found))
    table.state.explorer.choose_episode(9)

    table.state.explorer.choose_episode(0)

    assert _who(table).found.one is found
    assert len(_asked(table)) == 2


def test_a_set_is_measured_with_what_has_come_so_far(table: Desk):
    _who(table).measure_set(64)
    wish = _asked(table)[-1]

    table.state.apply(Working(request=wish.request, done=12, total=64))
    table.state.apply(Remembered(request=wish.request, found=remembering(count=12, complete=False)))

    assert wish.episodes == 64
    assert _who(table).progress == (12, 64)
    assert _who(table).is_measuring_set
    assert _who(table).found.many.count == 12


def test_a_cancelled_set_keeps_what_has_come(table: Desk):
    _who(table).measure_set(64)
    wish = _asked(table)[-1]
    table.state.apply(Remembered(request=wish.request, found=remembering(count=12, complete=False)))

    _who(table).cancel()

    assert Cancel(request=wish.request) in table.engine.sent
    assert not _who(table).is_measuring_set
    assert _who(table).found.many.count == 12


def test_a_refusal_is_told_and_not_asked_again(table: Desk):
    table.state.apply(Refused(request=_asked(table)[0].request, sentence="There is no such run."))

    _who(table).catch_up()

    assert _who(table).found.refusal == "There is no such run."
    assert len(_asked(table)) == 1


def test_the_last_who_looks_away_ends_the_work(table: Desk):
    _who(table).leave()

    assert Cancel(request=_asked(table)[0].request) in table.engine.sent


def test_an_engine_that_comes_back_is_asked_again(table: Desk):
    _who(table).engine_is_ready(is_ready=False)

    _who(table).engine_is_ready(is_ready=True)

    assert len(_asked(table)) == 2


@pytest.mark.parametrize(("step", "answer"), [(0, 0), (10, 0), (11, 1), (30, 2), (99, 2)])
def test_the_answer_at_a_step_is_the_next_that_is_given(step: int, answer: int):
    assert answer_at(remembering(count=3, one=True), step) == answer


def test_two_sides_together_are_the_mean_of_both():
    a, b = remembering(), remembering(needs=("persistent",), kinds=("persistent",))

    measure, rows = together(a, b)

    found = {name: interval.mean for name, interval in rows}
    assert measure.name == "loss"
    mean = float(np.mean(a.values[""]["loss"]))
    assert found["everything"] == pytest.approx(mean)
    assert found["A cleared"] == pytest.approx(21 * mean)
    assert found["both cleared"] == pytest.approx(41 * mean)


def test_sides_that_answered_another_number_of_times_are_not_put_together():
    assert together(remembering(count=64), remembering(count=32)) is None
