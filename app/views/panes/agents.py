"""Who looks at whom? What each agent owes to each other one, by several accounts beside each other."""

from functools import partial

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from app.plots.agent_matrix import AgentMatrix
from app.plots.axes import Axis
from app.plots.colours import Palette
from app.state.agents import (
    ACCOUNTS,
    Account,
    accounts_of,
    agents_in_words,
    influence,
    limits,
    named_right,
    waits_for,
)
from app.state.lens import Selection
from app.state.trajectories import agent_name, heads_of, whole_futures
from app.state.trajectories_words import PATHS_DIFFER
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.widgets.tokens import sized, unit
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

ROOM_FOR_SAYING = 190
"""Pixels of height of one account from which there is room for what it says below its matrix."""
ROOM_FOR_NOTE = 260
"""The height of the pane from which there is room for what the rings mean; the help tells it too."""
NARROWEST = 112
"""Pixels of width in which the title of an account can be read."""
RINGS = "Ring: the row's agent waits for the column's, by the task's rule. 2/3: so many rings are on their row's darkest cell."


class Agents(PaneView):
    """A small matrix for each account: rows are influenced, columns influence."""

    ABSENT = "No agents meet here, or the model keeps no account of them."
    SHOWS_DIFFERENCE = False
    NEEDS_STEP = True
    LEAST_HIGH = 230
    WISH = 420
    HELP = PaneHelp(
        what_you_see="Each matrix is one way to tell who influences whom. A row is the agent that is influenced, a column the "
        "one that influences it; the darker, the more. What an agent owes to itself is left out. A ring stands where the task "
        "knows that the row's agent waits for the column's.",
        what_to_look_for="Do the accounts agree? Where they do not, believe the one by taking out: it is an experiment, the "
        "others are readings. Is the darkest cell of each row the one with the ring? Two agents may read alike without either "
        "having written what both read.",
        formula="by what it reads: Σ over slots of read weighting × the part of the slot that the other wrote. By a small push: "
        "|∂ end of its future / ∂ the other's past|. By taking out: mean distance of its future with and without the other. By "
        "reading alike: cosine of the two read weightings.",
        what_it_does_not_show="Why. An agent may be moved by another without waiting for it. The push holds for small changes "
        "only; to take one out may put the rest into a scene that the model has never seen.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """One part for each account, arranged as the room allows."""
        self._note, self._has_note = QLabel(RINGS, wordWrap=True), True
        self._note.setProperty("tone", "muted")
        self._note.setFont(sized(self, 11.5))
        self._accounts: list[tuple[Account, Channel]] = []
        self._found: dict[str, Array] = {}
        self._drawn: dict[str, object] = {}
        self._arranged: tuple[object, ...] = ()
        body, holder = QWidget(), QWidget()
        self._parts = [_Part(self.colours, account, holder) for account in ACCOUNTS]
        self._grid = QGridLayout(holder)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(6)
        for part in self._parts:
            part.plot.clicked.connect(partial(self._clicked, part.account))
            part.plot.hovered.connect(partial(self._hovered, part.account))
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 2, 0, 0)
        column.setSpacing(4)
        column.addWidget(holder, 1)
        column.addWidget(self._note)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Fix the scales, and stand the accounts side by side or below each other."""
        self._accounts = accounts_of(trace)
        self._drawn = {}
        traces = [side.trace for side in (self.state.a, self.state.b) if side.trace is not None]
        if self.state.comparison.mode == "single":
            traces = [trace]
        for account, _ in self._accounts:
            low, high, clips = limits(traces, account)
            self._part(account).plot.set_scale(low, high, "ramp", unit=account.unit, badge="clipped" if clips else "")
        self._arrange()

    def nothing_at(self, trace: Trace, step: int) -> str:
        """A difference of two sides is refused."""
        return PATHS_DIFFER if self.side is self.state.b and self.state.comparison.mode == "difference" else ""

    def show_step(self, trace: Trace, step: int) -> None:
        """The accounts of this step; a ring stands where the task knows what is right."""
        waits = waits_for(trace, step)
        for account, channel in self._accounts:
            found = influence(trace, account, channel, step)
            key = (found.tobytes(), waits)
            if self._drawn.get(account.role) != key:  # most of it holds for a whole sample
                self._drawn[account.role], self._found[account.role] = key, found
                self._show_account(account, found, waits)
        self._note.setVisible(bool(waits) and self._has_note)

    def show_marks(self, trace: Trace) -> None:
        """The row of the agent whose read head is chosen, the column of the one whose write head is."""
        lens = self.state.lens
        row, column = self._place(trace, lens.selection)
        over = self._place(trace, lens.hover) if lens.hover is not None else (-1, -1)
        for account, _ in self._accounts:
            plot = self._part(account).plot
            plot.set_selected(row if row >= 0 else None, column if column >= 0 else None)
            plot.set_hovered(*over)

    def technical(self) -> str:
        """ "Agents · sample 3"."""
        trace = self.side.trace
        sample = trace.sample_at(self.step) + 1 if trace is not None and trace.card.sample_steps else 0
        return f"{self.card.technical} · sample {sample}" if sample else self.card.technical

    def in_words(self, trace: Trace, step: int) -> str:
        """Who owes most to whom, by each account."""
        return agents_in_words(trace, step)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each pair of agents, a column for each account."""
        found = [(account, influence(trace, account, channel, step)) for account, channel in accounts_of(trace)]
        count, waits = len(found[0][1]), waits_for(trace, step)
        rows: list[list[object]] = [
            [agent_name(trace, row), agent_name(trace, column), int(bool(waits) and waits[row] == column)]
            + [float(values[row, column]) for _, values in found]
            for row in range(count)
            for column in range(count)
            if row != column
        ]
        return ["who", "by whom", "waits for", *(account.title for account, _ in found)], rows

    def enter(self) -> None:
        """The arrows walk through the first matrix."""
        if self._accounts:
            self._part(self._accounts[0][0]).plot.enter()

    # ---- the inside ----

    def _show_account(self, account: Account, found: Array, waits: tuple[int, ...]) -> None:
        part, is_judged = self._part(account), bool(waits) and account.role != "read"
        names = tuple(str(agent + 1) for agent in range(len(found)))
        part.plot.set_axes(Axis(title="by whom", names=names), Axis(title="who", names=names))
        part.plot.show_pairs(found, _right_cells(found, waits) if is_judged else ())
        right, count = named_right(found, waits) if is_judged else (0, 0)
        part.title.setText(account.title + (f" · {right}/{count}" if count else ""))

    def _part(self, account: Account) -> "_Part":
        return self._parts[ACCOUNTS.index(account)]

    def _arrange(self) -> None:
        """As many columns as make the matrices largest."""
        shown, em = [account for account, _ in self._accounts], unit(self)
        self._has_note = self.height() >= ROOM_FOR_NOTE * em
        wide, high = max(self.width() - 20, 1), max(self.height() - (80 if self._has_note else 44) * em, 1)
        count = max(len(shown), 1)
        widest = max(min(count, int(wide / (NARROWEST * em))), 1)
        columns = max(range(1, widest + 1), key=lambda n: (min(wide / n - 40 * em, high / -(-count // n) - 64 * em), -n))
        has_saying = high / -(-count // columns) >= ROOM_FOR_SAYING * em
        key = (tuple(shown), columns, has_saying)
        if key == self._arranged:
            return
        self._arranged = key
        for part in self._parts:
            for widget in part.widgets:
                self._grid.removeWidget(widget)
                widget.setVisible(part.account in shown)
            part.saying.setVisible(has_saying and part.account in shown)
        for number, account in enumerate(shown):
            row, place = divmod(number, columns)
            for line, widget in enumerate(self._part(account).widgets):
                self._grid.addWidget(widget, 3 * row + line, place)
        for number in range(3 * len(ACCOUNTS)):
            self._grid.setColumnStretch(number, int(number < columns))
            self._grid.setRowStretch(number, int(number % 3 == 1 and number < 3 * -(-count // columns)))

    def _place(self, trace: Trace, selection: Selection) -> tuple[int, int]:
        """The row and the column of a selected head; -1 where none is meant."""
        heads, each = heads_of(trace, whole_futures(trace)), max(whole_futures(trace), 1)
        if heads is None or selection.head < 0:
            return -1, -1
        if selection.channel == heads.name:
            return selection.head // each, -1
        return -1, selection.head if any(channel.name == selection.channel for channel in trace.of_role("write")) else -1

    def _selection(self, account: Account, row: int) -> Selection | None:
        trace = self.side.trace
        if trace is None:
            return None
        heads, each = heads_of(trace, whole_futures(trace)), max(whole_futures(trace), 1)
        if heads is not None:
            return Selection(side=self.side.name, channel=heads.name, head=row * each)
        channel = next((channel for found, channel in self._accounts if found == account), None)
        return Selection(side=self.side.name, channel=channel.name) if channel is not None else None

    def _clicked(self, account: Account, row: int, column: int, modifiers: Qt.KeyboardModifier) -> None:
        chosen = self._selection(account, row) if not self.is_behind else None
        if chosen is not None:
            self.choose(chosen, modifiers)
            self.settle()
            self._part(account).plot.set_selected(row, column)

    def _hovered(self, account: Account, row: int, column: int) -> None:
        trace, found = self.side.trace, self._found.get(account.role)
        if row < 0 or trace is None or found is None or self.is_behind or max(row, column) >= len(found):
            self.point(None)
            return
        value = found[row, column]
        size = f"{value:.2f}{' ' + account.unit if account.unit else ''}" if np.isfinite(value) else "left out"
        waits = waits_for(trace, self.step)
        known = "; it waits for it" if waits and waits[row] == column and account.role != "read" else ""
        pair = f"{agent_name(trace, row)}, by {agent_name(trace, column)}"
        self.point(self._selection(account, row), f"{pair}, {account.title}: {size}{known}")


class _Part:
    """One account: its title, its matrix, what it says."""

    def __init__(self, colours: Palette, account: Account, parent: QWidget) -> None:
        self.account = account
        self.title, self.plot, self.saying = QLabel(account.title, parent), AgentMatrix(colours, parent), QLabel(parent)
        self.title.setFont(sized(parent, 12, QFont.Weight.DemiBold))
        self.title.setMinimumWidth(1)
        self.saying.setText(account.says)
        self.saying.setWordWrap(True)
        self.saying.setProperty("tone", "muted")
        self.saying.setFont(sized(parent, 11))
        self.saying.setAlignment(Qt.AlignmentFlag.AlignTop)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """From the top."""
        return self.title, self.plot, self.saying


def _right_cells(found: Array, waits: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The cells in which the row's agent waits for the column's."""
    pairs = [(row, column) for row, column in enumerate(waits[: len(found)]) if 0 <= column < len(found)]
    return tuple((row, column) for row, column in pairs if np.isfinite(found[row, column]))
