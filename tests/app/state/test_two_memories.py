"""Two streams told in words, what can be done to their memories, and the preset that opens both."""

from dataclasses import replace

import pytest

from app.state import episodic_persistent
from app.state.app_state import AppState
from app.state.lens import Selection
from app.state.side import Showing
from app.state.two_memories import changed_in_words, changes, fairness, fill_in_words, kind_in_words, matched_in_words, switches
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Record, Source
from fake_stream import EACH, episodic_stream, persistent_stream
from scripted import Desk, desk, exhibit

A, B = episodic_stream(30), persistent_stream(30)


@pytest.fixture
def state() -> AppState:
    """A is wiped, B lives on."""
    made = desk()
    made.show(A)
    state = made.state
    state.comparison.show("split", edited_copy=False)
    state.b.wish(Showing(source=Source(place=B.card.source), episode=EpisodeWish()), None)
    state.b.take(None, B)
    state.explorer.set_mode("split")
    return state


@pytest.fixture
def table() -> Desk:
    made = desk()
    pair = (exhibit("smemo-junctions", "smemo", "junctions"), exhibit("mantra-junctions", "mantra", "junctions"))
    made.state.catalogue.exhibits = (*made.state.catalogue.exhibits, *pair)
    return made


def test_the_caption_says_which_is_which_whatever_the_order() -> None:
    assert fairness(A, B) == "B keeps experience across samples, A is scratch space within one."
    assert fairness(B, A) == "A keeps experience across samples, B is scratch space within one."


def test_two_of_one_kind_need_no_caption() -> None:
    assert fairness(B, B) == ""


def test_a_memory_that_is_no_longer_wiped_is_called_so() -> None:
    leaking = replace(A, card=replace(A.card, settings={"wipe": False}))

    assert kind_in_words(A) == "Episodic: wiped when the sample ends"
    assert kind_in_words(leaking).startswith("Not wiped")


def test_a_memory_says_how_full_it_is() -> None:
    assert fill_in_words(A, 59) == "16 slots, 13 in use"
    assert fill_in_words(B, 0) == "1 slot after 1 sample"


def test_a_sample_says_what_it_matched() -> None:
    assert matched_in_words(B, 20).startswith("matched: slot")
    assert matched_in_words(A, 0) == "reads slot 0 (0.70)"
    assert matched_in_words(B, 99) == ""


def test_a_switch_offers_the_other_value() -> None:
    (name, value, words, _) = switches(B, "B")[0]
    off = replace(B, card=replace(B.card, settings={"goes_on_writing": False}))

    assert (name, value, words) == ("goes_on_writing", False, "Stop writing in B")
    assert switches(off, "B")[0][1:3] == (True, "Let B write again")


def test_a_switch_runs_its_own_side_again(state: AppState) -> None:
    state.explorer.change_setting_of(state.b, "goes_on_writing", value=False)

    assert state.b.showing is not None
    assert state.b.showing.settings == {"goes_on_writing": False}
    assert state.a.showing is not None
    assert state.a.showing.settings == {}


def test_a_slot_is_removed_from_the_side_it_lies_on(state: AppState) -> None:
    found = changes(state.b, Selection(side="B", slots=(0,)), 20)

    assert [change.title for change in found] == [
        "Remove slot 0 of B from sample 21 on",
        "Clear the memory of B from sample 21 on",
    ]
    assert found[0].edits[0].index == (0,)
    assert changes(state.a, Selection(side="A", slots=(0,)), 20) == []


def test_what_was_changed_can_be_taken_back(state: AppState) -> None:
    clear = changes(state.b, Selection(), 20)[-1]

    state.explorer.edit_side(state.b, clear.edits)
    back = changes(state.b, Selection(), 20)[-1]

    assert back.title == "Put B back as it was"
    assert back.edits == ()


def test_what_was_done_to_a_memory_is_said_by_its_samples() -> None:
    made = [Edit(act="erase", channel="memory.alive", step=20, index=index) for index in ((8,), (), (3,))]

    def told(*edits: Edit) -> str:
        return changed_in_words(replace(B, card=replace(B.card, edits=edits)))

    assert told() == ""
    assert told(made[0]) == "without slot 8 since sample 21"
    assert told(*made) == "without slot 8 since sample 21, cleared at sample 21 and 1 more"
    assert told(replace(made[0], enabled=False)) == ""


def test_the_preset_asks_for_the_same_stream_on_both_sides(table: Desk) -> None:
    episodic_persistent.show(table.state)
    asked = [command for command in table.engine.sent if isinstance(command, Record)][-2:]

    assert [wish.source.place for wish in asked] == ["exhibit:smemo-junctions", "exhibit:mantra-junctions"]
    assert {wish.episode.seed for wish in asked} == {asked[0].episode.seed}
    assert all((wish.settings["stream"], wish.settings["length"]) == ("phases", 500) for wish in asked)
    assert asked[1].settings["starts_with"] == "empty"


def test_the_preset_stands_where_all_that_can_be_seen_has_been_seen(table: Desk) -> None:
    state = table.state
    episodic_persistent.show(state)
    asked = [command for command in table.engine.sent if isinstance(command, Record)][-2:]

    table.bring(B, asked[1])
    table.bring(A, asked[0])

    assert state.playback.step == episodic_persistent.NOW
    assert (state.playback.pace, state.playback.sample_steps) == ("sample", EACH)
    assert state.stage.panes == episodic_persistent.PANES


def test_one_side_alone_has_its_own_panes_again(table: Desk) -> None:
    state = table.state
    episodic_persistent.show(state)
    asked = [command for command in table.engine.sent if isinstance(command, Record)][-2:]
    table.bring(A, asked[0])
    table.bring(B, asked[1])

    state.explorer.close_b()

    assert "Memory browser" not in state.stage.panes
    assert state.stage.panes


def test_a_session_brings_both_streams_back(table: Desk) -> None:
    state = table.state
    episodic_persistent.show(state)
    asked = [command for command in table.engine.sent if isinstance(command, Record)][-2:]
    table.bring(A, asked[0])
    table.bring(B, asked[1])
    state.playback.go_to(7 * EACH + 3)
    kept = state.session()
    assert kept is not None

    state.explorer.close_b()
    state.restore(kept)
    for wish in [command for command in table.engine.sent if isinstance(command, Record)][-2:]:
        table.bring(A if "smemo" in wish.source.place else B, wish)

    assert (state.playback.step, state.stage.panes) == (7 * EACH + 3, episodic_persistent.PANES)
    assert state.comparison.is_by_sample
