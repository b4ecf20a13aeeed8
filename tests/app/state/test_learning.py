"""A lesson on the real state: predict before it shows, do it, leave by touching anything, come back exactly."""

from dataclasses import replace

import pytest

from app.state.app_state import AppState
from app.state.learning import Learning
from app.state.lens import Selection
from app.state.lesson import Check, Choice, Lesson, Page, Question, Task
from app.state.lesson_checks import parts_that_differ
from app.state.session import Session
from app.state.side import Showing
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Ready, Record, Source, TraceReady
from engine.contract.trace import Trace
from fake_traces import ntm_trace

HERE = Showing(source=Source(place="exhibit:ntm-copy"), episode=EpisodeWish(seed=1))
PLACE = Session(a=HERE, step=2, panes=("Writes", "Memory"))
ERASE_6 = Edit(act="erase", channel="memory.contents", step=20, index=(6,))
PAGES = (
    Page(title="Look", text=("Look.",), place=PLACE, task=Task(says="Go.", checks=(Check(kind="writes", slot=3),), done="Yes.")),
    Page(
        title="Guess",
        text=("Guess.",),
        place=replace(PLACE, step=20),
        then=replace(PLACE, step=21, panes=("Writes", "Memory", "Reads")),
        question=Question(asks="?", choices=(Choice(says="a", reply="Right."), Choice(says="b", reply="No.")), reason="Since."),
    ),
    Page(
        title="Change",
        text=("Change.",),
        place=replace(PLACE, step=20, selection=Selection(slots=(6,))),
        question=Question(asks="?", choices=(Choice(says="a", reply="Right."), Choice(says="b", reply="No.")), reason="Since."),
        task=Task(says="Erase.", checks=(Check(kind="erased", slot=6), Check(kind="broken", least=27))),
    ),
    Page(
        title="More",
        text=("More.",),
        place=PLACE,
        task=Task(says="Set.", checks=(Check(kind="setting", name="slots", least=256),)),
    ),
)
LESSON = Lesson(name="walk", number=1, title="Walk", says="It walks.", pages=PAGES)


class ScriptedEngine:
    """Answers every Record at once, when told to, with a trace made for it."""

    def __init__(self) -> None:
        self.asked: list[Record] = []

    def explorer_send(self, command: object) -> None:
        assert isinstance(command, Record)
        self.asked.append(command)


def made(showing_or_record: Showing | Record) -> Trace:
    settings = showing_or_record.settings
    edits = showing_or_record.edits
    return ntm_trace(slots=int(settings.get("slots", 128)), wrong=160 if edits else 0, edits=edits)


class Desk:
    """A state with its engine and a lesson on it."""

    def __init__(self) -> None:
        self.engine = ScriptedEngine()
        self.state = AppState(
            engine=self.engine,
            open_trace=lambda path: made(self.engine.asked[int(path)]),
            find_recorded=lambda showing: made(showing) if not showing.edits and not showing.settings else None,
            new_folder=str,
        )
        self.state.apply(Ready(protocol=1, models=(), tasks=(), exhibits=()))
        self.later: list[object] = []
        self.learning = Learning(self.state, LESSON, self._later)

    def _later(self, act: object) -> None:
        self.later.append(act)

    def turn(self) -> None:
        """The present action is over."""
        waiting, self.later = self.later, []
        for act in waiting:
            act()  # type: ignore[operator]  # what the lesson gave us

    def answer(self) -> None:
        """The engine has recorded what was asked for last."""
        asked = self.engine.asked
        self.state.apply(TraceReady(request=asked[-1].request, path=str(len(asked) - 1)))
        self.turn()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_page_shows_its_place_when_it_opens(desk: Desk):
    desk.learning.start()
    desk.turn()

    now = desk.state.session()
    assert now is not None
    assert not parts_that_differ(now, PLACE)
    assert not desk.learning.has_left


def test_a_task_is_done_when_the_window_shows_it_and_not_before(desk: Desk):
    desk.learning.start()

    desk.state.playback.move(-1)
    desk.turn()
    before = desk.learning.is_done
    desk.state.playback.move(2)
    desk.turn()

    assert (before, desk.learning.is_done) == (False, True)
    assert desk.learning.told == "Yes."
    assert not desk.learning.has_left


