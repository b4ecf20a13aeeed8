"""How a model is wired: as its card says, or as its stages suggest."""

from dataclasses import replace

import numpy as np
import pytest

from app.state.wiring import as_rows, flow, is_present, name_within, place_in, says_in_words, stage_channels, wiring_of
from engine.contract.cards import Block
from engine.contract.trace import Trace
from fake_pairs import pairs_trace
from fake_traces import lstm_trace, memn2n_trace, ntm_trace


def bare(trace: Trace) -> Trace:
    """The same trace of a model whose card says nothing of its wiring."""
    return replace(trace, card=replace(trace.card, model=replace(trace.card.model, wiring=(), wires=())))


def test_the_model_s_own_picture_is_taken_with_the_channels_that_are_recorded() -> None:
    wiring = wiring_of(ntm_trace(length=4, slots=16))

    assert [part.block.name for part in wiring.parts] == ["input", "controller", "output", "write", "read", "memory"]
    assert [channel.name for channel in wiring.part("write").shows] == ["write.weighting", "write.erase", "write.add"]
    assert [channel.name for channel in wiring.part("input").shows] == ["tape.input"]
    assert len(wiring.wires) == 11


@pytest.mark.parametrize("trace", [bare(ntm_trace(length=4, slots=16)), lstm_trace(length=4), memn2n_trace()])
def test_without_one_every_organ_is_a_block_between_input_and_output(trace: Trace) -> None:
    wiring = wiring_of(trace)

    names = [part.block.name for part in wiring.parts]
    organs = {c.organ for c in trace.card.model.channels if c.name in trace.channels}
    assert (names[0], names[-1], set(names[1:-1])) == ("input", "output", organs)
    assert [(wire.source, wire.target) for wire in wiring.wires] == list(zip(names, names[1:], strict=False))
    assert all(part.shows for part in wiring.parts)


def test_a_way_is_the_present_one_at_the_stage_that_shows_what_flows() -> None:
    trace = ntm_trace(length=4, slots=16)
    wiring, read = wiring_of(trace), [stage.name for stage in trace.card.model.micro_steps].index("read")

    lit = [wire.says for wire in wiring.wires if is_present(wire, stage_channels(trace, read))]

    assert lit == ["reads", "r"]
    assert not [wire for wire in wiring.wires if is_present(wire, stage_channels(trace, None))]


def test_how_much_flows_is_the_mean_of_a_gate_or_the_largest_share_of_a_weighting() -> None:
    trace = ntm_trace(length=4, slots=16)
    wires = {wire.says: wire for wire in wiring_of(trace).wires}

    assert flow(trace, wires["keeps"], 2) == pytest.approx(float(trace.at("controller.forget_gate", 2).mean()))
    assert flow(trace, wires["writes"], 2) == pytest.approx(0.92)
    assert flow(trace, wires["x"], 2) is None


def test_rows_lie_below_each_other_and_a_cell_finds_its_place_again() -> None:
    trace = memn2n_trace()
    channel, value = trace.channels["hop.attention"], trace.at("hop.attention", 5)

    rows = as_rows(channel, value)
    place = place_in(channel, value, 2, 4)

    assert place == {"hop": 2, "slot": 4}
    np.testing.assert_array_equal(rows[2, 4], value[2, 4])


def test_a_line_of_a_story_stands_as_text() -> None:
    trace = memn2n_trace()

    assert says_in_words(trace, trace.channels["tape.input"], 2) == "Where is Mary?"
    assert says_in_words(trace, trace.channels["tape.output"], 2) == "bathroom"
    assert says_in_words(trace, trace.channels["tape.output"], 0) == "–"
    assert says_in_words(trace, trace.channels["hop.attention"], 2) == ""


def test_a_symbol_stands_by_its_name_not_its_number() -> None:
    trace = pairs_trace("c a b")

    assert says_in_words(trace, trace.channels["tape.input"], 0) == "c"
    assert says_in_words(trace, trace.channels["tape.output"], 3) == "b"
    assert says_in_words(trace, trace.channels["tape.output"], 0) == "–"


def test_a_quantity_does_not_say_again_what_its_block_says() -> None:
    channels = ntm_trace(length=4, slots=16).channels
    block = Block(name="read", title="read heads", says="", row=0, columns=(0, 6))

    assert name_within(block, channels["read.weighting"]) == "weighting"
    assert name_within(block, channels["write.weighting"]) == "write weighting"
    assert (
        name_within(replace(block, title="handed over"), replace(channels["read.weighting"], title="handed-over cell")) == "cell"
    )
    assert name_within(replace(block, title="cell"), replace(channels["read.weighting"], title="cell")) == "cell"
