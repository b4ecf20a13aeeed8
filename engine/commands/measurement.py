"""A measurement in a terminal: its figures, its tables row by row, and beside errors by task what a paper has."""

from engine.commands.terminal import print_table, say
from engine.contract.cards import Metric, TaskCard
from engine.contract.grids import Grid, gridded, grids, row_order
from engine.contract.papers import PaperColumn, paper_column
from engine.contract.results import Measurement, flat_rows

BY_TASK = "by_task"
Rows = dict[str, float]


def show_measurement(found: Measurement, task: TaskCard, trained_on: str) -> None:
    """Print it. `trained_on`: the folder of the real files that it was trained on, if it was."""
    of_many = f", the best of {found.restarts} restarts" if found.restarts > 1 else ""
    size = f"{found.parameters:,} parameters, {found.slots} slots"
    figures = [(name, f"{value:.6g}") for name, value in found.metrics.items() if not isinstance(value, dict)]
    head = (f"{found.model} on {found.task}", f"{size}, {found.episodes} episodes, seed {found.seed}{of_many}")
    print_table([head, *figures])
    metrics = {metric.name: metric for metric in task.metrics}
    for name, rows in found.metrics.items():
        if isinstance(rows, dict) and name not in gridded(found):
            column = paper_column(found.model, found.settings, trained_on) if name == BY_TASK else None
            print_table([("",)])
            _show_table(metrics.get(name, Metric(name=name, title=name, says="")), flat_rows(rows), column)
    for grid in grids(found, _known(found, task)):
        print_table([("",)])
        print_table([(_titled(grid), *grid.columns), *((name, *map(_number, row)) for name, row in grid.rows)])
    if found.note:
        say(f"{found.note[0].upper()}{found.note[1:]}.")


def _known(found: Measurement, task: TaskCard) -> tuple[Metric, ...]:
    """The task's metrics, and what a model says beyond them under its own name."""
    names = {metric.name for metric in task.metrics}
    more = (name for name in found.metrics if name not in names)
    return (*task.metrics, *(Metric(name=name, title=name.replace("_", " "), says="") for name in more))


def _titled(grid: Grid) -> str:
    return f"{grid.title} [{grid.unit}]" if grid.unit else grid.title


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _show_table(metric: Metric, rows: Rows, column: PaperColumn | None) -> None:
    shown: list[tuple[str, ...]] = [(metric.title, "here", *((column.title,) if column else ()))]
    for name, value in sorted(rows.items(), key=lambda row: (row_order(row[0]), row[0])):
        shown.append((name, _figure(metric, value), *_beside(column, name)))
    if len(rows) > 1 and column is not None:
        tasks = tuple(int(name) for name in rows if _beside(column, name) != ("",))
        shown.append((f"mean of {len(rows)}", _figure(metric, sum(rows.values()) / len(rows)), f"{column.mean(tasks):.1f} %"))
    print_table(shown)
    if column is not None:
        say(f"{column.title}: {column.source}{'; ' if column.caveat else ''}{column.caveat}.")


def _beside(column: PaperColumn | None, name: str) -> tuple[str, ...]:
    if column is None:
        return ()
    error = column.error(int(name)) if name.isdecimal() else None
    return ("" if error is None else f"{error:g} %",)


def _figure(metric: Metric, value: float) -> str:
    """A share in percent, anything else as it is."""
    return f"{100 * value:.1f} %" if metric.is_share else f"{value:.6g}"
