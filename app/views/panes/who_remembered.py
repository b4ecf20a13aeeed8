"""Who remembered? What the answers cost with each kind of memory cleared, by running again."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.plots.bars import Bar, Bars
from app.state.remembering import USUAL_EPISODES, WhoRemembered, answer_at, together
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from app.widgets.buttons import button
from app.widgets.section import Section
from app.widgets.tokens import sized
from app.widgets.tokens import unit as em
from engine.contract.remembering import CONDITIONS, Interval, Measure, Remembering, number
from engine.contract.trace import Trace

_SIDE_BY_SIDE = 480
"""Width from which the one answer and the set stand side by side."""
Rows = Sequence[tuple[str, Interval]]


class WhoRememberedPane(PaneView):
    """Bars for this answer, bars with their interval for a set, and the memory's name in words."""

    HELP = PaneHelp(
        what_you_see="The same episode run again and again: with everything, with the memories that are wiped at an episode's "
        "end held blank at every step, with those that last held blank, with both. A bar is what the answers cost then. Over "
        "many episodes a line through a bar's end is the 95 % interval of its mean.",
        what_to_look_for="Which clearing makes the bar long: that memory carried the answer. If clearing one changes nothing, "
        "the answer did not come from it, however strongly it was read. If only both together do harm, one can stand in for "
        "the other.",
        formula="worse by = mean over answers of (loss cleared − loss with everything); interval: 2,000 paired resamples of the "
        "answers (bootstrap)",
        what_it_does_not_show="Which slot it was: remove single slots for that. Nor what another training would need; and a "
        "cleared memory is a state that training never showed, so its bar may be worse than that of a network that never had "
        "one.",
    )
    ABSENT = "This network keeps nothing from step to step, nor from episode to episode: there is no memory to clear."
    SHOWS_DIFFERENCE = False
    WISH = 320

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The verdict, the two blocks of bars, and what can be done."""
        self._verdict, self._how, self._why = (QLabel(wordWrap=True) for _ in range(3))
        self._verdict.setFont(sized(self, 13, QFont.Weight.DemiBold))
        for label in (self._how, self._why):
            label.setProperty("tone", "muted")
        self._here, self._set, self._both = (_Block(self) for _ in range(3))
        self._measure = button("", "chip", "Run so many episodes again under each condition; it can be cancelled.")
        self._measure.clicked.connect(self._toggle)
        self._progress = QLabel()
        self._progress.setProperty("tone", "muted")
        self._quantity = Choice("Which figure the bars show")
        self._quantity.chosen.connect(self._trace_changed)
        self.frame.add_to_header(self._quantity)
        self._who.changed.connect(self._trace_changed)
        self._other.changed.connect(self._trace_changed)
        self._who.watch()
        return self._laid_out()

    def show_trace(self, trace: Trace) -> None:
        """What has been measured by now."""
        found, best = self._who.found, self._best
        self._quantity.offer(tuple(measure.title for measure in best.measures) if best else ())
        self._verdict.setText(self._verdict_text())
        self._how.setText(best.how if best is not None and best.measures else "")
        self._why.setText(" ".join(self._remarks(best)))
        for label in (self._verdict, self._how, self._why):
            label.setVisible(bool(label.text()))
        self._show_set(found.many)
        self._show_both()
        self._show_button()
        self._fit_soon.start()

    def show_step(self, trace: Trace, step: int) -> None:
        """The answer that the reader waits for."""
        one, measure = self._who.found.one, self._chosen(self._who.found.one)
        if one is None or measure is None:
            self._here.setVisible(False)
            return
        self._here.show_rows(self._title_of(one, step), _rows_at(one, measure, answer_at(one, step)), measure)
        self._fit_soon.start()

    def technical(self) -> str:
        """ "Which memory carried the answer · n = 64"."""
        many = self._who.found.many
        return self.card.technical + (f" · n = {many.count:,}" if many is not None else "")

    def in_words(self, trace: Trace, step: int) -> str:
        """The verdict, the figures of this answer, and how they were measured."""
        one = self._who.found.one
        told = [self._verdict_text()]
        if one is not None and (measure := self._chosen(one)) is not None:
            rows = _rows_at(one, measure, answer_at(one, step))
            said = ", ".join(f"{name} {number(measure, value.mean)}" for name, value in rows)
            told.append(f"{self._title_of(one, step)}, {_with_unit(measure)}: {said}.")
        told.append(self._best.how if self._best is not None else "")
        told.extend(self._remarks(self._best))
        return " ".join(text for text in told if text)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each condition and figure: of this answer, and of the set with its interval."""
        one, many = self._who.found.one, self._who.found.many
        rows: list[list[object]] = []
        for measure in self._best.measures if self._best is not None else ():
            for condition in CONDITIONS:
                here = one.values.get(condition, {}).get(measure.name) if one is not None else None
                mean = many.interval(condition, measure.name) if many is not None and condition in many.values else ("", "", "")
                if here is not None or many is not None and condition in many.values:
                    value = float(here[answer_at(one, step)]) if here is not None and one is not None else ""
                    rows.append([_with_unit(measure), CONDITIONS[condition], value, *mean])
        return ["figure", "condition", "this answer", "mean of the set", "95 % from", "95 % to"], rows

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= _SIDE_BY_SIDE * em(self)
        self._blocks.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self._fit_soon.start()

    def close_down(self) -> None:
        """Ask no more."""
        super().close_down()
        for who in (self._who, self._other):
            who.changed.disconnect(self._trace_changed, missing_ok=True)
        self._who.leave()

    # ---- the inside ----

    @property
    def _who(self) -> WhoRemembered:
        return self.state.remembering[self.side.name]

    @property
    def _other(self) -> WhoRemembered:
        return self.state.remembering["B" if self.side.name == "A" else "A"]

    @property
    def _best(self) -> Remembering | None:
        """The set where there is one, else the one episode."""
        return self._who.found.many or self._who.found.one

    def _chosen(self, found: Remembering | None) -> Measure | None:
        """The figure that the reader chose."""
        if found is None or not found.measures:
            return None
        title = self._quantity.names[self._quantity.index] if self._quantity.names else ""
        return next((measure for measure in found.measures if measure.title == title), found.measures[0])

    def _verdict_text(self) -> str:
        found = self._who.found
        if found.refusal:
            return found.refusal
        if found.many is not None and found.many.measures:
            return found.many.verdict + ("" if found.many.is_complete or self._who.is_measuring_set else " (Cancelled early.)")
        if found.one is not None:
            return _of_one(found.one)
        return "Clearing and running again …" if self._who.is_waiting else "The engine measures as soon as it is there."

    def _remarks(self, best: Remembering | None) -> list[str]:
        """Why there is nothing to clear of a kind, and what these runs leave out."""
        said = list(best.absent.values()) if best is not None else []
        is_copy = self.side.name == "B" and self.state.comparison.b_is_edited_copy
        return [*said, "These runs are made without the edits of B."] if is_copy and best is not None else said

    def _title_of(self, one: Remembering, step: int) -> str:
        if one.unit == "episode":
            return "This episode"
        return f"This {one.unit} ({answer_at(one, step) + 1:,} of {one.count:,})"

    def _show_set(self, many: Remembering | None) -> None:
        measure = self._chosen(many)
        if many is None or measure is None:
            self._set.setVisible(False)
            return
        rows = [(CONDITIONS[condition], many.interval(condition, measure.name)) for condition in many.conditions]
        self._set.show_rows(f"Over {many.count:,} {many.unit}s", rows, measure)

    def _show_both(self) -> None:
        """In a comparison, both sides as one: on A alone, for it is the same on both."""
        a, b = (self.state.remembering[name].found for name in ("A", "B"))
        one, two = (a.many, b.many) if a.many and b.many else (a.one, b.one)
        rows = together(one, two) if one and two and self.state.comparison.mode != "single" and self.side.name == "A" else None
        if rows is None or one is None or self.state.comparison.b_is_edited_copy:
            self._both.setVisible(False)
            return
        self._both.show_rows(f"A and B together, mean of both ({one.count:,} {one.unit}s)", rows[1], rows[0])

    def _show_button(self) -> None:
        who, has_bars = self._who, self._best is not None and bool(self._best.measures)
        unit = "samples" if self._best is not None and self._best.unit == "sample" else "episodes"
        self._measure.setText("Cancel" if who.is_measuring_set else f"Measure {USUAL_EPISODES} {unit}")
        self._measure.setVisible(has_bars or who.is_measuring_set)
        done, total = who.progress
        self._progress.setText(f"{done:,} of {total:,}" if who.is_measuring_set else "")

    def _toggle(self) -> None:
        if self._who.is_measuring_set:
            self._who.cancel()
        else:
            self._who.measure_set()

    def _fit(self) -> None:
        """As high as its words need at this width: a scroll area asks wrapped words too early."""
        layout = self._inner.layout()
        if layout is not None:
            self._inner.setMinimumHeight(max(layout.totalHeightForWidth(self._area.viewport().width()), 0))

    def _laid_out(self) -> QWidget:
        self._blocks = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._blocks.setSpacing(14)
        for block in (self._here, self._set, self._both):
            self._blocks.addWidget(block, 1, Qt.AlignmentFlag.AlignTop)
        act = QHBoxLayout()
        act.addWidget(self._measure)
        act.addWidget(self._progress)
        act.addStretch(1)
        self._fit_soon = QTimer(self, singleShot=True, interval=0)
        self._fit_soon.timeout.connect(self._fit)
        self._inner = inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 4, 6, 0)
        column.setSpacing(8)
        column.addWidget(self._verdict)
        column.addLayout(self._blocks)
        column.addLayout(act)
        column.addWidget(self._how)
        column.addWidget(self._why)
        column.addStretch(1)
        self._area = area = QScrollArea(widgetResizable=True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        for part in (inner, area.viewport()):
            part.setAutoFillBackground(False)
        return area


class _Block(QWidget):
    """A heading and its bars."""

    def __init__(self, pane: WhoRememberedPane) -> None:
        super().__init__()
        self._title, self._bars = Section(), Bars(pane.colours)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._bars)

    def show_rows(self, title: str, rows: Rows, measure: Measure) -> None:
        """Bars on one scale, from zero."""
        top = 1.0 if measure.is_share or measure.name == "probability" else max((_reach(value) for _, value in rows), default=0.0)
        self._title.setText(f"{title} · {_with_unit(measure)}")
        self._bars.show_bars([_bar(name, value, measure) for name, value in rows], high=top or 1.0)
        self.setVisible(True)


def _bar(name: str, value: Interval, measure: Measure) -> Bar:
    span: tuple[float, float] | None = (value.low, value.high) if value.low == value.low else None
    return Bar(name=name, value=value.mean, text=number(measure, value.mean), interval=span)


def _reach(value: Interval) -> float:
    return max(value.mean, value.high if value.high == value.high else value.mean)


def _rows_at(found: Remembering, measure: Measure, answer: int) -> list[tuple[str, Interval]]:
    """The figures of one answer: they have no interval."""
    nothing = float("nan")
    return [
        (CONDITIONS[condition], Interval(float(found.values[condition][measure.name][answer]), nothing, nothing))
        for condition in found.conditions
    ]


def _with_unit(measure: Measure) -> str:
    title = measure.title.removeprefix("the ")
    return f"{title}, {measure.unit}" if measure.unit and not title.endswith(measure.unit) else title


def _of_one(one: Remembering) -> str:
    """Of one episode nothing is for sure: what can be said of it, and what would make it so."""
    if not one.measures:
        return ""
    return one.verdict
