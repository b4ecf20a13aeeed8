"""Sequence to sequence: one LSTM reads the source, hands over its last state, and another LSTM says the target from it.

Sutskever, Vinyals & Le, "Sequence to Sequence Learning with Neural Networks" (2014), arXiv:1409.3215.
Shapes: B batch, S symbols of the source, T of the target, E width of an embedding, H units of a layer, V symbols that there are.
"""

from typing import Any

import torch
from torch import Tensor, nn

from engine.blocks.pace import warm_then_slow
from engine.blocks.probe import Probe, silent
from engine.blocks.recurrent import GuardedLayer, StackState, stack
from engine.contract.cards import Channel, MicroStep, ModelCard, Setting, Settings
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.recurrent import TORCH_KERNEL, lstm_channels, lstm_micro_steps
from engine.models.recurrent_wiring import two_in_a_row

ENCODER, DECODER = ("encoder", "encoder"), ("decoder", "decoder")


class Seq2Seq(MemoryModel):
    """Encoder and decoder share no weights; all that the decoder learns of the source is the state that is handed over."""

    def __init__(self, settings: Settings, symbols: int) -> None:
        super().__init__()
        width, units, layers = int(settings["width"]), int(settings["hidden"]), int(settings["layers"])
        self.source_words, self.target_words = nn.Embedding(symbols, width), nn.Embedding(symbols, width)
        self.encoder = stack(GuardedLayer, width, units, layers)
        self.decoder = stack(GuardedLayer, width, units, layers)
        self.readout = nn.Linear(units, symbols)

    @property
    def slots(self) -> int:
        """It has no slots; its memory is the units that are handed over."""
        return self.readout.in_features * len(self.encoder)

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Read, hand over, say: `source (S, B), target (T + 1, B)` -> logits `(T, B, V)`."""
        state = self.encoder.initial(batch.size)
        for step, symbols in enumerate(batch.source.unbind(0)):
            probe.at(step)
            _, state = self.encoder(self.source_words(symbols), state, probe, ENCODER)
        probe.at(len(batch.source))
        return self._say(batch, _hand_over(state, probe), probe)

    def fused(self, batch: Any) -> Tensor:
        """The same by torch's own kernel; a decoder on its own goes step by step, for it must hear what it said."""
        _, state = self.encoder.fused(self.source_words(batch.source), self.encoder.initial(batch.size))
        if not batch.taught:
            return self._say(batch, state, silent)
        spoken, _ = self.decoder.fused(self.target_words(batch.target[:-1]), state)
        outputs: Tensor = self.readout(spoken)
        return outputs

    @property
    def path(self) -> str:
        """By torch's kernel, always."""
        return TORCH_KERNEL

    def before_update(self, update: int, updates: int) -> float:
        """The learning rate grows at first, and is a tenth for the last quarter of the run."""
        return warm_then_slow(update, updates)

    def _say(self, batch: Any, state: StackState, probe: Probe) -> Tensor:
        """Symbol by symbol; each is fed with the true symbol before it, or with the one that it said itself."""
        said: list[Tensor] = []
        for place, true in enumerate(batch.target[:-1].unbind(0)):
            probe.at(len(batch.source) + place)
            fed = true if batch.taught or not said else said[-1].argmax(-1)
            spoken, state = self.decoder(self.target_words(fed), state, probe, DECODER)
            logits = probe("answer.logits", self.readout(spoken))
            probe("answer.probability", torch.softmax(logits, -1))
            said.append(logits)
        return torch.stack(said)


def _hand_over(state: StackState, probe: Probe) -> StackState:
    """The one moment at which the two halves touch: `(B, H)` twice for each layer."""
    return tuple(
        (probe("handover.hidden", hidden, part), probe("handover.cell", cell, part)) for part, (hidden, cell) in enumerate(state)
    )


def build(settings: Settings, interface: dict[str, int]) -> Seq2Seq:
    """A net with fresh weights for a task of form "pairs"."""
    return Seq2Seq(settings, interface["symbols"])


def recipe(task: str) -> Recipe:
    """Adam, with the gradient's length limited to 1."""
    return Recipe(optimiser="adam", learning_rate=1e-3, batch=64, updates=15_000, clip="norm", clip_at=1.0)


HANDED_OVER = (
    Channel(
        name="handover.cell", axes=("layer", "unit"), kind="vector", low=-1.0, bounded=False, title="handed-over cell",
        symbol="c", formula="c of the encoder after the last symbol", lifetime="episode",
        says="The encoder's cell as the decoder gets it, once, before its first step: with the hidden state all that it will "
        "ever know of the source.",
    ),
    Channel(
        name="handover.hidden", axes=("layer", "unit"), kind="vector", low=-1.0, title="handed-over hidden state", symbol="h",
        formula="h of the encoder after the last symbol", lifetime="episode",
        says="The encoder's hidden state as the decoder gets it, once, before its first step.",
    ),
)  # fmt: skip

ANSWER = (
    Channel(
        name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True, title="answer",
        symbol="p", formula="p = softmax(W · h + b)", says="How probable the decoder thinks each symbol; it says the largest.",
    ),
    Channel(
        name="answer.logits", axes=("answer",), kind="vector", low=-1.0, bounded=False, title="answer scores", symbol="z",
        formula="z = W · h + b", says="The score of each symbol before softmax.",
    ),
)  # fmt: skip


def _in_order_of_time() -> tuple[Channel, ...]:
    """Each quantity in the encoder, at the hand-over and in the decoder; cells first, for they carry what is remembered."""
    halves = (*lstm_channels(*ENCODER, "encoder "), *HANDED_OVER, *lstm_channels(*DECODER, "decoder "))
    order = ("cell", "hidden", "candidate", "input_gate", "forget_gate", "output_gate")
    return tuple(sorted(halves, key=lambda channel: order.index(channel.name.partition(".")[2])))


WIRING, WIRES = two_in_a_row(ENCODER, DECODER)

ENTRY = ModelEntry(
    card=ModelCard(
        id="seq2seq",
        name="Sequence to Sequence with LSTMs",
        short="Seq2Seq",
        year=2014,
        paper="Sutskever, Vinyals & Le, Sequence to Sequence Learning with Neural Networks, arXiv:1409.3215",
        memory="recurrent state",
        idea="One network reads everything, hands its last state to another, and that one must say it all from this one vector.",
        slots_are="units",
        forms=("pairs",),
        settings=(
            Setting(name="hidden", default=128, low=1, high=2048, title="Units", says="How many units a layer has."),
            Setting(name="layers", default=1, low=1, high=4, title="Layers", says="How many layers lie on each other."),
            Setting(name="width", default=32, low=1, high=1024, title="Embedding",
                    says="How many numbers stand for a symbol."),
        ),
        channels=(*_in_order_of_time(), *ANSWER),
        micro_steps=(
            MicroStep(name="hand-over", says="Before its first step the decoder takes over the encoder's last state.",
                      channels=("handover.cell", "handover.hidden")),
            *lstm_micro_steps(ENCODER, DECODER),
            MicroStep(name="answer", says="From what the units show, each symbol gets a probability; the largest is said.",
                      channels=("answer.logits", "answer.probability")),
        ),
        wiring=WIRING,
        wires=WIRES,
        first_panes=("Tape", "State and gates", "Architecture", "Readout"),
        parameter_formula="2 · (4H(E+H) + 8H), + 2 · (8H² + 8H) for each further layer, + 2VE + V(H+1)",
        code="engine/models/seq2seq.py",
    ),
    build=build,
    recipe=recipe,
    gains_from_gpu=True,
)  # fmt: skip
