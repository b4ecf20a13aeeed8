"""The top of the Inspector: the selected thing in words, how long it lives, and its numbers."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.plots.bars import Bar, Bars
from app.plots.colours import Palette
from app.state.describe import LIFETIMES, as_text, entries, headline, limits, number, sentence
from app.state.lens import Selection
from app.views.inspector_look import Look
from app.widgets.buttons import TextButton
from app.widgets.lifetime_tag import LifetimeTag
from app.widgets.section import Section

_SAID_UNDER_POINTER = 34
"""Letters of what the mouse is over that fit beside the section's name."""


class ThingPart(QWidget):
    """Words first, then the numbers as bars; a bar of a slot can be pressed to select the slot."""

    selected = Signal(object)
    """The selection that a press asks for."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._section = Section("Selected")
        self._hover = _muted("")
        self._hover.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._title = QLabel()
        self._title.setProperty("tone", "title")
        self._title.setWordWrap(True)
        self._title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._says = _muted("")
        self._says.setWordWrap(True)
        self._tag = LifetimeTag()
        self._copy = TextButton("Copy", "Copy every number of this value, parted by tabs")
        self._copy.clicked.connect(self._copy_numbers)
        self._bars = Bars(palette)
        self._bars.clicked.connect(self._choose)
        self._absent = _muted("")
        self._absent.setWordWrap(True)
        self._look: Look | None = None
        self._slots: list[int] = []
        self._lay_out()

    @property
    def title(self) -> str:
        """What is selected, in words."""
        return self._title.text()

    @property
    def bars(self) -> Bars:
        """Its numbers."""
        return self._bars

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        self._bars.set_palette(palette)

    def say_hover(self, text: str) -> None:
        """What the mouse is over, with its value."""
        short = text if len(text) <= _SAID_UNDER_POINTER else f"{text[: _SAID_UNDER_POINTER - 1]}…"
        self._hover.setText(short)
        self._hover.setToolTip(text)

    def show_look(self, look: Look) -> None:
        """Show this thing at its step."""
        self._look = look
        side = f" in {look.side.name}" if look.side.name == "B" else ""
        self._section.setText(f"Selected{side}" if look.is_selected else "At this step")
        found = look.found
        numbers = found is not None and not look.is_over
        self._tag.setVisible(found is not None)
        self._copy.setVisible(numbers)
        if found is None:
            self._say_nothing("Not in this network", "What is selected does not exist here; click another slot or head.")
        elif look.is_over:
            self._say_nothing(found.channel.title.capitalize(), f"The episode of {look.side.name} has ended before this step.")
        else:
            slots = look.selection.slots
            self._title.setText(headline(found, look.step, slots))
            self._say(sentence(found, look.step, look.depth))
            self._show_numbers(look)
        if found is not None:
            self._tag.show_lifetime(found.channel.lifetime, LIFETIMES[found.channel.lifetime])

    def show_nothing(self) -> None:
        """There is no episode yet."""
        self._look = None
        self._tag.hide()
        self._copy.hide()
        self._section.setText("Inspector")
        self._say_nothing("Nothing to look at yet", "Open a network at the left; what you click in its panes is explained here.")

    def _show_numbers(self, look: Look) -> None:
        assert look.found is not None  # noqa: S101  # told apart by the caller
        shown = entries(look.found, look.step, look.selection.slots, most=3)
        self._slots = [entry.slot for entry in shown]
        low, high = limits(look.found)
        rows = [Bar(name=e.label, value=e.value, text=number(e.value), is_chosen=e.is_chosen and len(shown) > 1) for e in shown]
        self._bars.show_bars(rows, low, high)
        self._bars.setAccessibleName("; ".join(f"{e.label} {number(e.value)}" for e in shown))
        self._bars.setVisible(bool(rows))
        self._absent.setText("" if rows else "It does not exist at this step.")
        self._absent.setVisible(not rows)

    def _say_nothing(self, title: str, says: str) -> None:
        self._title.setText(title)
        self._say(says)
        self._bars.hide()
        self._absent.hide()
        self._slots = []

    def _say(self, text: str) -> None:
        if text != self._says.text():
            self._says.setText(text)

    def _choose(self, index: int) -> None:
        if self._look is not None and index < len(self._slots) and self._slots[index] >= 0:
            self.selected.emit(with_slot(self._look, self._slots[index]))

    def _copy_numbers(self) -> None:
        if self._look is not None and self._look.found is not None and not self._look.is_over:
            QGuiApplication.clipboard().setText(as_text(self._look.found, self._look.step))

    def _lay_out(self) -> None:
        top, under = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._section)
        top.addWidget(self._hover, 1)
        under.addWidget(self._tag)
        under.addStretch(1)
        under.addWidget(self._copy)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._title)
        column.addWidget(self._bars)
        column.addWidget(self._absent)
        column.addWidget(self._says)
        column.addLayout(under)


def with_slot(look: Look, slot: int) -> Selection:
    """The same head or hop, with this slot chosen."""
    return replace(look.selection, slots=(slot,), features=())


def _muted(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", "muted")
    return label
