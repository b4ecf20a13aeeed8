"""The Key-Value Memory Network, with random weights: what holds before it has learnt anything."""

from dataclasses import fields, replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from engine.blocks.probe import Recorder, silent
from engine.contract.cards import Settings, read_settings
from engine.models import memn2n
from engine.models.kv import ENTRY, KeyValueNetwork
from engine.tasks.base import StoryBatch

WORDS, SLOTS, LONGEST = 30, 12, 5
INTERFACE = {"words": WORDS, "answers": WORDS - 1, "longest": LONGEST, "slots": SLOTS}
TABLES = ("apart", "shared", "one")


def model(seed: int = 0, **wished: Any) -> KeyValueNetwork:
    torch.manual_seed(seed)
    wishes: Settings = {"width": 6, **wished}
    made = KeyValueNetwork(read_settings(ENTRY.card.settings, wishes), INTERFACE)
    with torch.no_grad():
        for parameter in (*made.words, *made.times, *([] if made.answers is None else [made.answers])):
            parameter.mul_(6)  # larger weights than at the start of training, so that nothing is almost uniform
        for turn in made.turns:
            turn.add_(0.3 * torch.randn_like(turn))
    return made


def story(seed: int = 0, size: int = 3, slots: int = 7) -> StoryBatch:
    chance = torch.Generator().manual_seed(seed)
    told = torch.randint(1, slots + 1, (size, 1), generator=chance)
    present = torch.arange(slots) < told
    return StoryBatch(
        sentences=torch.randint(1, WORDS, (size, slots, LONGEST), generator=chance) * present[..., None],
        present=present,
        ages=torch.where(present, told - torch.arange(slots), 0),
        question=torch.randint(1, WORDS, (size, LONGEST), generator=chance),
        answer=torch.randint(0, WORDS - 1, (size,), generator=chance),
        group=torch.full((size,), 2),
        supports=torch.full((size, 1), -1),
    )


def bank(seed: int = 0, size: int = 3, slots: int = 7) -> StoryBatch:
    """Facts with two sides and no age."""
    batch, chance = story(seed, size, slots), torch.Generator().manual_seed(seed + 1)
    keys, values = (torch.randint(1, WORDS, (size, slots, LONGEST), generator=chance) for _ in range(2))
    inside = batch.present[..., None]
    return replace(batch, keys=keys * inside, values=values * inside, ages=torch.zeros_like(batch.ages))


def recorded(network: KeyValueNetwork, asked: StoryBatch, element: int = 0) -> dict[str, Any]:
    recorder = Recorder(element)
    recorder.at(0)
    network(asked, recorder)
    return {name: torch.from_numpy(array[0]) for name, array in recorder.arrays(1).items()}


def reordered(batch: StoryBatch, order: torch.Tensor) -> StoryBatch:
    assert batch.keys is not None
    assert batch.values is not None
    return replace(
        batch, sentences=batch.sentences[:, order], present=batch.present[:, order], ages=batch.ages[:, order],
        keys=batch.keys[:, order], values=batch.values[:, order],
    )  # fmt: skip


seeds = st.integers(0, 10**6)


@settings(max_examples=15)
@given(seeds, st.sampled_from(TABLES), st.sampled_from([0.0, 0.5, 1.0]))
def test_attention_is_a_distribution_over_the_candidates_and_exactly_zero_elsewhere(seed: int, tables: str, rare: float) -> None:
    network = model(seed, tables=tables, rare=rare)
    network.common.uniform_()
    shown = recorded(network, bank(seed), 1)

    attention, candidates = shown["hop.attention"], shown["hash.candidates"] > 0
    assert (attention >= 0).all()
    assert (attention[:, ~candidates] == 0).all()
    torch.testing.assert_close(attention.sum(-1), torch.full((3,), float(candidates.any())), atol=1e-5, rtol=0)


@settings(max_examples=15)
@given(seeds, st.booleans())
def test_more_empty_slots_and_words_change_no_answer(seed: int, is_bank: bool) -> None:
    network, asked = model(seed), bank(seed) if is_bank else story(seed)
    short = {"question": (0, 0), "sentences": (0, 0, 0, 3), "keys": (0, 0, 0, 3), "values": (0, 0, 0, 3)}
    short |= {"present": (0, 3), "ages": (0, 3)}
    parts = {name: getattr(asked, name) for name in short}
    roomier = replace(asked, **{name: F.pad(part, short[name]) for name, part in parts.items() if part is not None})

    torch.testing.assert_close(network(roomier), network(asked), atol=1e-5, rtol=1e-5)


@settings(max_examples=15)
@given(seeds)
def test_an_answer_does_not_depend_on_the_other_questions_nor_on_those_before(seed: int) -> None:
    network, asked = model(seed), bank(seed)
    parts = {field.name: getattr(asked, field.name) for field in fields(asked)}
    alone = replace(asked, **{name: part[1:2] for name, part in parts.items() if part is not None})

    together = network(asked)

    assert not any(value.requires_grad for value in network.buffers())
    torch.testing.assert_close(network(alone)[0], together[1], atol=1e-5, rtol=1e-5)
    assert torch.equal(network(asked), together)


