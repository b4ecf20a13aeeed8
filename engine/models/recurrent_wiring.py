"""How recurrent nets are wired, for the reader: blocks and ways of a plain net, an LSTM, a GRU, and two LSTMs in a row."""

from engine.contract.cards import Block, Wire

_INPUT = Block(name="input", title="input", row=0, columns=(0, 2), shows=("role:input",), says="What comes in at this step.")


def _output(row: int, columns: tuple[int, int]) -> Block:
    return Block(
        name="output", title="output", row=row, columns=columns, shows=("role:output",),
        says="What it says: a linear map of the hidden state, squeezed between 0 and 1.",
    )  # fmt: skip


PLAIN: tuple[Block, ...] = (
    _INPUT,
    Block(name="state", title="state", row=1, columns=(0, 6), shows=("state.hidden",),
          says="All that the net knows, in one vector; it is made anew at every step."),
    _output(2, (4, 6)),
)  # fmt: skip
PLAIN_WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="state", says="x", channels=("state.hidden",)),
    Wire(source="state", target="state", says="next step", is_later=True),
    Wire(source="state", target="output", says="h"),
)

LSTM: tuple[Block, ...] = (
    _INPUT,
    Block(name="gates", title="gates", row=0, columns=(2, 6),
          shows=("gates.input_gate", "gates.forget_gate", "gates.output_gate", "gates.candidate"),
          works=("gates.input_gate", "gates.forget_gate", "gates.candidate", "gates.output_gate"),
          says="Each unit decides what to take in, what to keep and what to show."),
    Block(name="cell", title="cell", row=1, columns=(2, 6), shows=("state.cell",), works=("state.cell",),
          says="What is remembered: a part of what was there, and a part of the new."),
    Block(name="hidden", title="hidden state", row=2, columns=(2, 6), shows=("state.hidden",), says="What the units show."),
    _output(2, (0, 2)),
)  # fmt: skip
LSTM_WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="gates", says="x",
         channels=("gates.input_gate", "gates.forget_gate", "gates.candidate", "gates.output_gate")),
    Wire(source="gates", target="cell", says="takes in", channels=("state.cell",), gate="gates.input_gate"),
    Wire(source="cell", target="cell", says="keeps", channels=("state.cell",), gate="gates.forget_gate", is_later=True),
    Wire(source="cell", target="hidden", says="shows", channels=("state.hidden",), gate="gates.output_gate"),
    Wire(source="hidden", target="output", says="h"),
    Wire(source="hidden", target="hidden", says="to the gates of the next step", is_later=True),
)  # fmt: skip

GRU: tuple[Block, ...] = (
    _INPUT,
    Block(name="gates", title="gates", row=0, columns=(2, 6), shows=("gates.reset_gate", "gates.update_gate"),
          says="Each unit decides how much of the old state its candidate sees, and how much of it to keep."),
    Block(name="candidate", title="candidate", row=1, columns=(2, 6), shows=("gates.candidate",),
          says="What each unit would hold instead, from the input and from the old state."),
    Block(name="state", title="state", row=2, columns=(2, 6), shows=("state.hidden",),
          says="All that is remembered and shown: the old state and the candidate, mixed by the update gate."),
    _output(2, (0, 2)),
)  # fmt: skip
GRU_WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="gates", says="x", channels=("gates.reset_gate", "gates.update_gate")),
    Wire(source="gates", target="candidate", says="lets see", channels=("gates.candidate",), gate="gates.reset_gate"),
    Wire(source="candidate", target="state", says="replaces", channels=("state.hidden",)),
    Wire(source="state", target="state", says="keeps", channels=("state.hidden",), gate="gates.update_gate", is_later=True),
    Wire(source="state", target="output", says="h"),
)


def _half(organs: tuple[str, str], who: str, row: int, says: str) -> tuple[Block, Block]:
    """Gates and state of one of the two; the state stands where it is handed over, and at the side of what comes after it."""
    (gates, state), (left, right) = organs, ((2, 4), (4, 6))
    at = (left, right) if row == 0 else (right, left)
    names = ("input_gate", "forget_gate", "candidate", "output_gate")
    return (
        Block(name=f"{who}-gates", title=f"{who} gates", row=row, columns=at[0], works=tuple(f"{gates}.{n}" for n in names),
              shows=tuple(f"{gates}.{n}" for n in names if n != "candidate"), says="What to take in, to keep and to show."),
        Block(name=who, title=who, row=row, columns=at[1], shows=(f"{state}.cell", f"{state}.hidden"), says=says),
    )  # fmt: skip


def two_in_a_row(encoder: tuple[str, str], decoder: tuple[str, str]) -> tuple[tuple[Block, ...], tuple[Wire, ...]]:
    """Two LSTMs, the state of the first handed over to the second; `encoder` and `decoder` name their gates and their state."""
    blocks = (
        _INPUT,
        *_half(encoder, "encoder", 0, "Reads the source, symbol by symbol, into one state."),
        Block(name="handover", title="handed over", row=1, columns=(2, 6), shows=("handover.cell", "handover.hidden"),
              says="The encoder's last state: all that the decoder will ever know of the source."),
        *_half(decoder, "decoder", 2, "Says the answer, symbol by symbol, from the state that it was given."),
        Block(name="answer", title="answer", row=2, columns=(0, 2), shows=("answer.probability", "role:output"),
              works=("answer.logits", "answer.probability"), says="How probable each symbol is; the largest is said."),
    )  # fmt: skip
    every = ("input_gate", "forget_gate", "candidate", "output_gate")
    wires = [
        Wire(source="input", target="encoder-gates", says="x", channels=tuple(f"{encoder[0]}.{name}" for name in every)),
        Wire(source="encoder", target="handover", says="hands over", channels=("handover.cell", "handover.hidden")),
        Wire(source="handover", target="decoder", says="takes over", channels=("handover.cell", "handover.hidden")),
        Wire(source="decoder", target="answer", says="says", channels=("answer.logits", "answer.probability")),
    ]
    for (gates, state), who in ((encoder, "encoder"), (decoder, "decoder")):
        wires += [
            Wire(source=f"{who}-gates", target=who, says="takes in", channels=(f"{state}.cell",), gate=f"{gates}.input_gate"),
            Wire(source=who, target=who, says="keeps", channels=(f"{state}.cell",), gate=f"{gates}.forget_gate", is_later=True),
        ]
    return blocks, tuple(wires)
