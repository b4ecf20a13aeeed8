"""The step that an answer looks back to, by slots and by attention."""

from collections.abc import Callable

import numpy as np

from engine.contract.messages import EpisodeWish
from engine.demonstrations.attention import looked_back, measure
from engine.demonstrations.workbench import Workbench, open_exhibit
from engine.recording import record

Make = Callable[..., Workbench]


def test_the_copying_machine_reads_the_slot_that_was_written_at_the_right_step() -> None:
    trace = record(open_exhibit("ntm-copy", {"length": 9}), EpisodeWish(seed=4))

    steps, by = looked_back(trace, 9)

    assert steps.tolist() == list(range(9))
    assert by == "read head"


def test_of_a_transformer_the_head_is_taken_that_is_right_most_often(bench: Make) -> None:
    trace = record(bench().open("transformer-copy", length=5), EpisodeWish(seed=4))
    weighting = np.zeros_like(trace.arrays["attention.self"])
    weighting[..., 0] = 0.5
    weighting[np.arange(6, 11), 1, 1, np.arange(5)] = 1.0
    made = type(trace)(card=trace.card, arrays={**trace.arrays, "attention.self": weighting}, initial=trace.initial)

    steps, by = looked_back(made, 5)

    assert steps.tolist() == list(range(5))
    assert by == "layer 2, head 2"


def test_networks_that_know_nothing_do_not_show_it(bench: Make) -> None:
    *_, last = measure(bench(), length=6)

    assert [finding.holds for finding in last.findings] == [False]
