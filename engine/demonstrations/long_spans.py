"""I2: a recurrent memory is unstable over long spans. Measured: errors against length, and how far back a gradient reaches."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from engine.contract.demonstrations import Demonstration, Figure, Finding, Series, Table
from engine.contract.messages import EpisodeWish
from engine.demonstrations.workbench import Workbench, mean_scores, short
from engine.sources import Opened
from engine.tasks.base import SequenceBatch

NETWORKS = ("ntm-copy", "lstm-copy", "gru-copy", "rnn-copy", "transformer-copy")
LENGTHS = (2, 5, 10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120)
EPISODES, SEED, LONG = 8, 4, 40
GUESS = 0.5
NEARLY, FAILS = 0.02, 0.2
"""Shares of wrong bits: a network that still copies, and one that no longer does."""


@dataclass(kw_only=True)
class _Found:
    """What has been measured so far, by the network's short name."""

    wrong: dict[str, dict[int, float]] = field(default_factory=dict)
    reach: dict[str, list[float]] = field(default_factory=dict)
    cells: list[Series] = field(default_factory=list)
    trained: dict[str, int] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def measure(
    bench: Workbench, lengths: tuple[int, ...] = LENGTHS, episodes: int = EPISODES, long: int = LONG
) -> Iterator[Demonstration]:
    """Errors first, short lengths first; then the gradients of one long episode."""
    names = bench.present(*NETWORKS)
    bench.plan(len(names) * (len(lengths) + 1))
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
        yield _told(found, episodes, long)
    for name in names:
        bench.part()
        opened = bench.open(name, length=long)
        found.reach[short(opened)] = input_reach(opened)
        if any(channel.name == "gates.forget_gate" for channel in opened.model_entry.card.channels):
            found.cells = cell_reach(opened)
        yield _told(found, episodes, long)


# ---- gradients ------------------------------------------------------------------------------------------------------------


def input_reach(opened: Opened) -> list[float]:
    """How strongly the last answer depends on the input of each step: the length of its derivative by that input, `(T,)`."""
    episode = opened.task.episode(EpisodeWish(seed=SEED))
    if not isinstance(episode, SequenceBatch):
        raise TypeError("only sequences have an input at each step")
    inputs = episode.inputs.clone().requires_grad_(True)
    last = opened.model(replace(episode, inputs=inputs))[-1, 0]
    return _lengths(torch.stack([row[0][:, 0] for row in _derivatives(last, [inputs])]))


def cell_reach(opened: Opened) -> list[Series]:
    """For an LSTM: how strongly the last answer depends on the cells after each step, beside the product of the forget gates."""
    episode = opened.task.episode(EpisodeWish(seed=SEED))
    keep = _Keep("state.cell", "gates.forget_gate")
    last = opened.model(episode, keep)[-1, 0]
    cells, gates = keep.layer("state.cell"), keep.layer("gates.forget_gate")
    rows = _derivatives(last, cells)
    strength = np.array(_lengths(torch.stack([torch.cat(row) for row in rows])))
    forget = torch.stack(gates).detach().squeeze(1)
    kept = torch.flip(torch.cumprod(torch.flip(forget[1:], (0,)), 0), (0,)).mean(1)  # over the steps that follow
    back = tuple(range(1, len(strength)))
    return [
        Series(name="answer by cell", x=back, y=tuple((strength[::-1] / strength.max())[1:].tolist())),
        Series(name="forget gates", x=back, y=tuple(torch.flip(kept, (0,)).tolist())),
    ]


def _derivatives(answer: Tensor, by: list[Tensor]) -> list[list[Tensor]]:
    """For each bit of the answer its derivative by each of the tensors."""
    found = []
    for bit in answer:
        made = torch.autograd.grad(bit, by, retain_graph=True, allow_unused=True)
        found.append([torch.zeros_like(value) if one is None else one for one, value in zip(made, by, strict=True)])
    return found


def _lengths(rows: Tensor) -> list[float]:
    """The length of the derivatives of all bits at each step: `(bits, T, ...) -> (T,)`."""
    return [float(value) for value in rows.transpose(0, 1).flatten(1).norm(dim=1)]


class _Keep:
    """A probe that keeps some values with their history, so that a derivative by them can be taken."""

    changes = False

    def __init__(self, *channels: str) -> None:
        self._kept: dict[str, dict[tuple[int, int], Tensor]] = {name: {} for name in channels}
        self._step = -1

    def at(self, step: int) -> None:
        """Note the step."""
        self._step = step

    def __call__(self, channel: str, value: Tensor, part: int | None = None) -> Tensor:
        """Keep it as it is."""
        if channel in self._kept and self._step >= 0:
            self._kept[channel][self._step, part or 0] = value
        return value

    def many(self, channel: str, values: Tensor, part: int | None = None, first: int = 0) -> Tensor:
        """Values of many steps at once have no step of their own to be kept at."""
        return values

    def layer(self, channel: str, part: int = 0) -> list[Tensor]:
        """What one layer showed, step by step."""
        return [value for (_, of), value in sorted(self._kept[channel].items(), key=lambda found: found[0]) if of == part]


# ---- in words -------------------------------------------------------------------------------------------------------------


def _told(found: _Found, episodes: int, long: int) -> Demonstration:
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
        tables=(_table(found),),
        formulas=(
            "RNN:   ∂h(T)/∂h(t) = Π diag(1 − h²)·W",
            "LSTM:  ∂c(T)/∂c(t) = Π f            along the cell",
            "NTM:   ∂m(T)/∂m(t) = Π (1 − w·e)    1 where nobody writes",
        ),
        how=f"{episodes} episodes of each length ({', '.join(map(str, lengths))}), the same for every network; gradients of one "
        f"episode of {long} vectors, seed {SEED}.",
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
    return [Finding(sentence=sentence, holds=machine[length] < NEARLY and bool(others) and min(others) > FAILS)]


def _reach_findings(found: _Found, long: int) -> list[Finding]:
    said = []
    for name, reach in found.reach.items():
        energy = np.square(reach)
        said.append((name, float(energy[long - 1] / max(energy.sum(), 1e-30))))
    if not said:
        return []
    words = ", ".join(f"{name} {share:.0%}" for name, share in said)
    sentence = f"Of the last answer's squared gradient so much goes to the one vector to repeat, {long + 1} steps back: {words}."
    shares = dict(said)
    rest = [share for name, share in said if name not in ("NTM", "Transformer")]
    return [Finding(sentence=sentence, holds=bool(rest) and shares.get("NTM", 0.0) > GUESS > max(rest))]
