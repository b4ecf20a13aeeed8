"""A run that is trained in two stages whose losses lie far apart, on a made-up state: for tests of the window."""

from dataclasses import replace

from app.state.training import Run
from engine.contract.cards import Stage
from engine.contract.messages import CheckpointSaved, Progress, RunStarted
from fake_traces import MEMN2N, NTM
from scripted import Desk, desk, greeting

STAGES = (
    Stage(name="autoencoder", says="Both codes learn.", until=0.6, loss_unit="square metres, seeing the future"),
    Stage(name="memory filling", says="Nothing moves any more.", until=1.0, loss_unit="share of samples stored"),
)
STAGED = replace(NTM, stages=STAGES, loss_unit="the loss of its stage")
PLANNED = 100


def staged_desk(update: int = 80, several: bool = False) -> tuple[Desk, Run]:
    """A run of 100 updates that has come so far: costs of 500 to 441 in the first 60, of 0.9 and less after that."""
    table = desk(ready=False)
    table.state.apply(greeting(models=(STAGED, MEMN2N)))
    run = table.state.trainer.start("ntm", "copy", {}, seed=0, updates=PLANNED, is_one_of_several=several)
    table.state.apply(RunStarted(run=run.run, update=0, parameters=10, learning_rate=1e-3))
    table.state.apply(CheckpointSaved(run=run.run, update=0, held_out=600.0, is_best=False))
    advance(table, run, update)
    return table, run


def advance(table: Desk, run: Run, update: int) -> None:
    """Let it go on to an update."""
    first = run.points[-1][0] + 1 if run.points else 1
    points = tuple((number, _cost(number)) for number in range(first, update + 1))
    table.state.apply(Progress(run=run.run, update=update, points=points, updates_per_second=50.0))
    for number in (60, 80, 100):
        if first <= number <= update:
            table.state.apply(CheckpointSaved(run=run.run, update=number, held_out=_cost(number) * 1.1, is_best=number > 60))


def _cost(update: int) -> float:
    return 501.0 - update if update <= 60 else 1.5 - update / 100
