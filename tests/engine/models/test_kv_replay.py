"""The Key-Value Memory Network taking a bank of facts line by line, edited and in training."""

from pathlib import Path
from typing import Any

import pytest
import torch

from engine.blocks.hashing import shares_of_keys
from engine.blocks.probe import Editor, Recorder
from engine.blocks.seeding import generator
from engine.contract.cards import Settings
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import RunCard
from engine.sources import open_source
from engine.tasks.base import StoryBatch, StoryEpisode
from engine.training.assemble import Assembled, assemble
from engine.training.run import TrainingRun

FILMS = 2


def small(seed: int = 0, **wished: Any) -> Assembled:
    settings: Settings = {"width": 6, "films": FILMS, "slots": 20, "asks": 4, **wished}
    made = assemble("kv", "facts", settings, seed)
    with torch.no_grad():
        for parameter in made.model.parameters():
            parameter.mul_(4)
    batch = made.task.batch(64, generator("met"))
    assert isinstance(batch, StoryBatch)
    assert batch.keys is not None
    made.model.get_buffer("common").copy_(shares_of_keys(batch.keys, batch.present, made.task.interface["words"]))
    return made


def replayed(made: Assembled, *edits: Edit, seed: int = 1) -> tuple[torch.Tensor, dict[str, Any], StoryEpisode]:
    bank, recorder = made.task.episode(EpisodeWish(seed=seed)), Recorder()
    assert isinstance(bank, StoryEpisode)
    with torch.no_grad():
        outputs = made.model.replay(bank, Editor(edits, recorder) if edits else recorder)
    return outputs, recorder.arrays(bank.steps), bank


@pytest.mark.parametrize("seed", range(5))
def test_the_fact_that_answers_is_always_a_candidate_and_most_others_are_not(seed: int) -> None:
    made = small(films=6, slots=48)

    _, arrays, bank = replayed(made, seed=seed)

    asked = arrays["hash.candidates"][-4:]
    assert all(row[slot] == 1 for row, slot in zip(asked, bank.batch.supports[:, 0].tolist(), strict=True))
    assert asked.sum(-1).max() <= 10


def test_facts_that_change_places_are_found_where_they_are_now() -> None:
    made = small()
    bank = made.task.episode(EpisodeWish(seed=1))
    assert isinstance(bank, StoryEpisode)
    slot = int(bank.batch.supports[0, 0])
    other = (slot + 1) % (FILMS * 8)

    before, plain, _ = replayed(made)
    after, arrays, _ = replayed(made, Edit(act="swap", channel="memory.contents", step=FILMS * 8, index=(slot, other)))

    assert arrays["hash.candidates"][-4][other] == plain["hash.candidates"][-4][slot] == 1
    torch.testing.assert_close(after[0], before[0], atol=1e-5, rtol=1e-5)


def test_a_word_is_common_once_many_keys_of_the_training_had_it_and_not_before_an_update_is_made() -> None:
    made = assemble("kv", "facts", {"width": 6, "films": FILMS, "slots": 20}, 0)
    common = made.model.get_buffer("common")
    batch = made.task.batch(8, generator("a"))

    made.model.learn(batch, lambda outputs: made.task.loss(outputs, batch))
    before = common.clone()
    made.model.after_update()

    assert not before.any()
    assert common[1:].max() == pytest.approx(0.01 * 0.25, abs=1e-3)  # "directed", "by": two of eight forms


def test_in_a_bank_of_one_film_a_question_about_another_finds_nothing() -> None:
    own = "Ambergate was directed by Ashberg.\nAshberg directed Ambergate.\nWho directed Nightfield?\nWho directed Ambergate?"
    made, recorder = small(), Recorder()

    with torch.no_grad():
        made.model.replay(made.task.episode(EpisodeWish(own=own)), recorder)

    candidates = recorder.arrays(4)["hash.candidates"]
    assert candidates[2].sum() == 0
    assert candidates[3].nonzero()[0].tolist() == [0]


def test_an_erased_fact_is_no_candidate_any_more() -> None:
    made = small()
    slot = int(replayed(made)[2].batch.supports[0, 0])

    _, arrays, _ = replayed(made, Edit(act="erase", channel="memory.contents", step=FILMS * 8, index=(slot,)))

    assert arrays["hash.candidates"][-4][slot] == 0
    assert (arrays["hop.attention"][-4][:, slot] == 0).all()


def test_the_value_of_each_slot_says_an_answer_and_an_empty_one_none() -> None:
    _, arrays, _ = replayed(small())

    said = arrays["memory.says"][-1]
    assert (said[: FILMS * 8] >= 0).all()
    assert (said[FILMS * 8 :] == -1).all()


@pytest.mark.parametrize("task", ["babi", "facts"])
@pytest.mark.parametrize("cut", [3, 8])
def test_a_run_that_was_cut_short_ends_as_one_left_alone(tmp_path: Path, cut: int, task: str) -> None:
    own: dict[str, Settings] = {"babi": {"tasks": "1", "questions": 50, "slots": 10}, "facts": {"films": 1, "slots": 8}}
    card = RunCard(
        model="kv", task=task, settings={"width": 8, "linear_start": 0.4, "batch": 8, **own[task]}, seed=0, updates=16
    )  # fmt: skip
    whole, first = (TrainingRun.start(tmp_path / name, card) for name in ("whole", "cut"))
    _finish(whole, 16)
    _finish(first, cut)

    _finish(TrainingRun.resume(tmp_path / "cut"), 16)

    one, other = (open_source(Source(place=str(tmp_path / name), update=16)) for name in ("whole", "cut"))
    assert one.weights_hash == other.weights_hash
    assert (tmp_path / "whole" / "metrics.csv").read_text() == (tmp_path / "cut" / "metrics.csv").read_text()


def _finish(run: TrainingRun, until: int) -> None:
    while run.update < until:
        run.advance()
    run.finish()
