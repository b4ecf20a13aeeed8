"""How many numbers of a memory a step changes."""

from dataclasses import replace

import numpy as np

from engine.contract.messages import EpisodeWish
from engine.demonstrations.whole_state import changes, measure
from engine.demonstrations.workbench import Workbench, open_exhibit
from engine.recording import record


def test_only_the_numbers_that_move_noticeably_count() -> None:
    trace = record(open_exhibit("ntm-copy", {"length": 2}), EpisodeWish(seed=0))
    contents = np.zeros_like(trace.arrays["memory.contents"])
    contents[1:, 3, :4] = 10.0
    contents[2:, 5, 0] = 0.05
    made = replace(trace, arrays={**trace.arrays, "memory.contents": contents}, initial={"memory.contents": contents[0]})

    changed, numbers = changes(made)

    assert changed.tolist() == [0, 4, 0, 0, 0]
    assert numbers == contents[0].size


def test_the_bundled_networks_show_it() -> None:
    *_, last = measure(Workbench(listener=lambda done, total: True))

    assert [finding.holds for finding in last.findings] == [True]
