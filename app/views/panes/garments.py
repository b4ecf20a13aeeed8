"""What goes with it? A top, the pairs that it calls to mind, what is proposed of each, and the list of what is on offer."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QSlider, QVBoxLayout, QWidget

from app.plots.garment_sheet import GarmentSheet
from app.plots.outfit import PairRow, Sheet, Tile
from app.state.describe import number
from app.state.garments import Outfit, Proposal, likenesses, outfit_at, outfit_in_words
from app.state.lens import Selection
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Stale, Table
from app.views.panes.picture import scrolled
from app.widgets.tokens import sized
from engine.contract.trace import Trace

NOTHING = "Nothing is remembered yet: the network draws one bottom without its memory, and the list is what is like that."
FINE = 200
"""Stations of the slider."""


class Garments(PaneView):
    """One top."""

    ABSENT = "This model proposes no garments."
    SHOWS_DIFFERENCE = False
    NEEDS_STEP = True
    WISH = 520
    HELP = PaneHelp(
        what_you_see="At the left the top, and what was worn with it. Each row is one slot of the memory whose top is like this "
        "one: how alike they are, the remembered pair, the bottom that the network draws from it for this top, and how near that "
        "comes to what was worn, 0 to 1. (A memory in halves takes the shape from one slot, the colours from another.) "
        "Then the list: what on offer is most "
        "like a proposal, each of which has its turn. A double outline marks what was worn; the words under a picture name the "
        "rule by which it goes with the top, and a dash says that none does.",
        what_to_look_for="Are there several styles among the proposals, and all on the list? Likeness near 1 is the same top "
        "again; where it falls, other tops come in, and their bottoms need not go with this one. Raise the floor until only "
        "rows of the same top are left: does the list become purer, or too short of styles?",
        formula="likeness = cosine of the key of the top and the key of the slot; proposal = decode(key of the top, value of "
        "the slot); the list takes the first of every proposal, then the second of each, by cosine of the codes.",
        what_it_does_not_show="What the network knows of the rules: nobody tells it any. The floor changes only what is listed "
        "here, not what the model did, nor what it stored.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The floor above, the sheet below."""
        self._sheet = GarmentSheet(self.colours)
        self._sheet.row_clicked.connect(self._row_clicked)
        self._sheet.row_hovered.connect(self._row_hovered)
        self._sheet.tile_hovered.connect(self._tile_hovered)
        self._shown: Outfit | None = None
        self._drawn: Trace | None = None
        self._range = (0.0, 1.0)
        self._floor = QSlider(Qt.Orientation.Horizontal)
        self._floor.setRange(0, FINE)
        self._floor.setAccessibleName("Least likeness of a remembered top")
        self._floor.setToolTip("Leave out what comes from tops that are less alike than this")
        self._floor.valueChanged.connect(lambda _: self.invalidate(Stale.STEP))
        self._says = QLabel()
        self._says.setProperty("tone", "muted")
        self._says.setFont(sized(self, 12))
        line = QHBoxLayout()
        line.setContentsMargins(0, 2, 4, 4)
        line.setSpacing(10)
        line.addWidget(self._says)
        line.addWidget(self._floor, 1)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        self._area: QScrollArea = scrolled(self._sheet)
        column.addWidget(self._area, 1)
        return body

    @property
    def floor(self) -> float:
        """The least likeness that counts; at the slider's left end everything does."""
        low, high = self._range
        return -1.0 if self._floor.value() == 0 else low + (high - low) * self._floor.value() / FINE

    def show_trace(self, trace: Trace) -> None:
        """What likeness there is in this episode."""
        if self._drawn is not trace:
            self._drawn = trace
            self._range = likenesses(trace)
            self.frame.set_lifetime("persistent")

    def show_step(self, trace: Trace, step: int) -> None:
        """Another top, or another floor."""
        shown = self._shown = outfit_at(trace, step, self.floor)
        least = f"Likeness at least {number(self.floor)}" if self.floor >= 0 else "Likeness: any"
        self._says.setText(f"{least} · {shown.kept} of {len(shown.proposals)} proposals")
        self._floor.setEnabled(bool(shown.proposals))

    def show_marks(self, trace: Trace) -> None:
        """The rows of chosen slots are outlined."""
        shown = self._shown
        if shown is None:
            return
        self._sheet.show_sheet(
            Sheet(
                top=shown.top,
                top_name=shown.top_name,
                worn=shown.worn,
                worn_name=shown.worn_name,
                note=NOTHING,
                rows=tuple(_row(proposal) for proposal in shown.proposals),
                tiles=tuple(
                    Tile(name=offer.name, picture=offer.picture, goes=offer.goes, is_worn=offer.is_worn) for offer in shown.offers
                ),
                floor=self.floor,
                chosen=self.state.lens.selection.slots,
            )  # fmt: skip
        )

    def technical(self) -> str:
        """ "Garments · sample 3"."""
        trace = self.side.trace
        sample = trace.sample_at(self.step) + 1 if trace is not None and trace.samples else self.step + 1
        return f"{self.card.technical} · sample {sample:,}"

    def in_words(self, trace: Trace, step: int) -> str:
        """The whole outfit in sentences."""
        return outfit_in_words(outfit_at(trace, step, self.floor), self.floor)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each proposal and for each thing on the list."""
        shown = outfit_at(trace, step, self.floor)
        rows: list[list[object]] = [
            ["proposal", p.rank, " + ".join(str(s.slot) for s in p.sources), p.sources[0].bottom_name, p.likeness, p.success,
             "" if p.is_kept else "below the floor"]
            for p in shown.proposals
        ]  # fmt: skip
        rows += [["listed", o.place, o.proposal or "", o.name, o.likeness, "", o.goes] for o in shown.offers]
        return ["what", "place", "slot, or by proposal", "bottom", "likeness", "success", "remark"], rows

    # ---- the inside ----

    def _slot_selection(self, index: int) -> Selection | None:
        trace, shown = self.side.trace, self._shown
        memory = next((c for c in trace.of_kind("memory") if c.axes == ("slot", "feature")), None) if trace is not None else None
        if memory is None or shown is None or not 0 <= index < len(shown.proposals):
            return None
        slots = tuple(source.slot for source in shown.proposals[index].sources)
        return Selection(side=self.side.name, channel=memory.name, slots=slots)

    def _row_clicked(self, index: int) -> None:
        chosen = self._slot_selection(index)
        if chosen is not None and not self.is_behind:
            self.choose(chosen, self.modifiers)

    def _row_hovered(self, index: int) -> None:
        over = self._slot_selection(index) if not self.is_behind else None
        if over is None or self._shown is None:
            self.point(None)
            return
        found = self._shown.proposals[index]
        kept = " and ".join(f"slot {source.slot}, which keeps {source.bottom_name}" for source in found.sources)
        self.point(over, f"proposal {found.rank}, from {kept}: likeness {number(found.likeness)}")

    def _tile_hovered(self, index: int) -> None:
        if self._shown is None or not 0 <= index < len(self._shown.offers) or self.is_behind:
            return
        found = self._shown.offers[index]
        goes = f", goes with it ({found.goes})" if found.goes else ", goes by no rule" if self._shown.knows_rules else ""
        by = f", by proposal {found.proposal}" if found.proposal else ""
        self.point(None, f"{found.name}: likeness {number(found.likeness)}{by}{goes}")


def _row(proposal: Proposal) -> PairRow:
    mark = "below" if not proposal.is_kept else number(proposal.success)
    return PairRow(
        slots=tuple(source.slot for source in proposal.sources), likeness=proposal.likeness,
        pairs=tuple((source.top, source.bottom) for source in proposal.sources), picture=proposal.picture, mark=mark,
        is_pale=not proposal.is_kept,
    )  # fmt: skip
