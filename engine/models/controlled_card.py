"""What the controller of an NTM or a DNC shows, and the erase vector of their write heads, in words and formulas."""

from engine.contract.cards import Channel


def _unit(name: str, title: str, symbol: str, formula: str, says: str, *, gate: bool = False, bounded: bool = True) -> Channel:
    return Channel(
        name=f"controller.{name}", axes=("unit",), kind="gate" if gate else "vector", low=0.0 if gate else -1.0,
        bounded=bounded, title=title, symbol=symbol, formula=formula, says=says,
    )  # fmt: skip


CONTROLLER_CHANNELS: tuple[Channel, ...] = (
    _unit("hidden", "controller output", "h", "h = o · tanh(c); feed-forward: h = tanh(linear(x, r))",
          "What the controller says: it steers heads and output."),
    _unit("cell", "controller cell", "c", "c = f · c before + i · g", "What the controller itself remembers.", bounded=False),
    _unit("input_gate", "input gate", "i", "i = σ(linear(x, r, h before))", "How much each unit takes in.", gate=True),
    _unit("forget_gate", "forget gate", "f", "f = σ(linear(x, r, h before))", "How much of its cell each unit keeps.", gate=True),
    _unit("output_gate", "output gate", "o", "o = σ(linear(x, r, h before))", "How much of its cell each unit shows.", gate=True),
    _unit("candidate", "candidate", "g", "g = tanh(linear(x, r, h before))", "What each unit would take in."),
)  # fmt: skip

ERASE = Channel(
    name="write.erase", axes=("head", "feature"), kind="gate", role="erase",
    title="erase vector", symbol="e", formula="e = σ(linear(h))",
    says="Which features a write clears: 1 wipes the feature where the head stands, 0 leaves it.",
)  # fmt: skip
