"""The Dynamic Memory Network, with random weights: what holds before it has learnt anything."""

from collections.abc import Callable
from dataclasses import fields, replace

import torch
from dmn_samples import LOOKS, batch, model, seeds, versions
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.probe import Editor, Recorder, silent
from engine.contract.edits import Edit
from engine.models.dmn import DMN, gate_loss, in_order_told, thinned
from engine.models.dmn_units import AttentionLayer, advance, driven_by, run_along
from engine.tasks.base import StoryBatch


def recorded(network: DMN, asked: StoryBatch, element: int = 0, *edits: Edit) -> dict[str, Tensor]:
    recorder = Recorder(element)
    probe = Editor(edits, recorder) if edits else recorder
    probe.at(0)
    with torch.no_grad():
        network(asked, probe)
    return {name: torch.from_numpy(array[0]) for name, array in recorder.arrays(1).items()}


def alone(asked: StoryBatch, row: int) -> StoryBatch:
    parts = {field.name: getattr(asked, field.name) for field in fields(asked)}
    return replace(asked, **{name: part[row : row + 1] for name, part in parts.items() if part is not None})


@settings(max_examples=25)
@given(seeds)
def test_attention_gates_are_together_one_and_exactly_zero_on_empty_slots(seed: int) -> None:
    network, asked = model(seed), batch(seed)

    gates = recorded(network, asked, 1)["hop.attention"]

    assert (gates >= 0).all()
    torch.testing.assert_close(gates.sum(-1), torch.ones(3), atol=1e-5, rtol=0)
    assert (gates[:, ~asked.present[1]] == 0).all()


@settings(max_examples=25)
@given(seeds)
def test_independent_gates_lie_between_zero_and_one_and_are_exactly_zero_on_empty_slots(seed: int) -> None:
    network, asked = model(seed, gates="independent"), batch(seed)

    shown = recorded(network, asked, 1)

    gates = shown["hop.gate"]
    assert ((gates[:, asked.present[1]] > 0) & (gates[:, asked.present[1]] < 1)).all()
    assert (gates[:, ~asked.present[1]] == 0).all()
    torch.testing.assert_close(shown["hop.total"], gates.sum(-1))


