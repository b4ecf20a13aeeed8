"""A setting reads what fits in its own type and refuses the rest in one sentence; limits are round and hold the values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.cards import Setting, read_settings
from engine.contract.edits import Edit
from engine.contract.trace import _round_limits

SLOTS = Setting(name="slots", default=128, low=4, high=1024, says="Places in the memory.")
RATE = Setting(name="learning_rate", default=1e-3, low=0.0, says="How far an update goes.")
MODE = Setting(name="mode", default="lstm", choices=("lstm", "feedforward"), says="Which controller.")
TIED = Setting(name="tied", default=True, says="Whether it is tied.")


def test_text_from_the_command_line_is_read_in_the_settings_own_type() -> None:
    read = read_settings((SLOTS, RATE, MODE, TIED), {"slots": "256", "learning_rate": "3e-4", "tied": "no"})

    assert read == {"slots": 256, "learning_rate": 3e-4, "mode": "lstm", "tied": False}
    assert type(read["slots"]) is int


@pytest.mark.parametrize(
    ("wished", "sentence"),
    [
        ({"slots": 2}, "slots: 2 is not between 4 and 1024"),
        ({"slots": "many"}, "slots: 'many' is not a number"),
        ({"slots": 7.5}, "slots: 7.5 is not a whole number"),
        ({"slots": "nan"}, "slots: 'nan' is not"),
        ({"mode": "gru"}, "mode: 'gru' is not one of lstm, feedforward"),
        ({"tied": "perhaps"}, "tied: 'perhaps' is neither yes nor no"),
        ({"slot": 5}, "slot: no such setting; there are learning_rate, mode, slots, tied"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(wished: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence.replace("(", r"\(")):
        read_settings((SLOTS, RATE, MODE, TIED), wished)  # type: ignore[arg-type]  # that is the point


def test_a_setting_refuses_a_default_that_it_would_refuse() -> None:
    with pytest.raises(ValueError, match="is not between"):
        Setting(name="slots", default=2, low=4, high=8, says="")


@given(st.lists(st.floats(-1e4, 1e4, width=32), min_size=1, max_size=50), st.sampled_from([0.95, 1.0]))
def test_limits_are_symmetric_and_hold_the_share_of_the_values_that_are_not_nothing(values: list[float], share: float) -> None:
    low, high = _round_limits(np.array(values, np.float32), share, signed=True)
    sizes = np.abs(np.array(values, np.float32))
    told = sizes[sizes > 1e-3 * sizes.max()]

    assert low == -high
    assert not told.size or np.mean(told <= high * 1.001) >= share - 1 / told.size


def test_an_edit_holds_at_its_step_or_until_its_end() -> None:
    once = Edit(act="erase", channel="memory.contents", step=3, index=(1,))
    always = Edit(act="freeze", channel="memory.contents", step=3, index=(1,), until=-1)
    off = Edit(act="freeze", channel="memory.contents", step=3, index=(1,), until=-1, enabled=False)

    assert [once.holds_at(s) for s in (2, 3, 4)] == [False, True, False]
    assert [always.holds_at(s) for s in (2, 3, 400)] == [False, True, True]
    assert not off.holds_at(3)
