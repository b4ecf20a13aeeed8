"""The user's own input as it is edited: bit vectors, symbols or the lines of a story, to and from what the engine reads."""

import difflib
import re
from collections import Counter
from dataclasses import dataclass

import numpy as np

from app.state.looks import supporting_lines
from engine.contract.cards import Channel
from engine.contract.trace import Trace

MOST_VECTORS = 1000
MOST_SYMBOLS = 200
MOST_LINES = 1000
ALL_WORDS = "“Known words” shows all that it knows."
_NAMED = re.compile(r"(?:line|vector) ([0-9]{1,6})\b", re.IGNORECASE)
_WORD = re.compile(r"[^\s.,;:!?\"()]+")

Vector = tuple[int, ...]


class BadBitsError(ValueError):
    """The text is no row of bit vectors; the message names the vector and says what would be right."""


# ---- bits -----------------------------------------------------------------------------------------------------------------


def width_of(trace: Trace) -> int:
    """How many bits a vector has: as the task writes them, else as many as the network has to say."""
    if own := trace.card.labels.get("own"):
        return len(own[0])
    channel = next(c for c in (*trace.of_role("target"), *trace.of_role("input")) if c.kind == "bits")
    return int(trace.arrays[channel.name].shape[1])


def vectors_of(trace: Trace) -> list[Vector]:
    """The vectors that the present episode shows: as the task writes them, else those up to the delimiter."""
    if own := trace.card.labels.get("own"):
        return [tuple(int(bit) for bit in word) for word in own]
    width = width_of(trace)
    channel = next(c for c in trace.of_role("input") if c.kind == "bits")
    shown = np.nan_to_num(np.asarray(trace.arrays[channel.name])) > 0.5
    marked = np.flatnonzero(shown[:, width:].any(-1))
    end = int(marked[0]) if marked.size else len(shown)
    return [tuple(int(bit) for bit in row[:width]) for row in shown[:end]]


def bits_to_text(vectors: list[Vector]) -> str:
    """ "10110010 01101001"."""
    return " ".join("".join(str(bit) for bit in vector) for vector in vectors)


def read_bits(text: str, width: int) -> list[Vector]:
    """Vectors of `width` bits parted by blanks (single bits need none); BadBitsError names the first that does not fit."""
    words = text.split() if width > 1 else list("".join(text.split()))
    if not words:
        raise BadBitsError(f"Type at least one vector of {width} bits, such as {'10' * (width // 2)}{'1' * (width % 2)}.")
    if len(words) > MOST_VECTORS:
        raise BadBitsError(f"{len(words)} vectors are too many; at most {MOST_VECTORS} can be shown.")
    for number, word in enumerate(words, 1):
        strange = next((letter for letter in word if letter not in "01"), "")
        if strange:
            raise BadBitsError(f"Vector {number} ({_short(word)}): “{strange}” is neither 0 nor 1.")
        if len(word) != width:
            raise BadBitsError(f"Vector {number} ({_short(word)}) has {len(word)} bits; it should have {width}.")
    return [tuple(int(letter) for letter in word) for word in words]


# ---- symbols --------------------------------------------------------------------------------------------------------------


class BadSymbolsError(ValueError):
    """The text is no row of symbols; the message names the one that there is not."""


def alphabet_of(trace: Trace) -> tuple[str, ...]:
    """What can be written: the words that go in, or the symbols of one letter."""
    if trace.card.task.own_input == "words":
        return trace.card.labels.get(_input_of(trace).name, ())
    return tuple(name for name in trace.card.labels.get("answer", ()) if len(name) == 1)


def symbols_of(trace: Trace) -> list[str]:
    """The words, or the source, of the present episode, in the order in which they were given."""
    if trace.card.own:
        return parts_of(trace.card.own, alphabet_of(trace))
    channel = _input_of(trace)
    if trace.card.task.own_input == "words":
        return [trace.label(channel.name, int(word)) for word in np.asarray(trace.arrays[channel.name])]
    end = next((phase.last + 1 for phase in trace.card.phases if phase.first == 0), trace.steps)
    read = [trace.label("answer", int(symbol)) for symbol in np.asarray(trace.arrays[channel.name])[:end]]
    return read[::-1] if trace.card.settings.get("reverse_source") else read


