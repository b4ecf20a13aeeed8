"""Real files with plain commands: what a recipe sets is good enough to foresee better than constant velocity.

Measured once (one seed, mean distance in metres of the best of 1, 5, 20 futures; constant velocity): MANTRA on zara1 0.80, 0.39,
0.28 (0.43), on hotel 0.77, 0.28, 0.16 (0.32), on the sample of KITTI 2.34, 0.99, 0.72 (2.32); SMEMO on zara1 0.49, 0.34, 0.23, on
hotel 0.40, 0.28, 0.19. The longer ones are run only with SLOTSCOPE_LONG=1: they take several minutes.
"""

import os
from pathlib import Path

import pytest

from engine.contract.messages import Source
from engine.contract.results import RunCard
from engine.sources import open_source
from engine.training.evaluate import evaluate
from engine.training.run import TrainingRun

Table = dict[str, dict[str, float]]

long = pytest.mark.skipif(not os.environ.get("SLOTSCOPE_LONG"), reason="trains for minutes; SLOTSCOPE_LONG=1 runs it")


def measured(run: Path, data: Path, model: str, task: str, **wished: str) -> tuple[Table, float]:
    """Train as `slotscope train MODEL TASK --data DATA` does and evaluate: by how many futures, and constant velocity."""
    training = TrainingRun.start(run, RunCard(model=model, task=task, settings={**wished}, seed=0, updates=0), data)
    while not training.is_over:
        training.advance()
        if training.checkpoint_due:
            training.save()
    training.finish()
    found = evaluate(open_source(Source(place=str(run)), {}, data), 100_000, 0, lambda done, total: True).metrics
    by_k, plain = found["by_k"], found["constant_velocity"]
    assert isinstance(by_k, dict)
    assert isinstance(plain, dict)
    return by_k, plain["ade"]  # type: ignore[return-value]  # its rows are tables of numbers


def holds(by_k: Table, plain: float) -> None:
    """More futures are never worse, and five are better than one that just goes on."""
    assert by_k["20"]["ade"] <= by_k["10"]["ade"] <= by_k["5"]["ade"] <= by_k["1"]["ade"]
    assert by_k["5"]["ade"] < plain


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("scene", ["zara1", pytest.param("hotel", marks=long)])
def test_mantra_on_crowds(crowds_folder: Path, tmp_path: Path, scene: str) -> None:
    holds(*measured(tmp_path / "run", crowds_folder, "mantra", "crowds", scene=scene))


@long
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_mantra_on_streets(kitti_folder: Path, tmp_path: Path) -> None:
    holds(*measured(tmp_path / "run", kitti_folder, "mantra", "streets"))


@long
@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_smemo_on_crowds(crowds_folder: Path, tmp_path: Path) -> None:
    holds(*measured(tmp_path / "run", crowds_folder, "smemo", "crowds", scene="zara1"))
