"""Edits made from a selection do what their chip says, and what cannot be done is said in one sentence."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from app.state.edit_offer import Answer, CannotEditError
from app.state.editing import make, misfit, offers, read_numbers, read_slot
from app.state.lens import Selection
from app.state.what_if import edit_in_words
from engine.blocks.probe import Editor, Recorder
from engine.contract.edits import Act, Edit
from engine.contract.trace import Trace
from fake_traces import lstm_trace, memn2n_trace, ntm_trace

NTM, STORY, LSTM = ntm_trace(length=6, slots=16), memn2n_trace(), lstm_trace(length=4)
TRACES = {"ntm": NTM, "story": STORY, "lstm": LSTM}
SLOT = Selection(channel="memory.contents", slots=(3,))
CELL = Selection(channel="memory.contents", slots=(3,), features=(5,))
WRITE = Selection(channel="write.weighting", head=0, slots=(3,))
READ = Selection(channel="read.weighting", head=0)
HOP = Selection(channel="hop.attention", hop=1, slots=(0,))
UNIT = Selection(channel="state.cell", layer=1, unit=5)


def _after(edit: Edit, trace: Trace = NTM) -> np.ndarray:
    """What the engine's editor makes of the channel's value at the edit's step."""
    recorder = Recorder()
    editor = Editor((edit,), recorder)
    editor.at(edit.step)
    editor(edit.channel, torch.tensor(np.array(trace.at(edit.channel, edit.step)))[None])
    return recorder.arrays(edit.step + 1)[edit.channel][edit.step]


def test_a_selected_slot_can_be_erased_set_swapped_and_frozen() -> None:
    assert [offer.title for offer in offers(NTM, SLOT, 4)] == ["Erase slot 3", "Set …", "Swap …", "Freeze slot 3"]


def test_a_clicked_weighting_offers_its_slot_and_its_head() -> None:
    assert [offer.act for offer in offers(NTM, WRITE, 4)] == ["erase", "set", "swap", "freeze", "force", "mute"]
    assert offers(NTM, WRITE, 4)[-1].title == "Mute write head 1"


def test_a_unit_of_a_recurrent_net_can_be_erased_set_and_frozen() -> None:
    assert [offer.title for offer in offers(LSTM, UNIT, 4)] == ["Erase unit 5", "Set …", "Freeze unit 5"]


def test_a_fact_can_be_erased_and_a_hop_forced() -> None:
    assert "erase" in {offer.act for offer in offers(STORY, Selection(slots=(1,)), 4)}
    assert {"force", "mute"} <= {offer.act for offer in offers(STORY, HOP, 2)}


def test_nothing_is_offered_where_nothing_can_be_changed() -> None:
    assert offers(NTM, Selection(channel="tape.error"), 4) == ()
    assert offers(LSTM, Selection(slots=(1,)), 4) == ()


def test_an_erased_slot_is_zero_and_its_neighbours_stay() -> None:
    (edit,) = make("erase", NTM, SLOT, 4)

    after = _after(edit)

    assert (after[3] == 0).all()
    np.testing.assert_array_equal(after[2], NTM.at("memory.contents", 4)[2])
    assert edit_in_words(edit) == "erase slot 3 at step 5"


def test_a_cell_is_set_to_the_number_typed() -> None:
    (edit,) = make("set", NTM, CELL, 4, Answer(text="-0.5"))

    after = _after(edit)

    assert after[3, 5] == -0.5
    assert after[3, 4] == NTM.at("memory.contents", 4)[3, 4]


def test_one_number_fills_a_whole_slot() -> None:
    (edit,) = make("set", NTM, SLOT, 4, Answer(text="0.25"))

    assert (_after(edit)[3] == 0.25).all()


def test_a_row_of_numbers_becomes_the_slot() -> None:
    row = np.linspace(-1, 1, 20)

    (edit,) = make("set", NTM, SLOT, 4, Answer(text="; ".join(map(str, row))))

    np.testing.assert_allclose(_after(edit)[3], row, rtol=1e-6)


def test_two_selected_slots_change_places() -> None:
    (edit,) = make("swap", NTM, Selection(slots=(1, 3)), 4)

    after, before = _after(edit), NTM.at("memory.contents", 4)

    np.testing.assert_array_equal(after[1], before[3])
    np.testing.assert_array_equal(after[3], before[1])


def test_one_selected_slot_is_swapped_with_the_one_typed() -> None:
    (edit,) = make("swap", NTM, SLOT, 4, Answer(text="slot 7"))

    assert edit.index == (3, 7)


def test_a_frozen_slot_stays_frozen_to_the_end() -> None:
    (edit,) = make("freeze", NTM, SLOT, 4)

    assert edit.holds_at(10)


