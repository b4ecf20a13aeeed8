"""Chance that can be repeated."""

import torch

from engine.blocks.seeding import derive, generator


def test_the_same_purpose_and_number_give_the_same_chance() -> None:
    assert torch.equal(torch.rand(3, generator=generator("test", 1)), torch.rand(3, generator=generator("test", 1)))


def test_two_purposes_with_one_number_share_nothing() -> None:
    assert derive("test", 1) != derive("episode", 1)
    assert derive("update", 1, 23) != derive("update", 12, 3)
