"""Everything the engine says comes in at one door, and its troubles become sentences."""

import pytest

from app.state.catalogue import Catalogue
from app.state.notices import Notices
from app.state.preferences import Preferences
from engine.contract.messages import Evaluated, Ready, Request, Working
from fake_traces import MEMN2N, NTM, STORIES, ntm_trace
from scripted import EXHIBITS, NTM_PLACE, desk, greeting


def test_the_greeting_makes_the_catalogue() -> None:
    table = desk(ready=False)
    before = table.state.catalogue.engine_is_ready

    table.state.apply(greeting())

    catalogue = table.state.catalogue
    assert (before, catalogue.engine_is_ready) == (False, True)
    assert catalogue.model("ntm") is NTM
    assert [task.id for task in catalogue.tasks_of(MEMN2N)] == ["babi"]
    assert catalogue.task("babi") is STORIES
    assert catalogue.task("nothing") is None


def test_exhibits_are_there_before_the_engine() -> None:
    card = Catalogue(EXHIBITS).exhibit(NTM_PLACE)

    assert card is EXHIBITS[0]
    assert Catalogue(EXHIBITS).exhibit("runs/ntm-copy") is None


def test_an_engine_of_another_version_is_refused() -> None:
    table = desk(ready=False)

    table.state.apply(greeting(protocol=99))

    notice = table.state.notices.at("engine")
    assert notice is not None
    assert "different versions" in notice.sentence
    assert not table.state.catalogue.engine_is_ready


def test_extensions_that_failed_are_named() -> None:
    table = desk(ready=False)
    ready = greeting()

    table.state.apply(
        Ready(
            protocol=ready.protocol, models=ready.models, tasks=ready.tasks, exhibits=ready.exhibits,
            failed=("my.model: no ENTRY",),
        )
    )  # fmt: skip

    notice = table.state.notices.at("engine")
    assert notice is not None
    assert notice.sentence == "Left out: my.model: no ENTRY."


def test_a_dead_engine_leaves_the_screen_and_is_started_again_with_what_was_awaited() -> None:
    table = desk()
    table.show(ntm_trace(length=3, slots=8))
    table.state.explorer.choose_episode(7)
    table.state.explorer_died("killed")
    notice = table.state.notices.at("engine")

    table.state.restart_engine()
    table.state.apply(greeting())

    assert notice is not None
    assert notice.actions == ("engine.restart",)
    assert table.state.a.trace is not None
    assert table.engine.restarts == 1
    assert table.engine.asked.episode.seed == 7
    assert table.state.notices.at("engine") is None


def test_while_the_engine_is_dead_wishes_are_kept_not_sent() -> None:
    table = desk()
    table.show(ntm_trace(length=3, slots=8))
    table.state.explorer_died("killed")
    before = len(table.engine.sent)

    table.state.explorer.choose_episode(7)

    assert len(table.engine.sent) == before
    assert table.state.a.is_waiting


def test_what_the_window_did_not_ask_for_changes_nothing() -> None:
    table = desk()

    table.state.apply(Working(request=Request(1), done=1, total=2))
    table.state.apply(Evaluated(request=Request(1), measurement=EXHIBITS[0].measured[0]))

    assert table.state.notices.all == ()


def test_an_unknown_event_is_an_error_of_the_program() -> None:
    with pytest.raises(TypeError, match="knows no event str"):
        desk().state.apply("hello")  # type: ignore[arg-type]


def test_each_place_has_one_notice_and_the_newest_stands_last() -> None:
    notices = Notices()
    notices.say("stage", "one")
    notices.say("engine", "two")
    notices.say("stage", "three", "engine.restart")
    notices.clear("input")

    assert [notice.sentence for notice in notices.all] == ["two", "three"]


def test_preferences_change_by_name_and_refuse_unknown_ones() -> None:
    preferences, heard = Preferences(), []
    preferences.changed.connect(lambda: heard.append(1))

    preferences.change(depth="plain", scale=1.5)

    assert (preferences.kept.depth, preferences.kept.scale, len(heard)) == ("plain", 1.5, 1)
    with pytest.raises(AttributeError):
        preferences.change(colour="red")
