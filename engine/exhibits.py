"""The bundled exhibits: the recipe that trains each of them, and how a finished run becomes a folder of the program."""

import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec

from engine.contract.files import write_whole
from engine.contract.messages import EpisodeWish, Source
from engine.contract.places import runs_folder
from engine.contract.results import ExhibitCard, Measurement, RunCard
from engine.contract.stages import Span, spans_of, within
from engine.contract.trace_file import write_trace
from engine.exhibit_recipe import ExhibitRecipe
from engine.recipes import RECIPES
from engine.recording import record
from engine.sources import EXHIBIT, open_source, run_folder
from engine.tasks.base import BadInputError
from engine.training.checkpoint import read_weights, write_weights
from engine.training.evaluate import Cancelled, evaluate
from engine.training.folder import RunFolder
from engine.training.run import TrainingRun

Listener = Callable[[int, int], bool]

CURVE = 400
"""At most so many points of a training's curve are bundled."""

LEAST_OF_A_STAGE = 40
"""But of each of its stages at least so many, if it has them."""

FIRST = 50
"""The first bundled checkpoint after the untrained weights, in updates, or soon after it."""

LARGEST_FIRST, LARGEST_LATER = 2_000_000, 260_000
"""Bytes up to which a recorded episode is bundled, an exhibit's first and its others: what is larger, the engine records when it
is asked for, in a moment."""

TEST_SEED = 7
EVERY_EPISODE = 1_000_000


def build(name: str, folder: Path, listener: Listener, data: Path | None = None) -> ExhibitCard:
    """Train the exhibit by its recipe and put card, weights and traces into `folder`; Cancelled if the listener says so.

    A training that was cut short goes on where it was saved last. `data`: real files to measure on, not to train on.
    """
    if name not in RECIPES:
        raise BadInputError(f"{name}: no such exhibit; there are {', '.join(sorted(RECIPES))}")
    recipe, work = RECIPES[name], runs_folder() / f"exhibit-{name}"
    _train(recipe, work, listener)
    card = bundle(name, RunFolder(work), folder, data)
    shutil.rmtree(work)
    return card


def bundle(name: str, run: RunFolder, folder: Path, data: Path | None = None) -> ExhibitCard:
    """Make an exhibit of a finished run (of several restarts: the chosen one): checkpoints, recorded episodes, figures."""
    run = run_folder(str(run.path))
    recipe, trained = RECIPES[name], run.read_card()
    kept = choose_checkpoints(run.kept(), recipe.checkpoints)
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    opened = open_source(Source(place=str(run.path), update=kept[-1]))
    for number, seed in enumerate(recipe.episodes if recipe.bundles_episodes else ()):
        trace = record(opened, EpisodeWish(seed=seed))
        most = LARGEST_LATER if number and seed not in recipe.shown_in_lessons else LARGEST_FIRST
        if sum(array.nbytes for array in trace.arrays.values()) <= most:
            trace = replace(trace, card=replace(trace.card, source=EXHIBIT + name))
            write_trace(trace, fresh / "traces" / f"episode-{seed}.safetensors")
    for update in kept:
        read_weights(run.weights_file(update), opened.model)
        is_half = recipe.is_half or update != kept[-1]
        write_weights(fresh / "weights" / run.weights_file(update).name, opened.model, update, half=is_half)
    card = ExhibitCard(
        name=name,
        title=recipe.title,
        says=recipe.says,
        model=recipe.model,
        task=recipe.task,
        settings=trained.settings,
        seed=trained.seed,
        updates=trained.updates,
        parameters=opened.parameters,
        recipe=_command(recipe, trained.seed),
        checkpoints=kept,
        losses=thin_curve(run.curve(), spans=spans_of(opened.model_entry.card, trained.updates, trained.settings)),
        episodes=recipe.episodes,
        measured=_measure(recipe, run, kept[-1], data),
        task_state=trained.task_state,
        versions=trained.versions,
        restarts=opened.restarts,
    )
    write_whole(fresh / "card.json", msgspec.json.format(msgspec.json.encode(card), indent=1))
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
    return card


