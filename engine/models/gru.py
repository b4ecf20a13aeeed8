"""GRU: a recurrent net with two gates and no separate cell; each unit keeps its state or takes a new one.

Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine Translation" (2014).
Where we leave the paper: the reset gate acts after the recurrent matrix, not before it, as in torch, so that weights can be
exchanged. An update gate of 1 keeps the old state. The step itself is `gru_step` in `engine/blocks/recurrent.py`.
"""

from engine.blocks.recurrent import GatedLayer
from engine.contract.cards import MicroStep, ModelCard, Settings
from engine.models import recurrent_wiring
from engine.models.base import ModelEntry
from engine.models.recurrent import FIRST_PANES, SETTINGS, RecurrentNet, candidate, gate, hidden_state, recipe


class GRU(RecurrentNet):
    """One to three GRU layers and a linear readout of the last."""

    def __init__(self, settings: Settings, inputs: int, outputs: int) -> None:
        super().__init__(GatedLayer, settings, inputs, outputs)


def build(settings: Settings, interface: dict[str, int]) -> GRU:
    """A net with fresh weights for a task of form "sequence"."""
    return GRU(settings, interface["inputs"], interface["outputs"])


ENTRY = ModelEntry(
    card=ModelCard(
        id="gru",
        name="Gated Recurrent Unit",
        short="GRU",
        year=2014,
        paper="Cho et al., Learning Phrase Representations using RNN Encoder-Decoder, arXiv:1406.1078",
        memory="recurrent state",
        idea="Two gates and no separate cell: the update gate decides how much of its state each unit keeps, the reset gate how "
        "much the new candidate sees of the old.",
        slots_are="units",
        forms=("sequence",),
        settings=SETTINGS,
        channels=(
            hidden_state(
                "h = (1 − u) · n + u · h before",
                "What each unit holds and shows. This is all the memory there is, and every step touches all of it.",
            ),
            gate("reset", "r", "How much of the old state each unit's candidate sees: 0 nothing, 1 all of it."),
            gate("update", "u", "How much of its state each unit keeps: 1 keeps it whole, 0 takes the candidate instead."),
            candidate("n", "n = tanh(linear(x) + r · linear(h before))"),
        ),
        micro_steps=(
            MicroStep(name="gates", says="Each unit decides what to see of the old state, and how much of it to keep.",
                      channels=("gates.reset_gate", "gates.update_gate")),
            MicroStep(name="candidate", says="Each unit makes what it would hold instead. This is torch's form: the reset gate "
                      "acts after the recurrent matrix.", channels=("gates.candidate",)),
            MicroStep(name="state", says="Each unit mixes its old state with the candidate.", channels=("state.hidden",)),
        ),
        wiring=recurrent_wiring.GRU,
        wires=recurrent_wiring.GRU_WIRES,
        first_panes=FIRST_PANES,
        parameter_formula="3H(I+H) + 6H, + 6H² + 6H for each further layer, + O(H+1)",
        code="engine/models/gru.py",
    ),
    build=build,
    recipe=recipe,
    gains_from_gpu=True,
)  # fmt: skip
