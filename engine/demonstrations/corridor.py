"""The corridor of I9: one network with feedback memory and with the memory of an ordinary Transformer, against the way back.

n layers that each look back over a window of τ steps of the layer below them reach no further back than n·τ steps (Fan, Lavril,
Grave, Joulin & Sukhbaatar 2020). Behind w walls the colour at the entrance is w + 1 steps back.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.contract.demonstrations import Figure, Finding, Series, Table
from engine.demonstrations.workbench import TEST_SEED, Workbench, each_score
from engine.sources import EXHIBIT, Opened

CARRYING, FORGETTING = "feedback-corridor", "transformer-corridor"
NAMES = {CARRYING: "Feedback", FORGETTING: "ordinary memory"}
WALLS = (*range(1, 12), *range(12, 41, 2))
EPISODES = 200
SURE = 2.0
"""A difference shows if it is more than so many of its standard errors."""
IN_THE_TABLE = (1, 7, 8, 16, 24, 40)
TOLD_EACH = 4
"""So many lengths are measured between one telling and the next; the first is told at once."""


@dataclass(kw_only=True)
class Corridors:
    """What has been measured so far: for each exhibit, by the number of walls, whether each episode's colour was named `(N,)`."""

    named: dict[str, dict[int, Tensor]] = field(default_factory=dict)
    layers: int = 0
    window: int = 0
    colours: int = 1
    trained: int = 0

    @property
    def farthest(self) -> int:
        """The most walls behind which layers with a window, but without feedback, can still see the colour."""
        return self.layers * self.window - 1

    def walk(self, bench: Workbench, names: list[str], walls: tuple[int, ...], episodes: int) -> Iterator[None]:
        """Measure, short corridors first. Both networks walk the same corridors; every length draws corridors of its own."""
        for number, count in enumerate(walls):
            for name in names:
                bench.part()
                opened = bench.open(name, length=count)
                self._note(opened)
                scores = each_score(opened, episodes, "accuracy", bench.breathe, TEST_SEED + count)
                self.named.setdefault(name, {})[count] = scores
            if number % TOLD_EACH == 0 or count == walls[-1]:
                yield

    def _note(self, opened: Opened) -> None:
        """What is known of the networks beforehand: they differ in their memory only."""
        found = opened.settings
        self.layers, self.window = int(found["layers"]), int(found["window"])
        self.colours, self.trained = int(found["colours"]), int(found["max_length"])

    # ---- in words ----

    def figures(self) -> tuple[Figure, ...]:
        """The colours named against the number of walls; none if nothing was measured."""
        if not self.named:
            return ()
        walls = sorted({count for found in self.named.values() for count in found})
        curves = [
            Series(name=NAMES[name], x=tuple(map(float, found)), y=tuple(float(each.mean()) for each in found.values()))
            for name, found in self.named.items()
        ]
        guess = Series(name="guessing", x=(walls[0], walls[-1]), y=(1 / self.colours,) * 2, kind="formula")
        far, reach = self.farthest, self.layers * self.window
        return (
            Figure(
                title="A colour at the end of a corridor", x="walls", y="share of colours named",
                caption=f"Upright line: behind {far} walls the colour is {reach} steps back, the farthest that {self.layers} "
                f"layers can see through windows of {self.window}. Dashes: guessing. Training had up to {self.trained} walls.",
                series=(*curves, guess), notes=((float(far), f"{self.layers} layers × window {self.window}"),),
            ),
        )  # fmt: skip

    def findings(self) -> tuple[Finding, ...]:
        """The same corridors were walked by both, so those behind the horizon are compared one by one."""
        far = self.farthest
        behind, before = ({name: self._some(name, beyond=beyond) for name in self.named} for beyond in (True, False))
        if len(behind) < 2 or not all(len(found) for found in behind.values()):
            return ()
        ahead = behind[CARRYING] - behind[FORGETTING]
        error = float(ahead.std()) / len(ahead) ** 0.5
        sentence = f"Behind {far + 1} walls and more, up to {max(self.named[CARRYING])}, feedback memory names "
        sentence += f"{behind[CARRYING].mean():.1%} of the colours, the same network with the memory of an ordinary "
        sentence += f"Transformer {behind[FORGETTING].mean():.1%} (guessing: {1 / self.colours:.0%})"
        if all(len(found) for found in before.values()):
            sentence += f"; behind fewer walls it is {before[CARRYING].mean():.1%} and {before[FORGETTING].mean():.1%}"
        return (Finding(sentence=sentence + ".", holds=bool(ahead.mean() > SURE * error)),)

    def tables(self) -> tuple[Table, ...]:
        """Some of the lengths as numbers; a row opens its network."""
        walls = sorted({count for found in self.named.values() for count in found})
        shown = [count for count in walls if count in IN_THE_TABLE] or walls
        rows = [(NAMES[name], *(f"{found[count].mean():.0%}" for count in shown)) for name, found in self.named.items()]
        if not rows:
            return ()
        headers = ("network", *map(str, shown))
        opens = tuple(EXHIBIT + name for name in self.named)
        return (Table(title="Colours named, by the number of walls", headers=headers, rows=tuple(rows), opens=opens),)

    def _some(self, name: str, *, beyond: bool) -> Tensor:
        """Every corridor of one exhibit that is longer than the horizon, or every other."""
        found = [each for count, each in self.named[name].items() if (count > self.farthest) == beyond]
        return torch.cat(found) if found else torch.zeros(0)
