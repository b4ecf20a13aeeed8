"""I9: using one's own higher-level past. Measured: right answers of a Transformer, of feedback memory, and of poorer ones."""

from collections.abc import Iterator

import numpy as np

from engine.contract.demonstrations import Cell, Demonstration, Figure, Finding, Series, Table
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Trace
from engine.demonstrations.workbench import Workbench, mean_scores
from engine.recording import record
from engine.sources import EXHIBIT
from engine.tasks.base import BadInputError

FEEDBACK, PLAIN = "feedback-algorithmic", "transformer-algorithmic"
SWAPS = (("last", "only the last layer"), ("embedding", "only the embedded input"), ("same", "each layer its own"))
STATEMENTS = (4, 6, 8, 10, 12, 14, 16)
EPISODES, TABLE_EPISODES, MARGIN = 40, 100, 0.03


def measure(
    bench: Workbench, statements: tuple[int, ...] = STATEMENTS, episodes: int = EPISODES, all_in_all: int = TABLE_EPISODES
) -> Iterator[Demonstration]:
    """First both networks on the same programs; then the same weights with poorer memories; then against length."""
    names = bench.present(FEEDBACK, PLAIN)
    bench.plan(len(names) * (1 + len(statements)) + len(SWAPS))
    rows: list[tuple[Cell, ...]] = []
    accuracy: dict[str, float] = {}
    curves: dict[str, dict[int, float]] = {}
    mixture: Series | None = None
    for name in names:
        bench.part()
        opened = bench.open(name)
        accuracy[name] = mean_scores(opened, all_in_all)["accuracy"]
        rows.append((opened.model_entry.card.name, "as trained", f"{accuracy[name]:.1%}", opened.parameters))
        if name == FEEDBACK:
            mixture = shares(record(opened, EpisodeWish(seed=0)))
        yield _told(rows, names, accuracy, curves, mixture, episodes, all_in_all)
    for memory, words in SWAPS if FEEDBACK in names else ():
        bench.part()
        try:
            opened = bench.open(FEEDBACK, memory=memory)
        except BadInputError:  # this memory has other weights
            continue
        rows.append(("the same weights", words, f"{mean_scores(opened, all_in_all)['accuracy']:.1%}", opened.parameters))
        yield _told(rows, names, accuracy, curves, mixture, episodes, all_in_all)
    for count in statements:
        for name in names:
            bench.part()
            opened = bench.open(name, statements=count)
            curves.setdefault(opened.model_entry.card.short, {})[count] = mean_scores(opened, episodes)["accuracy"]
        yield _told(rows, names, accuracy, curves, mixture, episodes, all_in_all)


def shares(trace: Trace) -> Series | None:
    """The share of each layer in what a step leaves behind, where the model mixes them: the embedded input first."""
    found = [channel for channel in trace.of_role("mixture") if channel.axes == ("layer",)]
    if not found:
        return None
    values = np.nanmean(trace.arrays[found[0].name], axis=0)
    return Series(name="share of the layer", x=tuple(map(float, range(len(values)))), y=tuple(values.tolist()))


def _told(
    rows: list[tuple[Cell, ...]], names: list[str], accuracy: dict[str, float], curves: dict[str, dict[int, float]],
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
        findings=_found(accuracy),
        figures=tuple(figures),
        tables=(
            Table(
                title="Values right", headers=("network", "memory", "right", "parameters"), rows=tuple(rows),
                opens=(*opens, *[""] * (len(rows) - len(opens))),
            ),
        ),
        formulas=(
            "Transformer:  layer l at step t sees layers l − 1 of the steps before",
            "feedback:     m(t) = Σ softmax(ω)[l] · x[l](t),   every layer sees m of the steps before",
        ),
        how=f"{all_in_all} programs for the table, {episodes} of each length for the curves, seed 7; the same for both networks.",
    )  # fmt: skip


def _found(accuracy: dict[str, float]) -> tuple[Finding, ...]:
    if len(accuracy) < 2:
        return ()
    ahead = accuracy[FEEDBACK] - accuracy[PLAIN]
    sentence = f"Feedback memory gets {accuracy[FEEDBACK]:.1%} of the values right, the Transformer {accuracy[PLAIN]:.1%}."
    return (Finding(sentence=sentence, holds=ahead > MARGIN),)
