"""The corridor: one colour, so many walls, one question; and how far a network without feedback can look back."""

import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks import corridor
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.words import WordTask
from engine.training.assemble import assemble


def task(**settings: int) -> WordTask:
    return corridor.build(read_settings(corridor.ENTRY.card.settings, dict(settings)), {}, None)


def test_only_the_colour_of_the_first_step_counts_at_the_last() -> None:
    batch = task(length=7).batch(50, generator("a"))
    assert isinstance(batch, SequenceBatch)

    assert batch.steps == 9
    assert batch.scored.tolist() == [0] * 8 + [1]
    assert torch.equal(batch.inputs[0, :, :4], batch.targets[8])
    assert not batch.inputs[1:, :, :4].any()


def test_a_corridor_of_ones_own() -> None:
    made = task().episode(EpisodeWish(seed=0, own="Blue 3"))
    assert isinstance(made, SequenceBatch)

    assert made.steps == 5
    assert int(made.targets[4, 0].argmax()) == 1


@pytest.mark.parametrize("text", ["purple 3", "red", "red 0", "red 9999", "3 red"])
def test_what_is_no_corridor_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="such as red 12"):
        task().episode(EpisodeWish(seed=0, own=text))


@pytest.mark.parametrize(("memory", "hears"), [("same", False), ("mixture", True)])
def test_beyond_layers_times_window_only_a_feedback_memory_hears_of_the_colour(memory: str, hears: bool) -> None:
    settings = {"memory": memory, "layers": 2, "window": 3, "width": 8, "heads": 2, "inner": 8, "length": 6}
    model = assemble("feedback", "corridor", settings, 0).model
    red, blue = (task(length=6).episode(EpisodeWish(seed=0, own=f"{colour} 6")) for colour in ("red", "blue"))

    with torch.no_grad():
        one, other = model(red)[-1], model(blue)[-1]

    assert bool((one != other).any()) is hears


def test_within_layers_times_window_an_ordinary_memory_hears_of_it_too() -> None:
    settings = {"memory": "same", "layers": 2, "window": 3, "width": 8, "heads": 2, "inner": 8}
    model = assemble("feedback", "corridor", settings, 0).model
    red, blue = (task().episode(EpisodeWish(seed=0, own=f"{colour} 5")) for colour in ("red", "blue"))

    with torch.no_grad():
        assert (model(red)[-1] != model(blue)[-1]).any()