def test_the_answer_is_not_shown_before_it_was_predicted(desk: Desk):
    desk.learning.open(1)
    hidden = desk.state.stage.panes, desk.learning.told
    desk.learning.choose(1)

    assert hidden == (("Writes", "Memory"), "")
    assert desk.state.stage.panes == ("Writes", "Memory", "Reads")
    assert desk.state.playback.step == 21
    assert desk.learning.told == "No. Since."


def test_only_the_first_prediction_counts(desk: Desk):
    desk.learning.open(1)

    desk.learning.choose(0)
    desk.learning.choose(1)

    assert desk.learning.choice == 0


def test_erasing_counts_only_after_a_prediction_and_only_with_a_broken_answer(desk: Desk):
    desk.learning.open(2)
    desk.state.what_if.add(ERASE_6)
    desk.state.explorer.rerun()
    desk.answer()
    without_prediction = desk.learning.is_done

    desk.learning.choose(0)

    assert (without_prediction, desk.learning.is_done) == (False, True)
    assert desk.learning.told == "Right. Since."


def test_an_edited_copy_that_is_still_on_its_way_does_not_count(desk: Desk):
    desk.learning.open(2)
    desk.learning.choose(0)

    desk.state.what_if.add(ERASE_6)
    desk.state.explorer.rerun()
    desk.turn()

    assert not desk.learning.is_done


def test_more_slots_count_when_their_episode_is_there(desk: Desk):
    desk.learning.open(3)
    desk.state.explorer.change_setting("slots", 256)
    desk.turn()
    before = desk.learning.is_done
    desk.answer()

    assert (before, desk.learning.is_done) == (False, True)
    assert not desk.learning.has_left


@pytest.mark.parametrize("number", range(len(PAGES)))
def test_leaving_in_any_page_and_resuming_restores_the_state_exactly(desk: Desk, number: int):
    desk.learning.open(number)
    desk.turn()
    before = desk.state.session()
    desk.state.explorer.open("exhibit:lstm-copy", seed=5)
    desk.state.playback.move(9)
    desk.state.stage.enlarge("Memory")
    desk.turn()
    left = desk.learning.has_left

    desk.learning.resume()
    desk.turn()

    assert left
    assert not desk.learning.has_left
    assert before is not None
    assert desk.state.session() == replace(before, bookmarks=desk.state.stage.bookmarks)


def test_the_work_on_a_page_is_restored_too(desk: Desk):
    desk.learning.open(2)
    desk.state.what_if.add(ERASE_6)
    desk.state.explorer.rerun()
    desk.answer()
    before = desk.state.session()
    desk.state.explorer.open("exhibit:lstm-copy")
    desk.turn()

    desk.learning.resume()
    desk.answer()

    assert before is not None
    assert desk.state.session() == replace(before, bookmarks=desk.state.stage.bookmarks)
    assert desk.state.b.trace is not None


def test_resuming_keeps_where_the_reader_was_as_a_bookmark(desk: Desk):
    desk.learning.start()
    desk.state.explorer.open("exhibit:lstm-copy", seed=5)
    desk.state.playback.move(11)
    desk.turn()

    desk.learning.resume()

    mark = desk.state.stage.bookmarks[-1]
    assert (mark.a.source.place, mark.a.episode.seed, mark.step) == ("exhibit:lstm-copy", 5, 11)


def test_resuming_without_having_left_moves_nothing(desk: Desk):
    desk.learning.start()
    desk.state.playback.move(1)
    desk.turn()

    desk.learning.resume()

    assert desk.state.playback.step == 3
    assert desk.state.stage.bookmarks == ()


def test_coming_back_by_oneself_ends_the_leave(desk: Desk):
    desk.learning.start()
    desk.state.stage.enlarge("Memory")
    desk.turn()
    left = desk.learning.has_left
    desk.state.stage.enlarge("")
    desk.turn()

    assert (left, desk.learning.has_left) == (True, False)


def test_the_page_reached_is_remembered_between_launches(desk: Desk):
    desk.learning.open(2)

    again = Learning(desk.state, LESSON)

    assert (again.number, again.has_begun, again.is_known) == (2, False, True)


def test_a_place_whose_step_comes_with_a_longer_trace_is_not_taken_for_leaving(desk: Desk):
    far = replace(LESSON, pages=(replace(PAGES[3], place=replace(PLACE, a=replace(HERE, settings={"slots": 512}), step=30)),))
    learning = Learning(desk.state, far)

    learning.start()
    desk.answer()

    assert desk.state.playback.step == 30
    assert not learning.has_left
