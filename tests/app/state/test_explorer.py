"""Wishes about episodes become commands; only the newest answer is shown, and nothing on screen is lost."""

from engine.contract.edits import Edit
from engine.contract.messages import Cancel, CheckpointSaved, EpisodeWish, Record, RunId, Source, TraceReady
from fake_traces import lstm_trace, memn2n_trace, ntm_trace
from scripted import NTM_PLACE, STORY_PLACE, desk, greeting

ERASE = Edit(act="erase", channel="memory.contents", step=4, index=(3,))
SHORT = ntm_trace(length=3, slots=8, update=3500)


def test_an_exhibit_opens_with_its_first_recorded_episode_without_the_engine() -> None:
    table = desk(ready=False)
    table.bundled[NTM_PLACE, 3, None] = SHORT

    table.state.explorer.open(NTM_PLACE)

    assert table.state.a.trace is SHORT
    assert table.state.playback.length == 7
    assert table.engine.sent == []


def test_what_is_not_recorded_waits_for_the_engine_and_is_asked_when_it_is_ready() -> None:
    table = desk(ready=False)
    table.state.explorer.open(NTM_PLACE)
    before = list(table.engine.sent)

    table.state.apply(greeting())

    assert before == []
    assert table.engine.asked.source == Source(place=NTM_PLACE)
    assert table.state.a.is_waiting


def test_a_newer_wish_cancels_the_older_one() -> None:
    table = desk()
    table.state.explorer.open(NTM_PLACE)
    first = table.engine.asked

    table.state.explorer.choose_episode(9)

    assert Cancel(request=first.request) in table.engine.sent
    assert table.engine.asked.episode == EpisodeWish(seed=9)


def test_an_answer_to_an_older_wish_is_dropped() -> None:
    table = desk()
    table.show(SHORT)
    table.state.explorer.choose_episode(1)
    old = table.engine.asked
    table.state.explorer.choose_episode(2)

    table.bring(ntm_trace(length=9, slots=8), old)

    assert table.state.a.trace is SHORT


def test_a_refused_wish_keeps_what_is_on_screen_and_says_why_in_its_place() -> None:
    table = desk()
    table.show(SHORT)
    table.state.explorer.choose_episode(1)
    table.refuse("No such episode.")
    stage = table.state.notices.at("stage")
    table.state.explorer.use_own_input("10x")
    table.refuse("vector 1 (10x): 'x' is neither 0 nor 1")
    own = table.state.notices.at("input")

    assert stage is not None
    assert stage.sentence == "No such episode."
    assert own is not None
    assert "neither 0 nor 1" in own.sentence
    assert table.state.a.trace is SHORT


def test_a_damaged_trace_file_is_a_sentence_and_nothing_is_lost() -> None:
    table = desk()
    table.show(SHORT)
    table.state.explorer.choose_episode(1)

    table.state.apply(TraceReady(request=table.engine.asked.request, path="gone"))

    notice = table.state.notices.at("stage")
    assert notice is not None
    assert "damaged" in notice.sentence
    assert table.state.a.trace is SHORT
    assert not table.state.a.is_waiting


def test_an_answer_takes_the_complaint_away() -> None:
    table = desk()
    table.show(SHORT)
    table.state.explorer.use_own_input("10x")
    table.refuse("wrong")

    table.state.explorer.use_own_input("10101010")
    table.bring(ntm_trace(length=1, slots=8))

    assert table.state.notices.at("input") is None


def test_negative_seeds_become_the_first_episode() -> None:
    table = desk()
    table.show(SHORT)

    table.state.explorer.choose_episode(-5)

    assert table.engine.asked.episode == EpisodeWish(seed=0)


def test_another_setting_keeps_the_weights_and_the_episode() -> None:
    table = desk()
    table.show(SHORT)

    table.state.explorer.change_setting("slots", 256)
    table.bring(ntm_trace(length=3, slots=256))
    table.state.explorer.change_setting("length", 50)

    assert table.engine.asked.settings == {"slots": 256, "length": 50}
    assert table.engine.asked.source == Source(place=NTM_PLACE)


def test_checkpoints_are_walked_one_by_one_and_end_at_the_ends() -> None:
    table = desk()
    table.show(SHORT)

    seen = []
    for count in (1, 1, -10, 1):
        table.state.explorer.move_checkpoint(count)
        seen.append(table.engine.asked.source.update)

    assert seen == [7000, 7000, 0, 1000]


def test_next_event_goes_to_the_next_mark_and_edits_count() -> None:
    table = desk()
    table.show(SHORT)
    table.state.what_if.add(Edit(act="erase", channel="memory.contents", step=3, index=(0,)))

    seen = []
    for _ in range(4):
        table.state.explorer.move_event(1)
        seen.append(table.state.playback.step)
    table.state.explorer.move_event(-1)

    assert seen == [1, 2, 3, 4]
    assert table.state.playback.step == 3


def test_back_returns_to_the_step_that_was_left() -> None:
    table = desk()
    table.show(SHORT)
    table.state.playback.go_to(2)
    table.state.explorer.jump(6)

    table.state.explorer.back()
    back = table.state.playback.step
    table.state.explorer.forward()

    assert (back, table.state.playback.step) == (2, 6)


def test_rerunning_shows_the_edited_copy_as_b_and_leaves_a_alone() -> None:
    table = desk()
    table.show(SHORT)
    table.state.what_if.add(ERASE)

    table.state.explorer.rerun()
    edited = ntm_trace(length=3, slots=8, wrong=4, edits=(ERASE,))
    table.bring(edited)

    assert table.engine.asked.edits == (ERASE,)
    assert table.state.a.trace is SHORT
    assert table.state.b.trace is edited
    assert table.state.comparison.mode == "split"
    assert table.state.explorer.result.startswith("Output changed: wrong bits 0 to 4.")


