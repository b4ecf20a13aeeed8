"""What every demonstration works with: exhibits by name, where it stands, and episodes that are the same for all networks."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import Tensor

from engine.contract.cards import Settings, Value
from engine.contract.messages import Source
from engine.sources import EXHIBIT, Opened, exhibit_cards, open_source
from engine.tasks.base import Batch
from engine.training.evaluate import Cancelled

TEST_SEED = 7

Listener = Callable[[int, int], bool]
Opener = Callable[[str, Settings], Opened]


def open_exhibit(name: str, settings: Settings) -> Opened:
    """A bundled exhibit with some settings changed."""
    return open_source(Source(place=EXHIBIT + name), settings)


def bundled() -> frozenset[str]:
    """The names of the exhibits that are here."""
    return frozenset(card.name for card in exhibit_cards())


@dataclass(kw_only=True)
class Workbench:
    """Opens exhibits and counts the parts that are done; `part` raises Cancelled as soon as nobody waits any more."""

    listener: Listener
    opener: Opener = open_exhibit
    there: frozenset[str] = field(default_factory=bundled)
    parts: int = 1
    done: int = 0
    absent: list[str] = field(default_factory=list)

    def plan(self, parts: int) -> None:
        """Say how many parts the work has."""
        self.parts = parts

    def part(self) -> None:
        """One part is about to begin."""
        self.breathe()
        self.done += 1

    def breathe(self) -> None:
        """Within a long part: hear what has come in."""
        if not self.listener(min(self.done, self.parts), self.parts):
            raise Cancelled

    def present(self, *names: str) -> list[str]:
        """Those of the named exhibits that are here; the others are noted."""
        missing = [name for name in names if name not in self.there]
        self.absent += [name for name in missing if name not in self.absent]
        return [name for name in names if name not in missing]

    def open(self, name: str, **settings: Value) -> Opened:
        """An exhibit with these settings in place of its own."""
        return self.opener(name, dict(settings))


def episodes_of(opened: Opened, count: int, seed: int = TEST_SEED) -> list[Batch]:
    """Batches of test episodes; the same for every model whose task has the same settings."""
    return list(opened.task.test(count, seed))


def each_score(
    opened: Opened, count: int, metric: str, before_each: Callable[[], object] = lambda: None, seed: int = TEST_SEED
) -> Tensor:
    """One metric of each of so many test episodes, in an order that is the same for every model."""
    kept: list[Tensor] = []
    with torch.no_grad():
        for batch in episodes_of(opened, count, seed):
            before_each()
            kept.append(opened.task.score(opened.model.fused(batch), batch)[metric].double())
    return torch.cat(kept)


def mean_scores(opened: Opened, count: int, before_each: Callable[[], object] = lambda: None) -> dict[str, float]:
    """The task's metrics over so many test episodes."""
    kept: dict[str, list[Tensor]] = {}
    with torch.no_grad():
        for batch in episodes_of(opened, count):
            before_each()
            for name, values in opened.task.score(opened.model.fused(batch), batch).items():
                kept.setdefault(name, []).append(values.double())
    return {name: float(torch.cat(values).nanmean()) for name, values in kept.items()}


def short(opened: Opened) -> str:
    """What the model is called where space is short: "NTM"."""
    return opened.model_entry.card.short
