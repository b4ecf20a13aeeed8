"""I2: a recurrent memory is unstable over long spans. Measured: errors against length, and how far back a gradient reaches."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.contract.demonstrations import Demonstration, Figure, Finding, Series, Table
from engine.demonstrations.reach import SEED, aim, cell_reach, input_reach
from engine.demonstrations.workbench import Workbench, mean_scores, short

NETWORKS = ("ntm-copy", "lstm-copy", "gru-copy", "rnn-copy", "transformer-copy")
LENGTHS = (2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120)
SPANS = (10, 20, 40)
"""Lengths whose gradients are taken; the last is drawn."""
EPISODES = 8
GUESS = 0.5
NEARLY, FAILS = 0.02, 0.2
"""Shares of wrong bits: a network that still copies, and one that no longer does."""


@dataclass(kw_only=True)
class _Found:
    """What has been measured so far, by the network's short name."""

    wrong: dict[str, dict[int, float]] = field(default_factory=dict)
    reach: dict[str, list[float]] = field(default_factory=dict)
    """Of the longest span."""
    aims: dict[str, dict[int, float]] = field(default_factory=dict)
    cells: list[Series] = field(default_factory=list)
    trained: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def measure(
    bench: Workbench, lengths: tuple[int, ...] = LENGTHS, episodes: int = EPISODES, spans: tuple[int, ...] = SPANS
) -> Iterator[Demonstration]:
    """Errors first, short lengths first; then the gradients of one episode of each span."""
    names = bench.present(*NETWORKS)
    bench.plan(len(names) * (len(lengths) + len(spans)))
    found = _Found()
    for length in lengths:
        for name in names:
            bench.part()
            opened = bench.open(name, length=length)
            scores = mean_scores(opened, episodes)
            bits = length * int(opened.settings["bits"])
            found.wrong.setdefault(short(opened), {})[length] = scores["wrong_bits"] / bits
            found.trained[short(opened)] = int(opened.settings["max_length"])
            found.places[short(opened)] = f"exhibit:{name}"
        yield _told(found, episodes, spans)
    for name in names:
        for span in spans:
            bench.part()
            opened = bench.open(name, length=span)
            found.reach[short(opened)] = input_reach(opened)
            found.aims.setdefault(short(opened), {})[span] = aim(found.reach[short(opened)], span)
        if any(channel.name == "gates.forget_gate" for channel in opened.model_entry.card.channels):
            found.cells = cell_reach(opened)
        yield _told(found, episodes, spans)


# ---- in words -------------------------------------------------------------------------------------------------------------


def _told(found: _Found, episodes: int, spans: tuple[int, ...]) -> Demonstration:
    long = spans[-1]
    lengths = sorted(next(iter(found.wrong.values()), {}))
    figures = [_errors(found)]
    if found.reach:
        figures.append(_reaches(found, long))
    if found.cells:
        figures.append(_cells(found, long))
    return Demonstration(
        idea="",
        findings=(*_error_findings(found), *_reach_findings(found, long)),
        figures=tuple(figures),
        tables=(_table(found), *_aims(found)),
        formulas=(
            "RNN:   ∂h(T)/∂h(t) = Π diag(1 − h²)·W",
            "LSTM:  ∂c(T)/∂c(t) = Π f            along the cell",
            "NTM:   ∂m(T)/∂m(t) = Π (1 − w·e)    1 where nobody writes",
        ),
        how=f"{episodes} episodes of each length ({', '.join(map(str, lengths))}), the same for every network; gradients of one "
        f"episode of {', '.join(map(str, spans))} vectors, seed {SEED}.",
    )


