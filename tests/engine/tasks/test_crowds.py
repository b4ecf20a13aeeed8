"""Crowds as a task: which place is tested, what is trained on, and the published figures of two places."""

from pathlib import Path

import pytest
import torch
from watched_files import crowd_text, folder_for

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.files import BadFileError
from engine.contract.messages import EpisodeWish
from engine.tasks import crowds
from engine.tasks.base import BadInputError, TrajectoryBatch
from engine.tasks.crowds import Crowds
from engine.tasks.trajectory import trajectories
from engine.tasks.trajectory_batches import PACE, varied


def task(folder: Path | None = None, **wished: Value) -> Crowds:
    return crowds.build(read_settings(crowds.ENTRY.card.settings, wished), {}, folder or folder_for("crowds"))


def measured(made: Crowds, name: str) -> float:
    scores = []
    for batch in made.test(10_000, 0):
        scores.append(made.score(batch.past[:, :, None, -1:].expand(-1, -1, 1, 12, -1), batch)[name])
    return float(torch.cat(scores).nanmean())


@pytest.mark.parametrize(("scene", "count", "ade", "fde"), [("hotel", 301, 0.323, 0.617), ("zara1", 602, 0.431, 0.960)])
def test_the_published_places_give_the_published_figures(
    crowds_folder: Path, scene: str, count: int, ade: float, fde: float
) -> None:
    made = task(crowds_folder, scene=scene)

    assert sum(batch.size for batch in made.test(10_000, 0)) == count
    assert round(measured(made, "constant_velocity.ade"), 3) == ade
    assert round(measured(made, "constant_velocity.fde"), 3) == fde


def test_alone_every_pedestrian_is_a_sample_and_the_figures_stay(crowds_folder: Path) -> None:
    made = task(crowds_folder, scene="hotel", agents="alone")

    assert made.interface["agents"] == 1
    assert sum(batch.size for batch in made.test(10_000, 0)) == 1053
    assert round(measured(made, "constant_velocity.ade"), 3) == 0.323


def test_the_tested_place_is_never_trained_on() -> None:
    one, other = task(scene="hotel"), task(scene="zara1")

    (tested,) = list(one.test(1000, 0))
    trained = {tuple(place) for place in one.training().past[:, 0, 0].tolist()}

    assert not trained & {tuple(place) for place in trajectories(tested).past[:, 0, 0].tolist()}
    assert trained <= {tuple(place) for batch in other.test(1000, 0) for place in batch.past[:, 0, 0].tolist()}


def test_what_is_held_out_comes_later_in_the_file_than_what_is_trained_on() -> None:
    made = task()
    places = {tuple(place) for place in made.training().past[:, 0, 0].tolist()}

    assert trajectories(made.held_out()).size > 0
    assert not places & {tuple(place) for place in made.held_out().past[:, 0, 0].tolist()}


def test_a_place_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(BadInputError, match="there is no file of 'eth' in .*; there are hotel, zara1"):
        task(scene="eth")


def test_without_files_it_says_what_it_needs() -> None:
    with pytest.raises(BadInputError, match=r"crowds needs real files: .* \(--data FOLDER\)"):
        crowds.build(read_settings(crowds.ENTRY.card.settings, {}), {}, None)


def test_the_files_are_found_in_the_one_folder_below_that_holds_any(tmp_path: Path) -> None:
    (tmp_path / "more" / "eth_ucy").mkdir(parents=True)
    (tmp_path / "more" / "eth_ucy" / "biwi_hotel.txt").write_text(crowd_text(0))

    assert task(tmp_path).untested() == "tested on hotel"


def test_files_in_several_folders_below_are_not_guessed_at(tmp_path: Path) -> None:
    for name in ("eth", "ucy"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "biwi_hotel.txt").write_text(crowd_text(0))

    with pytest.raises(BadFileError, match="there are some in the folders eth and ucy: name one of them"):
        task(tmp_path)


