"""What was measured of an exhibit row by row, such as its errors by task; beside errors by task, what a paper has."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.state.app_state import AppState
from app.state.describe import amount
from app.state.figures import figure_in_words
from engine.contract.cards import Metric, Settings, Value
from engine.contract.grids import Grid, gridded, grids, row_order
from engine.contract.papers import PaperColumn, paper_column
from engine.contract.results import ExhibitCard, Measurement, flat_rows

BY_TASK = "by_task"
MOST_COLUMNS = 3
Rows = dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTable:
    """A small table with its title; `note` says where its figures come from."""

    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str


def measured_tables(state: AppState) -> tuple[MeasuredTable, ...]:
    """Those of the exhibit that A shows; none for a run of one's own."""
    card = state.catalogue.exhibit(state.a.showing.source.place) if state.a.showing else None
    if card is None:
        return ()
    task = state.catalogue.task(card.task) or (state.a.trace.card.task if state.a.trace is not None else None)
    if task is None:
        return ()
    alone = card.measured[0] if len(card.measured) == 1 else None  # several stand side by side, a figure in each column
    left = [metric for metric in task.metrics if alone is None or metric.name not in gridded(alone)]
    tables = (made for metric in left if (made := _table(card, metric)) is not None)
    return (*tables, *(_grids(card, alone, grids(alone, task.metrics)) if alone else ()))


def _grids(card: ExhibitCard, found: Measurement, shown: tuple[Grid, ...]) -> Iterator[MeasuredTable]:
    """Below the last of them stands where their figures come from."""
    for grid in shown:
        yield _grid(grid, _note(card, [(found, {})], None) if grid is shown[-1] else "")


def _grid(grid: Grid, note: str) -> MeasuredTable:
    """Of many columns and few rows, the rows stand beside each other."""
    cells = [["" if value is None else amount(value) for value in row] for _, row in grid.rows]
    heads, names = grid.columns, [name for name, _ in grid.rows]
    if len(heads) > MOST_COLUMNS and len(names) < len(heads):
        heads, names, cells = tuple(names), list(heads), [list(column) for column in zip(*cells, strict=True)]
    rows = tuple((name, *row) for name, row in zip(names, cells, strict=True))
    title = f"{grid.title}, {grid.unit}" if grid.unit else grid.title
    return MeasuredTable(title=title, headers=("", *heads), rows=rows, note=note)


def _table(card: ExhibitCard, metric: Metric) -> MeasuredTable | None:
    tables = [(found, found.metrics.get(metric.name)) for found in card.measured]
    columns = [(found, flat_rows(rows)) for found, rows in tables if isinstance(rows, dict) and rows][:MOST_COLUMNS]
    if not columns:
        return None
    paper = paper_column(card.model, card.settings) if metric.name == BY_TASK else None
    names = sorted(dict.fromkeys(name for _, rows in columns for name in rows), key=row_order)
    shown = [
        (name.replace("_", " "), *(_cell(metric, rows, name) for _, rows in columns), *_beside(paper, name)) for name in names
    ]
    if len(names) > 1 and paper is not None:
        means = (figure_in_words(metric, sum(rows.values()) / len(rows)) for _, rows in columns)
        tasks = tuple(int(name) for name in names if _beside(paper, name) != ("",))
        shown.append(("mean", *means, f"{paper.mean(tasks):.1f} %"))
    heads = ("", *_heads([found for found, _ in columns]), *(("paper",) if paper else ()))
    return MeasuredTable(title=metric.title, headers=heads, rows=tuple(shown), note=_note(card, columns, paper))


def _heads(columns: list[Measurement]) -> list[str]:
    """What parts the columns: the settings that are not the same in all of them."""
    if len(columns) == 1:
        return ["here"]
    names = {name for found in columns for name in found.settings if not _is_same(name, columns)}
    return [_head({name: found.settings[name] for name in sorted(names) if name in found.settings}) for found in columns]


def _is_same(name: str, columns: list[Measurement]) -> bool:
    return all(name in found.settings and found.settings[name] == columns[0].settings.get(name) for found in columns)


def _head(settings: Settings) -> str:
    if "data" in settings:
        return "published"
    return ", ".join(_setting(name, value) for name, value in settings.items()) or "made up"


def _setting(name: str, value: Value) -> str:
    """ "films 3", "memory used", "no hashing"."""
    words = name.replace("_", " ")
    if isinstance(value, bool):
        return words if value else f"no {words}"
    return f"{words} {value}"


def _note(card: ExhibitCard, columns: list[tuple[Measurement, Rows]], paper: PaperColumn | None) -> str:
    counts = [f"{found.episodes:,}" for found, _ in columns]
    episodes = counts[0] if len(set(counts)) == 1 else " and ".join(counts)
    told = [f"Measured on {episodes} episodes{' each' if len(counts) > 1 else ''} that were never trained on."]
    if card.restarts > 1:
        told.append(f"The best of {card.restarts} trainings by what was held out; none was chosen by these figures.")
    if paper is not None:
        told.append(f"Paper: {paper.title} ({paper.source}{'; ' if paper.caveat else ''}{paper.caveat}).")
    return " ".join(told)


def _cell(metric: Metric, rows: Rows, name: str) -> str:
    return figure_in_words(metric, rows[name]) if name in rows else ""


def _beside(paper: PaperColumn | None, name: str) -> tuple[str, ...]:
    if paper is None:
        return ()
    error = paper.error(int(name)) if name.isdecimal() else None
    return ("" if error is None else f"{error:g} %",)
