"""MANTRA's refinement: the map is looked at where the futures go, nothing is moved at first, and only the best is taught."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pairing
import pytest
import test_every_model as promises
import torch
from pairing import PAIRS, Pair

from engine.blocks.frames import Frame, frame_of
from engine.blocks.probe import Editor, Recorder
from engine.blocks.seeding import generator
from engine.contract.cards import Value, stage_ends, stages_of
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish
from engine.models.mantra import ENTRY, Mantra, taken
from engine.models.mantra_card import BY_MAP
from engine.models.mantra_refine import ROUNDS, Ground, MapRefinement, ground_of
from engine.tasks.base import BadInputError, TrajectoryBatch
from engine.training.assemble import Assembled, assemble
from engine.training.learner import Learner

JUNCTIONS: Pair = next(pair for pair in PAIRS if (pair[0].card.id, pair[1].card.id) == ("mantra", "junctions"))


def small(seed: int = 0, task: str = "junctions", **wished: Value) -> Assembled:
    """A narrow network that refines, with fresh weights, on a short stream; everything is stored."""
    own: dict[str, Value] = {"width": 6, "slots": 30, "samples": 40, "length": 8, "refinement": BY_MAP, "threshold": "1.5"}
    return assemble("mantra", task, (own if task == "junctions" else {"refinement": BY_MAP}) | wished, seed)


def network(made: Assembled) -> Mantra:
    assert isinstance(made.model, Mantra)
    return made.model


def refinement(made: Assembled) -> MapRefinement:
    found = network(made).refinement
    assert found is not None
    return found


def awake(made: Assembled) -> Assembled:
    """One that moves futures, as if it had learnt to."""
    torch.manual_seed(1)
    for name, parameter in refinement(made).named_parameters():
        if name.startswith("out."):
            torch.nn.init.normal_(parameter, std=0.3)
    return made


def cars(made: Assembled, count: int = 60) -> TrajectoryBatch:
    found = next(iter(made.task.test(count, 0)))
    assert isinstance(found, TrajectoryBatch)
    return found


def remember(made: Assembled) -> None:
    """Some cars of the training lie in the memory."""
    model, agents = network(made), taken(made.task.batch(20, generator("memory")))
    with torch.no_grad():
        model._presented(agents, seeds=20)


def streamed(made: Assembled, edits: tuple[Edit, ...] = ()) -> tuple[dict[str, np.ndarray], torch.Tensor]:
    episode, recorder = made.task.episode(EpisodeWish(seed=0)), Recorder()
    with torch.no_grad():
        outputs = made.model.replay(episode, Editor(edits, recorder) if edits else recorder)
    return recorder.arrays(episode.steps), outputs


@pytest.mark.parametrize(
    "promise",
    [
        promises.test_no_channel_is_recorded_but_as_it_is_declared,
        promises.test_recording_changes_nothing,
        promises.test_episodes_of_one_batch_do_not_touch_each_other,
        promises.test_replaying_an_episode_gives_what_running_it_gives,
        promises.test_every_parameter_gets_a_gradient,
        promises.test_the_quick_path_gives_the_outputs_and_gradients_of_the_readable_one,
        promises.test_the_same_seed_makes_the_same_weights_and_another_seed_others,
    ],
    ids=lambda promise: promise.__name__,
)
def test_what_every_model_promises_holds_with_a_map_too(promise: Callable[[Pair], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(pairing.SMALL, "refinement", BY_MAP)

    promise(JUNCTIONS)


def test_without_the_setting_there_is_no_parameter_more_and_the_others_begin_the_same() -> None:
    plain, refining = (dict(small(refinement=wish).model.named_parameters()) for wish in ("none", BY_MAP))

    assert not [name for name in plain if name.startswith("refinement.")]
    assert all(torch.equal(refining[name], value) for name, value in plain.items())


def test_a_task_without_a_map_is_refused_in_a_sentence() -> None:
    for task, wished in (("junctions", {"map": False}), ("social", {})):
        with pytest.raises(BadInputError, match="refinement: 'map' needs a task that gives a map, and here is none"):
            small(task=task, **wished)


def test_the_map_lies_where_the_cars_drive() -> None:
    """All roads but those with several lanes go on for 7.5 metres to a car's left and for 1.5 to its right."""
    made = small()
    batch = cars(made, 200)
    ground, agents = ground_of(batch), taken(batch)
    assert ground is not None
    sides = torch.tensor([[-3.6, 0.0], [3.6, 0.0]]).expand(200, -1, -1)
    has_lanes = torch.tensor([made.task.kinds[kind].startswith("lanes") for kind in batch.kind.tolist()])

    there = looked_up(ground, agents.frame, agents.future)

    assert (there > 0).float().mean() > 0.97
    left, right = looked_up(ground, agents.frame, sides).unbind(1)
    assert (left > 0).all()
    assert torch.equal(right > 0, has_lanes)
    assert 0 < has_lanes.sum() < 200