def test_varied_scenes_keep_their_shape(tmp_path: Path) -> None:
    plain = task().batch(6, generator("a"))
    made = varied(plain, generator("b"))

    def apart(batch: TrajectoryBatch) -> torch.Tensor:
        """How far any two points of a scene are from each other, at most."""
        points = torch.cat((batch.past, batch.future), 2).flatten(1, 2)
        return torch.cdist(points, points).where((there(batch)[:, None] & there(batch)[:, :, None]), 0).amax((1, 2))

    def there(batch: TrajectoryBatch) -> torch.Tensor:
        return batch.present.repeat_interleave(20, 1)

    times = apart(made) / apart(plain)
    assert torch.equal(made.present, plain.present)
    assert (made.past[~made.present] == 0).all()
    assert (made.future[~made.present] == 0).all()
    assert ((times > 1 / PACE - 1e-4) & (times < PACE + 1e-4)).all()
    assert times.std() > 0
    assert not torch.allclose(made.past, plain.past)


def test_files_as_large_as_the_published_ones_are_read_and_parted_so_that_they_fit(tmp_path: Path) -> None:
    (tmp_path / "students001.txt").write_text(crowd_text(0, 450, 50, 0))  # about as many rows as it has, and as full
    (tmp_path / "biwi_hotel.txt").write_text(crowd_text(1, 450, 50, 0))
    made = task(tmp_path, scene="univ")

    tests = list(made.test(10_000, 0))

    assert sum(int(batch.present.sum()) for batch in tests) == 431 * 50
    assert max(batch.present.numel() for batch in tests) <= 1000
    assert trajectories(made.held_out()).present.numel() <= 2000
    assert made.batch(64, torch.Generator()).present.shape == (5, 50)
    assert made.batch(64, torch.Generator()).present.all()


def test_a_file_of_a_camera_is_no_recording(tmp_path: Path) -> None:
    (tmp_path / "biwi_hotel.txt").write_text(crowd_text(0))
    (tmp_path / "H_hotel.txt").write_text("1 0 0\n0 1 0\n0 0 1\n")

    assert task(tmp_path).untested() == "tested on hotel"


def test_with_the_test_alone_a_figure_can_be_had_but_no_training(tmp_path: Path) -> None:
    (tmp_path / "square.txt").write_text(crowd_text(0))
    made = task(tmp_path, scene="square")

    assert measured(made, "ade") > 0
    with pytest.raises(BadInputError, match="nothing to train on"):
        made.batch(2, torch.Generator())


def test_a_place_where_nobody_stays_is_refused(tmp_path: Path) -> None:
    (tmp_path / "biwi_hotel.txt").write_text("0 1 0 0\n10 1 1 1\n")

    with pytest.raises(BadInputError, match="in no 20 frames in a row of hotel are 2 pedestrians there all the time"):
        task(tmp_path)


def test_beside_a_figure_of_eth_stands_that_its_clock_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "biwi_eth.txt").write_text(crowd_text(0))
    (tmp_path / "biwi_hotel.txt").write_text(crowd_text(1))

    assert "its clock is wrong" in task(tmp_path, scene="eth").untested()
    assert "its clock is wrong" not in task(tmp_path, scene="hotel").untested()


def test_weights_that_have_seen_a_place_are_not_said_to_be_tested_on_it() -> None:
    trained = task(scene="hotel").state()
    wished = read_settings(crowds.ENTRY.card.settings, {"scene": "zara1"})

    again = crowds.build(wished, trained, folder_for("crowds"))

    assert again.untested() == "tested on zara1, trained on zara1; zara1 was trained on, so this is no test"
    assert again.state() == trained


def test_a_stream_shows_scenes_of_the_tested_place_and_is_tested_by_others() -> None:
    made = task(length=8)

    episode = made.episode(EpisodeWish(seed=1))

    shown = {tuple(place) for place in episode.batch.past[:, 0, 0].tolist()}
    assert episode.steps == 8
    assert not shown & {tuple(place) for place in episode.tests[0].past[:, 0, 0].tolist()}


def test_ones_own_trajectory_is_resampled_to_what_is_seen_here() -> None:
    assert task().episode(EpisodeWish(own="0,0 7,0")).batch.past[0, 0, :, 0].tolist() == pytest.approx(list(range(8)))
