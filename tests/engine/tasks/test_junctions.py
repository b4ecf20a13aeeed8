"""Junctions as a task: what the streams are made of, and that a memory of what was seen helps where nothing else does."""

import numpy as np
import pytest
import torch

from engine.blocks.frames import frame_of
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks import junctions
from engine.tasks.base import BadInputError, TrajectoryEpisode
from engine.tasks.junctions import Junctions, shares
from engine.tasks.trajectory import trajectories
from engine.trajectories.junctions import SORTS, U_TURN


def task(**wished: Value) -> Junctions:
    return junctions.build(read_settings(junctions.ENTRY.card.settings, wished), {}, None)


def stream(length: int = 100, **wished: Value) -> TrajectoryEpisode:
    return task(stream="phases", length=length, **wished).episode(EpisodeWish(seed=3))


def manoeuvres(kind: torch.Tensor) -> set[str]:
    return {SORTS[n].manoeuvre for n in kind.tolist()}


def roads(kind: torch.Tensor) -> set[str]:
    return {SORTS[n].road for n in kind.tolist()}


def test_a_stream_in_phases_brings_crossings_then_u_turns_and_goes_back() -> None:
    episode = stream(400)
    kinds = [episode.batch.kind[episode.phase == number] for number in range(4)]

    assert [len(kind) for kind in kinds] == [100, 120, 100, 80]
    assert [("crossing" in roads(kind), U_TURN in manoeuvres(kind)) for kind in kinds] == [
        (False, False), (True, False), (True, True), (False, False),
    ]  # fmt: skip


def test_each_phase_is_tested_by_its_own_sort_and_the_last_by_cars_of_the_first() -> None:
    episode = stream()

    assert [test.size for test in episode.tests] == [50] * 4
    assert U_TURN in manoeuvres(episode.tests[2].kind)
    assert (episode.tests[3].past == episode.tests[0].past).all()


def test_the_stream_says_where_its_phases_begin() -> None:
    made = task(stream="phases", length=20)
    episode = made.episode(EpisodeWish(seed=3))

    phases = made.show(episode, torch.zeros(20, 1, 5, 40, 2)).phases

    assert [(phase.name[0], phase.first, phase.last) for phase in phases] == [
        ("A", 0, 4),
        ("B", 5, 10),
        ("C", 11, 15),
        ("D", 16, 19),
    ]


@pytest.mark.parametrize("length", [1, 2, 3, 5, 7, 40, 501])
def test_a_stream_of_any_length_is_parted_whole(length: int) -> None:
    episode = stream(length)

    assert sum(shares(length)) == length == episode.steps == len(episode.texts) == len(episode.phase)


def test_a_mixed_stream_is_one_stretch_with_one_test() -> None:
    episode = task(length=30).episode(EpisodeWish(seed=1))

    assert len(episode.tests) == 1
    assert set(episode.phase.tolist()) == {0}
    assert U_TURN not in manoeuvres(episode.batch.kind)


def test_no_car_of_a_stream_or_a_test_is_one_of_the_training() -> None:
    made = task(length=50, samples=300)
    seen = {tuple(row) for row in made.training().past[:, 0, 0].tolist()}
    strange = [made.episode(EpisodeWish(seed=0)).batch, *made.test(50, 0), made.held_out()]

    assert not any(tuple(row) in seen for batch in strange for row in trajectories(batch).past[:, 0, 0].tolist())


def test_with_u_turns_training_and_test_have_them() -> None:
    made = task(u_turns=True, samples=300)

    assert all(U_TURN in manoeuvres(trajectories(batch).kind) for batch in (made.training(), made.held_out(), *made.test(200, 0)))


def test_without_the_map_there_is_none() -> None:
    made = task(map=False, length=3)
    episode = made.episode(EpisodeWish(seed=0))

    shown = made.show(episode, torch.zeros(3, 1, 5, 40, 2))

    assert made.interface["map"] == 0
    assert "scene.map" not in shown.arrays


def test_the_map_is_centred_on_the_car_which_is_on_a_road() -> None:
    made = task(length=30)

    batch = made.episode(EpisodeWish(seed=0)).batch

    assert batch.map is not None
    assert batch.map[:, 39:41, 39:41].mean() > 0.95


def test_a_memory_of_what_was_seen_finds_most_futures_where_a_regression_finds_one() -> None:
    """The nearest of all training pasts, with the futures that followed them; no network, and the page's figures."""
    made = task()
    known, asked = made.training(), next(made.test(250, 5))
    mine, theirs = frame_of(asked.past[:, 0]), frame_of(known.past[:, 0])
    apart = torch.cdist(mine.inside(asked.past[:, 0]).flatten(1), theirs.inside(known.past[:, 0]).flatten(1))
    near = apart.topk(5, largest=False).indices

    scores = made.score(mine.outside(theirs.inside(known.future[:, 0])[near]).unsqueeze(1), asked)
    ade = {name: float(scores[name].mean()) for name in ("ade", "by_k.1.ade", "constant_velocity.ade", "linear_regression.ade")}

    assert scores["mode_coverage"].mean() > 0.85
    assert ade["ade"] < 0.2 * ade["linear_regression.ade"]
    assert ade["by_k.1.ade"] > 0.5 * ade["linear_regression.ade"]
    assert 3.4 < ade["constant_velocity.ade"] < 4.6


def test_the_drawn_truth_is_found_and_nothing_else_is() -> None:
    made = task()
    asked = trajectories(made.held_out())

    found = made.score(asked.future.unsqueeze(2), asked)["mode_coverage"]

    np.testing.assert_allclose(found, 1 / asked.valid.isfinite().all(-1).all(-1).sum(-1))


def test_a_folder_of_data_is_refused(tmp_path) -> None:
    with pytest.raises(BadInputError, match="draws its own cars"):
        junctions.build(read_settings(junctions.ENTRY.card.settings, {}), {}, tmp_path)