def test_a_forced_head_looks_at_one_slot_only() -> None:
    (edit,) = make("force", NTM, WRITE, 4, Answer(text="9"))

    after = _after(edit)

    assert after[0].argmax() == 9
    assert after[0].sum() == 1
    assert not edit.holds_at(5)


def test_a_head_can_be_forced_from_here_on() -> None:
    (edit,) = make("force", NTM, WRITE, 4, Answer(text="9", onwards=True))

    assert edit.holds_at(12)


def test_muting_takes_what_a_read_head_gets_and_where_a_write_head_writes() -> None:
    assert make("mute", NTM, READ, 4)[0].channel == "read.vector"
    assert make("mute", NTM, WRITE, 4)[0].channel == "write.weighting"


def test_several_selected_slots_are_erased_together() -> None:
    assert [edit.index for edit in make("erase", NTM, Selection(slots=(1, 3, 5)), 4)] == [(1,), (3,), (5,)]


@pytest.mark.parametrize(
    ("act", "trace", "selection", "text", "says"),
    [
        ("erase", NTM, Selection(), "", "Select a slot first: click one in the memory pane."),
        ("force", NTM, SLOT, "1", "Select a head first: click a weighting in a pane."),
        ("force", NTM, WRITE, "16", "16: there is no such slot; they are numbered 0 to 15."),
        ("force", NTM, WRITE, "", "Type the number of a slot, 0 to 15."),
        ("force", NTM, WRITE, "²", "²: there is no such slot; they are numbered 0 to 15."),
        ("set", NTM, SLOT, "", "Type a number."),
        ("set", NTM, SLOT, "1 two", "number 2 (two): this is not a number, such as 0.5."),
        ("set", NTM, SLOT, "nan", "nan: the number must lie between −1,000,000 and 1,000,000."),
        ("set", NTM, SLOT, "1 2 3", "Slot 3 takes one number, or 20; these are 3."),
        ("set", NTM, CELL, "1 2", "Slot 3, feature 5 takes one number; these are 2."),
        ("set", NTM, Selection(channel="controller.hidden", unit=2), "1.5", "1.5: the controller output lies between −1 and 1."),
        ("force", STORY, HOP, "0", "Hop 2 looks nowhere at step 5; choose a step where it does, or “from here to the end”."),
        ("swap", NTM, SLOT, "3", "Slot 3 cannot be swapped with itself; choose another."),
        ("swap", NTM, Selection(slots=(1, 2, 3)), "", "Two slots can change places: select one or two."),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(act: Act, trace: Trace, selection: Selection, text: str, says: str) -> None:
    with pytest.raises(CannotEditError) as refused:
        make(act, trace, selection, 4, Answer(text=text))

    assert str(refused.value) == says


def test_a_step_beyond_the_episode_is_refused() -> None:
    with pytest.raises(CannotEditError, match="Step 14 is not in this episode; it has 13 steps"):
        make("erase", NTM, SLOT, 13)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_numbers_or_refused(text: str) -> None:
    try:
        numbers = read_numbers(text)
    except CannotEditError:
        return
    assert np.isfinite(numbers).all()


@given(st.text(max_size=20), st.integers(1, 300))
def test_whatever_is_typed_as_a_slot_is_one_or_refused(text: str, slots: int) -> None:
    try:
        slot = read_slot(text, slots)
    except CannotEditError:
        return
    assert 0 <= slot < slots


@given(
    st.sampled_from(sorted(TRACES)),
    st.builds(
        Selection,
        channel=st.sampled_from(["", *NTM.channels, *STORY.channels, *LSTM.channels]),
        head=st.integers(-1, 3), hop=st.integers(-1, 5), layer=st.integers(-1, 3), unit=st.integers(-1, 60),
        slots=st.lists(st.integers(0, 20), max_size=3, unique=True).map(tuple),
        features=st.lists(st.integers(0, 25), max_size=2).map(tuple),
    ),
    st.integers(0, 7),
)  # fmt: skip
def test_every_offer_makes_edits_that_fit_the_trace(name: str, selection: Selection, step: int) -> None:
    trace = TRACES[name]
    for offer in offers(trace, selection, step):
        free = next(str(slot) for slot in range(4) if slot not in selection.slots)
        edits = make(offer.act, trace, selection, step, Answer(text=free if offer.asks else "", onwards=offer.act == "force"))

        assert edits
        assert [misfit(trace, edit) for edit in edits] == [""] * len(edits)


def test_an_edit_of_another_size_of_memory_is_named_as_a_misfit() -> None:
    small = ntm_trace(length=6, slots=8)

    assert misfit(small, make("erase", NTM, Selection(slots=(12,)), 4)[0]) == "There is no slot 12 here; there are 8."
    assert misfit(LSTM, make("erase", NTM, SLOT, 4)[0]) == "This model records no memory.contents."
    assert misfit(small, make("swap", NTM, Selection(slots=(2, 12)), 4)[0]) == "There is no slot 12 here; there are 8."
