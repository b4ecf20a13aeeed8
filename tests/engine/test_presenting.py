"""Another sample presented instead: an edit of what a network on a stream takes from the probe is seen, judged and stored."""

import numpy as np
import pytest
import torch

from engine.blocks.probe import Editor, Recorder
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import RunCard
from engine.recording import record
from engine.sources import Opened, open_source
from engine.tasks.base import BadInputError
from engine.training.run import TrainingRun

SMALL = {"width": 6, "slots": 60, "futures": 5, "train": 40, "phases": "6,6,6,6"}
STEP, OTHER = 5, 15


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """A network after a few updates; what it knows does not matter here."""
    folder = tmp_path_factory.mktemp("presenting") / "run"
    wanted = {name: value for name, value in SMALL.items() if name in {"width", "slots", "futures"}}
    run = TrainingRun.start(
        folder, RunCard(model="mantra", task="junctions", settings={**wanted, "batch": 4}, seed=0, updates=12)
    )
    while not run.is_over:
        run.advance()
    run.finish()
    return open_source(Source(place=str(folder)))


def _instead(values: dict[str, np.ndarray]) -> tuple[Edit, ...]:
    return tuple(
        Edit(act="set", channel=name, step=STEP, index=(), values=tuple(float(v) for v in value.reshape(-1)))
        for name, value in values.items()
    )


def test_a_value_of_two_axes_can_be_set_whole() -> None:
    recorder = Recorder()
    editor = Editor([Edit(act="set", channel="input.past", step=0, index=(), values=(1.0, 2.0, 3.0, 4.0))], recorder)
    editor.at(0)

    given = editor("input.past", torch.zeros(1, 2, 2))

    assert given[0].tolist() == [[1.0, 2.0], [3.0, 4.0]]


def test_the_network_meets_the_other_sample_and_stores_it_as_it_was(opened: Opened) -> None:
    wish = EpisodeWish(seed=0)
    before = record(opened, wish)
    names = ("input.past", "input.future")

    after = record(opened, wish, _instead({name: np.asarray(before.arrays[name][OTHER]) for name in names}))

    for name in names:
        np.testing.assert_allclose(after.arrays[name][STEP], before.arrays[name][OTHER], atol=1e-4)
        np.testing.assert_array_equal(after.arrays[name][STEP + 1], before.arrays[name][STEP + 1])
    np.testing.assert_array_equal(after.arrays["match.key"][:STEP], before.arrays["match.key"][:STEP])
    np.testing.assert_allclose(after.arrays["match.key"][STEP], before.arrays["match.key"][OTHER], atol=1e-4)


def test_what_is_foreseen_is_judged_by_what_came_of_the_other_sample(opened: Opened) -> None:
    wish = EpisodeWish(seed=0)
    before = record(opened, wish)
    names = ("input.past", "input.future")

    after = record(opened, wish, _instead({name: np.asarray(before.arrays[name][OTHER]) for name in names}))

    np.testing.assert_allclose(after.arrays["scene.past"][STEP, 0], before.arrays["input.past"][OTHER], atol=1e-4)
    np.testing.assert_allclose(after.arrays["scene.future"][STEP, 0], before.arrays["input.future"][OTHER], atol=1e-4)
    distance = np.linalg.norm(after.arrays["scene.foreseen"][STEP, 0] - after.arrays["scene.future"][STEP, 0], axis=-1)
    assert distance[:5].mean(-1).min() == pytest.approx(float(after.arrays["scene.error"][STEP]), abs=1e-3)


def test_values_of_another_number_are_refused_in_a_sentence(opened: Opened) -> None:
    with pytest.raises(BadInputError, match="3 values are given; 40 are needed"):
        record(opened, EpisodeWish(seed=0), _instead({"input.past": np.zeros(3)}))
