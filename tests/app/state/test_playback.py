"""The sequence cursor stays within the episode, shows every step, and hands over to the reader at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.state.playback import SPEEDS, Playback

far = st.integers(-(10**6), 10**6)


def _loaded(length: int = 10, micro_steps: int = 0) -> Playback:
    playback = Playback()
    playback.load(length, micro_steps)
    return playback


class AnyReader(RuleBasedStateMachine):
    """Whatever the reader and the traces do, the cursor stays where there is something."""

    def __init__(self) -> None:
        super().__init__()
        self.playback = Playback()

    @rule(length=st.integers(0, 30), micro=st.integers(0, 8))
    def load(self, length: int, micro: int) -> None:
        self.playback.load(length, micro)

    @rule(step=far, micro=st.none() | far)
    def go_to(self, step: int, micro: int | None) -> None:
        self.playback.go_to(step, micro)

    @rule(step=st.integers(0, 60), micro=st.none() | st.integers(0, 9))
    def come_to(self, step: int, micro: int | None) -> None:
        self.playback.come_to(step, micro)

    @rule(count=far)
    def move(self, count: int) -> None:
        self.playback.move(count)

    @rule(count=far)
    def move_micro(self, count: int) -> None:
        self.playback.move_micro(count)

    @rule(one=far, other=far)
    def select_range(self, one: int, other: int) -> None:
        self.playback.select_range(one, other)

    @rule(loop=st.sampled_from(["off", "selection", "all"]), micro=st.booleans())
    def choose(self, loop: str, micro: bool) -> None:
        self.playback.set_loop(loop)  # type: ignore[arg-type]
        self.playback.set_plays_micro_steps(micro)

    @rule(name=st.sampled_from(["play", "pause", "toggle", "tick", "first", "last", "faster", "slower", "clear_range"]))
    def do(self, name: str) -> None:
        getattr(self.playback, name)()

    @rule(speed=st.floats(-10, 10**6))
    def set_speed(self, speed: float) -> None:
        self.playback.set_speed(speed)

    @invariant()
    def the_cursor_is_on_a_step(self) -> None:
        assert 0 <= self.playback.step < max(self.playback.length, 1)

    @invariant()
    def the_chosen_steps_are_there(self) -> None:
        chosen = self.playback.selected_range
        assert chosen is None or 0 <= chosen[0] <= chosen[1] < max(self.playback.length, 1)

    @invariant()
    def micro_steps_and_speed_are_in_range(self) -> None:
        assert self.playback.micro is None or self.playback.micro >= 0
        assert SPEEDS[0] <= self.playback.speed <= 1000


TestAnyReader = AnyReader.TestCase


def test_playing_shows_every_step_once_and_stops_at_the_end() -> None:
    playback = _loaded(200)
    shown = [playback.step]
    playback.play()
    while playback.is_playing:
        playback.tick()
        shown.append(playback.step)

    assert shown[:-1] == list(range(200))


def test_playing_again_at_the_end_begins_anew() -> None:
    playback = _loaded()
    playback.last()

    playback.play()

    assert playback.step == 0
    assert playback.is_playing


def test_a_loop_over_the_chosen_steps_stays_within_them() -> None:
    playback = _loaded()
    playback.select_range(5, 3)
    playback.set_loop("selection")
    playback.go_to(3)
    playback.play()

    seen = []
    for _ in range(6):
        playback.tick()
        seen.append(playback.step)

    assert seen == [4, 5, 3, 4, 5, 3]


def test_a_loop_over_all_begins_anew() -> None:
    playback = _loaded(3)
    playback.set_loop("all")
    playback.last()
    playback.play()

    playback.tick()

    assert playback.step == 0
    assert playback.is_playing


def test_playing_over_micro_steps_visits_each_of_them() -> None:
    playback = _loaded(2, micro_steps=3)
    playback.set_plays_micro_steps(True)
    playback.play()

    seen = []
    while playback.is_playing:
        playback.tick()
        seen.append((playback.step, playback.micro))

    assert seen[:-1] == [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)]


@given(st.integers(2, 20), st.integers(1, 7), st.data())
def test_a_micro_step_on_and_back_is_where_it_was(length: int, micro_steps: int, data: st.DataObject) -> None:
    playback = _loaded(length, micro_steps)
    place = data.draw(st.integers(0, length * micro_steps - 2))
    playback.go_to(place // micro_steps, place % micro_steps)

    playback.move_micro(1)
    playback.move_micro(-1)

    assert (playback.step, playback.micro) == (place // micro_steps, place % micro_steps)


def test_moving_by_hand_stops_play() -> None:
    playback = _loaded()
    playback.play()

    playback.move(1)

    assert not playback.is_playing


def test_another_trace_keeps_the_cursor_as_far_as_it_can() -> None:
    playback = _loaded(10)
    playback.go_to(8)

    playback.load(5)

    assert playback.step == 4


def test_a_session_waits_for_the_trace_that_has_its_step() -> None:
    playback = _loaded(3)
    playback.come_to(7, None)

    playback.load(10)

    assert playback.step == 7


def test_a_wished_step_is_forgotten_when_the_reader_moves() -> None:
    playback = _loaded(3)
    playback.come_to(7, None)
    playback.move(1)

    playback.load(10)

    assert playback.step == 1


@pytest.mark.parametrize(("wished", "given"), [(0.0, SPEEDS[0]), (3.0, 3.0), (1e9, 1000.0)])
def test_speeds_stay_in_range(wished: float, given: float) -> None:
    playback = _loaded()

    playback.set_speed(wished)

    assert playback.speed == given


def test_faster_and_slower_walk_through_the_offered_speeds() -> None:
    playback = _loaded()
    for _ in SPEEDS:
        playback.slower()
    speeds = [playback.speed]
    for _ in SPEEDS[1:]:
        playback.faster()
        speeds.append(playback.speed)

    assert tuple(speeds) == SPEEDS


def test_the_label_counts_from_one() -> None:
    playback = _loaded(41)
    playback.go_to(7)

    assert playback.label == "Step 8 of 41"
    assert Playback().label == "No episode yet"


def test_nothing_moves_without_an_episode() -> None:
    playback = Playback()

    playback.play()
    playback.tick()
    playback.move(1)
    playback.move_micro(1)

    assert (playback.step, playback.is_playing) == (0, False)
