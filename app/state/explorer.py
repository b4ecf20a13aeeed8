"""The wishes about episodes: open, choose, change, re-run, compare; each becomes a Record command, and its trace comes back."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from app.state.catalogue import Catalogue
from app.state.comparison import Comparison, Mode
from app.state.lens import Lens, Place, Selection
from app.state.notices import Notices, Where
from app.state.playback import Playback
from app.state.ports import EnginePort, OpenTrace
from app.state.side import Showing, Side
from app.state.training import Run, Training
from app.state.what_if import WhatIf, result_in_words
from engine.contract.cards import Value
from engine.contract.edits import Edit
from engine.contract.files import BadFileError
from engine.contract.messages import Cancel, EpisodeWish, Record, Refused, Request, Source, TraceReady
from engine.contract.trace import Trace

FindRecorded = Callable[[Showing], Trace | None]
"""Looks for a bundled trace of exactly this; None if it must be recorded."""


@dataclass(kw_only=True)
class Explorer:
    """Moves sides and cursors; the one place that asks the engine for traces."""

    engine: EnginePort
    open_trace: OpenTrace
    find_recorded: FindRecorded
    catalogue: Catalogue
    playback: Playback
    lens: Lens
    comparison: Comparison
    what_if: WhatIf
    training: Training
    notices: Notices
    _last_request: int = 0
    _is_behind: bool = False
    _expected: str = ""
    """The run that A will show as soon as it has a checkpoint."""

    @property
    def a(self) -> Side:
        """The side that is always there."""
        return self.comparison.a

    @property
    def b(self) -> Side:
        """The side that is compared with A."""
        return self.comparison.b

    @property
    def here(self) -> Place:
        """Where the reader stands."""
        return Place(step=self.playback.step, micro=self.playback.micro, selection=self.lens.selection)

    # ---- what A shows ----

    def open(self, place: str, update: int | None = None, seed: int | None = None) -> None:
        """Show an exhibit or a run on A, with a first episode; edits and B go."""
        card = self.catalogue.exhibit(place)
        first = card.episodes[0] if card and card.episodes else 0
        self._expected = ""
        self.what_if.restore(())
        self.close_b()
        if self.a.showing is None or self.a.showing.source.place != place:
            self.lens.select(Selection(), self.here)
        self.playback.go_to(0)
        episode = EpisodeWish(seed=first if seed is None else seed)
        self.show(self.a, Showing(source=Source(place=place, update=update), episode=episode))

    def open_run(self, run: Run) -> None:
        """Show a run on A and follow it: now if it has a checkpoint, else as soon as it has."""
        self._expected = run.place
        self.follow()

    def follow_live(self) -> None:
        """Show the run that trains, whatever A shows now, and stay on its newest checkpoint."""
        if self.training.live is not None:
            self.open_run(self.training.live)

    def show_trace(self, trace: Trace) -> None:
        """Show a record that came as a file on A; its weights need not be here."""
        self.close_b()
        self.a.wish(self.catalogue.showing_of(trace), None)
        self.a.take(None, trace)
        self._load_playback()

    def choose_episode(self, seed: int) -> None:
        """Another episode, drawn from this seed, on both sides."""
        self._on_both(lambda showing: replace(showing, episode=EpisodeWish(seed=max(seed, 0))))

    def use_own_input(self, text: str) -> None:
        """The user's own bits or story, on both sides."""
        seed = self.a.showing.episode.seed if self.a.showing else 0
        self._on_both(lambda showing: replace(showing, episode=EpisodeWish(seed=seed, own=text)))

    def compare_own_input(self, text: str) -> None:
        """The same network on the user's own bits or story, as B beside A: change a fact and see the answer move."""
        if self.a.showing is None:
            return
        self._show_b(edited_copy=False)
        self.show(self.b, replace(self.a.showing, episode=EpisodeWish(seed=self.a.showing.episode.seed, own=text), edits=()))

    def change_setting(self, name: str, value: Value) -> None:
        """Run the same weights with another setting (more slots, another length)."""
        self._on_both(lambda showing: replace(showing, settings={**showing.settings, name: value}))

    def change_setting_of(self, side: Side, name: str, value: Value) -> None:
        """Run one side's weights with another setting; the other side stays as it is."""
        if side.showing is not None:
            self.show(side, replace(side.showing, settings={**side.showing.settings, name: value}))

    def edit_side(self, side: Side, edits: tuple[Edit, ...]) -> None:
        """Run one of two streams again with these changes; the other side stays as it is."""
        if side.showing is not None:
            self.show(side, replace(side.showing, edits=edits))

    def choose_checkpoint(self, update: int) -> None:
        """Move the training cursor; the view no longer follows the newest checkpoint."""
        self._expected = ""
        self.training.detach()
        self._show_checkpoint(update)

    def choose_checkpoint_of(self, side: Side, update: int) -> None:
        """Move the training cursor of a side; B leaves where A stands alone."""
        if side is self.a:
            self.choose_checkpoint(update)
        elif side.showing is not None and not self.comparison.b_is_edited_copy:
            self.show(side, replace(side.showing, source=replace(side.showing.source, update=update)))

    def move_checkpoint(self, count: int) -> None:
        """The next or previous checkpoint; more than there are means the last or first."""
        kept = self.checkpoints
        if kept:
            now = self.update
            place = min(range(len(kept)), key=lambda i: abs(kept[i] - (kept[-1] if now is None else now)))
            self.choose_checkpoint(kept[min(max(place + count, 0), len(kept) - 1)])

    def follow(self) -> None:
        """Back to the newest checkpoint, and stay there while it trains."""
        self.training.follow()
        self.catch_up()

    def catch_up(self) -> None:
        """If the view follows a run that A shows, ask for its newest checkpoint; one request at a time."""
        expected = self.training.at(self._expected)
        if expected is not None and expected.checkpoints:
            self._expected = ""
            if self.a.showing is None or self.a.showing.source.place != expected.place:
                self.open(expected.place, expected.checkpoints[-1])
                return
        run = self.training.at(self.a.showing.source.place) if self.a.showing else None
        if not self.training.is_following or run is None or not run.checkpoints:
            return
        if self.a.is_waiting:
            self._is_behind = True
        elif self.update != run.checkpoints[-1]:
            self._show_checkpoint(run.checkpoints[-1])

    @property
    def checkpoints(self) -> tuple[int, ...]:
        """The updates at which A's weights are kept."""
        return self.checkpoints_at(self.a.showing.source.place) if self.a.showing is not None else ()

    def checkpoints_at(self, place: str) -> tuple[int, ...]:
        """The updates at which the weights of an exhibit or a run are kept."""
        run, card = self.training.at(place), self.catalogue.exhibit(place)
        return tuple(run.checkpoints) if run else card.checkpoints if card else ()

    @property
    def update(self) -> int | None:
        """The checkpoint that A shows."""
        if self.a.showing is not None and self.a.showing.source.update is not None:
            return self.a.showing.source.update
        return self.a.trace.card.update if self.a.trace else None

    # ---- moving ----

    def jump(self, step: int, micro: int | None = None) -> None:
        """Move the cursor and remember the place that is left."""
        self.lens.leave(self.here)
        self.playback.go_to(step, micro)

    def move_event(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) step with a mark."""
        trace = self.a.trace
        if trace is None:
            return
        marks = self.comparison.marks({edit.step for edit in self.what_if.edits}, self.playback.step)
        beyond = [step for step in marks if (step - self.playback.step) * direction > 0]
        if beyond:
            self.playback.pause()
            self.playback.go_to(beyond[0] if direction > 0 else beyond[-1])

    def back(self) -> None:
        """Return to the place before this one."""
        self._go(self.lens.back(self.here))

    def forward(self) -> None:
        """Return to the place that Back came from."""
        self._go(self.lens.forward(self.here))

    def _go(self, place: Place | None) -> None:
        if place is not None:
            self.playback.pause()
            self.playback.go_to(place.step, place.micro)

    # ---- B ----

    def rerun(self) -> None:
        """Run A's episode again with the edits, as B."""
        if self.a.showing is None or not any(edit.enabled for edit in self.what_if.edits):
            self.notices.say("what-if", "There is no edit yet: choose a slot, then erase, set or swap it.", is_error=False)
            return
        self._show_b(edited_copy=True)
        self.show(self.b, replace(self.a.showing, edits=self.what_if.edits))

    def compare_with(self, place: str, update: int | None = None) -> None:
        """Show another model, run or checkpoint as B, on A's episode."""
        if self.a.showing is None:
            return
        self._show_b(edited_copy=False)
        settings = self.a.showing.settings if place == self.a.showing.source.place else {}
        length = {k: v for k, v in self.a.showing.settings.items() if self._is_of_task(k)}
        source = Source(place=place, update=update)
        self.show(self.b, Showing(source=source, episode=self.a.showing.episode, settings=settings or length))

    def compare_streams(self, a: Showing, b: Showing) -> None:
        """Show these two beside each other; what was there goes."""
        self._expected = ""
        self.what_if.restore(())
        self.lens.select(Selection(), self.here)
        for side in (self.a, self.b):
            side.empty()
        self._show_b(edited_copy=False)
        self.show(self.a, a)
        self.show(self.b, b)

    def set_mode(self, mode: Mode) -> None:
        """One side, both, or the difference; without a B, an empty half says how to fill it."""
        self.comparison.show(mode)
        self._load_playback()

    def close_b(self) -> None:
        """Back to one side."""
        self.comparison.show("single", edited_copy=False)
        self.b.empty()
        self._load_playback()

    def _show_b(self, *, edited_copy: bool) -> None:
        self.comparison.show("split" if self.comparison.mode == "single" else self.comparison.mode, edited_copy=edited_copy)

    @property
    def result(self) -> str:
        """What the edits changed, in words; empty while there is no edited copy."""
        a, b = self.a.trace, self.b.trace
        return result_in_words(a, b) if self.comparison.b_is_edited_copy and a and b and not self.b.is_waiting else ""

    # ---- the engine ----

    def show(self, side: Side, showing: Showing) -> None:
        """Show this on a side: at once if it is bundled, else as soon as the engine has recorded it."""
        if side.awaited is not None and self.catalogue.engine_is_ready:
            self.engine.explorer_send(Cancel(request=side.awaited))
        recorded = self.find_recorded(showing)
        if recorded is not None:
            side.wish(showing, None)
            side.take(None, recorded)
            self._load_playback()
            return
        request = self.new_request()
        side.wish(showing, request)
        if self.catalogue.engine_is_ready:
            self._ask(request, showing)

    def new_request(self) -> Request:
        """A number that no other wish has."""
        self._last_request += 1
        return Request(self._last_request)

    def ask_again(self) -> None:
        """The engine is (again) there: send what is still awaited."""
        for side in (self.a, self.b):
            if side.is_waiting and side.showing is not None:
                self.show(side, side.showing)

    def apply(self, event: TraceReady | Refused) -> None:
        """An answer came; one that nobody waits for any more is dropped."""
        for side in (self.a, self.b):
            if isinstance(event, Refused):
                if side.refuse(event.request, event.sentence):
                    where: Where = "input" if side.showing and side.showing.episode.own else "stage"
                    self.notices.say(where, event.sentence)
            elif side.awaits(event.request):
                self._take(side, event)

    def _take(self, side: Side, event: TraceReady) -> None:
        try:
            trace = self.open_trace(event.path)
        except BadFileError as error:
            side.refuse(event.request, str(error))
            self.notices.say("stage", str(error))
            return
        side.take(event.request, trace)
        self.notices.clear("stage")
        self.notices.clear("input")
        self.notices.clear("what-if")
        self._load_playback()
        if side is self.a and self._is_behind:
            self._is_behind = False
            self.catch_up()

    def _ask(self, request: Request, showing: Showing) -> None:
        self.engine.explorer_send(
            Record(
                request=request, source=showing.source, episode=showing.episode, settings=showing.settings, edits=showing.edits
            )
        )

    def _on_both(self, change: Callable[[Showing], Showing]) -> None:
        for side in (self.a, self.b):
            if side.showing is not None:
                self.show(side, change(side.showing))

    def _show_checkpoint(self, update: int) -> None:
        if self.a.showing is None:
            return
        self.show(self.a, replace(self.a.showing, source=replace(self.a.showing.source, update=update)))
        if self.comparison.b_is_edited_copy and self.b.showing is not None:
            self.show(self.b, replace(self.b.showing, source=self.a.showing.source))

    def _is_of_task(self, name: str) -> bool:
        trace = self.a.trace
        return trace is not None and name in {setting.name for setting in trace.card.task.settings}

    def _load_playback(self) -> None:
        trace, comparison = self.a.trace, self.comparison
        self.playback.load(comparison.steps, len(trace.card.model.micro_steps) if trace else 0, comparison.sample_steps)
