"""The verb `doctor`: what this machine has and lacks for the window and for the engine."""

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from app.screen import reason_for_no_screen
from app.system_libraries import how_to_install, missing

SECONDS_TO_ANSWER = 120
_ASK_QT = """
import json
from PySide6.QtGui import QFontDatabase, QGuiApplication
application = QGuiApplication([])
screen = application.primaryScreen()
size = [screen.size().width(), screen.size().height()] if screen else []
families = QFontDatabase.families()
print(json.dumps({"platform": application.platformName(), "screen": size, "fonts": len(families)}))
"""


def examine(engine_command: list[str], environment: dict[str, str]) -> dict[str, Any]:
    """Everything that was found; `problems` is empty where nothing that is needed is missing."""
    libraries = missing()
    no_screen = reason_for_no_screen()
    platform = {"QT_QPA_PLATFORM": "offscreen"} if no_screen else {}
    qt, qt_problem = _json_of([sys.executable, "-c", _ASK_QT], {**os.environ, **platform})
    engine, engine_problem = _json_of([*engine_command, "doctor-engine", "--json"], environment)
    problems = [str(problem) for problem in engine.pop("problems", [])]
    if libraries:
        problems.append(f"missing system libraries: {', '.join(libraries)}; install them with: {how_to_install(libraries)}")
    if qt_problem:
        problems.append(f"Qt does not start: {qt_problem}")
    if engine_problem:
        problems.append(f"the engine does not start: {engine_problem}")
    notes = [no_screen] if no_screen else []
    if qt and not qt["fonts"]:
        notes.append("no system fonts: the bundled ones are used")
    return {
        **engine,
        "slotscope": _version("slotscope"),
        "pyside6": _version("PySide6-Essentials"),
        "pyqtgraph": _version("pyqtgraph"),
        "qt": qt,
        "missing_libraries": libraries,
        "notes": notes,
        "problems": problems,
    }


def _json_of(command: list[str], environment: dict[str, str]) -> tuple[dict[str, Any], str]:
    """What the program prints, and what is wrong with it; it runs apart, for Qt ends the process that it cannot serve."""
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=SECONDS_TO_ANSWER, check=False)
        if done.returncode == 0:
            return dict(json.loads(done.stdout)), ""
    except (OSError, subprocess.TimeoutExpired, ValueError) as error:
        return {}, str(error)
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return {}, lines[-1].strip() if lines else f"it ended with exit code {done.returncode} and said nothing"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
