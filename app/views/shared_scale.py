"""One horizontal scale for the tape and the lanes: the same step stands at the same place in the whole column."""

from PySide6.QtWidgets import QWidget

from app.widgets.tokens import unit

LEFT, RIGHT = 132, 26
"""From the column's edges to the first step's left and the last step's right, at the standard size of type."""


def insets(widget: QWidget, left: int, right: int) -> tuple[float, float]:
    """What a picture leaves free that itself begins `left` and ends `right` pixels within the column."""
    em = unit(widget)
    return max(LEFT * em - left, 0.0), max(RIGHT * em - right, 0.0)
