"""Trajectories that a user draws or types, as text: points "x,y" in metres with spaces between, the last one now; ";" parts
samples, "|" the agents of one sample."""

MOST_SAMPLES, MOST_AGENTS, MOST_POINTS = 200, 64, 10_000
FARTHEST = 10_000.0
"""Metres from the origin that a point may be."""
EXAMPLE = "0,0 0,1 0.5,2"

Line = tuple[tuple[float, float], ...]
"""Points, the last one now."""
Sample = tuple[Line, ...]
"""A trajectory for each of its agents."""


class BadTrajectoryError(ValueError):
    """The text is no row of trajectories; the message names the sample and the point, and says what would be right."""


def read_samples(text: str, most_agents: int = MOST_AGENTS) -> list[Sample]:
    """Samples from a text; BadTrajectoryError names the first thing that does not fit."""
    parts = [part for part in text.split(";") if part.strip()]
    if not parts:
        raise BadTrajectoryError(f"there is no trajectory; draw one, or write at least two points such as {EXAMPLE}")
    if len(parts) > MOST_SAMPLES:
        raise BadTrajectoryError(f"{len(parts)} samples are too many; at most {MOST_SAMPLES} can be shown")
    return [_sample(number, part, min(most_agents, MOST_AGENTS)) for number, part in enumerate(parts, 1)]


def _sample(number: int, text: str, most_agents: int) -> Sample:
    ways = text.split("|")
    if len(ways) > most_agents:
        allowed = "one agent" if most_agents == 1 else f"at most {most_agents} agents"
        raise BadTrajectoryError(f"sample {number} has {len(ways)} agents; here a sample has {allowed}")
    return tuple(_points(number, way) for way in ways)


def _points(number: int, text: str) -> Line:
    words = text.split()
    if len(words) < 2:
        few = "one point only" if words else "no point"
        raise BadTrajectoryError(f"sample {number} has {few}; a trajectory needs at least two, such as {EXAMPLE}")
    if len(words) > MOST_POINTS:
        raise BadTrajectoryError(f"sample {number} has {len(words):,} points; at most {MOST_POINTS:,} are read")
    return tuple(_point(number, place, word) for place, word in enumerate(words, 1))


def _point(number: int, place: int, word: str) -> tuple[float, float]:
    where, parts = f"sample {number}, point {place}", word.split(",")
    try:
        if len(parts) != 2 or not word.isascii():
            raise ValueError
        x, y = float(parts[0]), float(parts[1])
    except ValueError:
        raise BadTrajectoryError(f"{where}: “{word[:24]}” is no point; write x,y such as 0.5,2") from None
    if not max(abs(x), abs(y)) <= FARTHEST:
        raise BadTrajectoryError(f"{where}: {word[:24]} is farther than {FARTHEST:,.0f} m away, or no number")
    return x, y
