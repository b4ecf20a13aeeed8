"""The verb `doctor-engine`: what the engine finds on this machine; `slotscope doctor` joins it with the window's findings."""

import os
import platform
import shutil
import tempfile
from pathlib import Path

import psutil
import torch

from engine.commands.terminal import AsJson, print_json, print_table
from engine.compiling import quick_paths
from engine.contract.places import kernels_folder, log_file, runs_folder, sessions_folder, traces_folder
from engine.registry import catalogue
from engine.sources import exhibit_cards, exhibit_faults


def doctor_engine(as_json: AsJson = False) -> None:
    """Say what the engine has: Python, torch, devices, folders, models, exhibits."""
    found = findings()
    if as_json:
        print_json(found)
        return
    print_table([(name, str(value)) for name, value in found.items()])


def findings() -> dict[str, object]:
    """Everything by name; `problems` is empty where nothing that is needed is missing."""
    offered, exhibits = catalogue(), exhibit_cards()
    folders = {name: _folder(path) for name, path in _folders().items()}
    problems = [f"{name}: {folder['problem']}" for name, folder in folders.items() if folder["problem"]]
    problems += [f"left out: {line}" for line in (*offered.failed, *exhibit_faults())]
    if not exhibits:
        problems.append("no exhibit can be read; slotscope build-exhibit --all makes them again")
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "torch": str(torch.__version__),
        "devices": _devices(),
        "compiled_paths": {path.name: "ready" if path.is_made else path.outlook for path in quick_paths()},
        "cores": os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "models": [card.id for card in offered.models],
        "tasks": [card.id for card in offered.tasks],
        "exhibits": [card.name for card in exhibits],
        "folders": folders,
        "problems": problems,
    }


def _devices() -> list[str]:
    found = ["cpu"]
    if torch.cuda.is_available():
        found += [f"cuda:{i} {torch.cuda.get_device_name(i)}" for i in range(torch.cuda.device_count())]
    if torch.backends.mps.is_available():
        found.append("mps")
    return found


def _folders() -> dict[str, Path]:
    return {
        "runs": runs_folder(),
        "sessions": sessions_folder(),
        "traces": traces_folder(),
        "kernels": kernels_folder(),
        "log": log_file().parent,
    }


def _folder(path: Path) -> dict[str, object]:
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"x")
        return {"path": str(path), "free_gb": round(shutil.disk_usage(path).free / 2**30, 1), "problem": ""}
    except OSError as error:
        return {"path": str(path), "free_gb": 0.0, "problem": f"{path} cannot be written ({error.strerror})"}
