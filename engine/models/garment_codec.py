"""Encoders and decoder of GR-MANN: a code for each top and each bottom, and a picture of a bottom made of two codes.

De Divitiis, Becattini, Baecchi & Del Bimbo, "Garment Recommendation with Memory Augmented Neural Networks" (2020) and
"Disentangling Features for Fashion Recommendation" (2023); sizes and layers are ours.
Shapes: B batch, S side of a picture, D features of a code.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

INKED, FILLS = 0.12, 0.92
"""How far from white a pixel of a garment is at least; and how much of the picture's side a garment is brought to."""

WIDTHS = (12, 24, 32, 32)
"""Features after each of the four convolutions, each of which halves the picture."""


class PlainEyes(nn.Module):
    """One code for the whole of a garment."""

    def __init__(self, side: int, width: int) -> None:
        super().__init__()
        self.seen = _Convolutions(3)
        self.top, self.bottom = (nn.Linear(self.seen.features(side), width) for _ in range(2))

    def forward(self, pictures: Tensor, is_top: bool) -> Tensor:
        """`(B, S, S, 3) -> (B, D)`."""
        code: Tensor = (self.top if is_top else self.bottom)(self.seen(dark(pictures)))
        return code


class PartedEyes(nn.Module):
    """A code of which one half knows shapes only and the other colours only.

    The shape half is seen by convolutions of a grey picture in which the darkest place is always black; the colour half by a
    network that looks at each pixel alone, whose mean over the garment does not know where they lie.
    """

    def __init__(self, side: int, width: int) -> None:
        super().__init__()
        half = width // 2
        self.seen = _Convolutions(1)
        self.top, self.bottom = (nn.Linear(self.seen.features(side), half) for _ in range(2))
        self.pixel = nn.Sequential(nn.Linear(3, 32), nn.LeakyReLU(0.1), nn.Linear(32, 32), nn.LeakyReLU(0.1))
        self.top_colour, self.bottom_colour = (nn.Linear(32, half) for _ in range(2))

    def forward(self, pictures: Tensor, is_top: bool) -> Tensor:
        """`(B, S, S, 3) -> (B, D)`, the shape half first."""
        inks = dark(pictures)
        shape = (self.top if is_top else self.bottom)(self.seen(grey(inks)))
        weight = cover(inks)
        mean = (weight * self.pixel(inks.movedim(1, -1).flatten(1, 2))).sum(1) / weight.sum(1)
        return torch.cat((shape, (self.top_colour if is_top else self.bottom_colour)(mean)), -1)


