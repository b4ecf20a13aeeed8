"""How long what lies in a slot lives."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.state.lifetimes import STRONG, lives_of, memory_channels
from app.state.lives import BEFORE, FATES, ORDERS, Lives, spans
from assets import path
from engine.contract.cards import Channel, Lifetime
from engine.contract.trace import Array, Event, Trace
from engine.contract.trace_file import read_trace
from fake_lifetimes import persistent_trace, story_trace
from fake_traces import big_trace, lstm_trace, memn2n_trace, ntm_trace

SMALL = st.tuples(st.integers(1, 9), st.integers(1, 6))


@st.composite
def labels(draw: st.DrawFn) -> Array:
    """What lies in each slot after each step, in any order of coming and going."""
    steps, slots = draw(SMALL)
    return draw(arrays(np.float32, (steps, slots), elements=st.sampled_from([-1.0, 0.0, 1.0, 2.0])))


@st.composite
def wipe_steps(draw: st.DrawFn) -> tuple[int, ...]:
    return tuple(sorted(draw(st.sets(st.integers(0, 8), max_size=3))))


def _lives(trace: Trace, number: int = 0) -> Lives:
    return lives_of(trace, memory_channels(trace)[number])


def _covered(lives: Lives) -> np.ndarray:
    """How many spans cover each slot after each step, counted the slow way."""
    found = np.zeros((lives.steps, lives.slots), int)
    for slot, first, last in zip(lives.slot.tolist(), lives.first.tolist(), lives.last.tolist(), strict=True):
        found[max(first, 0) : last + 1, slot] += 1
    return found


@given(labels(), wipe_steps(), st.sampled_from(["episode", "persistent"]))
def test_each_step_with_content_is_covered_by_one_span_and_no_other_step_by_any(
    held: Array, wipes: tuple[int, ...], lifetime: Lifetime
) -> None:
    lives = _lives(story_trace(held, lifetime, wipes))

    np.testing.assert_array_equal(_covered(lives), (held >= 0).astype(int))
    np.testing.assert_array_equal(lives.occupied, (held >= 0).sum(-1))
    np.testing.assert_array_equal(np.isfinite(lives.strengths(np.arange(lives.slots))).T, held >= 0)


@given(labels(), wipe_steps())
def test_no_span_of_an_episodic_memory_crosses_a_wipe(held: Array, wipes: tuple[int, ...]) -> None:
    lives = _lives(story_trace(held, "episode", wipes))

    crossed = [w for f, last in zip(lives.first, lives.last, strict=True) for w in wipes if f <= w < last]
    assert crossed == []
    assert BEFORE not in lives.first
    assert FATES.index("kept") not in lives.fate


@given(labels(), wipe_steps())
def test_a_persistent_memory_is_not_cut_by_the_end_of_an_episode(held: Array, wipes: tuple[int, ...]) -> None:
    cut, whole = _lives(story_trace(held, "persistent", wipes)), _lives(story_trace(held, "persistent", ()))

    np.testing.assert_array_equal(cut.first, whole.first)
    np.testing.assert_array_equal(cut.last, whole.last)
    assert FATES.index("wiped") not in cut.fate
    assert set(cut.ends) == {w for w in wipes if w < len(held)} | {len(held) - 1}


@given(labels())
def test_a_span_begins_where_the_label_changes_and_holds_it_all_along(held: Array) -> None:
    lives = _lives(story_trace(held, "episode", ()))

    before = np.concatenate((np.full((1, held.shape[1]), -1), held[:-1]))
    assert set(zip(lives.first.tolist(), lives.slot.tolist(), strict=True)) == set(
        zip(*(where.tolist() for where in np.nonzero((held >= 0) & (held != before))), strict=True)
    )
    assert all(
        set(held[f : last + 1, s]) == {t} for s, f, last, t in zip(lives.slot, lives.first, lives.last, lives.token, strict=True)
    )


@given(labels(), wipe_steps(), st.sampled_from(ORDERS))
def test_every_order_shows_each_used_slot_once(held: Array, wipes: tuple[int, ...], order: str) -> None:
    lives = _lives(story_trace(held, "episode", wipes))

    rows = lives.ordered(order)  # type: ignore[arg-type]  # one of ORDERS
    np.testing.assert_array_equal(np.sort(rows), np.flatnonzero((held >= 0).any(0)))


@given(labels())
def test_what_lies_in_a_slot_after_a_step_is_found(held: Array) -> None:
    lives = _lives(story_trace(held, "episode", ()))

    found = [[lives.at(slot, step) for slot in range(held.shape[1])] for step in range(len(held))]
    told = [[int(span.holds) if span is not None else -1 for span in row] for row in found]
    np.testing.assert_array_equal(told, held)


@given(arrays(np.float32, st.tuples(st.integers(1, 8), st.integers(1, 2), st.integers(1, 6)), elements=st.floats(0, 1, width=32)))
def test_births_are_the_strong_writes(weighting: Array) -> None:
    steps, _, slots = weighting.shape
    lives = _lives(persistent_trace(weighting))

    strong = weighting.max(1) >= max(STRONG * weighting.max(initial=0.0), 1e-6)
    begun = lives.first >= 0
    born = np.zeros((steps, slots), bool)
    born[lives.first[begun], lives.slot[begun]] = True
    np.testing.assert_array_equal(born, strong)
    assert (_covered(lives) <= 1).all()


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 6), st.booleans()), max_size=12))
def test_spans_of_a_slot_never_overlap_whatever_happens(happened: list[tuple[int, int, bool]]) -> None:
    told = np.array([(s, t) for s, t, begins in happened if begins], int).reshape(-1, 2)
    gone = np.array([(s, t) for s, t, begins in happened if not begins], int).reshape(-1, 2)
    begins = (told[:, 0], told[:, 1], np.ones(len(told)), np.full(len(told), -1))

    found = spans(begins, (gone[:, 0], gone[:, 1]), 7, (3,))

    places = list(zip(found["slot"], found["first"], found["last"], strict=True))
    assert places == sorted(places)
    assert all(a[0] != b[0] or a[2] < max(b[1], 0) for a, b in zip(places, places[1:], strict=False))
    assert all(max(first, 0) <= last < 7 for _, first, last in places)


def test_each_strong_write_of_a_machine_begins_a_life_that_the_wipe_ends() -> None:
    trace = ntm_trace(length=6, slots=16)

    lives = _lives(trace)

    assert {(t, t) for t in range(6)} <= set(zip(lives.first, lives.slot, strict=True))
    assert lives.span(2).fate == "wiped"
    assert lives.span(2).reads == 1
    assert lives.wipes == (12,)


def test_the_strong_writes_of_a_bundled_machine_are_those_on_the_lane() -> None:
    trace = read_trace(path("exhibits") / "ntm-repeat-copy" / "traces" / "episode-3.safetensors")
    lives = _lives(trace)

    marked = {(event.step, event.slot) for event in trace.card.events if event.kind == "write"}
    assert marked <= set(zip(lives.first.tolist(), lives.slot.tolist(), strict=True))


def test_a_write_that_leaves_the_slot_blank_ends_what_lay_there() -> None:
    weighting = np.zeros((4, 1, 2), np.float32)
    weighting[0, 0, 0] = weighting[1, 0, 1] = weighting[3, 0, 0] = 1.0
    trace = persistent_trace(weighting, blank=((3, 0),))

    lives = _lives(trace)

    assert [(s.slot, s.first, s.last, s.fate) for s in map(lives.span, range(lives.count))] == [
        (0, 0, 2, "erased"),
        (1, 1, 3, "kept"),
    ]
    assert [span.slot for span in lives.ended(3)] == [0]


def test_a_cache_has_a_life_for_each_position_from_its_own_step_on() -> None:
    trace = read_trace(path("exhibits") / "transformer-copy" / "traces" / "episode-0.safetensors")

    lives = _lives(trace)

    np.testing.assert_array_equal(lives.first, np.arange(trace.steps))
    assert set(lives.last) == {trace.steps - 1}


def test_a_window_forgets_its_oldest_position() -> None:
    trace = read_trace(path("exhibits") / "transformer-corridor" / "traces" / "episode-3.safetensors")

    lives = _lives(trace)

    assert {lives.span(i).steps for i in range(lives.count - 3)} == {4}


def test_units_live_for_the_whole_episode() -> None:
    trace = lstm_trace(length=4)
    cell = Channel(
        name="state.cell",
        axes=("layer", "unit"),
        kind="vector",
        low=-1,
        bounded=False,
        title="cell",
        says=".",
        lifetime="episode",
    )

    lives = lives_of(trace, cell)

    assert lives.count == 2 * 48
    assert set(lives.first) == {0}
    assert set(lives.last) == {trace.steps - 1}
    assert lives.read_by == ""


def test_a_story_tells_what_each_slot_holds() -> None:
    lives = _lives(memn2n_trace())

    assert [lives.span(i).holds for i in range(2)] == ["Mary moved to the bathroom.", "John went to the hallway."]
    assert lives.read_by == "attention"


def test_what_a_persistent_memory_held_before_comes_from_before_the_first_step() -> None:
    held = np.array([[1, 0], [1, 2]], np.float32)
    trace = story_trace(held, "persistent", (), older=(0,))

    lives = _lives(trace)

    assert [(s.slot, s.first, s.holds, s.fate) for s in map(lives.span, range(lives.count))] == [
        (0, BEFORE, "1", "kept"),
        (1, 0, "0", "replaced"),
        (1, 1, "2", "kept"),
    ]


def test_the_same_label_written_again_is_renewed() -> None:
    held, written = np.array([[1], [1], [1]], np.float32), np.array([[4], [4], [6]], np.float32)

    lives = _lives(story_trace(held, "persistent", (), written=written))

    assert [(s.first, s.last, s.fate) for s in map(lives.span, range(lives.count))] == [(0, 1, "renewed"), (2, 2, "kept")]


def test_rows_can_stand_by_age_by_the_last_read_and_by_the_number_of_reads() -> None:
    reads = np.zeros((4, 1, 3), np.float32)
    reads[1, 0, 0] = reads[2, 0, 0] = reads[3, 0, 2] = 0.9
    held = np.array([[-1, -1, 5], [-1, 1, 5], [2, 1, 5], [2, 1, 5]], np.float32)

    lives = _lives(story_trace(held, "episode", (), reads=reads))

    assert {order: lives.ordered(order).tolist() for order in ORDERS} == {
        "slot": [0, 1, 2],
        "age": [2, 1, 0],
        "last read": [2, 0, 1],
        "reads": [0, 2, 1],
    }


def test_a_wipe_event_within_the_record_ends_every_life() -> None:
    held = np.array([[0], [0], [0]], np.float32)

    lives = _lives(story_trace(held, "episode", (1,)))

    assert [(s.first, s.last, s.fate) for s in map(lives.span, range(lives.count))] == [(0, 1, "wiped"), (2, 2, "wiped")]


def test_ten_thousand_steps_of_a_thousand_slots_are_no_long_wait() -> None:
    trace = big_trace()

    lives = _lives(trace)

    assert lives.strengths(np.arange(1024)).shape == (1024, trace.steps)
    assert lives.count == len(np.unique([e.step for e in trace.card.events if e.kind == "write"])) or lives.count > 1000


def test_a_trace_that_keeps_nothing_has_no_memories() -> None:
    trace = lstm_trace(length=4)  # its states are recorded as values of a step

    assert memory_channels(trace) == []


def test_events_other_than_wipes_end_nothing() -> None:
    held = np.array([[0], [0]], np.float32)
    trace = story_trace(held, "episode", (), events=(Event(kind="error", step=0),))

    assert _lives(trace).count == 1
