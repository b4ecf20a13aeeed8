"""The Memory Network, with random weights and after a little training: what it looks up, and how it is taught."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from engine.blocks.probe import Recorder, silent
from engine.blocks.seeding import generator
from engine.contract.cards import Settings, read_settings
from engine.contract.messages import Source
from engine.contract.results import RunCard
from engine.models.memnn import ENTRY, MemoryNetwork
from engine.models.memnn_search import right_facts
from engine.sources import open_source
from engine.stories import world
from engine.stories.questions import Vocabulary
from engine.tasks import babi
from engine.tasks.base import StoryBatch
from engine.training.run import TrainingRun

VOCABULARY = Vocabulary(sorted(world.vocabulary(2)), 6)
WORDS, SLOTS, LONGEST = len(VOCABULARY.words) + 1, 12, 6
INTERFACE = {"words": WORDS, "answers": WORDS - 1, "longest": LONGEST, "slots": SLOTS}
NOBODY_SAYS = "taught which facts an answer rests on"

seeds = st.integers(0, 10**6)


def model(seed: int = 0, **wished: Any) -> MemoryNetwork:
    torch.manual_seed(seed)
    wishes: Settings = {"width": 6, **wished}
    made = MemoryNetwork(read_settings(ENTRY.card.settings, wishes), INTERFACE)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(6)
    return made


def batch(seed: int = 0, size: int = 3, slots: int = 7, longest: int = LONGEST, supports: int = 2) -> StoryBatch:
    """Questions about stories of two facts or more, the answers to which rest on the first of them."""
    chance = torch.Generator().manual_seed(seed)
    told = torch.randint(2, slots + 1, (size, 1), generator=chance)
    present = torch.arange(slots) < told
    return StoryBatch(
        sentences=torch.randint(1, WORDS, (size, slots, longest), generator=chance) * present[..., None],
        present=present,
        ages=torch.where(present, told - torch.arange(slots), 0),
        question=torch.randint(1, WORDS, (size, longest), generator=chance),
        answer=torch.randint(0, WORDS - 1, (size,), generator=chance),
        group=torch.full((size,), 2),
        supports=torch.arange(supports).expand(size, -1),
    )


def recorded(network: MemoryNetwork, asked: StoryBatch, element: int = 0) -> dict[str, torch.Tensor]:
    recorder = Recorder(element)
    recorder.at(0)
    network(asked, recorder)
    return {name: torch.from_numpy(array[0]) for name, array in recorder.arrays(1).items()}


@settings(max_examples=40)
@given(seeds, st.booleans())
def test_no_fact_is_looked_up_twice_and_no_empty_slot_ever(seed: int, stop: bool) -> None:
    asked = batch(seed)

    chosen = recorded(model(seed, stop=stop), asked)["hop.chosen"]

    assert set(chosen.flatten().tolist()) <= {0.0, 1.0}
    assert (chosen.sum(0) <= 1).all()
    assert (chosen.sum(1) <= 1).all()
    assert (chosen[:, ~asked.present[0]] == 0).all()


@settings(max_examples=25)
@given(seeds)
def test_without_a_stop_it_looks_up_as_many_facts_as_it_may_or_there_are(seed: int) -> None:
    asked = batch(seed)

    chosen = recorded(model(seed, stop=False), asked)["hop.chosen"]

    assert chosen.sum() == min(3, int(asked.present[0].sum()))


@settings(max_examples=25)
@given(seeds)
def test_after_enough_nothing_is_looked_up(seed: int) -> None:
    network, asked = model(seed), batch(seed, size=1)
    with torch.no_grad():
        network.candidates.zero_()
        network.time.zero_()
        network.enough[0] = 100 * recorded(network, asked)["question.state"].sign()

    shown = recorded(network, asked)

    assert shown["hop.enough"].tolist()[0] > 0
    assert shown["hop.chosen"].shape[0] == 1
    assert shown["hop.chosen"].sum() == 0
    torch.testing.assert_close(shown["answer.score"], shown["question.answer"])


@settings(max_examples=25)
@given(seeds)
def test_what_is_recorded_tells_the_tournament(seed: int) -> None:
    asked = batch(seed)

    shown = recorded(model(seed, stop=False), asked)

    first = int(shown["hop.lead"][0].argmax())
    last = int(torch.flatten(shown["hop.lead"][0].nonzero())[-1])
    assert first == 0
    assert torch.equal(shown["hop.lead"][0][1:] > 0, shown["hop.score"][0][1:] > 0)
    assert shown["hop.chosen"][0].argmax() == last


@settings(max_examples=25)
@given(seeds)
def test_more_empty_slots_and_more_empty_words_change_no_answer(seed: int) -> None:
    network, asked = model(seed), batch(seed, longest=4)
    roomier = replace(
        asked,
        sentences=F.pad(asked.sentences, (0, 2, 0, 4)),
        present=F.pad(asked.present, (0, 4)),
        ages=F.pad(asked.ages, (0, 4)),
        question=F.pad(asked.question, (0, 2)),
    )

    torch.testing.assert_close(network(roomier), network(asked), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(network.missed(roomier), network.missed(asked), atol=1e-4, rtol=1e-5)


@settings(max_examples=25)
@given(seeds)
def test_an_answer_does_not_depend_on_the_other_questions_of_the_batch(seed: int) -> None:
    network, asked = model(seed), batch(seed)
    parts = {field.name: getattr(asked, field.name) for field in fields(asked)}
    alone = replace(asked, **{name: part[1:2] for name, part in parts.items() if part is not None})

    torch.testing.assert_close(network(alone)[0], network(asked)[1], atol=1e-5, rtol=1e-5)


@settings(max_examples=25)
@given(seeds)
def test_in_which_slots_the_facts_lie_does_not_count_but_when_they_were_told_does(seed: int) -> None:
    network, asked = model(seed, stop=False, lookups=1), batch(seed, size=1, slots=4)
    asked = replace(asked, present=torch.ones(1, 4).bool(), ages=torch.tensor([[4, 3, 2, 1]]))
    moved = replace(asked, sentences=asked.sentences.flip(1), ages=asked.ages.flip(1))
    with torch.no_grad():
        network.time[3] = 100 * recorded(network, asked)["question.state"].sign()

    chosen = recorded(network, asked)["hop.chosen"][0]

    torch.testing.assert_close(network(moved), network(asked))
    assert chosen.tolist() == [0, 0, 0, 1]
    assert recorded(network, moved)["hop.chosen"][0].tolist() == [1, 0, 0, 0]


def test_without_time_the_order_does_not_count() -> None:
    network, asked = model(time=False), batch(1, size=1, slots=4)
    asked = replace(asked, present=torch.ones(1, 4).bool(), ages=torch.tensor([[4, 3, 2, 1]]))

    torch.testing.assert_close(network(replace(asked, ages=asked.ages.flip(1))), network(asked))


@settings(max_examples=40)
@given(seeds, st.integers(1, 2), st.floats(0, 3))
def test_what_is_missed_is_never_negative_and_nothing_exactly_where_every_margin_is_met(
    seed: int, supports: int, margin: float
) -> None:
    network, asked = model(seed, margin=margin), batch(seed, size=1, slots=3, supports=supports)
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.mul_(0.1 if seed % 2 else 3)

    missed = float(network.missed(asked).detach())

    assert missed >= 0
    assert (missed == 0) == (shortest_lead(network, asked) >= margin)


def shortest_lead(network: MemoryNetwork, asked: StoryBatch) -> float:
    """By how much the right choices of one question beat all others at the least, each pair in both orders."""
    right, count = right_facts(asked.supports, network.lookups)
    search = network._search(network._embedded(asked.sentences), asked.present, asked.ages, asked.question)
    leads = []
    for lookup in range(min(int(count) + 1, network.lookups)):
        slot, all_slots = int(right[0, lookup]), torch.arange(search.open.shape[1])
        duels = search.duels(search.match(), network.time, all_slots[None])[0].detach()
        others = all_slots[search.open[0] & (all_slots != slot % len(all_slots))]
        leads += [min(float(duels[slot, other]), -float(duels[other, slot])) for other in others]
        search = search.with_fact(right[:, lookup].clamp(min=0), right[:, lookup] >= 0)
    scores = network._readout(search.told)[0]
    others = torch.arange(len(scores)) != asked.answer
    return min([*leads, float((scores[asked.answer] - scores[others]).min().detach())])


def test_the_right_facts_are_those_still_kept_in_the_order_in_which_they_are_named() -> None:
    supports = torch.tensor([[4, -1, 2, -1], [7, -1, -1, -1], [-1, -1, -1, -1], [1, 2, 3, 4]])

    right, count = right_facts(supports, 3)

    assert right.tolist() == [[4, 2, -1], [7, -1, -1], [-1, -1, -1], [1, 2, 3]]
    assert count.tolist() == [2, 1, 0, 3]


def test_questions_of_which_nobody_says_what_they_rest_on_are_refused_in_one_sentence() -> None:
    asked = replace(batch(slots=9), supports=torch.full((3, 2), -1))

    with pytest.raises(ValueError, match=NOBODY_SAYS):
        model().learn(asked, torch.Tensor.sum)


def test_a_question_whose_facts_are_long_gone_teaches_nothing() -> None:
    network, full = model(), batch(size=1, slots=SLOTS)
    full = replace(full, present=torch.ones(1, SLOTS).bool(), supports=torch.full((1, 2), -1))

    assert float(network.missed(full).detach()) == 0


def test_an_update_leaves_no_word_at_zero() -> None:
    network = model()

    network.learn(batch(), torch.Tensor.sum)
    for parameter in network.parameters():
        assert parameter.grad is not None
        parameter.data -= 0.01 * parameter.grad
    network.after_update()

    tables = (network.candidates, network.found, network.asked, network.told, network.questioned)
    assert all((table[0] == 0).all() and (table[1:] != 0).any() for table in tables)


@pytest.mark.parametrize("bend", [True, False])
def test_the_gradient_of_what_is_missed_agrees_with_finite_differences(bend: bool) -> None:
    network, asked = model(width=3, bend=bend).double(), batch(1, size=1, slots=3)
    lesson = Lesson(network)
    names = [name for name, _ in lesson.named_parameters()]

    def missed(*values: torch.Tensor) -> torch.Tensor:
        return torch.func.functional_call(lesson, dict(zip(names, values, strict=True)), (asked,))

    assert torch.autograd.gradcheck(missed, tuple(lesson.parameters()), atol=1e-4, rtol=1e-3, eps=1e-6)


class Lesson(torch.nn.Module):
    """What is missed, as a function of the parameters."""

    def __init__(self, network: MemoryNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, asked: StoryBatch) -> torch.Tensor:
        return self.network.missed(asked)


def test_the_gradient_of_the_answer_agrees_with_finite_differences() -> None:
    network, asked = model(width=3).double(), batch(1, size=1, slots=3)
    names = [name for name, _ in network.named_parameters()]

    def scores(*values: torch.Tensor) -> torch.Tensor:
        outputs = torch.func.functional_call(network, dict(zip(names, values, strict=True)), (asked, silent))
        return F.cross_entropy(outputs, asked.answer, reduction="sum")

    assert torch.autograd.gradcheck(scores, tuple(network.parameters()), atol=1e-4, rtol=1e-3, eps=1e-6)


def test_a_little_training_teaches_it_to_look_up_what_the_answer_rests_on() -> None:
    torch.set_num_threads(1)
    task = babi.build(read_settings(babi.ENTRY.card.settings, {"tasks": "1", "slots": 12}), {}, None)
    torch.manual_seed(0)
    network = MemoryNetwork(read_settings(ENTRY.card.settings, {}), task.interface)
    optimiser = torch.optim.Adam(network.parameters(), 0.005)

    for update in range(250):
        optimiser.zero_grad()
        network.learn(task.batch(32, generator("little", update)), torch.Tensor.sum)
        optimiser.step()
        network.after_update()

    held_out = task.held_out()
    assert float(task.score(network.fused(held_out), held_out)["error"].mean()) <= 0.02


def test_a_run_that_was_cut_short_ends_as_one_left_alone(tmp_path: Path) -> None:
    whole, cut = started(tmp_path / "whole"), started(tmp_path / "cut")
    advance(whole, 20)
    whole.finish()
    advance(cut, 7)
    cut.finish()

    again = TrainingRun.resume(tmp_path / "cut")
    advance(again, 20)
    again.finish()

    one, other = (open_source(Source(place=str(tmp_path / name), update=20)) for name in ("whole", "cut"))
    assert one.weights_hash == other.weights_hash


def test_files_without_supporting_facts_are_refused_before_the_first_update(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for part in ("train", "test"):
        text = "1 Mary went to the garden.\n2 Where is Mary?\tgarden\t\n" * 12
        (data / f"qa1_{part}.txt").write_text(text, encoding="utf-8")

    run = TrainingRun.start(
        tmp_path / "run", RunCard(model="memnn", task="babi", settings={"tasks": "1"}, seed=0, updates=5), data
    )
    with pytest.raises(ValueError, match=NOBODY_SAYS):
        run.save()
    run.release()


def started(folder: Path) -> TrainingRun:
    settings: Settings = {"tasks": "1", "questions": 50, "width": 8, "slots": 10, "batch": 8}
    return TrainingRun.start(folder, RunCard(model="memnn", task="babi", settings=settings, seed=0, updates=20))


def advance(run: TrainingRun, until: int) -> None:
    while run.update < until:
        run.advance()
