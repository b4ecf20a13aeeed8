"""A and B stand on one scale and one clock, and a difference that makes no sense is refused with the reason."""

import numpy as np
import pytest

from app.state.comparison import Comparison
from app.state.side import Showing, Side
from engine.contract.edits import Edit
from engine.contract.messages import Source
from engine.contract.trace import Trace
from fake_traces import lstm_trace, ntm_trace

A = ntm_trace(length=5, slots=16)


def _beside(a: Trace | None, b: Trace | None, mode: str = "split") -> Comparison:
    comparison = Comparison(Side("A"), Side("B"))
    for side, trace in ((comparison.a, a), (comparison.b, b)):
        if trace is not None:
            side.wish(Showing(source=Source(place=trace.card.source)), None)
            side.take(None, trace)
    comparison.show(mode)  # type: ignore[arg-type]
    return comparison


def test_both_sides_have_one_scale_for_a_quantity() -> None:
    b = ntm_trace(length=5, slots=16, seed=3)
    wide = Trace(card=b.card, arrays={**b.arrays, "memory.contents": b.arrays["memory.contents"] * 9}, initial=b.initial)

    low, high = _beside(A, wide).limits("memory.contents")

    assert (low, high) == wide.limits("memory.contents")
    assert high > A.limits("memory.contents")[1]


def test_alone_a_side_has_its_own_scale() -> None:
    b = ntm_trace(length=5, slots=16, seed=3)
    wide = Trace(card=b.card, arrays={**b.arrays, "memory.contents": b.arrays["memory.contents"] * 9}, initial=b.initial)

    assert _beside(A, wide, "single").limits("memory.contents") == A.limits("memory.contents")
    assert _beside(None, None).limits("memory.contents") == (0.0, 1.0)


def test_different_lengths_are_aligned_by_step_and_the_rule_is_said() -> None:
    comparison = _beside(A, ntm_trace(length=8, slots=16))

    assert comparison.steps == 17
    assert comparison.rule == "aligned by step; A has 11, B has 17 steps"
    assert _beside(A, A).rule == "aligned by step, 11 each"
    assert _beside(A, None).rule == ""


def test_what_differs_is_listed_and_what_is_the_same() -> None:
    differs, same = _beside(A, ntm_trace(length=5, slots=16, update=100)).differences()

    assert differs == ["weights", "checkpoint"]
    assert {"model", "task", "episode", "slots"} == set(same)


def test_an_edited_copy_differs_by_its_edits_only() -> None:
    edited = ntm_trace(length=5, slots=16, edits=(Edit(act="erase", channel="memory.contents", step=1, index=(0,)),))

    assert _beside(A, edited).differences()[0] == ["edits"]
    assert _beside(A, None).differences() == ([], [])


def test_a_difference_is_b_minus_a() -> None:
    b = ntm_trace(length=5, slots=16, seed=1)

    found = _beside(A, b).difference("memory.contents")

    np.testing.assert_array_equal(found, b.arrays["memory.contents"] - A.arrays["memory.contents"])


@pytest.mark.parametrize(
    ("b", "channel", "says"),
    [
        (None, "memory.contents", "There is no second side to subtract."),
        (lstm_trace(length=5), "memory.contents", "B has nothing like “memory”; a difference needs it on both sides."),
        (lstm_trace(length=5), "state.cell", "A has nothing like “cell”; a difference needs it on both sides."),
        (
            ntm_trace(length=5, slots=32),
            "memory.contents",
            "A is 11 x 16 x 20 and B is 11 x 32 x 20; a difference needs equal sizes.",
        ),
        (ntm_trace(length=5, slots=16), "memory.contents", ""),
    ],
    ids=["no B", "not in B", "not in A", "other size", "fits"],
)
def test_a_difference_that_makes_no_sense_is_refused_with_the_reason(b: Trace | None, channel: str, says: str) -> None:
    assert _beside(A, b).refusal(channel) == says


def test_asking_for_a_difference_without_b_is_an_error_with_the_reason() -> None:
    with pytest.raises(ValueError, match="no second side"):
        _beside(A, None).difference("memory.contents")


def test_differences_are_drawn_on_symmetric_limits() -> None:
    comparison = _beside(A, ntm_trace(length=5, slots=16, seed=1))

    assert comparison.difference_limits("read.weighting") == (-1.0, 1.0)
    low, high = comparison.difference_limits("memory.contents")
    assert -low == high
