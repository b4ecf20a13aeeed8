"""What does not fit in a field, said below it: one look wherever something is typed, and the same words for a screen reader."""

from PySide6.QtWidgets import QLabel, QLineEdit


def complain_of(field: QLineEdit, error: QLabel, sentence: str) -> None:
    """Say it in `error`, and mark the field; an empty sentence takes both back."""
    error.setText(sentence)
    error.setVisible(bool(sentence))
    field.setProperty("wrong", bool(sentence))
    field.setAccessibleDescription(sentence)
    field.style().unpolish(field)
    field.style().polish(field)
