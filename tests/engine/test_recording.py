"""An episode recorded: true to the model, with its edits, its events, and a sentence for what cannot be recorded."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.blocks import probe
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace, write_trace
from engine.recording import record
from engine.sources import EXHIBIT, Opened, open_source
from engine.tasks.base import BadInputError

OWN = "10110010 01100111 11100001 00011010 10101010 01010101"


@pytest.fixture(scope="module")
def ntm() -> Opened:
    return open_source(Source(place=EXHIBIT + "ntm-copy"))


@pytest.fixture(scope="module")
def own(ntm: Opened) -> Trace:
    """Six vectors of the user's own, copied by the trained machine."""
    return record(ntm, EpisodeWish(own=OWN))


def said(trace: Trace) -> np.ndarray:
    """The vectors that the model said, as bits."""
    return np.asarray(trace.arrays["tape.output"][7:] > 0.5).astype(int)


def asked() -> np.ndarray:
    return np.array([[int(bit) for bit in word] for word in OWN.split()])


def test_the_trained_machine_copies_the_users_own_vectors(own: Trace) -> None:
    np.testing.assert_array_equal(said(own), asked())
    assert own.card.outcome == {"bits_per_sequence": pytest.approx(0, abs=1e-3), "wrong_bits": 0, "exact": 1}
    assert (own.card.own, own.steps, own.card.source) == (OWN, 13, "exhibit:ntm-copy")


def test_a_trace_survives_its_file(own: Trace, tmp_path: Path) -> None:
    write_trace(own, tmp_path / "t.safetensors")

    found = read_trace(tmp_path / "t.safetensors")

    assert found.card == own.card
    assert set(found.arrays) == set(own.arrays)


def test_recording_twice_gives_the_same(ntm: Opened, own: Trace) -> None:
    again = record(ntm, EpisodeWish(own=OWN))

    assert again.card == own.card
    for name, array in own.arrays.items():
        np.testing.assert_array_equal(array, again.arrays[name])


def test_the_events_say_that_six_slots_are_written_and_read_again_in_order(own: Trace) -> None:
    writes = [(event.step, event.slot) for event in own.card.events if event.kind == "write" and event.step < 6]
    reads = [(event.step, event.slot) for event in own.card.events if event.kind == "read"]

    assert [step for step, _ in writes] == list(range(6))
    assert [step for step, _ in reads] == list(range(7, 13))
    assert [slot for _, slot in reads] == [slot for _, slot in writes]
    assert [event.step for event in own.card.events if event.kind == "wipe"] == [12]


def test_changing_one_slot_changes_the_one_vector_that_lies_there(ntm: Opened, own: Trace) -> None:
    slot = next(event.slot for event in own.card.events if event.kind == "read" and event.step == 9)

    edited = record(ntm, EpisodeWish(own=OWN), (Edit(act="erase", channel="memory.contents", step=6, index=(slot,)),))

    wrong = (said(edited) != asked()).any(-1)
    assert wrong[2]
    assert wrong.sum() == 1
    assert edited.card.outcome["wrong_bits"] > 0
    assert any(event.kind == "error" and event.step == 9 for event in edited.card.events)


def test_swapping_two_slots_swaps_the_two_vectors(ntm: Opened, own: Trace) -> None:
    one, other = (next(e.slot for e in own.card.events if e.kind == "read" and e.step == step) for step in (8, 10))

    edited = record(ntm, EpisodeWish(own=OWN), (Edit(act="swap", channel="memory.contents", step=6, index=(one, other)),))

    np.testing.assert_array_equal(said(edited), asked()[[0, 3, 2, 1, 4, 5]])


def test_a_read_head_that_may_not_move_says_the_same_vector_again(ntm: Opened) -> None:
    stay = Edit(act="set", channel="read.shift", step=8, index=(0,), until=-1, values=(0.0, 1.0, 0.0))
    keep = Edit(act="set", channel="read.gate", step=8, index=(0,), until=-1, values=(0.0,))

    edited = record(ntm, EpisodeWish(own=OWN), (stay, keep))

    slots = {event.slot for event in edited.card.events if event.kind == "read"}
    assert len(slots) == 1


