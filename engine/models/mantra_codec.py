"""The autoencoder of MANTRA: one code for what was seen, one for what came of it, and a decoder that needs both.

Marchetti et al., "MANTRA: Memory Augmented Networks for Multiple Trajectory Prediction" (2020), section 3.1.
Shapes: B batch, P past, F future, D features of each code; metres, in the agent's frame: the present is 0, its way goes upwards.
"""

import torch
from torch import Tensor, nn

CHANNELS = 16
"""Features of each point once its neighbours are known."""


class TrajectoryCodec(nn.Module):
    """Two encoders and a decoder; each code is the last state of a recurrent network."""

    def __init__(self, width: int, future: int) -> None:
        super().__init__()
        self._future = future
        self.past, self.future = _Encoder(width), _Encoder(width)
        self.decoder = nn.GRU(2 * width, 2 * width, batch_first=True)
        self.out = nn.Linear(2 * width, 2)
        for name, parameter in self.named_parameters():
            nn.init.zeros_(parameter) if "bias" in name else nn.init.kaiming_normal_(parameter)

    def key(self, past: Tensor) -> Tensor:
        """The code of what was seen: `(B, P, 2) -> (B, D)`."""
        found: Tensor = self.past(past)
        return found

    def value(self, future: Tensor) -> Tensor:
        """The code of what came of it: `(B, F, 2) -> (B, D)`."""
        found: Tensor = self.future(future)
        return found

    def decode(self, key: Tensor, value: Tensor) -> Tensor:
        """A future that fits both codes: `(B, D), (B, D) -> (B, F, 2)`.

        The codes enter at the first step only, and what is said at each step is how far the agent moves, not where it is.
        """
        codes = torch.cat((key, value), -1).unsqueeze(1)
        said = torch.cat((codes, codes.new_zeros(len(codes), self._future - 1, codes.shape[-1])), 1)
        hidden, _ = self.decoder(said)
        moves: Tensor = self.out(hidden)
        return moves.cumsum(1)


class _Encoder(nn.Module):
    """A convolution over three neighbouring points, then a GRU."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(2, CHANNELS, 3, padding=1)
        self.gru = nn.GRU(CHANNELS, width, batch_first=True)

    def forward(self, points: Tensor) -> Tensor:
        """`(B, T, 2) -> (B, D)`."""
        seen = torch.relu(self.conv(points.mT)).mT
        _, last = self.gru(seen)
        code: Tensor = last[0]
        return code
