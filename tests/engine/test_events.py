"""Events from channels alone, whatever the model."""

import numpy as np

from engine.contract.cards import Axis, Channel, Kind, MicroStep, Role
from engine.contract.trace import Array
from engine.events import events_of, say_what_was_lost


def channel(name: str, kind: Kind, *axes: Axis, role: Role = "") -> Channel:
    return Channel(name=name, axes=axes, kind=kind, role=role, says="", title="", lifetime="episode")


WRITE = channel("write.weighting", "weighting", "head", "slot", role="write")
ERASE = channel("write.erase", "gate", "head", "feature", role="erase")
ADD = channel("write.add", "vector", "head", "feature", role="add")
MEMORY = channel("memory.contents", "memory", "slot", "feature")
ATTENTION = channel("hop.attention", "attention", "hop", "slot")
ERROR = channel("tape.error", "scalar", role="error")


def array(*values: object) -> Array:
    return np.array(values, np.float32)


def test_a_write_counts_by_what_it_changes_not_by_its_weighting() -> None:
    arrays = {
        "write.weighting": array([[1, 0]], [[0, 1]]),
        "write.erase": array([[0, 0]], [[0, 0]]),
        "write.add": array([[3, 4]], [[0.1, 0]]),
        "memory.contents": np.zeros((2, 2, 2), np.float32),
    }

    found = events_of((WRITE, ERASE, ADD, MEMORY), arrays, {"memory.contents": np.zeros((2, 2), np.float32)})

    writes = [event for event in found if event.kind == "write"]
    assert [(event.step, event.slot, event.amount) for event in writes] == [(0, 0, 1.0)]


def test_without_erase_and_add_a_write_counts_by_its_weighting() -> None:
    found = events_of((WRITE,), {"write.weighting": array([[0.9, 0.1]], [[0.1, 0.1]])}, {})

    assert [(event.step, event.slot) for event in found] == [(0, 0)]


def test_a_stream_shows_a_wipe_after_each_sample_and_none_where_the_model_does_not_wipe() -> None:
    arrays = {"memory.contents": np.zeros((6, 2, 2), np.float32)}

    wiped = events_of((MEMORY,), arrays, {}, each=2)
    leaking = events_of((MEMORY,), arrays, {}, each=2, wipes=False)

    assert [(event.kind, event.step) for event in wiped] == [("wipe", 1), ("wipe", 3), ("wipe", 5)]
    assert leaking == ()


def test_reads_count_where_the_output_counts() -> None:
    arrays = {"hop.attention": array([[0.2, 0.8]], [[0.7, 0.3]], [[np.nan] * 2]), "tape.error": array(np.nan, 0, 0)}

    found = events_of((ATTENTION, ERROR), arrays, {})

    assert [(event.step, event.slot, event.says) for event in found] == [(1, 0, "hop 1 reads slot 0 (70% of its weighting)")]


def test_what_reads_is_called_as_its_stage_and_a_choice_is_no_share() -> None:
    passes = (MicroStep(name="pass 1", says="", channels=(), part=0), MicroStep(name="answer", says="", channels=()))
    gates, choice = (
        channel("pass.gate", "gate", "hop", "slot", role="look"),
        channel("o.pick", "decision", "hop", "slot", role="look"),
    )
    values = array([[0.2, 0.9], [0.8, 0.1]])

    opened = events_of((gates,), {"pass.gate": values}, {}, passes)
    chosen = events_of((choice,), {"o.pick": array([[0, 1], [np.nan, np.nan]])}, {}, passes)

    assert [event.says for event in opened] == ["pass 1 lets in slot 1 (gate 0.90)", "pass 2 lets in slot 0 (gate 0.80)"]
    assert [event.says for event in chosen] == ["pass 1 chooses slot 1"]


def test_scores_that_are_no_share_of_anything_make_no_event() -> None:
    scores = channel("o.score", "vector", "hop", "slot", role="look")

    assert events_of((scores,), {"o.score": array([[3.0, -2.0]])}, {}) == ()


def test_a_head_that_never_writes_makes_no_event() -> None:
    assert events_of((WRITE,), {"write.weighting": np.zeros((3, 1, 2), np.float32)}, {}) == ()


def test_a_write_says_what_it_replaced_where_the_model_knows_it() -> None:
    lost = Channel(name="write.lost", axes=(), kind="tokens", role="lost", says="", title="", bounded=False, low=-1.0)
    arrays = {"write.weighting": array([[1, 0]], [[0, 1]]), "write.lost": array(-1, 2)}

    told = say_what_was_lost(events_of((WRITE,), arrays, {}), (WRITE, lost), arrays, {"write.lost": ("a", "b", "c")})
    untold = say_what_was_lost(events_of((WRITE,), arrays, {}), (WRITE,), arrays, {})

    assert [event.says for event in told] == [untold[0].says, f"{untold[1].says}; “c”, which lay there, is lost"]


def test_a_memory_that_lasts_is_not_wiped_at_the_end_of_an_episode() -> None:
    lasting = Channel(name="memory.contents", axes=("slot", "feature"), kind="memory", says="", title="", lifetime="persistent")

    assert events_of((lasting,), {"memory.contents": np.ones((3, 2, 2), np.float32)}, {}) == ()
