"""A story of the user's own, as text: one sentence a line, a question ends in "?"; its right answer may follow after a tab, and
after another one the numbers of the lines that the answer rests on."""

import difflib
import re

from engine.stories.questions import Vocabulary
from engine.stories.text import Line, Question, Statement, Story, words_of
from engine.tasks.base import BadInputError

_NUMBER = re.compile(r"^\s*[0-9]+\s+")
_WHOLE = re.compile(r"[0-9]{1,9}")
MOST_LINES = 1000


def read_own_story(text: str, vocabulary: Vocabulary) -> Story:
    """The story; BadInputError names the line, what is wrong with it and what would be right."""
    lines: list[Line] = []
    rows = [(number, row) for number, row in enumerate(text.splitlines(), 1) if row.strip()]
    if not rows:
        raise BadInputError("the story is empty; write one sentence a line, and a line that ends in ? to ask")
    if len(rows) > MOST_LINES:
        raise BadInputError(f"the story has {len(rows)} lines; at most {MOST_LINES} can be told")
    for number, row in rows:
        line = _line(number, _NUMBER.sub("", row), lines)
        if isinstance(line, Question) and not any(isinstance(told, Statement) for told in lines):
            raise BadInputError(f"line {number}: the question comes before any fact; tell something first")
        _check_words(number, line, vocabulary)
        lines.append(line)
    if not any(isinstance(line, Question) for line in lines):
        raise BadInputError("the story asks nothing; end one line with ? to ask")
    return Story(tuple(lines))


def _line(number: int, row: str, before: list[Line]) -> Line:
    text, *after = (field.strip() for field in row.split("\t"))
    if not words_of(text):
        raise BadInputError(f"line {number}: there is no word in it; write a sentence or a question")
    if not text.endswith("?"):
        if any(after):
            raise BadInputError(f"line {number}: an answer follows a sentence that is no question; a question ends in ?")
        return Statement(text)
    if len(after) > 2:
        raise BadInputError(f"line {number}: it has {len(after)} tabs; question, answer and supporting lines are parted by two")
    answer, supports = (*after, "", "")[:2]
    found = tuple(_support(number, word, before) for word in supports.split())
    if found and not answer:
        raise BadInputError(f"line {number}: it names supporting lines but no answer; the answer stands between the two tabs")
    return Question(text, answer.lower().rstrip("."), found)


def _support(number: int, word: str, before: list[Line]) -> int:
    """The number, from 1, of an earlier line that tells a fact; lines without a word are not counted."""
    if not _WHOLE.fullmatch(word):
        raise BadInputError(f"line {number}: the supporting line {_short(word)!r} is not a whole number")
    if not 1 <= int(word) <= len(before):
        raise BadInputError(
            f"line {number}: the supporting line {word} is not an earlier line; there are {len(before)} before it"
        )
    if isinstance(before[int(word) - 1], Question):
        raise BadInputError(f"line {number}: the supporting line {word} is a question; only a sentence supports an answer")
    return int(word)


def _check_words(number: int, line: Line, vocabulary: Vocabulary) -> None:
    words = words_of(line.text)
    if len(words) > vocabulary.longest:
        raise BadInputError(f"line {number}: it has {len(words)} words; this model reads at most {vocabulary.longest} in a line")
    for word in words:
        if word not in vocabulary:
            raise BadInputError(f"line {number}: the word {_short(word)!r} is not known; {_nearest(word, vocabulary)}")
    if isinstance(line, Question) and line.answer and line.answer not in vocabulary:
        raise BadInputError(
            f"line {number}: the answer {_short(line.answer)!r} is no word that this model can say; "
            f"{_nearest(line.answer, vocabulary)}"
        )


def _nearest(word: str, vocabulary: Vocabulary) -> str:
    near = difflib.get_close_matches(_short(word), vocabulary.words, n=3, cutoff=0.5)
    if near:
        return f"the nearest known {'word is' if len(near) == 1 else 'words are'} {', '.join(near)}"
    return f"known words are {', '.join(vocabulary.words[:6])} ..."


def _short(word: str) -> str:
    return word if len(word) <= 24 else f"{word[:24]}…"
