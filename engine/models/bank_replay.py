"""What MANTRA and GR-MANN show alike of a stream that goes by a memory of pairs: which slots there are, what the controller
decides, what was used, what lies in each slot at last, and when the memory is scored again.

Shapes: N slots, K things foreseen.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from engine.blocks.bank import Bank, WhenFull
from engine.blocks.probe import Probe


def show_there(bank: Bank, probe: Probe) -> None:
    """Which slots there are: one that a reader takes away is gone from here on."""
    there = probe("memory.alive", bank.alive[None].clone())[0]
    bank.alive.mul_((there > 0).to(bank.alive.dtype))


def show_used(bank: Bank, probe: Probe) -> None:
    """How often each slot was retrieved, and how often it was the best."""
    probe("memory.reads", bank.reads[None])
    probe("memory.best", bank.best[None])


def show_held(bank: Bank, probe: Probe) -> None:
    """What lies in each slot, from its write on; once, when the stream is over."""
    probe.once("memory.contents", torch.cat((bank.keys, bank.values), -1)[None])
    for name, value in (("written", bank.written), ("sample", bank.sample), ("kind", bank.label)):
        probe.once(f"memory.{name}", value[None])


def is_open(bank: Bank, goes_on: bool, when_full: WhenFull) -> bool:  # noqa: FBT001 (a setting, as it is)
    """Whether anything can be stored now."""
    return goes_on and (when_full == "replace" or not bank.is_full)


def decided(
    success: Tensor,
    count: int,
    threshold: float,
    accepted: Callable[[Tensor], Tensor],
    opened: bool,
    probe: Probe,
    organ: str,  # noqa: FBT001
) -> bool:
    """Show what the controller makes of the success rates `(K',)`, and say whether the sample is to be stored."""
    rates = probe(f"{organ}.success", padded(success, count, 0.0)[None])
    best = probe(f"{organ}.best", rates.amax(-1))
    probe(f"{organ}.threshold", best.new_tensor([threshold]))
    probability = probe(f"{organ}.probability", accepted(best))
    stored = probe(f"{organ}.stored", (probability > 0.5).to(best.dtype) * opened)
    return bool(stored[0] > 0.5)


def padded(values: Tensor, count: int, blank: float) -> Tensor:
    """`(K',) -> (K,)`."""
    return torch.cat((values, values.new_full((count - len(values),), blank)))


class Rounds:
    """When the memory is scored on held-out samples: every few samples, and where a phase of the stream begins."""

    def __init__(self, phase: Tensor | None, every: int) -> None:
        self._phase, self._every, self._last = phase, max(every, 1), -1

    def phase(self, step: int) -> int:
        """The phase of this sample."""
        return 0 if self._phase is None else int(self._phase[step])

    def is_due(self, step: int) -> bool:
        """Whether it is to be scored again after this sample; asked once a sample."""
        last, self._last = self._last, self.phase(step)
        return self._last != last or (step + 1) % self._every == 0