@settings(max_examples=15)
@given(seeds, st.permutations(range(7)))
def test_pairs_in_another_order_are_looked_at_alike_and_give_the_same_answer(seed: int, order: list[int]) -> None:
    network, asked, moved = model(seed).double(), bank(seed), torch.tensor(order)  # sums in another order round otherwise
    turned = reordered(asked, moved)

    torch.testing.assert_close(network(turned), network(asked), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(
        recorded(network, turned)["hop.attention"], recorded(network, asked)["hop.attention"][:, moved], atol=1e-5, rtol=1e-5
    )


@settings(max_examples=15)
@given(seeds)
def test_a_pair_that_lies_there_twice_has_twice_its_share_before_both_are_scaled(seed: int) -> None:
    network, asked = model(seed, hashing=False), bank(seed, size=1)
    twice = reordered(asked, torch.tensor([0, *range(7)]))

    single, double = recorded(network, asked)["hop.attention"][0], recorded(network, twice)["hop.attention"][0]

    weights = single.clone()
    weights[0] *= 2
    weights = weights / weights.sum()
    torch.testing.assert_close(double[0], double[1])
    torch.testing.assert_close(torch.cat((double[:1] * 2, double[2:])), weights, atol=1e-5, rtol=1e-5)


@settings(max_examples=15)
@given(seeds, st.booleans())
def test_without_turning_it_is_a_layer_wise_memn2n(seed: int, has_empty_place: bool) -> None:
    network, asked = model(seed, tables="apart", empty_place=has_empty_place), story(seed)
    wishes: Settings = {"width": 6, "tying": "layer-wise", "empty": "one place" if has_empty_place else "left out"}
    other = memn2n.MemN2N(read_settings(memn2n.ENTRY.card.settings, wishes), INTERFACE)
    assert network.answers is not None
    with torch.no_grad():
        for turn in (*network.turns, other.carried):
            turn.copy_(torch.eye(6))
        pairs = [(other.asked, network.words[0]), (other.answers, network.answers)]
        pairs += [*zip(other.words, network.words[1:], strict=True), *zip(other.times, network.times, strict=True)]
        for into, table in pairs:
            into.copy_(table)

    torch.testing.assert_close(other(asked), network(asked), atol=1e-5, rtol=1e-5)


def test_where_no_key_shares_a_word_with_the_question_nothing_is_read_and_the_answer_is_defined() -> None:
    network, asked = model(), bank(size=1)
    assert asked.keys is not None
    strange = replace(asked, question=torch.full((1, LONGEST), 29), keys=asked.keys.clamp(max=28))

    shown = recorded(network, strange)

    assert not shown["hash.candidates"].any()
    assert not shown["hop.attention"].any()
    assert not shown["hop.read"].any()
    assert shown["answer.probability"].isfinite().all()
    torch.testing.assert_close(shown["hop.state"][0], network.turns[0] @ shown["question.state"], atol=1e-5, rtol=1e-5)


def test_without_a_candidate_the_gradient_is_finite_too() -> None:
    network, asked = model(), bank(size=1)
    assert asked.keys is not None
    strange = replace(asked, question=torch.full((1, LONGEST), 29), keys=asked.keys.clamp(max=28))

    F.cross_entropy(network(strange), asked.answer, reduction="sum").backward()

    assert all(parameter.grad is None or parameter.grad.isfinite().all() for parameter in network.parameters())


def test_of_a_story_every_sentence_is_a_candidate() -> None:
    asked = story()

    network = model(rare=0.0)
    network.common.fill_(1.0)
    shown = recorded(network, asked)

    assert (shown["hash.candidates"] > 0).tolist() == asked.present[0].tolist()


def test_the_matrices_begin_as_ones_that_change_nothing() -> None:
    torch.manual_seed(0)
    network = KeyValueNetwork(read_settings(ENTRY.card.settings, {"width": 9}), INTERFACE)

    shown = recorded(network, story())

    assert shown["hop.turn_length"].tolist() == [3.0, 3.0, 3.0]
    torch.testing.assert_close(shown["hop.state"][0], shown["question.state"] + shown["hop.read"][0])


@settings(max_examples=15)
@given(seeds)
def test_in_the_linear_start_scores_over_a_story_are_weights_and_no_attention_is_shown(seed: int) -> None:
    network, asked = model(seed), story(seed)

    network.before_update(1, 100)
    shown = recorded(network, asked)

    assert "hop.attention" not in shown
    dated = torch.chunk(network._embedded(asked.sentences, asked.sentences), 2, -1)[1] + network.times[1][asked.ages]
    weights = shown["hop.match"][0] * asked.present[0]
    torch.testing.assert_close(shown["hop.read"][0], weights @ dated[0], atol=1e-4, rtol=1e-4)


def test_facts_with_two_sides_are_looked_at_with_softmax_from_the_start() -> None:
    network, asked = model(), bank()

    network.before_update(1, 100)

    assert "hop.attention" in recorded(network, asked)


@pytest.mark.parametrize("tables", TABLES)
@pytest.mark.parametrize("linear", [0.0, 1.0])
def test_the_gradient_agrees_with_finite_differences(tables: str, linear: float) -> None:
    network, asked = model(width=3, hops=2, tables=tables).double(), bank(1, size=1, slots=3)
    network.linear.fill_(linear)
    names = [name for name, _ in network.named_parameters()]

    def loss(*values: torch.Tensor) -> torch.Tensor:
        outputs = torch.func.functional_call(network, dict(zip(names, values, strict=True)), (asked, silent))
        return F.cross_entropy(outputs, asked.answer, reduction="sum")

    assert torch.autograd.gradcheck(loss, tuple(network.parameters()), atol=1e-4, rtol=1e-3, eps=1e-5)
