"""The selected thing in words and numbers."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.describe import amount, as_text, course, course_name, entries, headline, number, parameters_in_words, sentence
from app.state.lens import Selection
from app.state.things import Thing, thing
from engine.contract.trace import Trace
from fake_traces import lstm_trace, memn2n_trace, ntm_trace

NTM, STORY, LSTM = ntm_trace(length=6, slots=16), memn2n_trace(), lstm_trace(length=4)

TRACES = {"ntm": NTM, "story": STORY, "lstm": LSTM}


def _thing(trace: Trace, **selection: object) -> Thing:
    found = thing(trace, Selection(**selection))  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("trace", "selection", "says"),
    [
        (NTM, {"channel": "write.weighting", "head": 0}, "Write head 1, step 8"),
        (NTM, {"channel": "write.weighting", "head": 0, "slots": (3,)}, "Write head 1, step 8"),
        (NTM, {"channel": "read.gate", "head": 0}, "Read gate of head 1, step 8"),
        (NTM, {"channel": "memory.contents", "slots": (7,)}, "Slot 7, after step 8"),
        (NTM, {"channel": "memory.contents", "slots": (7,), "features": (2,)}, "Slot 7, feature 2, after step 8"),
        (NTM, {"channel": "controller.cell", "unit": 4}, "Controller cell, unit 4, step 8"),
        (STORY, {"channel": "hop.attention", "hop": 1}, "Hop 2, step 8"),
        (STORY, {"channel": "answer.probability", "answer": 3}, "Answer “office”, step 8"),
        (LSTM, {"channel": "state.cell", "layer": 1, "unit": 5}, "Cell, layer 2, unit 5, step 8"),
    ],
)
def test_the_headline_names_the_thing_and_the_step_counted_from_one(
    trace: Trace, selection: dict[str, object], says: str
) -> None:
    chosen = Selection(**selection)  # type: ignore[arg-type]

    assert headline(_thing(trace, **selection), 7, chosen.slots) == says


def test_several_slots_are_named_together() -> None:
    assert headline(_thing(NTM, slots=(3, 7)), 7, (3, 7)) == "Slots 3 and 7, after step 8"


def test_the_largest_weights_come_first_and_the_chosen_slot_is_always_among_them() -> None:
    shown = entries(_thing(NTM, channel="write.weighting", head=0), 3, slots=(11,))

    assert [entry.slot for entry in shown][:2] == [3, 4]
    assert shown[0].label == "slot 3"
    assert [entry.slot for entry in shown if entry.is_chosen] == [11]


def test_a_quantity_that_does_not_exist_at_a_step_has_no_entries() -> None:
    assert entries(_thing(STORY, channel="hop.attention", hop=0), 0) == []


def test_an_answer_is_shown_by_its_word() -> None:
    assert entries(_thing(STORY, channel="answer.probability"), 7)[0].label == "office"


def test_a_slot_of_a_story_is_described_by_its_sentence() -> None:
    assert sentence(_thing(STORY, slots=(0,)), 7, "plain") == "“Mary moved to the bathroom.”"


def test_plain_words_have_no_symbol_and_formula_words_have_one() -> None:
    chosen = _thing(NTM, channel="write.gate", head=0)

    assert sentence(chosen, 0, "formula").startswith("Write gate g. ")
    assert sentence(chosen, 0, "technical").startswith("Write gate. ")
    assert sentence(chosen, 0, "plain") == chosen.channel.says


def test_what_is_copied_has_every_number() -> None:
    chosen = _thing(NTM, channel="write.weighting", head=0)

    numbers = [float(word) for word in as_text(chosen, 3).split("\t")]

    np.testing.assert_allclose(numbers, NTM.arrays["write.weighting"][3, 0], rtol=1e-6)


def test_the_history_of_a_slot_is_its_weight_at_every_step() -> None:
    chosen = _thing(NTM, channel="write.weighting", head=0, slots=(3,))

    np.testing.assert_array_equal(course(chosen, (3,)), NTM.arrays["write.weighting"][:, 0, 3])
    assert course_name(chosen, (3,)) == "write weighting, slot 3"


def test_the_history_of_a_head_is_its_largest_weight_with_gaps_where_it_does_not_look() -> None:
    found = course(_thing(STORY, channel="hop.attention", hop=0))

    assert np.isnan(found[0])
    assert found[2] == pytest.approx(STORY.arrays["hop.attention"][2, 0][:2].max())


@given(st.sampled_from(sorted(TRACES)), st.data())
def test_every_channel_can_be_described_at_every_step(name: str, data: st.DataObject) -> None:
    trace = TRACES[name]
    channel = trace.channels[data.draw(st.sampled_from(sorted(trace.channels)))]
    step = data.draw(st.integers(0, trace.steps - 1))
    chosen = _thing(trace, channel=channel.name, head=0, hop=0, layer=0)

    assert headline(chosen, step, (0,)).endswith(f"step {step + 1}")
    assert len(course(chosen)) == trace.steps
    assert all(np.isfinite(entry.value) for entry in entries(chosen, step))
    assert as_text(chosen, step)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.5, "0.50"),
        (-1.25, "−1.25"),
        (0.0, "0.00"),
        (0.0014, "0.001"),
        (-0.003, "−0.003"),
        (-1e-9, "0.00"),
        (7e-9, "0.00"),
        (float("nan"), "none"),
    ],
)
def test_numbers_have_two_digits_and_a_true_minus(value: float, text: str) -> None:
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"), [(0.0, "0"), (2.9e-8, "<0.001"), (0.0123, "0.0123"), (73.84, "73.8"), (-1e-9, ">−0.001")]
)
def test_losses_are_told_without_zeros_that_nobody_reads(value: float, text: str) -> None:
    assert amount(value) == text


def test_the_claim_about_slots_is_made_only_where_the_models_count_says_so() -> None:
    assert re.fullmatch(r"[\d,]+ parameters", parameters_in_words(LSTM.card))
