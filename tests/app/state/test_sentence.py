"""One step in words."""

from dataclasses import replace

import numpy as np

from app.state.sentence import phase_at, step_in_words
from fake_traces import lstm_trace, memn2n_trace, ntm_trace
from story_traces import read_by

NTM = ntm_trace(length=6, slots=16)


def test_a_writing_step_names_both_heads_and_says_that_nothing_is_asked() -> None:
    said = step_in_words(NTM, 2)

    assert said.startswith("Write head 1 writes slot 2 (0.92). Read head 1 reads slot 0 (0.92).")
    assert "othing to answer yet" in said


def test_a_head_whose_gate_is_shut_is_said_to_do_almost_nothing() -> None:
    shut = replace(NTM, arrays={**NTM.arrays, "write.weighting": NTM.arrays["write.weighting"] * 0.1})

    assert step_in_words(shut, 2).startswith("Write head 1 writes almost nothing (0.10 in all). Read head 1 reads slot 0 (0.92).")


def test_a_right_answer_and_a_wrong_one_are_told_apart() -> None:
    wrong = ntm_trace(length=1, slots=8, wrong=3)

    assert "Every bit right." in step_in_words(NTM, 8)
    assert "3 bits wrong." in step_in_words(wrong, 2)


def test_a_question_says_its_line_where_each_hop_looks_and_what_is_answered() -> None:
    said = step_in_words(memn2n_trace(), 2)

    assert said.startswith("“Where is Mary?”")
    assert "Hop 1 looks at slot 0" in said
    assert "It answers bathroom (0.90)." in said


def test_a_fact_says_its_line_and_no_hop() -> None:
    said = step_in_words(memn2n_trace(), 1)

    assert said.startswith("“John went to the hallway.”")
    assert "Hop" not in said


def test_the_phase_of_a_step_is_the_tasks_own_name() -> None:
    assert [phase_at(NTM, step) for step in (0, 6, 7)] == ["present", "delimiter", "recall"]
    assert phase_at(memn2n_trace(), 0) == ""


def test_every_step_of_every_kind_of_trace_has_a_sentence() -> None:
    traces = (NTM, memn2n_trace(), lstm_trace(length=3))

    assert all(step_in_words(trace, step) for trace in traces for step in range(trace.steps))


def test_a_trace_without_anything_to_say_says_nothing() -> None:
    bare = replace(NTM, arrays={})

    assert step_in_words(bare, 0) == ""


def test_a_hard_choice_of_nothing_is_told_too() -> None:
    trace = read_by("decision", "lookup")
    looks = trace.arrays["lookup.look"].copy()
    looks[5, 1] = np.where(np.isfinite(looks[5, 1]), 0.0, np.nan)

    said = step_in_words(replace(trace, arrays={**trace.arrays, "lookup.look": looks}), 5)

    assert "Lookup 1 chooses slot" in said
    assert "Lookup 2 chooses none." in said
