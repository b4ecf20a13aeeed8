"""What a reader concludes about places, shapes and sizes: everything is a step from one thing to another."""

from collections import deque
from dataclasses import dataclass, field

Known = tuple[str, frozenset[int]]
Step = tuple[int, int, int]

STEP: dict[str, Step] = {
    "north": (0, 1, 0), "south": (0, -1, 0), "east": (1, 0, 0), "west": (-1, 0, 0),
    "above": (0, 1, 0), "below": (0, -1, 0), "to the right of": (1, 0, 0), "to the left of": (-1, 0, 0),
}  # fmt: skip
BIGGER = (0, 0, 1)
LETTER = {STEP[way]: way[0] for way in ("north", "south", "east", "west")}


@dataclass
class Places:
    """Which step leads from one thing to another, and the line that says so. The third axis is size."""

    steps: dict[str, dict[str, tuple[Step, int]]] = field(default_factory=dict)

    questions = frozenset({"what way?", "way of what?", "side?", "bigger?", "fit?", "path?"})

    def hear(self, number: int, kind: str, words: tuple[str, ...]) -> bool:
        """Take in a statement; False if it is about something else."""
        match kind, words:
            case (("way" | "side"), (one, way, other)):
                self._join(other, STEP[way], one, number)
            case "inside", (small, big):
                self._join(small, BIGGER, big, number)
            case "bigger", (big, small):
                self._join(small, BIGGER, big, number)
            case _:
                return False
        return True

    def _join(self, start: str, step: Step, end: str, number: int) -> None:
        self.steps.setdefault(start, {})[end] = step, number
        self.steps.setdefault(end, {})[start] = (-step[0], -step[1], -step[2]), number

    def answer(self, kind: str, words: tuple[str, ...]) -> Known | None:
        """The answer, and the lines that it needs."""
        match kind, words:
            case "what way?", (way, place):
                return self._neighbour(place, STEP[way])
            case "way of what?", (place, way):
                across, up, size = STEP[way]
                return self._neighbour(place, (-across, -up, -size))
            case "side?", (one, side, other):
                return self._yes_or_no(self._shortest(other, one), STEP[side])
            case "bigger?", (one, other):
                return self._yes_or_no(self._climb(one, other), BIGGER)
            case "fit?", (one, other):
                return self._yes_or_no(self._climb(other, one), BIGGER)
            case "path?", (start, end):
                return self._path(start, end)
        return None

    def _neighbour(self, place: str, wanted: Step) -> Known | None:
        found = [(end, frozenset({line})) for end, (step, line) in self.steps.get(place, {}).items() if step == wanted]
        return found[0] if len(found) == 1 else None

    def _shortest(self, start: str, end: str) -> list[tuple[Step, int]] | None:
        """The only shortest way between two things; None if there is none, or another as short."""
        found: list[list[tuple[Step, int]]] = []
        ways: deque[tuple[str, list[tuple[Step, int]], frozenset[str]]] = deque([(start, [], frozenset({start}))])
        while ways and not (found and len(ways[0][1]) >= len(found[0])):
            here, way, seen = ways.popleft()
            for there, step in self.steps.get(here, {}).items():
                if there == end:
                    found.append([*way, step])
                elif there not in seen:
                    ways.append((there, [*way, step], seen | {there}))
        return found[0] if len(found) == 1 else None

    def _climb(self, one: str, other: str) -> list[tuple[Step, int]] | None:
        """A way from the second thing to the first that only grows, or only shrinks."""
        for direction in (1, -1):
            ways: deque[tuple[str, list[tuple[Step, int]]]] = deque([(other, [])])
            seen = {other}
            while ways:
                here, way = ways.popleft()
                if here == one:
                    return way
                for there, (step, line) in self.steps.get(here, {}).items():
                    if step[2] == direction and there not in seen:
                        seen.add(there)
                        ways.append((there, [*way, (step, line)]))
        return None

    @staticmethod
    def _yes_or_no(way: list[tuple[Step, int]] | None, wanted: Step) -> Known | None:
        """Whether the way as a whole leads to the wanted side."""
        if not way:
            return None
        total = [sum(step[axis] for step, _ in way) for axis in range(3)]
        leads = sum(there * side for there, side in zip(total, wanted, strict=True)) > 0
        return "yes" if leads else "no", frozenset(line for _, line in way)

    def _path(self, start: str, end: str) -> Known | None:
        way = self._shortest(start, end)
        return (",".join(LETTER[step] for step, _ in way), frozenset(line for _, line in way)) if way else None