def looked_up(ground: Ground, frame: Frame, points: torch.Tensor) -> torch.Tensor:
    """What a turned map says at points in the agents' frames, `(n, F)`: the nearest pixel, counted by hand."""
    picture = ground.inside(frame)[:, 0]
    side = picture.shape[-1]
    pixel = (2 * ground.reach / side).reshape(-1, 1)
    column = ((points[..., 0] + ground.reach.reshape(-1, 1)) / pixel).floor().long().clamp(0, side - 1)
    row = ((ground.reach.reshape(-1, 1) - points[..., 1]) / pixel).floor().long().clamp(0, side - 1)
    return picture[torch.arange(len(points)).unsqueeze(1), row, column]


def test_a_map_reaches_to_the_outer_edge_of_its_last_pixels_and_nothing_is_known_beyond() -> None:
    picture = torch.zeros(1, 4, 4)
    picture[0, 0, 3] = 1  # the north-east corner: from 5 to 10 metres both ways
    ground = Ground(picture, torch.tensor([10.0]), torch.tensor([[100.0, 200.0]]))
    here = Frame(torch.tensor([[100.0, 200.0]]), torch.eye(2)[None])
    eight_on = Frame(torch.tensor([[108.0, 200.0]]), torch.eye(2)[None])

    assert torch.equal(ground.inside(here)[0, 0], 2 * picture[0] - 1)
    assert ground.inside(eight_on)[0, 0, 0].tolist() == [-1, 1, 0, 0]  # pixels at 0.5, 5.5, 10.5 and 15.5 metres to the east


def test_where_north_is_and_where_the_origin_is_changes_nothing() -> None:
    made = awake(small())
    remember(made)
    batch = cars(made, 12)
    assert batch.map is not None
    turn = torch.tensor([[0.0, -1.0], [1.0, 0.0]])  # a quarter to the left
    moved = replace(
        batch, past=batch.past @ turn.T + 30, future=batch.future @ turn.T + 30, map=torch.rot90(batch.map, 1, (1, 2))
    )

    with torch.no_grad():
        here, there, astray = made.model(batch), made.model(moved), made.model(replace(moved, map=batch.map))

    torch.testing.assert_close(there, here @ turn.T + 30, atol=2e-2, rtol=1e-3)
    assert not torch.allclose(astray, there, atol=2e-2)


def test_every_agent_of_a_scene_looks_at_the_same_map_from_where_it_is() -> None:
    batch = cars(small(), 5)
    two = replace(batch, past=torch.cat((batch.past, batch.past + torch.tensor([6.0, -3.0])), 1))
    ground = ground_of(two)
    assert ground is not None
    points = two.past.flatten(0, 1)[:, -5:]
    first = ground.only(slice(0, None, 2))
    at_first = frame_of(two.past[:, 0])

    for agent in (0, 1):
        frame = frame_of(two.past[:, agent])
        own = ground.only(slice(agent, None, 2))
        world = points[agent::2]
        seen = looked_up(own, frame, frame.inside(world)), looked_up(first, at_first, at_first.inside(world))
        assert (seen[0] == seen[1]).float().mean() > 0.9  # but for edges, where a turned pixel may fall to either side


def test_it_begins_by_moving_nothing() -> None:
    made, plain = small(), small(refinement="none")
    remember(made)
    remember(plain)
    batch = cars(made, 12)

    with torch.no_grad():
        assert torch.equal(made.model(batch), plain.model(batch))
        assert torch.equal(made.model.variants(batch)["unrefined"], plain.model(batch))


