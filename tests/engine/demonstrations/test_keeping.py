"""What a wipe is good for, and what is worth a slot: counted on streams."""

from collections.abc import Callable

import numpy as np

from engine.contract.messages import EpisodeWish
from engine.demonstrations.wiped import measure as measure_wiped
from engine.demonstrations.wiped import slots_in_use
from engine.demonstrations.workbench import Workbench
from engine.demonstrations.worth_keeping import measure as measure_keeping
from engine.recording import record

Make = Callable[..., Workbench]


def test_a_wiped_memory_is_empty_after_each_sample_and_a_lasting_one_only_grows(bench: Make) -> None:
    *_, last = measure_wiped(bench("mantra-junctions", "smemo-junctions"), samples=6)

    saw, stairs = (np.asarray(line.y) for line in last.figures[0].series)
    assert [row[0] for row in last.tables[0].rows] == ["SMEMO", "MANTRA"]
    assert saw[0] == saw[60] == saw[-1] == 0
    assert saw.max() > 0
    assert (np.diff(stairs) >= 0).all()
    assert last.findings[0].holds is True
    assert len(last.findings) == 3


def test_without_the_wipe_no_sample_leaves_its_memory_empty(bench: Make) -> None:
    wiped, leaking = (record(bench().open("smemo-junctions", length=3, wipe=wipe), EpisodeWish(seed=1)) for wipe in (True, False))

    assert slots_in_use(wiped)[60::60].tolist() == [0, 0, 0]
    assert (slots_in_use(leaking)[60::60] > 0).all()


def test_slots_in_use_of_a_lasting_memory_are_what_was_stored(bench: Make) -> None:
    trace = record(bench().open("mantra-junctions", length=7, starts_with="empty"), EpisodeWish(seed=1))

    stored = np.asarray(trace.arrays["write.stored"])

    assert slots_in_use(trace).tolist() == [0, *np.cumsum(stored).tolist()]


def test_the_share_stored_is_told_phase_by_phase(bench: Make) -> None:
    *_, last = measure_keeping(bench("mantra-junctions"), samples=60)

    assert sum(int(row[1]) for row in last.tables[0].rows) == 60
    assert f"MANTRA stored {sum(int(row[2]) for row in last.tables[0].rows)} of 60 samples" in last.findings[0].sentence
    assert [figure.title for figure in last.figures] == ["Slots in memory", "Error on held-out samples"]
