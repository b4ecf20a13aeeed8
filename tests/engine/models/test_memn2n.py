"""The End-To-End Memory Network, with random weights: what holds before it has learnt anything."""

import itertools
from dataclasses import fields, replace
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from engine.blocks.probe import Recorder, silent
from engine.contract.cards import Settings, read_settings
from engine.models.memn2n import ENTRY, MemN2N
from engine.stories import world
from engine.stories.questions import Vocabulary
from engine.tasks.base import StoryBatch

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


def batch(seed: int = 0, size: int = 3, slots: int = 7, longest: int = LONGEST) -> StoryBatch:
    chance = torch.Generator().manual_seed(seed)
    told = torch.randint(1, slots + 1, (size, 1), generator=chance)
    present = torch.arange(slots) < told
    sentences = torch.randint(1, WORDS, (size, slots, longest), generator=chance) * present[..., None]
    return StoryBatch(
        sentences=sentences,
        present=present,
        ages=torch.where(present, told - torch.arange(slots), 0),
        question=torch.randint(1, WORDS, (size, longest), generator=chance),
        answer=torch.randint(0, WORDS - 1, (size,), generator=chance),
        group=torch.full((size,), 2),
        supports=torch.full((size, 1), -1),
    )


def changed(one: StoryBatch, **parts: torch.Tensor) -> StoryBatch:
    return replace(one, **parts)


def recorded(network: MemN2N, asked: StoryBatch, element: int = 0) -> dict[str, Any]:
    recorder = Recorder(element)
    recorder.at(0)
    network(asked, recorder)
    return {name: torch.from_numpy(array[0]) for name, array in recorder.arrays(1).items()}


seeds = st.integers(0, 10**6)


@settings(max_examples=25)
@given(seeds, st.booleans())
def test_attention_is_a_distribution_and_exactly_zero_on_empty_slots(seed: int, adjacent: bool) -> None:
    network, asked = model(seed, tying="adjacent" if adjacent else "layer-wise", empty="left out"), batch(seed)

    attention = recorded(network, asked, 1)["hop.attention"]

    assert (attention >= 0).all()
    torch.testing.assert_close(attention.sum(-1), torch.ones(3), atol=1e-5, rtol=0)
    assert (attention[:, ~asked.present[1]] == 0).all()


