"""LSTM: a recurrent net whose whole memory is one state vector per layer, guarded by gates.

Hochreiter & Schmidhuber, "Long Short-Term Memory" (1997); the forget gate is Gers, Schmidhuber & Cummins (2000).
The step itself is `lstm_step` in `engine/blocks/controllers.py`.
"""

from engine.blocks.recurrent import GuardedLayer
from engine.contract.cards import ModelCard, Settings
from engine.models import recurrent_wiring
from engine.models.base import ModelEntry
from engine.models.recurrent import FIRST_PANES, SETTINGS, RecurrentNet, lstm_channels, lstm_micro_steps, recipe


class LSTM(RecurrentNet):
    """One to three LSTM layers and a linear readout of the last."""

    def __init__(self, settings: Settings, inputs: int, outputs: int) -> None:
        super().__init__(GuardedLayer, settings, inputs, outputs)


def build(settings: Settings, interface: dict[str, int]) -> LSTM:
    """A net with fresh weights for a task of form "sequence"."""
    return LSTM(settings, interface["inputs"], interface["outputs"])


ENTRY = ModelEntry(
    card=ModelCard(
        id="lstm",
        name="Long Short-Term Memory",
        short="LSTM",
        year=1997,
        paper="Hochreiter & Schmidhuber, Long Short-Term Memory, Neural Computation 9(8), 1997",
        memory="recurrent state",
        idea="A recurrent net keeps all it knows in one state vector; gates decide what each unit takes in, keeps and shows.",
        slots_are="units",
        forms=("sequence",),
        settings=SETTINGS,
        channels=lstm_channels(),
        micro_steps=lstm_micro_steps(("gates", "state")),
        wiring=recurrent_wiring.LSTM,
        wires=recurrent_wiring.LSTM_WIRES,
        first_panes=FIRST_PANES,
        parameter_formula="4H(I+H) + 8H, + 8H² + 8H for each further layer, + O(H+1)",
        code="engine/models/lstm.py",
    ),
    build=build,
    recipe=recipe,
    gains_from_gpu=True,
)
