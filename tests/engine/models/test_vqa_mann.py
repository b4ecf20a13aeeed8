"""VQA-MANN: a memory that lasts from sample to sample, is saved with the weights, and rests while it is tested."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.blocks.probe import Recorder
from engine.blocks.seeding import generator
from engine.contract.cards import Value
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import RunCard
from engine.models.vqa_eyes import learn_to_see, opened_eyes
from engine.models.vqa_mann import VqaMann
from engine.recording import record
from engine.sources import open_source
from engine.tasks.base import PictureBatch
from engine.training.assemble import Assembled, assemble
from engine.training.evaluate import evaluate
from engine.training.run import TrainingRun

SMALL: dict[str, Value] = {"width": 8, "slots": 12, "questions": 60, "length": 5}
RULES = ("paper", "bound_lru", "bound_merge")

every_rule = pytest.mark.parametrize("rule", RULES)


def made(**wished: Value) -> tuple[Assembled, VqaMann]:
    """A small network and its task."""
    assembled = assemble("vqa-mann", "shapes", SMALL | wished, seed=1)
    assert isinstance(assembled.model, VqaMann)
    return assembled, assembled.model


def taught(updates: int = 4, **wished: Value) -> tuple[Assembled, VqaMann]:
    """The same after some batches: its memory is full, its weights are as they began."""
    assembled, model = made(**wished)
    for number in range(updates):
        batch = assembled.task.batch(5, generator("teach", number))
        model.learn(batch, lambda outputs, batch=batch: assembled.task.loss(outputs, batch))
    return assembled, model


@every_rule
def test_learning_writes_and_an_evaluation_leaves_every_bit_as_it_is(rule: str) -> None:
    assembled, model = taught(write_rule=rule)
    before = {name: value.clone() for name, value in model.state_dict().items()}

    with torch.no_grad():
        for batch in assembled.task.test(40, seed=3):
            model.fused(batch)
    record_of(assembled, goes_on=False)

    assert model.memory.samples == 20
    assert all(torch.equal(before[name], value) for name, value in model.state_dict().items())


def record_of(assembled: Assembled, goes_on: bool) -> dict[str, np.ndarray]:
    """What is shown of an episode."""
    assembled.model._goes_on = goes_on
    recorder = Recorder()
    with torch.no_grad():
        assembled.model.replay(assembled.task.episode(EpisodeWish(seed=2)), recorder)
    return recorder.arrays(5)


@every_rule
def test_an_episode_that_goes_on_writing_writes_each_sample_and_leaves_the_trained_memory_alone(rule: str) -> None:
    assembled, model = taught(write_rule=rule)
    before = model.memory.contents.clone()

    shown = record_of(assembled, goes_on=True)

    np.testing.assert_allclose(shown["write.weighting"].sum((1, 2)), 1, atol=1e-5)
    assert (shown["memory.written"].max(-1) == np.arange(21, 26)).all()
    assert not np.array_equal(shown["memory.contents"][-1], before.numpy())
    assert torch.equal(model.memory.contents, before)


def test_a_frozen_episode_writes_nothing() -> None:
    assembled, _ = taught()

    shown = record_of(assembled, goes_on=False)

    assert not shown["write.weighting"].any()
    assert (shown["write.lost"] == -1).all()
    assert (shown["memory.label"] == shown["memory.label"][0]).all()


def test_no_gradient_goes_into_the_memory_and_its_size_never_grows() -> None:
    assembled, model = made()
    sizes = set()

    for number in range(200):
        batch = assembled.task.batch(5, generator("long", number))
        model.learn(batch, lambda outputs, batch=batch: assembled.task.loss(outputs, batch))
        sizes.add(sum(buffer.numel() for buffer in model.buffers()))

    assert model.memory.samples == 1000
    assert len(sizes) == 1
    assert not any(buffer.requires_grad or buffer.grad_fn for buffer in model.buffers())


@every_rule
def test_a_run_that_was_cut_short_ends_with_the_same_weights_and_the_same_memory(rule: str, tmp_path: Path) -> None:
    def trained(folder: Path, stops: tuple[int, ...]) -> dict[str, torch.Tensor]:
        card = RunCard(model="vqa-mann", task="shapes", settings=SMALL | {"write_rule": rule}, seed=0, updates=10)
        run = TrainingRun.start(folder, card)
        for stop in stops:
            while run.update < stop:
                run.advance()
            run.finish()
            run = TrainingRun.resume(folder)
        run.release()
        return open_source(Source(place=str(folder), update=10)).model.state_dict()

    whole, parts = trained(tmp_path / "whole", (10,)), trained(tmp_path / "parts", (5, 10))

    assert all(torch.equal(whole[name], parts[name]) for name in whole)
    assert whole["memory.samples"] == 160


def test_attention_leaves_out_words_that_are_not_there_and_more_of_them_change_nothing() -> None:
    assembled, model = taught()
    batch = assembled.task.batch(6, generator("pads"))
    assert isinstance(batch, PictureBatch)
    wider = PictureBatch(
        pictures=batch.pictures, question=torch.nn.functional.pad(batch.question, (0, 3)), answer=batch.answer,
        number=batch.number, asked=batch.asked,
    )  # fmt: skip
    recorder = Recorder(batch_index=int((batch.question[:, -1] == 0).int().argmax()))

    with torch.no_grad():
        said, again = model(batch), model(wider, recorder)

    torch.testing.assert_close(said, again, atol=1e-5, rtol=1e-5)
    recorder.at(0)
    with torch.no_grad():
        model(wider, recorder)
    at_words = recorder.arrays(1)["look.words"][0]
    assert (at_words[-3:] == 0).all()
    assert at_words.sum() == pytest.approx(1, abs=1e-5)


def test_without_its_memory_the_same_weights_say_something_else_and_read_nothing() -> None:
    assembled, model = taught()
    batch = assembled.task.held_out()

    with torch.no_grad():
        used = model(batch)
        model._reads = False
        unused, shown = model(batch), record_of(assembled, goes_on=True)

    assert not torch.allclose(used, unused)
    assert "read.weighting" not in shown
    assert "memory.contents" not in shown


def test_what_is_found_in_memory_raises_the_answer_that_lies_there() -> None:
    assembled, model = taught()
    sample = assembled.task.batch(1, generator("found"))
    assert isinstance(sample, PictureBatch)
    model.learn(sample, lambda outputs: assembled.task.loss(outputs, sample))
    recorder = Recorder()
    recorder.at(0)

    with torch.no_grad():
        model(sample, recorder)

    shown = recorder.arrays(1)
    slot = int(shown["read.weighting"][0, 0].argmax())
    assert model.memory.label[slot] == sample.answer[0]
    assert shown["answer.remembered"][0].argmax() == sample.answer[0]


def test_a_record_names_what_is_held_and_what_was_lost_and_wipes_nothing(tmp_path: Path) -> None:
    settings = SMALL | {"goes_on_writing": True, "write_rule": "bound_lru"}
    run = TrainingRun.start(tmp_path / "run", RunCard(model="vqa-mann", task="shapes", settings=settings, seed=0, updates=3))
    while not run.is_over:
        run.advance()
    run.finish()

    trace = record(open_source(Source(place=str(tmp_path / "run"))), EpisodeWish(seed=1))

    writes = [event for event in trace.card.events if event.kind == "write"]
    names = trace.card.labels["memory.label"]
    assert names == trace.card.labels["answer"]
    assert [event.step for event in writes] == list(range(5))
    assert all(f"“{names[int(trace.arrays['write.lost'][event.step])]}”" in event.says for event in writes)
    assert not [event for event in trace.card.events if event.kind == "wipe"]
    assert trace.channels["memory.contents"].lifetime == "persistent"


def test_a_memory_can_be_cleared_in_a_what_if(tmp_path: Path) -> None:
    run = TrainingRun.start(tmp_path / "run", RunCard(model="vqa-mann", task="shapes", settings=SMALL, seed=0, updates=3))
    while not run.is_over:
        run.advance()
    run.finish()
    opened = open_source(Source(place=str(tmp_path / "run")))

    cleared = record(opened, EpisodeWish(seed=1), (Edit(channel="memory.contents", step=-1, index=(), act="erase"),))

    assert not cleared.arrays["memory.contents"].any()
    assert not cleared.initial["memory.contents"].any()


def test_a_run_can_be_measured_with_and_without_its_memory(tmp_path: Path) -> None:
    run = TrainingRun.start(tmp_path / "run", RunCard(model="vqa-mann", task="shapes", settings=SMALL, seed=0, updates=20))
    while not run.is_over:
        run.advance()
    run.finish()
    source = Source(place=str(tmp_path / "run"))

    found = [evaluate(open_source(source, {"memory_used": used}), 50, 7, lambda done, total: True) for used in (True, False)]

    assert [measured.settings["memory_used"] for measured in found] == [True, False]
    assert all(set(measured.metrics) == {"error", "by_count", "by_asked"} for measured in found)


def test_an_odd_width_is_refused_in_a_sentence() -> None:
    with pytest.raises(ValueError, match="half of it reads a question forwards"):
        made(width=7)


def test_the_eyes_see_what_they_were_taught_and_can_be_taught_again() -> None:
    eyes, missed = learn_to_see(updates=60)

    assert missed < 0.95  # of 64 kinds; guessing misses 98 %
    assert {name: value.shape for name, value in eyes.named_buffers()} == {
        name: value.shape for name, value in opened_eyes().named_buffers()
    }
