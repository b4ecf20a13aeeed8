"""What a Transformer shows: its channels and the stages of one step, in words and formulas for the reader."""

from engine.contract.cards import Block, Channel, MicroStep, Wire

LAYERS_NAMED = 2
"""So many layers have stages of their own."""

CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="attention.self", axes=("layer", "head", "position"), kind="attention", sums_to_one=True,
        title="attention", symbol="a", formula="a = softmax(q · k / √(D/heads))",
        says="How much each head of each layer takes from each position: itself and those before; of a source that is read, all.",
    ),
    Channel(
        name="attention.cross", axes=("layer", "head", "position"), kind="attention", sums_to_one=True,
        title="attention to the source", symbol="a", formula="a = softmax(q · k / √(D/heads))",
        says="How much each head of each layer of the decoder takes from each position of the source.",
    ),
    Channel(
        name="layers.output", axes=("layer", "unit"), kind="vector", bounded=False, low=-1.0,
        title="layer output", symbol="x", formula="x = x below + read + think(x below + read)",
        says="What each layer makes of the position: the layer below, with what was read and what was thought added.",
    ),
    Channel(
        name="layers.length", axes=("layer",), kind="positive", bounded=False,
        title="length of the stream", symbol="|x|", formula="|x| = {layers.length}",
        says="How long the vector of the position is after each layer: every layer adds to it.",
    ),
    Channel(
        name="cache.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
        title="kept positions", symbol="X", formula="X[t] = norm(x below layer l) of step t, the layers side by side",
        says="What each position keeps for later ones, a row for each: its normed stream below every layer, side by side; keys "
        "and values are linear maps of it. A row is written once and never changed; a row of zeros cannot be looked at.",
    ),
    Channel(
        name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True,
        title="answer", symbol="p", formula="p = softmax(linear(norm(x)))",
        says="How probable the decoder thinks each symbol; it says the largest.",
    ),
)  # fmt: skip

MICRO_STEPS: tuple[MicroStep, ...] = (
    *(
        MicroStep(
            name=f"layer {layer + 1}", part=layer,
            says="The layer looks around among the positions that it may see, adds what it finds, and thinks about it.",
            channels=("attention.self", "attention.cross", "layers.output", "layers.length"),
        )
        for layer in range(LAYERS_NAMED)
    ),
    MicroStep(name="keep", says="What the layers saw of this position is kept for the later ones.", channels=("cache.contents",)),
    MicroStep(name="answer", says="The last layer is compared with every symbol.", channels=("answer.probability",)),
)  # fmt: skip

WIRING: tuple[Block, ...] = (
    Block(
        name="input", title="input", row=0, columns=(0, 2), shows=("role:input",),
        says="What stands at this position, embedded, with where it stands.",
    ),
    Block(
        name="layers", title="layers", row=0, columns=(2, 4), shows=("layers.output", "layers.length"),
        says="Each layer adds to the one below it what it reads from other positions, and what it thinks of that.",
    ),
    Block(
        name="output", title="output", row=0, columns=(4, 6), shows=("role:output", "answer.probability"),
        says="What is said at this position: a linear map of the top layer.",
    ),
    Block(
        name="attention", title="attention", row=1, columns=(0, 3), shows=("attention.self", "attention.cross"),
        says="Every head of every layer asks, and takes from each position by how well it matches.",
    ),
    Block(
        name="cache", title="kept positions", row=1, columns=(3, 6), shows=("cache.contents",),
        says="A row for each position so far, written once. It grows with the episode and never changes.",
    ),
)  # fmt: skip

WIRES: tuple[Wire, ...] = (
    Wire(source="input", target="layers", says="x"),
    Wire(source="layers", target="output", says="top"),
    Wire(source="attention", target="layers", says="brings", channels=("attention.self", "attention.cross")),
    Wire(source="cache", target="attention", says="positions", channels=("attention.self", "attention.cross")),
    Wire(source="layers", target="cache", says="keeps", channels=("cache.contents",)),
)  # fmt: skip
