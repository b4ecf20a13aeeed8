"""The published files of the bAbI tasks in a folder: which file holds which task, for training and for testing."""

import re
from pathlib import Path
from typing import Literal

from engine.contract.files import BadFileError
from engine.stories.text import Story, read_stories

Part = Literal["train", "test"]


def published_stories(folder: Path, task: int, part: Part) -> list[Story]:
    """The stories of one task; BadFileError if the folder or a file for the task is missing, or the file is malformed."""
    if folder.is_file():
        raise BadFileError(f"{folder}: this is a file; the folder that holds qa{task}_..._{part}.txt is needed")
    if not folder.is_dir():
        raise BadFileError(f"{folder}: there is no such folder; it should hold files such as qa{task}_..._{part}.txt")
    found = _files(folder, task, part)
    if not found:
        below = [sub.name for sub in sorted(folder.iterdir()) if sub.is_dir() and _files(sub, task, part)]
        hint = f"; there is one in the folder {below[0]}" if below else ""
        raise BadFileError(f"{folder}: no {part} file of task {task}; it should be named like qa{task}_..._{part}.txt{hint}")
    if len(found) > 1:
        raise BadFileError(f"{folder}: {found[0].name} and {found[1].name} are both {part} files of task {task}; one is needed")
    stories = read_stories(found[0])
    if not any(story.questions for story in stories):
        raise BadFileError(f"{found[0].name}: no question in the whole file")
    return stories


def has_published(folder: Path, task: int, part: Part) -> bool:
    """Whether the folder has a file for this part of the task."""
    return bool(_files(folder, task, part))


def _files(folder: Path, task: int, part: Part) -> list[Path]:
    """The files of a task and part by their names: the first number, and the part as a word of its own."""
    named = [path for path in sorted(folder.glob("*.txt")) if not path.name.startswith(".")]  # macOS leaves ._twins
    return [path for path in named if part in re.split(r"[^a-z]+", path.stem.lower()) and _task_of(path) == task]


def _task_of(path: Path) -> int:
    digits = re.search(r"[0-9]{1,6}", path.name)
    return int(digits[0]) if digits else -1
