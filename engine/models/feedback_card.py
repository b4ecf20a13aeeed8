"""What a Feedback Transformer shows: its channels and the stages of one step, in words and formulas for the reader."""

from engine.contract.cards import Block, Channel, MicroStep, Wire

LAYERS_NAMED = 2
"""So many layers have stages of their own."""

CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="attention.past", axes=("layer", "head", "position"), kind="attention", sums_to_one=True,
        title="attention", symbol="a", formula="a = softmax(q · (k + p[distance]) / √(D/heads))",
        says="How much each head of each layer takes from each past step, together 1; at the first step there is no past.",
    ),
    Channel(
        name="layers.output", axes=("layer", "unit"), kind="vector", bounded=False, low=-1.0,
        title="layer output", symbol="x", formula="x = x below + read + think(x below + read)",
        says="What each layer makes of the step: the layer below, with what was read from the past and what was thought added.",
    ),
    Channel(
        name="memory.layer_weights", axes=("layer",), kind="gate", sums_to_one=True, role="mixture",
        title="layer shares", symbol="softmax(ω)", formula="softmax(ω) = {memory.layer_weights}",
        says="The learned share of the embedded input (first) and of each layer in what is remembered; the same at every step.",
    ),
    Channel(
        name="memory.contribution", axes=("layer",), kind="gate", sums_to_one=True, role="mixture",
        title="layer contributions", symbol="c", formula="c[l] = softmax(ω)[l]·|x[l]| / Σ softmax(ω)·|x|",
        says="How much of this step's memory, by length, comes from the embedded input (first) and from each layer.",
    ),
    Channel(
        name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="memory", symbol="m", formula="m[t] = Σ softmax(ω)[l] · x[l] of step t",
        says="One vector for each past step, in its order: all layers of that step, mixed. Every layer of later steps looks at "
        "it; a slot of zeros is not looked at.",
    ),
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    *(
        MicroStep(
            name=f"layer {layer + 1}", part=layer,
            says="The layer looks at the memory of past steps, adds what it finds, and thinks about it.",
            channels=("attention.past", "layers.output"),
        )
        for layer in range(LAYERS_NAMED)
    ),
    MicroStep(name="remember", says="The embedded input and all layers are mixed, and the mixture joins the memory.",
              channels=("memory.layer_weights", "memory.contribution", "memory.contents")),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(name="input", title="input", row=0, columns=(0, 2), shows=("role:input",), says="What comes in at this step."),
    Block(
        name="layers", title="layers", row=0, columns=(2, 4), shows=("layers.output",),
        says="Each layer adds to the one below it what it reads from the past, and what it thinks of that.",
    ),
    Block(
        name="output", title="output", row=0, columns=(4, 6), shows=("role:output",),
        says="What it says: a linear map of the top layer.",
    ),
    Block(
        name="attention", title="attention", row=1, columns=(0, 3), shows=("attention.past",),
        says="Every head of every layer asks, and takes from each past step by how well it matches.",
    ),
    Block(
        name="mixture", title="mixture", row=1, columns=(3, 6), shows=("memory.layer_weights", "memory.contribution"),
        says="The embedded input and all layers, each by its learned share: what this step leaves behind.",
    ),
    Block(
        name="memory", title="memory", row=2, columns=(0, 6), shows=("memory.contents",),
        says="One vector for each past step; the same for every layer.",
    ),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="layers", says="x"),
    Wire(source="layers", target="output", says="top"),
    Wire(source="attention", target="layers", says="brings", channels=("attention.past",)),
    Wire(source="layers", target="mixture", says="all", channels=("memory.layer_weights", "memory.contribution")),
    Wire(source="mixture", target="memory", says="remembered", channels=("memory.contents",)),
    Wire(source="memory", target="attention", says="the past", channels=("attention.past",), is_later=True),
)  # fmt: skip
