"""Layers, positions and modes in words: what a selection of attention means, and how it is told."""

from dataclasses import replace

import numpy as np
import pytest

from app.state.describe import course, course_name, entries, headline
from app.state.formula import with_numbers
from app.state.lens import Selection
from app.state.sentence import attention_in_words, step_in_words
from app.state.stages import stages
from app.state.things import Thing, layer_name, position_names, present, sharpest, thing
from engine.contract.trace import Trace
from fake_attention import dnc_trace, feedback_trace, pairs_trace, transformer_trace

NTM_LIKE = dnc_trace(stages=True)
SELF, NAMED, PAIRS, FEEDBACK, DNC = (
    transformer_trace(),
    transformer_trace(named=True),
    pairs_trace(),
    feedback_trace(),
    dnc_trace(),
)


def _thing(trace: Trace, **selection: object) -> Thing:
    found = thing(trace, Selection(**selection))  # type: ignore[arg-type]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("trace", "selection", "says"),
    [
        (SELF, {"channel": "attention.self", "layer": 1, "head": 2}, "Layer 2, head 3, step 8"),
        (SELF, {"channel": "attention.self", "layer": 1, "head": 2, "slots": (3,)}, "Layer 2, head 3, position 4, step 8"),
        (NAMED, {"channel": "attention.self", "layer": 0, "head": 0, "slots": (2,)}, "Layer 1, head 1, position 3 “=”, step 8"),
        (SELF, {"channel": "memory.keys", "layer": 1, "slots": (4,)}, "Slot 4 of the keys, layer 2, after step 8"),
        (SELF, {"channel": "layers.output", "layer": 1, "unit": 5}, "Output of the layer, layer 2, unit 5, step 8"),
        (FEEDBACK, {"channel": "memory.layer_weights", "layer": 0}, "Shares of the layers, input, step 8"),
        (FEEDBACK, {"channel": "memory.layer_weights", "layer": 2}, "Shares of the layers, layer 2, step 8"),
        (DNC, {"channel": "read.modes", "head": 0}, "Read modes of head 1, step 8"),
        (DNC, {"channel": "usage.level", "slots": (3,)}, "Usage, slot 3, step 8"),
        (DNC, {"channel": "link.order", "slots": (3,)}, "Order of writing, slot 3, step 8"),
    ],
)
def test_the_headline_names_layer_head_and_position(trace: Trace, selection: dict[str, object], says: str) -> None:
    slots = Selection(**selection).slots  # type: ignore[arg-type]

    assert headline(_thing(trace, **selection), 7, slots) == says


def test_a_layer_and_a_head_are_a_row_over_positions() -> None:
    found = _thing(SELF, channel="attention.self", layer=1, head=2)

    assert (found.index, found.entries_axis, found.parts) == ((1, 2), "position", {"layer": 1, "head": 2})


def test_of_slots_by_slots_one_slot_is_a_row_and_never_the_diagonal() -> None:
    found = _thing(DNC, channel="link.order", slots=(3,))

    assert found.index == (3,)
    assert found.at(7).shape == (16,)


def test_shares_of_layers_without_a_choice_are_all_of_them() -> None:
    shown = entries(_thing(FEEDBACK, channel="memory.layer_weights", slots=(1,)), 7)

    assert [(entry.label, entry.is_chosen) for entry in shown] == [("layer 2", False), ("layer 1", False), ("input", False)]


def test_one_layer_is_told_beside_the_others() -> None:
    shown = entries(_thing(FEEDBACK, channel="memory.layer_weights", layer=1), 7)

    assert [entry.label for entry in shown if entry.is_chosen] == ["layer 1"]
    assert len(shown) == 3


def test_positions_are_counted_from_one_and_can_be_chosen_like_slots() -> None:
    shown = entries(_thing(SELF, channel="attention.self", layer=1, head=0), 9, slots=(2,))

    assert (shown[0].label, shown[0].slot, shown[0].is_chosen) == ("position 3", 2, True)


