"""The idea that is shown: what the engine was asked to measure, what has come of it so far, and what stands on the stage."""

from dataclasses import replace

from psygnal import Signal

from app.state.catalogue import EXHIBIT
from app.state.explorer import Explorer
from app.state.panes import PANES, pane
from app.state.side import Showing
from app.state.stage import Stage
from engine.contract.demonstrations import Demonstration, Idea, Preset
from engine.contract.ideas import IDEAS, idea_of
from engine.contract.messages import Cancel, Demonstrate, Demonstrated, EpisodeWish, Refused, Request, Source, Working


class Ideas:
    """One idea at a time. Its numbers are measured anew each time it is opened; nothing is kept."""

    changed = Signal()

    def __init__(self, explorer: Explorer, stage: Stage) -> None:
        self._explorer, self._stage = explorer, stage
        self._idea: Idea | None = None
        self._found: Demonstration | None = None
        self._request: Request | None = None
        self._progress = (0, 0)
        self._refusal = ""
        self._place = ""
        self._is_aside = False
        self._panes: tuple[str, ...] = ()
        explorer.a.changed.connect(self._side_changed)
        explorer.a.trace_changed.connect(self._arrange)

    # ---- what there is ----

    @property
    def idea(self) -> Idea | None:
        """The idea that is open."""
        return self._idea

    @property
    def number(self) -> int:
        """Its place among all of them, from 1."""
        return IDEAS.index(self._idea) + 1 if self._idea is not None else 0

    @property
    def found(self) -> Demonstration | None:
        """What has been measured so far."""
        return self._found

    @property
    def is_measuring(self) -> bool:
        """Whether more is on its way."""
        return self._request is not None

    @property
    def progress(self) -> tuple[int, int]:
        """How far the measuring is: parts done, parts in all."""
        return self._progress

    @property
    def in_words(self) -> str:
        """How the measuring stands, in one sentence."""
        done, total = self._progress
        if self._refusal:
            return self._refusal
        if self.is_measuring and not self._explorer.catalogue.engine_is_ready:
            return "The engine is starting; it measures as soon as it is there."
        if self.is_measuring:
            return (
                f"Measuring on this machine: part {min(done + 1, total)} of {total}." if total else "Measuring on this machine."
            )
        if self._found is None:
            return ""
        time = f"{self._found.seconds:.1f} seconds" if self._found.seconds >= 0.05 else "less than 0.1 seconds"
        return f"Measured just now on this machine, in {time}."

    @property
    def refusal(self) -> str:
        """Why nothing (more) was measured, in one sentence."""
        return self._refusal

    @property
    def has_figures(self) -> bool:
        """Whether the idea is shown by figures in the stage's place, not on the stage itself."""
        return self._idea is not None and self._idea.preset is None

    @property
    def takes_the_stage(self) -> bool:
        """Whether the figures stand in the stage's place now."""
        return self.has_figures and not self._is_aside

    # ---- what is wished ----

    def open(self, name: str) -> None:
        """Show an idea: set the stage, and measure."""
        idea = idea_of(name)
        if idea is None:
            raise KeyError(name)
        self._give_up()
        self._idea, self._found, self._panes = idea, None, ()
        self._explorer.playback.pause()
        if idea.preset is not None:
            self._set_stage(idea.preset)
        self.show_figures()
        self.measure()

    def measure(self) -> None:
        """Measure (again)."""
        if self._idea is None:
            return
        self._give_up()
        self._found, self._refusal, self._progress = None, "", (0, 0)
        self._request = self._explorer.new_request()
        if self._explorer.catalogue.engine_is_ready:
            self._ask()
        self.changed.emit()

    def cancel(self) -> None:
        """Give the measuring up; what has come stays."""
        self._give_up()
        self._refusal = "Cancelled." if self._found is None else "Cancelled: this is what was measured until then."
        self.changed.emit()

    def close(self) -> None:
        """Back to the list, and to the stage."""
        self._give_up()
        self._idea, self._found, self._refusal = None, None, ""
        self._stage.give_back()
        self.changed.emit()

    def put_aside(self) -> None:
        """Let the stage come back; the idea stays open at the left."""
        self._is_aside = True
        self.changed.emit()

    def show_figures(self) -> None:
        """Let the figures stand in the stage's place."""
        showing = self._explorer.a.showing
        self._place = showing.source.place if showing is not None else ""
        self._is_aside = False
        self.changed.emit()

    def open_row(self, place: str) -> None:
        """Open the network that a row of a table is about, on the stage."""
        self._is_aside = True
        self._explorer.open(place)
        self._explorer.playback.play()
        self.changed.emit()

    # ---- the engine ----

    def apply(self, event: Demonstrated | Working | Refused) -> None:
        """Take over what comes; an answer that nobody waits for any more is dropped."""
        if self._request is None or event.request != self._request:
            return
        match event:
            case Working():
                self._progress = event.done, event.total
            case Demonstrated():
                self._found = event.found
                self._request = None if event.found.is_complete else self._request
            case Refused():
                self._refusal, self._request = event.sentence, None
        self.changed.emit()

    def ask_again(self) -> None:
        """The engine is (again) there: send what is still awaited."""
        if self._request is not None and self._idea is not None:
            self._request = self._explorer.new_request()
            self._ask()

    def _ask(self) -> None:
        if self._request is not None and self._idea is not None:
            self._explorer.engine.explorer_send(Demonstrate(request=self._request, idea=self._idea.id))

    def _give_up(self) -> None:
        if self._request is not None and self._explorer.catalogue.engine_is_ready:
            self._explorer.engine.explorer_send(Cancel(request=self._request))
        self._request = None

    # ---- the stage ----

    def _set_stage(self, preset: Preset) -> None:
        """Open the preset's networks on the same episode; one that is not here leaves its side as it was."""
        explorer, there = self._explorer, {card.name for card in self._explorer.catalogue.exhibits}
        if preset.a not in there:
            return
        explorer.open(EXHIBIT + preset.a, seed=preset.seed)
        wished = Showing(
            source=Source(place=EXHIBIT + preset.a), episode=EpisodeWish(seed=preset.seed), settings=dict(preset.settings)
        )
        if preset.settings:
            explorer.show(explorer.a, wished)
        if preset.b in there:
            explorer.comparison.show("split", edited_copy=False)
            explorer.show(explorer.b, replace(wished, source=Source(place=EXHIBIT + preset.b)))
        self._panes = preset.panes
        self._arrange()
        explorer.playback.play()

    def _arrange(self) -> None:
        """As soon as the preset's network is on the stage, its panes are."""
        trace, idea = self._explorer.a.trace, self._idea
        if not self._panes or idea is None or idea.preset is None or trace is None:
            return
        if trace.card.source != EXHIBIT + idea.preset.a:
            return
        known = {card.name for card in PANES}
        panes = tuple(name for name in self._panes if name in known and pane(name).fits(trace))
        self._stage.arrange(panes, lent_to=trace.card.source)
        if not self._explorer.a.is_waiting:
            self._panes = ()

    def _side_changed(self) -> None:
        """Another network was opened: the reader wants to see the stage."""
        showing = self._explorer.a.showing
        if self.takes_the_stage and showing is not None and showing.source.place != self._place:
            self.put_aside()
