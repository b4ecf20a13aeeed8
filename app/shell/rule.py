"""A line between two parts of the frame."""

from PySide6.QtWidgets import QFrame


def rule() -> QFrame:
    """A line between two parts of the frame."""
    made = QFrame()
    made.setProperty("rule", "true")
    made.setFixedHeight(1)
    return made