def choose_checkpoints(kept: tuple[int, ...], wanted: int) -> tuple[int, ...]:
    """The first and the last, and those between that lie nearest to equal steps on a logarithmic scale; of one, the last."""
    if wanted == 1:
        return kept[-1:]
    if len(kept) <= wanted:
        return kept
    last = kept[-1]
    if wanted == 2:
        return kept[0], last
    ratio = (last / FIRST) ** (1 / (wanted - 2))
    left, chosen = list(kept[1:-1]), [kept[0], last]
    for number in range(wanted - 2):
        aim = FIRST * ratio**number
        nearest = min(left, key=lambda update: abs(math.log(max(update, 1) / aim)))
        left.remove(nearest)
        chosen.append(nearest)
    return tuple(sorted(chosen))


def thin_curve(
    curve: tuple[tuple[int, float], ...], points: int = CURVE, spans: tuple[Span, ...] = ()
) -> tuple[tuple[int, float], ...]:
    """The curve in at most so many points, each the mean cost of a stretch of updates, at its last update.

    Of a training in stages each has its own points, and a short one still enough to be seen.
    """
    if spans:
        parts = [tuple(within(curve, span)) for span in spans]
        short = [len(part) * points < LEAST_OF_A_STAGE * len(curve) for part in parts]
        left = points - LEAST_OF_A_STAGE * sum(short)
        each = list(zip(parts, short, strict=True))
        whole = sum(len(part) for part, is_short in each if not is_short)
        shares = [LEAST_OF_A_STAGE if is_short else max(left * len(part) // whole, 1) for part, is_short in each]
        return tuple(point for part, share in zip(parts, shares, strict=True) for point in thin_curve(part, share))
    size = max(1, math.ceil(len(curve) / points))
    stretches = (curve[first : first + size] for first in range(0, len(curve), size))
    return tuple((stretch[-1][0], float(f"{sum(cost for _, cost in stretch) / len(stretch):.4g}")) for stretch in stretches)


def _train(recipe: ExhibitRecipe, work: Path, listener: Listener) -> None:
    card = RunCard(
        model=recipe.model, task=recipe.task, settings=recipe.settings, seed=recipe.seed, updates=recipe.updates
    )  # fmt: skip
    if (work / "run.json").exists():
        _refuse_another(recipe, RunFolder(work))
        run = TrainingRun.resume(work)
    else:
        run = TrainingRun.start(work, card)
    try:
        while not run.is_over:
            if not listener(run.update, run.planned):
                raise Cancelled
            if run.checkpoint_due:
                run.save()
            run.advance()
    finally:
        run.finish()
    listener(run.update, run.planned)


def _refuse_another(recipe: ExhibitRecipe, run: RunFolder) -> None:
    card = run.read_card()
    same = (card.model, card.task, card.seed, card.updates) == (recipe.model, recipe.task, recipe.seed, recipe.updates)
    if not same or any(card.settings.get(name) != value for name, value in recipe.settings.items()):
        raise BadInputError(f"{run.path}: a run by another recipe lies here; remove this folder to build the exhibit anew")


def _measure(recipe: ExhibitRecipe, run: RunFolder, update: int, data: Path | None) -> tuple[Measurement, ...]:
    source = Source(place=str(run.path), update=update)
    found = []
    for settings in recipe.measured:
        drawn = open_source(source, settings)
        found.append(evaluate(drawn, recipe.test_episodes, TEST_SEED, lambda done, total: True))
        if data is not None and recipe.published:
            real = evaluate(open_source(source, settings, data), EVERY_EPISODE, TEST_SEED, lambda done, total: True)
            found.append(replace(real, settings=real.settings | {"data": recipe.published}))
    return tuple(found)


def _command(recipe: ExhibitRecipe, seed: int) -> str:
    settings = "".join(f" --set {name}={value}" for name, value in recipe.settings.items())
    return f"slotscope train {recipe.model} {recipe.task}{settings} --seed {seed} --updates {recipe.updates} -o RUN"
