"""SMEMO: one memory for all agents of a scene, wiped after it."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.blocks.memory import scattered
from engine.blocks.plain_predictors import constant_velocity
from engine.blocks.probe import Editor, Recorder
from engine.blocks.seeding import generator
from engine.contract.cards import Settings, Value
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish
from engine.models.smemo import Smemo
from engine.models.smemo_replay import Kept
from engine.models.smemo_who import flow as who_flow
from engine.tasks.base import TrajectoryBatch, TrajectoryEpisode
from engine.training.assemble import Assembled, assemble

SMALL: Settings = {"slots": 6, "slot_width": 5, "hidden": 8, "samples": 40, "length": 3, "agents": 4}
STEPS = 60


def made(task: str = "social", **wished: Value) -> Assembled:
    """A small network with fresh weights."""
    settings = SMALL if task == "social" else {name: value for name, value in SMALL.items() if name != "agents"}
    return assemble("smemo", task, {**settings, **wished}, 0)


def network(small: Assembled) -> Smemo:
    assert isinstance(small.model, Smemo)
    return small.model


def drawn(small: Assembled, count: int = 5) -> TrajectoryBatch:
    batch = small.task.batch(count, generator("a"))
    assert isinstance(batch, TrajectoryBatch)
    return batch


def shown(small: Assembled, batch: TrajectoryBatch) -> dict[str, torch.Tensor]:
    """What every step shows of every scene, `(B, steps, ...)`."""
    model, kept = network(small), Kept()
    with torch.no_grad():
        model.run(model.scene(batch), kept)
    return kept.together()


def recorded(small: Assembled, *edits: Edit, seed: int = 3) -> dict[str, np.ndarray]:
    """The record of an episode."""
    episode, recorder = small.task.episode(EpisodeWish(seed=seed)), Recorder()
    with torch.no_grad():
        small.model.replay(episode, Editor(edits, recorder) if edits else recorder)
    return recorder.arrays(episode.steps * STEPS)


def rows(batch: TrajectoryBatch, order: list[int]) -> TrajectoryBatch:
    """The agents in another order."""
    return replace(batch, past=batch.past[:, order], future=batch.future[:, order], present=batch.present[:, order])


@pytest.mark.parametrize("joined", ["max", "max_signed", "sum"])
def test_agents_in_another_order_foresee_the_same_and_leave_the_same_memory(joined: str) -> None:
    small, order = made(joined=joined, heads=2), [2, 0, 3, 1]
    batch = drawn(small)

    with torch.no_grad():
        outputs, other = small.model(batch), small.model(rows(batch, order))

    torch.testing.assert_close(other, outputs[:, order], atol=1e-5, rtol=1e-5)
    memory, again = (shown(small, each)["memory.contents"] for each in (batch, rows(batch, order)))
    torch.testing.assert_close(again, memory, atol=1e-5, rtol=1e-5)


def test_two_scenes_in_one_batch_leave_the_memories_that_each_leaves_alone() -> None:
    small = made(varied=True)
    batch = drawn(small, 2)

    together = shown(small, batch)["memory.contents"]

    for number in range(2):
        alone = replace(batch, **{name: getattr(batch, name)[number : number + 1] for name in ("past", "future", "present")})
        torch.testing.assert_close(together[number], shown(small, alone)["memory.contents"][0], atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("joined", ["max", "max_signed", "sum"])
def test_an_agent_that_is_not_there_changes_nothing_whatever_its_numbers_are(joined: str) -> None:
    small = made(joined=joined)
    batch = drawn(small)
    absent = batch.present.clone()
    absent[:, 3] = False
    strange = batch.past.clone()
    strange[:, 3] = 7.0

    with torch.no_grad():
        nothing, something = (
            small.model(replace(batch, past=past, present=absent)) for past in (batch.past * absent[..., None, None], strange)
        )
        fewer = small.model(replace(batch, past=batch.past[:, :3], future=batch.future[:, :3], present=absent[:, :3]))

    assert torch.equal(nothing, something)
    torch.testing.assert_close(nothing[:, :3], fewer, atol=1e-5, rtol=1e-5)
    assert float(nothing[:, 3].abs().max()) == 0.0


def test_the_memory_after_a_step_is_what_was_not_erased_and_what_was_added() -> None:
    small = made()
    batch = drawn(small)

    values = shown(small, batch)

    after, erased, added = values["memory.contents"], values["memory.erased"], values["memory.added"]
    before = torch.cat((network(small).blank(batch.size).unsqueeze(1), after[:, :-1]), 1)
    torch.testing.assert_close(after, (1 - erased) * before + added, atol=1e-6, rtol=1e-5)
    assert float(erased.min()) >= 0
    assert float(erased.max()) <= 1
    assert float(added.min()) >= 0


def test_what_is_read_is_a_mixture_of_the_slots_as_they_were_before_the_step_wrote() -> None:
    small = made(heads=2)
    batch = drawn(small)

    values = shown(small, batch)

    after, where = values["memory.contents"], values["read.weighting"]
    before = torch.cat((network(small).blank(batch.size).unsqueeze(1), after[:, :-1]), 1)
    torch.testing.assert_close(values["read.vector"], where @ before, atol=1e-6, rtol=1e-5)
    torch.testing.assert_close(where.sum(-1), torch.ones(where.shape[:-1]))
    assert float(values["read.strength"].min()) > 0


def test_a_scene_begins_with_the_same_memory_whatever_came_before() -> None:
    small = made()
    arrays = recorded(small)

    other = recorded(small, Edit(act="set", channel="memory.contents", index=(), step=STEPS - 1, values=(9.0,)))

    assert (other["memory.contents"][STEPS - 1] == 9.0).all()
    np.testing.assert_allclose(other["memory.contents"][STEPS:], arrays["memory.contents"][STEPS:], atol=1e-6)


def test_without_the_wipe_the_next_scene_begins_with_what_the_last_one_left() -> None:
    kept, wiped = recorded(made(wipe=False)), recorded(made())

    np.testing.assert_allclose(kept["memory.contents"][:STEPS], wiped["memory.contents"][:STEPS], atol=1e-6)
    assert np.abs(kept["memory.contents"][STEPS] - wiped["memory.contents"][STEPS]).max() > 1e-3
    before, after = kept["memory.contents"][STEPS - 1], kept["memory.contents"][STEPS]
    erased, added = kept["memory.erased"][STEPS], kept["memory.added"][STEPS]
    np.testing.assert_allclose(after, (1 - erased) * before + added, atol=1e-5)


def test_going_step_by_step_shows_what_going_at_once_shows() -> None:
    small = made(heads=2, varied=True)

    at_once = recorded(small)
    by_steps = recorded(small, Edit(act="set", channel="memory.contents", index=(0, 0), step=3 * STEPS - 1, values=(9.0,)))

    for name in set(at_once) - {"who.gradient", "who.counterfactual", "memory.contents"}:
        np.testing.assert_allclose(by_steps[name], at_once[name], atol=1e-5, err_msg=name)


def test_with_nothing_read_all_heads_foresee_the_same_and_nobody_knows_of_others() -> None:
    small = made(heads=3, read="zeros")
    batch = drawn(small)
    moved = batch.past.clone()
    moved[:, 1] += 0.3

    with torch.no_grad():
        outputs, other = small.model(batch), network(made(heads=3, read="zeros", frame="world"))
        worlds = other(batch), other(replace(batch, past=moved))

    assert torch.equal(outputs[:, :, 0], outputs[:, :, 2])
    torch.testing.assert_close(worlds[0][:, [0, 2, 3]], worlds[1][:, [0, 2, 3]], atol=1e-6, rtol=1e-5)


def test_with_nothing_written_the_memory_stays_as_it_began() -> None:
    small = made(writes=False)
    batch = drawn(small)

    memory = shown(small, batch)["memory.contents"]

    assert torch.equal(memory, network(small).blank(batch.size).unsqueeze(1).expand_as(memory))


@settings(max_examples=10)
@given(st.integers(-50, 50), st.integers(-50, 50))
def test_a_scene_somewhere_else_is_foreseen_alike(east: int, north: int) -> None:
    small = made(frame="scene")
    batch, shift = drawn(small), torch.tensor([float(east), float(north)])

    with torch.no_grad():
        here, there = small.model(batch), small.model(replace(batch, past=batch.past + shift))

    torch.testing.assert_close(there - shift, here, atol=2e-4, rtol=1e-4)


@settings(max_examples=10)
@given(st.integers(0, 359))
def test_in_a_turned_frame_a_scene_that_is_turned_is_foreseen_alike(degrees: int) -> None:
    angle = math.radians(degrees)
    small = made("junctions", frame="turned", scale=10.0)
    batch = drawn(small)
    turn = torch.tensor([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    about = batch.past[:, :, -1:]

    with torch.no_grad():
        here = small.model(batch)
        there = small.model(replace(batch, past=(batch.past - about) @ turn + about))

    torch.testing.assert_close(there, (here - about.unsqueeze(2)) @ turn + about.unsqueeze(2), atol=2e-3, rtol=1e-3)


def test_what_is_foreseen_begins_where_the_agent_was_seen_last() -> None:
    small = made()
    batch = drawn(small)

    with torch.no_grad():
        outputs, moves = small.model(batch), shown(small, batch)["decoder.move"][:, 20:]

    wanted = batch.past[:, :, None, -1:] + moves.permute(0, 2, 3, 1, 4).cumsum(3)
    torch.testing.assert_close(outputs, wanted, atol=1e-5, rtol=1e-5)


def test_the_account_of_what_is_read_belongs_to_those_who_wrote_and_is_nothing_before_anybody_has() -> None:
    arrays = recorded(made(varied=True))

    flow, present = arrays["who.flow"], ~np.isclose(arrays["write.weighting"].sum(-1), 0)
    assert (flow >= 0).all()
    assert (flow[::STEPS] == 0).all()
    assert (flow[STEPS - 1 :: STEPS].sum((1, 2)) > 0).all()
    assert (flow[~present] == 0).all()
    assert (flow.transpose(0, 2, 1)[~present] == 0).all()


def test_the_gradient_agrees_with_a_small_change_of_the_others_past() -> None:
    small = made(length=1, frame="world")
    episode = small.task.episode(EpisodeWish(seed=3))
    assert isinstance(episode, TrajectoryEpisode)
    with torch.no_grad():  # weights with which agents do influence each other
        for parameter in small.model.parameters():
            parameter.mul_(1.5)
    arrays = recorded(small)

    model, batch, step = small.model.double(), episode.batch, 1e-4
    wanted = torch.zeros(2, 20, 2, dtype=torch.double)
    past = batch.past.double()
    for point in range(20):
        for axis in range(2):
            ends = []
            for sign in (1, -1):
                moved = past.clone()
                moved[0, 1, point, axis] += sign * step
                with torch.no_grad():
                    ends.append(_in_double(model, replace(batch, past=moved))[0, 0, 0, -1])
            wanted[:, point, axis] = (ends[0] - ends[1]) / (2 * step)

    assert float(wanted.norm()) > 1e-4
    assert arrays["who.gradient"][0, 0, 1] == pytest.approx(float(wanted.norm()), rel=2e-2)


def _in_double(model: torch.nn.Module, batch: TrajectoryBatch) -> torch.Tensor:
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.double)
    try:
        outputs: torch.Tensor = model(batch)
        return outputs
    finally:
        torch.set_default_dtype(before)


def test_taking_an_agent_out_moves_others_by_as_much_as_is_said_and_never_the_frame() -> None:
    small = made(length=1)
    episode = small.task.episode(EpisodeWish(seed=3))
    assert isinstance(episode, TrajectoryEpisode)
    arrays, model, batch = recorded(small), network(small), episode.batch
    without = batch.present.clone()
    without[0, 2] = False

    with torch.no_grad():
        frame = model.frame(batch)
        whole = model.run_quickly(model.scene(batch, frame))
        less = model.run_quickly(model.scene(replace(batch, present=without), frame))

    moved = (less - whole).norm(dim=-1).mean((2, 3))[0]
    np.testing.assert_allclose(arrays["who.counterfactual"][0, [0, 1, 3], 2], moved[[0, 1, 3]].numpy(), atol=1e-6)
    assert (arrays["who.counterfactual"][0].diagonal() == 0).all()


def test_the_head_that_was_best_most_often_comes_first() -> None:
    small = made(heads=2)
    model, batch = network(small), drawn(small)
    with torch.no_grad():
        before = model(batch)
        model.wins.copy_(torch.tensor([0.1, 0.9]))

        after = model(batch)

    torch.testing.assert_close(after, before.flip(2), atol=1e-6, rtol=1e-5)


def test_learning_keeps_account_of_which_head_is_best() -> None:
    small = made(heads=3)
    batch = drawn(small)

    small.model.learn(batch, lambda outputs: small.task.loss(outputs, batch))

    assert float(network(small).wins.sum()) == pytest.approx(0.01, rel=1e-3)


def test_scenes_turned_by_chance_in_training_are_the_same_scenes() -> None:
    small = made(rotated=True, frame="scene")
    batch = drawn(small)
    torch.manual_seed(0)

    first = small.model.learn(batch, lambda outputs: small.task.loss(outputs, batch))
    second = small.model.learn(batch, lambda outputs: small.task.loss(outputs, batch))

    assert float(first) != float(second)  # turned by other angles
    assert float(first) == pytest.approx(float(second), rel=0.2)  # but the same truth is compared with


def test_without_memory_or_without_writes_are_versions_that_an_evaluation_measures() -> None:
    small, plain, still = made(), made(read="zeros"), made(writes=False)
    batch = drawn(small)

    with torch.no_grad():
        found = small.model.variants(batch)

        assert torch.equal(found["memory_off"], plain.model.fused(batch))
        assert torch.equal(found["writes_off"], still.model.fused(batch))
        assert not torch.equal(found["memory_off"], small.model.fused(batch))


def test_a_stream_says_the_error_of_its_phase_on_held_out_samples_which_nothing_in_it_can_change() -> None:
    arrays = recorded(made("junctions", stream="phases", length=8, frame="turned", scale=10.0))

    assert {len(np.unique(arrays[name])) for name in ("test.error", "test.off", "test.plain")} <= {3, 4}
    assert arrays["test.error"].shape == (8 * STEPS,)


def test_the_blank_memory_is_random_small_and_the_same_for_every_scene() -> None:
    blank = network(made()).blank(3)

    assert torch.equal(blank[0], blank[2])
    torch.testing.assert_close(blank, scattered(3, 6, 5, 1 / math.sqrt(11)))
    assert float(blank.abs().max()) <= 1 / math.sqrt(11)


@pytest.mark.parametrize("joined", ["max", "max_signed", "sum"])
def test_the_parts_of_what_is_read_are_no_more_than_the_whole_and_where_one_writes_alone_all_is_its_own(joined: str) -> None:
    small = made(joined=joined, varied=True)
    flow = recorded(small)["who.flow"]
    batch = drawn(small)
    alone = replace(batch, present=torch.arange(4).expand_as(batch.present) == 0)

    one = who_flow(shown(small, alone), 1, joined)  # type: ignore[arg-type]

    assert float(flow.sum(-1).max()) <= 1 + 1e-5
    assert float(one[:, -1, 0, 0].min()) > 0
    assert float(one[:, :, :, 1:].abs().max()) == 0


def test_an_agent_of_whom_nothing_is_said_goes_on_where_that_is_wished() -> None:
    small = made(from_last=True)
    model, batch = network(small), drawn(small)
    with torch.no_grad():
        model.move.weight.zero_()
        said = model(batch)

    there = batch.present[..., None, None]
    plain = constant_velocity(batch.past.flatten(0, 1), 40).view_as(batch.future).where(there, torch.zeros(()))
    assert torch.allclose(said[:, :, 0], plain, atol=1e-4)


def test_few_futures_are_taught_as_well_where_that_is_wished() -> None:
    small, plain = made(heads=12, taught="nested"), made(heads=12)
    batch = drawn(small)
    outputs = network(small)(batch)

    def loss(futures: torch.Tensor) -> torch.Tensor:
        return small.task.loss(futures, batch)

    counts = [loss(outputs[:, :, :count]) for count in (12, 10, 5, 1)]
    assert torch.allclose(network(small).loss_of(batch, outputs, loss), torch.stack(counts).mean())
    assert torch.allclose(network(plain).loss_of(batch, outputs, loss), counts[0])
    for made_so in (small, plain):
        network(made_so).learn(batch, lambda futures: made_so.task.loss(futures, batch))  # noqa: B023
    assert network(small).wins.sum() == 0  # their order is taught, and stays
    assert network(plain).wins.sum() > 0
