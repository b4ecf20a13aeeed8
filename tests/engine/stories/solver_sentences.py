"""The sentences of the published stories: which kind each is, and its words that matter."""

import re
from functools import cache

_GO = r"(?:went|moved|journeyed|travelled|went back) to the (\w+)"
_GET = r"(?:took|got|grabbed|picked up)"
_DROP = r"(?:dropped|discarded|left|put down)"
_GIVE = r"(?:gave|handed|passed)"
_LATER = r"(?:Then|After that|Afterwards|Following that)"
_WAY = r"(north|south|east|west)"
_SIDE = r"(above|below|to the left of|to the right of)"
_DAY = r"yesterday|this morning|this afternoon|this evening"

_KINDS = {
    "move": rf"([A-Z]\w+) {_GO}\.",
    "move two": rf"([A-Z]\w+) and ([A-Z]\w+) {_GO}\.",
    "move he": rf"{_LATER} (he|she|they) {_GO}\.",
    "move then": rf"((?i:{_DAY})) ([A-Z]\w+) {_GO}\.",
    "moved when": rf"([A-Z]\w+) {_GO} ({_DAY})\.",
    "get": rf"([A-Z]\w+) {_GET} the (\w+)(?: there)?\.",
    "drop": rf"([A-Z]\w+) {_DROP} the (\w+)(?: there)?\.",
    "give": rf"([A-Z]\w+) {_GIVE} the (\w+) to ([A-Z]\w+)\.",
    "in": r"([A-Z]\w+) is in the (\w+)\.",
    "not in": r"([A-Z]\w+) is (?:not|no longer) in the (\w+)\.",
    "either": r"([A-Z]\w+) is either in the (\w+) or the (\w+)\.",
    "is a": r"([A-Z]\w+) is a (\w+)\.",
    "is": r"([A-Z]\w+) is (\w+)\.",
    "fear": r"([A-Z]\w+) are afraid of (\w+)\.",
    "way": rf"The (\w+) is {_WAY} of the (\w+)\.",
    "side": rf"The ([\w ]+) is {_SIDE} the ([\w ]+)\.",
    "inside": r"The ([\w ]+) fits inside the ([\w ]+)\.",
    "bigger": r"The ([\w ]+) is bigger than the ([\w ]+)\.",
    "where?": r"Where is ([A-Z]\w+)\?",
    "where thing?": r"Where is the (\w+)\?",
    "thing before?": r"Where was the (\w+) before the (\w+)\?",
    "before?": r"Where was ([A-Z]\w+) before the (\w+)\?",
    "in?": r"Is ([A-Z]\w+) in the (\w+)\?",
    "who gave?": r"Who gave the (\w+)\?",
    "who gave to?": r"Who gave the (\w+) to ([A-Z]\w+)\?",
    "who received?": r"Who received the (\w+)\?",
    "given to?": r"Who did ([A-Z]\w+) give the (\w+) to\?",
    "what given?": r"What did ([A-Z]\w+) give to ([A-Z]\w+)\?",
    "how many?": r"How many objects is ([A-Z]\w+) carrying\?",
    "carrying?": r"What is ([A-Z]\w+) carrying\?",
    "fear?": r"What is (\w+) afraid of\?",
    "color?": r"What color is ([A-Z]\w+)\?",
    "will go?": r"Where will (\w+) go\?",
    "why?": r"Why did (\w+) (?:go to|get) the \w+\?",
    "what way?": rf"What is {_WAY} of the (\w+)\?",
    "way of what?": rf"What is the (\w+) {_WAY} of\?",
    "side?": rf"Is the ([\w ]+) {_SIDE} the ([\w ]+)\?",
    "bigger?": r"Is the ([\w ]+) bigger than the ([\w ]+)\?",
    "fit?": r"Does the ([\w ]+) fit in the ([\w ]+)\?",
    "path?": r"How do you go from the (\w+) to the (\w+)\?",
}
_PATTERNS = [(kind, re.compile(pattern)) for kind, pattern in _KINDS.items()]


@cache
def read(text: str) -> tuple[str, tuple[str, ...]]:
    """The kind of a sentence, and its names and places. ValueError if it is none of the published kinds."""
    fitting = [(kind, found) for kind, pattern in _PATTERNS if (found := pattern.fullmatch(text))]
    if len(fitting) != 1:
        raise ValueError(f"{text!r} is {len(fitting)} kinds of sentence")
    kind, found = fitting[0]
    return kind, found.groups()
