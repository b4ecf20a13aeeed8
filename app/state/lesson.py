"""A lesson as data: pages of text, what the window shows with each, a question before it shows, and one thing to do."""

import re
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from app.state.session import Session
from engine.contract.files import BadFileError

FORMAT = 1
MOST_WORDS = 90
_SIGN = re.compile(r"[*\[\]]+")

CheckKind = Literal[
    "writes",  # the cursor stands where the write head's strongest slot is `slot`
    "reads",  # the same for the read head
    "step",  # the cursor stands at step `least` (counted from 0)
    "selected",  # slot `slot` is selected
    "erased",  # the episode ran again with slot `slot` erased
    "broken",  # ... and bits of B's answer are wrong at step `least` which A had right
    "setting",  # the episode runs with the setting `name` at `least` or more
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One claim about the real window that shows that the reader did what the page asks."""

    kind: CheckKind
    slot: int = -1
    least: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer that the reader can predict, and what is said to who chose it."""

    says: str
    reply: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A prediction asked for before the window shows what happens; `reason` explains it afterwards, whatever was chosen."""

    asks: str
    choices: tuple[Choice, ...]
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """The one thing to do on a page. **bold** names what is on screen, [E] is a key."""

    says: str
    checks: tuple[Check, ...]
    done: str = ""
    """What is said when it is done, where no question's reason says it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a lesson."""

    title: str
    text: tuple[str, ...]
    place: Session
    """What the window shows when the page opens."""
    then: Session | None = None
    """What it shows once the question is answered, where there is nothing to do."""
    highlights: tuple[str, ...] = ()
    """Panes that the text speaks of."""
    question: Question | None = None
    task: Task | None = None

    @property
    def words(self) -> int:
        """How many words a reader can be shown on this page, with the longest of the replies."""
        told = [self.title, *self.text]
        if self.question is not None:
            replies = [choice.reply for choice in self.question.choices]
            told += [self.question.asks, *(choice.says for choice in self.question.choices)]
            told += [max(replies, key=count_words, default=""), self.question.reason]
        if self.task is not None:
            told += [self.task.says, self.task.done]
        return sum(count_words(text) for text in told)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A title and its pages, in order."""

    format: int = FORMAT
    name: str
    number: int
    title: str
    says: str
    """What the reader will have seen, in one sentence."""
    pages: tuple[Page, ...]


def count_words(text: str) -> int:
    """Words as a reader counts them: signs that stand for bold type and keys are none."""
    return len([word for word in _SIGN.sub(" ", text).split() if any(letter.isalnum() for letter in word)])


def read_lesson(text: str | bytes, name: str) -> Lesson:
    """Read a lesson's JSON; BadFileError with one sentence that names the lesson and what is wrong with it."""
    try:
        loose = msgspec.json.decode(text, type=dict[str, Any])
        written = loose.get("format", 0)
        if isinstance(written, int) and written > FORMAT:
            raise BadFileError(f"{name}: written for a newer Slotscope (format {written}, this one reads {FORMAT})")
        lesson = msgspec.json.decode(text, type=Lesson)
    except msgspec.MsgspecError as error:
        raise BadFileError(f"{name}: this is not a lesson ({error})") from None
    _check(lesson, name)
    return lesson


def _check(lesson: Lesson, name: str) -> None:
    if not lesson.pages:
        raise BadFileError(f"{name}: the lesson has no pages")
    for number, page in enumerate(lesson.pages, 1):
        where = f"{name}, page {number}"
        if page.words > MOST_WORDS:
            raise BadFileError(f"{where}: {page.words} words; a page has at most {MOST_WORDS}")
        if page.question is not None and len(page.question.choices) < 2:
            raise BadFileError(f"{where}: a question needs two choices or more")
        if page.task is not None and not page.task.checks:
            raise BadFileError(f"{where}: the task has no check, so nobody would know that it is done")
        if not page.place.panes:
            raise BadFileError(f"{where}: the place names no panes, so it could not be restored exactly")
