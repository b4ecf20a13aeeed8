"""Memories in files, as the window wishes for them: whose memory, at which sample, and what is said of the answer."""

import pytest

from app.state.lens import Selection
from engine.contract.messages import KeepMemory, MemoryKept, Record, Refused, Request
from fake_growing import growing_trace
from fake_traces import ntm_trace
from scripted import Desk, desk


@pytest.fixture
def table() -> Desk:
    made = desk()
    made.show(growing_trace(60))
    made.state.playback.go_to(41)
    return made


def _wish(table: Desk) -> KeepMemory:
    return next(command for command in reversed(table.engine.sent) if isinstance(command, KeepMemory))


def _said(table: Desk) -> str:
    notice = table.state.notices.at("session")
    return notice.sentence if notice else ""


def test_the_memory_is_saved_as_it_is_at_this_sample(table: Desk) -> None:
    table.state.memory_files.save("here.safetensors")

    wish = _wish(table)
    assert (wish.source.place, wish.step, wish.path, wish.merged_with) == ("exhibit:mantra-0", 41, "here.safetensors", "")
    table.state.apply(MemoryKept(request=wish.request, path="here.safetensors", slots=1))
    assert _said(table) == "The memory, 1 slot, is saved in here.safetensors."


def test_a_merged_memory_is_what_the_stream_then_starts_with(table: Desk) -> None:
    table.state.memory_files.merge("other", "both")

    wish = _wish(table)
    assert (wish.merged_with, wish.path) == ("other", "both")
    table.state.apply(MemoryKept(request=wish.request, path="both", slots=12))
    assert _said(table) == "Merged: 12 slots, in both. The stream starts with them now."
    assert table.engine.asked.settings == {"starts_with": "both"}


def test_a_refusal_is_told_and_changes_nothing(table: Desk) -> None:
    table.state.memory_files.merge("other", "both")
    asked = [command for command in table.engine.sent if isinstance(command, Record)]

    table.state.apply(Refused(request=_wish(table).request, sentence="other: there is no such file"))

    assert _said(table) == "The memory cannot be kept: other: there is no such file."
    assert [command for command in table.engine.sent if isinstance(command, Record)] == asked


def test_the_answer_to_another_wish_is_not_ours(table: Desk) -> None:
    table.state.memory_files.save("here")

    table.state.apply(MemoryKept(request=Request(10_000), path="there", slots=3))

    assert "saved" not in _said(table)


def test_at_once_it_is_said_that_the_memory_is_on_its_way(table: Desk) -> None:
    table.state.memory_files.save("here")

    assert _said(table).startswith("The memory is being kept: the stream runs once more, up to sample ")


@pytest.mark.parametrize("memory", ["empty", "trained", "/a/file.safetensors"])
def test_the_stream_runs_again_from_another_memory(table: Desk, memory: str) -> None:
    table.state.memory_files.start_with(memory)

    assert table.engine.asked.settings == {"starts_with": memory}


def test_beside_a_memory_that_is_wiped_that_which_grows_is_meant(table: Desk) -> None:
    made = desk()
    made.show(ntm_trace())
    assert made.state.memory_files.side is None
    assert not made.state.memory_files.can_start_otherwise
    grows = growing_trace(60)
    made.state.explorer.compare_with(grows.card.source, grows.card.update)
    made.bring(grows)

    assert made.state.memory_files.side is made.state.b
    assert made.state.memory_files.can_start_otherwise
    assert table.state.memory_files.side is table.state.a


def test_of_two_that_grow_the_selected_side_is_meant(table: Desk) -> None:
    other = growing_trace(60, seed=1)
    table.state.explorer.compare_with(other.card.source, other.card.update)
    table.bring(other)

    assert table.state.memory_files.side is table.state.a
    table.state.lens.show(Selection(side="B", slots=(1,)))
    assert table.state.memory_files.side is table.state.b