@settings(max_examples=25)
@given(seeds, st.sampled_from(["attention", "independent"]))
def test_more_empty_slots_change_no_answer(seed: int, gates: str) -> None:
    network, asked = model(seed, gates=gates), batch(seed)
    roomier = replace(
        asked,
        sentences=F.pad(asked.sentences, (0, 0, 0, 4)),
        present=F.pad(asked.present, (0, 4)),
        ages=F.pad(asked.ages, (0, 4)),
    )

    torch.testing.assert_close(network(roomier), network(asked), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(network.fused(roomier), network(asked), atol=1e-5, rtol=1e-5)


@settings(max_examples=25)
@given(seeds, st.sampled_from(["attention", "independent"]))
def test_more_empty_words_change_no_answer(seed: int, gates: str) -> None:
    network, asked = model(seed, gates=gates), batch(seed, longest=4)
    padded = replace(asked, sentences=F.pad(asked.sentences, (0, 2)), question=F.pad(asked.question, (0, 2)))

    torch.testing.assert_close(network(padded), network(asked), atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(network.fused(padded), network(asked), atol=1e-5, rtol=1e-5)


@settings(max_examples=25)
@given(seeds, st.sampled_from(["attention", "independent"]))
def test_an_answer_does_not_depend_on_the_other_questions_of_the_batch(seed: int, gates: str) -> None:
    network, asked = model(seed, gates=gates), batch(seed)

    torch.testing.assert_close(network(alone(asked, 1))[0], network(asked)[1], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(network.fused(alone(asked, 1))[0], network(asked)[1], atol=1e-5, rtol=1e-5)


@versions
def test_what_counts_is_the_order_of_telling_and_not_the_slot(gates: str) -> None:
    network, asked = model(gates=gates), alone(batch(5), 2)
    turned = replace(asked, **{name: getattr(asked, name).roll(3, 1) for name in ("sentences", "present", "ages")})
    flipped = replace(asked, sentences=asked.sentences.flip(1))

    torch.testing.assert_close(network(turned), network(asked), atol=1e-5, rtol=1e-5)
    assert (network(flipped) - network(asked)).abs().max() > 1e-4


def test_slots_are_gone_through_from_the_oldest_sentence_on() -> None:
    ages = torch.tensor([[3, 2, 1, 0], [2, 1, 4, 3], [50, 1, 50, 50], [0, 0, 0, 0]])  # the third: jittered up to the oldest age

    order = in_order_told(ages > 0, ages)

    assert order[0].tolist() == [3, 0, 1, 2]
    assert order[1].tolist() == [2, 3, 0, 1]
    assert order[2].tolist() == [2, 3, 0, 1]
    assert sorted(order[3].tolist()) == [0, 1, 2, 3]


@versions
def test_gates_that_are_all_shut_bring_an_empty_episode(gates: str) -> None:
    network, asked = model(gates=gates), batch()
    shut = [
        Edit(act="set", channel=LOOKS[gates], step=0, index=(number, slot), values=(0.0,))
        for number in range(3)
        for slot in range(7)
    ]

    shown = recorded(network, asked, 2, *shut)

    assert (shown["hop.episode"] == 0).all()
    assert (shown["hop.moved"] == 0).all()


def test_gates_that_are_all_open_make_a_plain_gru() -> None:
    network, asked = model(gates="independent"), alone(batch(3), 2)
    told = int(asked.present.sum())
    opened = [Edit(act="set", channel="hop.gate", step=0, index=(0, slot), values=(1.0,)) for slot in range(told)]
    shown = recorded(network, asked, 0, *opened)
    plain = torch.nn.GRU(6, 6, batch_first=True)
    plain.load_state_dict({f"{name}_l0": weights for name, weights in network.episode.state_dict().items()})

    facts = shown["memory.fact"][in_order_told(asked.present, asked.ages)[0]]

    torch.testing.assert_close(shown["hop.episode"][0], plain(facts[None])[0][0, -1].detach(), atol=1e-5, rtol=1e-5)


@versions
def test_a_shut_gate_leaves_the_state_as_it_was(gates: str) -> None:
    unit = model(gates=gates).episode
    inputs, state = torch.randn(4, 6), torch.rand(4, 6)

    assert torch.equal(advance(unit, driven_by(unit, inputs), state, torch.zeros(4, 1)), state)


def test_an_attention_gru_whose_gate_is_one_takes_its_candidate_whole() -> None:
    unit = AttentionLayer(6, 6)
    inputs, state = torch.randn(4, 6), torch.rand(4, 6)

    one = advance(unit, driven_by(unit, inputs), state, torch.ones(4, 1))
    part = advance(unit, driven_by(unit, inputs), state, torch.full((4, 1), 0.25))

    torch.testing.assert_close(part, 0.75 * state + 0.25 * one)
    assert (one.abs() <= 1).all()


@versions
def test_one_fact_taken_whole_is_one_step_of_the_unit(gates: str) -> None:
    network, asked = model(gates=gates), batch(2, slots=1)
    open_it = Edit(act="set", channel=LOOKS[gates], step=0, index=(0, 0), values=(1.0,))

    shown = recorded(network, asked, 0, open_it)

    unit, fact = network.episode, shown["memory.fact"][None]
    wanted = advance(unit, driven_by(unit, fact[0]), torch.zeros(1, 6), torch.ones(1, 1))[0].detach()
    torch.testing.assert_close(shown["hop.episode"][0], wanted, atol=1e-6, rtol=1e-5)


@versions
def test_the_memory_before_the_first_pass_is_the_question(gates: str) -> None:
    network, asked = model(gates=gates), alone(batch(4), 0)
    shown = recorded(network, asked)

    question, facts = shown["question.state"], shown["memory.fact"]
    scores = network.scores(facts, question, question).detach() * asked.present[0]

    torch.testing.assert_close(shown["hop.gate_logit"][0], scores, atol=1e-5, rtol=1e-5)


@versions
def test_passes_with_one_memory_have_the_same_gates(gates: str) -> None:
    network, asked = model(gates=gates), batch(7)
    same = [
        Edit(act="set", channel="hop.memory", step=0, index=(number,), values=tuple([0.3] * 6)) for number in range(2)
    ]  # fmt: skip

    shown = recorded(network, asked, 1, *same)

    assert torch.equal(shown[LOOKS[gates]][1], shown[LOOKS[gates]][2])
    assert not torch.equal(shown[LOOKS[gates]][0], shown[LOOKS[gates]][1])


@settings(max_examples=25)
@given(seeds, st.sampled_from(["attention", "independent"]))
def test_states_stay_within_one_and_facts_within_two(seed: int, gates: str) -> None:
    shown = recorded(model(seed, gates=gates), batch(seed), 2)

    assert shown["hop.episode"].abs().max() <= 1
    assert shown["question.state"].abs().max() <= 1
    assert shown["memory.fact"].abs().max() <= 2


def test_a_story_without_facts_has_a_defined_answer() -> None:
    network, asked = model(), batch()
    none = replace(asked, present=torch.zeros_like(asked.present), ages=torch.zeros_like(asked.ages))

    outputs = network(none)

    assert torch.isfinite(outputs).all()
    torch.testing.assert_close(network.fused(none), outputs, atol=1e-5, rtol=1e-5)


def test_a_fact_that_is_the_question_itself_has_a_finite_gradient() -> None:
    network = model().double()
    same = torch.zeros(1, 6, dtype=torch.float64, requires_grad=True)

    (gradient,) = torch.autograd.grad(network.scores(same, same, same).sum(), same)

    assert torch.isfinite(gradient).all()


@versions
def test_the_gradient_agrees_with_finite_differences(gates: str) -> None:
    network, asked = model(width=3, gates=gates, passes=2).double(), batch(1, size=1, slots=3)
    names = [name for name, _ in network.named_parameters()]

    def loss(*values: Tensor) -> Tensor:
        outputs = torch.func.functional_call(network, dict(zip(names, values, strict=True)), (asked, silent))
        return F.cross_entropy(outputs, asked.answer, reduction="sum")

    assert torch.autograd.gradcheck(loss, tuple(network.parameters()), atol=1e-4, rtol=1e-3, eps=1e-6, fast_mode=True)


def test_taught_gates_are_held_to_the_supports_in_their_order_and_only_where_there_are_some() -> None:
    scores = [
        torch.tensor([[2.0, 1.0, 0.0], [0.0, 0.0, 5.0]]),
        torch.tensor([[0.0, 1.0, 0.0], [9.0, 9.0, 9.0]]),
        torch.zeros(2, 3),
    ]
    supports = torch.tensor([[0, 1], [2, -1]])

    first = -torch.log_softmax(scores[0], -1)[[0, 1], [0, 2]].sum()
    second = -torch.log_softmax(scores[1], -1)[0, 1]

    torch.testing.assert_close(gate_loss(scores, supports), first + second)


@versions
def test_what_is_taught_reaches_the_gates_and_the_loss_is_that_of_the_answers(gates: str) -> None:
    asked = batch(8)
    untaught, taught = (model(gates=gates, gate_supervision=on) for on in (False, True))
    losses = [network.learn(asked, _loss(asked)) for network in (untaught, taught)]

    scores = taught._readable(asked, 0.0, silent)[1]
    wanted = torch.autograd.grad(gate_loss(scores, asked.supports), list(taught.parameters()), allow_unused=True)

    assert losses[0] == losses[1]
    for one, other, more in zip(untaught.parameters(), taught.parameters(), wanted, strict=True):
        assert one.grad is not None
        assert other.grad is not None
        torch.testing.assert_close(other.grad - one.grad, torch.zeros_like(one) if more is None else more, atol=1e-5, rtol=1e-3)


def test_thinned_stories_keep_what_their_answers_rest_on_and_lose_about_the_share_of_the_rest() -> None:
    asked = batch(8, size=400, slots=9)
    known = replace(asked, supports=torch.where(torch.arange(400)[:, None] < 200, asked.supports, -1))

    torch.manual_seed(0)
    left = thinned(known, 0.25).present

    assert thinned(known, 0.0) is known
    assert torch.equal(left[200:], known.present[200:])
    assert left[:200, 0].all()
    assert (left <= known.present).all()
    rest = known.present[:200, 1:]
    assert 0.2 < float((rest & ~left[:200, 1:]).sum() / rest.sum()) < 0.3


def test_dropout_is_for_training_alone_and_follows_the_seed() -> None:
    network, asked = model(dropout=0.5), batch(8)

    losses = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        losses.append(float(network.learn(asked, _loss(asked))))

    assert losses[0] == losses[1] != losses[2]
    assert torch.equal(network.fused(asked), network.fused(asked))


def test_after_an_update_matrices_are_a_little_smaller_and_no_word_is_zero() -> None:
    network = model(decay=0.01)
    before = {name: weights.clone() for name, weights in network.named_parameters()}

    factors = [network.before_update(update, 100) for update in (1, 75, 76, 100)]
    network.before_update(1, 100)
    with torch.no_grad():
        network.words[0] = 1.0
    network.after_update()

    assert factors == [1.0, 1.0, 0.1, 0.1]
    assert (network.words[0] == 0).all()
    for name, weights in network.named_parameters():
        torch.testing.assert_close(weights, before[name] * (0.99 if weights.dim() > 1 else 1.0))


def _loss(asked: StoryBatch) -> Callable[[Tensor], Tensor]:
    return lambda outputs: F.cross_entropy(outputs, asked.answer, reduction="sum")


def test_a_unit_can_run_back_from_the_end() -> None:
    unit, inputs, gates = AttentionLayer(6, 6), torch.randn(2, 5, 6), torch.rand(2, 5)

    back = run_along(unit, inputs, gates, back=True)

    torch.testing.assert_close(back, run_along(unit, inputs.flip(1), gates.flip(1)).flip(1))
