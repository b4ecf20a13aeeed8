"""The theme: bundled fonts, the application's palette, and one style sheet made from the colours."""

import warnings

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

import assets
from app.plots.colours import CONTRAST, DARK, LIGHT, Palette
from app.shell.style_sheet import style_sheet
from app.widgets.tokens import ROLES

TEXT = "Inter"
MONO = "JetBrains Mono"
_FILES = (
    "inter/Inter-Regular.otf",
    "inter/Inter-Medium.otf",
    "inter/Inter-SemiBold.otf",
    "inter/Inter-Bold.otf",
    "jetbrains-mono/JetBrainsMono-Regular.ttf",
)


def apply_theme(app: QApplication, palette: Palette, scale: float = 1.0) -> None:
    """Dress the whole program in a palette, with type at `scale` (0.8 to 2) of its standard size, now or again later."""
    scale = min(max(scale, 0.8), 2.0)
    load_fonts()
    app.setStyle("Fusion")
    app.setFont(interface_font(scale))
    app.setPalette(qt_palette(palette))
    app.setStyleSheet(style_sheet(palette, scale, MONO if has_family(MONO) else "monospace"))


def load_fonts() -> list[str]:
    """Load the bundled fonts once; returns the families that are missing, after a warning."""
    if not (has_family(TEXT) and has_family(MONO)):
        for name in _FILES:
            QFontDatabase.addApplicationFont(str(assets.path(f"fonts/{name}")))
    missing = [family for family in (TEXT, MONO) if not has_family(family)]
    if missing:
        warnings.warn(f"{' and '.join(missing)}: missing from assets/fonts; the system's font stands in.", stacklevel=2)
    return missing


def has_family(family: str) -> bool:
    """Whether Qt can draw in this family."""
    return QFontDatabase.hasFamily(family)


def interface_font(scale: float = 1.0) -> QFont:
    """The type of the interface: 13 pixels at the standard scale, figures of one width."""
    font = QFont(TEXT) if has_family(TEXT) else QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(round(13 * scale))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def system_palette(app: QApplication, wants_contrast: bool = False) -> Palette:
    """The palette that the system asks for: dark where it is dark, light otherwise, or the high-contrast one."""
    if wants_contrast:
        return CONTRAST
    return DARK if app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def qt_palette(palette: Palette) -> QPalette:
    """The colours as Qt's own widgets and ours find them."""
    made = QPalette()
    for token, role in ROLES.items():
        made.setColor(role, QColor(getattr(palette, token)))
    ink, panel = palette.colour("ink"), palette.colour("panel")
    for role, colour in (
        (QPalette.ColorRole.Text, ink),
        (QPalette.ColorRole.ButtonText, ink),
        (QPalette.ColorRole.Button, panel),
        (QPalette.ColorRole.ToolTipBase, ink),
        (QPalette.ColorRole.ToolTipText, panel),
        (QPalette.ColorRole.HighlightedText, panel),
        (QPalette.ColorRole.Link, palette.colour("focus")),
        (QPalette.ColorRole.LinkVisited, palette.colour("focus")),
        (QPalette.ColorRole.Light, panel),
        (QPalette.ColorRole.Midlight, palette.colour("line")),
        (QPalette.ColorRole.Dark, palette.colour("muted")),
        (QPalette.ColorRole.Shadow, palette.colour("line")),
    ):
        made.setColor(role, colour)
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, role, palette.faint("muted", 0.6))
    return made