def test_it_is_the_last_of_four_stages_that_alone_moves_it_and_leaves_the_memory_as_it_is() -> None:
    made = small(batch=4, refinement=BY_MAP)
    model, learner = network(made), Learner(made.model, "adam")
    stages = stages_of(ENTRY.card, {"refinement": BY_MAP})
    ends = stage_ends(stages, 90)
    moved: dict[str, set[str]] = {}

    for update in range(1, 91):
        weights = {name: value.clone() for name, value in model.named_parameters()}
        rows = model.bank.rows
        model.before_update(update, 90)
        learner.flat.gradients.zero_()
        learner.learn(made.task.batch(4, generator("x", update)), torch.mean)
        learner.step(1e-3, update)
        model.after_update()
        stage = next(stage.name for stage, end in zip(stages, ends, strict=True) if update <= end)
        moved.setdefault(stage, set()).update(
            name.partition(".")[0] for name, value in model.named_parameters() if not torch.equal(weights[name], value)
        )
        assert model.is_ready == (update == 90)
        assert stage != "refinement" or model.bank.rows == rows

    assert moved == {
        "autoencoder": {"codec"}, "writing controller": {"controller"}, "memory filling": set(), "refinement": {"refinement"}
    }  # fmt: skip
    assert ends[:3] == stage_ends(stages_of(ENTRY.card, {}), 60)
    assert len(stages_of(ENTRY.card, {})) == 3


def test_learning_brings_the_best_of_the_futures_nearer() -> None:
    made = small()
    remember(made)
    model, learner = network(made), Learner(made.model, "adam")
    model.before_update(9, 10)  # of the last stage
    assert model.learning == ("refinement.",)
    batch = made.task.batch(40, generator("x"))
    errors = []

    for update in range(1, 41):
        learner.flat.gradients.zero_()
        errors.append(learner.learn(batch, torch.mean))
        learner.step(3e-3, update)

    assert errors[-1] < 0.8 * errors[0]


def test_a_stream_shows_the_futures_after_every_look_and_the_last_is_foreseen() -> None:
    made = awake(small())
    shown, outputs = streamed(made)
    rounds = shown["refine.futures"]
    before, said = streamed(small(refinement="none"))

    assert rounds.shape == (8, ROUNDS + 1, 5, 40, 2)
    np.testing.assert_array_equal(rounds[:, -1], outputs[:, 0])
    np.testing.assert_allclose(rounds[:, 0], said[:, 0], atol=1e-4)
    assert (np.abs(np.diff(rounds, axis=1)).max((2, 3, 4)) > 1e-3).all()
    for name in ("write.success", "write.stored", "memory.alive"):
        np.testing.assert_array_equal(shown[name], before[name])  # what is stored does not depend on the map


def test_a_future_that_a_reader_moves_between_two_looks_is_looked_at_from_there() -> None:
    made = awake(small())
    plain, _ = streamed(made)
    edit = Edit(act="set", channel="refine.futures", step=4, index=(2, 1, 39), values=(0.0, 0.0))

    shown, _ = streamed(made, (edit,))

    changed = np.abs(shown["refine.futures"] - plain["refine.futures"]).max((3, 4)) > 1e-5
    assert changed[4, 2:, 1].all()
    assert changed.sum() == ROUNDS - 1


def test_a_sample_that_is_put_elsewhere_has_no_map() -> None:
    made = awake(small())
    past = made.task.episode(EpisodeWish(seed=0)).batch.past[3, 0] + 500
    edits = tuple(
        Edit(act="set", channel="input.past", step=3, index=(place,), values=tuple(point.tolist()))
        for place, point in enumerate(past)
    )

    shown, outputs = streamed(made, edits)

    assert np.isnan(shown["refine.futures"]).all((1, 2, 3, 4)).tolist() == [step == 3 for step in range(8)]
    assert torch.isfinite(outputs).all()


def test_a_run_with_the_last_stage_takes_half_as_long_again_unless_its_length_is_said() -> None:
    usual, longer, said = small(refinement="none"), small(), small(updates=70)

    assert int(longer.settings["updates"]) == 1.5 * int(usual.settings["updates"])
    assert said.settings["updates"] == 70
