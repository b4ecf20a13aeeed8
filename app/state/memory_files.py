"""Memories in files: saved as they are at this sample, merged with another, and what a stream starts with."""

from dataclasses import dataclass

from app.state.explorer import Explorer
from app.state.growing import growing_of
from app.state.side import Side
from engine.contract.messages import KeepMemory, MemoryKept, Refused, Request

STARTS_WITH = "starts_with"
"""The setting of a model that says with which memory a stream starts: trained, empty, or a file."""


@dataclass
class _Kept:
    request: Request
    side: Side
    is_merged: bool


class MemoryFiles:
    """Wishes about the memory of the side that has one that grows; answers are told where files are spoken of."""

    def __init__(self, explorer: Explorer) -> None:
        self._explorer = explorer
        self._awaited: _Kept | None = None

    @property
    def side(self) -> Side | None:
        """Whose memory is meant: that of the selection, else of the first side that has one; None where none grows."""
        a, b = self._explorer.a, self._explorer.b
        order = (b, a) if self._explorer.lens.selection.side == "B" else (a, b)
        return next((side for side in order if side.trace is not None and growing_of(side.trace) is not None), None)

    @property
    def can_start_otherwise(self) -> bool:
        """Whether a stream of this model can start with another memory."""
        side = self.side
        return side is not None and side.trace is not None and STARTS_WITH in {s.name for s in side.trace.card.model.settings}

    def save(self, path: str) -> None:
        """Write the memory, as it is at this sample, to a file."""
        self._ask(path, "")

    def merge(self, other: str, path: str) -> None:
        """Write this memory and that of a file together to another file; the stream then starts with both."""
        self._ask(path, other)

    def start_with(self, memory: str) -> None:
        """Run the stream again from this memory: "trained", "empty", or a file."""
        side = self.side
        if side is not None:
            self._explorer.change_setting_of(side, STARTS_WITH, memory)

    def apply(self, event: MemoryKept | Refused) -> None:
        """An answer came."""
        kept = self._awaited
        if kept is None or event.request != kept.request:
            return
        self._awaited, notices = None, self._explorer.notices
        if isinstance(event, Refused):
            notices.say("session", f"The memory cannot be kept: {event.sentence}.".replace("..", "."))
            return
        slots = f"{event.slots:,} slot{'s' if event.slots != 1 else ''}"
        if not kept.is_merged:
            notices.say("session", f"The memory, {slots}, is saved in {event.path}.", is_error=False)
            return
        notices.say("session", f"Merged: {slots}, in {event.path}. The stream starts with them now.", is_error=False)
        self._explorer.change_setting_of(kept.side, STARTS_WITH, event.path)

    def _ask(self, path: str, other: str) -> None:
        side = self.side
        if side is None or side.trace is None or side.showing is None:
            return
        explorer, showing = self._explorer, side.showing
        step = min(explorer.comparison.step_of(side, explorer.playback.step), side.trace.steps - 1)
        wish = KeepMemory(
            request=explorer.new_request(), source=showing.source, episode=showing.episode, settings=showing.settings,
            edits=showing.edits, step=step, path=path, merged_with=other,
        )  # fmt: skip
        self._awaited = _Kept(wish.request, side, bool(other))
        sample = side.trace.sample_at(step) + 1
        says = f"The memory is being kept: the stream runs once more, up to sample {sample:,} ..."
        explorer.notices.say("session", says, is_error=False)
        explorer.engine.explorer_send(wish)
