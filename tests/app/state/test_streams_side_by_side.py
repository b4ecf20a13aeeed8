"""Two streams on one clock: a sample of many steps beside a sample of one."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.app_state import AppState
from app.state.playback import Playback, moved
from app.state.side import Showing
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace import Trace
from fake_stream import EACH, episodic_stream, persistent_stream
from scripted import desk


def beside(a: Trace, b: Trace) -> AppState:
    """A state with the two traces as A and B."""
    state = desk().state
    state.explorer.show_trace(a)
    state.comparison.show("split", edited_copy=False)
    state.b.wish(Showing(source=Source(place=b.card.source), episode=EpisodeWish(seed=b.card.seed)), None)
    state.b.take(None, b)
    state.explorer.set_mode("split")
    return state


@pytest.fixture
def state() -> AppState:
    return beside(episodic_stream(30), persistent_stream(30))


def test_the_rule_is_said_in_words(state: AppState) -> None:
    assert state.comparison.rule == "aligned by sample, 30 each"


def test_streams_of_unequal_length_say_both() -> None:
    state = beside(episodic_stream(30), persistent_stream(20))

    assert state.comparison.rule == "aligned by sample; A has 30, B has 20 samples"
    assert state.playback.samples == 30


@pytest.mark.parametrize(
    "make", [lambda: beside(episodic_stream(9), persistent_stream(9)), lambda: beside(persistent_stream(9), episodic_stream(9))]
)
def test_the_clock_has_the_steps_of_the_side_that_takes_more(make: Callable[[], AppState]) -> None:
    state = make()

    assert (state.playback.length, state.playback.sample_steps) == (9 * EACH, EACH)


def test_each_side_stands_at_the_same_sample(state: AppState) -> None:
    state.playback.go_to(17 * EACH + 25)

    assert state.comparison.step_of(state.a, state.playback.step) == 17 * EACH + 25
    assert state.comparison.step_of(state.b, state.playback.step) == 17


def test_a_choice_on_the_shorter_side_keeps_the_step_inside_the_sample(state: AppState) -> None:
    state.playback.go_to(17 * EACH + 25)

    assert state.comparison.clock_at(state.b, 4, state.playback.step) == 4 * EACH + 25


def test_a_sample_that_one_side_does_not_have_lies_beyond_its_end() -> None:
    state = beside(episodic_stream(30), persistent_stream(20))
    state.playback.go_to(25 * EACH)

    assert state.b.trace is not None
    assert state.comparison.step_of(state.b, state.playback.step) >= state.b.trace.steps


@given(st.integers(0, 5000), st.integers(1, 80), st.integers(1, 80))
def test_there_and_back_is_the_same_sample(step: int, each: int, others: int) -> None:
    there = moved(step, each, others)

    assert there // others == step // each
    assert moved(there, others, each, step) // each == step // each


@given(st.integers(0, 500), st.integers(2, 80), st.integers(0, 79))
def test_where_a_sample_is_one_step_the_way_back_keeps_the_place_inside_it(sample: int, each: int, inside: int) -> None:
    now = sample * each + inside % each

    assert moved(moved(now, each, 1), 1, each, now) == now


def test_a_second_side_leaves_the_reader_at_his_sample() -> None:
    state = beside(persistent_stream(30), persistent_stream(30))
    state.playback.go_to(12)

    state.b.take(None, episodic_stream(30))
    state.explorer.set_mode("split")

    assert state.playback.sample == 12


def test_one_side_alone_has_its_own_steps_again(state: AppState) -> None:
    state.playback.go_to(12 * EACH + 3)

    state.explorer.close_b()

    assert (state.playback.step, state.playback.length) == (12 * EACH + 3, 30 * EACH)


def test_the_next_event_is_the_next_sample_that_was_stored(state: AppState) -> None:
    assert state.b.trace is not None
    state.playback.go_to(10)
    stored = sorted(event.step for event in state.b.trace.card.events if event.kind == "write" and event.step > 0)

    state.explorer.move_event(1)

    assert state.playback.step == stored[0] * EACH + 10


def test_a_session_comes_back_to_its_sample_though_b_must_be_recorded_first(state: AppState) -> None:
    state.playback.go_to(3)
    playback = Playback()
    playback.load(30, 0, 1)

    playback.come_to(3, None, EACH)
    before = playback.step
    playback.load(30 * EACH, 0, EACH)

    assert (before, playback.step) == (0, 3)


class TestGoingBySamples:
    """Keys and play at the pace of samples."""

    @pytest.fixture(autouse=True)
    def _playback(self) -> None:
        self.playback = Playback()
        self.playback.load(5 * 10, 0, 10)
        self.playback.set_pace("sample")

    def test_the_label_counts_samples(self) -> None:
        self.playback.go_to(23)

        assert self.playback.label == "Sample 3 of 5, step 4 of 10"

    def test_going_on_keeps_the_step_inside_the_sample(self) -> None:
        self.playback.go_to(23)

        self.playback.go_on(1)

        assert self.playback.step == 33

    def test_the_last_sample_is_the_end(self) -> None:
        self.playback.go_to(43)

        self.playback.go_on(1)

        assert self.playback.step == 43

    def test_play_shows_every_sample_and_stops_at_the_last(self) -> None:
        self.playback.go_to(3)
        self.playback.play()
        seen = [self.playback.step]
        for _ in range(9):
            self.playback.tick()
            seen.append(self.playback.step)

        assert list(dict.fromkeys(seen)) == [3, 13, 23, 33, 43]
        assert not self.playback.is_playing

    def test_play_from_the_last_sample_begins_anew(self) -> None:
        self.playback.go_to(43)

        self.playback.play()

        assert self.playback.step == 3

    def test_a_sample_of_one_step_has_no_other_pace(self) -> None:
        self.playback.load(5, 0, 1)

        assert self.playback.pace == "step"
        assert self.playback.label == "Sample 1 of 5"
