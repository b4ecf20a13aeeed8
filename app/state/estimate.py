"""What a training would cost, as the engine found it: asked for while the form is filled in, told before anything begins."""

from collections.abc import Callable

from psygnal import Signal

from app.state.catalogue import Catalogue
from app.state.ports import EnginePort
from app.state.run_words import duration
from engine.contract.cards import Settings
from engine.contract.messages import Cancel, EstimateRun, Refused, Request, RunEstimated

SLOW_SECONDS = 30 * 60
LARGE_MEGABYTES = 2048


class Estimate:
    """The newest wish of the form and its answer; an answer that nobody waits for any more is dropped."""

    changed = Signal()

    def __init__(self, engine: EnginePort, catalogue: Catalogue, new_request: Callable[[], Request]) -> None:
        self._engine, self._catalogue, self._new_request = engine, catalogue, new_request
        self._awaited: Request | None = None
        self._found: RunEstimated | None = None
        self._updates = 0

    def ask(self, model: str, task: str, settings: Settings) -> None:
        """What would this cost? Nothing is asked while there is no engine."""
        if not self._catalogue.engine_is_ready:
            return
        if self._awaited is not None:
            self._engine.explorer_send(Cancel(request=self._awaited))
        self._awaited, self._found = self._new_request(), None
        self._updates = int(settings.get("updates", 0))
        self._engine.explorer_send(EstimateRun(request=self._awaited, model=model, task=task, settings=settings))
        self.changed.emit()

    def forget(self) -> None:
        """The form holds something that does not fit: what was told of it no longer holds."""
        if self._awaited is not None and self._catalogue.engine_is_ready:
            self._engine.explorer_send(Cancel(request=self._awaited))
        if self._awaited is not None or self._found is not None:
            self._awaited = self._found = None
            self.changed.emit()

    def apply(self, event: RunEstimated | Refused) -> None:
        """The answer came."""
        if event.request == self._awaited:
            self._awaited = None
            self._found = event if isinstance(event, RunEstimated) else None
            self.changed.emit()

    @property
    def refusal(self) -> tuple[str, str]:
        """The setting that cannot be as it is ("" if none is to blame alone), and why; two empty texts if all can."""
        return ("", "") if self._found is None else (self._found.setting, self._found.refused)

    @property
    def is_heavy(self) -> bool:
        """Whether it would be slow or large."""
        found = self._found
        return found is not None and (found.seconds > SLOW_SECONDS or found.megabytes > LARGE_MEGABYTES or found.at_least)

    @property
    def in_words(self) -> str:
        """Parameters, time and memory, and what may go wrong; empty until the answer is there."""
        found = self._found
        if found is None or found.refused:
            return ""
        about = "at least" if found.at_least else "about"
        size = f"{found.megabytes / 1024:.1f} GB" if found.megabytes >= 1024 else f"{max(found.megabytes, 1):.0f} MB"
        told = [
            f"{found.parameters:,} parameters. On this machine {about} {_short_time(found.update_ms)} an update:"
            f" {self._updates:,} updates in {about} {duration(found.seconds)}, with {about} {size} of memory."
        ]
        if self.is_heavy:
            told.append("That is much: smaller sizes, fewer updates or a smaller batch would be quicker.")
        return " ".join((*told, *found.cautions))


def _short_time(milliseconds: float) -> str:
    """ "2.31 ms", "9.8 s"."""
    return f"{milliseconds:.3g} ms" if milliseconds < 1000 else f"{milliseconds / 1000:,.1f} s"
