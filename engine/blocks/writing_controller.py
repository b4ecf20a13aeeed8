"""The controller that decides what is worth storing: two numbers, and how well the memory already foresees a sample.

Marchetti et al., "MANTRA: Memory Augmented Networks for Multiple Trajectory Prediction" (2020), section 3.3.
"""

import torch
from torch import Tensor, nn


class WritingController(nn.Module):
    """P(write) = σ(w·a + b), where a in [0, 1] is the best success rate of what the memory foresees."""

    def __init__(self, weight: float = -5.0, bias: float = 2.5) -> None:
        """It begins with the threshold at one half: from other starts it may end by storing everything, or nothing."""
        super().__init__()
        self.weight = nn.Parameter(torch.tensor(weight))
        self.bias = nn.Parameter(torch.tensor(bias))

    def forward(self, success: Tensor) -> Tensor:
        """The probability of storing each sample: `(B,) -> (B,)`."""
        return torch.sigmoid(self.weight * success + self.bias)

    @property
    def threshold(self) -> float:
        """Below this success a sample is stored, while the weight is negative."""
        weight, bias = float(self.weight.detach()), float(self.bias.detach())
        return -bias / weight if weight else float("inf")

    @staticmethod
    def loss(probability: Tensor, success: Tensor) -> Tensor:
        """P·a + (1 − P)·(1 − a), the mean over samples; with the error e = 1 − a this is the paper's (1 − P)·e + P·(1 − e)."""
        return (probability * success + (1 - probability) * (1 - success)).mean()
