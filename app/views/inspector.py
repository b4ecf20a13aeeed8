"""The Inspector: the selected thing in words and numbers, how it was made, its history, and what happens if it is changed."""

from PySide6.QtCore import QElapsedTimer, Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.state.app_state import AppState
from app.state.lens import Selection
from app.views.inspector_address import AddressPart, FormulaPart
from app.views.inspector_history import HistoryPart
from app.views.inspector_look import Look, look
from app.views.inspector_measured import MeasuredPart
from app.views.inspector_provenance import ProvenancePart
from app.views.inspector_thing import ThingPart
from app.views.what_if_view import WhatIfView
from engine.contract.trace import Trace

_REST = 60
"""Milliseconds between two drawings while steps come faster than they can be read: the panes go first."""


class Inspector(QScrollArea):
    """Stands at the right of the stage. State changes only note that it is stale; it draws soon after, and not while hidden."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = state
        self.thing = ThingPart(palette)
        self.address = AddressPart(palette)
        self.formula = FormulaPart()
        self.history = HistoryPart(state, palette)
        self.provenance = ProvenancePart(palette)
        self.what_if = WhatIfView(state)
        self.measured = MeasuredPart(state)
        self.foot = QLabel()
        self.foot.setProperty("tone", "muted")
        self.foot.setWordWrap(True)
        self.foot.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self.settle)
        self._is_stale = True
        self._drawn = QElapsedTimer()
        self._body = QWidget()
        self._lay_out()
        self._join()

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours."""
        for part in (self.thing, self.address, self.history, self.provenance):
            part.set_palette(palette)
        self._invalidate()

    def begin_edit(self, act: str) -> None:
        """Open the what-if at this act ("erase", "set" ...); empty: at the first thing that can be done."""
        self.settle()
        self.what_if.begin(act)
        self._turn_to_what_if()

    def settle(self) -> None:
        """Draw what is stale now."""
        self._is_stale = False
        self._drawn.start()
        found = look(self._state)
        if found is None:
            self.thing.show_nothing()
        else:
            self.thing.show_look(found)
        for part in (self.address, self.formula, self.history, self.provenance):
            part.show_look(found)
        self.what_if.setVisible(found is not None)
        self.measured.settle()
        self._show_foot(found)
        self._lay_out_now()

    # ---- inside ----

    def _select(self, selection: Selection) -> None:
        self._state.lens.select(selection, self._state.explorer.here)

    def _go_to(self, step: int) -> None:
        self._state.playback.pause()
        self._state.explorer.jump(step)

    def _show_hover(self) -> None:
        self.thing.say_hover(self._state.lens.hover_says)

    def _show_foot(self, found: Look | None) -> None:
        text = _foot(found.trace) if found is not None else ""
        if text != self.foot.text():
            self.foot.setText(text)

    def _lay_out_now(self) -> None:
        """Give every part its place before anything is painted: otherwise each would be painted twice."""
        for widget in (self.thing, self.address, self.formula, self.history, self.provenance, self._body):
            layout = widget.layout()
            if layout is not None:
                layout.activate()

    def _turn_to_what_if(self) -> None:
        QTimer.singleShot(0, self, lambda: self.ensureWidgetVisible(self.what_if, 0, 16))

    def _invalidate(self) -> None:
        self._is_stale = True
        if self.isVisible() and not self._turn.isActive():
            is_rested = not self._drawn.isValid() or self._drawn.elapsed() >= _REST
            self._turn.start(0 if is_rested else _REST)

    def showEvent(self, event: QShowEvent) -> None:
        """Unfolded: draw what was missed."""
        super().showEvent(event)
        if self._is_stale:
            self.settle()

    def _join(self) -> None:
        state = self._state
        for signal in (
            state.lens.changed, state.playback.changed, state.preferences.changed, state.comparison.changed, state.seen.changed,
            state.a.changed, state.a.trace_changed, state.b.changed, state.b.trace_changed, state.training.changed,
        ):  # fmt: skip
            signal.connect(self._invalidate)
        state.lens.hovered.connect(self._show_hover)
        for part in (self.thing, self.address, self.formula):
            part.selected.connect(self._select)
        self.provenance.step_wished.connect(self._go_to)
        self.what_if.wished.connect(self.wished)

    def _lay_out(self) -> None:
        self.setObjectName("inspector")
        self.setAccessibleName("Inspector")
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        body = self._body
        column = QVBoxLayout(body)
        column.setContentsMargins(16, 14, 16, 12)
        column.setSpacing(16)
        for part in (self.thing, self.address, self.formula, self.history, self.provenance, self.what_if, self.measured):
            column.addWidget(part)
        column.addStretch(1)
        column.addWidget(self.foot)
        self.setWidget(body)


def _foot(trace: Trace) -> str:
    model = trace.card.model
    where = f"Defined in {model.code}." if model.code else ""
    return "\n".join(part for part in (model.paper, where) if part)
