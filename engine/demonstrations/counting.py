"""Counts what a model really does: its operations, the numbers it keeps from step to step, and the time it takes."""

import math
import time
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from engine.contract.messages import EpisodeWish
from engine.recording import record
from engine.sources import Opened
from engine.tasks.base import Batch, Episode, SequenceBatch

PRODUCTS = ("mm", "bmm", "matmul", "__matmul__", "__rmatmul__", "linear", "addmm", "baddbmm", "einsum")
"""Products of matrices; whatever else computes is taken to do one operation for each number that it makes."""
MOST_RECORDED = 400
"""Steps; the record of a model that keeps more with every step grows with their square."""
ATTENTION = "scaled_dot_product_attention"
MAKES_NOTHING = ("zeros", "ones", "full", "empty", "arange", "tensor", "clone", "contiguous", "cat", "stack", "roll", "pad", "to")
"""Functions that move numbers or set them to a constant."""


class Operations(TorchFunctionMode):
    """While it is entered it counts: a multiply-accumulate is one operation, as is each number that another function makes."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Count, and let it be done."""
        made = func(*args, **(kwargs or {}))
        name = getattr(func, "__name__", "")
        given = _tensors((args, kwargs or {}))
        if name in PRODUCTS:
            self.count += _products(name, args, given, made)
        elif name == ATTENTION:
            query, key = given[:2]
            self.count += 2 * query.numel() * key.shape[-2] + query.numel() // query.shape[-1] * key.shape[-2]
        elif name not in MAKES_NOTHING:
            is_in_place = name.endswith("_") and not name.endswith("__")
            places = set() if is_in_place else {value.untyped_storage().data_ptr() for value in given}
            self.count += sum(v.numel() for v in _tensors(made) if v.untyped_storage().data_ptr() not in places)  # no views
        return made


def _products(name: str, args: Any, given: list[Tensor], made: Tensor) -> int:
    """The multiply-accumulates of a product: for each number made, as many as the dimension that is summed over is long."""
    if name == "einsum":
        letters, _, after = str(args[0]).replace(" ", "").partition("->")
        terms = zip(letters.split(","), given, strict=True)
        sizes = {letter: size for term, value in terms for letter, size in zip(term, value.shape, strict=True)}
        return made.numel() * math.prod(size for letter, size in sizes.items() if letter not in after)
    left = given[-2] if name in ("addmm", "baddbmm") else given[0]
    return made.numel() * left.shape[-1]


def operations(opened: Opened, episode: Batch | Episode) -> int:
    """How many operations the readable path makes for one episode, forwards."""
    counter = Operations()
    with torch.no_grad(), counter:
        opened.model(episode)
    return counter.count


def seconds(opened: Opened, episode: Batch | Episode, times: int = 3) -> float:
    """The least time of a few that the quick path takes for one episode, forwards, in this process's own time."""
    taken = []
    with torch.no_grad():
        for _ in range(times):
            began = time.process_time()
            opened.model.fused(episode)
            taken.append(time.process_time() - began)
    return min(taken)


def kept(opened: Opened, episode: Episode) -> int | None:
    """How many numbers are held after the episode to go on with a next step.

    A model that steps holds its state, which is counted as it is. Of any other the record says what outlives the step; None for
    an episode that is too long to be recorded in passing.
    """
    model: Any = opened.model
    if not (hasattr(model, "step") and hasattr(model, "initial") and isinstance(episode, SequenceBatch)):
        return kept_in_record(opened) if episode.steps <= MOST_RECORDED else None
    held: list[int] = []
    with torch.no_grad():
        state = model.initial(1)
        for inputs in episode.inputs:
            _, state = model.step(inputs, state)
            held.append(sum(value.numel() for value in _tensors(state)))
            if len(held) == 2 and held[0] == held[1]:  # it does not grow: the other steps would say nothing new
                break
    return held[-1]


def kept_in_record(opened: Opened) -> int:
    """The numbers of all channels that live for the episode, as they are after its last step."""
    trace = record(opened, EpisodeWish(seed=0))
    lasting = [channel for channel in trace.channels.values() if channel.lifetime == "episode"]
    ends = [torch.from_numpy(trace.arrays[channel.name][-1].copy()) for channel in lasting]
    return sum(int(torch.isfinite(end).sum()) for end in ends)


def _tensors(found: Any) -> list[Tensor]:
    """Every tensor in a structure of tuples, lists and mappings."""
    if isinstance(found, Tensor):
        return [found]
    if isinstance(found, Mapping):
        return [tensor for value in found.values() for tensor in _tensors(value)]
    if isinstance(found, Sequence) and not isinstance(found, str):
        return [tensor for value in found for tensor in _tensors(value)]
    return []
