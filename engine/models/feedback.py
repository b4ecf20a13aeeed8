"""Feedback Transformer: every layer looks at one memory of the past, whose entries mix all layers of their step.

Fan, Lavril, Grave, Joulin & Sukhbaatar, "Addressing Some Limitations of Transformers with Feedback Memory" (2020),
arXiv:2002.09402v3. So the lowest layer can use the highest view of the past, and depth no longer limits how many transformations
follow one another; the price is that steps must be computed one after the other.
Shapes: T steps, B batch, I inputs, D width, F inner width, H heads, E = D / H, P past steps, n layers.
"""

import math
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.heads import FeedForward, attention, check_heads, join_heads, split_heads
from engine.blocks.pace import warm_then_slow
from engine.blocks.probe import Probe, silent
from engine.contract.cards import ModelCard, Setting, Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.feedback_card import CHANNELS, MICRO_STEPS, WIRES, WIRING
from engine.models.feedback_quick import LayerWeights, Loop, MemoryWeights, same_layers


class Past(NamedTuple):
    """What is remembered of the last P steps: `contents (B, P, D)`, one vector a step (of a memory "same" one for each layer,
    side by side), and their `keys` and `values` `(B, H, P, E)`, one pair or one for each layer. A vector of zeros is no memory at
    all: `present (B, P)`."""

    contents: Tensor
    keys: tuple[Tensor, ...]
    values: tuple[Tensor, ...]
    present: Tensor


