"""All state in one object. Events come in through `apply`; wishes go through the explorer and the trainer."""

from app.state.catalogue import Catalogue
from app.state.comparison import Comparison
from app.state.estimate import Estimate
from app.state.explorer import Explorer, FindRecorded
from app.state.ideas import Ideas
from app.state.lens import Lens
from app.state.memory_files import MemoryFiles
from app.state.notices import Notices
from app.state.one_story import OneStory
from app.state.playback import Playback
from app.state.ports import EnginePort, OpenTrace
from app.state.preferences import Preferences
from app.state.remembering import WhoRemembered
from app.state.run_stages import spans_of_run
from app.state.seeds import Seeds
from app.state.seen import Seen
from app.state.session import Session
from app.state.side import Side
from app.state.stage import Stage
from app.state.time_map import TimeMap
from app.state.trainer import NewFolder, Trainer
from app.state.training import Training
from app.state.what_if import WhatIf
from engine.contract.messages import (
    PROTOCOL,
    AnyEvent,
    CheckpointSaved,
    Demonstrated,
    Evaluated,
    Mapped,
    MapRow,
    MemoryKept,
    Progress,
    Ready,
    Refused,
    Remembered,
    RunEnded,
    RunEstimated,
    RunId,
    RunPaused,
    RunStarted,
    TraceReady,
    Working,
)
from engine.contract.results import ExhibitCard


