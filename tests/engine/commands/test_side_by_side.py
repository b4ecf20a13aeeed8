"""Trainings side by side: what becomes of one does not touch the others."""

import multiprocessing
from pathlib import Path

from engine.commands.side_by_side import Outcome, train_side_by_side
from engine.contract.messages import AnyEvent, CheckpointSaved, RunId, StartRun

SETTINGS = {"bits": 2, "max_length": 2, "slots": 4, "slot_width": 3, "hidden": 6, "batch": 2}


class Killer:
    """Kills the process of the first training as soon as it has saved something, and stops the last before it begins."""

    def __init__(self) -> None:
        self.outcomes: dict[int, Outcome] = {}

    def hears(self, number: int, event: AnyEvent) -> None:
        if number == 0 and isinstance(event, CheckpointSaved) and event.update:
            multiprocessing.active_children()[0].kill()

    def takes(self, number: int, outcome: Outcome) -> None:
        self.outcomes[number] = outcome

    def needless(self) -> tuple[int, ...]:
        return (2,)


def test_a_process_that_is_killed_is_told_of_and_the_next_training_begins(tmp_path: Path) -> None:
    commands = [
        StartRun(
            run=RunId(str(tmp_path / str(seed))), folder=str(tmp_path / str(seed)), model="ntm", task="copy",
            settings={**SETTINGS}, seed=seed, updates=3 if seed else 100_000,
        )
        for seed in range(3)
    ]  # fmt: skip
    watch = Killer()

    train_side_by_side(commands, 1, tmp_path, watch)

    assert [watch.outcomes[number].reason for number in (0, 1)] == ["failed", "finished"]
    assert "was killed" in watch.outcomes[0].detail
    assert watch.outcomes[0].updates > 0
    assert not (tmp_path / "2").exists()
