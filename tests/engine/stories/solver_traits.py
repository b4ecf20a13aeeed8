"""What a reader concludes from what somebody is or feels."""

from dataclasses import dataclass, field

Known = tuple[str, frozenset[int]]

ONE = {"mice": "mouse", "sheep": "sheep", "wolves": "wolf", "cats": "cat"}
GOES = {"tired": "bedroom", "bored": "garden", "thirsty": "kitchen", "hungry": "kitchen"}


@dataclass
class Traits:
    """Kinds, fears, colours and feelings, each with the line that says so. Names are lower-cased."""

    kind: dict[str, tuple[str, int]] = field(default_factory=dict)
    trait: dict[str, tuple[str, int]] = field(default_factory=dict)
    fear: dict[str, tuple[str, int]] = field(default_factory=dict)

    questions = frozenset({"fear?", "color?", "will go?", "why?"})

    def hear(self, number: int, kind: str, words: tuple[str, ...]) -> bool:
        """Take in a statement; False if it is about something else."""
        if kind == "fear":
            self.fear[ONE[words[0].lower()]] = ONE[words[1]], number
        elif kind in ("is a", "is"):
            (self.kind if kind == "is a" else self.trait)[words[0].lower()] = words[1], number
        return kind in ("fear", "is a", "is")

    def answer(self, kind: str, words: tuple[str, ...]) -> Known | None:
        """The answer, and the lines that it needs."""
        name = words[0].lower()
        if kind in ("will go?", "why?"):
            feeling, line = self.trait.get(name, ("", 0))
            return (GOES[feeling] if kind == "will go?" else feeling, frozenset({line})) if line else None
        sort, line = self.kind.get(name, ("", 0))
        if kind == "fear?":
            feared, other = self.fear.get(sort, ("", 0))
            return (feared, frozenset({line, other})) if other else None
        return self._color(name, sort, line)

    def _color(self, name: str, sort: str, line: int) -> Known | None:
        """That of the one of the same kind that is named last."""
        alike = [(told, other) for other, (kind, told) in self.kind.items() if kind == sort and other != name]
        told, last = max(alike, default=(0, ""))
        color, seen = self.trait.get(last, ("", 0))
        return (color, frozenset({line, told, seen})) if seen else None
