"""Transformer: no state from step to step; every position looks at every position that it may see, by attention.

Vaswani et al., "Attention Is All You Need" (2017), arXiv:1706.03762. Norms come before each half of a layer, not behind as in the
paper: so it trains without care at this size. Episodes of form "pairs" go through encoder and decoder; those of form "sequence"
through a decoder alone, whose positions see themselves and all before them.
Shapes: B batch, T positions of the decoder, S of the source, I inputs, D width, H heads, n layers, V symbols.
"""

import math
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.encoding import sinusoids
from engine.blocks.heads import FeedForward, Heads, check_heads
from engine.blocks.pace import warm_then_slow
from engine.blocks.probe import Probe, silent
from engine.contract.cards import ModelCard, Setting, Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.transformer_card import CHANNELS, MICRO_STEPS, WIRES, WIRING


class Layer(nn.Module):
    """Look at positions of the same sequence, in a decoder also at the source, then think; each half is added to the stream."""

    def __init__(self, width: int, heads: int, inner: int, with_source: bool = False) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.heads = Heads(width, heads)
        if with_source:
            self.source_norm = nn.LayerNorm(width)
            self.source_heads = Heads(width, heads)
        self.think = FeedForward(width, inner)


class Kept(NamedTuple):
    """What positions leave for later ones. `source (B, S, D)`: the encoder's last word on each symbol of the source (S = 0 where
    there is none); `layers`: for each layer of the decoder `(B, P, D)`, a row for each of its positions so far. A row of zeros,
    as an edit can leave it, is no longer there: `source_present (B, S)`, `present (B, P)`."""

    source: Tensor
    source_present: Tensor
    layers: tuple[Tensor, ...]
    present: Tensor


class Shown:
    """The probe of one episode, told where things lie: the positions that are computed now stand at the steps from `first` on."""

    def __init__(self, probe: Probe, steps: int, first: int = 0) -> None:
        self.probe, self.steps, self.first = probe, steps, first

    def weighting(self, channel: str, weighting: Tensor, part: int, begin: int) -> Tensor:
        """Show `(B, H, T, P)`, of positions from step `begin` on; in the record it lies over all steps."""
        if self.probe is silent:
            return weighting
        seen = weighting.shape[-1]
        everywhere = F.pad(weighting.transpose(1, 2), (begin, self.steps - begin - seen))
        taken = self.probe.many(channel, everywhere, part, self.first)
        return weighting if taken is everywhere else taken[..., begin : begin + seen].transpose(1, 2)

    def stream(self, stream: Tensor, part: int) -> Tensor:
        """Show what a layer made, `(B, T, D)`."""
        if self.probe is silent:
            return stream
        stream = self.probe.many("layers.output", stream, part, self.first)
        self.probe.many("layers.length", torch.linalg.vector_norm(stream, dim=-1), part, self.first)
        return stream


