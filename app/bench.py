"""The verb `bench`: start-up and painting measured on the real program, joined with what the engine measures of itself."""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import Any

import typer

from app.bench_learn import measure_learning
from app.bench_memory import measure_large_memory
from app.bench_step import measure_steps
from app.main import BENCH_VARIABLE
from app.screen import reason_for_no_screen
from engine.contract.places import HOME_VARIABLE

STARTS = 3
SECONDS_FOR_A_START = 120.0
MILESTONES = {"window_visible": "window_visible_s", "playing": "playing_s", "engine_ready": "engine_ready_s"}
Figures = dict[str, float]


def bench(*, as_json: bool, engine: list[str], environment: dict[str, str]) -> int:
    """Measure everything and print it. `engine` is the command whose output is the engine's own figures, as JSON."""
    with own_home():
        found: dict[str, Any] = {
            "start": measure_starts(dict(environment)), "step": measure_steps(), "large_memory": measure_large_memory(),
            "learn": measure_learning(),
        }  # fmt: skip
    found |= _measure_engine(engine, environment)
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return 0
    for name, value in _flatten("", found):
        typer.echo(f"{name:44} {value:10.4g}")
    return 0


def _flatten(name: str, found: dict[str, Any] | float) -> list[tuple[str, float]]:
    if not isinstance(found, dict):
        return [(name.strip(), found)]
    return [line for part, inner in found.items() for line in _flatten(f"{name} {part}", inner)]


def measure_starts(environment: dict[str, str], times: int = STARTS) -> Figures:
    """Medians over some starts of the real program, in seconds from the moment its process is asked for."""
    environment |= {BENCH_VARIABLE: "1", HOME_VARIABLE: os.environ[HOME_VARIABLE]}
    if reason_for_no_screen():
        environment["QT_QPA_PLATFORM"] = "offscreen"
    starts = [_start_once(environment) for _ in range(times)]
    return {name: round(statistics.median(start[name] for start in starts), 3) for name in MILESTONES.values()}


@contextlib.contextmanager
def own_home() -> Iterator[None]:
    """A folder of the bench's own instead of the user's: neither reads what is remembered, nor writes over it."""
    before = os.environ.get(HOME_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="slotscope-bench-", ignore_cleanup_errors=True) as folder:
        os.environ[HOME_VARIABLE] = folder
        try:
            yield
        finally:
            if before is None:
                del os.environ[HOME_VARIABLE]
            else:
                os.environ[HOME_VARIABLE] = before


def _start_once(environment: dict[str, str]) -> Figures:
    began = time.time()
    command = [sys.executable, "-P", "-m", "app"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    found: Figures = {}
    said: list[str] = []
    try:
        for line in process.stderr or ():
            milestone = _milestone(line)
            if milestone is None:
                said.append(line.strip())
            else:
                found[MILESTONES[milestone["milestone"]]] = milestone["at"] - began
            if len(found) == len(MILESTONES) or time.time() - began > SECONDS_FOR_A_START:
                break
    finally:
        process.terminate()
        process.communicate()
    if len(found) < len(MILESTONES):
        missing = ", ".join(name for name in MILESTONES.values() if name not in found)
        raise ValueError(f"the window did not reach {missing}{': ' + said[-1] if said else ''}")
    return found


def _milestone(line: str) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) and found.get("milestone") in MILESTONES else None


def _measure_engine(engine: list[str], environment: dict[str, str]) -> dict[str, Any]:
    done = subprocess.run(engine, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise ValueError(said[-1] if said else f"the engine ended with status {done.returncode}")
    return dict(json.loads(done.stdout))