def test_rerunning_without_an_edit_says_what_to_do() -> None:
    table = desk()
    table.show(SHORT)
    table.state.what_if.add(ERASE)
    table.state.what_if.switch(0)

    table.state.explorer.rerun()

    notice = table.state.notices.at("what-if")
    assert notice is not None
    assert not notice.is_error
    assert table.state.b.showing is None


def test_an_edited_copy_follows_a_to_another_checkpoint() -> None:
    table = desk()
    table.show(SHORT)
    table.state.what_if.add(ERASE)
    table.state.explorer.rerun()
    table.bring(ntm_trace(length=3, slots=8))

    table.state.explorer.choose_checkpoint(1000)

    assert table.state.b.showing is not None
    assert table.state.b.showing.source.update == 1000
    assert table.state.b.showing.edits == (ERASE,)


def test_two_models_are_compared_on_one_episode() -> None:
    table = desk()
    table.show(SHORT)
    table.state.explorer.choose_episode(5)
    table.bring(ntm_trace(length=3, slots=8, seed=5))

    table.state.explorer.compare_with("exhibit:lstm-copy")
    table.bring(lstm_trace(length=4, seed=5))

    assert table.engine.asked.episode == EpisodeWish(seed=5)
    assert table.state.playback.length == 9
    assert not table.state.comparison.b_is_edited_copy


def test_ones_own_input_stands_as_b_beside_the_episode_that_it_came_from() -> None:
    table = desk()
    table.show(SHORT)

    table.state.explorer.compare_own_input("10101010")
    table.bring(ntm_trace(length=1, slots=8))

    assert table.engine.asked.episode.own == "10101010"
    assert table.engine.asked.source == Source(place=NTM_PLACE)
    assert table.state.a.trace is SHORT
    assert table.state.comparison.mode == "split"


def test_closing_b_comes_back_to_one_side() -> None:
    table = desk()
    table.show(SHORT)
    table.state.explorer.compare_with("exhibit:lstm-copy")
    table.bring(lstm_trace(length=4))

    table.state.explorer.close_b()

    assert table.state.b.trace is None
    assert table.state.playback.length == 7


def test_opening_something_else_takes_the_edits_and_b_away() -> None:
    table = desk()
    table.show(SHORT)
    table.state.what_if.add(ERASE)
    table.state.explorer.rerun()

    table.state.explorer.open(STORY_PLACE)
    table.bring(memn2n_trace())

    assert table.state.what_if.edits == ()
    assert table.state.comparison.mode == "single"
    assert table.state.explorer.result == ""


def test_while_it_follows_a_run_each_checkpoint_is_shown_one_request_at_a_time() -> None:
    table = desk()
    run = table.state.trainer.start("ntm", "copy", {}, seed=1, updates=100)
    table.state.explorer.open_run(run)
    for update in (10, 20, 30):
        table.state.apply(CheckpointSaved(run=run.run, update=update, held_out=1.0, is_best=True))
    asked = [command.source.update for command in table.engine.sent if isinstance(command, Record)]

    table.bring(ntm_trace(length=3, slots=8, update=10))

    assert asked == [10]
    assert table.engine.asked.source == Source(place=run.place, update=30)


def test_a_detached_view_is_left_alone_by_new_checkpoints() -> None:
    table = desk()
    run = table.state.trainer.start("ntm", "copy", {}, seed=1, updates=100)
    table.state.explorer.open_run(run)
    table.state.apply(CheckpointSaved(run=run.run, update=10, held_out=1.0, is_best=True))
    table.bring(ntm_trace(length=3, slots=8, update=10))
    table.state.explorer.choose_checkpoint(10)
    table.bring(ntm_trace(length=3, slots=8, update=10))
    before = len(table.engine.sent)

    table.state.apply(CheckpointSaved(run=run.run, update=20, held_out=0.5, is_best=True))

    assert len(table.engine.sent) == before
    assert table.state.training.badge == "detached, 1 newer checkpoint (End follows)"


def test_following_again_shows_the_newest_checkpoint() -> None:
    table = desk()
    run = table.state.trainer.start("ntm", "copy", {}, seed=1, updates=100)
    table.state.explorer.open_run(run)
    table.state.apply(CheckpointSaved(run=run.run, update=10, held_out=1.0, is_best=True))
    table.bring(ntm_trace(length=3, slots=8, update=10))
    table.state.explorer.choose_checkpoint(10)
    table.bring(ntm_trace(length=3, slots=8, update=10))
    table.state.apply(CheckpointSaved(run=run.run, update=20, held_out=0.5, is_best=True))

    table.state.explorer.follow()

    assert table.engine.asked.source.update == 20


def test_checkpoints_of_another_run_move_nothing() -> None:
    table = desk()
    table.show(SHORT)
    before = len(table.engine.sent)

    table.state.apply(CheckpointSaved(run=RunId("elsewhere"), update=20, held_out=0.5, is_best=True))

    assert len(table.engine.sent) == before


def test_wishes_without_an_episode_do_nothing() -> None:
    table = desk()
    explorer = table.state.explorer

    explorer.choose_episode(1)
    explorer.use_own_input("1")
    explorer.change_setting("slots", 1)
    explorer.move_checkpoint(1)
    explorer.move_event(1)
    explorer.compare_with(NTM_PLACE)
    explorer.back()
    explorer.rerun()

    assert table.engine.sent == []
    assert explorer.checkpoints == ()
    assert explorer.update is None