def test_a_disabled_edit_changes_nothing(ntm: Opened, own: Trace) -> None:
    edit = Edit(act="erase", channel="memory.contents", step=6, index=(1,), enabled=False)

    np.testing.assert_array_equal(record(ntm, EpisodeWish(own=OWN), (edit,)).arrays["tape.output"], own.arrays["tape.output"])


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (
            Edit(act="set", channel="tape.input", step=0, index=(0,), values=(1.0,)),
            "edit 1 (set tape.input): the model has no such channel; there are controller.candidate",
        ),
        (
            Edit(act="erase", channel="memory.contents", step=0, index=(128,)),
            "edit 1 (erase memory.contents): slot 128 is outside; there are 0 to 127",
        ),
        (
            Edit(act="erase", channel="memory.contents", step=13, index=(1,)),
            "edit 1 (erase memory.contents): step 13 is outside; the episode has steps -1 to 12",
        ),
        (
            Edit(act="set", channel="read.gate", step=-1, index=(0,), values=(1.0,)),
            "edit 1 (set read.gate): step -1 is outside; the episode has steps 0 to 12",
        ),
        (
            Edit(act="set", channel="read.gate", step=4, index=(0,), until=2, values=(1.0,)),
            "edit 1 (set read.gate): until 2 is outside; it may be 4 to 12, or -1 for the end",
        ),
        (
            Edit(act="set", channel="read.gate", step=4, index=(0,), values=(1.5,)),
            "edit 1 (set read.gate): 1.5 is not between 0 and 1",
        ),
        (
            Edit(act="set", channel="write.add", step=4, index=(0, 1), values=(float("nan"),)),
            "edit 1 (set write.add): nan is not a finite number",
        ),
        (
            Edit(act="set", channel="memory.contents", step=4, index=(1,), values=(1.0, 2.0)),
            "edit 1 (set memory.contents): 2 values are given; 20 are needed, or one for all",
        ),
        (
            Edit(act="set", channel="memory.contents", step=4, index=(1, 2, 3), values=(1.0,)),
            "edit 1 (set memory.contents): index (1, 2, 3) has 3 numbers; the axes are slot, feature",
        ),
        (
            Edit(act="swap", channel="memory.contents", step=4, index=(1,)),
            "edit 1 (swap memory.contents): two rows are needed, and 1 are named",
        ),
        (
            Edit(act="force", channel="read.gate", step=4, index=(0,)),
            "edit 1 (force read.gate): only a weighting can be forced, by the numbers of its head and its slot",
        ),
        (
            Edit(act="force", channel="read.weighting", step=4, index=(1, 3)),
            "edit 1 (force read.weighting): head 1 is outside; there are 0 to 0",
        ),
    ],
)
def test_an_edit_that_does_not_fit_is_one_sentence(ntm: Opened, edit: Edit, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        record(ntm, EpisodeWish(own=OWN), (edit,))

    assert str(refused.value).startswith(sentence)


def test_an_edit_of_a_layer_that_is_not_there_finds_nothing_to_change() -> None:
    lstm = open_source(Source(place=EXHIBIT + "lstm-copy"))
    edit = Edit(act="set", channel="state.cell", step=2, index=(4, 0), values=(1.0,))

    with pytest.raises(BadInputError, match=r"edit 1 \(set state.cell\): there is no such value at step 2"):
        record(lstm, EpisodeWish(own=OWN), (edit,))


def test_a_value_that_is_no_number_is_named_with_its_step() -> None:
    opened = open_source(Source(place=EXHIBIT + "ntm-copy"))
    with torch.no_grad():
        opened.model.get_parameter("steering.bias")[0] = torch.inf

    with pytest.raises(BadInputError, match="read.key is not a finite number at step 1;"):
        record(opened, EpisodeWish(own=OWN))


def test_more_slots_leave_the_answer_as_it_is(own: Trace) -> None:
    wider = open_source(Source(place=EXHIBIT + "ntm-copy"), {"slots": 512})

    trace = record(wider, EpisodeWish(own=OWN))

    np.testing.assert_array_equal(said(trace), said(own))
    assert (trace.card.slots, trace.card.parameters) == (512, own.card.parameters)


def test_shifts_are_labelled_by_how_far_they_move(own: Trace) -> None:
    assert own.card.labels["shift"] == ("−1", "0", "+1")


def test_the_lstm_is_recorded_layer_by_layer() -> None:
    lstm = open_source(Source(place=EXHIBIT + "lstm-copy"))

    trace = record(lstm, EpisodeWish(own=OWN))

    assert trace.arrays["state.cell"].shape == (13, 1, lstm.slots)
    assert {event.kind for event in trace.card.events} <= {"error"}


def test_a_record_that_would_fill_the_memory_is_refused(ntm: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe, "MOST_BYTES", 100_000)

    with pytest.raises(MemoryError, match="the record of this episode is larger than"):
        record(ntm, EpisodeWish(own=OWN))
