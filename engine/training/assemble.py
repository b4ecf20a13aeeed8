"""Model and task put together from names and settings: what a run trains and what a source opens."""

from dataclasses import dataclass
from pathlib import Path

import torch

from engine.blocks.seeding import derive
from engine.contract.cards import Settings
from engine.contract.stages import times_as_long
from engine.models.base import MemoryModel, ModelEntry
from engine.registry import model_entry, task_entry
from engine.tasks.base import BadInputError, TakesLonger, Task, TaskEntry
from engine.training.device import one_thread
from engine.training.settings import chosen, complete, offered_settings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assembled:
    """A model with fresh weights and a task that fit each other; `settings` complete: model, task and training."""

    model: MemoryModel
    task: Task
    model_entry: ModelEntry
    task_entry: TaskEntry
    settings: Settings

    @property
    def parameters(self) -> int:
        """How many numbers training may change."""
        return sum(parameter.numel() for parameter in self.model.parameters())


def assemble(
    model: str, task: str, settings: Settings, seed: int, state: dict[str, list[str]] | None = None, data: Path | None = None
) -> Assembled:
    """Build both; BadInputError if a name or setting is unknown, or if model and task, or two settings, do not go together."""
    one_thread()
    its_model, its_task = model_entry(model), task_entry(task)
    if its_task.card.form not in its_model.card.forms:
        raise BadInputError(f"{model} cannot learn {task}: it takes episodes of form {' or '.join(its_model.card.forms)}")
    full = complete(offered_settings(its_model, its_task), settings)
    built_task = its_task.build(chosen(its_task.card.settings, full), state or {}, data)
    if "updates" not in settings:
        its_time = built_task.times_as_long if isinstance(built_task, TakesLonger) else 1.0
        full["updates"] = round(int(full["updates"]) * its_time * times_as_long(its_model.card, full))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(derive("weights", seed))
        try:
            built_model = its_model.build(chosen(its_model.card.settings, full), built_task.interface)
        except ValueError as error:  # a model cannot be built of these sizes, and says why
            raise BadInputError(str(error)) from None
    return Assembled(model=built_model, task=built_task, model_entry=its_model, task_entry=its_task, settings=full)
