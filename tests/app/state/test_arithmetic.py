"""The arithmetic of a block: its formulas, filled with numbers that really make the result."""

import re

import numpy as np
import pytest

from app.state.arithmetic import Line, lines
from app.state.lens import Selection
from app.state.wiring import Part, wiring_of
from engine.contract.cards import Block, Channel
from engine.contract.trace import Trace
from fake_traces import memn2n_trace, ntm_trace


def said(found: list[Line]) -> dict[str, str]:
    return {line.channel.name: "".join(term.text for term in line.terms) for line in found}


def of(trace: Trace, block: str, step: int = 3, micro: int | None = None, chosen: Selection | None = None) -> list[Line]:
    return lines(trace, wiring_of(trace).part(block), step, micro, chosen or Selection())


def worth(text: str) -> float:
    """What a worked-out right side comes to, by Python's own arithmetic."""
    sides = text.replace("\N{MINUS SIGN}", "-").replace("·", "*").split(" = ")
    assert re.fullmatch(r"[-0-9.*+() ]+", sides[-2]), sides[-2]
    return float(eval(sides[-2]))  # noqa: S307  # digits and signs only, as just checked


def result(text: str) -> float:
    return float(text.replace("\N{MINUS SIGN}", "-").rpartition(" = ")[2])


def consistent(trace: Trace) -> Trace:
    """Let the controller's cell follow from its gates."""
    names = ("input_gate", "forget_gate", "candidate", "cell")
    i, f, g, c = (trace.arrays[f"controller.{name}"] for name in names)
    for step in range(1, trace.steps):
        c[step] = f[step] * c[step - 1] + i[step] * g[step]
    return trace


def test_a_cell_is_worked_out_for_one_unit_and_comes_out_right() -> None:
    trace = consistent(ntm_trace(length=4, slots=16))

    text = said(of(trace, "controller"))["controller.cell"]

    assert re.match(r"c\[\d+\] = ", text)
    assert worth(text) == pytest.approx(result(text), abs=0.03)


def test_all_gates_of_a_block_are_told_for_the_same_unit() -> None:
    found = said(of(ntm_trace(length=4, slots=16), "controller"))

    assert len({re.search(r"\[(\d+)\]", text)[1] for text in found.values()}) == 1  # type: ignore[index]  # each has one


def test_a_chosen_unit_is_the_one_that_is_worked_out() -> None:
    found = of(ntm_trace(length=4, slots=16), "controller", chosen=Selection(channel="controller.cell", unit=7))

    assert {line.title.rpartition(", ")[2] for line in found} == {"unit 7"}


def test_the_slot_that_is_written_is_worked_out_down_to_a_feature() -> None:
    trace = ntm_trace(length=6, slots=16)

    text = said(of(trace, "memory"))["memory.contents"]
    general, one = text.split("\n")

    assert general == "M[3] = M before[3]·(1 − 0.92·e) + 0.92·a"
    assert one.startswith("M[3, ")
    assert worth(one) == pytest.approx(result(one), abs=0.03)
    assert abs(result(one)) == pytest.approx(float(np.abs(trace.at("memory.contents", 3)[3]).max()), abs=0.6e-2)


def test_a_chosen_slot_is_the_one_that_is_worked_out() -> None:
    found = of(ntm_trace(length=6, slots=16), "memory", chosen=Selection(channel="memory.contents", slots=(1,)))

    assert said(found)["memory.contents"].startswith("M[1] = ")


def test_with_several_heads_no_feature_is_worked_out_for_the_formula_is_of_one() -> None:
    assert "\n" not in said(of(ntm_trace(length=6, slots=16, heads=2), "memory"))["memory.contents"]


def test_a_weighting_ends_with_what_it_comes_to() -> None:
    trace = ntm_trace(length=6, slots=16)

    assert said(of(trace, "write"))["write.weighting"].endswith("\nw[3] = 0.92")


def test_the_chosen_head_is_told_and_named() -> None:
    trace = ntm_trace(length=6, slots=16, heads=2)

    found = of(trace, "write", chosen=Selection(channel="write.weighting", head=1))

    gate = next(line for line in found if line.channel.name == "write.gate")
    assert gate.title == "write gate, head 2"
    assert f"{float(trace.at('write.gate', 3)[1]):.2f}" in "".join(term.text for term in gate.terms)


def test_the_formulas_of_the_present_stage_are_marked() -> None:
    trace = ntm_trace(length=6, slots=16)

    assert [line.channel.name for line in of(trace, "write", micro=1) if line.is_present] == ["write.gate", "write.gated"]


def test_what_takes_in_whole_vectors_keeps_its_words() -> None:
    text = said(of(ntm_trace(length=4, slots=16), "controller"))["controller.input_gate"]

    assert re.fullmatch(r"i\[\d+\] = σ\(linear\(x, r, h before\)\) = 0\.\d\d", text)


def test_before_the_first_step_is_not_guessed() -> None:
    assert "c before" in said(of(ntm_trace(length=4, slots=16), "controller", step=0))["controller.cell"]


def test_of_hops_before_means_the_hop_before() -> None:
    trace = memn2n_trace()
    state = Channel(
        name="hop.attention", axes=("hop", "slot"), kind="attention", title="attention", symbol="p", formula="p = p before + x",
        says="Made up.",
    )  # fmt: skip
    part = Part(Block(name="hop", title="hop", says="", row=0, columns=(0, 6)), (), (state,))

    text = said(lines(trace, part, 5, 2, Selection()))["hop.attention"]

    before = float(trace.at("hop.attention", 5)[1, 2])
    assert text.startswith(f"p[2] = {before:.2f} + x")


def test_what_does_not_exist_at_a_step_is_left_out() -> None:
    trace = memn2n_trace()

    assert [line for line in of(trace, "hop", step=0) if line.channel.name == "hop.attention"] == []
