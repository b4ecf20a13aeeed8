"""What if: change what is selected, see the edits as a list, run again as B, and read in words what came of it."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.state.app_state import AppState
from app.state.edit_offer import Answer, CannotEditError, EditOffer, Wish
from app.state.editing import NOTHING, make, offers
from app.state.lens import Selection
from app.views.what_if_edits import EditList
from app.views.what_if_fallen import FallenList
from app.views.what_if_form import EditForm
from app.widgets.buttons import TextButton, button
from app.widgets.flow_layout import FlowLayout
from app.widgets.section import Section
from engine.contract.trace import Trace

ELSEWHERE = "This slot lies in B. What can be done to it stands under “What if …” above both sides."
"""Said of a slot of B, where B is another model."""


class WhatIfView(QWidget):
    """Chips for what can be done to the selection, a small form where one is needed, the edits, and the result."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self._state = state
        self._offers: tuple[EditOffer, ...] = ()
        self._open: EditOffer | None = None
        self._chosen = Selection()
        self._compared: tuple[Trace | None, Trace | None] | None = None
        self._said = ""
        self._turn = QTimer(self, singleShot=True, interval=0)
        self._turn.timeout.connect(self._show)
        self._hint = _label(NOTHING, "muted")
        self._row = QWidget()
        self._chips = FlowLayout(self._row)
        self._buttons: list[QPushButton] = []
        self.form = EditForm()
        self.edits = EditList(state)
        self.rerun = button("Run again as B", "primary", "Run the episode with these edits and show it as B (Ctrl+Enter).")
        self.result = _label("", "heading")
        self._fallen = FallenList(state)
        self._waiting = _label("", "muted")
        self._undo = TextButton("Undo", "Take the last change of the edits back (Ctrl+Z)")
        self._redo = TextButton("Redo", "Make the change again that was taken back (Ctrl+Shift+Z)")
        self._script = TextButton("Export as script", "A Python script that gives the same result without the window")
        self._clear = TextButton("Remove all", "Remove every edit; Undo brings them back")
        self._lay_out()
        self._join()
        self._show()

    def begin(self, act: str) -> None:
        """Do this to the selection, or open its form; empty: give the keyboard to the first thing that can be done."""
        self._show()
        offer = next((offer for offer in self._offers if offer.act == act), None)
        if offer is not None:
            self._choose(offer)
        elif act:
            self._complain(act)
        elif self._buttons and self._offers:
            self._buttons[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def refresh(self) -> None:
        """Show anew, once in the next turn of the event loop."""
        self._turn.start()

    # ---- what can be done ----

    def _show(self) -> None:
        state, trace = self._state, self._state.a.trace
        selection = state.lens.selection
        is_elsewhere = self._is_of_another_model(selection)
        self._offers = offers(trace, selection, self._step) if trace and self._step < trace.steps and not is_elsewhere else ()
        self._hint.setText(ELSEWHERE if is_elsewhere else NOTHING)
        if self._open is not None and (selection != self._chosen or self._open.act not in {o.act for o in self._offers}):
            self._close()
        self._show_chips()
        self._hint.setVisible(not self._offers)
        self._show_edits()

    def _is_of_another_model(self, selection: Selection) -> bool:
        """Edits are made in A: a slot of B that another model keeps is no slot of A."""
        a, b = self._state.a.trace, self._state.b.trace
        is_beside = self._state.comparison.mode != "single" and selection.side == "B" and bool(selection.slots)
        return is_beside and a is not None and b is not None and a.card.model.id != b.card.model.id

    def _show_chips(self) -> None:
        while len(self._buttons) < len(self._offers):
            self._add_chip(len(self._buttons))
        for place, made in enumerate(self._buttons):
            made.setVisible(place < len(self._offers))
            if place < len(self._offers):
                offer = self._offers[place]
                made.setObjectName(f"what-if.{offer.act}")
                made.setToolTip(offer.says)
                made.setAccessibleDescription(offer.says)
                made.setChecked(self._open is not None and self._open.act == offer.act)
                if made.text() != offer.title:
                    made.setText(offer.title)
                    made.updateGeometry()
        self._row.setVisible(bool(self._offers))

    def _add_chip(self, place: int) -> None:
        made = button("", "chip")
        made.setCheckable(True)
        made.clicked.connect(lambda: self._choose(self._offers[place]))
        self._chips.addWidget(made)
        self._buttons.append(made)

    def _show_edits(self) -> None:
        state = self._state
        has_edits = bool(state.what_if.edits)
        self.rerun.setVisible(has_edits)
        self.rerun.setEnabled(any(edit.enabled for edit in state.what_if.edits) and not state.b.is_waiting)
        for widget in (self._script, self._clear):
            widget.setVisible(has_edits)
        self._undo.setVisible(state.what_if.can_undo)
        self._redo.setVisible(state.what_if.can_redo)
        self._show_result()

    def _show_result(self) -> None:
        state = self._state
        is_copy, shown = state.comparison.b_is_edited_copy, state.b.showing
        said, told = "", ""
        if is_copy and state.b.is_waiting:
            told = "Running again with the edits …" if state.catalogue.engine_is_ready else "Waits for the engine to start …"
        elif is_copy and state.b.refusal:
            told = state.b.refusal
        elif is_copy:
            said = self._result_of_both()
            if shown is not None and shown.edits != state.what_if.edits:
                told = "The edits have changed since: run again."
            elif said:
                told = "On this one episode."
        self.result.setText(said)
        self.result.setVisible(bool(said))
        self._fallen.show_between(*((state.a.trace, state.b.trace) if said else (None, None)))
        self._waiting.setText(told)
        self._waiting.setVisible(bool(told))

    def _result_of_both(self) -> str:
        """The result in words; found once for two traces, since it compares all of them."""
        both = self._state.a.trace, self._state.b.trace
        if self._compared is None or any(old is not new for old, new in zip(self._compared, both, strict=True)):
            self._compared, self._said = both, self._state.explorer.result
        return self._said

    # ---- doing it ----

    @property
    def _step(self) -> int:
        """Where A stands: edits are of its episode."""
        return self._state.comparison.step_of(self._state.a, self._state.playback.step)

    def _choose(self, offer: EditOffer) -> None:
        self._state.playback.pause()
        if not offer.asks:
            self._close()
            self._make(offer.act, Answer())
        elif self._open is not None and self._open.act == offer.act:
            self._close()
        else:
            self._open, self._chosen = offer, self._state.lens.selection
            self.form.ask(offer)
        self._show_chips()

    def _make(self, act: Wish, answer: Answer) -> bool:
        state, trace = self._state, self._state.a.trace
        if trace is None:
            return False
        try:
            edits = make(act, trace, state.lens.selection, self._step, answer)
        except CannotEditError as error:
            self.form.complain(str(error))
            return False
        state.what_if.add(*edits)
        return True

    def _complain(self, act: str) -> None:
        """Say why an act that was asked for by key or search cannot be done here."""
        trace, is_elsewhere = self._state.a.trace, self._is_of_another_model(self._state.lens.selection)
        sentence = ELSEWHERE if is_elsewhere else NOTHING
        if trace is not None and not is_elsewhere:
            try:
                make(act, trace, self._state.lens.selection, self._step)  # type: ignore[arg-type]  # from a command's id
            except (CannotEditError, KeyError) as error:
                sentence = str(error) if isinstance(error, CannotEditError) else NOTHING
        self._state.notices.say("what-if", sentence, is_error=False)

    def _answered(self, answer: Answer) -> None:
        if self._open is not None and self._make(self._open.act, answer):
            place = [offer.act for offer in self._offers].index(self._open.act)
            self._close()
            self._buttons[place].setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_chips()

    def _close(self) -> None:
        self._open = None
        self.form.close_form()

    # ---- the frame ----

    def _join(self) -> None:
        state = self._state
        for signal in (
            state.lens.changed, state.what_if.changed, state.playback.changed, state.a.changed, state.b.changed,
            state.comparison.changed, state.catalogue.changed,
        ):  # fmt: skip
            signal.connect(self.refresh)
        self.form.answered.connect(self._answered)
        self.form.given_up.connect(self._give_up)
        for source, command in (
            (self.rerun, "edit.rerun"), (self._undo, "edit.undo"), (self._redo, "edit.redo"), (self._clear, "edit.clear"),
            (self._script, "export.script"),
        ):  # fmt: skip
            source.clicked.connect(lambda _=False, wanted=command: self.wished.emit(wanted))

    def _give_up(self) -> None:
        self._close()
        self._show_chips()
        if self._buttons:
            self._buttons[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(Section("What if"))
        top.addStretch(1)
        top.addWidget(self._undo)
        top.addWidget(self._redo)
        foot.addWidget(self._script)
        foot.addWidget(self._clear)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        for widget in (self._hint, self._row, self.form, self.edits, self.rerun, self.result, self._fallen, self._waiting):
            column.addWidget(widget)
        column.addLayout(foot)


def _label(text: str, tone: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", tone)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
