"""Who remembered? Models built to answer from one memory only are found out, with an interval."""

import math

import numpy as np
import pytest
import torch

from engine.contract.messages import EpisodeWish, Source
from engine.remembering import _of_each, remember
from engine.sources import open_source
from engine.tasks.base import BadInputError
from engine.training.evaluate import Cancelled
from tests.engine.remembering_models import EPISODIC, PERSISTENT, opened

FIRST = EpisodeWish(seed=0)


def _always(done: int, total: int) -> bool:
    return True


@pytest.mark.parametrize(
    ("asks", "needed"), [("episode", ("episode",)), ("persistent", ("persistent",)), ("both", ("episode", "persistent"))]
)
def test_a_model_that_answers_from_one_memory_is_found_out(asks, needed):
    found = remember(opened(asks), FIRST, 64, _always)

    assert found.needed == needed
    assert found.count == 64
    assert all(found.harm(kind, found.measure()).low > 4 for kind in needed)


def test_a_memory_that_is_not_needed_does_no_harm_when_it_is_cleared():
    found = remember(opened("persistent"), FIRST, 16, _always)

    harm = found.harm("episode", found.measure())
    assert (harm.low, harm.mean, harm.high) == (0.0, 0.0, 0.0)


def test_where_either_memory_is_enough_neither_is_named_alone():
    found = remember(opened("either"), FIRST, 16, _always)

    assert found.needed == ()
    assert found.harm("both", found.measure()).low > 4
    assert found.verdict.startswith("Either memory is enough")


def test_the_verdict_names_the_memory_and_its_interval():
    found = remember(opened("persistent"), FIRST, 16, _always)

    assert found.verdict.startswith(
        "The persistent memory remembered. Without it: 6 instead of 0.003 bits per sequence (the loss)"
    )
    assert "worse by 6 to 6" in found.verdict
    assert found.how == "Measured by clearing and running again, n = 16 episodes, 95 % interval. Not read off attention."


def test_one_episode_has_no_interval_and_no_verdict():
    found = remember(opened("episode"), FIRST, 1, _always)

    assert found.steps == (1,)
    assert math.isnan(found.interval("episode", "loss").low)
    assert found.needed == ()


def test_the_measures_are_the_loss_the_probability_of_the_target_and_the_metric():
    found = remember(opened("episode"), FIRST, 4, _always)

    assert [measure.name for measure in found.measures] == ["loss", "probability", "wrong_bits"]
    np.testing.assert_allclose(found.values["episode"]["probability"], 0.5, atol=1e-6)
    np.testing.assert_allclose(found.values[""]["wrong_bits"], 0)


def test_a_model_with_one_kind_of_memory_says_why_the_other_side_is_empty():
    found = remember(opened("episode", (EPISODIC,)), FIRST, 4, _always)

    assert found.conditions == ("", "episode")
    assert found.absent["persistent"].startswith("Two has no memory that outlives an episode")
    assert found.cleared == {"episode": ("scratch.contents",)}


def test_a_model_without_memory_is_not_run():
    found = remember(opened("episode", ()), FIRST, 4, _always)

    assert found.conditions == ()
    assert found.verdict.count(".") == 2


def test_the_same_episodes_give_the_same_figures():
    one, other = (remember(opened("both", (EPISODIC, PERSISTENT)), FIRST, 8, _always) for _ in range(2))

    assert one.interval("both", "loss") == other.interval("both", "loss")


def test_it_ends_at_the_next_step_once_nobody_waits():
    asked = []

    def twice(done: int, total: int) -> bool:
        asked.append(done)
        return len(asked) < 30

    with pytest.raises(Cancelled):
        remember(opened("both"), FIRST, 1000, twice)

    assert len(asked) == 30


def test_what_has_been_measured_is_shown_on_the_way(monkeypatch):
    monkeypatch.setattr("engine.remembering.SECONDS_BETWEEN_SHOWS", 0.0)
    shown = []

    remember(opened("episode"), FIRST, 5, _always, shown.append)

    assert [found.count for found in shown] == [1, 2, 3, 4, 5]
    assert not any(found.is_complete for found in shown)


def test_fewer_than_one_episode_is_refused():
    with pytest.raises(BadInputError, match="episodes: 0"):
        remember(opened("episode"), FIRST, 0, _always)


@pytest.mark.parametrize(
    ("exhibit", "kind"),
    [("ntm-copy", "episode"), ("memn2n-babi", "episode"), ("vqa-mann", "persistent"), ("lstm-copy", "episode")],
)
def test_the_bundled_networks_need_their_memory(exhibit, kind):
    found = remember(open_source(Source(place=f"exhibit:{exhibit}")), FIRST, 8, _always)

    assert found.needed == (kind,)
    assert found.interval("", "probability").mean - found.interval(kind, "probability").mean > 0.3


def test_a_story_is_told_question_by_question():
    found = remember(open_source(Source(place="exhibit:memn2n-babi")), FIRST, 1, _always)

    assert found.unit == "question"
    assert len(found.steps) == found.count > 1


def test_nothing_that_a_model_keeps_is_changed_by_clearing_it():
    network = open_source(Source(place="exhibit:vqa-mann"))

    one = remember(network, FIRST, 1, _always)
    again = remember(network, FIRST, 1, _always)

    np.testing.assert_array_equal(one.values[""]["loss"], again.values[""]["loss"])


def test_the_agents_of_a_sample_count_as_one_and_those_that_are_not_there_not_at_all():
    values = torch.tensor([1.0, 3.0, 5.0, math.nan])

    assert _of_each(values, 2).tolist() == [2.0, 5.0]
