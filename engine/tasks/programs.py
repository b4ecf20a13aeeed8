"""Small programs: assignments, steps up and down, conditions and prints, drawn at random, run, and read from text.

The language of the algorithmic task of Fan et al. (2020), after its public generator's rules; the words are ours, one for each
step of an episode: `x = 4 ;` `x + ;` (one more) `x - ;` (one less) `? x ;` (print) `if x < 5 : y + ;`.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

MOST_VARIABLES = 5
VARIABLES = ("x", "y", "z", "p", "r")
VALUES = tuple(str(value) for value in range(1, 11))
"""Values stay between 1 and 10: a step that would leave them is never drawn."""

SIGNS = ("=", "+", "-", "?", "if", "<", ">", ":", ";")
TOKENS = (*SIGNS, *VALUES, *VARIABLES)
"""All words of the language, in the order of the inputs."""

Statement = tuple[str, ...]


class BadProgramError(ValueError):
    """A statement cannot be run; the message says why, and what would be right."""


@dataclass(slots=True)
class Machine:
    """Runs statements: `values` are the variables as they stand."""

    values: dict[str, int] = field(default_factory=dict)

    def run(self, statement: Statement) -> int | None:
        """Run one statement; gives the value that it prints, None for any other. BadProgramError where that cannot be done."""
        match statement:
            case (name, "=", value, ";") if name in VARIABLES and value in VALUES:
                if name in self.values:
                    raise BadProgramError(f"{name} has a value already; only a variable without one can be given one")
                self.values[name] = int(value)
            case (name, "+" | "-" as sign, ";") if name in VARIABLES:
                after = self._value(name) + (1 if sign == "+" else -1)
                if str(after) not in VALUES:
                    raise BadProgramError(f"{name} would become {after}; values stay between {VALUES[0]} and {VALUES[-1]}")
                self.values[name] = after
            case ("?", name, ";") if name in VARIABLES:
                return self._value(name)
            case ("if", name, "<" | ">" as sign, other, ":", *rest) if name in VARIABLES and rest[:1] not in (["?"], ["if"]):
                one, two = self._value(name), int(other) if other in VALUES else self._value(other)
                if one < two if sign == "<" else one > two:
                    return self.run(tuple(rest))
            case _:
                raise BadProgramError("this is no statement, such as x = 4 ; or x + ; or ? x ; or if x < 5 : x + ;")
        return None

    def _value(self, name: str) -> int:
        if name not in self.values:
            raise BadProgramError(f"{name} has no value yet; give it one first, such as {name} = 4 ;")
        return self.values[name]


def draw(statements: int, variables: int, chance: random.Random, prints: float = 0.2) -> list[Statement]:
    """A program of so many statements, `prints` of them prints, the other kinds as likely as one another; invalid ones are drawn
    again, and the last one prints."""
    machine, names = Machine(), VARIABLES[:variables]
    program: list[Statement] = []
    while len(program) < statements:
        is_print = len(program) == statements - 1 or chance.random() < prints
        kind = _print if is_print else chance.choice(KINDS)
        statement = kind(machine, names, chance)
        if statement and _runs(machine, statement):
            machine.run(statement)
            program.append(statement)
    return program


def outcome(program: Sequence[Statement]) -> list[int | None]:
    """What each statement prints, None where it prints nothing. BadProgramError names the statement that cannot be run."""
    machine = Machine()
    printed: list[int | None] = []
    for number, statement in enumerate(program, start=1):
        try:
            printed.append(machine.run(statement))
        except BadProgramError as error:
            raise BadProgramError(f"statement {number} ({' '.join(statement)}): {error}") from None
    return printed


def read(text: str, variables: int) -> list[Statement]:
    """A program from text such as "x = 4 ; x + ; ? x ;". BadProgramError names the word that is none."""
    program: list[Statement] = []
    words: list[str] = []
    for number, word in enumerate(text.split(), start=1):
        if word not in (*SIGNS, *VALUES, *VARIABLES[:variables]):
            there = f"variables {', '.join(VARIABLES[:variables])}, numbers 1 to 10, signs {' '.join(SIGNS)}"
            raise BadProgramError(f"word {number} ({word[:24]}): there are {there}, parted by blanks")
        words.append(word)
        if word == ";":
            program.append(tuple(words))
            words = []
    if words:
        raise BadProgramError(f"the last statement ({' '.join(words)[:24]}) does not end with ;")
    return program


def _runs(machine: Machine, statement: Statement) -> bool:
    """Whether the statement can be run now; the machine stays as it is."""
    try:
        Machine(dict(machine.values)).run(statement)
    except BadProgramError:
        return False
    return True


def _assign(machine: Machine, names: Sequence[str], chance: random.Random) -> Statement:
    free = [name for name in names if name not in machine.values]
    return (chance.choice(free), "=", chance.choice(VALUES), ";") if free else ()


def _step(machine: Machine, names: Sequence[str], chance: random.Random, sign: str) -> Statement:
    return (chance.choice(list(machine.values)), sign, ";") if machine.values else ()


def _up(machine: Machine, names: Sequence[str], chance: random.Random) -> Statement:
    return _step(machine, names, chance, "+")


def _down(machine: Machine, names: Sequence[str], chance: random.Random) -> Statement:
    return _step(machine, names, chance, "-")


def _print(machine: Machine, names: Sequence[str], chance: random.Random) -> Statement:
    return ("?", chance.choice(list(machine.values)), ";") if machine.values else ()


def _if(machine: Machine, names: Sequence[str], chance: random.Random) -> Statement:
    if not machine.values:
        return ()
    name = chance.choice(list(machine.values))
    others = [other for other in machine.values if other != name]
    other = chance.choice(others) if others and chance.random() < 0.5 else chance.choice(VALUES)
    inner = chance.choice(KINDS[:3])(machine, names, chance)
    return ("if", name, chance.choice("<>"), other, ":", *inner) if inner else ()


Kind = Callable[[Machine, Sequence[str], random.Random], Statement]
KINDS: tuple[Kind, ...] = (_assign, _up, _down, _if)
"""The first three may also stand inside a condition."""
