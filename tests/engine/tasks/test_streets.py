"""Streets as a task: the published split, who stands still, and the figures of the sample that we have."""

from pathlib import Path

import pytest
import torch
from watched_files import folder_for

from engine.contract.cards import Value, read_settings
from engine.contract.files import BadFileError
from engine.tasks import streets
from engine.tasks.base import BadInputError
from engine.tasks.streets import StreetTask
from engine.tasks.trajectory import trajectories


def task(folder: Path | None = None, **wished: Value) -> StreetTask:
    return streets.build(read_settings(streets.ENTRY.card.settings, wished), {}, folder or folder_for("streets"))


def figures(made: StreetTask) -> dict[str, float]:
    found: dict[str, list[torch.Tensor]] = {}
    for batch in made.test(10_000, 0):
        for name, values in made.score(batch.future.unsqueeze(2), batch).items():
            found.setdefault(name, []).append(values)
    return {name: float(torch.cat(values).nanmean()) for name, values in found.items()}


def test_on_real_streets_going_on_is_as_far_off_as_published(kitti_folder: Path) -> None:
    """Of all 2,907 windows 2.36 and 5.95 metres are known; these are 120 of them."""
    found = figures(task(kitti_folder))

    assert found["constant_velocity.ade"] == pytest.approx(2.36, rel=0.1)
    assert found["constant_velocity.fde"] == pytest.approx(5.954, rel=0.1)
    assert found["linear_regression.ade"] < found["constant_velocity.ade"] < found["standing_still.ade"]


def test_the_sample_is_parted_by_drive(kitti_folder: Path) -> None:
    made = task(kitti_folder)

    assert made.training().size + trajectories(made.held_out()).size == 380
    assert sum(batch.size for batch in made.test(10_000, 0)) == 120
    assert "Pedestrian" in made.kinds


def test_who_stands_while_seen_stands_throughout_or_is_left_out_or_stays_as_seen(kitti_folder: Path) -> None:
    still, seen, left = (task(kitti_folder, standing=how) for how in ("still", "as seen", "left out"))
    (one,), (other,) = ([*made.test(10_000, 0)][:1] for made in (still, seen))

    stands = (one.past == one.past[:, :, -1:]).all(-1).all(-1).all(-1)

    assert 0 < stands.sum() < len(stands)
    assert (one.future[stands] == one.past[stands][:, :, -1:]).all()
    assert (one.past[~stands] == other.past[~stands]).all()
    assert sum(batch.size for batch in left.test(10_000, 0)) == 103
    assert still.untested() == "17 windows of the test in which the past stands are taken to stand still"
    assert seen.untested() == ""


def test_what_is_held_out_is_of_other_tracks_than_what_is_trained_on() -> None:
    made = task()

    trained = {tuple(step) for step in (made.training().past[:, 0, 1] - made.training().past[:, 0, 0]).tolist()}
    held = trajectories(made.held_out())

    assert held.size > 0
    assert not trained & {tuple(step) for step in (held.past[:, 0, 1] - held.past[:, 0, 0]).tolist()}


def test_without_files_it_says_what_it_needs() -> None:
    with pytest.raises(BadInputError, match=r"streets needs real files: .* \(--data FOLDER\)"):
        streets.build(read_settings(streets.ENTRY.card.settings, {}), {}, None)


def test_a_folder_without_a_file_or_with_two_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="it holds no json file"):
        task(tmp_path)

    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "b.json").write_text("{}")

    with pytest.raises(BadFileError, match=r"a\.json and b\.json are both there"):
        task(tmp_path)
