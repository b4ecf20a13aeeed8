"""The verb `render`: panes of an exhibit, a run, a trace, a session or a figure as a figure or an animation, without a window."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import msgspec
from PySide6.QtWidgets import QApplication

from app.export.animation import Animation
from app.export.carry import session_in
from app.export.figure import ANIMATIONS, FIGURES, frame_of, write_figure
from app.export.sheet import STREAMS, Sheet, preset
from app.export.shot import Shot, frames_of, is_by_sample, panes_of, sample_steps
from app.library import Recorded, read_exhibits
from app.plots.colours import LIGHT
from app.shell.theme import apply_theme
from app.state import episodic_persistent
from app.state.catalogue import Catalogue
from app.state.panes import PANES, first_panes, pane
from app.state.session import Session, read_session
from app.state.side import Showing
from app.state.stage import MOST_PANES
from engine.contract.files import BadFileError
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace

TRACE, SESSION = ".safetensors", ".slotscope"
FRAMES_PER_SECOND, SAMPLES_PER_SECOND = 4.0, 20.0
EPISODIC_PERSISTENT = "episodic-persistent"
"""The name by which the comparison of two lifetimes is drawn; it is no file, and no exhibit has it."""
Record = Callable[[list[str], Path], None]
"""Runs the engine's verb `record` with these arguments; ValueError with the engine's own sentence if it refuses."""


def render(
    source: str,
    output: Path,
    *,
    panes: tuple[str, ...] = (),
    step: int | None = None,
    beside: str = "",
    sample: int | None = None,
    samples: tuple[int | None, int | None] = (None, None),
    every: int = 1,
    rate: float | None = None,
    engine: list[str] | None = None,
    environment: dict[str, str] | None = None,
) -> int:
    """Draw, and return the exit status. ValueError, BadFileError or OSError with one sentence if it cannot be done.

    `beside`: what stands as B beside it. Of a stream: `sample`, counted from 1, in the place of a step, and the first and last of
    `samples` that an animation shows, one of `every` so many, `rate` of them a second.
    """
    ending = output.suffix.lower()
    if ending not in (*FIGURES, *ANIMATIONS):
        raise ValueError(f"{output}: a figure ends in .svg, .pdf or .png, an animation in .gif or .mp4")
    wished = tuple(_known(name) for name in panes)
    record = _recorder(engine or [sys.executable, "-P", "-m", "engine"], environment)
    shot = _find(source, record)
    if beside:
        shot = _with(shot, _find(beside, record))
    shot = _at(shot, step, sample)
    frames = _frames(shot, *samples)[:: max(every, 1)]
    chosen = wished or tuple(name for name in panes_of(shot.session) if not pane(name).is_of_training)
    for name in chosen:
        if pane(name).is_of_training:
            raise ValueError(f"{name}: it looks at a training, not at an episode; it is exported from the window")
        if not any(pane(name).fits(trace) for trace in (shot.a, shot.b) if trace is not None):
            fitting = ", ".join(card.name for card in PANES if card.fits(shot.a) and not card.is_of_training)
            raise ValueError(f"{name}: {shot.a.card.model.name} records nothing for this pane; there are {fitting}")
    application = _application()
    try:
        if ending in FIGURES:
            form = STREAMS if len(chosen) > 1 and is_by_sample(shot) else preset("column" if len(chosen) == 1 else "columns")
            write_figure(shot, chosen, output, form)
        else:
            usual = SAMPLES_PER_SECOND if sample_steps(shot.a, shot.b) else FRAMES_PER_SECOND
            _animate(shot, chosen, output, frames, rate or usual)
    except OSError as error:
        raise ValueError(f"{output}: cannot be written ({error.strerror or error})") from error
    del application
    return 0


def _animate(shot: Shot, panes: tuple[str, ...], output: Path, frames: list[int], rate: float) -> None:
    sheet = Sheet(shot, panes, STREAMS if is_by_sample(shot) else preset("slide"), LIGHT)
    try:
        Animation(lambda step: frame_of(sheet, step, output.suffix.lower()), frames, output, rate).run()
    finally:
        sheet.close_down()


def _application() -> QApplication:
    """Qt without a screen, dressed as the window is in its light theme at the standard size of type."""
    there = QApplication.instance()
    if isinstance(there, QApplication):
        return there
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    application = QApplication([sys.argv[0]])
    apply_theme(application, LIGHT)
    return application


def _find(source: str, record: Record) -> Shot:
    path = Path(source)
    ending = path.suffix.lower()
    if source == EPISODIC_PERSISTENT:
        return _of_session(_of_lifetimes(), record)
    if ending == TRACE:
        return _of_trace(read_trace(path))
    if ending == SESSION or ending in FIGURES:
        return _of_session(_read_session(path), record)
    with tempfile.TemporaryDirectory(prefix="slotscope-render-") as folder:
        return _of_trace(_record([source], Path(folder), record))


def _read_session(path: Path) -> Session:
    if path.suffix.lower() != SESSION:
        session = session_in(path)
        if session is None:
            raise BadFileError(f"{path}: this picture carries no session of Slotscope")
        return session
    try:
        return read_session(path.read_bytes())
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise BadFileError(f"{path}: {error}") from error


def _of_trace(trace: Trace) -> Shot:
    showing = Catalogue(read_exhibits().exhibits).showing_of(trace)
    weights, panes = trace.card.weights, first_panes(trace)
    each, edits = trace.card.sample_steps, trace.card.edits
    session = Session(a=showing, weights=weights, step=trace.steps - 1, sample_steps=each, panes=panes, edits=edits)
    return Shot(session=session, a=trace)


def _of_lifetimes() -> Session:
    """The comparison as the window opens it, its first sample seen to the end. ValueError where its exhibits are not bundled."""
    pair = episodic_persistent.sides(Catalogue(read_exhibits().exhibits))
    if pair is None:
        raise ValueError(episodic_persistent.NEEDS)
    panes = episodic_persistent.PANES
    return Session(a=pair[0], b=pair[1], mode="split", panes=panes, step=0, sample_steps=1)


def _with(shot: Shot, other: Shot) -> Shot:
    """The same with another trace as B beside it."""
    each = sample_steps(shot.a, other.a)
    if each:
        panes = tuple(dict.fromkeys((*shot.session.panes, *other.session.panes)))[:MOST_PANES]
        session = replace(shot.session, panes=panes, step=each * max(shot.a.samples, other.a.samples) - 1)
    else:
        session = shot.session
    return replace(shot, session=replace(session, b=other.session.a, mode="split", sample_steps=each, micro=None), b=other.a)


def _of_session(session: Session, record: Record) -> Shot:
    """The picture of a session, its traces bundled or recorded again."""
    recorded = Recorded()
    with tempfile.TemporaryDirectory(prefix="slotscope-render-") as folder:

        def bring(showing: Showing) -> Trace:
            return recorded(showing) or _record(_wish(showing, Path(folder)), Path(folder), record)

        a = bring(session.a)
        b = bring(session.b) if session.b is not None else None
    each = sample_steps(a, b)
    if each and each != session.sample_steps:  # the session did not know yet how many steps a sample takes
        session = replace(session, sample_steps=each, step=each - 1)
    return Shot(session=session, a=a, b=b)


def _wish(showing: Showing, folder: Path) -> list[str]:
    arguments = [showing.source.place]
    if showing.source.update is not None:
        arguments += ["--update", str(showing.source.update)]
    for name, value in showing.settings.items():
        arguments += ["--set", f"{name}={value}"]
    if showing.episode.own:
        (folder / "input.txt").write_text(showing.episode.own, encoding="utf-8")
        arguments += ["--input", str(folder / "input.txt")]
    else:
        arguments += ["--seed", str(showing.episode.seed)]
    if showing.edits:
        (folder / "edits.json").write_bytes(msgspec.json.encode(showing.edits))
        arguments += ["--edit", str(folder / "edits.json")]
    return arguments


def _record(arguments: list[str], folder: Path, record: Record) -> Trace:
    """Record into the folder, and keep the arrays when it goes."""
    path = folder / f"trace{TRACE}"
    record(arguments, path)
    mapped = read_trace(path)
    return replace(
        mapped,
        arrays={name: array.copy() for name, array in mapped.arrays.items()},
        initial={name: array.copy() for name, array in mapped.initial.items()},
    )


def _recorder(engine: list[str], environment: dict[str, str] | None) -> Record:
    def record(arguments: list[str], path: Path) -> None:
        command = [*engine, "record", *arguments, "-o", str(path)]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            said = done.stderr.strip().splitlines()
            raise ValueError(said[-1] if said else f"the engine ended with status {done.returncode}")

    return record


def _known(name: str) -> str:
    by_name = {card.name.lower(): card.name for card in PANES}
    if name.lower() not in by_name:
        raise ValueError(f"{name}: no such pane; there are {', '.join(by_name.values())}")
    return by_name[name.lower()]


def _frames(shot: Shot, first: int | None, last: int | None) -> list[int]:
    """The steps of an animation; `first` and `last` count samples from 1, and steps where there are none."""
    each = max(sample_steps(shot.a, shot.b), 1)
    found = frames_of(shot, ((first or 1) - 1) * each, None if last is None else last * each - 1)
    if not found:
        raise ValueError(f"There is nothing from {first or 1} to {last}")
    return found


def _at(shot: Shot, step: int | None, sample: int | None = None) -> Shot:
    each = sample_steps(shot.a, shot.b)
    if sample is not None:
        most = max(trace.samples for trace in (shot.a, shot.b) if trace is not None)
        if not each or not 1 <= sample <= most:
            raise ValueError(
                f"--sample {sample}: " + (f"the stream has samples 1 to {most}" if each else "this episode is no stream")
            )
        inside = (step - 1 if step is not None else each - 1) % each
        return replace(shot, session=replace(shot.session, step=(sample - 1) * each + inside, micro=None))
    if step is None:
        return shot
    if not 1 <= step <= shot.a.steps:
        raise ValueError(f"--step {step}: the episode has steps 1 to {shot.a.steps}")
    return replace(shot, session=replace(shot.session, step=step - 1, micro=None))
