"""The verb `bench-engine`: how fast this machine records and trains; `slotscope bench` joins it with the window's figures."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from engine.commands.terminal import AsJson, print_json, print_table
from engine.contract.cards import RunCard, Settings
from engine.contract.messages import EpisodeWish, Source
from engine.recording import record
from engine.registry import catalogue, model_entry
from engine.sources import exhibit_cards, open_source
from engine.training.run import TrainingRun

TIMES = 15
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
    """For the first exhibit of each model: recording an episode of it, and how that compares with the plain forward pass."""
    figures: dict[str, float] = {}
    for card in exhibit_cards():
        opened = open_source(Source(place=f"exhibit:{card.name}"))
        wish = EpisodeWish(seed=card.episodes[0] if card.episodes else 0)
        episode = opened.task.episode(wish)

        def plain(opened=opened, episode=episode) -> object:  # type: ignore[no-untyped-def]  # bound at once, not in the loop
            return opened.model(getattr(episode, "batch", episode))

        def recorded(opened=opened, wish=wish) -> object:  # type: ignore[no-untyped-def]  # the same
            return record(opened, wish, ())

        with torch.no_grad():
            forward, whole = _median_ms(plain), _median_ms(recorded)
        name = card.name.replace("-", "_")
        figures |= {f"{name}_ms": whole, f"{name}_forward_ms": forward, f"{name}_ratio": whole / forward}
    return figures


def _training() -> dict[str, float]:
    known = {card.id for card in catalogue().models}
    return {name: _update_ms(model, task, settings) for name, model, task, settings in TRAININGS if model in known}


def _update_ms(model: str, task: str, settings: Settings) -> float:
    updates = model_entry(model).recipe(task).updates
    with tempfile.TemporaryDirectory(prefix="slotscope-bench-") as folder:
        card = RunCard(model=model, task=task, settings=settings, seed=0, updates=updates)
        run = TrainingRun.start(Path(folder) / "run", card, None)
        try:
            return _median_ms(run.advance)
        finally:
            run.finish()


def _median_ms(act: Callable[[], object]) -> float:
    spent = []
    for _ in range(TIMES + 3):
        began = time.perf_counter()
        act()
        spent.append((time.perf_counter() - began) * 1000)
    return statistics.median(spent[3:])  # the first ones pay for what is made once
