"""What is free, what came after what? How full each slot is and which is offered for writing; on demand, the order of writing."""

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QLabel, QStackedLayout, QVBoxLayout, QWidget

from app.plots.axes import Axis
from app.plots.canvas import Canvas
from app.plots.matrix_plot import MatrixPlot
from app.plots.strips import StripsPlot
from app.state.describe import number
from app.state.lens import Selection
from app.state.order import order_in_words
from app.views.pane_corner import PaneHelp
from app.views.pane_view import Stale, Table
from app.views.panes.over_steps import OverSteps, Strip, say_how_many
from app.widgets.buttons import TextButton
from engine.contract.cards import Channel
from engine.contract.trace import Trace

ROOM_FOR_GATES = 330
"""The height of a pane from which the gates leave enough to the slots."""
IN_USE = 0.5
"""From this usage on a slot is said to be in use."""


class OrderAndUsage(OverSteps):
    """Usage and allocation as slots over steps, the gates below; a word in the header turns to the link matrix of the step."""

    ABSENT = "This model does not keep account of which slots are free."
    WISH = 300
    HELP = PaneHelp(
        what_you_see="Usage: a row is a slot, a column a step; the darker, the more the slot is in use. Allocation: which free "
        "slot is offered to the write head. The gates are below. “Show links” turns to the order of writing at the present step: "
        "a cell is dark where the slot of its row was written right after the slot of its column.",
        what_to_look_for="A row that darkens when its slot is written and turns pale again after it is read: the slot was given "
        "back (the free gate is open). Dark cells one beside the diagonal: slots were written one after the other.",
        formula="usage = (usage before + write − usage before × write) × product over read heads of (1 − free gate × read "
        "before); allocation of a slot = (1 − usage) × product of the usage of all less used slots; link[i, j] = (1 − write[i] "
        "− write[j]) × link before[i, j] + write[i] × written last[j].",
        what_it_does_not_show="What the slots hold: a slot that was given back keeps its contents until it is written again.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """Two pages: strips with gates below, and the link matrix with the order in words."""
        self._turn_over = TextButton("", "Show the order of writing, or how full the slots are")
        self._turn_over.clicked.connect(self._turn_page)
        self._gates = StripsPlot(self.colours)
        self._gates.clicked.connect(self._gate_clicked)
        self._links, self._order = MatrixPlot(self.colours), QLabel(wordWrap=True)
        self._order.setProperty("tone", "muted")
        self._links.clicked.connect(self._link_clicked)
        self._links.hovered.connect(self._link_hovered)
        self._links_window = (0, 0)
        usage, links, body = QWidget(), QWidget(), QWidget()
        for page, parts in ((usage, (super().make_body(), self._gates)), (links, (self._links, self._order))):
            column = QVBoxLayout(page)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            column.addWidget(parts[0], 1)
            column.addWidget(parts[1])
        self._pages = QStackedLayout(body)
        self._pages.addWidget(usage)
        self._pages.addWidget(links)
        return body

    def strips(self, trace: Trace) -> list[Strip]:
        """Usage, then allocation, a strip for each write head."""
        found = []
        for channel in self._over_slots():
            heads = trace.arrays[channel.name].shape[1] if "head" in channel.axes else 0
            titles = [f"{channel.title} {head + 1}" if heads > 1 else channel.title for head in range(heads)]
            found += [Strip(channel=channel, part=head, title=title) for head, title in enumerate(titles)]
            found += [] if heads else [Strip(channel=channel, title=channel.title)]
        return found

    def below(self) -> int:
        """What the gates take."""
        return self._gates.height() + 4 if self._has_room_for_gates() else 0

    def show_trace(self, trace: Trace) -> None:
        """Upload the strips and the gates, and say what the links are drawn on."""
        if self._turn_over.parent() is None:
            self.frame.add_to_header(self._turn_over)
        self._turn_over.set_text("show usage" if self._is_turned else "show links")
        self._show_gates(trace)
        super().show_trace(trace)
        self._align()
        link = self._link(trace)
        if link is not None:
            low, high, scale = self.reading.scale(link)
            self._links.set_axes(Axis(title="right after slot"), Axis(title="slot written"))
            self._links.set_gathering("max")
            self._links.set_scale(low, high, scale)

    def show_step(self, trace: Trace, step: int) -> None:
        """Move the cursors, or show the links of another step."""
        if self._is_turned:
            self._show_links(trace, step)
            return
        super().show_step(trace, step)
        self._gates.set_cursor(step if step < trace.steps else None)

    def show_marks(self, trace: Trace) -> None:
        """Outline the chosen slots: in the strips at the present step, among the links as rows."""
        super().show_marks(trace)
        lens, count = self.state.lens, self._links.heatmap.rows
        self._links.set_selected_cells(tuple((slot, -1) for slot in lens.selection.slots if slot < count))
        over = lens.hover.slots[0] if lens.hover is not None and lens.hover.slots else -1
        self._links.set_hovered(over if over < count else -1, -1)

    def technical(self) -> str:
        """ "Usage", or that it is the order of writing after a step."""
        if not self._is_turned:
            return super().technical().replace(self.card.technical, "Usage", 1)
        return f"Links · after step {self.step + 1}" + (" · B \N{MINUS SIGN} A" if self.is_difference else "")

    def in_words(self, trace: Trace, step: int) -> str:
        """How many slots are in use, which is offered next, what the gates say, and the order of writing where it is shown."""
        link = self._link(trace)
        if self._is_turned:
            return order_in_words(np.asarray(trace.at(link.name, step))) if link is not None else self._why_no_links(trace)
        told = []
        for channel in self._over_slots():
            rows = np.nan_to_num(np.atleast_2d(trace.at(channel.name, step)))
            if channel.role == "usage":
                told.append(f"{int((rows >= IN_USE).any(0).sum())} of {rows.shape[-1]} slots are in use after step {step + 1}.")
            else:
                best = int(rows.max(0).argmax())
                free = rows[:, best].max()
                told.append(f"Slot {best} is offered for writing ({free:.2f})." if free >= 0.01 else "No slot is free.")
        told += [f"{name}: {number(value)}." for name, value in self._gates_at(trace, step)]
        return " ".join(told)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each slot of each strip, a column for each step; of the links, a row and a column for each slot."""
        link = self._link(trace)
        if not self._is_turned or link is None:
            return super().as_table(trace, step)
        values = np.asarray(self.reading.at(link, step))
        rows: list[list[object]] = [[slot, *(float(v) for v in row)] for slot, row in enumerate(values)]
        return ["slot written", *(f"right after slot {slot}" for slot in range(values.shape[1]))], rows

    def enter(self) -> None:
        """The arrows walk through the first strip, or from link to link."""
        if self._is_turned:
            self._links.enter()
        else:
            super().enter()

    # ---- the inside ----

    @property
    def _is_turned(self) -> bool:
        return self._pages.currentIndex() == 1

    def _over_slots(self) -> list[Channel]:
        return [c for c in self.channels if c.role in ("usage", "allocation")]

    def _link(self, trace: Trace) -> Channel | None:
        return next(iter(trace.of_role("link")), None)

    def _turn_page(self) -> None:
        self._pages.setCurrentIndex(0 if self._is_turned else 1)
        self.invalidate(Stale.TRACE)
        self.activated.emit()

    def _has_room_for_gates(self) -> bool:
        return bool(self._gates.heatmap.rows) and (not self.isVisible() or self.height() >= ROOM_FOR_GATES)

    def _show_gates(self, trace: Trace) -> None:
        """Each gate of each head as a named strip."""
        names, lines = [], []
        for channel in gates(trace):
            values = np.asarray(self.reading.whole(channel))
            several = values.shape[1] > 1
            names += [f"{channel.title} {head + 1}" if several else channel.title for head in range(values.shape[1])]
            lines += list(values.T)
        if lines:
            low, high, scale = self.reading.scale(gates(trace)[0])
            self._gates.set_bar_visible(False)
            self._gates.set_scale(low, high, scale)
            self._gates.show_strips(tuple(names), np.asarray(lines, np.float32))
            self._gates.setFixedHeight(round(len(lines) * 17 * self._gates.em() + self._gates.margins()[3] + 6))
        else:
            self._gates.show_strips((), np.zeros((0, 0), np.float32))
        self._gates.setVisible(self._has_room_for_gates())

    def _align(self) -> None:
        """The same step stands at the same place in all strips."""
        rows, gates_shown = [row for row in self._shown() if row.isVisibleTo(self)], self._has_room_for_gates()
        plots: list[Canvas] = [row.plot for row in rows]
        left = max((plot.margins()[0] for plot in (*plots, *([self._gates] if gates_shown else []))), default=0.0)
        for plot in plots:
            plot.set_x_inset(left, 8.0)
        beside = next((row.bars.sizeHint().width() for row in rows if row.bars.isVisibleTo(self)), 0)
        self._gates.set_x_inset(left, 8.0 + beside)

    def _gates_at(self, trace: Trace, step: int) -> list[tuple[str, float]]:
        told = []
        for channel in gates(trace):
            values = np.asarray(trace.at(channel.name, step)).reshape(-1)
            names = [f"{channel.title} {head + 1}" if len(values) > 1 else channel.title for head in range(len(values))]
            told += [(name[:1].upper() + name[1:], float(value)) for name, value in zip(names, values, strict=True)]
        return told

    def _show_links(self, trace: Trace, step: int) -> None:
        link = self._link(trace)
        self._order.setVisible(link is not None and not self.is_difference)
        if link is None:
            self._links.show_message(self._why_no_links(trace))
            return
        if step >= trace.steps:
            self._links.show_message(f"The episode on side {self.side.name} ended at step {trace.steps}.")
            return
        values = np.asarray(self.reading.at(link, step))
        shown = self.reading.slots_shown()
        say_how_many(self._links, shown, len(values))
        self._links.show_values(values)
        self._order.setText(order_in_words(values))
        if (len(values), shown) != self._links_window:
            self._links_window = (len(values), shown)
            self._links.show_window(QRectF(0, 0, shown, shown) if 0 < shown < len(values) else None)

    def _why_no_links(self, trace: Trace) -> str:
        card = next((c for c in trace.card.model.channels if c.role == "link"), None)
        if card is None:
            return "This model keeps no order of writing."
        return f"The order of writing was not recorded in this episode of {trace.card.slots} slots. {card.says}"

    def _gate_clicked(self, row: int, step: int, modifiers: Qt.KeyboardModifier) -> None:
        trace = self.side.trace
        if trace is None or self.is_behind:
            return
        places = [(channel, head) for channel in gates(trace) for head in range(trace.arrays[channel.name].shape[1])]
        channel, head = places[row]
        self.choose(Selection(side=self.side.name, channel=channel.name, head=head), modifiers, step)

    def _link_selection(self, slot: int) -> Selection:
        trace = self.side.trace
        link = self._link(trace) if trace is not None else None
        return Selection(side=self.side.name, channel=link.name if link is not None else "", slots=(slot,))

    def _link_clicked(self, slot: int, _before: int, modifiers: Qt.KeyboardModifier) -> None:
        if not self.is_behind:
            self.choose(self._link_selection(slot), modifiers)

    def _link_hovered(self, slot: int, before: int) -> None:
        trace = self.side.trace
        link = self._link(trace) if trace is not None else None
        if slot < 0 or trace is None or link is None or self.is_behind or self.step >= trace.steps:
            self.point(None)
            return
        value = float(np.asarray(self.reading.at(link, self.step))[slot, before])
        self.point(self._link_selection(slot), f"slot {slot} right after slot {before}: {number(value)}")


def gates(trace: Trace) -> list[Channel]:
    """The gates that decide what is free and what is written: those of the stages and organs that show usage and allocation."""
    account = [*trace.of_role("usage"), *trace.of_role("allocation")]
    beside = {name for m in trace.card.model.micro_steps if {c.name for c in account} & set(m.channels) for name in m.channels}
    organs = {channel.organ for channel in account}
    return [c for c in trace.of_kind("gate") if c.axes == ("head",) and (c.name in beside or c.organ in organs)]
