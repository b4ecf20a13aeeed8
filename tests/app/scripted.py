"""An engine that only notes what it is asked, and a whole state that stands on it: for tests of the window without processes."""

from dataclasses import dataclass, field

from app.state.app_state import AppState
from app.state.preferences import Preferences
from app.state.side import Showing
from engine.contract.cards import ModelCard, Setting, TaskCard
from engine.contract.files import BadFileError
from engine.contract.messages import PROTOCOL, Command, EpisodeWish, Ready, Record, Refused, RunId, Source, StartRun, TraceReady
from engine.contract.results import ExhibitCard, Measurement
from engine.contract.trace import Trace
from fake_traces import COPY, MEMN2N, NTM, STORIES

NTM_PLACE, STORY_PLACE = "exhibit:ntm-copy", "exhibit:memn2n-babi"


@dataclass
class ScriptedEngine:
    """Keeps every command; answers nothing by itself."""

    sent: list[Command] = field(default_factory=list)
    started: list[StartRun] = field(default_factory=list)
    to_runs: list[tuple[RunId, Command]] = field(default_factory=list)
    restarts: int = 0

    def explorer_send(self, command: Command) -> None:
        """Note it."""
        self.sent.append(command)

    def start_run(self, command: StartRun) -> None:
        """Note it."""
        self.started.append(command)

    def run_send(self, run: RunId, command: Command) -> None:
        """Note it."""
        self.to_runs.append((run, command))

    def restart_explorer(self) -> None:
        """Count it."""
        self.restarts += 1

    @property
    def asked(self) -> Record:
        """The newest wish for a trace."""
        return next(command for command in reversed(self.sent) if isinstance(command, Record))


@dataclass
class Desk:
    """A state, the engine under it, and the traces that lie on its disk or among its exhibits."""

    state: AppState
    engine: ScriptedEngine
    files: dict[str, Trace]
    bundled: dict[tuple[str, int, int | None], Trace]

    def bring(self, trace: Trace, request: Record | None = None) -> None:
        """Let the engine answer its newest wish (or this one) with a trace."""
        wish = request or self.engine.asked
        path = f"trace-{len(self.files)}"
        self.files[path] = trace
        self.state.apply(TraceReady(request=wish.request, path=path))

    def refuse(self, sentence: str) -> None:
        """Let the engine refuse its newest wish."""
        self.state.apply(Refused(request=self.engine.asked.request, sentence=sentence))

    def show(self, trace: Trace) -> None:
        """Open the trace's source on A, and bring it."""
        self.state.explorer.show(
            self.state.a,
            Showing(source=Source(place=trace.card.source), episode=EpisodeWish(seed=trace.card.seed, own=trace.card.own)),
        )
        self.bring(trace)


def exhibit(name: str = "ntm-copy", model: str = "ntm", task: str = "copy", **values: object) -> ExhibitCard:
    """A card made up, with a measured metric."""
    measured = Measurement(
        model=model, task=task, settings={"length": 20}, parameters=62_860, slots=128, episodes=200, seed=7,
        metrics={"wrong_bits": 0.02, "exact": 0.995} if task == "copy" else {"error": 0.012},
    )  # fmt: skip
    given: dict[str, object] = {
        "name": name, "title": "NTM copies", "says": "A trained net.", "model": model, "task": task, "settings": {}, "seed": 0,
        "updates": 7000, "parameters": 62_860, "recipe": "slotscope train ntm copy", "checkpoints": (0, 1000, 3500, 7000),
        "losses": ((0, 80.0), (1000, 40.0), (7000, 0.01)), "episodes": (3, 4, 5), "measured": (measured,),
    }  # fmt: skip
    return ExhibitCard(**{**given, **values})  # type: ignore[arg-type]


EXHIBITS = (exhibit(), exhibit("memn2n-babi", "memn2n", "babi", title="MemN2N answers", episodes=(0, 1)))

TRAINABLE = (
    Setting(name="slots", default=16, low=1, high=1024, title="Slots", says="How many slots the memory has."),
    Setting(
        name="learning_rate", default=1e-3, low=1e-6, high=1.0, title="Learning rate", says="How far one update goes.", live=True
    ),
)


def greeting(
    models: tuple[ModelCard, ...] = (NTM, MEMN2N), tasks: tuple[TaskCard, ...] = (COPY, STORIES), protocol: int = PROTOCOL
) -> Ready:
    """The engine's first event."""
    return Ready(protocol=protocol, models=models, tasks=tasks, exhibits=EXHIBITS)


def desk(ready: bool = True, preferences: Preferences | None = None) -> Desk:
    """A new state on a scripted engine; `ready`: the engine has greeted."""
    engine, files, bundled = ScriptedEngine(), {}, {}

    def open_trace(path: str) -> Trace:
        if path not in files:
            raise BadFileError(f"{path}: damaged, or not a safetensors file")
        return files[path]

    def find(showing: Showing) -> Trace | None:
        if showing.edits or showing.settings or showing.episode.own:
            return None
        return bundled.get((showing.source.place, showing.episode.seed, showing.source.update))

    state = AppState(
        engine=engine, open_trace=open_trace, find_recorded=find, new_folder=lambda name: f"runs/{name}-1",
        exhibits=EXHIBITS, preferences=preferences,
    )  # fmt: skip
    if ready:
        state.apply(greeting())
    return Desk(state, engine, files, bundled)
