"""Imports point down the floors; the rules stand in pyproject.toml."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

NEVER_LOADED = [
    (
        "the window",
        "import app.main, app.commands, app.link.engine, app.link.courier",
        ("torch", "engine.service", "engine.models"),
    ),
    ("the command line", "import app.__main__, app.commands", ("torch", "PySide6", "pyqtgraph")),
    ("what an engine process imports first", "import app.__main__, engine.host", ("torch", "PySide6", "pyqtgraph", "typer")),
    ("the engine", "import engine.__main__, engine.commands.program, engine.service", ("PySide6", "pyqtgraph", "app")),
    ("the contract", "import engine.contract.trace_file, engine.contract.messages, engine.contract.log", ("torch", "PySide6")),
]


def test_the_import_rules_hold(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_logo=True))",
    ]

    checked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.parametrize(("who", "imports", "unwanted"), NEVER_LOADED, ids=[who for who, _, _ in NEVER_LOADED])
def test_nothing_is_loaded_that_has_no_business_there(who: str, imports: str, unwanted: tuple[str, ...]) -> None:
    ask = f"{imports}\nimport sys\nprint(','.join(name for name in {unwanted!r} if name in sys.modules))"

    loaded = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "", f"{who} loads {loaded.stdout}"
