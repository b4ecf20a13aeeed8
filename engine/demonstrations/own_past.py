"""I9: using one's own higher-level past. Measured: right answers of a Transformer, of feedback memory, and of poorer ones."""

from collections.abc import Iterator

import numpy as np
from torch import Tensor

from engine.contract.demonstrations import Cell, Demonstration, Figure, Finding, Series, Table
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Trace
from engine.demonstrations.workbench import Workbench, each_score, mean_scores
from engine.recording import record
from engine.sources import EXHIBIT
from engine.tasks.base import BadInputError

FEEDBACK, PLAIN = "feedback-algorithmic", "transformer-algorithmic"
SWAPS = (("last", "only the last layer"), ("embedding", "only the embedded input"), ("same", "each layer its own"))
STATEMENTS = (4, 6, 8, 10, 12, 14, 16)
EPISODES, TABLE_EPISODES = 40, 200
SURE = 2.0
"""A difference shows if it is more than so many of its standard errors."""


def measure(
    bench: Workbench, statements: tuple[int, ...] = STATEMENTS, episodes: int = EPISODES, all_in_all: int = TABLE_EPISODES
) -> Iterator[Demonstration]:
    """First both networks on the same programs; then the same weights with poorer memories; then against length."""
    names = bench.present(FEEDBACK, PLAIN)
    bench.plan(len(names) * (1 + len(statements)) + len(SWAPS))
    rows: list[tuple[Cell, ...]] = []
    right: dict[str, Tensor] = {}
    curves: dict[str, dict[int, float]] = {}
    mixture: Series | None = None
    for name in names:
        bench.part()
        opened = bench.open(name)
        right[name] = each_score(opened, all_in_all, "accuracy", bench.breathe)
        rows.append((opened.model_entry.card.name, "as trained", f"{right[name].nanmean():.1%}", opened.parameters))
        if name == FEEDBACK:
            mixture = shares(record(opened, EpisodeWish(seed=0)))
        yield _told(rows, names, right, curves, mixture, episodes, all_in_all)
    for memory, words in SWAPS if FEEDBACK in names else ():
        bench.part()
        try:
            opened = bench.open(FEEDBACK, memory=memory)
        except BadInputError:  # this memory has other weights
            continue
        rows.append(
            ("the same weights", words, f"{mean_scores(opened, all_in_all, bench.breathe)['accuracy']:.1%}", opened.parameters)
        )
        yield _told(rows, names, right, curves, mixture, episodes, all_in_all)
    for count in statements:
        for name in names:
            bench.part()
            opened = bench.open(name, statements=count)
            curves.setdefault(opened.model_entry.card.short, {})[count] = mean_scores(opened, episodes, bench.breathe)["accuracy"]
        yield _told(rows, names, right, curves, mixture, episodes, all_in_all)


def shares(trace: Trace) -> Series | None:
    """The share of each layer in what a step leaves behind, where the model mixes them: the embedded input first."""
    found = [channel for channel in trace.of_role("mixture") if channel.axes == ("layer",)]
    if not found:
        return None
    values = np.nanmean(trace.arrays[found[0].name], axis=0)
    return Series(name="share of the layer", x=tuple(map(float, range(len(values)))), y=tuple(values.tolist()))


def _told(
    rows: list[tuple[Cell, ...]], names: list[str], right: dict[str, Tensor], curves: dict[str, dict[int, float]],
    mixture: Series | None, episodes: int, all_in_all: int,
) -> Demonstration:  # fmt: skip
    figures = []
    if curves:
        lines = [Series(name=name, x=tuple(map(float, line)), y=tuple(line.values())) for name, line in curves.items()]
        figures.append(
            Figure(
                title="Right answers against the length of the program", x="statements", y="share of right values",
                caption="The share of printed values that are right. Both networks read the same programs.", series=tuple(lines),
            )
        )  # fmt: skip
    if mixture is not None:
        figures.append(
            Figure(
                title="What the feedback memory is mixed from", x="layer, 0 is the embedded input", y="share", series=(mixture,),
                caption="What one step leaves behind for the later ones: its share of each layer, learned once for all steps.",
            )
        )  # fmt: skip
    opens = [EXHIBIT + name for name in names][: len(rows)]
    return Demonstration(
        idea="",
        findings=_found(right),
        figures=tuple(figures),
        tables=(
            Table(
                title="Values right", headers=("network", "memory", "right", "parameters"), rows=tuple(rows),
                opens=(*opens, *[""] * (len(rows) - len(opens))),
            ),
        ),
        formulas=(
            "Transformer:  layer l sees layer l − 1 of the steps before",
            "feedback:     every layer sees m(t) = Σ softmax(ω)[l]·x[l](t)",
        ),
        how=f"{all_in_all} programs for the table, {episodes} of each length for the curves, seed 7; the same for both networks.",
    )  # fmt: skip


def _found(right: dict[str, Tensor]) -> tuple[Finding, ...]:
    """The same programs were read by both, so they are compared program by program."""
    if len(right) < 2:
        return ()
    ahead = right[FEEDBACK] - right[PLAIN]
    ahead = ahead[~ahead.isnan()]
    error = float(ahead.std()) / max(len(ahead), 1) ** 0.5
    sentence = f"Feedback memory gets {right[FEEDBACK].nanmean():.1%} of the values right, the Transformer "
    sentence += f"{right[PLAIN].nanmean():.1%}: {100 * ahead.mean():+.1f} points, with a standard error of {100 * error:.1f}."
    return (Finding(sentence=sentence, holds=bool(ahead.mean() > SURE * error)),)