class PairDecoder(nn.Module):
    """The two pictures of a pair from their two codes."""

    def __init__(self, side: int, width: int) -> None:
        super().__init__()
        self._side = -(-side // 16)
        self._whole = side
        first, *rest = reversed(WIDTHS)
        self.opened = nn.Linear(2 * width, first * self._side**2)
        sizes = (first, *rest)
        self.layers = nn.ModuleList(
            nn.ConvTranspose2d(one, other, 4, stride=2, padding=1) for one, other in zip(sizes[:-1], sizes[1:], strict=True)
        )
        self.last = nn.ConvTranspose2d(sizes[-1], 6, 4, stride=2, padding=1)

    def forward(self, key: Tensor, value: Tensor) -> Tensor:
        """`(B, D), (B, D) -> (B, 2, S, S, 3)`, the top and the bottom; not held between 0 and 1."""
        seen = self.opened(torch.cat((key, value), -1)).unflatten(-1, (WIDTHS[-1], self._side, self._side))
        for layer in (*self.layers, self.last):
            seen = layer(bent(seen))
        whole = seen[..., : self._whole, : self._whole].unflatten(1, (2, 3))
        white: Tensor = 1 - whole.movedim(2, -1)
        return white


class _Convolutions(nn.Module):
    """Four of them, each over every second pixel."""

    def __init__(self, colours: int) -> None:
        super().__init__()
        sizes = (colours, *WIDTHS)
        self.layers = nn.ModuleList(
            nn.Conv2d(one, other, 3, stride=2, padding=1) for one, other in zip(sizes[:-1], sizes[1:], strict=True)
        )

    def features(self, side: int) -> int:
        """How many numbers come out of a picture of this side."""
        return WIDTHS[-1] * (-(-side // 16)) ** 2

    def forward(self, inks: Tensor) -> Tensor:
        """`(B, C, S, S)` -> one row for each picture."""
        for layer in self.layers:
            inks = bent(layer(inks))
        return inks.flatten(1)


def fitted(pictures: Tensor) -> Tensor:
    """Each garment moved to the middle and brought to one size, whatever place and size it has: `(B, S, S, 3)` to the same."""
    inked = (1 - pictures).amax(-1) > INKED
    frames = []
    for lines in (inked.any(1), inked.any(2)):  # columns, then rows
        side = lines.shape[-1]
        first = lines.int().argmax(-1)
        last = side - lines.flip(-1).int().argmax(-1)
        frames.append(torch.stack((first, torch.where(lines.any(-1), last, side)), -1) / side * 2 - 1)
    middle = torch.stack([frame.mean(-1) for frame in frames], -1)
    reach = torch.stack([(frame[:, 1] - frame[:, 0]) / 2 for frame in frames], -1).amax(-1) / FILLS
    grid = torch.diag_embed(reach[:, None].expand(-1, 2))
    place = F.affine_grid(torch.cat((grid, middle[..., None]), -1), [len(pictures), 3, *pictures.shape[1:3]], align_corners=False)
    seen = F.grid_sample(1 - pictures.movedim(-1, 1), place, mode="bilinear", padding_mode="zeros", align_corners=False)
    return 1 - seen.movedim(1, -1)


def recoloured(pictures: Tensor, wished: Tensor) -> Tensor:
    """Red, green and blue in another order by chance, where it is wished: `(B, S, S, 3), (B, 1)` to the same."""
    chance = torch.rand(len(pictures), 3, device=pictures.device)
    order = torch.where(wished, chance.argsort(-1), torch.arange(3, device=pictures.device))
    return pictures.gather(-1, order[:, None, None].expand_as(pictures))


def begun(part: nn.Module) -> None:
    """Weights of which as much comes out of a layer as goes in (He et al. 2015); a decoder begins with white."""
    for layer in part.modules():
        if isinstance(layer, nn.Linear | nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, a=0.1)
        if isinstance(layer, nn.ConvTranspose2d):
            nn.init.normal_(layer.weight, std=(2 / (4 * layer.in_channels)) ** 0.5)
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d) and layer.bias is not None:
            nn.init.zeros_(layer.bias)
    if isinstance(part, PairDecoder):
        nn.init.normal_(part.last.weight, std=0.02)


def bent(values: Tensor) -> Tensor:
    """What is below zero counts a tenth: a unit that is silent can still learn."""
    return F.leaky_relu(values, 0.1)


def dark(pictures: Tensor) -> Tensor:
    """How far each pixel is from white, `(B, S, S, 3) -> (B, 3, S, S)`: the ground becomes 0."""
    return 1 - pictures.movedim(-1, 1)


def grey(inks: Tensor) -> Tensor:
    """The strongest of the three inks of each pixel, of the strongest there is: `(B, 3, S, S) -> (B, 1, S, S)`."""
    strongest = inks.amax(1, keepdim=True)
    return strongest / strongest.amax((-1, -2), keepdim=True).clamp(min=0.05)


def cover(inks: Tensor) -> Tensor:
    """How surely each pixel belongs to the garment, `(B, 3, S, S) -> (B, S*S, 1)`."""
    return torch.sigmoid(40 * (inks.amax(1) - 0.10)).flatten(1).unsqueeze(-1) + 1e-6