class Transformer(MemoryModel):
    """The network. Its memory grows with the episode, a row for each position: the normed stream below each layer, of which keys
    and values are linear maps. Nothing in it is ever overwritten."""

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        self.width, self.count = int(settings["width"]), int(settings["layers"])
        heads, inner = int(settings["heads"]), int(settings["inner"])
        self._has_positions, self._is_pairs = settings["positions"] == "waves", "symbols" in interface
        if self._is_pairs:
            self.source_embedding = _table(interface["symbols"], self.width)
            self.encoder = nn.ModuleList(Layer(self.width, heads, inner) for _ in range(self.count))
            self.source_top_norm = nn.LayerNorm(self.width)
            self.embedding: nn.Module = _table(interface["symbols"], self.width)
        else:
            self.embedding = nn.Linear(interface["inputs"], self.width)
            nn.init.normal_(self.embedding.weight)  # as large as the waves that are added to it
        self.decoder = nn.ModuleList(Layer(self.width, heads, inner, with_source=self._is_pairs) for _ in range(self.count))
        self.top_norm = nn.LayerNorm(self.width)
        self.readout = nn.Linear(self.width, interface["symbols"] if self._is_pairs else interface["outputs"])

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Run whole episodes: `SequenceBatch -> (T, B, O)`, `PairBatch -> (T, B, V)` logits.

        All positions are computed at once; but a decoder that must hear what it says itself, or whose values are changed while it
        runs, takes one step after the other.
        """
        shown = Shown(probe, batch.steps)
        probe.at(-1)
        if probe is not silent:
            probe("cache.contents", self.readout.weight.new_zeros(batch.size, batch.steps, self.count * self.width))
        kept = self._read(batch.source.T if self._is_pairs else None, batch.size, shown)
        fed = batch.target[:-1].T if self._is_pairs else batch.inputs.transpose(0, 1)
        hears_itself = self._is_pairs and not batch.taught
        if hears_itself or probe.changes:
            return self._step_by_step(fed, kept, hears_itself, shown)
        top, after = self._decode(self._embed(fed), kept, shown)
        self._show_growth(after, shown)
        return self._say(top, shown).transpose(0, 1)

    def before_update(self, update: int, updates: int) -> float:
        """The learning rate rises at the start, and is a tenth for the last quarter of the run."""
        return warm_then_slow(update, updates)

    def _read(self, source: Tensor | None, batch: int, shown: Shown) -> Kept:
        """The encoder: every symbol of the source looks at all of them, `(B, S)`; what it leaves is kept once all are read."""
        if source is None:
            return self._kept(self.readout.weight.new_zeros(batch, 0, self.width))
        stream = math.sqrt(self.width) * self.source_embedding(source) + self._places(0, source.shape[1])
        everything = torch.ones(source.shape[1], source.shape[1], dtype=torch.bool)
        for part, layer in enumerate(_layers(self.encoder)):
            asking = layer.norm(stream)
            weighting = shown.weighting("attention.self", layer.heads.weighting(asking, asking, everything), part, 0)
            stream = stream + layer.heads.read(weighting, asking)
            stream = shown.stream(stream + layer.think(stream), part)
        top = self.source_top_norm(stream)
        if shown.probe is not silent:  # nothing can be known before the last symbol is read
            contents = top.new_zeros(batch, source.shape[1], shown.steps, self.count * self.width)
            contents[:, -1, : source.shape[1], : self.width] = top
            top = shown.probe.many("cache.contents", contents)[:, -1, : source.shape[1], : self.width]
        shown.first = source.shape[1]
        return self._kept(top)

    def _kept(self, source: Tensor) -> Kept:
        nothing = source[:, :0]
        return Kept(source, (source != 0).any(-1), (nothing,) * self.count, (nothing != 0).any(-1))

    def _decode(self, stream: Tensor, kept: Kept, shown: Shown) -> tuple[Tensor, Kept]:
        """Some further positions of the decoder, `(B, T, D)`: each sees what is kept, those before it, and itself."""
        batch, steps, _ = stream.shape
        earlier = kept.present.unsqueeze(1).expand(-1, steps, -1)
        own = torch.ones(steps, steps, dtype=torch.bool).tril().expand(batch, -1, -1)
        allowed = torch.cat((earlier, own), -1).unsqueeze(1)
        source_allowed = kept.source_present[:, None, None]
        layers = []
        for part, layer in enumerate(_layers(self.decoder)):
            asking = layer.norm(stream)
            seen = torch.cat((kept.layers[part], asking), 1)
            begin = shown.first - kept.present.shape[1]
            weighting = shown.weighting("attention.self", layer.heads.weighting(asking, seen, allowed), part, begin)
            stream = stream + layer.heads.read(weighting, seen)
            if self._is_pairs:
                weighting = layer.source_heads.weighting(layer.source_norm(stream), kept.source, source_allowed)
                weighting = shown.weighting("attention.cross", weighting, part, 0)
                stream = stream + layer.source_heads.read(weighting, kept.source)
            stream = shown.stream(stream + layer.think(stream), part)
            layers.append(seen)
        present = torch.cat((kept.present, torch.ones_like(own[..., 0])), 1)
        return self.top_norm(stream), kept._replace(layers=tuple(layers), present=present)

    def _step_by_step(self, fed: Tensor, kept: Kept, hears_itself: bool, shown: Shown) -> Tensor:
        """The decoder's positions one after the other, each from what the earlier ones left; gives `(T, B, ...)`."""
        said: list[Tensor] = []
        source = shown.first
        for place in range(fed.shape[1]):
            shown.first = source + place
            shown.probe.at(shown.first)
            word = said[-1].argmax(-1) if hears_itself and said else fed[:, place : place + 1]
            top, kept = self._decode(self._embed(word, place), kept, shown)
            said.append(self._say(top, shown))
            kept = self._show_kept(kept, shown)
        return torch.cat(said, 1).transpose(0, 1)

    def _show_kept(self, kept: Kept, shown: Shown) -> Kept:
        """In the record every step has a slot of its own; what an edit changed there is kept from now on."""
        if shown.probe is silent:
            return kept
        rows, source = torch.cat(kept.layers, -1), kept.source.shape[1]
        everywhere = F.pad(kept.source, (0, rows.shape[-1] - self.width, 0, shown.steps - source))
        everywhere[:, source : source + rows.shape[1]] = rows
        taken = shown.probe("cache.contents", everywhere)
        if taken is everywhere:
            return kept
        rows, top = taken[:, source : source + rows.shape[1]], taken[:, :source, : self.width]
        return Kept(top, (top != 0).any(-1), torch.split(rows, self.width, -1), (rows != 0).any(-1))

    def _show_growth(self, kept: Kept, shown: Shown) -> None:
        """The same where all positions were computed at once: after each step, the rows up to it."""
        if shown.probe is silent:
            return
        rows, source = torch.cat(kept.layers, -1), kept.source.shape[1]
        steps = rows.shape[1]
        grown = rows.new_empty(len(rows), steps, shown.steps, rows.shape[-1])
        grown[:, :, :source] = F.pad(kept.source, (0, rows.shape[-1] - self.width)).unsqueeze(1)
        torch.mul(rows.unsqueeze(1), rows.new_ones(steps, steps).tril().unsqueeze(-1), out=grown[:, :, source:])
        shown.probe.many("cache.contents", grown, first=source)

    def _embed(self, fed: Tensor, first: int = 0) -> Tensor:
        """Symbols `(B, T)` or inputs `(B, T, I)`, with where they stand, `(B, T, D)`."""
        vectors = self.embedding(fed) * (math.sqrt(self.width) if self._is_pairs else 1.0)
        embedded: Tensor = vectors + self._places(first, fed.shape[1])
        return embedded

    def _places(self, first: int, steps: int) -> Tensor:
        if not self._has_positions:
            return torch.zeros(1)
        return sinusoids(first, steps, self.width)

    def _say(self, top: Tensor, shown: Shown) -> Tensor:
        """What is said at each position, `(B, T, D)` -> `(B, T, V)`."""
        logits: Tensor = self.readout(top)
        if self._is_pairs and shown.probe is not silent:
            shown.probe.many("answer.probability", torch.softmax(logits, -1), first=shown.first)
        return logits


