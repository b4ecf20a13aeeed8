"""What the bar offers: trained networks first, then the runs, then what could be trained anew."""

from dataclasses import replace

from app.state.offers import (
    choose_episode_offer,
    episode_name,
    episode_offers,
    model_offers,
    name_of_place,
    run_name,
    side_offers,
    task_name,
    task_offers,
)
from engine.contract.cards import Setting
from engine.contract.messages import CheckpointSaved, EpisodeWish
from engine.contract.trace import Trace
from fake_traces import COPY, ntm_trace
from scripted import EXHIBITS, NTM_PLACE, STORY_PLACE, Desk, desk


def _with_length(highest: float | None) -> Trace:
    trace = ntm_trace(length=3, slots=8)
    task = replace(COPY, settings=(Setting(name="length", default=0, low=0, high=highest, says="How many vectors."),))
    return Trace(card=replace(trace.card, task=task), arrays=trace.arrays, initial=trace.initial)


def _with_run() -> Desk:
    table = desk()
    table.show(ntm_trace(length=3, slots=8))
    run = table.state.trainer.start("ntm", "copy", {}, seed=1, updates=100)
    table.state.apply(CheckpointSaved(run=run.run, update=10, held_out=1.0, is_best=True))
    return table


def test_trained_networks_come_first_then_runs_then_what_can_be_trained() -> None:
    found = model_offers(_with_run().state)

    assert [offer.id for offer in found] == [NTM_PLACE, STORY_PLACE, "runs/ntm-copy-1", "train:ntm:", "train:memn2n:"]
    assert [offer.section for offer in found] == ["Trained", "Trained", "Your runs", "Train a new one", "Train a new one"]


def test_a_run_without_a_checkpoint_has_nothing_to_show_yet() -> None:
    table = desk()
    table.state.trainer.start("ntm", "copy", {}, seed=1, updates=100)

    assert "runs/ntm-copy-1" not in [offer.id for offer in model_offers(table.state)]


def test_b_may_be_anything_but_a_itself_or_another_checkpoint_of_it() -> None:
    table = _with_run()

    ids = [offer.id for offer in side_offers(table.state)]

    assert NTM_PLACE not in ids
    assert ids[:2] == [STORY_PLACE, "runs/ntm-copy-1"]
    assert f"{NTM_PLACE}@1000" in ids
    assert f"{NTM_PLACE}@7000" not in ids


def test_the_tasks_of_a_model_are_those_it_was_trained_on_and_those_it_could_be() -> None:
    table = _with_run()

    assert [offer.id for offer in task_offers(table.state)] == [NTM_PLACE, "train:ntm:copy"]
    assert task_offers(desk().state) == []


def test_reference_episodes_and_lengths_are_offered_up_to_the_longest() -> None:
    table = desk()
    table.show(_with_length(highest=30))

    ids = [offer.id for offer in episode_offers(table.state)]

    assert ids == ["seed:3", "seed:4", "seed:5", "length:5", "length:10", "length:20", "length:30"]
    assert episode_offers(desk().state) == []


def test_a_task_without_a_longest_offers_every_length() -> None:
    table = desk()
    table.show(_with_length(highest=None))

    assert "length:120" in [offer.id for offer in episode_offers(table.state)]


def test_choosing_an_episode_or_a_length_asks_the_engine() -> None:
    table = desk()
    table.show(_with_length(highest=30))

    choose_episode_offer(table.state, "seed:5")
    seed = table.engine.asked.episode
    choose_episode_offer(table.state, "length:20")

    assert seed == EpisodeWish(seed=5)
    assert table.engine.asked.settings == {"length": 20}


def test_places_have_names() -> None:
    table = _with_run()
    run = table.state.training.runs[0]

    assert name_of_place(table.state, NTM_PLACE) == "NTM copies"
    assert name_of_place(table.state, run.place) == run_name(table.state, run) == "NTM on Copy, run 1"
    assert name_of_place(table.state, "elsewhere/my-run/") == "my-run"


def test_a_task_is_named_by_its_card_or_by_its_id() -> None:
    assert task_name(desk().state, "babi") == "bAbI"
    assert task_name(desk(ready=False).state, "repeat_copy") == "Repeat copy"


def test_episodes_are_numbered_within_their_exhibit() -> None:
    assert episode_name(EpisodeWish(seed=4), EXHIBITS[0]) == ("2", "seed 4")
    assert episode_name(EpisodeWish(seed=99), EXHIBITS[0]) == ("seed 99", "")
    assert episode_name(EpisodeWish(seed=4, own="101"), EXHIBITS[0]) == ("Own input", "")
