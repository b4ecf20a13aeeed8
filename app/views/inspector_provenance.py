"""Who wrote the selected slot or cell: the largest shares in words and as bars; a press goes to the step that wrote it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app.plots.bars import Bar, Bars
from app.plots.colours import Palette
from app.state.provenance import Provenance, written_memory
from app.state.provenance_words import Writer, percent, told, told_by_change, writers
from app.views.inspector_look import Look
from app.widgets.section import Section
from engine.contract.trace import Trace


class ProvenancePart(QWidget):
    """Words first; bars only where several writes share what lies there. Absent where nothing can be said."""

    step_wished = Signal(int)
    """The step of the write that was pressed."""

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.bars = Bars(palette)
        self.bars.clicked.connect(self._choose)
        self._of: tuple[Trace, Provenance | None] | None = None
        self._writers: list[Writer] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for widget in (Section("Who wrote this"), self.says, self.bars):
            column.addWidget(widget)

    def set_palette(self, palette: Palette) -> None:
        """Another theme."""
        self.bars.set_palette(palette)

    def show_look(self, look: Look | None) -> None:
        """Show who wrote this slot, or nothing."""
        said = "" if look is None or look.is_over or look.found is None else self._said(look)
        self.setVisible(bool(said))
        if said:
            self.says.setText(said)
            self.bars.show_bars([Bar(name=w.name, value=w.share, text=percent(w.share)) for w in self._writers])
            self.bars.setVisible(len(self._writers) > 1)

    def _said(self, look: Look) -> str:
        found, slots = self._provenance(look.trace), look.selection.slots
        self._writers = []
        if look.found is None:
            return ""
        if found is None or (look.found.channel.kind == "memory" and look.found.channel != found.written.memory):
            return told_by_change(look.found, look.step)
        if not slots or slots[0] >= found.slots:
            return ""
        is_cell = len(look.selection.features) == 1 and look.found.channel == found.written.memory
        feature = look.selection.features[0] if is_cell else -1
        self._writers = writers(found, slots[0], look.step, feature)
        where = "" if look.found.channel == found.written.memory else f"Slot {slots[0]}: "
        return where + told(found, slots[0], look.step, feature)

    def _provenance(self, trace: Trace) -> Provenance | None:
        """Of this trace; kept until another one is looked at."""
        if self._of is None or self._of[0] is not trace:
            written = written_memory(trace)
            self._of = trace, Provenance(trace, written) if written is not None else None
        return self._of[1]

    def _choose(self, index: int) -> None:
        if index < len(self._writers) and self._writers[index].step >= 0:
            self.step_wished.emit(self._writers[index].step)
