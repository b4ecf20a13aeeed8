"""Below the Start button: what the run would cost, and, at its field, a size that cannot work."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel

from app.state.app_state import AppState
from app.widgets.setting_form import SettingForm
from engine.contract.cards import Settings

REST_MS = 300
"""So long the form rests before the engine is asked."""

Wish = Callable[[], tuple[str, str, Settings] | None]
"""Model, task and settings as the form has them; None while they do not fit."""


class RunEstimateLabel(QLabel):
    """One line that follows the form; the engine is asked when the form has rested."""

    def __init__(self, state: AppState, wish: Wish, forms: Sequence[SettingForm]) -> None:
        super().__init__()
        self._state, self._wish, self._forms = state, wish, forms
        self._blamed: tuple[SettingForm, str, str] | None = None
        self.setObjectName("run-estimate")
        self.setWordWrap(True)
        self.setProperty("tone", "muted")
        self.hide()
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        for form in forms:
            form.changed.connect(lambda *_: self.look())
            form.refused.connect(lambda *_: self.look())
        state.estimate.changed.connect(self._show)

    def look(self) -> None:
        """The form has changed."""
        if self.window().isVisible():
            self._rest.start()

    def _ask(self) -> None:
        wish = self._wish()
        if wish is None:
            self._state.estimate.forget()  # which takes back what the engine blamed: perhaps it is now right
            wish = self._wish()
        if wish is not None:
            self._state.estimate.ask(*wish)

    def _show(self) -> None:
        estimate = self._state.estimate
        if self._blamed is not None:
            form, name, said = self._blamed
            self._blamed = None
            if name in form.values() and form.error(name) == said:
                form.show_error(name, "")
        setting, refused = estimate.refusal
        if refused:
            self._blame(setting, refused)
        text = estimate.in_words or ("" if self._blamed else refused)
        self.setText(text)
        self.setVisible(bool(text))
        tone = "live" if refused or estimate.is_heavy else "muted"
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)

    def _blame(self, setting: str, refused: str) -> None:
        for form in self._forms:
            if setting in form.values():
                form.show_error(setting, f"{refused}.".replace("..", "."))
                self._blamed = form, setting, form.error(setting)
                return
