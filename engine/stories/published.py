"""The published files of the bAbI tasks in a folder: which file holds which task, for training and for testing."""

import re
from pathlib import Path
from typing import Literal

from engine.contract.files import BadFileError
from engine.stories.text import Story, read_stories

Part = Literal["train", "test"]


def published_stories(folder: Path, task: int, part: Part) -> list[Story]:
    """The stories of one task; BadFileError if the folder or a file for the task is missing, or the file is malformed."""
    if not folder.is_dir():
        raise BadFileError(f"{folder}: there is no such folder; it should hold files such as qa{task}_..._{part}.txt")
    found = _files(folder, task, part)
    if not found:
        raise BadFileError(f"{folder}: no {part} file of task {task}; it should be named like qa{task}_..._{part}.txt")
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
    return [path for path in sorted(folder.glob("*.txt")) if part in path.stem and _task_of(path) == task]


def _task_of(path: Path) -> int:
    digits = re.search(r"[0-9]{1,6}", path.name)
    return int(digits[0]) if digits else -1
