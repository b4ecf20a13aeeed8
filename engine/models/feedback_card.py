"""What a Feedback Transformer shows: its channels and the stages of one step, in words and formulas for the reader."""

from engine.contract.cards import Channel, MicroStep

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
