"""The eyes of the networks that answer questions about pictures: trained beforehand to tell shapes and colours, then kept.

The papers take their features of a picture from convolutions that were trained on a million photographs. Ours have seen pictures
of a world where all kinds are equally frequent, and were taught which shape and which colour lies in each place, but no name.
`python -m engine.models.vqa_eyes FILE` makes them again.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load, save_file
from torch import nn
from torch.nn import functional as F

import assets
from engine.blocks.sight import SEEN, Eyes
from engine.pictures.drawing import CELLS, COLOURS, SHAPES, SIDE, colour_of, draw, shape_of
from engine.pictures.samples import World

FILE = "eyes/shapes.safetensors"
UPDATES, BATCH, RATE = 3000, 32, 2e-3
NOWHERE = 1_000_003
"""The number of a world that no task can have."""


def opened_eyes() -> Eyes:
    """The trained eyes."""
    eyes = Eyes(SIDE, CELLS)
    learnt = load(assets.path(FILE).read_bytes())
    for name, value in eyes.named_buffers():
        value.copy_(learnt[name])
    return eyes


def learn_to_see(updates: int = UPDATES, seed: int = 0) -> tuple[Eyes, float]:
    """Eyes, and the share of things that they tell wrongly on pictures that they were not trained on."""
    torch.manual_seed(seed)
    eyes, chance = Eyes(SIDE, CELLS), np.random.default_rng(seed)
    buffers = dict(eyes.named_buffers())
    for name, value in buffers.items():
        if name.startswith("weight"):
            nn.init.kaiming_normal_(value, nonlinearity="relu")
        value.requires_grad_()
    tell = nn.Linear(SEEN, len(SHAPES) + len(COLOURS) + 2)
    parameters = [*buffers.values(), *tell.parameters()]
    optimiser = torch.optim.Adam(parameters, RATE)
    pace = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, updates)
    for _ in range(updates):
        loss, _ = _told(eyes, tell, chance, BATCH)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
        optimiser.step()
        pace.step()
    for value in buffers.values():
        value.requires_grad_(False)
    with torch.no_grad():
        missed = float(_told(eyes, tell, chance, 1000)[1])
        _quieten(eyes, chance)
    return eyes, missed


def _quieten(eyes: Eyes, chance: np.random.Generator) -> None:
    """Make features of things about as large as 1; it changes nothing of what can be told by them."""
    layout = World(NOWHERE, skew=0.0).layout(500, chance)
    seen = eyes(torch.from_numpy(draw(layout, chance)).float() / 255)
    loud = seen[torch.from_numpy(layout >= 0)].pow(2).mean().sqrt()
    for name, value in eyes.named_buffers():
        if name.endswith("2"):
            value.div_(loud)


def _told(eyes: Eyes, tell: nn.Linear, chance: np.random.Generator, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The cost of telling shape and colour in each place (or that there is nothing), and the share of things told wrongly."""
    layout = World(NOWHERE, skew=0.0).layout(count, chance)
    there = layout >= 0
    shape = torch.from_numpy(np.where(there, shape_of(layout), len(SHAPES))).flatten()
    colour = torch.from_numpy(np.where(there, colour_of(layout), len(COLOURS))).flatten()
    told = tell(eyes(torch.from_numpy(draw(layout, chance)).float() / 255)).flatten(0, 1)
    by_shape, by_colour = told.split([len(SHAPES) + 1, len(COLOURS) + 1], -1)
    wrong = (by_shape.argmax(-1) != shape) | (by_colour.argmax(-1) != colour)
    cost = F.cross_entropy(by_shape, shape) + F.cross_entropy(by_colour, colour)
    return cost, wrong[torch.from_numpy(there).flatten()].float().mean()


if __name__ == "__main__":
    made, missed = learn_to_see()
    save_file({name: value.contiguous() for name, value in made.named_buffers()}, Path(sys.argv[1]))
    print(f"{missed:.2%} of the things are told wrongly")  # noqa: T201 (this is what it was asked for)
