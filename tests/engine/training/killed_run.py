"""Trains in a process of its own, for a test that kills it: `python killed_run.py FOLDER UPDATES`."""

import sys
from pathlib import Path

from engine.contract.results import RunCard
from engine.training.run import TrainingRun

SETTINGS = {"bits": 2, "max_length": 3, "slots": 5, "slot_width": 3, "hidden": 6, "batch": 2, "learning_rate": 1e-3}


def train(folder: Path, updates: int) -> None:
    """Begin or go on, to the end."""
    if (folder / "run.json").exists():
        run = TrainingRun.resume(folder)
    else:
        run = TrainingRun.start(folder, RunCard(model="ntm", task="copy", settings=dict(SETTINGS), seed=3, updates=updates))
    while run.update < run.planned:
        if run.checkpoint_due:
            run.save()
        run.advance()
    run.finish()


if __name__ == "__main__":
    train(Path(sys.argv[1]), int(sys.argv[2]))
