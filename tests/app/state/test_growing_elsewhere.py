"""A memory that grows in the panes that know nothing of it: slots that are not written yet never look written."""

import numpy as np
import pytest
from pytestqt.qtbot import QtBot
from staged import placed, table_with

from app.plots.matrix_plot import MatrixPlot
from app.state.describe import entries, headline, sentence
from app.state.lens import Selection
from app.state.lifetimes import lives_of
from app.state.lives import BEFORE, FATES
from app.state.panes import pane
from app.state.provenance_words import told_by_change
from app.state.things import Thing, present, slot_says, slots_say, thing
from engine.contract.trace import Trace
from fake_growing import growing_trace, without_slot


@pytest.fixture
def trace() -> Trace:
    return growing_trace(60)


def _born(trace: Trace, slot: int) -> int:
    return int(np.flatnonzero(trace.arrays["memory.alive"][:, slot])[0])


def _slot(trace: Trace, slot: int) -> Thing:
    found = thing(trace, Selection(channel="memory.contents", slots=(slot,)))
    assert found is not None
    return found


def test_a_slot_holds_nothing_and_has_no_name_before_it_is_written(trace: Trace) -> None:
    born = _born(trace, 3)

    assert not trace.at("memory.contents", born - 1)[3].any()
    assert trace.at("memory.kind", born - 1)[3] == trace.at("memory.written", born - 1)[3] == -1
    assert slot_says(trace, 3, born - 1) == ""
    assert slot_says(trace, 3, born) == slots_say(trace, born, 5)[3] != ""
    assert not _slot(trace, 3).at(born - 1).any()
    assert _slot(trace, 3).at(born).tolist() == trace.at("memory.contents", born)[3].tolist()


def test_each_slot_lives_from_its_write_to_the_end(trace: Trace) -> None:
    lives = lives_of(trace, trace.channels["memory.contents"])

    assert lives.slot.tolist() == list(range(lives.slots))
    assert [int(first) for first in lives.first] == [_born(trace, slot) for slot in range(lives.slots)]
    assert set(lives.last.tolist()) == {59}
    assert lives.span(3).holds == slot_says(trace, 3, 59)


def test_a_slot_that_is_removed_ends_there(trace: Trace) -> None:
    lives = lives_of(without_slot(trace, 1, 40), trace.channels["memory.contents"])

    span = lives.at(1, 39)
    assert span is not None
    assert (span.last, span.fate) == (39, "erased")
    assert lives.at(1, 40) is None


def test_slots_from_before_the_stream_are_older_than_its_first_step(trace: Trace) -> None:
    alive = np.array(trace.arrays["memory.alive"])
    alive[:, 4] = 1
    older = Trace(
        card=trace.card,
        arrays={**trace.arrays, "memory.alive": alive},
        initial={"memory.alive": (np.arange(alive.shape[1]) == 4) * 1.0},
    )
    untold = Trace(card=older.card, arrays=older.arrays)

    for found in (older, untold):
        lives = lives_of(found, found.channels["memory.contents"])
        assert int(lives.first[lives.slot == 4][0]) == BEFORE
        assert int(lives.first[lives.slot == 0][0]) == 0


def test_what_is_retrieved_counts_as_read(trace: Trace) -> None:
    lives = lives_of(trace, trace.channels["memory.contents"])

    assert lives.reads.tolist() == trace.arrays["memory.reads"][59].tolist()
    assert FATES[int(lives.fate[0])] == "kept"


def test_the_inspector_says_who_stored_a_slot_and_when(trace: Trace) -> None:
    born = _born(trace, 3)

    assert told_by_change(_slot(trace, 3), 59).startswith(f"Stored at sample {born + 1} of this stream")
    assert told_by_change(_slot(trace, 3), 59).endswith("It is never changed after that.")
    assert "It is not there at this step." in told_by_change(_slot(trace, 3), born - 1)
    assert headline(_slot(trace, 3), 59, (3,)).startswith("Slot 3")
    assert sentence(_slot(trace, 3), 59, "plain") == f"“{slot_says(trace, 3, 59)}”"


def test_the_largest_of_very_many_numbers_are_found_as_of_few() -> None:
    trace = growing_trace(8)
    likeness = np.random.default_rng(0).normal(size=(8, 5000)).astype(np.float32)
    long = Trace(card=trace.card, arrays={"match.likeness": likeness})
    found = Thing(long, long.channels["match.likeness"], ())

    shown = entries(found, 2, (17,), most=4)

    largest = np.argsort(-np.abs(likeness[2]), kind="stable")[:3].tolist()
    assert sorted(entry.slot for entry in shown) == sorted([17, *largest])


def test_the_memory_pane_leaves_slots_blank_that_are_not_there(qtbot: QtBot, trace: Trace) -> None:
    table = table_with(trace)
    born = _born(trace, 3)
    table.state.playback.go_to(born - 1)
    view = placed(qtbot, table.state, "Memory")
    plot = view.findChildren(MatrixPlot)[0]

    assert plot.axes[1].names[3] == ""
    table.state.playback.go_to(born)
    view.settle()
    assert plot.axes[1].names[3] == slot_says(trace, 3, born)
    assert f"slot {3}" in view.summary()


def test_curves_leave_out_the_numbers_of_slots(trace: Trace) -> None:
    names = [channel.name for channel in pane("Curves").pick(trace)]

    assert "write.probability" in names
    assert not {"read.slot", "memory.written", "memory.alive", "memory.reads"} & set(names)


def test_without_a_choice_the_inspector_shows_the_slot_written_or_the_most_alike(trace: Trace) -> None:
    born = _born(trace, 3)
    refused = int(np.flatnonzero(trace.arrays["write.stored"] == 0)[-1])

    assert present(trace, born) == Selection(channel="memory.contents", slots=(3,))
    assert present(trace, refused) == Selection(channel="memory.contents", slots=(int(trace.arrays["read.slot"][refused, 0]),))
