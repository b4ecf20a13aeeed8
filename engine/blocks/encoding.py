"""Words into vectors: a sentence as the sum of its words' embeddings, weighted by position so that their order counts."""

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional as F

Positions = Literal["code", "paper", "none"]


def position_weights(positions: Positions, longest: int, width: int) -> Tensor:
    """How word j of at most `longest` counts in each feature, `(J, W)`; two published forms, or none (a bag of words).

    "paper" is the formula of Sukhbaatar et al. (2015), section 4.1; "code" is the one that their program computes, which has
    mean 1 and so is a bag of words with a little order added.
    """
    j = torch.arange(1, longest + 1, dtype=torch.float32)[:, None]
    k = torch.arange(1, width + 1, dtype=torch.float32)[None]
    if positions == "paper":
        return (1 - j / longest) - (k / width) * (1 - 2 * j / longest)
    if positions == "code":
        return 1 + 4 * (k - (width + 1) / 2) * (j - (longest + 1) / 2) / (width * longest)
    return torch.ones(longest, width)


def sentence_vectors(words: Tensor, table: Tensor, weights: Tensor) -> Tensor:
    """Sum of `weights[j] * table[words[..., j]]` over the words: `(..., J)`, `(V, W)`, `(J, W)` -> `(..., W)`.

    The table is weighted once for each position and then only added up, which is ten times faster than weighting each word
    of each sentence.
    """
    longest, (size, width) = words.shape[-1], table.shape
    placed = (weights[:longest, None] * table).reshape(longest * size, width)
    index = words + torch.arange(longest, device=words.device) * size
    return F.embedding_bag(index.reshape(-1, longest), placed, mode="sum").reshape(*words.shape[:-1], width)


def sinusoids(first: int, steps: int, width: int) -> Tensor:
    """Where each of so many positions stands, as waves of ever slower turns, `(T, D)`: sines on even, cosines on odd features.

    Vaswani et al. (2017), section 3.5: PE(p, 2i) = sin(p / 10000^(2i/D)), PE(p, 2i+1) = cos of the same.
    """
    places = torch.arange(first, first + steps, dtype=torch.float32)[:, None]
    turns = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float32) / width)
    waves = torch.stack((torch.sin(places * turns), torch.cos(places * turns)), -1)
    return waves.flatten(1)[:, :width]
