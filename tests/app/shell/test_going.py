"""Where a typed step or checkpoint leads."""

import pytest

from app.shell.going import go_to
from fake_traces import ntm_trace
from scripted import desk


@pytest.mark.parametrize(("typed", "step"), [("12", 11), (" step 3 ", 2), ("1", 0), ("41", 40)])
def test_a_typed_step_is_gone_to_and_the_way_back_is_kept(typed: str, step: int) -> None:
    made = desk()
    made.show(ntm_trace())
    made.state.playback.go_to(20)

    assert go_to(made.state, typed) == ""
    assert made.state.playback.step == step

    made.state.explorer.back()
    assert made.state.playback.step == 20


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("42", "There is no step 42: the episode has steps 1 to 41."),
        ("0", "There is no step 0: the episode has steps 1 to 41."),
        ("twelve", "Type a step, such as 12, or a checkpoint, such as “checkpoint 3000”."),
        ("", "Type a step, such as 12, or a checkpoint, such as “checkpoint 3000”."),
    ],
)
def test_what_cannot_be_understood_is_answered_in_a_sentence(typed: str, said: str) -> None:
    made = desk()
    made.show(ntm_trace())

    assert go_to(made.state, typed) == said


def test_a_typed_checkpoint_leads_to_the_nearest_one() -> None:
    made = desk()
    made.show(ntm_trace())

    assert go_to(made.state, "checkpoint 3,000") == ""

    assert made.engine.asked.source.update == 3500
