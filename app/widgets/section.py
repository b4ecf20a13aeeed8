"""The label of a section: small spaced capitals."""

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel, QWidget


class Section(QLabel):
    """Eleven pixels, spaced capitals, muted: says what follows without competing with it."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setProperty("tone", "section")
        self.setWordWrap(True)
        font = self.font()
        font.setCapitalization(QFont.Capitalization.AllUppercase)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 0.6)
        self.setFont(font)