class Layer(nn.Module):
    """One layer: look at the past, then think about what was found. Norms come first, and what comes out is added."""

    def __init__(self, width: int, heads: int, inner: int, window: int) -> None:
        super().__init__()
        self.heads = heads
        self.asking_norm = nn.LayerNorm(width)
        self.asking = nn.Linear(width, width, bias=False)
        self.distance = nn.Parameter(torch.randn(window, width // heads) * 0.02)
        self.answering = nn.Linear(width, width, bias=False)
        self.think = FeedForward(width, inner)

    def weighting(self, stream: Tensor, keys: Tensor, present: Tensor) -> Tensor:
        """How much each head takes from each past step: `(B, D)`, `(B, H, P, E)`, `(B, P)` -> `(B, H, P)`.

        A score is how well what is asked matches a key, and how well it matches how long ago that was.
        """
        asked = split_heads(self.asking(self.asking_norm(stream)).unsqueeze(1), self.heads)
        placed = keys + self.distance[: keys.shape[2]].flip(0)  # the newest is one step away
        scores = (asked @ placed.mT).squeeze(2) / math.sqrt(keys.shape[-1])
        return attention(scores, present.unsqueeze(1))

    def read(self, weighting: Tensor, values: Tensor) -> Tensor:
        """What the heads bring: `(B, H, P)`, `(B, H, P, E)` -> `(B, D)`."""
        answer: Tensor = self.answering(join_heads(weighting.unsqueeze(2) @ values).squeeze(1))
        return answer


class Feedback(MemoryModel):
    """The network, and what becomes of it when its memory keeps something else than the mixture of all layers."""

    def __init__(self, settings: Settings, inputs: int, outputs: int) -> None:
        super().__init__()
        self.width, self.heads, self.window = int(settings["width"]), int(settings["heads"]), int(settings["window"])
        self.memory = str(settings["memory"])
        count, inner = int(settings["layers"]), int(settings["inner"])
        self.embedding = nn.Linear(inputs, self.width)
        nn.init.normal_(self.embedding.weight)  # a word, one-hot, is as large as what layers add to it
        self.layers = nn.ModuleList(Layer(self.width, self.heads, inner, self.window) for _ in range(count))
        self.mixture = nn.Parameter(torch.zeros(count + 1))
        self.kept_norm = nn.LayerNorm(self.width)
        self.offered = nn.Linear(self.width, 2 * self.width, bias=False)
        self.top_norm = nn.LayerNorm(self.width)
        self.readout = nn.Linear(self.width, outputs)

    @property
    def slots(self) -> int:
        """How many past steps can be remembered."""
        return self.window

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Run whole episodes: `inputs (T, B, I)` -> logits `(T, B, O)`."""
        steps = batch.inputs.shape[0]
        past = self.initial(batch.inputs.shape[1], steps, probe)
        tops = []
        for step, embedded in enumerate(self.embedding(batch.inputs).unbind(0)):
            probe.at(step)
            top, past = self._advance(embedded, past, (step, steps), probe)
            tops.append(top)
        outputs: Tensor = self.readout(self.top_norm(torch.stack(tops)))
        return outputs

    def fused(self, batch: Any) -> Tensor:
        """The same by the loop with its gradient by hand, or all steps at once where none waits for another."""
        embedded = self.embedding(batch.inputs)
        layers = [self._weights(layer) for layer in _layers(self.layers)]
        memory = MemoryWeights(self.shares(), self.kept_norm.weight, self.kept_norm.bias, self.offered.weight)
        if self.memory in ("same", "none"):
            top = same_layers(embedded, self.heads, 0 if self.memory == "none" else self.window, memory, layers)
        else:
            flat = (weight for layer in layers for weight in layer)
            top = Loop.apply(embedded, self.heads, self.window, *memory, *flat)  # type: ignore[no-untyped-call]  # torch's own
        outputs: Tensor = self.readout(self.top_norm(top))
        return outputs

    def initial(self, batch: int, steps: int, probe: Probe = silent) -> Past:
        """Nothing remembered yet."""
        probe.at(-1)
        if probe is not silent and self.memory != "none":
            probe("memory.contents", self.readout.weight.new_zeros(batch, steps, self._kept_width))
        return self._offer(self.readout.weight.new_zeros(batch, 0, self._kept_width))

    def shares(self) -> Tensor:
        """What the embedding and each layer give to the memory, `(n + 1,)`."""
        if self.memory == "mixture":
            return torch.softmax(self.mixture, -1)
        one_hot = torch.zeros_like(self.mixture)
        one_hot[-1 if self.memory == "last" else 0] = 1.0
        return one_hot

    def before_update(self, update: int, updates: int) -> float:
        """The learning rate rises at the start, and is a tenth for the last quarter of the run."""
        return warm_then_slow(update, updates)

    @property
    def _kept_width(self) -> int:
        return self.width * (len(self.layers) if self.memory == "same" else 1)

    def _advance(self, embedded: Tensor, past: Past, when: tuple[int, int], probe: Probe) -> tuple[Tensor, Past]:
        """One step: `(B, D)` -> the top layer `(B, D)`, and the past with this step in it. `when`: this step, and how many."""
        stream, streams = embedded, [embedded]
        for part, layer in enumerate(_layers(self.layers)):
            if past.contents.shape[1] and self.memory != "none":
                own = part % len(past.keys)  # each layer's own keys and values where there are several, else the one pair
                weighting = layer.weighting(stream, past.keys[own], past.present)
                weighting = self._show_weighting(weighting, when, part, probe)
                stream = stream + layer.read(weighting, past.values[own])
            stream = probe("layers.output", stream + layer.think(stream), part)
            streams.append(stream)
        return stream, self._remember(past, streams, when, probe)

    def _show_weighting(self, weighting: Tensor, when: tuple[int, int], part: int, probe: Probe) -> Tensor:
        """In the record the weighting lies over all steps of the episode."""
        if probe is silent:
            return weighting
        (step, steps), past = when, weighting.shape[-1]
        everywhere = F.pad(weighting, (step - past, steps - step))
        taken = probe("attention.past", everywhere, part)
        return weighting if taken is everywhere else taken[..., step - past : step]

    def _remember(self, past: Past, streams: list[Tensor], when: tuple[int, int], probe: Probe) -> Past:
        """Add what this step leaves behind; the oldest step beyond the window is forgotten."""
        if self.memory == "none":
            return past
        kept = torch.cat(streams[:-1], -1) if self.memory == "same" else self._mix(streams, probe)
        newest = self._offer(kept.unsqueeze(1))
        after = Past(
            torch.cat((past.contents, newest.contents), 1)[:, -self.window :],
            _longer(past.keys, newest.keys, self.window),
            _longer(past.values, newest.values, self.window),
            torch.cat((past.present, newest.present), 1)[:, -self.window :],
        )
        return after if probe is silent else self._show_past(after, when, probe)

    def _mix(self, streams: list[Tensor], probe: Probe) -> Tensor:
        """The memory of this step: the embedding and all layers, each by its share."""
        shares = probe("memory.layer_weights", self.shares().expand(len(streams[0]), -1))
        parts = shares.unsqueeze(-1) * torch.stack(streams, 1)
        if probe is not silent:
            lengths = torch.linalg.vector_norm(parts, dim=-1)
            probe("memory.contribution", lengths / lengths.sum(-1, keepdim=True))
        return parts.sum(1)

    def _show_past(self, past: Past, when: tuple[int, int], probe: Probe) -> Past:
        """In the record each step has a slot of its own; what an edit changed there is remembered from now on."""
        (step, steps), many = when, past.contents.shape[1]
        everywhere = F.pad(past.contents, (0, 0, step + 1 - many, steps - step - 1))
        taken = probe("memory.contents", everywhere)
        return past if taken is everywhere else self._offer(taken[:, step + 1 - many : step + 1])

    def _offer(self, contents: Tensor) -> Past:
        """Keys and values of what is remembered; every memory is projected alike."""
        offered = [
            split_heads(self.offered(self.kept_norm(kept)), 2 * self.heads).chunk(2, 1)
            for kept in torch.split(contents, self.width, -1)
        ]
        keys, values = zip(*offered, strict=True)
        return Past(contents, keys, values, (contents != 0).any(-1))

    def _weights(self, layer: Layer) -> LayerWeights:
        think = layer.think
        return LayerWeights(
            layer.asking_norm.weight, layer.asking_norm.bias, layer.asking.weight, layer.distance, layer.answering.weight,
            think.norm.weight, think.norm.bias, think.widen.weight, think.widen.bias, think.narrow.weight, think.narrow.bias,
        )  # fmt: skip


def _layers(stack: nn.ModuleList) -> list[Layer]:
    return cast(list[Layer], list(stack))


def _longer(past: tuple[Tensor, ...], newest: tuple[Tensor, ...], window: int) -> tuple[Tensor, ...]:
    return tuple(torch.cat(pair, 2)[:, :, -window:] for pair in zip(past, newest, strict=True))


def build(settings: Settings, interface: dict[str, int]) -> Feedback:
    """A network with fresh weights for a task of form "sequence". ValueError if heads do not divide the width."""
    check_heads(settings)
    return Feedback(settings, interface["inputs"], interface["outputs"])


def recipe(task: str) -> Recipe:
    """Adam after a short warm-up, with the gradient's length limited to 1."""
    return Recipe(optimiser="adam", learning_rate=2e-3, batch=32, updates=8000, clip="norm", clip_at=1.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="feedback",
        name="Feedback Transformer",
        short="Feedback",
        year=2020,
        paper="Fan, Lavril, Grave, Joulin & Sukhbaatar, Addressing Some Limitations of Transformers with Feedback Memory, "
        "arXiv:2002.09402",
        memory="episodic",
        idea="Every layer looks at one memory of the past, and what a step leaves there is a mixture of all its layers: so even "
        "the lowest layer sees the highest view of all that was before. It must take one step after the other.",
        slots_are="past steps",
        forms=("sequence",),
        settings=(
            Setting(name="memory", default="mixture", choices=("mixture", "last", "same", "embedding", "none"), title="Memory",
                    says="What a step leaves behind: a learned mixture of all layers (the paper's), the last layer alone, each "
                    "layer for itself alone (same: an ordinary Transformer), the embedded input alone, or nothing."),
            Setting(name="width", default=64, low=2, high=1024, title="Width", says="How many features each step has."),
            Setting(name="layers", default=2, low=1, high=8, title="Layers", says="How many layers lie on each other."),
            Setting(name="heads", default=4, low=1, high=16, title="Heads",
                    says="In how many ways each layer looks at the past at once; they share the width among them."),
            Setting(name="inner", default=128, low=1, high=4096, title="Inner width",
                    says="How many units each layer has between its two linear maps."),
            Setting(name="window", default=128, low=1, high=1024, title="Window",
                    says="How many past steps are remembered; older ones are forgotten."),
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        wiring=WIRING,
        wires=WIRES,
        first_panes=("Tape", "Attention", "Memory", "Architecture", "Layer mixture"),
        parameter_formula="n(2D² + 2DF + 5D + F + slots·D/heads) + 2D² + D(I+1) + n + 1 + O(D+1) + 4D",
        code="engine/models/feedback.py",
    ),
    build=build,
    recipe=recipe,
)  # fmt: skip
