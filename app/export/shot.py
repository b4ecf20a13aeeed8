"""What an export draws: a session with its traces, taken out of the window so that neither disturbs the other."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from app.state.app_state import AppState
from app.state.catalogue import EXHIBIT
from app.state.one_story import StoryReader
from app.state.preferences import Kept, Preferences
from app.state.seeds import Seeds
from app.state.session import Session
from app.state.side import Showing
from app.state.time_map import KeptMap
from app.state.two_memories import FROZEN, fairness
from app.state.what_if import edit_in_words
from engine.contract.messages import Command, RunId, StartRun
from engine.contract.trace import Trace

TAPE = "Tape"
STILL_RECORDING = "The episode is still being recorded; export it as soon as it is there."


@dataclass(frozen=True, kw_only=True, eq=False)
class Shot:
    """A picture to be made: the session decides every pixel of it, together with the traces."""

    session: Session
    a: Trace
    b: Trace | None = None
    maps: dict[str, KeptMap] = field(default_factory=dict)
    """The time map of each side, where one was looked at."""
    seeds: Seeds | None = None
    """The panel of seeds, where there is one."""
    stories: dict[str, tuple[StoryReader, ...]] = field(default_factory=dict)
    """What several models made of each side's story, where it was looked at."""


def shot_of(state: AppState) -> Shot:
    """What the window shows now; ValueError with one sentence while there is nothing whole to show."""
    session = state.session()
    if session is None or state.a.trace is None:
        raise ValueError("There is no episode yet: choose a model first.")
    if state.a.is_waiting or (session.b is not None and (state.b.is_waiting or state.b.trace is None)):
        raise ValueError(STILL_RECORDING)
    return Shot(
        session=session,
        a=state.a.trace,
        b=state.b.trace if session.b is not None else None,
        maps={name: time_map.kept for name, time_map in state.time_maps.items() if time_map.known},
        seeds=state.seeds if state.seeds.entries else None,
        stories={name: story.readers for name, story in state.one_story.items() if len(story.readers) > 1},
    )


def state_of(shot: Shot) -> AppState:
    """A state of its own that shows the shot: no engine, no pointer over anything, nobody else's cursor."""
    session = shot.session
    traces: list[tuple[Showing, Trace]] = [(session.a, shot.a)]
    if session.b is not None and shot.b is not None:
        traces.append((session.b, shot.b))
    state = AppState(
        engine=_NoEngine(),
        open_trace=_never,
        find_recorded=lambda showing: next((trace for known, trace in traces if known == showing), None),
        new_folder=str,
        preferences=Preferences(Kept(depth=session.depth)),
    )
    state.restore(session)
    for name, kept in shot.maps.items():
        state.time_maps[name].show(kept)
    for name, readers in shot.stories.items():
        state.one_story[name].show(readers)
    if shot.seeds is not None:
        state.seeds.take_over(shot.seeds)
    return state


def panes_of(session: Session) -> tuple[str, ...]:
    """What a session shows: the one pane that fills the stage, or the tape and all panes below it."""
    return (session.large,) if session.large else tuple(dict.fromkeys((TAPE, *session.panes)))


def of_panes(shot: Shot, panes: tuple[str, ...]) -> Shot:
    """The same shot with a session that shows just these panes when it is opened: a single one fills the stage."""
    beside = tuple(name for name in panes if name != TAPE)
    if len(panes) == 1:
        kept = shot.session.panes if panes[0] in (TAPE, *shot.session.panes) else (*shot.session.panes, *panes)
        return replace(shot, session=replace(shot.session, panes=kept, large=panes[0]))
    return replace(shot, session=replace(shot.session, panes=beside, large=""))


def at_step(shot: Shot, step: int) -> Shot:
    """The same picture at another step."""
    return replace(shot, session=replace(shot.session, step=step, micro=None))


def is_by_sample(shot: Shot) -> bool:
    """Whether the shot shows two streams beside each other."""
    return shot.b is not None and shot.session.mode != "single" and bool(shot.a.samples and shot.b.samples)


