"""One story under several models: the present story, recorded by every network that reads stories, to be seen side by side."""

from collections.abc import Callable
from dataclasses import dataclass

from psygnal import Signal

from app.state.catalogue import EXHIBIT, Catalogue
from app.state.own_input import lines_of, story_to_text
from app.state.ports import EnginePort, OpenTrace
from app.state.side import Side
from app.state.training import Training
from engine.contract.files import BadFileError
from engine.contract.messages import Cancel, EpisodeWish, Record, Refused, Request, Source, TraceReady
from engine.contract.trace import Trace

STORY = "story"
MOST_RUNS = 2
"""Of the user's own finished runs, the newest so many read along."""
MOST_KEPT = 4
"""How many stories are kept, so that going back to one finds its readers."""
CANCELLED = "cancelled"


@dataclass(slots=True, kw_only=True, eq=False)
class StoryReader:
    """One network and what came of the story under it: a record, a sentence why there is none, or nothing yet."""

    place: str
    name: str
    trace: Trace | None = None
    refusal: str = ""
    request: Request | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether its record is on its way."""
        return self.trace is None and not self.refusal


class OneStory:
    """The story of one side and its readers. It asks the engine only while somebody watches."""

    changed = Signal()

    def __init__(
        self,
        side: Side,
        engine: EnginePort,
        catalogue: Catalogue,
        training: Training,
        open_trace: OpenTrace,
        new_request: Callable[[], Request],
    ) -> None:
        self._side, self._engine, self._catalogue, self._training = side, engine, catalogue, training
        self._open_trace, self._new_request = open_trace, new_request
        self._stories: dict[str, dict[str, StoryReader]] = {}
        self._text = ""
        self._watchers = 0
        self._engine_is_ready = False
        self._kept: tuple[StoryReader, ...] | None = None
        side.trace_changed.connect(self.catch_up)

    # ---- what there is ----

    @property
    def readers(self) -> tuple[StoryReader, ...]:
        """Every network that reads the story: the one that the side shows, then the others as the models were found."""
        if self._kept is not None:
            return self._kept
        trace = self._side.trace
        if trace is None or not self._text:
            return ()
        found = self._stories.get(self._text, {})
        mine = StoryReader(place=trace.card.source, name=trace.card.model.short, trace=trace)
        return (mine, *(found[place] for place in self._places() if place in found and place != mine.place))

    @property
    def is_waiting(self) -> bool:
        """Whether some of the records are on their way."""
        return any(reader.is_waiting for reader in self.readers)

    # ---- what is wished ----

    def show(self, readers: tuple[StoryReader, ...]) -> None:
        """Show these and no others: for a figure."""
        self._kept = readers
        self.changed.emit()

    def watch(self) -> None:
        """Somebody looks from now on."""
        self._watchers += 1
        self.catch_up()

    def leave(self) -> None:
        """One looks no more; the last one ends the work."""
        self._watchers = max(self._watchers - 1, 0)
        if not self._watchers:
            self._give_up()

    def catch_up(self) -> None:
        """Ask for what is missing: another story is on screen, another network is there, or the engine has come."""
        if self._kept is not None:
            return
        text = story_of(self._side.trace)
        if text != self._text:
            self._give_up()
            self._text = text
            self._stories[text] = self._stories.pop(text, {})
            while len(self._stories) > MOST_KEPT:
                del self._stories[next(iter(self._stories))]
        if self._watchers and self._engine_is_ready and text:
            self._ask(text)
        self.changed.emit()

    def engine_is_ready(self, *, is_ready: bool) -> None:
        """The engine has come (back), or has gone with all that was asked of it."""
        self._engine_is_ready = is_ready
        for reader in self._waiting():
            reader.request = None
        self.catch_up()

    def apply(self, event: TraceReady | Refused) -> None:
        """An answer came; one that nobody waits for any more is dropped."""
        reader = next((reader for reader in self._waiting() if reader.request == event.request), None)
        if reader is None:
            return
        reader.request = None
        if isinstance(event, Refused):
            reader.refusal = "" if event.sentence == CANCELLED else event.sentence
        else:
            try:
                reader.trace = self._open_trace(event.path)
            except BadFileError as error:
                reader.refusal = str(error)
        self.changed.emit()

    # ---- inside ----

    def _places(self) -> list[str]:
        """Exhibits of the same task, then the newest runs of it: those of another task know other words."""
        catalogue = self._catalogue
        task = self._side.trace.card.task.id if self._side.trace is not None else ""
        exhibits = [EXHIBIT + card.name for card in catalogue.exhibits if card.task == task]
        runs = [run.place for run in self._training.runs if not run.is_live and run.checkpoints and run.task == task]
        return [*exhibits, *runs[-MOST_RUNS:]]

    def _ask(self, text: str) -> None:
        found = self._stories[text]
        shown = self._side.trace.card.source if self._side.trace is not None else ""
        for place in self._places():
            reader = found.setdefault(place, StoryReader(place=place, name=self._name(place)))
            if reader.is_waiting and reader.request is None and place != shown:
                reader.request = self._new_request()
                self._engine.explorer_send(
                    Record(request=reader.request, source=Source(place=place), episode=EpisodeWish(own=text))
                )

    def _name(self, place: str) -> str:
        exhibit, run = self._catalogue.exhibit(place), self._training.at(place)
        model = self._catalogue.model(exhibit.model if exhibit else run.model if run else "")
        short = model.short if model else place.removeprefix(EXHIBIT)
        return short if exhibit else f"{short}, your run {place.replace(chr(92), '/').rpartition('/')[2]}"

    def _waiting(self) -> list[StoryReader]:
        return [
            reader for reader in self._stories.get(self._text, {}).values() if reader.is_waiting and reader.request is not None
        ]

    def _give_up(self) -> None:
        for reader in self._waiting():
            if reader.request is not None:
                self._engine.explorer_send(Cancel(request=reader.request))
            reader.request = None


def story_of(trace: Trace | None) -> str:
    """The story of an episode as text, with its right answers and what they rest on; empty where it tells none."""
    if trace is None or trace.card.task.own_input != STORY:
        return ""
    return story_to_text(lines_of(trace))
