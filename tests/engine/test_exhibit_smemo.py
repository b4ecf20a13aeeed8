"""What the bundled networks with a memory for one scene can do: agents learn of each other through it, and it is wiped."""

import time

import numpy as np
import pytest
import torch

from engine.blocks.probe import Recorder
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace import Trace
from engine.models.smemo import Smemo
from engine.models.smemo_replay import Kept
from engine.recipes import RECIPES
from engine.recording import record
from engine.sources import EXHIBIT, Opened, exhibit_cards, open_source
from engine.tasks.base import TrajectoryEpisode
from engine.training.evaluate import evaluate

SOCIAL, JUNCTIONS = "smemo-social", "smemo-junctions"
STEPS = 60


def card_of(name: str) -> ExhibitCard:
    return next(card for card in exhibit_cards() if card.name == name)


def row(card: ExhibitCard, name: str) -> dict[str, float]:
    found = card.measured[0].metrics[name]
    assert isinstance(found, dict)
    return {key: value for key, value in found.items() if isinstance(value, float)}


@pytest.fixture(scope="module")
def social() -> Opened:
    return open_source(Source(place=EXHIBIT + SOCIAL))


@pytest.fixture(scope="module")
def stream() -> Trace:
    return record(open_source(Source(place=EXHIBIT + JUNCTIONS)), EpisodeWish(seed=0))


@pytest.mark.parametrize("name", [SOCIAL, JUNCTIONS])
def test_the_card_is_that_of_its_recipe(name: str) -> None:
    card, recipe = card_of(name), RECIPES[name]

    assert (card.model, card.task, card.seed, card.updates) == (recipe.model, recipe.task, recipe.seed, recipe.updates)
    assert (card.title, card.says, card.episodes) == (recipe.title, recipe.says, recipe.episodes)
    assert all(card.settings[setting] == value for setting, value in recipe.settings.items())


def test_without_what_is_read_or_without_what_is_written_agents_end_far_from_where_they_should() -> None:
    card = card_of(SOCIAL)

    fde = card.measured[0].metrics["fde"]
    assert isinstance(fde, float)
    assert fde <= 0.7 * row(card, "memory_off")["fde"]
    assert fde <= 0.7 * row(card, "writes_off")["fde"]
    assert fde <= 0.7 * row(card, "linear_regression")["fde"]


def test_agents_cross_in_the_right_order_and_taking_out_names_those_who_go_before() -> None:
    card = card_of(SOCIAL)

    named = row(card, "waited_for")
    kendall = card.measured[0].metrics["kendall"]
    assert isinstance(kendall, float)
    assert kendall >= 0.8
    assert named["by taking out"] >= 0.8
    assert named["by taking out"] > named["by chance"] + 0.05


def test_the_figures_of_the_card_are_found_again(social: Opened) -> None:
    again = evaluate(social, 40, 11, lambda done, total: True).metrics

    off = again["memory_off"]
    assert isinstance(off, dict)
    assert float(again["fde"]) <= 0.7 * float(off["fde"])  # type: ignore[arg-type]
    assert float(again["kendall"]) >= 0.7  # type: ignore[arg-type]


def test_scenes_together_leave_the_memories_that_each_leaves_alone_and_agents_may_change_places(social: Opened) -> None:
    episode, model = social.task.episode(EpisodeWish(seed=5)), social.model
    assert isinstance(episode, TrajectoryEpisode)
    assert isinstance(model, Smemo)
    scene, together, alone, moved = model.scene(episode.batch), Kept(), Kept(), Kept()
    order = [2, 0, 3, 1]

    with torch.no_grad():
        model.run(scene, together)
        one = scene._replace(
            places=scene.places[3:4], moves=scene.moves[3:4], present=scene.present[3:4],
            frame=type(scene.frame)(scene.frame.origin[3:4], scene.frame.turn[3:4]),
        )  # fmt: skip
        model.run(one, alone)
        model.run(
            scene._replace(places=scene.places[:, order], moves=scene.moves[:, order], present=scene.present[:, order]), moved
        )

    memory = together.together()["memory.contents"]
    torch.testing.assert_close(alone.together()["memory.contents"][0], memory[3], atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(moved.together()["memory.contents"], memory, atol=1e-4, rtol=1e-4)


def test_a_stream_of_five_hundred_cars_is_recorded_in_time_and_its_error_on_held_out_cars_stays(stream: Trace) -> None:
    opened, began = open_source(Source(place=EXHIBIT + JUNCTIONS)), time.process_time()

    with torch.no_grad():
        opened.model.replay(opened.task.episode(EpisodeWish(seed=1)), Recorder(copies=False))

    assert stream.samples == 500
    assert time.process_time() - began < 25
    error = np.asarray(stream.arrays["test.error"])
    for phase in stream.card.phases:
        assert len(np.unique(error[phase.first : phase.last + 1])) == 1  # nothing lasts, and the weights are frozen


def test_every_car_of_the_stream_begins_with_the_same_memory_and_leaves_another(stream: Trace) -> None:
    memory, blank = np.asarray(stream.arrays["memory.contents"]), np.asarray(stream.initial["memory.contents"])
    erased, added = (np.asarray(stream.arrays[f"memory.{name}"])[::STEPS] for name in ("erased", "added"))

    np.testing.assert_allclose(memory[::STEPS], (1 - erased) * blank + added, atol=1e-5)
    assert (np.abs(memory[STEPS - 1 :: STEPS] - blank).max((1, 2)) > 0.1).all()
