"""What the bar offers: trained networks first, then runs, then what could be trained anew."""

from dataclasses import replace

from app.state.offers import (
    choose_episode_offer,
    episode_name,
    episode_offers,
    model_offers,
    name_of_place,
    run_name,
    side_offers,
    task_offers,
)
from app.state.training import Run
from engine.contract.cards import Setting
from engine.contract.messages import EpisodeWish, RunId
from fake_traces import COPY, memn2n_trace, ntm_trace
from scripted import desk, exhibit


def _run(number: int, **values: object) -> Run:
    given: dict[str, object] = {
        "run": RunId(f"runs/ntm-copy-{number}"), "folder": f"runs/ntm-copy-{number}", "model": "ntm", "task": "copy",
        "settings": {},
        "seed": 0, "planned": 100, "update": 60, "status": "stopped", "checkpoints": [0, 60],
    }  # fmt: skip
    return Run(**{**given, **values})  # type: ignore[arg-type]


def test_trained_networks_come_first_then_runs_then_new_ones() -> None:
    made = desk()
    made.state.training.remember([_run(1), _run(2), _run(3, checkpoints=[])])

    offers = model_offers(made.state)

    assert [offer.section for offer in offers] == ["Trained"] * 2 + ["Your runs"] * 2 + ["Train a new one"] * 2
    assert [offer.title for offer in offers[2:4]] == ["NTM on Copy, run 2", "NTM on Copy, run 1"]
    assert offers[2].detail == "update 60 · stopped"


def test_b_can_be_anything_but_what_a_shows_or_another_checkpoint_of_it() -> None:
    made = desk()
    made.show(ntm_trace(update=7000))

    ids = [offer.id for offer in side_offers(made.state)]

    assert ids == ["exhibit:memn2n-babi", "exhibit:ntm-copy@0", "exhibit:ntm-copy@1000", "exhibit:ntm-copy@3500"]


def test_tasks_are_those_that_the_model_takes() -> None:
    made = desk()
    made.show(memn2n_trace())

    assert [offer.id for offer in task_offers(made.state)] == ["exhibit:memn2n-babi", "train:memn2n:babi"]


def test_an_exhibit_offers_its_reference_episodes_and_its_lengths() -> None:
    made = desk()
    trace = ntm_trace()
    length = Setting(name="length", default=0, low=0, high=30, says="How many vectors.")
    made.show(replace(trace, card=replace(trace.card, task=replace(COPY, settings=(length,)))))

    offers = episode_offers(made.state)

    assert [offer.id for offer in offers] == ["seed:3", "seed:4", "seed:5", "length:5", "length:10", "length:20", "length:30"]


def test_a_chosen_episode_or_length_is_asked_for() -> None:
    made = desk()
    made.show(ntm_trace())

    choose_episode_offer(made.state, "seed:4")
    choose_episode_offer(made.state, "length:30")

    assert made.engine.asked.episode == EpisodeWish(seed=4)
    assert made.engine.asked.settings == {"length": 30}


def test_episodes_and_places_have_names() -> None:
    made = desk()
    made.state.training.remember([_run(2)])

    assert episode_name(EpisodeWish(seed=4), exhibit()) == ("2", "seed 4")
    assert episode_name(EpisodeWish(seed=99), exhibit()) == ("seed 99", "")
    assert episode_name(EpisodeWish(own="101"), exhibit()) == ("Own input", "")
    assert name_of_place(made.state, "exhibit:ntm-copy") == "NTM copies"
    assert name_of_place(made.state, "runs/ntm-copy-2") == "NTM on Copy, run 2"
    assert name_of_place(made.state, "elsewhere/my-run") == "my-run"


def test_restarts_in_one_folder_are_told_apart_by_their_seed() -> None:
    folder = "C:\\runs\\ntm-copy-4\\seed=7"
    run = _run(4, run=RunId(folder), folder=folder, seed=7)

    assert run_name(desk().state, run).endswith("run 4, seed 7")
    assert run_name(desk().state, _run(4)).endswith("run 4")
