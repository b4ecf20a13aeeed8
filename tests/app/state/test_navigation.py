"""The navigator lists what there is to open, and each row leads where it says."""

from dataclasses import replace

from app.state.lens import Selection
from app.state.navigation import MOST_CHECKPOINTS, NavigatorRow, forget_row, headline_metric, navigator_groups, open_row
from app.state.session import Bookmark
from engine.contract.messages import PROTOCOL, CheckpointSaved, EpisodeWish, Ready, RunEnded, Source
from fake_traces import NTM, memn2n_trace, ntm_trace
from scripted import EXHIBITS, NTM_PLACE, Desk, desk, exhibit


def _rows(table: Desk, title: str, sought: str = "") -> tuple[NavigatorRow, ...]:
    return next((group.rows for group in navigator_groups(table.state, sought) if group.title == title), ())


def _training(checkpoints: int = 3) -> Desk:
    table = desk()
    run = table.state.trainer.start("ntm", "copy", {}, seed=1, updates=1000)
    table.state.explorer.open_run(run)
    for update in range(0, 10 * checkpoints, 10):
        saved = CheckpointSaved(run=run.run, update=update, held_out=50.0 - update / 10, is_best=update == 20)
        table.state.apply(saved)
    return table


def test_exhibits_are_listed_with_their_measured_headline() -> None:
    rows = _rows(desk(), "Exhibits")

    assert [(row.title, row.below) for row in rows] == [
        ("NTM copies", "wrong bits 0.02 at length 20"),
        ("MemN2N answers", "error 1.2 % at length 20"),
    ]
    assert "measured on 200 episodes, seed 7" in rows[0].says


def test_an_exhibit_without_a_measurement_has_no_headline() -> None:
    assert headline_metric(desk().state, exhibit(measured=())) == ("", "")


def test_before_the_engine_is_ready_the_first_metric_stands_in() -> None:
    assert headline_metric(desk(ready=False).state, EXHIBITS[0])[0] == "wrong_bits 0.02 at length 20"


def test_an_exhibit_is_opened_by_its_row_and_marked_as_shown() -> None:
    table = desk()

    command = open_row(table.state, _rows(table, "Exhibits")[0].id)

    assert command == ""
    assert table.engine.asked.source == Source(place=NTM_PLACE)
    assert _rows(table, "Exhibits")[0].is_current


def test_a_run_that_trains_is_followed_and_one_that_ended_is_opened() -> None:
    table = _training()
    live = _rows(table, "Your runs")[0]
    run = table.state.training.runs[0]
    open_row(table.state, live.id)
    followed = table.state.training.is_following
    table.state.apply(RunEnded(run=run.run, reason="finished", update=1000))

    open_row(table.state, live.id)

    assert live.below == "update 0 of 1,000 · live"
    assert followed
    assert _rows(table, "Your runs")[0].below == "update 1,000 of 1,000 · finished"
    assert table.engine.asked.source == Source(place=run.place)


def test_the_checkpoints_of_a_run_say_their_held_out_loss_and_the_best_is_marked() -> None:
    rows = _rows(_training(), "Checkpoints")

    assert [(row.title, row.note, row.mark) for row in rows] == [
        ("Update 20", "loss 48", "best"),
        ("Update 10", "loss 49", ""),
        ("Update 0", "loss 50", ""),
    ]


def test_the_checkpoints_of_an_exhibit_say_the_loss_of_its_curve() -> None:
    table = desk()
    table.show(ntm_trace(length=3, slots=8))

    rows = _rows(table, "Checkpoints")

    assert [row.note for row in rows] == ["loss 0.01", "loss 40", "loss 40", "loss 80"]
    assert [row.is_current for row in rows] == [True, False, False, False]


def test_of_many_checkpoints_some_are_listed_with_the_ends_and_the_best() -> None:
    rows = _rows(_training(checkpoints=100), "Checkpoints")

    assert len(rows) <= MOST_CHECKPOINTS + 2
    assert rows[0].title == "Update 990"
    assert rows[-1].title == "Update 0"
    assert "best" in {row.mark for row in rows}


