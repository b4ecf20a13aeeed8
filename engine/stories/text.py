"""Stories as text: the published format of the bAbI tasks, read with file and line in every complaint, and written."""

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from engine.contract.files import BadFileError

_log = logging.getLogger(__name__)
_NUMBERED = re.compile(r"([0-9]{1,9})(?: (.*))?", re.DOTALL)
_WORD = re.compile(r"[^\s.,;:!?\"()]+")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Statement:
    """A line that tells a fact."""

    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A line that asks. `supports` are the numbers, from 1, of the story's lines that the answer rests on; empty: not known."""

    text: str
    answer: str
    supports: tuple[int, ...] = ()


Line = Statement | Question


@dataclass(frozen=True, slots=True)
class Story:
    """Statements and questions in the order told; line n of the file is `lines[n - 1]`."""

    lines: tuple[Line, ...]

    @property
    def questions(self) -> int:
        """How many of the lines ask."""
        return sum(isinstance(line, Question) for line in self.lines)


def words_of(text: str) -> list[str]:
    """The words of a sentence, lower-cased, without its punctuation."""
    return _WORD.findall(text.lower())


def write_stories(stories: Iterable[Story]) -> str:
    """The stories in the published format: `ID text`, questions with answer and supports after tabs, each story from ID 1."""
    return "".join(f"{number} {_written(line)}\n" for story in stories for number, line in enumerate(story.lines, 1))


def _written(line: Line) -> str:
    if isinstance(line, Statement):
        return line.text
    return f"{line.text} \t{line.answer}\t{' '.join(map(str, line.supports))}"


def read_stories(path: Path) -> list[Story]:
    """Read a file of the published format; BadFileError names file, line and what would be right."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read ({error.strerror or error})") from None
    return parse_stories(_decoded(content, path.name), path.name)


def _decoded(content: bytes, name: str) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BadFileError(f"{name}:1: the file is UTF-16; it must be plain UTF-8 text")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadFileError(f"{name}:{line}: byte {error.start} is not UTF-8 text") from None


def parse_stories(text: str, name: str) -> list[Story]:
    """Read the published format from `text`; `name` stands in the complaints."""
    rows = text.rstrip("\r\n").split("\n")
    if not text.strip():
        raise BadFileError(f"{name}:1: the file is empty; a story was expected")
    stories: list[Story] = []
    lines: list[Line] = []
    for row, content in enumerate(rows, 1):
        try:
            number, said = _number_and_text(content.removesuffix("\r"), len(lines))
            if number == 1 and lines:
                _keep(stories, lines, name, row - 1)
                lines = []
            lines.append(_line(said, number, lines))
        except _LineError as wrong:
            raise BadFileError(f"{name}:{row}: {wrong}") from None
    _keep(stories, lines, name, len(rows))
    return stories


class _LineError(Exception):
    """What is wrong with a line; its place is added by who knows it."""


def _keep(stories: list[Story], lines: list[Line], name: str, last: int) -> None:
    story = Story(tuple(lines))
    stories.append(story)
    if not story.questions:
        _log.warning("%s:%d: the story that ends here asks nothing", name, last)


def _number_and_text(content: str, before: int) -> tuple[int, str]:
    if control := _CONTROL.search(content):
        raise _LineError(f"a control character (code {ord(control[0])}); this is not plain text")
    found = _NUMBERED.fullmatch(content)
    if found is None:
        raise _LineError("no number at the start of the line; a line is a number, a space and a sentence")
    number = int(found[1])
    if number not in (1, before + 1):
        wanted = f"{before + 1}, or 1 for a new story" if before else "1"
        raise _LineError(f"line number {number} does not follow; {wanted} was expected")
    if not (found[2] or "").strip():
        raise _LineError("nothing stands after the number; a sentence was expected")
    return number, found[2]


def _line(said: str, number: int, before: list[Line]) -> Line:
    fields = said.split("\t")
    if len(fields) == 1:
        if not words_of(said):
            raise _LineError("no word stands after the number; a sentence was expected")
        if "?" in said:
            raise _LineError("no tab in a question; question, answer and supporting lines are parted by two tabs")
        return Statement(said.strip())
    if len(fields) == 2:
        raise _LineError("one tab in a question; question, answer and supporting lines are parted by two tabs")
    if len(fields) > 3:
        raise _LineError(f"{len(fields) - 1} tabs in a question; question, answer and supporting lines are parted by two tabs")
    question, answer, supports = (field.strip() for field in fields)
    if not words_of(question):
        raise _LineError("no question before the first tab")
    if not answer:
        raise _LineError("the answer between the tabs is empty")
    return Question(question, answer, tuple(_support(word, number, before) for word in supports.split()))


def _support(word: str, number: int, before: list[Line]) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", word):
        raise _LineError(f"supporting line {word!r} is not a whole number")
    support = int(word)
    if not 1 <= support < number:
        raise _LineError(f"supporting line {support} is not an earlier line of this story")
    if isinstance(before[support - 1], Question):
        raise _LineError(f"supporting line {support} is a question; only statements support an answer")
    return support
