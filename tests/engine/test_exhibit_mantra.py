"""What the bundled MANTRA can do: it foresees what cars did before, keeps little, and learns new manoeuvres by storing alone."""

import time

import numpy as np
import pytest
import torch

from engine.blocks.probe import Recorder
from engine.contract.cards import Value
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace import Trace
from engine.recipes import RECIPES
from engine.recording import record
from engine.sources import EXHIBIT, Opened, exhibit_cards, open_source
from engine.tasks.base import TrajectoryBatch, TrajectoryEpisode
from engine.training.evaluate import evaluate

NAME = "mantra-junctions"
IN_C, END_OF_C = 275, 399
"""The first and the last sample of the phase with U-turns, in a stream of 500."""


def opened(**wished: Value) -> Opened:
    """The exhibit, on a stream of 500 cars that begins with an empty memory."""
    return open_source(Source(place=EXHIBIT + NAME), {"length": 500, "map": False, **wished})


@pytest.fixture(scope="module")
def card() -> ExhibitCard:
    return next(card for card in exhibit_cards() if card.name == NAME)


@pytest.fixture(scope="module")
def stream() -> Trace:
    return record(opened(), EpisodeWish(seed=0))


def row(card: ExhibitCard, name: str, column: str = "ade") -> float:
    found = card.measured[0].metrics[name]
    assert isinstance(found, dict)
    value = found[column]
    assert isinstance(value, float)
    return value


def figure(card: ExhibitCard, name: str) -> float:
    value = card.measured[0].metrics[name]
    assert isinstance(value, float)
    return value


def test_the_card_is_that_of_its_recipe(card: ExhibitCard) -> None:
    recipe = RECIPES[NAME]

    assert (card.model, card.task, card.seed, card.updates) == (recipe.model, recipe.task, recipe.seed, recipe.updates)
    assert (card.title, card.says, card.episodes) == (recipe.title, recipe.says, recipe.episodes)
    assert all(card.settings[setting] == value for setting, value in recipe.settings.items())


def test_the_figures_of_the_card_are_found_again(card: ExhibitCard) -> None:
    said = card.measured[0]

    again = evaluate(open_source(Source(place=EXHIBIT + NAME)), said.episodes, said.seed, lambda done, total: True)

    for name in ("ade", "fde", "mode_coverage", "memory_off", "random_subset", "memory_rows", "samples_presented"):
        assert again.metrics[name] == pytest.approx(said.metrics[name], rel=0.02), name


def test_with_its_memory_it_is_less_than_half_as_far_off_as_without(card: ExhibitCard) -> None:
    assert figure(card, "ade") <= 0.5 * row(card, "memory_off")
    assert row(card, "memory_shuffled") >= 2 * figure(card, "ade")


def test_it_finds_nine_of_ten_futures_with_a_tenth_of_the_samples_at_most(card: ExhibitCard) -> None:
    assert figure(card, "mode_coverage") >= 0.9
    assert figure(card, "memory_rows") <= 0.1 * figure(card, "samples_presented")


def test_what_the_controller_kept_is_worth_more_than_as_much_kept_by_chance(card: ExhibitCard) -> None:
    assert figure(card, "ade") < row(card, "random_subset")


def test_more_futures_make_the_best_no_worse(card: ExhibitCard) -> None:
    by_k = card.measured[0].metrics["by_k"]
    assert isinstance(by_k, dict)
    errors = [by_k[count]["ade"] for count in ("1", "5", "10", "20")]

    assert errors == sorted(errors, reverse=True)


def test_a_new_manoeuvre_is_learnt_by_storing_alone(stream: Trace) -> None:
    error = stream.arrays["test.error"]
    kinds = stream.card.labels["scene.kind"]
    turns = [step for step, kind in enumerate(stream.arrays["scene.kind"].astype(int).tolist()) if kinds[kind].endswith("U-turn")]
    far = stream.arrays["scene.error"][turns]

    assert np.median(far[len(far) // 2 :]) < 0.5 * far[0]
    assert stream.arrays["write.stored"][turns[:3]].any()
    assert error[END_OF_C] < error[IN_C] < stream.arrays["test.off"][IN_C]


def test_the_memory_is_as_large_as_there_were_accepted_writes_at_every_sample(stream: Trace) -> None:
    assert (stream.arrays["memory.alive"].sum(-1) == stream.arrays["write.stored"].cumsum()).all()


def test_of_a_memory_that_is_cleared_nothing_is_left_but_the_network_without_one(stream: Trace) -> None:
    slots = stream.arrays["memory.alive"].shape[1] + 1  # this sample, of which an empty memory foresees nothing, is stored too
    cleared = tuple(Edit(act="erase", channel="memory.alive", step=499, index=(slot,)) for slot in range(slots))

    without = record(opened(), EpisodeWish(seed=0), cleared)

    assert without.arrays["memory.alive"][-1].sum() == 0
    assert without.arrays["test.error"][-1] == pytest.approx(float(stream.arrays["test.off"][-1]), rel=0.05)
    np.testing.assert_array_equal(without.arrays["test.error"][:499], stream.arrays["test.error"][:499])


def test_shown_twice_the_second_is_refused_and_its_own_slot_is_found_first() -> None:
    source = opened(length=40)
    batch = source.task.episode(EpisodeWish(seed=1)).batch
    assert isinstance(batch, TrajectoryBatch)
    rows = [row for row in range(40) for _ in range(2)]
    names = ("past", "future", "present", "kind", "number", "valid")
    twice = TrajectoryEpisode(
        batch=TrajectoryBatch(**{name: getattr(batch, name)[rows] for name in names}), texts=("",) * 80
    )  # fmt: skip
    recorder = Recorder()

    with torch.no_grad():
        source.model.replay(twice, recorder)

    shown = recorder.arrays(80)
    stored = shown["write.stored"][::2].astype(bool)
    assert stored.sum() >= 10
    assert not shown["write.stored"][1::2][stored].any()
    slots = shown["write.weighting"][::2, 0].argmax(-1)
    assert (shown["read.slot"][1::2, 0] == slots)[stored].all()


def test_five_hundred_samples_are_recorded_faster_than_twenty_a_second() -> None:
    source = opened()
    began = time.process_time()

    record(source, EpisodeWish(seed=2))

    assert 500 / (time.process_time() - began) >= 20


def test_a_way_that_the_reader_draws_is_answered_from_what_the_training_has_stored() -> None:
    own = record(open_source(Source(place=EXHIBIT + NAME)), EpisodeWish(own="0,-9 0,-6 0,-3 0,0"))

    alive = own.arrays["memory.alive"][0]
    assert alive.sum() > 20
    assert (own.arrays["read.slot"][0] >= 0).all()
