"""Which models and tasks there are: two tuples that one can read, and the extensions that a user installed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import TypeVar

from engine.contract.cards import ModelCard, TaskCard
from engine.models import (
    dmn,
    dnc,
    feedback,
    gr_mann,
    gru,
    kv,
    lstm,
    mantra,
    memn2n,
    memnn,
    ntm,
    rnn,
    seq2seq,
    smemo,
    transformer,
    vqa_baseline,
    vqa_mann,
)
from engine.models.base import ModelEntry
from engine.tasks import (
    algorithmic,
    associative_recall,
    babi,
    copy,
    copy_reuse,
    corridor,
    crowds,
    facts,
    graph_path,
    junctions,
    ngrams,
    priority_sort,
    repeat_copy,
    shapes,
    social,
    streets,
    transduce,
    wardrobe,
)
from engine.tasks.base import BadInputError, TaskEntry

MODELS: tuple[ModelEntry, ...] = (
    ntm.ENTRY,
    dnc.ENTRY,
    rnn.ENTRY,
    lstm.ENTRY,
    gru.ENTRY,
    seq2seq.ENTRY,
    transformer.ENTRY,
    feedback.ENTRY,
    memnn.ENTRY,
    memn2n.ENTRY,
    kv.ENTRY,
    dmn.ENTRY,
    vqa_baseline.ENTRY,
    vqa_mann.ENTRY,
    mantra.ENTRY,
    smemo.ENTRY,
    gr_mann.ENTRY,
)
TASKS: tuple[TaskEntry, ...] = (
    copy.ENTRY,
    copy_reuse.ENTRY,
    repeat_copy.ENTRY,
    associative_recall.ENTRY,
    graph_path.ENTRY,
    ngrams.ENTRY,
    priority_sort.ENTRY,
    transduce.ENTRY,
    algorithmic.ENTRY,
    corridor.ENTRY,
    babi.ENTRY,
    facts.ENTRY,
    shapes.ENTRY,
    junctions.ENTRY,
    social.ENTRY,
    streets.ENTRY,
    crowds.ENTRY,
    wardrobe.ENTRY,
)

EntryT = TypeVar("EntryT", ModelEntry, TaskEntry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All that can be trained here; `failed` names each extension that could not be loaded, with the reason."""

    models: tuple[ModelCard, ...]
    tasks: tuple[TaskCard, ...]
    failed: tuple[str, ...] = ()


def model_entry(name: str) -> ModelEntry:
    """The model of this id; BadInputError that names what there is."""
    found = {entry.card.id: entry for entry in (*_extensions().models, *MODELS)}
    if name not in found:
        raise BadInputError(f"{name}: no such model; there are {', '.join(sorted(found)) or 'none'}")
    return found[name]


def task_entry(name: str) -> TaskEntry:
    """The task of this id; BadInputError that names what there is."""
    found = {entry.card.id: entry for entry in (*_extensions().tasks, *TASKS)}
    if name not in found:
        raise BadInputError(f"{name}: no such task; there are {', '.join(sorted(found)) or 'none'}")
    return found[name]


def catalogue() -> Catalogue:
    """The cards of all models and tasks, our own first."""
    extensions = _extensions()
    return Catalogue(
        models=tuple(entry.card for entry in (*MODELS, *extensions.models)),
        tasks=tuple(entry.card for entry in (*TASKS, *extensions.tasks)),
        failed=extensions.failed,
    )


@dataclass(frozen=True, slots=True)
class _Extensions:
    models: tuple[ModelEntry, ...]
    tasks: tuple[TaskEntry, ...]
    failed: tuple[str, ...]


@cache
def _extensions() -> _Extensions:
    models, failed_models = _load("slotscope.models", ModelEntry, (entry.card.id for entry in MODELS))
    tasks, failed_tasks = _load("slotscope.tasks", TaskEntry, (entry.card.id for entry in TASKS))
    return _Extensions(models, tasks, (*failed_models, *failed_tasks))


def _load(group: str, kind: type[EntryT], taken: Iterable[str]) -> tuple[tuple[EntryT, ...], tuple[str, ...]]:
    loaded: list[EntryT] = []
    failed: list[str] = []
    names = set(taken)
    for point in entry_points(group=group):
        try:
            entry = point.load()
        except Exception as error:  # someone else's code: whatever it raises, it is named and left out
            failed.append(f"{group} {point.name} ({point.value}): {type(error).__name__}: {error}")
            continue
        if not isinstance(entry, kind):
            failed.append(f"{group} {point.name} ({point.value}): this is no {kind.__name__}")
        elif entry.card.id in names:
            failed.append(f"{group} {point.name} ({point.value}): the id {entry.card.id} is taken")
        else:
            names.add(entry.card.id)
            loaded.append(entry)
    return tuple(loaded), tuple(failed)
