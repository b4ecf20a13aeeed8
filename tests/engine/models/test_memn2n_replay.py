"""The End-To-End Memory Network taking a story line by line: what is recorded, and what an edit changes."""

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.blocks.probe import Editor, Recorder
from engine.contract.cards import Settings, read_settings
from engine.contract.edits import Edit
from engine.models.memn2n import ENTRY, MemN2N
from engine.stories import world
from engine.stories.questions import Vocabulary
from engine.tasks.babi_episode import build_episode
from engine.tasks.base import StoryEpisode

VOCABULARY = Vocabulary(sorted(world.vocabulary(2)), 6)
WORDS, SLOTS, LONGEST = len(VOCABULARY.words) + 1, 12, 6
INTERFACE = {"words": WORDS, "answers": WORDS - 1, "longest": LONGEST, "slots": SLOTS}


def model(seed: int = 0, **wished: Any) -> MemN2N:
    torch.manual_seed(seed)
    wishes: Settings = {"width": 6, **wished}
    made = MemN2N(read_settings(ENTRY.card.settings, wishes), INTERFACE)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(6)  # larger weights than at the start of training, so that nothing is almost uniform
    return made


def episode(seed: int = 0, slots: int = SLOTS) -> StoryEpisode:
    return build_episode(2, world.generate(2, 5, seed)[0], VOCABULARY, slots)


def replayed(network: MemN2N, story: StoryEpisode, *edits: Edit) -> tuple[torch.Tensor, dict[str, Any], dict[str, Any]]:
    recorder = Recorder()
    with torch.no_grad():
        outputs = network.replay(story, Editor(edits, recorder) if edits else recorder)
    return outputs, recorder.arrays(len(story.lines)), recorder.initial()


seeds = st.integers(0, 10**6)


@settings(max_examples=25)
@given(seeds)
def test_a_story_line_by_line_gets_the_answers_of_its_questions_at_once(seed: int) -> None:
    network, story = model(seed), episode(seed)

    outputs, _, _ = replayed(network, story)

    torch.testing.assert_close(outputs, network(story.batch), atol=1e-4, rtol=1e-4)


def test_a_story_longer_than_the_memory_is_answered_from_what_is_kept() -> None:
    network, story = model(), episode(5, slots=4)
    network._slots = 4

    outputs, _, _ = replayed(network, story)

    torch.testing.assert_close(outputs, network(story.batch), atol=1e-4, rtol=1e-4)


def test_the_memory_fills_as_the_story_is_told() -> None:
    network, story = model(), episode()

    _, arrays, initial = replayed(network, story)

    assert not initial["memory.contents"].any()
    told = [sum(slot is not None for slot in story.slots[: step + 1]) for step in range(len(story.lines))]
    assert (arrays["memory.contents"] != 0).any(-1).sum(-1).tolist() == [min(count, SLOTS) for count in told]
    assert arrays["memory.present"].sum(-1).tolist() == [min(count, SLOTS) for count in told]


def test_hops_are_shown_at_questions_and_absent_at_statements() -> None:
    network, story = model(), episode()

    _, arrays, _ = replayed(network, story)

    asked = torch.tensor([row is not None for row in story.lines])
    assert torch.from_numpy(arrays["hop.attention"]).isnan().any((1, 2)).logical_not().equal(asked)
    assert arrays["hop.answer"][asked.numpy()].sum(-1) == pytest.approx(1.0, abs=1e-5)


def test_every_recorded_channel_is_on_the_card_with_its_axes() -> None:
    network, story = model(), episode()

    _, arrays, _ = replayed(network, story)

    axes = {channel.name: len(channel.axes) for channel in ENTRY.card.channels}
    assert {name: array.ndim - 1 for name, array in arrays.items()} == axes


def _first_question(story: StoryEpisode) -> int:
    return next(step for step, row in enumerate(story.lines) if row is not None)


def test_an_erased_slot_is_as_if_its_fact_had_never_been_told() -> None:
    network, story = model(), episode()
    step = _first_question(story)

    outputs, arrays, _ = replayed(network, story, Edit(act="erase", channel="memory.contents", step=step, index=(1,)))
    before, _, _ = replayed(network, story)

    assert (arrays["hop.attention"][step][:, 1] == 0).all()
    assert not torch.allclose(outputs, before)


def test_two_facts_that_change_places_change_their_ages() -> None:
    network, story = model(), episode()
    step = _first_question(story)

    outputs, _, _ = replayed(network, story, Edit(act="swap", channel="memory.contents", step=step, index=(0, 1)))
    before, _, _ = replayed(network, story)

    assert not torch.allclose(outputs[0], before[0])


def test_a_number_set_in_a_slot_moves_the_later_answers_and_none_before() -> None:
    network, story = model(), episode()
    step = _first_question(story)
    edit = Edit(act="set", channel="memory.contents", step=step + 1, index=(0, 2), values=(5.0,))

    outputs, _, _ = replayed(network, story, edit)
    before, _, _ = replayed(network, story)

    assert torch.equal(outputs[0], before[0])
    assert not torch.allclose(outputs[-1], before[-1])


def test_a_forced_hop_reads_the_slot_that_it_is_told_to() -> None:
    network, story = model(), episode()
    step = _first_question(story)

    _, arrays, _ = replayed(network, story, Edit(act="force", channel="hop.attention", step=step, index=(1, 0)))

    assert arrays["hop.read"][step, 1] == pytest.approx(arrays["memory.value"][step, 1, 0])


def test_erasing_every_fact_leaves_a_defined_answer() -> None:
    network, story = model(), episode()
    step = _first_question(story)
    edits = [Edit(act="erase", channel="memory.contents", step=step, index=(slot,)) for slot in range(SLOTS)]

    outputs, arrays, _ = replayed(network, story, *edits)

    assert torch.isfinite(outputs).all()
    assert (arrays["hop.read"][step] == 0).all()
