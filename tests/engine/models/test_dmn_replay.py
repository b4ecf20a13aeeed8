"""The Dynamic Memory Network taking a story line by line: what is recorded, and what an edit changes."""

from typing import Any

import numpy as np
import pytest
import torch
from dmn_samples import LOOKS, SLOTS, VOCABULARY, model, versions

from engine.blocks.probe import Editor, Recorder
from engine.contract.edits import Edit
from engine.models.dmn import DMN, ENTRY
from engine.stories import world
from engine.tasks.babi_episode import build_episode
from engine.tasks.base import StoryEpisode


def episode(seed: int = 0, slots: int = SLOTS) -> StoryEpisode:
    return build_episode(2, world.generate(2, 5, seed)[0], VOCABULARY, slots)


def replayed(network: DMN, story: StoryEpisode, *edits: Edit) -> tuple[torch.Tensor, dict[str, Any], dict[str, Any]]:
    recorder = Recorder()
    with torch.no_grad():
        outputs = network.replay(story, Editor(edits, recorder) if edits else recorder)
    return outputs, recorder.arrays(len(story.lines)), recorder.initial()


def asked_at(story: StoryEpisode) -> int:
    return next(step for step, row in enumerate(story.lines) if row is not None)


@versions
@pytest.mark.parametrize("slots", [SLOTS, 4])
def test_a_story_line_by_line_gets_the_answers_of_its_questions_at_once(gates: str, slots: int) -> None:
    network, story = model(gates=gates), episode(5, slots)
    network._slots = slots

    outputs, _, _ = replayed(network, story)

    torch.testing.assert_close(outputs, network(story.batch), atol=1e-5, rtol=1e-4)


def test_passes_are_shown_at_questions_and_absent_at_statements() -> None:
    network, story = model(), episode()

    _, arrays, initial = replayed(network, story)

    asked = np.array([row is not None for row in story.lines])
    assert np.array_equal(~np.isnan(arrays["hop.attention"]).any((1, 2)), asked)
    assert arrays["hop.attention"][asked].sum(-1) == pytest.approx(1.0, abs=1e-5)
    assert not initial["memory.contents"].any()
    told = np.cumsum(~asked)
    assert arrays["memory.present"].sum(-1).tolist() == np.minimum(told, SLOTS).tolist()


@versions
def test_the_share_on_the_supporting_facts_is_of_all_that_the_pass_takes(gates: str) -> None:
    network, story = model(gates=gates), episode()
    step = asked_at(story)

    _, arrays, _ = replayed(network, story)

    right = story.supports[0].numpy().astype(bool)
    taken = arrays[LOOKS[gates]][step]
    share = taken[:, right].sum(-1) / taken.sum(-1)
    assert arrays["hop.on_supports"][step] == pytest.approx(share, abs=1e-5)


def test_every_channel_of_the_card_is_shown_by_one_of_the_versions_with_its_axes() -> None:
    shown = {gates: replayed(model(gates=gates), episode())[1] for gates in LOOKS}

    axes = {channel.name: len(channel.axes) for channel in ENTRY.card.channels}
    dims = [{name: array.ndim - 1 for name, array in arrays.items()} for arrays in shown.values()]
    assert dims[0] | dims[1] == axes
    assert set(axes) - set(shown["attention"]) == {"hop.gate", "hop.total"}
    assert set(axes) - set(shown["independent"]) == {"hop.attention"}


def test_an_erased_slot_is_as_if_its_fact_had_never_been_told() -> None:
    network, story = model(), episode()
    step = asked_at(story)

    erased, arrays, _ = replayed(network, story, Edit(act="erase", channel="memory.contents", step=step, index=(1,)))
    before, _, _ = replayed(network, story)

    present = story.batch.present[:1].clone()
    present[0, 1] = False
    never = network._answer(
        network._embedded(story.batch.sentences[:1]), present, story.batch.ages[:1], story.batch.question[:1], 0.0, Recorder()
    )[0]
    assert (arrays["hop.attention"][step][:, 1] == 0).all()
    assert (arrays["hop.moved"][step][:, 1] == 0).all()
    torch.testing.assert_close(erased[:1], never.detach(), atol=1e-5, rtol=1e-5)
    assert not torch.allclose(erased, before)


@versions
def test_a_forced_gate_lets_only_its_fact_move_the_episode(gates: str) -> None:
    network, story = model(gates=gates), episode()
    step = asked_at(story)

    _, arrays, _ = replayed(network, story, Edit(act="force", channel=LOOKS[gates], step=step, index=(1, 0)))

    assert arrays["hop.moved"][step, 1, 0] > 0
    assert (arrays["hop.moved"][step, 1, 1:] == 0).all()
    assert np.linalg.norm(arrays["hop.episode"][step, 1]) == pytest.approx(arrays["hop.moved"][step, 1, 0], abs=1e-6)


def test_a_changed_memory_is_felt_by_the_passes_after_it_and_by_none_before() -> None:
    network, story = model(), episode()
    step = asked_at(story)
    edit = Edit(act="set", channel="hop.memory", step=step, index=(0, 2), values=(5.0,))

    outputs, arrays, _ = replayed(network, story, edit)
    before, others, _ = replayed(network, story)

    assert np.array_equal(arrays["hop.attention"][step, 0], others["hop.attention"][step, 0])
    assert not np.array_equal(arrays["hop.attention"][step, 1], others["hop.attention"][step, 1])
    assert not torch.allclose(outputs[0], before[0])
    assert torch.equal(outputs[1:], before[1:])


def test_erasing_every_fact_leaves_a_defined_answer() -> None:
    network, story = model(), episode()
    step = asked_at(story)
    edits = [Edit(act="erase", channel="memory.contents", step=step, index=(slot,)) for slot in range(SLOTS)]

    outputs, arrays, _ = replayed(network, story, *edits)

    assert torch.isfinite(outputs).all()
    assert (arrays["hop.episode"][step] == 0).all()