def test_the_ways_of_a_read_head_bear_their_names() -> None:
    assert {e.label for e in entries(_thing(DNC, channel="read.modes", head=0), 7)} == {"backward", "content", "forward"}


def test_the_course_of_a_position_is_told_with_its_name() -> None:
    found = _thing(NAMED, channel="attention.self", layer=1, head=0)

    assert course_name(found, (2,)) == "self-attention, position 3 “=”"
    np.testing.assert_array_equal(course(found, (2,)), NAMED.arrays["attention.self"][:, 1, 0, 2])


def test_a_formula_takes_the_row_of_the_layer_and_the_head() -> None:
    channel = SELF.channels["attention.self"]

    terms = with_numbers(SELF, channel, 9, {"layer": 1, "head": 0})

    assert max((term for term in terms if term.slot >= 0), key=lambda t: terms.index(t) == 1).slot == 2


def test_a_formula_of_all_layers_names_all_of_them() -> None:
    channel = replace(FEEDBACK.channels["memory.layer_weights"], formula="softmax(ω) = {memory.layer_weights}")

    assert "".join(t.text for t in with_numbers(FEEDBACK, channel, 3, {"layer": 1})) == "softmax(ω) = (0.20, 0.30, 0.50)"


def test_a_head_that_is_not_there_means_nothing() -> None:
    assert thing(SELF, Selection(channel="attention.self", layer=1, head=9)) is None


def test_what_is_worth_a_look_is_the_surest_head() -> None:
    layer, head, place = sharpest(SELF, SELF.channels["attention.self"], 9)

    found = present(SELF, 9)

    assert (found.channel, found.layer, found.head) == ("attention.self", layer, head)
    assert float(SELF.arrays["attention.self"][9].max()) == float(SELF.arrays["attention.self"][9, layer, head, place])


def test_the_sentence_says_where_the_surest_head_looks() -> None:
    layer, head, place = sharpest(NAMED, NAMED.channels["attention.self"], 9)

    told = attention_in_words(NAMED, 9)

    assert told.startswith(f"Layer {layer + 1}, head {head + 1} looks at step {place + 1}, “{position_names(NAMED)[place]}” (")
    assert told in step_in_words(NAMED, 9)


def test_both_kinds_of_attention_are_told_where_both_exist() -> None:
    assert attention_in_words(PAIRS, 2).count("looks at") == 1
    assert attention_in_words(PAIRS, 7).count("looks at") == 2


def test_where_there_is_no_past_nothing_is_said() -> None:
    assert attention_in_words(FEEDBACK, 0) == ""


def test_layers_of_a_channel_without_the_input_are_counted_from_one() -> None:
    assert layer_name(SELF, SELF.channels["layers.output"], 0) == "layer 1"
    assert layer_name(FEEDBACK, FEEDBACK.channels["memory.layer_weights"], 0) == "input"
    assert layer_name(FEEDBACK, FEEDBACK.channels["memory.layer_weights"], 1) == "layer 1"


def test_without_names_the_words_that_come_in_stand_for_the_steps() -> None:
    words = np.full(PAIRS.steps, -1, np.float32)
    words[:3] = 0, 2, 1
    channel = replace(PAIRS.channels["tape.input"], axes=(), kind="tokens")
    task = replace(PAIRS.card.task, channels=(channel,))
    card = replace(PAIRS.card, task=task, labels={"answer": ("a", "b", "c")})
    trace = replace(PAIRS, card=card, arrays={**PAIRS.arrays, "tape.input": words})

    assert position_names(trace)[:4] == ("a", "c", "b", "")


def test_the_stages_of_a_reading_head_name_the_way_that_it_takes_most() -> None:
    (read,) = [stage for stage in stages(NTM_LIKE, "read", 0, 7) if stage.name == "read"]
    shares = np.asarray(DNC.arrays["read.modes"])[7, 0]

    assert read.number == f"{('backward', 'content', 'forward')[int(shares.argmax())]} {float(shares.max()):.2f}"
