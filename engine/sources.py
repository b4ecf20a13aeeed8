"""Whose weights: bundled exhibits and run folders, opened with their settings, ready to be recorded or evaluated."""

from dataclasses import dataclass
from pathlib import Path

import assets
from engine.contract.cards import Settings
from engine.contract.files import BadFileError
from engine.contract.messages import Source
from engine.contract.restarts import chosen_among, read_restarts
from engine.contract.results import ExhibitCard, RunCard
from engine.models.base import MemoryModel, ModelEntry
from engine.registry import model_entry, task_entry
from engine.tasks.base import BadInputError, Task, TaskEntry
from engine.training.assemble import Assembled, assemble
from engine.training.checkpoint import MisfitError, read_weights, weights_hash
from engine.training.folder import RunFolder, read_card
from engine.training.settings import complete, training_settings

EXHIBIT = "exhibit:"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opened:
    """A trained model with its task; `settings` are complete: model, task and training."""

    model: MemoryModel
    task: Task
    model_entry: ModelEntry
    task_entry: TaskEntry
    settings: Settings
    update: int
    seed: int
    weights_hash: str
    place: str
    parameters: int
    slots: int
    restarts: int = 1
    """Out of how many restarts it was chosen."""

    @property
    def episode_settings(self) -> Settings:
        """Those of model and task, which an episode depends on."""
        names = {setting.name for setting in (*self.model_entry.card.settings, *self.task_entry.card.settings)}
        return {name: value for name, value in self.settings.items() if name in names}


def open_source(source: Source, settings: Settings | None = None, data: Path | None = None) -> Opened:
    """Open the weights, with `settings` in place of the source's own (more slots, another length).

    BadInputError if there is no such source, checkpoint or setting; BadFileError if a file is damaged or the weights do not fit.
    """
    card, kept, weights, restarts = _look_up(source.place)
    update = _choose(source, kept)
    wished = settings or {}
    assembled = _assemble(card, wished, data)
    try:
        read_weights(weights / f"{update:06d}.safetensors", assembled.model)
    except MisfitError as error:
        changed = ", ".join(f"{name}={value}" for name, value in wished.items())
        if not changed:
            raise
        raise BadInputError(f"{source.place}: its weights do not fit {changed} ({error.how})") from None
    assembled.model.eval()
    return Opened(
        model=assembled.model,
        task=assembled.task,
        model_entry=assembled.model_entry,
        task_entry=assembled.task_entry,
        settings=assembled.settings,
        update=update,
        seed=card.seed,
        weights_hash=weights_hash(assembled.model),
        place=source.place,
        parameters=assembled.parameters,
        slots=assembled.model.slots,
        restarts=restarts,
    )


def kept_updates(place: str) -> tuple[int, ...]:
    """The checkpoints of an exhibit or a run's folder, in updates, ascending."""
    return _look_up(place)[1]


def run_folder(place: str) -> RunFolder:
    """The run that a folder holds; of several restarts, the one that was chosen. BadInputError if there is none."""
    folder = Path(place)
    if (folder / "run.json").is_file():
        return RunFolder(folder)
    restarts = read_restarts(folder)
    if restarts is None:
        raise BadInputError(f"{place}: this folder holds no run (it has no run.json)")
    if not restarts.chosen:
        raise BadInputError(f"{place}: none of the restarts in this folder has come to anything yet")
    return RunFolder(folder / Path(restarts.chosen).name)


def exhibit_cards() -> tuple[ExhibitCard, ...]:
    """The bundled exhibits that can be read; `exhibit_faults` names the others."""
    return _shelf()[0]


def exhibit_faults() -> tuple[str, ...]:
    """One sentence for each bundled exhibit that is damaged, foreign or from a newer version."""
    return _shelf()[1]


def _shelf() -> tuple[tuple[ExhibitCard, ...], tuple[str, ...]]:
    cards: list[ExhibitCard] = []
    faults: list[str] = []
    for file in sorted(assets.path("exhibits").glob("*/card.json")):
        try:
            card = read_card(file, ExhibitCard)
            if card.name != file.parent.name:
                raise BadFileError(f"{file}: it names another exhibit, {card.name}")
            cards.append(card)
        except BadFileError as error:
            faults.append(str(error))
    return tuple(cards), tuple(faults)


def _look_up(place: str) -> tuple[ExhibitCard | RunCard, tuple[int, ...], Path, int]:
    """The card, the kept updates, the folder of the weights, and out of how many restarts they were chosen."""
    if place.startswith(EXHIBIT):
        name = place.removeprefix(EXHIBIT)
        there = sorted(file.parent.name for file in assets.path("exhibits").glob("*/card.json"))
        if name not in there:
            raise BadInputError(f"{name}: no such exhibit; there are {', '.join(there) or 'none'}")
        card = read_card(assets.path(f"exhibits/{name}/card.json"), ExhibitCard)
        return card, tuple(sorted(card.checkpoints)), assets.path(f"exhibits/{name}/weights"), card.restarts
    folder = run_folder(place)
    return folder.read_card(), folder.kept(), folder.checkpoints, chosen_among(folder.path)


def _choose(source: Source, kept: tuple[int, ...]) -> int:
    if not kept:
        raise BadInputError(f"{source.place}: no checkpoint has been saved yet")
    if source.update is None:
        best = None if source.place.startswith(EXHIBIT) else run_folder(source.place).best()
        return kept[-1] if best is None else best
    if source.update not in kept:
        near = sorted(kept, key=lambda update: (abs(update - (source.update or 0)), update))[:3]
        raise BadInputError(
            f"{source.place}: no checkpoint at update {source.update}; the nearest are {', '.join(map(str, sorted(near)))}"
        )
    return source.update


def _assemble(card: ExhibitCard | RunCard, wished: Settings, data: Path | None) -> Assembled:
    """Build model and task; of the settings only those of model and task may differ from the source's own."""
    model, task = model_entry(card.model), task_entry(card.task)
    offered = (*model.card.settings, *task.card.settings)
    training = training_settings(model.recipe(card.task))
    own = complete((*offered, *training), card.settings)
    names = {setting.name for setting in offered}
    for name in (name for name in wished if name not in names and str(wished[name]) != str(own.get(name))):
        if name in own:
            raise BadInputError(f"{name}: this is chosen when a run is trained; it cannot be changed afterwards")
        raise BadInputError(f"{name}: no such setting; there are {', '.join(sorted(names))}")
    chosen = own | complete(offered, {name: own[name] for name in names} | {n: v for n, v in wished.items() if n in names})
    if data is None and isinstance(card, RunCard) and card.data and Path(card.data).is_dir():
        data = Path(card.data)
    return assemble(card.model, card.task, chosen, card.seed, card.task_state, data)
