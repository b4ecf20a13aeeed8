"""A formula with this step's numbers in it says what the trace says, and its slots can be clicked."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.formula import Term, symbolic, with_numbers
from engine.contract.cards import Channel
from fake_traces import lstm_trace, memn2n_trace, ntm_trace

NTM, STORY, LSTM = ntm_trace(length=6, slots=16), memn2n_trace(), lstm_trace(length=4)
TRACES = {"ntm": NTM, "story": STORY, "lstm": LSTM}


def _text(terms: list[Term]) -> str:
    return "".join(term.text for term in terms)


def _with(formula: str, symbol: str = "r") -> Channel:
    return replace(NTM.channels["read.vector"], formula=formula, symbol=symbol)


def test_a_mixture_names_its_largest_slots_and_each_can_be_clicked() -> None:
    terms = with_numbers(NTM, _with("r = {top:read.weighting:M}"), 9)

    assert _text(terms) == "r = 0.92·M[2] + 0.08·M[3]"
    assert [term.slot for term in terms if term.slot >= 0] == [2, 3]


def test_a_gate_stands_with_its_number() -> None:
    gate = float(NTM.arrays["write.gate"][3, 0])

    assert _text(with_numbers(NTM, _with("{write.gate}·wc"), 3)) == f"{gate:.2f}·wc"


def test_a_short_row_is_written_out_and_a_long_one_summed_up() -> None:
    assert _text(with_numbers(NTM, _with("{write.shift}"), 3)) == "(0.02, 0.03, 0.95)"
    assert re.fullmatch(r"\[20 numbers, largest -?[\d.]+\]", _text(with_numbers(NTM, _with("{write.key}"), 3)))


def test_what_does_not_exist_at_a_step_is_a_dot() -> None:
    attention = replace(STORY.channels["hop.attention"], formula="{top:hop.attention:m}")

    assert _text(with_numbers(STORY, attention, 0)) == "·"
    assert _text(with_numbers(NTM, _with("{no.such}"), 0)) == "·"
    assert _text(with_numbers(NTM, _with("{write.gate}"), 0, index=7)) == "·"


def test_a_channel_without_a_formula_has_no_terms() -> None:
    assert with_numbers(NTM, _with(""), 0) == []


def test_the_symbolic_form_has_symbols_for_numbers() -> None:
    assert symbolic(NTM, _with("wg = {write.gate}·wc + (1 − {write.gate})·w before")) == "wg = g·wc + (1 − g)·w before"
    assert symbolic(NTM, _with("r = {top:read.weighting:M}")) == "r = Σ w[n]·M[n]"
    assert symbolic(NTM, replace(NTM.channels["read.gate"], formula="g = σ(linear(h)) = {read.gate}")) == "g = σ(linear(h))"


def test_the_memory_of_a_slot_names_the_slot_and_how_strongly_it_was_written() -> None:
    memory = NTM.channels["memory.contents"]

    assert _text(with_numbers(NTM, memory, 3, slot=3)) == "M[3] = M before[3]·(1 − 0.92·e) + 0.92·a"
    assert _text(with_numbers(NTM, memory, 3)) == "M[n] = M before[n]·(1 − w[n]·e) + w[n]·a"
    assert symbolic(NTM, memory) == "M[n] = M before[n]·(1 − w[n]·e) + w[n]·a"


def test_with_several_heads_no_single_number_stands_for_all_of_them() -> None:
    two = ntm_trace(length=3, slots=8, heads=2)

    assert "w[n]·a" in _text(with_numbers(two, two.channels["memory.contents"], 1, slot=1))


@pytest.mark.parametrize("row", [[0.5, 0.5, 0.0], [0.004, 0.003, 0.002], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
def test_even_flat_or_empty_weightings_have_at_least_one_term(row: list[float]) -> None:
    trace = ntm_trace(length=1, slots=3)
    trace.arrays["read.weighting"][0, 0] = row

    assert any(term.slot >= 0 for term in with_numbers(trace, _with("{top:read.weighting:M}"), 0))


@given(st.sampled_from(sorted(TRACES)), st.data())
def test_every_formula_of_every_channel_can_be_filled_in_at_every_step(name: str, data: st.DataObject) -> None:
    trace = TRACES[name]
    channel = trace.channels[data.draw(st.sampled_from(sorted(trace.channels)))]
    terms = with_numbers(trace, channel, data.draw(st.integers(0, trace.steps - 1)), data.draw(st.integers(0, 5)))

    assert "{" not in _text(terms)
    assert all(term.slot < trace.card.slots for term in terms)


@given(st.text(max_size=60))
def test_any_text_is_a_formula(text: str) -> None:
    terms = with_numbers(NTM, _with(text), 0)

    assert np.isfinite(len(_text(terms)))