@settings(max_examples=25)
@given(seeds)
def test_with_one_empty_place_the_attention_is_that_of_a_sentence_more_that_matches_nothing(seed: int) -> None:
    network, asked = model(seed, hops=1), batch(seed)

    shown = recorded(network, asked)

    odds = torch.exp(torch.cat((shown["hop.match"][0][asked.present[0]], torch.zeros(1))))
    torch.testing.assert_close(shown["hop.attention"][0][asked.present[0]], odds[:-1] / odds.sum(), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(shown["hop.mass_on_empty"][0], odds[-1] / odds.sum(), atol=1e-5, rtol=1e-4)
    assert (shown["hop.attention"][:, ~asked.present[0]] == 0).all()


@settings(max_examples=25)
@given(seeds, st.sampled_from(["one place", "left out"]))
def test_more_empty_slots_change_no_answer(seed: int, empty: str) -> None:
    network, asked = model(seed, empty=empty), batch(seed)
    roomier = changed(
        asked,
        sentences=F.pad(asked.sentences, (0, 0, 0, 4)),
        present=F.pad(asked.present, (0, 4)),
        ages=F.pad(asked.ages, (0, 4)),
    )

    torch.testing.assert_close(network(roomier), network(asked), atol=1e-5, rtol=1e-5)


@settings(max_examples=25)
@given(seeds)
def test_more_empty_words_change_no_answer(seed: int) -> None:
    network, asked = model(seed), batch(seed, longest=4)
    padded = changed(asked, sentences=F.pad(asked.sentences, (0, 2)), question=F.pad(asked.question, (0, 2)))

    torch.testing.assert_close(network(padded), network(asked), atol=1e-5, rtol=1e-5)


@settings(max_examples=25)
@given(seeds)
def test_an_answer_does_not_depend_on_the_other_questions_of_the_batch(seed: int) -> None:
    network, asked = model(seed), batch(seed)
    parts = {field.name: getattr(asked, field.name) for field in fields(asked)}
    alone = replace(asked, **{name: part[1:2] for name, part in parts.items() if part is not None})

    torch.testing.assert_close(network(alone)[0], network(asked)[1], atol=1e-5, rtol=1e-5)


@settings(max_examples=25)
@given(seeds)
def test_without_ages_the_order_of_sentences_does_not_count_and_with_ages_it_does(seed: int) -> None:
    network, asked = model(seed), batch(seed, size=1, slots=4)
    asked = changed(asked, present=torch.ones(1, 4).bool(), ages=torch.tensor([[4, 3, 2, 1]]))
    turned = changed(asked, sentences=asked.sentences.flip(1))

    with_ages = (network(turned) - network(asked)).abs().max()
    with torch.no_grad():
        for table in network.times:
            table.zero_()

    torch.testing.assert_close(network(turned), network(asked), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(
        recorded(network, turned)["hop.attention"].flip(-1), recorded(network, asked)["hop.attention"], atol=1e-5, rtol=1e-5
    )
    assert with_ages > 1e-4 or torch.equal(turned.sentences, asked.sentences)


def test_the_order_of_words_counts_unless_a_sentence_is_a_bag() -> None:
    asked = batch(3)
    turned = changed(asked, sentences=asked.sentences.flip(-1))
    ordered, bag = model(positions="code"), model(positions="none")

    assert (ordered(turned) - ordered(asked)).abs().max() > 1e-4
    torch.testing.assert_close(bag(turned), bag(asked), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("hops", [1, 2, 5])
def test_adjacent_hops_share_their_tables_and_the_parameters_are_as_many_as_the_formula_says(hops: int) -> None:
    network = model(hops=hops)

    pairs = [network.tables_of(hop) for hop in range(hops)]

    assert all(value == key for (_, value), (key, _) in itertools.pairwise(pairs))
    assert sum(parameter.numel() for parameter in network.parameters()) == (hops + 1) * (WORDS + SLOTS + 1) * 6


def test_an_update_leaves_no_word_and_no_age_at_zero() -> None:
    network, asked = model(), batch()

    loss = F.cross_entropy(network(asked), asked.answer, reduction="sum")
    for parameter, gradient in zip(network.parameters(), torch.autograd.grad(loss, list(network.parameters())), strict=True):
        parameter.data -= 0.01 * gradient
    network.after_update()

    assert all((table[0] == 0).all() and (table[1:] != 0).any() for table in (*network.words, *network.times))


@settings(max_examples=25)
@given(seeds)
def test_in_the_linear_start_scores_are_weights_and_no_attention_is_shown(seed: int) -> None:
    network, asked = model(seed), batch(seed)
    before = {name: value.clone() for name, value in network.named_parameters()}

    network.before_update(1, 100)
    shown = recorded(network, asked)

    assert "hop.attention" not in shown
    torch.testing.assert_close(shown["hop.read"][0], shown["hop.match"][0] @ shown["memory.value"][0], atol=1e-4, rtol=1e-4)
    assert all(torch.equal(before[name], value) for name, value in network.named_parameters())


def test_the_linear_start_ends_and_the_rate_is_halved_by_quarters() -> None:
    network = model(linear_start=0.2)

    rates = [network.before_update(update, 100) for update in range(1, 101)]
    linear = [network.before_update(update, 100) and float(network.linear) for update in (1, 20, 21, 100)]

    assert linear == [1.0, 1.0, 0.0, 0.0]
    assert [rates[0], rates[19], rates[20], rates[39], rates[40], rates[60], rates[80], rates[99]] == [
        0.5, 0.5, 0.5, 0.5, 0.25, 0.125, 0.0625, 0.0625,
    ]  # fmt: skip


def test_without_a_linear_start_the_whole_rate_is_used_at_once() -> None:
    network = model(linear_start=0.0)

    assert network.before_update(1, 100) == 1.0
    assert float(network.linear) == 0.0


def test_one_hop_over_one_sentence_reads_that_sentence() -> None:
    network, asked = model(hops=1, empty="left out"), batch(slots=1)

    shown = recorded(network, asked)

    assert shown["hop.attention"].tolist() == [[1.0]]
    torch.testing.assert_close(shown["hop.read"][0], shown["memory.value"][0, 0])
    torch.testing.assert_close(shown["hop.state"][0], shown["question.state"] + shown["hop.read"][0])


@settings(max_examples=25)
@given(seeds)
def test_as_published_the_empty_slots_take_the_rest_of_the_attention(seed: int) -> None:
    network, asked = model(seed, empty="as published"), batch(seed)

    shown = recorded(network, asked)

    told = (shown["hop.attention"] * asked.present[0]).sum(-1)
    torch.testing.assert_close(told + shown["hop.mass_on_empty"], torch.ones(3), atol=1e-5, rtol=0)
    odds = torch.exp(shown["hop.match"] - shown["hop.match"].amax(-1, keepdim=True))
    empty = (odds * ~asked.present[0]).sum(-1) / odds.sum(-1)
    torch.testing.assert_close(shown["hop.mass_on_empty"], empty, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("tying", ["adjacent", "layer-wise"])
@pytest.mark.parametrize("linear", [0.0, 1.0])
def test_the_gradient_agrees_with_finite_differences(tying: str, linear: float) -> None:
    network, asked = model(width=3, tying=tying).double(), batch(1, size=1, slots=3)
    network.linear.fill_(linear)
    names = [name for name, _ in network.named_parameters()]

    def loss(*values: torch.Tensor) -> torch.Tensor:
        outputs = torch.func.functional_call(network, dict(zip(names, values, strict=True)), (asked, silent))
        return F.cross_entropy(outputs, asked.answer, reduction="sum")

    assert torch.autograd.gradcheck(loss, tuple(network.parameters()), atol=1e-4, rtol=1e-3, eps=1e-5)
