"""What models of visual questions share: the regions of a picture and the words of a question as vectors.

Shapes: B batch, S side of a picture in pixels, L regions (√L rows of √L), J words, W features.
"""

import itertools
import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

SEEN = 32
"""Features that the eyes give of each region."""


class Eyes(nn.Module):
    """Three layers of convolution, the last as large as a region. They are buffers: what they see does not change while a network
    learns to answer, as the convolutions of the papers did not, which had learnt to tell things apart on other pictures."""

    def __init__(self, side: int, regions: int) -> None:
        super().__init__()
        cell = side // math.isqrt(regions) // 4
        sizes = ((3, 5), (12, 3), (24, cell), (SEEN, 0))
        self._strides = (2, 2, cell)
        for layer, ((inputs, reach), (outputs, _)) in enumerate(itertools.pairwise(sizes)):
            self.register_buffer(f"weight_{layer}", torch.zeros(outputs, inputs, reach, reach), persistent=False)
            self.register_buffer(f"bias_{layer}", torch.zeros(outputs), persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """`(B, S, S, 3)` from 0 to 1 -> `(B, L, 32)`; what is dark on white paper counts."""
        seen = 1 - pictures.movedim(-1, 1)
        for layer, stride in enumerate(self._strides):
            weight, bias = getattr(self, f"weight_{layer}"), getattr(self, f"bias_{layer}")
            seen = torch.relu(F.conv2d(seen, weight, bias, stride=stride, padding=0 if layer == 2 else weight.shape[-1] // 2))
        return seen.flatten(2).mT


class Regions(nn.Module):
    """What the eyes see of each region, and where it lies, as W features."""

    def __init__(self, eyes: Eyes, regions: int, width: int) -> None:
        super().__init__()
        self.eyes = eyes
        self.features = nn.Linear(SEEN, width)
        self.places = nn.Parameter(torch.randn(regions, width))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """`(B, S, S, 3)` from 0 to 1 -> `(B, L, W)`, and what the eyes alone see, `(B, L, 32)`."""
        seen = self.eyes(pictures)
        return self.features(seen) + self.places, seen


class Words(nn.Module):
    """An LSTM over the embedded words; with `both_ways` another one from the end, half the features each."""

    def __init__(self, words: int, width: int, both_ways: bool) -> None:
        super().__init__()
        if both_ways and width % 2:
            raise ValueError(f"width: {width} is odd; half of it reads a question forwards, half backwards")
        units = width // 2 if both_ways else width
        self.table = nn.Parameter(torch.randn(words, width))
        self.forwards = nn.LSTM(width, units, batch_first=True)
        self.backwards = nn.LSTM(width, units, batch_first=True) if both_ways else None

    def forward(self, question: Tensor) -> Tensor:
        """`(B, J)`, 0 for no word at its end -> the state at each word, `(B, J, W)`, zero where there is none."""
        present = (question > 0).unsqueeze(-1)
        said = F.embedding(question, self.table) * present
        states: Tensor = self.forwards(said)[0]
        if self.backwards is not None:
            order = _turned(question).unsqueeze(-1)
            turned = self.backwards(said.gather(1, order.expand_as(said)))[0]
            states = torch.cat((states, turned.gather(1, order.expand_as(turned))), -1)
        return states * present


def _turned(question: Tensor) -> Tensor:
    """For each place the place it has when the words, but not the empty rest, are read from the end: `(B, J)`."""
    places = torch.arange(question.shape[1], device=question.device)
    length = (question > 0).sum(-1, keepdim=True)
    return torch.where(places < length, length - 1 - places, places)