class AppState:
    """What the window shows. Views listen to its parts, each of which says *that* it changed."""

    def __init__(
        self,
        *,
        engine: EnginePort,
        open_trace: OpenTrace,
        find_recorded: FindRecorded,
        new_folder: NewFolder,
        exhibits: tuple[ExhibitCard, ...] = (),
        preferences: Preferences | None = None,
    ) -> None:
        self.engine = engine
        self.preferences = preferences or Preferences()
        self.catalogue = Catalogue(exhibits)
        self.playback = Playback()
        self.lens = Lens()
        self.a, self.b = Side("A"), Side("B")
        self.comparison = Comparison(self.a, self.b)
        self.seen = Seen(self.a)
        self.stage = Stage()
        self.what_if = WhatIf()
        self.training = Training()
        self.notices = Notices()
        self.explorer = Explorer(
            engine=engine,
            open_trace=open_trace,
            find_recorded=find_recorded,
            catalogue=self.catalogue,
            playback=self.playback,
            lens=self.lens,
            comparison=self.comparison,
            what_if=self.what_if,
            training=self.training,
            notices=self.notices,
        )
        self.trainer = Trainer(engine=engine, training=self.training, notices=self.notices, new_folder=new_folder)
        self.seeds = Seeds(self.trainer, self.explorer.open, lambda run: spans_of_run(self.catalogue, run))
        self.estimate = Estimate(engine, self.catalogue, self.explorer.new_request)
        self.time_maps = {
            side.name: TimeMap(side, engine, self.explorer.checkpoints_at, self.training.trains_at, self.explorer.new_request)
            for side in (self.a, self.b)
        }
        self.one_story = {
            side.name: OneStory(side, engine, self.catalogue, self.training, open_trace, self.explorer.new_request)
            for side in (self.a, self.b)
        }
        self.remembering = {side.name: WhoRemembered(side, engine, self.explorer.new_request) for side in (self.a, self.b)}
        self.memory_files = MemoryFiles(self.explorer)
        self.a.trace_changed.connect(self._fit_stage)
        self.comparison.changed.connect(self._leave_two)
        self.ideas = Ideas(self.explorer, self.stage)

    def apply(self, event: AnyEvent) -> None:
        """The only way in for what the engine says."""
        match event:
            case Ready():
                self._greet(event)
            case TraceReady():
                self.explorer.apply(event)
                self._apply_to_stories(event)
            case Refused():
                self.explorer.apply(event)
                self.ideas.apply(event)
                self.estimate.apply(event)
                self._apply_to_maps(event)
                self._apply_to_stories(event)
                self._apply_to_remembering(event)
                self.memory_files.apply(event)
            case MemoryKept():
                self.memory_files.apply(event)
            case Remembered():
                self._apply_to_remembering(event)
            case RunEstimated():
                self.estimate.apply(event)
            case MapRow() | Mapped():
                self._apply_to_maps(event)
            case Progress() | RunStarted() | RunPaused():
                self.training.apply(event)
                self._fill_maps()
            case CheckpointSaved():
                self.training.apply(event)
                self.explorer.catch_up()
                self._fill_maps()
            case RunEnded():
                self.training.apply(event)
                self._run_ended(event)
                if (ended := self.training.get(event.run)) is not None:
                    self.seeds.run_ended(ended)
                self._fill_maps()
            case Demonstrated():
                self.ideas.apply(event)
            case Working():
                self.ideas.apply(event)
                self._apply_to_remembering(event)
            case Evaluated():
                pass  # the window asks for no evaluation yet
            case _:
                raise TypeError(f"the window knows no event {type(event).__name__}")

    def explorer_died(self, reason: str) -> None:
        """The process that records is gone; everything on screen stays."""
        self.catalogue.engine_went()
        self._tell_maps(is_ready=False)
        self.notices.say(
            "engine", f"The engine stopped ({reason}). What is on screen stays; nothing recorded is lost.", "engine.restart"
        )

    def run_died(self, run: RunId, reason: str) -> None:
        """A run's process is gone; the run goes on from its last checkpoint when the user wishes."""
        found = self.training.get(run)
        if found is None or not found.is_live:
            return
        self.training.mark(run, "died", reason)
        self.seeds.run_ended(found)
        last = f"checkpoint {found.checkpoints[-1]:,}" if found.checkpoints else "the start"
        self.notices.say("training", f"The training stopped ({reason}). It can go on from {last}.", "run.resume")

    def restart_engine(self) -> None:
        """Start a new explorer; what was awaited is asked again when it is ready."""
        self.notices.say("engine", "The engine is starting again ...", is_error=False)
        self.engine.restart_explorer()

    def session(self) -> Session | None:
        """What the user looks at; None while there is nothing."""
        showing = self.a.showing
        if showing is None:
            return None
        return Session(
            a=showing,
            b=self.b.showing if self.comparison.mode != "single" else None,
            weights=self.a.trace.card.weights if self.a.trace else "",
            mode=self.comparison.mode,
            b_is_edited_copy=self.comparison.b_is_edited_copy,
            step=self.playback.step,
            sample_steps=self.playback.sample_steps,
            micro=self.playback.micro,
            selection=self.lens.selection,
            pins=self.lens.pins,
            panes=self.stage.panes,
            large=self.stage.large,
            edits=self.what_if.edits,
            depth=self.preferences.kept.depth,
            bookmarks=self.stage.bookmarks,
        )

    def restore(self, session: Session) -> None:
        """Come back to the picture of a session, as far as its weights are here."""
        self.what_if.restore(session.edits)
        self.comparison.show(session.mode, edited_copy=session.b_is_edited_copy)
        is_for_two = session.b is not None and not session.b_is_edited_copy and session.sample_steps > 0
        self.stage.restore(session.panes, session.large, session.bookmarks, is_for_two=is_for_two)
        self.explorer.show(self.a, session.a)
        if session.b is not None:
            self.explorer.show(self.b, session.b)
        else:
            self.b.empty()
        self.playback.come_to(session.step, session.micro, session.sample_steps)
        self.lens.show(session.selection, session.pins)

    def _greet(self, ready: Ready) -> None:
        if ready.protocol != PROTOCOL:
            self.notices.say("engine", f"Window and engine are of different versions ({PROTOCOL}, {ready.protocol}): reinstall.")
            return
        self.notices.clear("engine")
        self.catalogue.apply(ready)
        if ready.failed:
            self.notices.say("engine", f"Left out: {'; '.join(ready.failed)}.")
        self.explorer.ask_again()
        self.ideas.ask_again()
        self._tell_maps(is_ready=True)

    def _tell_maps(self, *, is_ready: bool) -> None:
        for time_map in self.time_maps.values():
            time_map.engine_is_ready(is_ready=is_ready)
        for story in self.one_story.values():
            story.engine_is_ready(is_ready=is_ready)
        for who in self.remembering.values():
            who.engine_is_ready(is_ready=is_ready)

    def _fill_maps(self) -> None:
        for time_map in self.time_maps.values():
            time_map.catch_up()

    def _apply_to_maps(self, event: MapRow | Mapped | Refused) -> None:
        for time_map in self.time_maps.values():
            time_map.apply(event)

    def _apply_to_stories(self, event: TraceReady | Refused) -> None:
        for story in self.one_story.values():
            story.apply(event)

    def _apply_to_remembering(self, event: Remembered | Working | Refused) -> None:
        for who in self.remembering.values():
            who.apply(event)

    def _run_ended(self, event: RunEnded) -> None:
        if event.reason == "failed":
            actions = ("run.last_good",) if event.last_good is not None else ()
            self.notices.say("training", event.detail or "The training stopped.", *actions)
        elif event.detail:
            self.notices.say("training", event.detail, is_error=False)

    def _leave_two(self) -> None:
        if self.comparison.mode == "single":
            self.stage.one_side_again(self.a.trace)

    def _fit_stage(self) -> None:
        if self.a.trace is not None:
            self.stage.fit(self.a.trace)
