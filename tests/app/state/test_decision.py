"""What the writing controller decided of a sample, in words that name the slot, the share and the rule."""

from dataclasses import replace

import numpy as np
import pytest

from app.state.decision import decision_at, decision_channels, decisions_of, reasons, tally, verdict, whole_of
from engine.contract.trace import Trace
from fake_growing import growing_trace
from fake_traces import ntm_trace


@pytest.fixture
def trace() -> Trace:
    return growing_trace(120)


def _steps(trace: Trace, stored: bool) -> list[int]:
    return np.flatnonzero((trace.arrays["write.stored"] > 0) == stored).tolist()


def test_a_model_that_decides_nothing_has_no_decision(trace: Trace) -> None:
    assert decision_channels(ntm_trace()) == []
    assert [c.role for c in decision_channels(trace)] == ["stored", "success", "threshold", "accept"]


def test_what_is_refused_names_the_slot_that_explains_it_and_how_much(trace: Trace) -> None:
    step = _steps(trace, stored=False)[0]
    slots, rates = trace.arrays["read.slot"][step], trace.arrays["write.success"][step]
    best = int(np.nanargmax(rates))

    found = decision_at(trace, step)

    assert verdict(found) == f"Refused: slot {slots[best]:.0f} already explains {rates[best]:.0%} of its steps".replace(
        "%", "\xa0%"
    )
    assert "so it is known well enough" in reasons(found)


def test_what_is_stored_names_its_slot_and_why(trace: Trace) -> None:
    step = _steps(trace, stored=True)[-1]

    found = decision_at(trace, step)

    assert verdict(found) == f"Stored as slot {int(trace.arrays['write.weighting'][step, 0].argmax())}"
    assert "the threshold is 0.50, so it is worth a slot" in reasons(found)


def test_the_first_sample_finds_an_empty_memory(trace: Trace) -> None:
    found = decision_at(trace, 0)

    assert (found.slots, found.best, found.best_slot, found.slot) == ((), 0.0, -1, 0)
    assert reasons(found).startswith("Nothing was retrieved, so nothing explains what happened")


def test_a_full_memory_names_the_rule_in_force() -> None:
    trace = growing_trace(120, limit=3)
    step = int(np.flatnonzero(decisions_of(trace).full)[0])

    found = decision_at(trace, step)

    assert verdict(found) == "Worth a slot, but the memory is full"
    assert reasons(found).endswith("Every slot is taken, and the rule is to store nothing more.")
    assert f"{int(decisions_of(trace).full.sum())} turned away because the memory was full" in tally(trace, 119)


def test_a_slot_that_gives_up_its_place_is_named() -> None:
    trace = growing_trace(120, limit=-3)
    step = _steps(trace, stored=True)[-1]
    gone = np.flatnonzero((trace.arrays["memory.alive"][step - 1] > 0) & ~(trace.arrays["memory.alive"][step] > 0))

    found = decision_at(trace, step)

    assert found.given_up == int(gone[0])
    assert verdict(found) == f"Stored as slot {found.slot}, in the place of slot {found.given_up}"


def test_the_loss_is_what_the_controller_was_trained_to_lower(trace: Trace) -> None:
    found = decision_at(trace, 50)
    share, best = trace.arrays["write.probability"][50], trace.arrays["write.best"][50]

    assert found.loss == pytest.approx(share * best + (1 - share) * (1 - best))


def test_the_course_agrees_with_each_step(trace: Trace) -> None:
    every = decisions_of(trace)

    assert every.best == pytest.approx(trace.arrays["write.best"])
    assert [decision_at(trace, step).is_stored for step in range(120)] == every.stored.tolist()
    stored = int(every.stored.sum())
    assert tally(trace, 119) == f"{stored} stored and {120 - stored} refused so far"


def test_shares_are_of_steps_where_there_are_steps(trace: Trace) -> None:
    assert whole_of(trace) == "its steps"
    assert whole_of(ntm_trace()) == "it"


def test_a_threshold_that_nothing_can_be_below_is_told_as_such(trace: Trace) -> None:
    found = decision_at(trace, 50)

    assert reasons(replace(found, threshold=-0.5)).endswith("the threshold is −0.50, so nothing is ever worth a slot.")
    assert reasons(replace(found, threshold=1.2)).endswith("the threshold is 1.20, so everything is worth a slot.")


def test_a_stream_that_does_not_write_is_told_from_a_full_memory() -> None:
    trace = growing_trace(120, limit=3)
    quiet = replace(trace, card=replace(trace.card, settings={"goes_on_writing": False}))
    step = int(np.flatnonzero(decisions_of(quiet).full)[0])

    assert verdict(decision_at(quiet, step)) == "Worth a slot, but nothing is written"
    assert "This stream does not write" in reasons(decision_at(quiet, step))
    assert tally(quiet, 119).endswith("turned away because nothing is written")
