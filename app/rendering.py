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
from app.export.sheet import Sheet, preset
from app.export.shot import Shot, panes_of
from app.library import Recorded, read_exhibits
from app.plots.colours import LIGHT
from app.shell.theme import apply_theme
from app.state.catalogue import Catalogue
from app.state.panes import PANES, first_panes, pane
from app.state.session import Session, read_session
from app.state.side import Showing
from engine.contract.files import BadFileError
from engine.contract.trace import Trace
from engine.contract.trace_file import read_trace

TRACE, SESSION = ".safetensors", ".slotscope"
FRAMES_PER_SECOND = 4.0
Record = Callable[[list[str], Path], None]
"""Runs the engine's verb `record` with these arguments; ValueError with the engine's own sentence if it refuses."""


def render(
    source: str,
    output: Path,
    *,
    panes: tuple[str, ...] = (),
    step: int | None = None,
    engine: list[str] | None = None,
    environment: dict[str, str] | None = None,
) -> int:
    """Draw, and return the exit status. ValueError, BadFileError or OSError with one sentence if it cannot be done."""
    ending = output.suffix.lower()
    if ending not in (*FIGURES, *ANIMATIONS):
        raise ValueError(f"{output}: a figure ends in .svg, .pdf or .png, an animation in .gif or .mp4")
    wished = tuple(_known(name) for name in panes)
    shot = _find(source, _recorder(engine or [sys.executable, "-P", "-m", "engine"], environment))
    shot = _at(shot, step)
    chosen = wished or tuple(name for name in panes_of(shot.session) if not pane(name).is_of_training)
    for name in chosen:
        if pane(name).is_of_training:
            raise ValueError(f"{name}: it looks at a training, not at an episode; it is exported from the window")
        if not pane(name).fits(shot.a):
            fitting = ", ".join(card.name for card in PANES if card.fits(shot.a) and not card.is_of_training)
            raise ValueError(f"{name}: {shot.a.card.model.name} records nothing for this pane; there are {fitting}")
    application = _application()
    try:
        if ending in FIGURES:
            write_figure(shot, chosen, output, preset("column" if len(chosen) == 1 else "columns"))
        else:
            _animate(shot, chosen, output)
    except OSError as error:
        raise ValueError(f"{output}: cannot be written ({error.strerror or error})") from error
    del application
    return 0


def _animate(shot: Shot, panes: tuple[str, ...], output: Path) -> None:
    sheet = Sheet(shot, panes, preset("slide"), LIGHT)
    try:
        Animation(lambda step: frame_of(sheet, step, output.suffix.lower()), range(shot.a.steps), output, FRAMES_PER_SECOND).run()
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
    return Shot(session=Session(a=showing, weights=weights, step=trace.steps - 1, panes=panes, edits=trace.card.edits), a=trace)


def _of_session(session: Session, record: Record) -> Shot:
    """The picture of a session, its traces bundled or recorded again."""
    recorded = Recorded()
    with tempfile.TemporaryDirectory(prefix="slotscope-render-") as folder:

        def bring(showing: Showing) -> Trace:
            return recorded(showing) or _record(_wish(showing, Path(folder)), Path(folder), record)

        a = bring(session.a)
        b = bring(session.b) if session.b is not None else None
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


def _at(shot: Shot, step: int | None) -> Shot:
    if step is None:
        return shot
    if not 1 <= step <= shot.a.steps:
        raise ValueError(f"--step {step}: the episode has steps 1 to {shot.a.steps}")
    return replace(shot, session=replace(shot.session, step=step - 1, micro=None))
