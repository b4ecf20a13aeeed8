"""A fair sample of all pairs that were ever offered, to compare a memory with: as many of them, but taken by chance.

Vitter, "Random Sampling with a Reservoir" (1985), algorithm R. Shapes: N places, D features of a key, E of a value.
"""

import torch
from torch import Tensor, nn

from engine.blocks.bank import Bank
from engine.blocks.seeding import generator


class Reservoir(nn.Module):
    """The buffers; they are saved with the weights, as is how many pairs were offered."""

    keys: Tensor  # (N, D)
    values: Tensor  # (N, E)
    offered: Tensor  # ()

    def __init__(self, places: int, key: int, value: int) -> None:
        """Nothing was offered."""
        super().__init__()
        self.register_buffer("keys", torch.zeros(places, key))
        self.register_buffer("values", torch.zeros(places, value))
        self.register_buffer("offered", torch.tensor(0.0))

    @property
    def rows(self) -> int:
        """How many pairs lie in it."""
        return min(int(self.offered), len(self.keys))

    def clear(self) -> None:
        """Forget everything."""
        for buffer in self.buffers():
            buffer.zero_()

    def offer(self, key: Tensor, value: Tensor) -> None:
        """Take the pair, `(D,)` and `(E,)`, or not, so that each of all offered has the same chance to lie here."""
        seen = int(self.offered)
        place = seen if seen < len(self.keys) else int(torch.randint(seen + 1, ()))
        if place < len(self.keys):
            self.keys[place], self.values[place] = key, value
        self.offered += 1

    def sample(self, count: int, seed: int = 0) -> Bank:
        """A memory of so many of them, taken by chance."""
        if count > self.rows:
            raise ValueError(f"{count} pairs are more than the {self.rows} that lie here")
        chosen = torch.randperm(self.rows, generator=generator("reservoir", seed))[:count].to(self.keys.device)
        bank = Bank(count, self.keys.shape[1], self.values.shape[1]).to(self.keys.device)
        bank.keys, bank.values = self.keys[chosen], self.values[chosen]
        bank.alive.fill_(1.0)
        bank.entries.fill_(float(count))
        return bank
