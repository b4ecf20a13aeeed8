"""Chance that can be repeated: one generator for each purpose and number, so that no two purposes share a stream."""

import hashlib

import torch


def derive(purpose: str, *numbers: int) -> int:
    """A seed that depends on the purpose and on every number, and on nothing else."""
    text = ":".join((purpose, *(str(number) for number in numbers)))
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:7], "little")


def generator(purpose: str, *numbers: int) -> torch.Generator:
    """A generator of its own for this purpose ("test", "episode", "update" ...) and these numbers (a seed, an update ...)."""
    return torch.Generator().manual_seed(derive(purpose, *numbers))
