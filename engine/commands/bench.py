"""The verb `bench-engine`: how fast this machine records and trains; `slotscope bench` joins it with the window's figures."""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch

from engine.commands.terminal import AsJson, print_json, print_table
from engine.contract.cards import RunCard, Settings
from engine.contract.messages import EpisodeWish, Source
from engine.recording import record
from engine.registry import catalogue, model_entry
from engine.sources import Opened, exhibit_cards, open_source
from engine.tasks.base import Episode, StoryEpisode
from engine.training.run import TrainingRun

TIMES = 15
WARMING = 3
"""The first times pay for what is made once."""
LENGTH = 20

TRAININGS: tuple[tuple[str, str, str, Settings], ...] = (
    ("ntm_batch_1_ms", "ntm", "copy", {"length": LENGTH, "batch": 1}),
    ("ntm_batch_16_ms", "ntm", "copy", {"length": LENGTH, "batch": 16}),
    ("lstm_batch_16_ms", "lstm", "copy", {"length": LENGTH, "batch": 16}),
    ("memn2n_ms", "memn2n", "babi", {}),
)
"""Name of the figure, model, task, settings: one update each, at the paper's sizes."""


def bench_engine(as_json: AsJson = False) -> None:
    """Measure recording and training."""
    found = {"record": _recording(), "train": _training()}
    if as_json:
        print_json(found)
        return
    print_table([(f"{group} {name}", f"{value:.4g}") for group, figures in found.items() for name, value in figures.items()])


def _recording() -> dict[str, float]:
    """For each exhibit: recording an episode of it, and how that compares with the plain forward pass, taken in turns."""
    figures: dict[str, float] = {}
    for card in exhibit_cards():
        opened = open_source(Source(place=f"exhibit:{card.name}"))
        wish = EpisodeWish(seed=card.episodes[0] if card.episodes else 0)
        forward, whole = _in_turns(partial(_forward, opened, opened.task.episode(wish)), partial(record, opened, wish))
        name = card.name.replace("-", "_")
        figures |= {f"{name}_ms": whole, f"{name}_forward_ms": forward, f"{name}_ratio": whole / forward}
    return figures


def _forward(opened: Opened, episode: Episode) -> None:
    with torch.no_grad():
        opened.model(episode.batch if isinstance(episode, StoryEpisode) else episode)


def _training() -> dict[str, float]:
    known = {card.id for card in catalogue().models}
    return {name: _update_ms(model, task, settings) for name, model, task, settings in TRAININGS if model in known}


def _update_ms(model: str, task: str, settings: Settings) -> float:
    updates = model_entry(model).recipe(task).updates
    with tempfile.TemporaryDirectory(prefix="slotscope-bench-") as folder:
        card = RunCard(model=model, task=task, settings=settings, seed=0, updates=updates)
        run = TrainingRun.start(Path(folder) / "run", card, None)
        try:
            return _in_turns(run.advance)[0]
        finally:
            run.finish()


def _in_turns(*acts: Callable[[], object]) -> list[float]:
    """The median milliseconds of each; taken in turns, so that a busy machine is as busy for one as for the other."""
    spent: list[list[float]] = [[] for _ in acts]
    for _ in range(WARMING + TIMES):
        for act, times in zip(acts, spent, strict=True):
            began = time.perf_counter()
            act()
            times.append((time.perf_counter() - began) * 1000)
    return [statistics.median(times[WARMING:]) for times in spent]