def _errors(found: _Found) -> Figure:
    series = [Series(name=name, x=tuple(wrong), y=tuple(wrong.values())) for name, wrong in found.wrong.items()]
    ends = sorted(set(found.trained.values()))
    notes = [(float(end), _trained(end, [name for name, at in found.trained.items() if at == end], len(ends))) for end in ends]
    return Figure(
        title="Wrong bits against length",
        caption="The share of bits that are copied wrongly; 0.5 is guessing. All networks get the same episodes.",
        x="vectors to copy", y="share of wrong bits", series=tuple(series),
        notes=tuple(notes),
    )  # fmt: skip


def _trained(end: int, names: list[str], ends: int) -> str:
    return f"{', '.join(names)} trained to {end}" if ends > 1 and len(names) == 1 else f"trained to {end}"


def _reaches(found: _Found, long: int) -> Figure:
    series = [Series(name=n, x=tuple(range(1, len(r) + 1)), y=tuple(v / max(r) for v in r)) for n, r in found.reach.items()]
    return Figure(
        title="What the last answer depends on",
        caption="The derivative of the last answer by the input of each step, against its largest value.",
        x="step", y="gradient", series=tuple(series), is_log_y=True, notes=((float(long), "the vector asked for"),),
    )  # fmt: skip


def _cells(found: _Found, long: int) -> Figure:
    return Figure(
        title="Inside the LSTM",
        caption="Going back from the last step: the derivative of the last answer by the cells, and the mean product of the "
        "forget gates on the way.",
        x="steps back", y="share that is left", series=tuple(found.cells), is_log_y=True,
        notes=((float(long + 1), "the vector asked for"),),
    )  # fmt: skip


def _table(found: _Found) -> Table:
    lengths = sorted(next(iter(found.wrong.values()), {}))
    chosen = [length for length in lengths if length in (5, 10, 20, 30, 50, 120)] or lengths
    rows = [(name, *(f"{wrong[length]:.1%}" for length in chosen if length in wrong)) for name, wrong in found.wrong.items()]
    full = [row + ("",) * (1 + len(chosen) - len(row)) for row in rows]
    return Table(
        title="Wrong bits, by the number of vectors", headers=("network", *map(str, chosen)), rows=tuple(full),
        opens=tuple(found.places[name] for name in found.wrong),
    )  # fmt: skip


def _error_findings(found: _Found) -> list[Finding]:
    machine = found.wrong.get("NTM")
    if not machine or max(machine) <= max(found.trained.values()):
        return []
    length = max(machine)
    said = [f"{name} {wrong[length]:.0%}" for name, wrong in found.wrong.items() if length in wrong and name != "NTM"]
    others = [wrong[length] for name, wrong in found.wrong.items() if length in wrong and name != "NTM"]
    sentence = f"At {length} vectors the NTM gets {machine[length]:.1%} of the bits wrong"
    sentence += f", the others: {', '.join(said)}." if said else "."
    if "Transformer" in found.wrong:
        sentence += " (The Transformer for a reason of its own: it never saw positions that late.)"
    return [Finding(sentence=sentence, holds=machine[length] < NEARLY and bool(others) and min(others) > FAILS)]


def _aims(found: _Found) -> list[Table]:
    spans = list(next(iter(found.aims.values()), {}))
    rows = [(name, *(f"{share:.0%}" for share in aims.values())) for name, aims in found.aims.items() if len(aims) == len(spans)]
    if not rows:
        return []
    headers = ("network", *map(str, spans))
    return [Table(title="Share of the last answer's gradient that goes to the right vector", headers=headers, rows=tuple(rows))]


def _reach_findings(found: _Found, long: int) -> list[Finding]:
    shares = {name: aims[long] for name, aims in found.aims.items() if long in aims}
    if not shares:
        return []
    words = ", ".join(f"{name} {share:.0%}" for name, share in shares.items())
    sentence = f"Of the last answer's squared gradient so much goes to the one vector to repeat, {long + 1} steps back: {words}."
    rest = [share for name, share in shares.items() if name not in ("NTM", "Transformer")]
    return [Finding(sentence=sentence, holds=bool(rest) and shares.get("NTM", 0.0) > GUESS > max(rest))]
