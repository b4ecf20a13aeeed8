"""A story told line by line to a network that keeps each statement in a slot, and answers each question from the slots."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.probe import Probe


class Asked(NamedTuple):
    """One question, with the memory as it is when it is asked: `contents (1, N, W)`, `present (1, N)` bool, `ages (1, N)`,
    `question (1, J)`, and the facts that the answer rests on: `supports (1, N)` as a mask, `named (1, S)` in their order."""

    contents: Tensor
    present: Tensor
    ages: Tensor
    question: Tensor
    supports: Tensor
    named: Tensor


def questions_of(episode: Any, empty: Tensor, embedded: Callable[[int], Tensor], probe: Probe) -> Iterator[Asked]:
    """Take the lines one by one: a statement, as `embedded(step)` makes it a row, goes to its slot of the memory that begins as
    `empty (1, N, W)`; a question is given to whoever answers it. The memory is shown to the probe, which may change it."""
    probe.at(-1)
    contents = probe("memory.contents", empty)
    for step, (row, slot) in enumerate(zip(episode.lines, episode.slots, strict=True)):
        probe.at(step)
        if slot is not None:
            here = F.one_hot(torch.tensor(slot), empty.shape[1]).bool()[:, None]
            contents = torch.where(here, embedded(step), contents)
        contents = probe("memory.contents", contents)
        present = probe("memory.present", (contents != 0).any(-1).float()) > 0.5
        if row is not None:
            one, batch = slice(row, row + 1), episode.batch
            yield Asked(contents, present, batch.ages[one], batch.question[one], episode.supports[one], batch.supports[one])