def sample_steps(a: Trace, b: Trace | None = None) -> int:
    """How many steps of the common clock a sample takes; 0: the episode is no stream."""
    if b is None or not (a.samples and b.samples):
        return a.card.sample_steps if b is None else 0
    return max(a.card.sample_steps, b.card.sample_steps)


def frames_of(shot: Shot, first: int = 0, last: int | None = None) -> list[int]:
    """The steps of an animation, `first` to `last` of the common clock; of samples of several steps one each."""
    each = sample_steps(shot.a, shot.b)
    traces = [trace for trace in (shot.a, shot.b) if trace is not None]
    length = each * max(trace.samples for trace in traces) if each else max(trace.steps for trace in traces)
    last = length - 1 if last is None else min(last, length - 1)
    if each <= 1:
        return list(range(first, last + 1))
    inside = shot.session.step % each
    return [sample * each + inside for sample in range(first // each, last // each + 1)]


def when(shot: Shot) -> str:
    """ "Step 8 of 41"; of a stream "Sample 12 of 500, step 8 of 60"."""
    traces, each = [trace for trace in (shot.a, shot.b) if trace is not None], sample_steps(shot.a, shot.b)
    if not each:
        return f"Step {shot.session.step + 1} of {max(trace.steps for trace in traces)}"
    sample, inside = divmod(shot.session.step, each)
    part = f", step {inside + 1} of {each}" if each > 1 else ""
    return f"Sample {sample + 1:,} of {max(trace.samples for trace in traces):,}{part}"


def caption(shot: Shot, panes: Callable[[], str] | str = "") -> str:
    """All that is needed to find the picture again, in sentences; `panes` says what is shown."""
    shown = panes() if callable(panes) else panes
    parts = [shown, _of_side(shot.a, shot.session.a)]
    if shot.b is not None and shot.session.b is not None:
        role = "B minus A" if shot.session.mode == "difference" else "B"
        edited = shot.session.b_is_edited_copy
        parts[1] = f"A: {parts[1]}"
        parts.append(f"{role}: {'the same with the edits below' if edited else _of_side(shot.b, shot.session.b)}.")
    parts.append(f"{when(shot)}{_micro(shot)}.")
    if is_by_sample(shot) and shot.b is not None:
        parts.append(f"{FROZEN[:1].upper()}{FROZEN[1:]}.")
        parts.append(fairness(shot.a, shot.b))
    edits = [edit_in_words(edit) for edit in shot.session.edits if edit.enabled]
    if edits:
        parts.append(f"Edits: {', '.join(edits)}.")
    return " ".join(_sentence(part) for part in parts if part)


def _of_side(trace: Trace, showing: Showing) -> str:
    card = trace.card
    whose = (
        f"exhibit {showing.source.place.removeprefix(EXHIBIT)}"
        if showing.source.place.startswith(EXHIBIT)
        else "a run of one's own"
    )
    episode = "own input" if card.own else f"episode of seed {card.seed}"
    usual = {setting.name: setting.default for setting in (*card.model.settings, *card.task.settings)}
    settings = ", ".join(f"{name} {value}" for name, value in showing.settings.items() if usual.get(name) != value)
    return (
        f"{card.model.name} on {card.task.name} ({whose}, checkpoint {card.update:,}, weights {card.weights[:8]}), {episode}"
        + (f", {settings}" if settings else "")
    )


def _micro(shot: Shot) -> str:
    stages, micro = shot.a.card.model.micro_steps, shot.session.micro
    return f", stage “{stages[micro].name}”" if micro is not None and micro < len(stages) else ""


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."


def _never(path: str) -> Trace:
    raise AssertionError(f"an export opens no file: {path}")


class _NoEngine:
    """An export asks for nothing that is not there."""

    def explorer_send(self, command: Command) -> None:
        """Nobody listens."""

    def start_run(self, command: StartRun) -> None:
        """Nobody trains."""

    def run_send(self, run: RunId, command: Command) -> None:
        """Nobody listens."""

    def restart_explorer(self) -> None:
        """There is none."""
