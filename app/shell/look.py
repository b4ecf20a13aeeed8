"""The look of the whole program: the theme and size of type that the user chose, followed live."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from app.plots.colours import CONTRAST, DARK, LIGHT, Palette
from app.shell.theme import apply_theme
from app.state.preferences import Preferences


class Look(QObject):
    """Applies theme and scale when either changes, here or in the system's settings."""

    changed = Signal(object)
    """The new Palette."""

    def __init__(self, preferences: Preferences, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._applied: tuple[str, float] = ("", 0.0)
        self.palette = self._wished()
        self._apply()
        preferences.changed.connect(self._apply)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._apply)

    def _apply(self, *_: object) -> None:
        palette, scale = self._wished(), self._preferences.kept.scale
        if (palette.name, scale) == self._applied:
            return
        self._applied = palette.name, scale
        self.palette = palette
        application = QApplication.instance()
        if isinstance(application, QApplication):
            apply_theme(application, palette, scale)
        self.changed.emit(palette)

    def _wished(self) -> Palette:
        match self._preferences.kept.theme:
            case "light":
                return LIGHT
            case "dark":
                return DARK
            case "contrast":
                return CONTRAST
        return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT
