"""A measurement's tables with several figures in a row; tables of one such row stand together as one."""

import re
from dataclasses import dataclass

from engine.contract.cards import Metric
from engine.contract.results import Measurement

BESIDE = "compared with"
"""The title of what is gathered from tables of one row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows of figures with a name each; a figure that nobody has is None."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[float | None, ...]], ...]
    unit: str


Row = tuple[str, tuple[float | None, ...]]
Table = dict[str, float | dict[str, float]]


def grids(found: Measurement, metrics: tuple[Metric, ...]) -> tuple[Grid, ...]:
    """All of them, in the order of the metrics; a column is called as the metric of its name is, up to the first comma or @ (for
    the rows say for how many it was measured)."""
    columns, titles = _columns(found), {metric.name: re.split("[,@]", metric.title)[0] for metric in metrics}
    heads = tuple(titles.get(column, column) for column in columns)
    whole: list[Grid] = []
    single: list[Row] = []
    unit = ""
    for metric in metrics:
        table = found.metrics.get(metric.name)
        if metric.name not in gridded(found) or not isinstance(table, dict):
            continue
        if _nested(table):
            rows = tuple(_row(name, table[name], columns) for name in sorted(table, key=row_order))
            whole.append(Grid(title=metric.title, columns=heads, rows=rows, unit=metric.unit))
        else:
            single.append((metric.title, tuple(_figure(table.get(column)) for column in columns)))
            unit = unit or metric.unit
    beside = (Grid(title=BESIDE, columns=heads, rows=tuple(single), unit=unit),) if single else ()
    return (*whole, *beside)


def gridded(found: Measurement) -> set[str]:
    """The names of the tables that stand in a grid: with rows of several figures, or with the same figures in one row."""
    columns = set(_columns(found))
    tables = {name: table for name, table in found.metrics.items() if isinstance(table, dict) and table}
    return {name for name, table in tables.items() if _nested(table) or set(table) <= columns}


def row_order(name: str) -> tuple[int, int]:
    """Rows that begin with a number by its size, before words, which stay as they come."""
    number = re.match(r"[0-9]{1,9}", name)
    return (0, int(number[0])) if number else (1, 0)


def _row(name: str, row: float | dict[str, float], columns: tuple[str, ...]) -> Row:
    return name, tuple(row.get(column) if isinstance(row, dict) else None for column in columns)


def _figure(value: float | dict[str, float] | None) -> float | None:
    return None if isinstance(value, dict) else value


def _nested(table: Table) -> bool:
    return any(isinstance(row, dict) for row in table.values())


def _columns(found: Measurement) -> tuple[str, ...]:
    tables = [table for table in found.metrics.values() if isinstance(table, dict)]
    rows = [row for table in tables for row in table.values() if isinstance(row, dict)]
    return tuple(dict.fromkeys(column for row in rows for column in row))
