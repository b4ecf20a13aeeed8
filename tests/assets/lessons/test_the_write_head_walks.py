"""Every claim of the first lesson is held against the trained exhibit that it speaks of."""

import re
from collections.abc import Callable

import numpy as np
import pytest

from app.library import Recorded
from app.state.app_state import AppState
from app.state.learning import Learning
from app.state.lesson import MOST_WORDS, Lesson, read_lesson
from app.state.lesson_checks import parts_that_differ, strongest_slots, wrong_bits
from app.state.panes import PANES
from app.views.pane_registry import PANE_VIEWS
from assets import path
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace import Trace
from engine.recording import record
from engine.sources import open_source
from scripted import ScriptedEngine

FILE = path("lessons/the_write_head_walks.json")
SEED = 4
SOURCE = Source(place="exhibit:ntm-copy")
STEPS_IN = range(20)
DELIMITER = 20
STEPS_OUT = range(21, 41)
ABBREVIATION = re.compile(r"\b[A-Z]{2,}\b")


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return read_lesson(FILE.read_bytes(), FILE.name)


@pytest.fixture(scope="module")
def trace(lesson: Lesson) -> Trace:
    found = Recorded()(lesson.pages[0].place.a)
    assert found is not None, "the lesson's episode is not bundled, so it could not begin before the engine is there"
    return found


def edited(*edits: Edit) -> Trace:
    return record(open_source(SOURCE), EpisodeWish(seed=SEED), edits)


# ---- the form -------------------------------------------------------------------------------------------------------------


def test_the_lesson_has_six_to_eight_pages_of_few_words_on_one_episode(lesson: Lesson):
    assert 6 <= len(lesson.pages) <= 8
    assert all(page.words <= MOST_WORDS for page in lesson.pages)
    assert {page.place.a.episode.seed for page in lesson.pages} == {SEED}


def test_the_lesson_asks_before_it_shows_and_always_gives_a_reason(lesson: Lesson):
    questions = [page for page in lesson.pages if page.question is not None]

    assert len(questions) >= 3
    assert all(page.question is not None and len(page.question.reason.split()) >= 8 for page in questions)
    assert all(page.then is not None or page.task is not None for page in questions)


def test_no_page_shows_the_answer_before_it_was_predicted(lesson: Lesson):
    asks = {page.title: page for page in lesson.pages}

    assert "Reads" not in asks["The sign to repeat"].place.panes
    assert "Addressing" not in asks["How the head chooses"].place.panes


def test_no_abbreviation_stands_in_the_lesson_or_a_pane_without_its_expansion(lesson: Lesson):
    said = [text for page in lesson.pages for text in (page.title, *page.text)]
    said += [page.question.asks + page.question.reason for page in lesson.pages if page.question is not None]
    said += [page.task.says + page.task.done for page in lesson.pages if page.task is not None]
    helps = [PANE_VIEWS[card.name].HELP for card in PANES]
    said += [f"{card.question} {card.technical}" for card in PANES]
    said += [f"{h.what_you_see} {h.what_to_look_for} {h.formula} {h.what_it_does_not_show}" for h in helps]

    assert [found for text in said for found in ABBREVIATION.findall(text) if f"{found} stands for" not in text] == []


# ---- every page on the real state -----------------------------------------------------------------------------------------


class Turns(list[Callable[[], None]]):
    """Stands for the event loop: what is to be called later waits until `over`."""

    def over(self) -> None:
        """The present action is over."""
        while self:
            self.pop(0)()


def desk() -> AppState:
    return AppState(engine=ScriptedEngine(), open_trace=lambda path: pytest.fail(path), find_recorded=Recorded(), new_folder=str)


@pytest.mark.parametrize("number", range(8))
def test_each_page_can_be_left_and_resumed_exactly(lesson: Lesson, number: int):
    state, turns = desk(), Turns()
    learning = Learning(state, lesson, turns.append)
    learning.open(number)
    turns.over()
    before = state.session()
    state.explorer.open("exhibit:ntm-copy", seed=0)
    state.stage.arrange(("Curves",))
    turns.over()
    left = learning.has_left

    learning.resume()

    now = state.session()
    assert left
    assert before is not None
    assert now is not None
    assert not parts_that_differ(before, now)
    assert not parts_that_differ(lesson.pages[number].place, now)


def test_the_walk_through_the_pages_can_be_done_with_the_keys_alone(lesson: Lesson):
    state = desk()
    learning = Learning(state, lesson)

    learning.start()
    state.playback.move(4)
    first = learning.is_done
    learning.next()
    state.playback.move(4)
    second = learning.is_done
    learning.open(3)
    state.playback.move(4)

    assert (first, second, learning.is_done) == (True, True, True)


# ---- what is claimed ------------------------------------------------------------------------------------------------------


def test_the_tape_is_as_the_lesson_says(trace: Trace):
    assert trace.arrays["memory.contents"].shape[1:] == (128, 20)
    assert [(phase.first, phase.last) for phase in trace.card.phases] == [(0, 19), (20, 20), (21, 40)]
    assert trace.card.outcome["wrong_bits"] == 0


def test_five_steps_fill_the_slots_1_to_5(trace: Trace):
    moved = np.abs(trace.at("memory.contents", 4) - trace.at("memory.contents", -1)).max(-1)

    assert np.flatnonzero(moved > 0.1).tolist() == [1, 2, 3, 4, 5]


def test_the_write_head_moves_down_by_one_slot_at_every_step(trace: Trace):
    assert strongest_slots(trace, "write")[:20] == list(range(1, 21))
    assert np.asarray(trace.arrays["write.weighting"])[list(STEPS_IN), 0].max(-1).min() > 0.95


def test_the_read_head_waits_at_slot_0_and_then_walks(trace: Trace):
    reads = strongest_slots(trace, "read")

    assert reads[: DELIMITER + 1] == [0] * 21
    assert [reads[step] for step in STEPS_OUT] == list(range(1, 21))
    assert np.asarray(trace.arrays["read.weighting"])[:, 0].max(-1).min() > 0.9


def test_the_gate_of_the_read_head_is_below_a_fifth_while_it_walks_and_the_shift_is_one(trace: Trace):
    gates = np.asarray(trace.arrays["read.gate"])[list(STEPS_OUT), 0]
    shifts = np.asarray(trace.arrays["read.shift"])[list(STEPS_OUT), 0]

    assert gates.max() < 0.2
    assert (shifts.argmax(-1) - 1 == 1).all()


def test_erasing_slot_6_breaks_the_sixth_vector_and_no_other():
    wrong = wrong_bits(edited(Edit(act="erase", channel="memory.contents", step=DELIMITER, index=(6,))))

    assert [step for step in STEPS_OUT if wrong[step] > 0] == [26]


def test_swapping_slots_3_and_6_exchanges_both_vectors(trace: Trace):
    swapped = edited(Edit(act="swap", channel="memory.contents", step=DELIMITER, index=(3, 6)))
    said, before = (np.asarray(t.arrays["tape.output"])[list(STEPS_OUT)] > 0.5 for t in (swapped, trace))
    exchanged = before.copy()
    exchanged[[2, 5]] = before[[5, 2]]

    np.testing.assert_array_equal(said, exchanged)


def test_twice_the_slots_need_no_parameter_more_and_the_copy_is_still_right(trace: Trace):
    larger = record(open_source(SOURCE, {"slots": 256}), EpisodeWish(seed=SEED))

    assert larger.card.slots == 256
    assert larger.card.parameters == trace.card.parameters
    assert larger.card.outcome["wrong_bits"] == 0
    assert strongest_slots(larger, "write")[:20] == list(range(1, 21))
