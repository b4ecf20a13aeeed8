"""The run that trains: its curve, how far it is, what can be done with it, and how it ended."""

import numpy as np
from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.plots.axes import Axis
from app.plots.colours import Palette
from app.plots.curve import CurvePlot, Line
from app.state.app_state import AppState
from app.state.offers import run_name
from app.state.run_stages import spans_of_run, stage_of_run, stages_to_choose
from app.state.run_words import checkpoints_in_words, cost_in_words, path_in_words, progress_in_words, read_rate
from app.state.training import Run
from app.views.panes.choice import Choice
from app.widgets.buttons import button
from app.widgets.flow_layout import FlowLayout
from app.widgets.section import Section
from engine.contract.cards import unit_of_loss
from engine.contract.stages import Span, within

_MOST_OFTEN = 100
"""Milliseconds between two drawings of the curve."""
_HEIGHT = 120


class TrainingLive(QWidget):
    """The newest run of this launch; hidden while there is none. A press on the curve goes to the nearest checkpoint."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette) -> None:
        super().__init__()
        self._state, self._palette = state, palette
        self._turn = QTimer(self, singleShot=True, interval=_MOST_OFTEN)
        self._turn.timeout.connect(self.settle)
        self.title, self.progress = _label("title"), _label("heading")
        self.detail, self.cost, self.kept = _label("muted"), _label("muted"), _label("muted")
        self.caption = _label("muted")
        self._spans: tuple[Span, ...] = ()
        self.stage = Choice("Of which stage of the training the curve is")
        self.stage.chosen.connect(self._invalidate)
        self.curve = CurvePlot(palette)
        self.curve.set_axes(Axis(title="", binary=False), "")
        self.curve.setFixedHeight(round(_HEIGHT * self.curve.em()))
        self.curve.clicked.connect(self._choose_checkpoint)
        self.rate = QLineEdit()
        self.rate.setAccessibleName("Learning rate")
        self.rate.setToolTip("How far one update moves the weights; Enter changes it from the next update on.")
        self.rate.returnPressed.connect(self._set_rate)
        self.wrong_rate = _label("live")
        self._buttons = {
            name: self._command(name, words, says)
            for name, words, says in (
                ("train.toggle", "Pause", "Wait between two updates, or go on."),
                ("train.one", "One update", "Make one update, then wait."),
                ("train.hundred", "Hundred", "Make a hundred updates, then wait."),
                ("train.stop", "Stop", "Save a checkpoint and end; the run can be resumed."),
                ("run.resume", "Resume", "Go on from the last checkpoint."),
                ("run.last_good", "Last good checkpoint", "Show the last checkpoint whose numbers are finite."),
                ("live.follow", "Follow", "Show the newest checkpoint, and stay on it."),
            )
        }
        self._rate_row = QWidget()
        self._lay_out()
        state.training.changed.connect(self._invalidate)
        self.settle()

    @property
    def run(self) -> Run | None:
        """The run that is shown: the one that works, else the newest that ended in this launch."""
        live = self._state.training.live
        if live is not None:
            return live
        return next((run for run in reversed(self._state.training.runs) if run.points or run.status in ("failed", "died")), None)

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        self._palette = palette
        self.curve.set_palette(palette)
        self._invalidate()

    def settle(self) -> None:
        """Show where the run is now."""
        run = self.run
        self.setVisible(run is not None)
        if run is None:
            return
        self.title.setText(run_name(self._state, run))
        self._spans = spans_of_run(self._state.catalogue, run)
        self.progress.setText(progress_in_words(run, stage_of_run(self._state.catalogue, run)))
        self.detail.setText(run.detail)
        self.detail.setVisible(bool(run.detail))
        self._colour_detail("live" if run.status in ("failed", "died") else "muted")
        self.cost.setText(" ".join(text for text in (path_in_words(run), cost_in_words(run)) if text))
        self.cost.setVisible(bool(self.cost.text()))
        self.kept.setText(checkpoints_in_words(run))
        self._show_buttons(run)
        self._show_rate(run)
        self._show_curve(run)

    # ---- inside ----

    def _show_buttons(self, run: Run) -> None:
        live, busy = run.is_live, run.status in ("starting", "stopping")
        shown = {
            "train.toggle": live, "train.one": live, "train.hundred": live, "train.stop": live,
            "run.resume": run.status in ("stopped", "failed", "died"), "run.last_good": run.last_good is not None and not live,
            "live.follow": live and bool(run.checkpoints) and not self._state.training.is_following,
        }  # fmt: skip
        for name, made in self._buttons.items():
            made.setVisible(shown[name])
            made.setEnabled(not busy)
        self._buttons["train.toggle"].setText("Continue" if run.status == "paused" else "Pause")

    def _colour_detail(self, tone: str) -> None:
        if self.detail.property("tone") != tone:
            self.detail.setProperty("tone", tone)
            self.detail.style().unpolish(self.detail)
            self.detail.style().polish(self.detail)

    def _show_rate(self, run: Run) -> None:
        self._rate_row.setVisible(run.is_live)
        if not self.rate.hasFocus() and not self.wrong_rate.isVisible():
            self.rate.setText(f"{run.learning_rate:g}" if run.learning_rate else "")
        self.rate.setEnabled(run.status in ("running", "paused"))

    def _show_curve(self, run: Run) -> None:
        catalogue = self._state.catalogue
        span = self._stage_shown(run)
        points = within(run.points, span)
        if not points:
            self.caption.setText("The curve begins with the first updates.")
            self.curve.show_lines(())
            return
        updates, losses = (np.array(column, float) for column in zip(*points, strict=True))
        lines = [Line(x=updates, y=losses, width=1.0, colour=self._palette.muted)]
        held = sorted((update, loss) for update, loss in within(run.held_out.items(), span) if np.isfinite(loss))
        if len(held) > 1:
            x, y = (np.array(column, float) for column in zip(*held, strict=True))
            lines.append(Line(x=x, y=y, width=2.4))
        is_log = _spans_decades([loss for _, loss in held]) and bool((losses > 0).all())
        self.curve.set_log(is_log)
        self.curve.show_lines(lines)
        self.curve.set_notes([(float(update), text) for update, text in run.notes])
        usual = unit_of_loss(catalogue.model(run.model), catalogue.task(run.task)) or "loss"
        unit = usual if span is None else span.curve
        what = [
            unit[:1].upper() + unit[1:],
            "logarithmic scale" if is_log else "",
            "thick: held-out episodes" if len(held) > 1 else "",
        ]
        self.caption.setText("; ".join(word for word in what if word))
        self.curve.setAccessibleName(f"Loss: {losses[0]:.3g} at first, {losses[-1]:.3g} {unit} now")

    def _stage_shown(self, run: Run) -> Span | None:
        """The stage whose curve is shown: the newest that has one, unless the reader chose another."""
        offered = stages_to_choose(self._spans, max((update for update, _ in run.points), default=0))
        if tuple(span.name for span in offered) != self.stage.names:
            is_newest = self.stage.index == 0
            self.stage.offer(tuple(span.name for span in offered))
            if is_newest and offered:
                self.stage.choose(0)
        return offered[self.stage.index] if offered else None

    def _set_rate(self) -> None:
        try:
            rate = read_rate(self.rate.text())
        except ValueError as error:
            self._complain(str(error))
            return
        self._complain("")
        self._state.trainer.set_learning_rate(rate)

    def _complain(self, sentence: str) -> None:
        self.wrong_rate.setText(sentence)
        self.wrong_rate.setVisible(bool(sentence))
        self.rate.setProperty("wrong", bool(sentence))
        self.rate.style().unpolish(self.rate)
        self.rate.style().polish(self.rate)

    def _choose_checkpoint(self, update: float) -> None:
        run, showing = self.run, self._state.a.showing
        if run is None or not run.checkpoints:
            return
        nearest = min(run.checkpoints, key=lambda kept: abs(kept - update))
        if showing is not None and showing.source.place == run.place:
            self._state.explorer.choose_checkpoint(nearest)
        else:
            self._state.explorer.open(run.place, nearest)

    def _invalidate(self) -> None:
        if not self._turn.isActive():
            self._turn.start()

    def changeEvent(self, event: QEvent) -> None:
        """Another size of type: the curve keeps its proportion."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.curve.setFixedHeight(round(_HEIGHT * self.curve.em()))

    def showEvent(self, event: QShowEvent) -> None:
        """Brought to the front: show what was missed."""
        super().showEvent(event)
        self._invalidate()

    def _command(self, name: str, words: str, says: str) -> QPushButton:
        made = button(words, "plain" if name == "train.toggle" else "chip", says)
        made.setObjectName(name)
        made.clicked.connect(lambda: self.wished.emit(name))
        return made

    def _lay_out(self) -> None:
        chips = QWidget()
        flow = FlowLayout(chips)
        for made in self._buttons.values():
            flow.addWidget(made)
        rate = QHBoxLayout(self._rate_row)
        rate.setContentsMargins(0, 0, 0, 0)
        name = QLabel("Learning rate")
        name.setBuddy(self.rate)
        rate.addWidget(name, 1)
        rate.addWidget(self.rate)
        self.rate.setFixedWidth(90)
        self.wrong_rate.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (
            Section("Training"),
            self.title,
            self.progress,
            self.caption,
            self.stage,
            self.curve,
            chips,
            self._rate_row,
            self.wrong_rate,
        ):
            column.addWidget(widget)
        for widget in (self.detail, self.kept, self.cost):
            column.addWidget(widget)


def _spans_decades(losses: list[float]) -> bool:
    """Whether a linear scale would hide what happens at the small end."""
    return bool(losses) and min(losses) > 0 and max(losses) / min(losses) > 30


def _label(tone: str) -> QLabel:
    label = QLabel()
    label.setProperty("tone", tone)
    label.setWordWrap(True)
    return label
