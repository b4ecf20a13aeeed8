"""Do all seeds learn it? The curves of one training from several seeds, with the goal, and how each of them stands."""

from functools import partial

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.plots.axes import Axis
from app.plots.colours import Category, categories
from app.plots.curve import CurvePlot, Line
from app.state.offers import task_name
from app.state.seeds import SeedRun
from app.state.seeds_words import goal_in_words, panel_in_words, seed_in_words
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.widgets.buttons import button
from app.widgets.list_row import ListRow
from app.widgets.tokens import unit as em
from engine.contract.cards import Metric, TaskCard, unit_of_loss
from engine.contract.results import GOAL_SEQUENCES
from engine.contract.trace import Trace

_MOST_OFTEN = 150
"""Milliseconds between two drawings while runs train."""
_LIST, _ROOM_FOR_LIST = 205, 440
_DECADES = 30


class SeedsPane(PaneView):
    """One line for each seed over the updates; at the right, a row for each, which opens its network."""

    HELP = PaneHelp(
        what_you_see="The same network on the same task, trained several times: only the seed differs, from which the first "
        "weights and the episodes are drawn. A line for each seed: its mean cost over the last thousand sequences. The dashed "
        "line is the goal; a run that gets below it has learnt the task, and ends. A row at the right opens that network. Of "
        "restarts one is kept: the one that does best on episodes held out of training; no test is looked at for that.",
        what_to_look_for="Whether all lines fall, and how far apart they fall: what one run shows may be luck. A line that stays "
        "high found no way; one that jumps up again has lost what it had.",
        formula="cost = mean over the last 1,000 sequences (at the beginning: over those so far)",
        what_it_does_not_show="Whether other settings would do better, and how the networks do on longer episodes than they "
        "were trained on.",
    )
    SHOWS_DIFFERENCE = False
    WISH = 420

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The curves; beside them the sentence, the rows, and what can be done."""
        self._plot = CurvePlot(self.colours)
        self._told = QLabel(wordWrap=True)
        self._rows: list[ListRow] = []
        self._stop = button("Stop all", "chip", "Save a checkpoint of each and end; none of those that wait begins.")
        self._stop.clicked.connect(lambda: self.wished.emit("train.stop"))
        self._list = self._make_list()
        self._turn_again = QTimer(self, singleShot=True, interval=_MOST_OFTEN)
        self._turn_again.timeout.connect(self._trace_changed)
        self._signals = (self.state.seeds.changed, self.state.training.changed)
        for signal in self._signals:
            signal.connect(self._draw_soon)
        body = QWidget()
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._plot, 1)
        line.addWidget(self._list)
        told = QHBoxLayout()
        told.addWidget(self._told, 1)
        told.addWidget(self._stop, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addLayout(told)
        column.addLayout(line, 1)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Draw what the runs have said so far."""
        seeds = self.state.seeds
        self._list.setVisible(self.width() >= _ROOM_FOR_LIST * em(self))
        self._told.setText(panel_in_words(seeds, self._unit, self._metric))
        self._stop.setVisible(seeds.is_live)
        self._show_rows()
        self._draw()

    def nothing_at(self, trace: Trace, step: int) -> str:
        """What to do for a panel."""
        if self.state.seeds.entries:
            return ""
        return (
            "No panel of seeds has been trained yet: “Train several seeds” begins one (Ctrl+K finds it, or the form under Train)."
        )

    def technical(self) -> str:
        """ "Seeds · NTM on Copy"."""
        seeds = self.state.seeds
        model = self.state.catalogue.model(seeds.model)
        what = "Restarts" if seeds.is_restarts else "Seeds"
        return f"{what} · {model.short if model else seeds.model} on {task_name(self.state, seeds.task)}"

    def in_words(self, trace: Trace, step: int) -> str:
        """The whole panel."""
        return panel_in_words(self.state.seeds, self._unit, self._metric)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each seed."""
        seeds, rows = self.state.seeds, []
        for entry in seeds.entries:
            _, means = seeds.curve(entry)
            last: object = float(means[-1]) if means.size else ""
            run, how = entry.run, seed_in_words(seeds, entry)[0]
            held_out: list[object] = [run.figure if run is not None and run.figure is not None else ""]
            rows.append(
                [entry.seed, how, run.update if run else 0, run.seconds if run else 0.0, last, *held_out * seeds.is_restarts]
            )
        titles = [f"{self._metric.title if self._metric else 'figure'}, held out"]
        return ["seed", "how", "updates", "seconds", f"cost ({self._unit})", *titles * seeds.is_restarts], rows

    def enter(self) -> None:
        """The keyboard goes to the rows."""
        if self._rows and self._list.isVisible():
            self._rows[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def close_down(self) -> None:
        """Listen no more."""
        super().close_down()
        self._turn_again.stop()
        for signal in self._signals:
            signal.disconnect(self._draw_soon, missing_ok=True)

    # ---- the inside ----

    @property
    def _task(self) -> TaskCard | None:
        name, trace = self.state.seeds.task, self.side.trace
        return self.state.catalogue.task(name) or (trace.card.task if trace is not None and trace.card.task.id == name else None)

    @property
    def _unit(self) -> str:
        stage = self.state.seeds.stage
        if stage is not None:
            return stage.curve
        return unit_of_loss(self.state.catalogue.model(self.state.seeds.model), self._task) or "cost"

    @property
    def _metric(self) -> Metric | None:
        return self._task.metrics[0] if self._task and self._task.metrics else None

    def _draw_soon(self) -> None:
        if not self._turn_again.isActive():
            self._turn_again.start()

    def _draw(self) -> None:
        seeds = self.state.seeds
        lines, reach = [], 20.0
        for index, entry in enumerate(seeds.entries):
            updates, means = seeds.curve(entry)
            if not updates.size:
                continue
            look = self._look(index)
            width = 3.0 if self._is_current(entry) else 1.6
            lines.append(Line(x=updates, y=means, name=str(entry.seed), colour=look.colour, style=look.line, width=width))
            if seeds.how(entry) == "solved":
                lines.append(Line(x=updates[-1:], y=means[-1:], colour=look.colour))
            reach = max(reach, float(updates[-1]))
        is_goal = seeds.stage is None or seeds.stage.is_last
        goal = [np.full(1, seeds.below, np.float32)] if seeds.below and is_goal else []
        costs = np.concatenate([*(line.y for line in lines), *goal, np.zeros(0, np.float32)])
        self._plot.set_axes(Axis(title="update", binary=False), f"{self._unit}, mean of {GOAL_SEQUENCES:,}")
        self._plot.set_x_limits(0 if seeds.stage is None else seeds.stage.first, reach)
        self._plot.set_log(bool(costs.size) and bool(costs.min() > 0) and bool(costs.max() > _DECADES * costs.min()))
        self._plot.set_bands(())
        self._plot.show_lines(lines)
        self._plot.set_level((seeds.below or None) if is_goal else None, f"goal: below {goal_in_words(seeds.below, self._unit)}")

    def _show_rows(self) -> None:
        seeds = self.state.seeds
        while len(self._rows) < len(seeds.entries):
            row = ListRow()
            row.clicked.connect(partial(self._open, len(self._rows)))
            self._rows.append(row)
            self._column.insertWidget(len(self._rows) - 1, row)
        for index, row in enumerate(self._rows):
            row.setVisible(index < len(seeds.entries))
            if index < len(seeds.entries):
                entry, look = seeds.entries[index], self._look(index)
                mark, numbers = seed_in_words(seeds, entry, self._metric)
                can_open = entry.run is not None and bool(entry.run.checkpoints)
                row.setEnabled(can_open)
                row.set_sample(look.colour if entry.run is not None else "", look.line)
                row.show_row(
                    f"Seed {entry.seed}", note=mark, below=numbers or "\N{NO-BREAK SPACE}", is_current=self._is_current(entry),
                    says="Show this network on the stage." if can_open else "",
                )  # fmt: skip

    def _look(self, index: int) -> Category:
        looks = categories(self.colours)
        return looks[index % len(looks)]

    def _is_current(self, entry: SeedRun) -> bool:
        showing = self.state.a.showing
        return entry.run is not None and showing is not None and showing.source.place == entry.run.place

    def _open(self, index: int, _checked: bool = False) -> None:
        run = self.state.seeds.entries[index].run
        if run is None or not run.checkpoints:
            return
        if self.state.stage.large == self.card.name:
            self.state.stage.enlarge("")
        if run.is_live:
            self.state.explorer.open_run(run)
        else:
            best = run.best if self.state.seeds.is_restarts else None
            self.state.explorer.open(run.place, run.checkpoints[-1] if best is None else best)

    def _make_list(self) -> QWidget:
        holder, rows = QWidget(), QWidget()
        self._column = QVBoxLayout(rows)
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(rows)
        rows.setAutoFillBackground(False)
        area.viewport().setAutoFillBackground(False)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(area, 1)
        holder.setFixedWidth(round(_LIST * em(self)))
        return holder
