"""When checkpoints are made, and which are dropped."""

from hypothesis import given
from hypothesis import strategies as st

from engine.training.schedule import AT_MOST, NEAREST, Schedule, most_checkpoints, thin


def kept(costs: list[float]) -> list[int]:
    """The updates at which a run with these costs saves."""
    schedule, saved = Schedule(), []
    for update, cost in enumerate([*costs, costs[-1]]):
        if schedule.is_due(update):
            schedule.saved(update)
            saved.append(update)
        schedule.note(cost)
    return saved


def test_the_untrained_weights_are_kept() -> None:
    assert kept([1.0])[0] == 0


def test_the_distance_grows_with_the_run() -> None:
    saved = kept([5.0] * 20_000)

    gaps = [later - earlier for earlier, later in zip(saved, saved[1:], strict=False)]
    assert gaps[0] == NEAREST
    assert gaps == sorted(gaps)
    assert len(saved) < 100


def test_checkpoints_stand_closer_while_the_cost_moves() -> None:
    falling = [100.0 * 0.99**update for update in range(1000)]

    assert len(kept([100.0] * 1000 + falling)) > len(kept([100.0] * 2000))


def test_a_schedule_that_was_kept_goes_on_as_if_nothing_had_happened() -> None:
    one, other = Schedule(), Schedule()
    for cost in (9.0, 8.0, 3.0):
        one.note(cost)
    one.saved(3)

    other.restore(one.state())

    assert other.state() == one.state()
    assert [other.is_due(update) for update in range(3, 60)] == [one.is_due(update) for update in range(3, 60)]


@given(st.sets(st.integers(0, 10_000), min_size=1, max_size=60), st.integers(3, 50))
def test_thinning_leaves_so_many_and_never_drops_first_newest_or_precious(updates: set[int], at_most: int) -> None:
    precious = {sorted(updates)[len(updates) // 2]}

    dropped = thin(updates, precious, at_most)

    left = updates - set(dropped)
    assert len(left) == min(len(updates), at_most)
    assert {min(updates), max(updates), *precious} <= left


def test_four_hundred_are_kept() -> None:
    assert len(thin(range(500), {250})) == 500 - AT_MOST


def test_a_run_whose_cost_never_rests_makes_no_more_checkpoints_than_is_said() -> None:
    costs = [100.0 if update // 15 % 2 else 0.01 for update in range(5000)]

    made = len(kept(costs))

    assert 0.8 * most_checkpoints(5000) <= made <= most_checkpoints(5000) + 1
