"""The history over training holds what was seen, and nothing else."""

from dataclasses import replace

import pytest

from app.state.lens import Selection
from app.state.seen import MOST
from app.state.side import Showing
from app.state.stages import stages
from engine.contract.messages import Source
from engine.contract.trace import Trace
from fake_traces import memn2n_trace, ntm_trace
from scripted import NTM_PLACE, Desk, desk

SLOT = Selection(channel="write.weighting", head=0, slots=(2,))


def _at(update: int, weight: float) -> Trace:
    trace = ntm_trace(length=3, slots=8, update=update)
    trace.arrays["write.weighting"][2, 0, 2] = weight
    return trace


def _scrubbed() -> Desk:
    table = desk()
    table.show(_at(7000, 0.9))
    for update, weight in ((1000, 0.2), (3500, 0.5)):
        table.state.explorer.choose_checkpoint(update)
        table.bring(_at(update, weight))
    return table


def test_the_checkpoints_seen_make_the_course_in_their_order() -> None:
    course = _scrubbed().state.seen.course(SLOT, 2)

    assert [update for update, _ in course] == [1000, 3500, 7000]
    assert [value for _, value in course] == pytest.approx([0.2, 0.5, 0.9])


def test_another_episode_begins_anew() -> None:
    table = _scrubbed()

    table.state.explorer.choose_episode(9)
    table.bring(ntm_trace(length=3, slots=8, seed=9))

    assert table.state.seen.updates == (7000,)


def test_another_setting_begins_anew() -> None:
    table = _scrubbed()

    table.state.explorer.change_setting("slots", 16)
    table.bring(ntm_trace(length=3, slots=16))

    assert table.state.seen.updates == (7000,)


def test_a_whole_head_has_no_course_since_it_is_no_single_number() -> None:
    assert _scrubbed().state.seen.course(Selection(channel="write.weighting", head=0), 2) == []


def test_a_slot_that_some_checkpoints_lack_is_left_out_of_their_course() -> None:
    assert _scrubbed().state.seen.course(replace(SLOT, slots=(40,)), 2) == []


def test_only_so_many_traces_stay_open() -> None:
    table = desk()
    for update in range(MOST + 10):
        table.state.explorer.show(table.state.a, Showing(source=Source(place=NTM_PLACE, update=update)))
        table.bring(ntm_trace(length=1, slots=4, update=update))

    assert len(table.state.seen.updates) == MOST
    assert table.state.seen.updates[-1] == MOST + 9


def test_the_stages_of_an_address_carry_the_names_and_numbers_of_the_micro_steps() -> None:
    trace = ntm_trace(length=6, slots=16)

    found = stages(trace, "write", 0, 3)

    assert [stage.name for stage in found] == ["content", "gate", "shift", "sharpen"]
    assert found[1].number == f"{float(trace.arrays['write.gate'][3, 0]):.2f}"
    assert found[2].label == "shift +1"
    assert found[3].weighting.argmax() == 3


def test_a_model_that_addresses_in_one_go_has_no_stages() -> None:
    assert stages(memn2n_trace(), "hop", 0, 2) == []
    assert stages(ntm_trace(length=2, slots=4), "write", 5, 0) == []
