"""A form made from settings: one row each, with its own sentence, and the error beside the field that it concerns."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from app.widgets.switch import Switch
from app.widgets.tokens import unit
from engine.contract.cards import Setting, Settings, Value

Field = QLineEdit | QComboBox | Switch


class SettingForm(QWidget):
    """Reads each value by its setting; what does not fit stays in the field with a sentence below it, and counts for nothing."""

    changed = Signal(str, object)
    """A setting's name and its new value, which fits."""
    refused = Signal(str)
    """The name of a setting whose field now holds what does not fit."""

    def __init__(self, settings: Sequence[Setting] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings: dict[str, Setting] = {}
        self._fields: dict[str, Field] = {}
        self._errors: dict[str, QLabel] = {}
        self._values: Settings = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        self.set_settings(settings)

    def set_settings(self, settings: Sequence[Setting]) -> None:
        """Offer other settings, at their defaults."""
        while self._grid.count():
            item = self._grid.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.blockSignals(True)  # a field that loses the keyboard would speak for a setting that is gone
                widget.hide()
                widget.deleteLater()
        self._settings = {setting.name: setting for setting in settings}
        self._values = {setting.name: setting.default for setting in settings}
        self._fields, self._errors = {}, {}
        for row, setting in enumerate(settings):
            self._add_row(row, setting)

    def values(self) -> Settings:
        """Every setting's value, in its own type; where the field does not fit, the last one that did."""
        return dict(self._values)

    def is_valid(self) -> bool:
        """Whether every field holds what its setting accepts."""
        return all(label.isHidden() for label in self._errors.values())

    def set_values(self, values: Settings) -> None:
        """Show these values; emits nothing. ValueError for one that its setting refuses."""
        for name, value in values.items():
            if name in self._settings:
                self._values[name] = self._settings[name].read(value)
                self._write(name)
                self.show_error(name, "")

    def problems(self) -> list[str]:
        """ "Heads: 4 is not ...", for each field that does not fit, in the order of the fields."""
        return [f"{self._title(name)}: {label.text()}" for name, label in self._errors.items() if not label.isHidden()]

    def show_error(self, name: str, sentence: str) -> None:
        """Say below a field what is wrong with it; an empty sentence takes it back. The field's own name goes without saying."""
        label, field = self._errors[name], self._fields[name]
        sentence = sentence.removeprefix(f"{name}: ")
        sentence = sentence[:1].upper() + sentence[1:]
        label.setText(sentence)
        label.setVisible(bool(sentence))
        field.setProperty("wrong", bool(sentence))
        field.style().unpolish(field)
        field.style().polish(field)

    def error(self, name: str) -> str:
        """The sentence below a field; empty where it fits."""
        return self._errors[name].text()

    def field(self, name: str) -> Field:
        """The widget that edits a setting."""
        return self._fields[name]

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs wider fields."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_fields"):
            for name, field in self._fields.items():
                if isinstance(field, QLineEdit):
                    field.setFixedWidth(self._width(self._settings[name]))

    def _title(self, name: str) -> str:
        return self._settings[name].title or name.replace("_", " ").capitalize()

    def _width(self, setting: Setting) -> int:
        return round((150 if isinstance(setting.default, str) else 96) * unit(self))

    def _add_row(self, row: int, setting: Setting) -> None:
        title = QLabel(self._title(setting.name))
        title.setToolTip(setting.says)
        title.setWordWrap(True)  # the form keeps its width, whatever a setting is called
        title.setMinimumWidth(1)
        field = self._make_field(setting)
        field.setToolTip(setting.says)
        field.setAccessibleName(title.text())
        field.setAccessibleDescription(setting.says)
        field.setObjectName(f"setting.{setting.name}")
        title.setBuddy(field)
        error = QLabel()
        error.setProperty("tone", "live")
        error.setWordWrap(True)
        error.hide()
        self._fields[setting.name], self._errors[setting.name] = field, error
        self._grid.addWidget(title, 2 * row, 0)
        self._grid.addWidget(field, 2 * row, 1, Qt.AlignmentFlag.AlignRight)
        self._grid.addWidget(error, 2 * row + 1, 0, 1, 2)
        self._write(setting.name)

    def _make_field(self, setting: Setting) -> Field:
        if isinstance(setting.default, bool):
            switch = Switch()
            switch.toggled.connect(lambda on, name=setting.name: self._read(name, bool(on)))
            return switch
        if setting.choices:
            box = QComboBox()
            box.addItems(list(setting.choices))
            box.activated.connect(lambda _, name=setting.name, shown=box: self._read(name, shown.currentText()))
            return box
        line = QLineEdit()
        is_number = not isinstance(setting.default, str)
        line.setFixedWidth(self._width(setting))
        line.setAlignment(Qt.AlignmentFlag.AlignRight if is_number else Qt.AlignmentFlag.AlignLeft)
        line.setPlaceholderText(_range(setting))
        line.editingFinished.connect(lambda name=setting.name, shown=line: self._read(name, shown.text()))
        return line

    def _read(self, name: str, value: Value) -> None:
        try:
            read = self._settings[name].read(value)
        except ValueError as error:
            self.show_error(name, f"{error}.".replace("..", "."))
            self.refused.emit(name)
            return
        was_wrong = bool(self.error(name))
        self.show_error(name, "")
        if read != self._values[name] or was_wrong:
            self._values[name] = read
            self.changed.emit(name, read)
        self._write(name)

    def _write(self, name: str) -> None:
        field, value = self._fields[name], self._values[name]
        if isinstance(field, Switch):
            field.set_on(bool(value))
        elif isinstance(field, QComboBox):
            field.setCurrentText(str(value))
        else:
            field.setText(f"{value:g}" if isinstance(value, float) else str(value))


def _range(setting: Setting) -> str:
    if setting.low is None or setting.high is None:
        return ""
    return f"{setting.low:g} to {setting.high:g}"
