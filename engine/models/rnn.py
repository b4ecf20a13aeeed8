"""The plain recurrent net: one hidden vector that every step makes anew from the input and from itself.

Elman, "Finding Structure in Time" (1990). The step itself is `PlainLayer` in `engine/blocks/recurrent.py`.
"""

from engine.blocks.recurrent import PlainLayer
from engine.contract.cards import MicroStep, ModelCard, Settings
from engine.models import recurrent_wiring
from engine.models.base import ModelEntry
from engine.models.recurrent import FIRST_PANES, SETTINGS, RecurrentNet, hidden_state, recipe


class RNN(RecurrentNet):
    """One to three plain layers and a linear readout of the last."""

    def __init__(self, settings: Settings, inputs: int, outputs: int) -> None:
        super().__init__(PlainLayer, settings, inputs, outputs)


def build(settings: Settings, interface: dict[str, int]) -> RNN:
    """A net with fresh weights for a task of form "sequence"."""
    return RNN(settings, interface["inputs"], interface["outputs"])


ENTRY = ModelEntry(
    card=ModelCard(
        id="rnn",
        name="Recurrent Neural Network",
        short="RNN",
        year=1990,
        paper="Elman, Finding Structure in Time, Cognitive Science 14(2), 1990",
        memory="recurrent state",
        idea="The simplest memory: one hidden vector, made anew at every step from the input and from the vector before. Nothing "
        "protects what it holds.",
        slots_are="units",
        forms=("sequence",),
        settings=SETTINGS,
        channels=(
            hidden_state(
                "h = tanh(linear(x, h before))",
                "What each unit holds and shows. This is all the memory there is, and every step makes all of it anew.",
            ),
        ),
        micro_steps=(
            MicroStep(
                name="state",
                says="Every unit is made anew from the input and from all units as they were.",
                channels=("state.hidden",),
            ),
        ),
        wiring=recurrent_wiring.PLAIN,
        wires=recurrent_wiring.PLAIN_WIRES,
        first_panes=FIRST_PANES,
        parameter_formula="H(I+H) + 2H, + 2H² + 2H for each further layer, + O(H+1)",
        code="engine/models/rnn.py",
    ),
    build=build,
    recipe=recipe,
    gains_from_gpu=True,
)
