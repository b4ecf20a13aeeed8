"""A memory that grows: which slots are there, in which order, and which of them a search means."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.state.growing import Growing, _sorted_places, growing_channels, growing_of
from app.state.growing_words import count_in_words, ordinal, story_of_slot, title_of
from engine.contract.trace import Trace
from fake_growing import KINDS, growing_trace, without_slot
from fake_traces import ntm_trace


@pytest.fixture
def trace() -> Trace:
    return growing_trace(60)


def _growing(trace: Trace) -> Growing:
    found = growing_of(trace)
    assert found is not None
    return found


def test_only_a_memory_that_keeps_samples_grows(trace: Trace) -> None:
    assert [c.role for c in growing_channels(trace)] == ["kept_past", "kept_truth", "decoded"]
    assert growing_of(ntm_trace()) is None
    assert growing_channels(ntm_trace()) == []


def test_slots_that_are_not_written_yet_are_not_listed(trace: Trace) -> None:
    growing = _growing(trace)
    stored = np.cumsum(trace.arrays["write.stored"])

    assert [len(growing.listed(step)) for step in range(60)] == stored.tolist()


def test_a_slot_that_is_removed_is_listed_no_more(trace: Trace) -> None:
    growing = _growing(without_slot(trace, 1, 30))

    assert 1 in growing.listed(29)
    assert 1 not in growing.listed(30)
    assert not growing.slot(1, 30).is_there


@pytest.mark.parametrize(("order", "role"), [("reads", "reads"), ("best", "best"), ("newest", "written")])
def test_slots_stand_in_the_order_of_their_numbers(trace: Trace, order: str, role: str) -> None:
    growing = _growing(trace)
    values = growing.number(role, 59)  # type: ignore[arg-type]
    assert values is not None

    listed = growing.listed(59, order)  # type: ignore[arg-type]

    assert (np.diff(values[listed]) <= 0).all()
    assert sorted(listed.tolist()) == np.flatnonzero(growing.there(59)).tolist()


def test_the_most_alike_stand_first_as_they_are_retrieved(trace: Trace) -> None:
    growing = _growing(trace)

    assert growing.listed(59, "likeness")[:5].tolist() == growing.retrieved(59).tolist()


def test_a_search_finds_words_slots_samples_and_what_was_never_read(trace: Trace) -> None:
    growing = _growing(trace)
    known = [growing.slot(slot, 59) for slot in growing.listed(59).tolist()]

    def found(text: str) -> list[int]:
        return growing.listed(59, text=text).tolist()

    assert found("cross left") == [k.slot for k in known if k.sort == "cross left"]
    assert found("LEFT cross") == found("cross left")
    assert found("slot 2") == found("2") == [2]
    assert found("slots 1-3") == [1, 2, 3]
    assert found("sample 1") == [0]
    assert found(f"number {known[2].sample}") == [2]
    assert found("never retrieved") == found("never read") == [k.slot for k in known if not k.reads]
    assert found("cross left, never best") == [k.slot for k in known if k.sort == "cross left" and not k.best]
    assert sorted(found("retrieved now")) == sorted(growing.retrieved(59).tolist())
    assert found("no such thing") == []
    assert found("  ") == found("")


def test_a_sample_of_the_stream_is_counted_from_its_own_beginning(trace: Trace) -> None:
    growing = _growing(trace)
    slot, step = next((s, b) for s, b in growing.born.items() if s > 2)

    assert growing.listed(59, text=f"sample {step + 1}").tolist() == [slot]


@given(arrays(np.float32, st.integers(0, 40), elements=st.floats(-5, 5, width=32)))
def test_the_quick_sort_is_the_stable_one(values: np.ndarray) -> None:
    assert _sorted_places(values).tolist() == np.argsort(values, kind="stable").tolist()


def test_the_story_of_a_slot_says_who_wrote_it_when_and_how_often_it_helped(trace: Trace) -> None:
    growing = _growing(trace)
    slot = int(growing.retrieved(59)[0])

    known = growing.slot(slot, 59)
    said = story_of_slot(growing, known)

    assert title_of(known) == f"Slot {slot} · {known.sort}"
    assert known.sort in KINDS
    assert f"Stored at sample {growing.born[slot] + 1} of this stream (no. {known.sample} of the training set)." in said
    assert f"Retrieved {known.reads} times since" in said
    assert "the 1st of those retrieved" in said


def test_a_slot_that_is_written_now_is_told_from_one_that_was_compared(trace: Trace) -> None:
    growing = _growing(trace)
    slot, step = next((s, b) for s, b in growing.born.items() if s > 2)

    assert story_of_slot(growing, growing.slot(slot, step)).endswith("This sample was stored here: its own past and future.")
    assert not np.isfinite(growing.slot(slot, step).likeness)
    assert np.isfinite(growing.slot(slot, step + 1).likeness)


def test_slots_from_before_the_stream_are_told_as_such(trace: Trace) -> None:
    older = replace(trace, card=replace(trace.card, events=()))
    growing = _growing(older)

    said = story_of_slot(growing, growing.slot(1, 59))

    written = int(trace.arrays["memory.written"][0, 1])
    assert said.startswith(f"Stored before this stream began, as the {ordinal(written)} of all samples ever presented")


def test_counts_and_ordinals_are_said_as_people_say_them(trace: Trace) -> None:
    growing = _growing(trace)

    assert count_in_words(growing, 0, 1, False) == "1 slot after 1 sample"
    assert count_in_words(growing, 59, 2, True) == f"2 of {len(growing.listed(59))} slots fit"
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 1203)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "1,203rd",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "role", "low", "high"),
    [
        ("retrieved 3-9", "reads", 3, 9), ("read 2 to 4 times", "reads", 2, 4), ("retrieved 0", "reads", 0, 0),
        ("retrieved 5+", "reads", 5, 999), ("best 1 or more", "best", 1, 999), ("best 2\N{EN DASH}3", "best", 2, 3),
    ],
)  # fmt: skip
def test_a_search_by_how_often_finds_those_and_no_others(trace: Trace, text: str, role: str, low: int, high: int) -> None:
    growing = growing_of(trace)
    assert growing is not None
    for step in (20, 59):
        counts = growing.number(role, step)  # type: ignore[arg-type]
        assert counts is not None
        wanted = [slot for slot in growing.listed(step).tolist() if low <= counts[slot] <= high]
        assert growing.listed(step, text=text).tolist() == wanted
    assert wanted


def test_how_often_goes_together_with_words_and_numbers(trace: Trace) -> None:
    growing = growing_of(trace)
    assert growing is not None
    both = growing.listed(59, text="cross retrieved 1+ slots 0-6").tolist()

    assert both == [
        slot for slot in growing.listed(59, text="cross").tolist() if slot <= 6 and growing.number("reads", 59)[slot] >= 1
    ]
    assert both