def test_a_checkpoint_is_chosen_by_its_row() -> None:
    table = desk()
    table.show(ntm_trace(length=3, slots=8))

    open_row(table.state, "checkpoint|1000")

    assert table.engine.asked.source.update == 1000


def test_reference_episodes_come_first_then_new_ones_and_ones_own_input() -> None:
    table = desk()
    table.show(ntm_trace(length=3, slots=8, seed=4))

    rows = _rows(table, "Episodes")

    assert [(row.title, row.note) for row in rows] == [
        ("Episode 1", "seed 3"), ("Episode 2", "seed 4"), ("Episode 3", "seed 5"), ("Draw another", "seed 6"),
        ("Draw another", "seed 7"), ("Your own bits …", ""),
    ]  # fmt: skip
    assert [row.is_current for row in rows] == [False, True, False, False, False, False]


def test_an_episode_that_was_drawn_is_listed_as_shown() -> None:
    table = desk()
    table.show(ntm_trace(length=3, slots=8))

    open_row(table.state, "seed|77")

    assert table.engine.asked.episode == EpisodeWish(seed=77)
    assert [row.note for row in _rows(table, "Episodes") if row.is_current] == ["seed 77"]


def test_ones_own_input_is_for_the_window_to_open() -> None:
    table = desk()
    table.show(memn2n_trace())
    row = _rows(table, "Episodes")[-1]

    assert row.title == "Your own story …"
    assert open_row(table.state, row.id) == "input.own"


def test_a_bookmark_returns_to_its_step_and_selection_and_can_be_forgotten() -> None:
    table = desk()
    table.show(ntm_trace(length=6, slots=8))
    showing = table.state.a.showing
    assert showing is not None
    table.state.stage.bookmark(Bookmark(name="the write", a=showing, step=4, selection=Selection(slots=(4,))))
    row = _rows(table, "Bookmarks")[0]

    open_row(table.state, row.id)
    where = table.state.playback.step, table.state.lens.selection
    forget_row(table.state, row.id)
    forget_row(table.state, "seed|1")

    assert where == (4, Selection(slots=(4,)))
    assert _rows(table, "Bookmarks") == ()


def test_a_bookmark_of_another_episode_brings_it_back_and_then_its_step() -> None:
    table = desk()
    table.show(ntm_trace(length=6, slots=8))
    showing = table.state.a.showing
    assert showing is not None
    table.state.stage.bookmark(Bookmark(name="there", a=showing, step=12))
    table.state.explorer.choose_episode(9)
    table.bring(ntm_trace(length=2, slots=8, seed=9))

    open_row(table.state, "bookmark|0")
    table.bring(ntm_trace(length=6, slots=8))

    assert table.state.playback.step == 12


def test_the_filter_keeps_rows_that_have_every_word() -> None:
    table = desk()
    table.show(ntm_trace(length=3, slots=8))

    assert [row.title for row in _rows(table, "Exhibits", "memn2n")] == ["MemN2N answers"]
    assert [group.title for group in navigator_groups(table.state, "update 3,500")] == ["Checkpoints"]
    assert navigator_groups(table.state, "no such thing") == ()


def test_empty_groups_say_how_to_fill_them() -> None:
    hints = {group.title: group.hint for group in navigator_groups(desk().state) if not group.rows}

    assert set(hints) == {"Your runs", "Bookmarks"}
    assert all(hints.values())


def test_exhibits_stand_in_the_order_in_which_their_models_were_found() -> None:
    table = desk(ready=False)
    old, new = replace(NTM, id="old", year=1990), replace(NTM, id="new", year=2020)
    cards = tuple(exhibit(name=name, model=name) for name in ("new", "ntm", "old"))

    table.state.apply(Ready(protocol=PROTOCOL, models=(NTM, new, old), tasks=(), exhibits=cards))

    assert [card.model for card in table.state.catalogue.exhibits] == ["old", "ntm", "new"]
