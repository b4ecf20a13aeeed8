"""Which panes stand on the stage, which of them is large, and the bookmarks."""

from psygnal import Signal

from app.state.panes import PANES, first_panes, pane
from app.state.session import Bookmark
from engine.contract.trace import Trace

MOST_PANES = 6


class Stage:
    """One to six panes; the tape stands above them and is not counted."""

    changed = Signal()

    def __init__(self) -> None:
        self._panes: tuple[str, ...] = ()
        self._large = ""
        self._model = ""
        self._bookmarks: tuple[Bookmark, ...] = ()
        self._lent_to = ""
        self._is_for_two = False
        self._before: tuple[str, ...] = ()

    @property
    def panes(self) -> tuple[str, ...]:
        """The names of the panes, in their order."""
        return self._panes

    @property
    def large(self) -> str:
        """The one pane that fills the stage; empty for the grid."""
        return self._large

    @property
    def bookmarks(self) -> tuple[Bookmark, ...]:
        """Places in episodes that were given a name."""
        return self._bookmarks

    @property
    def is_for_two(self) -> bool:
        """Whether the panes were chosen for two sides, each of which shows those that fit it."""
        return self._is_for_two

    def fit(self, trace: Trace) -> None:
        """A trace of another model came: show the panes that its card opens with. The same model keeps the user's choice."""
        if self._is_for_two:
            return
        if self._lent_to and trace.card.source != self._lent_to:
            self._panes, self._lent_to = self._before, ""
        kept = tuple(name for name in self._panes if pane(name).fits(trace))
        if trace.card.model.id != self._model or not kept:
            kept = kept if self._model == "restored" and kept else first_panes(trace)
        self._model = trace.card.model.id
        if kept != self._panes or self._large not in kept:
            self._panes = kept
            self._large = self._large if self._large in kept else ""
            self.changed.emit()

    def offered(self, trace: Trace) -> tuple[str, ...]:
        """The panes that could be added."""
        return tuple(card.name for card in PANES if card.name != "Tape" and card.name not in self._panes and card.fits(trace))

    def add(self, name: str) -> None:
        """One more pane, up to six."""
        if name not in self._panes and len(self._panes) < MOST_PANES:
            self._panes, self._lent_to = (*self._panes, pane(name).name), ""
            self.changed.emit()

    def bring(self, name: str) -> None:
        """Let this pane fill the stage, whether it stood there or not; of six, the last makes room for it."""
        if name not in self._panes:
            self._panes = (*self._panes[: MOST_PANES - 1], pane(name).name)
        self._large = name
        self.changed.emit()

    def remove(self, name: str) -> None:
        """One pane less; the last one stays."""
        if name in self._panes and len(self._panes) > 1:
            self._panes = tuple(n for n in self._panes if n != name)
            self._large = "" if self._large == name else self._large
            self._lent_to = ""
            self.changed.emit()

    def arrange_for_two(self, panes: tuple[str, ...]) -> None:
        """Show these panes on two sides, each where it fits, until one side stands alone again."""
        self.arrange(panes)
        self._is_for_two = True

    def one_side_again(self, trace: Trace | None) -> None:
        """One side stands alone: what was arranged for two stands no longer."""
        if self._is_for_two:
            self._is_for_two, self._model = False, ""
            if trace is not None:
                self.fit(trace)

    def arrange(self, panes: tuple[str, ...], *, lent_to: str = "") -> None:
        """Show these panes (a saved layout or a preset). Lent to one network, they are given back for the next."""
        self._is_for_two = False
        if lent_to and not self._lent_to:
            self._before = self._panes
        self._lent_to = lent_to
        self._panes = tuple(pane(name).name for name in panes)[:MOST_PANES]
        self._large = ""
        self.changed.emit()

    def give_back(self) -> None:
        """What was lent stands no longer: the panes from before come back, unless they were changed meanwhile."""
        if self._lent_to and self._before:
            self.arrange(self._before)

    def enlarge(self, name: str) -> None:
        """Let one pane fill the stage; the same again, or nothing, gives the grid back."""
        self._large = "" if name in ("", self._large) or name not in self._panes else name
        self.changed.emit()

    def bookmark(self, mark: Bookmark) -> None:
        """Keep a place."""
        self._bookmarks = (*self._bookmarks, mark)
        self.changed.emit()

    def forget_bookmark(self, index: int) -> None:
        """Let a place go."""
        self._bookmarks = self._bookmarks[:index] + self._bookmarks[index + 1 :]
        self.changed.emit()

    def restore(self, panes: tuple[str, ...], large: str, bookmarks: tuple[Bookmark, ...], *, is_for_two: bool = False) -> None:
        """Take over the stage of a session; `is_for_two`: some of its panes are those of B alone."""
        known = {card.name for card in PANES}
        self._panes = tuple(name for name in panes if name in known)[:MOST_PANES]
        self._large = large if large in self._panes else ""
        self._bookmarks = bookmarks
        self._model, self._lent_to = "restored", ""
        self._is_for_two = is_for_two
        self.changed.emit()