def _layers(stack: nn.ModuleList) -> list[Layer]:
    return cast(list[Layer], list(stack))


def _table(symbols: int, width: int) -> nn.Embedding:
    """Small vectors: they are multiplied by the root of the width when they are used."""
    table = nn.Embedding(symbols, width)
    nn.init.normal_(table.weight, std=1 / math.sqrt(width))
    return table


def build(settings: Settings, interface: dict[str, int]) -> Transformer:
    """A network with fresh weights, with an encoder for a task of form "pairs". ValueError if heads do not divide the width."""
    check_heads(settings)
    return Transformer(settings, interface)


def recipe(task: str) -> Recipe:
    """Adam after a short warm-up, with the gradient's length limited to 1."""
    batch, updates = (64, 6000) if task == "transduce" else (32, 8000)
    rate = 2e-3 if task == "algorithmic" else 1e-3
    return Recipe(optimiser="adam", learning_rate=rate, batch=batch, updates=updates, clip="norm", clip_at=1.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="transformer",
        name="Transformer",
        short="Transformer",
        year=2017,
        paper="Vaswani et al., Attention Is All You Need, arXiv:1706.03762",
        memory="attention",
        idea="It keeps no state: at every position it looks back at all positions at once, and takes from each what it needs. So "
        "it forgets nothing with distance; but what it keeps grows with the episode, and its work with the square of the length.",
        slots_are="positions",
        forms=("sequence", "pairs"),
        settings=(
            Setting(name="width", default=64, low=2, high=1024, title="Width", says="How many features each position has."),
            Setting(name="layers", default=2, low=1, high=8, title="Layers",
                    says="How many layers lie on each other; for pairs of sequences, in the encoder and in the decoder."),
            Setting(name="heads", default=4, low=1, high=16, title="Heads",
                    says="In how many ways each layer looks around at once; they share the width among them."),
            Setting(name="inner", default=128, low=1, high=4096, title="Inner width",
                    says="How many units each layer has between its two linear maps."),
            Setting(name="positions", default="waves", choices=("waves", "none"), title="Positions",
                    says="Waves tell each position where it stands; with none, order enters only through who may see whom."),
        ),
        channels=CHANNELS,
        micro_steps=MICRO_STEPS,
        wiring=WIRING,
        wires=WIRES,
        first_panes=("Tape", "Attention", "Architecture", "Readout", "Memory"),
        parameter_formula="sequence: n(4D² + 2DF + 5D + F) + D(I+1) + 2D + O(D+1); "
        "pairs: n(12D² + 4DF + 12D + 2F) + 2DV + 4D + V(D+1)",
        code="engine/models/transformer.py",
    ),
    build=build,
    recipe=recipe,
    gains_from_gpu=True,
)  # fmt: skip
