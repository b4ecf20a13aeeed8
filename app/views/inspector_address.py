"""How the address of the selected head was made, and the formula of the selected thing with this step's numbers."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.colours import Palette
from app.plots.stages import Stage, StagesPlot
from app.state.formula import symbolic, with_numbers
from app.state.stages import stages
from app.views.inspector_look import Look
from app.views.inspector_thing import with_slot
from app.widgets.formula_box import FormulaBox
from app.widgets.section import Section


class AddressPart(QWidget):
    """The stages of a head's address, one strip under the other; absent where there is no head."""

    selected = Signal(object)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.plot = StagesPlot(palette, is_close=True)
        self.plot.slot_clicked.connect(self._choose)
        self._look: Look | None = None
        column = _column(self)
        column.addWidget(Section("How the address was made"))
        column.addWidget(self.plot)

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        self.plot.set_palette(palette)

    def show_look(self, look: Look | None) -> None:
        """Show the stages of this head at its step, or nothing."""
        self._look = look
        found = look.found if look is not None else None
        if look is None or found is None or look.is_over or found.channel.axes[:1] != ("head",):
            self.hide()
            return
        made = stages(look.trace, found.channel.organ, found.part, look.step)
        self.setVisible(bool(made))
        if made:
            self.plot.show_stages([Stage(name=s.name, number=s.number, weighting=s.weighting) for s in made])
            self.plot.set_slot(look.selection.slots[0] if look.selection.slots else None)
            micro = look.trace.card.model.micro_steps[look.micro].name if look.micro is not None else ""
            self.plot.set_present(next((i for i, s in enumerate(made) if s.name == micro), None))
            self.plot.setAccessibleName("; ".join(f"{s.label}: slot {int(s.weighting.argmax())}" for s in made))

    def _choose(self, slot: int) -> None:
        if self._look is not None:
            self.selected.emit(with_slot(self._look, slot))


class FormulaPart(QWidget):
    """The formula with numbers; in formula depth the symbols above it; absent in plain words."""

    selected = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._section = Section("Formula, with this step's numbers")
        self._symbols = QLabel()
        self._symbols.setProperty("tone", "mono")
        self._symbols.setWordWrap(True)
        self.box = FormulaBox()
        self.box.setAccessibleDescription("The formula of what is selected; its slots can be chosen with Tab and Enter.")
        self.box.term_clicked.connect(self._choose)
        self._look: Look | None = None
        column = _column(self)
        for widget in (self._section, self._symbols, self.box):
            column.addWidget(widget)

    def show_look(self, look: Look | None) -> None:
        """Show the formula of this thing at its step, or nothing."""
        self._look = look
        found = look.found if look is not None else None
        if look is None or found is None or look.is_over or look.depth == "plain":
            self.hide()
            return
        slot = next((i for axis, i in zip(found.channel.axes, found.index, strict=False) if axis == "slot"), -1)
        terms = with_numbers(look.trace, found.channel, look.step, found.parts, slot)
        self.setVisible(bool(terms))
        self.box.show_terms([(term.text, term.slot) for term in terms])
        plain = symbolic(look.trace, found.channel)
        has_numbers = "{" in found.channel.formula
        self._section.setText("Formula, with this step's numbers" if has_numbers else "Formula")
        self._symbols.setText(plain)
        self._symbols.setVisible(look.depth == "formula" and has_numbers)

    def _choose(self, slot: int) -> None:
        if self._look is not None:
            self.selected.emit(with_slot(self._look, slot))


def _column(widget: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(widget)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return column
