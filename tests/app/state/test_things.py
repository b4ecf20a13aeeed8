"""A selection means one place in a trace, or none; never a wrong one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.lens import Selection
from app.state.things import memories, present, slot_says, thing
from fake_traces import lstm_trace, memn2n_trace, ntm_trace

NTM, STORY, LSTM = ntm_trace(length=6, slots=16), memn2n_trace(), lstm_trace(length=4)
numbers = st.integers(-1, 40)
selections = st.builds(
    Selection,
    channel=st.sampled_from(["", "no.such", *NTM.channels, *STORY.channels, *LSTM.channels]),
    head=numbers, hop=numbers, layer=numbers, unit=numbers, answer=numbers,
    slots=st.lists(st.integers(0, 200), max_size=3).map(tuple), features=st.lists(st.integers(0, 60), max_size=2).map(tuple),
)  # fmt: skip


def test_a_clicked_weighting_is_the_row_of_its_head() -> None:
    found = thing(NTM, Selection(channel="write.weighting", head=0, slots=(3,)))

    assert found is not None
    assert found.index == (0, 3)
    assert float(found.at(3)) == pytest.approx(0.92)


def test_slots_without_a_channel_mean_the_memory() -> None:
    found = thing(NTM, Selection(slots=(4,)))

    assert found is not None
    assert found.channel.name == "memory.contents"
    assert found.at(2).shape == (20,)


def test_a_head_without_a_channel_means_the_one_that_writes() -> None:
    found = thing(NTM, Selection(head=0))

    assert found is not None
    assert found.channel.name == "write.weighting"


def test_a_unit_of_a_recurrent_net_is_found_by_layer_and_unit() -> None:
    found = thing(LSTM, Selection(channel="state.cell", layer=1, unit=5))

    assert found is not None
    assert float(found.at(2)) == float(LSTM.arrays["state.cell"][2, 1, 5])


def test_an_empty_selection_means_nothing() -> None:
    assert thing(NTM, Selection()) is None
    assert thing(None, Selection(slots=(1,))) is None


def test_a_slot_that_is_not_there_means_nothing() -> None:
    assert thing(NTM, Selection(channel="memory.contents", slots=(16,))) is None


@given(selections, st.integers(0, 8))
def test_whatever_is_selected_the_value_is_one_of_the_trace_or_none(selection: Selection, step: int) -> None:
    for trace in (NTM, STORY, LSTM):
        found = thing(trace, selection)

        assert found is None or found.at(min(step, trace.steps - 1)).size <= np.asarray(trace.arrays[found.channel.name][0]).size


def test_while_it_writes_the_write_head_is_what_is_worth_a_look() -> None:
    assert present(NTM, 2).channel == "write.weighting"
    assert present(NTM, 9).channel == "read.weighting"


def test_at_a_question_the_last_hop_is_worth_a_look_and_at_a_fact_its_slot() -> None:
    assert present(STORY, 2) == Selection(channel="hop.attention", hop=2)
    assert present(STORY, 1) == Selection(channel="memory.contents", slots=(1,))


def test_only_a_bank_of_slots_and_features_counts_as_memory() -> None:
    assert [channel.name for channel in memories(NTM)] == ["memory.contents"]
    assert memories(LSTM) == []


def test_a_slot_of_a_story_says_its_sentence() -> None:
    assert slot_says(STORY, 0, 7) == "Mary moved to the bathroom."
    assert slot_says(NTM, 0, 2) == ""
