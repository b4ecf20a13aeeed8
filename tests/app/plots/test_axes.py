"""Axes count in words and in the right index."""

import pytest

from app.plots.axes import Axis, step_axis
from app.plots.canvas import ticks


def test_steps_are_counted_from_one_on_screen() -> None:
    assert step_axis().label(0) == "1"


def test_names_stand_in_for_numbers_and_numbers_for_missing_names() -> None:
    axis = Axis(title="slot", names=("garden",))

    assert [axis.label(0), axis.label(1)] == ["garden", "1"]


@pytest.mark.parametrize("count", [1, 2, 41, 128, 10_000])
@pytest.mark.parametrize("room", [10, 100, 1000])
@pytest.mark.parametrize("binary", [True, False])
def test_labels_never_crowd_each_other(count: int, room: int, binary: bool) -> None:
    chosen = list(ticks(count, room, 25, base=0 if binary else 1, binary=binary))

    assert len(set(chosen)) == len(chosen)
    assert all(0 <= index < count for index in chosen)
    assert all((after - before) * room / count >= 22 for before, after in zip(chosen, chosen[1:], strict=False))


def test_steps_get_round_numbers() -> None:
    assert [index + 1 for index in ticks(41, 300, 30, base=1)] == [1, 5, 10, 15, 20, 25, 30, 35, 40]


def test_slots_get_powers_of_two() -> None:
    assert list(ticks(32, 500, 60, binary=True)) == [0, 4, 8, 12, 16, 20, 24, 28]