def read_symbols(text: str, alphabet: tuple[str, ...]) -> list[str]:
    """Symbols from "a b c" or "abc", words from "x = 4 ;" or "x=4;"; BadSymbolsError names the first that there is not."""
    symbols = parts_of(text, alphabet)
    if not symbols:
        raise BadSymbolsError(f"Type at least one symbol, such as {' '.join(alphabet[:3])}.")
    if len(symbols) > MOST_SYMBOLS:
        raise BadSymbolsError(f"{len(symbols)} symbols are too many; at most {MOST_SYMBOLS} can be read.")
    for number, symbol in enumerate(symbols, 1):
        if symbol not in alphabet:
            there = f"{alphabet[0]} to {alphabet[-1]}" if is_of_letters(alphabet) else " ".join(alphabet)
            raise BadSymbolsError(f"Symbol {number} (“{symbol}”) is none that the network knows: {there}.")
    return symbols


def parts_of(text: str, alphabet: tuple[str, ...]) -> list[str]:
    """The text taken apart into what the alphabet has, the longest first, and whatever else stands between."""
    known = sorted(map(re.escape, alphabet), key=len, reverse=True)
    return re.findall("|".join((*known, r"\S")), text.lower())


def is_of_letters(alphabet: tuple[str, ...]) -> bool:
    """Whether it is a row of letters, which its first and last one tell."""
    return all(len(name) == 1 and name.isalpha() for name in alphabet)


def _input_of(trace: Trace) -> Channel:
    return next(channel for channel in trace.of_role("input") if channel.kind == "tokens")


# ---- stories --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StoryLine:
    """One line of a story; with a question mark at its end it asks, and may say the right answer and what that rests on."""

    text: str
    answer: str = ""
    supports: tuple[int, ...] = ()
    """The numbers, from 1, of the story's lines that the right answer rests on; empty: nobody says."""

    @property
    def asks(self) -> bool:
        """Whether the line is a question."""
        return self.text.rstrip().endswith("?")


def lines_of(trace: Trace) -> list[StoryLine]:
    """The lines of the present story, questions with their right answers where these are known."""
    texts = trace.card.labels.get("step", ())
    targets = trace.of_role("target")
    answers = np.asarray(trace.arrays[targets[0].name]) if targets else np.full(len(texts), -1.0)
    if answers.ndim != 1:
        answers = np.full(len(texts), -1.0)
    names = targets[0].name if targets and targets[0].name in trace.card.labels else "answer"
    lines = []
    for step, (text, answer) in enumerate(zip(texts, answers, strict=False)):
        if np.isfinite(answer) and answer >= 0:
            supports = tuple(line + 1 for line in supporting_lines(trace, step))
            lines.append(StoryLine(text, trace.label(names, int(answer)), supports))
        else:
            lines.append(StoryLine(text))
    return lines


def answered_steps(trace: Trace) -> list[int]:
    """The steps at which something is answered."""
    for channel in trace.of_role("answer"):
        values = np.asarray(trace.arrays[channel.name])
        steps: list[int] = np.flatnonzero(np.isfinite(values).reshape(len(values), -1).any(-1)).tolist()
        return steps
    return []


def story_to_text(lines: list[StoryLine]) -> str:
    """One line each, an answer after a tab and what it rests on after another: as the engine reads a story of one's own."""
    return "\n".join(_row_of(line) for line in lines if line.text.strip())


def text_to_story(text: str) -> list[StoryLine]:
    """The lines of a text that `story_to_text` wrote, or that was pasted; numbers before the lines are dropped.

    What is said of supporting lines is kept where it can be true: earlier lines by their numbers.
    """
    found: list[StoryLine] = []
    for row in text.splitlines()[:MOST_LINES]:
        said, *after = row.split("\t")
        said = re.sub(r"^\s*[0-9]+\s+", "", said).strip()
        if said:
            rest = [int(word) for word in after[1].split() if word.isdecimal()] if len(after) > 1 else []
            supports = tuple(number for number in rest if 1 <= number <= len(found) and not found[number - 1].asks)
            found.append(StoryLine(said, after[0].strip() if after else "", supports))
    return found


def with_answers_that_hold(lines: list[StoryLine], origin: list[StoryLine]) -> list[StoryLine]:
    """The story with the right answers that are still right: those of questions before which nothing was changed.

    After a changed fact nobody here knows the answer; a question keeps none then, and counts as neither right nor wrong.
    """
    same = 0
    while same < min(len(lines), len(origin)) and lines[same].text.strip() == origin[same].text.strip():
        same += 1
    return [
        StoryLine(line.text, origin[n].answer, origin[n].supports) if n < same else StoryLine(line.text)
        for n, line in enumerate(lines)
    ]


