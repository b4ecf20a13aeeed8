"""I9: using one's own higher-level past. Measured: how far back a colour is known, with feedback and without; then right answers
of a Transformer, of feedback memory, and of poorer ones to small programs."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from engine.contract.demonstrations import Cell, Demonstration, Figure, Finding, Series, Table
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Trace
from engine.demonstrations import corridor
from engine.demonstrations.corridor import CARRYING, FORGETTING, SURE, Corridors
from engine.demonstrations.workbench import TEST_SEED, Workbench, each_score, mean_scores
from engine.recording import record
from engine.sources import EXHIBIT
from engine.tasks.base import BadInputError

FEEDBACK, PLAIN = "feedback-algorithmic", "transformer-algorithmic"
SWAPS = (("last", "only the last layer"), ("embedding", "only the embedded input"), ("same", "each layer its own"))
STATEMENTS = (4, 6, 8, 10, 12, 14, 16)
EPISODES, TABLE_EPISODES = 40, 200


@dataclass(kw_only=True)
class _Found:
    """What has been measured so far."""

    corridors: Corridors = field(default_factory=Corridors)
    names: tuple[str, ...] = ()
    """Of the networks that read programs."""
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    right: dict[str, Tensor] = field(default_factory=dict)
    curves: dict[str, dict[int, float]] = field(default_factory=dict)
    mixture: Series | None = None


def measure(
    bench: Workbench, statements: tuple[int, ...] = STATEMENTS, episodes: int = EPISODES, all_in_all: int = TABLE_EPISODES,
    walls: tuple[int, ...] = corridor.WALLS,
) -> Iterator[Demonstration]:  # fmt: skip
    """First the corridor; then both networks on the same programs; the same weights with poorer memories; against length."""
    walkers, names = bench.present(CARRYING, FORGETTING), bench.present(FEEDBACK, PLAIN)
    bench.plan(len(walkers) * len(walls) + len(names) * (1 + len(statements)) + len(SWAPS))
    found, counts = _Found(names=tuple(names)), (episodes, all_in_all)
    steps = [_programs(bench, found, all_in_all), _swaps(bench, found, all_in_all), _lengths(bench, found, statements, episodes)]
    if walkers:
        steps.insert(0, found.corridors.walk(bench, walkers, walls, corridor.EPISODES))
    for step in steps:
        for _ in step:
            yield _told(found, *counts)


def _programs(bench: Workbench, found: _Found, count: int) -> Iterator[None]:
    """Both networks on the same programs."""
    for name in found.names:
        bench.part()
        opened = bench.open(name)
        found.right[name] = each_score(opened, count, "accuracy", bench.breathe)
        right = f"{found.right[name].nanmean():.1%}"
        found.rows.append((opened.model_entry.card.name, "as trained", right, opened.parameters))
        if name == FEEDBACK:
            found.mixture = shares(record(opened, EpisodeWish(seed=0)))
        yield


def _swaps(bench: Workbench, found: _Found, count: int) -> Iterator[None]:
    """The feedback network's weights with poorer memories."""
    for memory, words in SWAPS if FEEDBACK in found.names else ():
        bench.part()
        try:
            opened = bench.open(FEEDBACK, memory=memory)
        except BadInputError:  # this memory has other weights
            continue
        right = f"{mean_scores(opened, count, bench.breathe)['accuracy']:.1%}"
        found.rows.append(("the same weights", words, right, opened.parameters))
        yield


def _lengths(bench: Workbench, found: _Found, statements: tuple[int, ...], episodes: int) -> Iterator[None]:
    """Both networks against the length of the program."""
    for count in statements if found.names else ():
        for name in found.names:
            bench.part()
            opened = bench.open(name, statements=count)
            right = mean_scores(opened, episodes, bench.breathe)["accuracy"]
            found.curves.setdefault(opened.model_entry.card.short, {})[count] = right
        yield


def shares(trace: Trace) -> Series | None:
    """The share of each layer in what a step leaves behind, where the model mixes them: the embedded input first."""
    found = [channel for channel in trace.of_role("mixture") if channel.axes == ("layer",)]
    if not found:
        return None
    values = np.nanmean(trace.arrays[found[0].name], axis=0)
    return Series(name="share of the layer", x=tuple(map(float, range(len(values)))), y=tuple(values.tolist()))


def _told(found: _Found, episodes: int, all_in_all: int) -> Demonstration:
    corridors, far = found.corridors, found.corridors.farthest + 1
    how, formulas = [], ["feedback:     every layer sees m(t) = Σ softmax(ω)[l]·x[l](t)"]
    if corridors.named:
        formulas.insert(0, f"its reach:    layers × window = {corridors.layers} × {corridors.window} = {far} steps")
        how.append(f"{corridor.EPISODES} corridors of each length, seed {TEST_SEED} plus the length.")
    formulas.insert(0, "Transformer:  layer l sees layer l − 1 of the steps before")
    if found.rows:
        how.append(f"{all_in_all} programs for the table, {episodes} of each length for the curves, seed {TEST_SEED}.")
    return Demonstration(
        idea="",
        findings=(*corridors.findings(), *_findings(found.right)),
        figures=(*corridors.figures(), *_figures(found)),
        tables=(*corridors.tables(), *_tables(found)),
        formulas=tuple(formulas),
        how=" ".join((*how, "The same for both networks.")),
    )


def _figures(found: _Found) -> list[Figure]:
    figures = []
    if found.curves:
        lines = [Series(name=name, x=tuple(map(float, line)), y=tuple(line.values())) for name, line in found.curves.items()]
        figures.append(
            Figure(
                title="Right answers against the length of the program", x="statements", y="share of right values",
                caption="The share of printed values that are right. Both networks read the same programs.", series=tuple(lines),
            )
        )  # fmt: skip
    if found.mixture is not None:
        figures.append(
            Figure(
                title="What the feedback memory is mixed from", x="layer, 0 is the embedded input", y="share",
                caption="What one step leaves behind for the later ones: its share of each layer, learned once for all steps.",
                series=(found.mixture,),
            )
        )  # fmt: skip
    return figures


def _tables(found: _Found) -> list[Table]:
    if not found.rows:
        return []
    opens = [EXHIBIT + name for name in found.names][: len(found.rows)]
    return [
        Table(
            title="Values right, of those that programs print", headers=("network", "memory", "right", "parameters"),
            rows=tuple(found.rows), opens=(*opens, *[""] * (len(found.rows) - len(opens))),
        )
    ]  # fmt: skip


def _findings(right: dict[str, Tensor]) -> tuple[Finding, ...]:
    """The same programs were read by both, so they are compared program by program."""
    if len(right) < 2:
        return ()
    ahead = right[FEEDBACK] - right[PLAIN]
    ahead = ahead[~ahead.isnan()]
    error = float(ahead.std()) / max(len(ahead), 1) ** 0.5
    sentence = f"On small programs feedback memory gets {right[FEEDBACK].nanmean():.1%} of the values right, a Transformer "
    sentence += f"{right[PLAIN].nanmean():.1%}: {100 * ahead.mean():+.1f} points, with a standard error of {100 * error:.1f}."
    return (Finding(sentence=sentence, holds=bool(ahead.mean() > SURE * error)),)
