"""The two things that the first minute offers besides the lesson."""

from app.shell.first_minute import QUICK_SETTINGS, slot_to_change, train_quickly, train_several_quickly, walk_to_a_slot
from engine.contract.messages import CheckpointSaved, RunStarted
from fake_traces import lstm_trace, memn2n_trace, ntm_trace
from scripted import desk


def test_the_small_run_is_started_once_and_shown_with_its_first_checkpoint() -> None:
    made = desk()
    made.show(ntm_trace())

    train_quickly(made.state)
    train_quickly(made.state)
    (started,) = made.engine.started
    made.state.apply(RunStarted(run=started.run, update=0, parameters=9000, learning_rate=1e-3))
    made.state.apply(CheckpointSaved(run=started.run, update=0, held_out=24.0, is_best=True))

    assert started.settings == QUICK_SETTINGS
    assert made.engine.asked.source.place == started.folder
    assert made.state.training.is_following


def test_the_small_run_is_started_from_eight_seeds_and_their_curves_fill_the_stage() -> None:
    made = desk()
    made.show(ntm_trace())
    trained_alone = made.state.training.live

    train_several_quickly(made.state)
    train_several_quickly(made.state)

    assert trained_alone is None
    assert [entry.seed for entry in made.state.seeds.entries] == list(range(8))
    assert {command.seed for command in made.engine.started} <= set(range(8))
    assert made.state.stage.large == "Seeds"
    assert made.state.notices.at("training") is not None


def test_nothing_moves_once_the_reader_has_opened_something_else() -> None:
    made = desk()
    made.show(ntm_trace())
    train_quickly(made.state)
    (started,) = made.engine.started

    made.state.explorer.open("exhibit:memn2n-babi")
    made.state.apply(CheckpointSaved(run=started.run, update=0, held_out=24.0, is_best=True))

    assert made.engine.asked.source.place == "exhibit:memn2n-babi"


def test_a_slot_that_was_written_is_selected_at_its_step() -> None:
    made = desk()
    made.show(ntm_trace())

    assert walk_to_a_slot(made.state)

    chosen = made.state.lens.selection
    assert (chosen.channel, chosen.slots, made.state.playback.step) == ("memory.contents", (6,), 6)
    notice = made.state.notices.at("what-if")
    assert notice is not None
    assert "edit.erase" in notice.actions


def test_in_a_story_the_slot_is_one_that_was_told() -> None:
    found = slot_to_change(memn2n_trace())

    assert found is not None
    assert found[2] == "memory.contents"


def test_a_network_without_slots_says_so() -> None:
    made = desk()
    made.show(lstm_trace())

    assert not walk_to_a_slot(made.state)

    notice = made.state.notices.at("what-if")
    assert notice is not None
    assert notice.sentence == "This network has no slots to change: open one that has a memory."
