"""An episode in a few numbers a step, on traces made up and on the bundled ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import assets
from engine.contract.cards import Channel, TaskCard
from engine.contract.messages import Course
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace
from engine.courses import courses_of, entropy, mean_over_rest


def bundled(name: str) -> Trace:
    return read_trace(sorted(assets.path(f"exhibits/{name}/traces").glob("*.safetensors"))[0])


def named(trace: Trace) -> dict[str, Course]:
    return {course.name: course for course in courses_of(trace)}


@pytest.mark.parametrize("name", ["ntm-copy", "lstm-copy", "memn2n-babi"])
def test_every_course_has_a_number_for_each_step_within_its_range(name: str) -> None:
    trace = bundled(name)

    found = courses_of(trace)

    assert found
    assert len({course.name for course in found}) == len(found)
    assert {course.values.shape for course in found} == {(trace.steps,)}
    assert all(course.title and course.says for course in found)
    assert all(np.nanmin(course.values) >= -1e-6 for course in found)
    assert all(np.nanmax(course.values) <= course.top + 1e-5 for course in found if course.top)


def test_a_machine_with_a_memory_has_all_six() -> None:
    found = named(bundled("ntm-copy"))

    assert {"error", "target", "read entropy", "write strength", "change"} <= set(found)
    assert any(course.name.startswith(("read.", "write.")) for course in found.values())
    assert found["error"].top == 8
    assert found["change"].title == "slot change"


def test_a_trained_machine_is_sure_of_the_right_bits_where_they_count() -> None:
    trace = bundled("ntm-copy")
    target = named(trace)["target"].values
    counts = np.isfinite(trace.arrays["tape.error"])

    assert (target[counts] > 0.9).all()
    assert np.isnan(target[~counts]).all()


def test_a_recurrent_net_has_a_state_in_the_place_of_slots() -> None:
    trace = bundled("lstm-copy")
    found = named(trace)

    first = np.linalg.norm(trace.arrays["state.hidden"][0])
    assert "read entropy" not in found
    assert found["change"].title.startswith("change of the ")
    assert found["change"].values[0] == pytest.approx(first, rel=1e-5)


def test_the_probability_of_an_answer_is_that_of_the_target_by_name() -> None:
    trace = bundled("memn2n-babi")
    asked = np.flatnonzero(trace.arrays["tape.target"] >= 0)

    turned = replace(
        trace,
        card=replace(trace.card, labels={**trace.card.labels, "answer": trace.card.labels["answer"][::-1]}),
        arrays={**trace.arrays, "answer.probability": trace.arrays["answer.probability"][:, ::-1]},
    )

    right = named(trace)["target"].values
    np.testing.assert_array_equal(named(turned)["target"].values, right)
    answers = trace.arrays["tape.target"][asked].astype(int)
    np.testing.assert_array_equal(right[asked], trace.arrays["answer.probability"][asked, answers])
    assert np.isnan(np.delete(right, asked)).all()


def test_a_trace_that_records_none_of_it_has_no_course() -> None:
    trace = bundled("ntm-copy")
    empty = TaskCard(id="none", name="None", form="sequence", idea="", settings=(), channels=(), metrics=())
    only = Channel(name="x.vector", axes=("feature",), kind="vector", says="", title="")
    card = replace(trace.card, task=empty, model=replace(trace.card.model, channels=(only,)))

    found = courses_of(Trace(card=card, arrays={"x.vector": np.zeros((trace.steps, 3), np.float32)}))

    assert found == ()


@given(arrays(np.float32, (3, 2, 6), elements=st.floats(0, 1, width=32)))
def test_entropy_lies_between_one_slot_and_all_slots_alike(weights: np.ndarray) -> None:
    found = entropy(weights)

    some = weights.sum(-1) > 1e-6
    assert found.shape == (3, 2)
    assert (found[some] >= -1e-5).all()
    assert (found[some] <= np.log2(6) + 1e-4).all()


def test_entropy_of_one_slot_is_0_of_all_alike_their_logarithm_and_of_nothing_unknown() -> None:
    weights = np.array([[0, 1, 0, 0], [0.25] * 4, [0, 0, 0, 0]], np.float32)

    np.testing.assert_allclose(entropy(weights), [0, 2, np.nan], atol=1e-6)


def test_a_mean_takes_what_is_there() -> None:
    values = np.array([[[1, np.nan], [3, np.nan]], [[np.nan, np.nan], [np.nan, np.nan]]], np.float32)

    np.testing.assert_array_equal(mean_over_rest(values), np.array([2, np.nan], np.float32))