def changed_lines(lines: list[StoryLine], origin: list[StoryLine]) -> frozenset[int]:
    """Which lines, from 0, are not among those that the story came from; one that only moved is among them."""
    left = Counter(line.text.strip() for line in origin)
    found = set()
    for number, line in enumerate(lines):
        if left[line.text.strip()] > 0:
            left[line.text.strip()] -= 1
        else:
            found.add(number)
    return frozenset(found)


def gone_lines(lines: list[StoryLine], slots: int) -> frozenset[int]:
    """Which lines, from 0, tell facts that have made room for newer ones when the last question is asked."""
    facts = [number for number, line in enumerate(lines) if line.text.strip() and not line.asks]
    return frozenset(facts[: max(len(facts) - slots, 0)]) if slots > 0 else frozenset()


def memory_problem(lines: list[StoryLine], slots: int) -> str:
    """What a memory of so many slots drops of the story, in one sentence; empty if it holds all of it."""
    gone = sorted(gone_lines(lines, slots))
    if not gone:
        return ""
    facts = sum(not line.asks for line in lines)
    which = f"line {gone[0] + 1} is" if len(gone) == 1 else f"lines {gone[0] + 1} to {gone[-1] + 1} are"
    return f"The story tells {facts} facts and the memory keeps the newest {slots}: {which} gone when the last question is asked."


def problem_line(sentence: str) -> int | None:
    """Which line (from 1) or vector an answer of the engine speaks of: "line 3: the word ..."; None if it names none."""
    found = _NAMED.match(sentence)
    return int(found[1]) if found else None


def known_words(trace: Trace) -> tuple[str, ...]:
    """The words that this network has learnt; empty if the trace does not say."""
    return tuple(word for word in trace.card.labels.get("word", ()) if word)


def unknown_words(text: str, known: tuple[str, ...]) -> list[str]:
    """The words of a line that the network has never seen, in their order; none if nobody knows its words."""
    vocabulary = set(known)
    return [word for word in _WORD.findall(text.lower()) if vocabulary and word not in vocabulary]


def suggestions(begun: str, known: tuple[str, ...], most: int = 6) -> list[str]:
    """Known words that begin like this one, then those that look like it."""
    begun = begun.lower()
    starts = sorted(word for word in known if begun and word.startswith(begun) and word != begun)
    near = [word for word in difflib.get_close_matches(begun, known, n=most, cutoff=0.6) if word != begun]
    return list(dict.fromkeys((*starts, *near)))[:most]


def line_problem(line: StoryLine, known: tuple[str, ...]) -> str:
    """What is wrong with a line, in one sentence with what would be right; empty if nothing is."""
    if not _WORD.findall(line.text):
        return "There is no word in this line."
    strange = unknown_words(line.text, known)
    if not strange:
        return _answer_problem(line, known)
    near = suggestions(strange[0], known, most=3)
    return f"The network does not know “{_short(strange[0])}”; " + (f"it knows {', '.join(near)}." if near else ALL_WORDS)


def _answer_problem(line: StoryLine, known: tuple[str, ...]) -> str:
    """A right answer that the network cannot say is no guess's fault: it is said instead."""
    strange = unknown_words(line.answer, known) if line.asks else []
    if not strange:
        return ""
    near = suggestions(strange[0], known, most=3)
    said = f"The network has no word “{_short(strange[0])}” to answer with: it could never be right"
    return f"{said}; " + (f"it knows {', '.join(near)}." if near else ALL_WORDS)


def story_problem(lines: list[StoryLine]) -> str:
    """What is wrong with the story as a whole, in one sentence; empty if nothing is."""
    told = [line for line in lines if line.text.strip()]
    if not told:
        return "The story is empty: write one sentence a line, and one that ends in ? to ask."
    if told[0].asks:
        return "The story begins with a question: tell something first."
    if not any(line.asks for line in told):
        return "The story asks nothing: end one line with ? to ask."
    if len(told) > MOST_LINES:
        return f"The story has {len(told)} lines; at most {MOST_LINES} can be told."
    return ""


def _row_of(line: StoryLine) -> str:
    said, answer = _one_line(line.text), line.answer.strip()
    if not line.asks or not answer:
        return said
    return "\t".join((said, answer, *([" ".join(map(str, line.supports))] if line.supports else [])))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(word: str) -> str:
    return word if len(word) <= 24 else f"{word[:24]}…"
