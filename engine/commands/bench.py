"""The verb `bench-engine`: how fast this machine records and trains; `slotscope bench` joins it with the window's figures."""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from engine.blocks.bank import Bank
from engine.blocks.probe import silent
from engine.blocks.seeding import generator
from engine.commands.terminal import AsJson, print_json, print_table, say
from engine.compiling import make_all
from engine.contract.cards import Settings
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import RunCard
from engine.models.base import MemoryModel
from engine.recording import record
from engine.registry import catalogue, model_entry
from engine.sources import Opened, exhibit_cards, open_source
from engine.tasks.base import Batch, Episode
from engine.training.assemble import assemble
from engine.training.optimiser import FlatParameters, make_optimiser
from engine.training.run import TrainingRun
from engine.training.schedule import most_checkpoints

TIMES = 15
WARMING = 2
IN_A_ROW = 6
"""The first times pay for what is made once; then each has its turn of so many calls in a row."""
LENGTH = 20
SLOTS, FEATURES, FUTURES = 100_000, 48, 20
"""Of a memory that grows, as large as it may be: its slots, numbers in a key, and how many slots are retrieved."""

TRAININGS: tuple[tuple[str, str, int, Settings], ...] = (
    ("rnn", "copy", 32, {"length": LENGTH}),
    ("lstm", "copy", 32, {"length": LENGTH}),
    ("gru", "copy", 32, {"length": LENGTH}),
    ("ntm", "copy", 1, {"length": LENGTH}),
    ("ntm", "copy", 16, {"length": LENGTH}),
    ("ntm", "copy", 32, {"length": LENGTH}),
    ("dnc", "copy", 16, {"length": LENGTH}),
    ("transformer", "copy", 32, {"length": LENGTH}),
    ("feedback", "algorithmic", 32, {}),
    ("seq2seq", "transduce", 64, {}),
    ("memn2n", "babi", 32, {}),
    ("dmn", "babi", 64, {}),
)
"""Model, task, batch, settings: one update each, by the readable path and by the quick one."""

Figures = dict[str, float]


def bench_engine(as_json: AsJson = False) -> None:
    """Measure recording and training."""
    for reason in make_all():
        say(f"Without a compiled path: {reason}.")
    found = {"record": _recording(), "train": _training(), "keep": _keeping(), "read": _reading()}
    if as_json:
        print_json(found)
        return
    print_table([(name, f"{value:.4g}") for name, value in _flatten("", found)])


def _flatten(name: str, found: dict[str, Any] | float) -> list[tuple[str, float]]:
    if not isinstance(found, dict):
        return [(name.strip(), found)]
    return [line for part, inner in found.items() for line in _flatten(f"{name} {part}", inner)]


def _recording() -> Figures:
    """For each exhibit: recording an episode of it, and how that compares with the plain forward pass, taken in turns."""
    figures: Figures = {}
    for card in exhibit_cards():
        opened = open_source(Source(place=f"exhibit:{card.name}"))
        wish = EpisodeWish(seed=card.episodes[0] if card.episodes else 0)
        forward, whole = _in_turns(partial(_forward, opened, opened.task.episode(wish)), partial(record, opened, wish))
        name = card.name.replace("-", "_")
        figures |= {f"{name}_ms": whole, f"{name}_forward_ms": forward, f"{name}_ratio": whole / forward}
    return figures


def _forward(opened: Opened, episode: Episode) -> None:
    """The episode step by step, unrecorded."""
    with torch.no_grad():
        opened.model.replay(episode, silent)


def _training() -> dict[str, dict[str, Figures]]:
    """By model and batch, the processor's milliseconds for one update (forward, back, clip, optimiser): step by step, by the
    quick path, and their ratio."""
    known = {card.id for card in catalogue().models}
    found: dict[str, dict[str, Figures]] = {}
    for model, task, batch, settings in TRAININGS:
        if model in known:
            found.setdefault(model, {})[f"batch_{batch}"] = _update(model, task, batch, settings)
    return found


def _update(model: str, task: str, batch: int, settings: Settings) -> Figures:
    made = assemble(model, task, settings, 0)
    flat = FlatParameters(made.model)
    chosen, episodes = made.settings, made.task.batch(batch, generator("bench"))
    optimiser = make_optimiser(str(chosen["optimiser"]), flat)

    def update(learn: Callable[..., Tensor]) -> None:
        flat.gradients.zero_()
        learn(made.model, episodes, lambda outputs: made.task.loss(outputs, episodes))
        if not flat.are_finite:
            raise ValueError(f"{model} on {task}: a gradient is no finite number")
        flat.clip(str(chosen["clip"]), float(chosen["clip_at"]))
        optimiser.update(1e-5, 1)

    stepwise, fast = _in_turns(partial(update, _learn_readable), partial(update, type(made.model).learn))
    return {"stepwise_ms": stepwise, "fast_ms": fast, "ratio": stepwise / fast}


def _learn_readable(model: MemoryModel, batch: Batch, loss: Callable[[Tensor], Tensor]) -> Tensor:
    value = loss(model(batch))
    value.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
    return value


def _keeping() -> dict[str, Figures]:
    """For each model, what keeping checkpoints costs a run by its recipe, if they stand as close as while the cost moves."""
    known = {card.id for card in catalogue().models}
    found: dict[str, Figures] = {}
    for model, task, _, settings in TRAININGS:
        if model in known and model not in found:
            found[model] = _saving(model, task, settings)
    return found


def _reading() -> Figures:
    """Finding the slots most alike in a memory of very many, and a likeness for each of them."""
    bank, key = Bank(SLOTS, FEATURES, FEATURES), torch.randn(1, FEATURES, generator=generator("bench"))
    bank.keys.normal_(generator=generator("bench", 1))
    bank.alive.fill_(1.0)
    nearest, likeness = _in_turns(partial(bank.nearest, key, FUTURES), partial(bank.likeness, key))
    return {"slots": SLOTS, "nearest_ms": nearest, "likeness_ms": likeness}


def _saving(model: str, task: str, settings: Settings) -> Figures:
    with tempfile.TemporaryDirectory(prefix="slotscope-bench-") as folder:
        card = RunCard(model=model, task=task, settings=settings, seed=0, updates=model_entry(model).recipe(task).updates)
        run = TrainingRun.start(Path(folder) / "run", card, None)
        try:
            save, update = _in_turns(run.save, run.advance)
        finally:
            run.finish()
    spent = most_checkpoints(card.updates) * save
    return {"save_ms": save, "update_ms": update, "share": spent / (spent + card.updates * update)}


def _in_turns(*acts: Callable[[], object]) -> list[float]:
    """The median milliseconds of the processor that each takes, in turns of some calls one after the other, as work comes: so a
    busy machine is as busy for one as for the other, and none finds the other's data in the processor's memory."""
    spent: list[list[float]] = [[] for _ in acts]
    for _ in range(WARMING + TIMES):
        for act, times in zip(acts, spent, strict=True):
            act()
            began = time.process_time()
            for _ in range(IN_A_ROW):
                act()
            times.append((time.process_time() - began) * 1000 / IN_A_ROW)
    return [statistics.median(times[WARMING:]) for times in spent]
