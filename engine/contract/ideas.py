"""The ideas that the program can show, in the order of the tutorial: what each claims, and what stands on the stage with it."""

from engine.contract.demonstrations import Idea, Preset

IDEAS: tuple[Idea, ...] = (
    Idea(
        id="whole-state",
        title="A recurrent net's memory is one vector",
        claim="A recurrent net keeps all it knows in one vector and changes the whole of it at every step; a Neural Turing Machine "
        "changes one slot.",
        says="The same episode runs through an LSTM (A) and through a Neural Turing Machine (B). At each step we count how many "
        "numbers of the memory change.",
        look="Step with [Right]: at A every unit moves at once, at B one row is filled and the others stay as they are.",
        preset=Preset(a="lstm-copy", b="ntm-copy", seed=4, settings={"length": 20}, panes=("State and gates", "Memory")),
    ),
    Idea(
        id="long-spans",
        title="It is unstable over long spans",
        claim="What a recurrent net has seen fades and blurs with distance; a memory of slots keeps it.",
        says="Every network copies the same episodes, at lengths it was trained on and beyond. Then one derivative per answer says "
        "which inputs the last answer depends on, however long ago they came.",
        look="The dotted line is the longest episode of the training. Right of it the curves part. In the second picture the answer "
        "should depend on one input only, the vector that it repeats.",
    ),
    Idea(
        id="parameters",
        title="Slots cost no parameters, a larger state does",
        claim="The parameters of a recurrent net grow with its state; those of a memory network do not grow with its slots.",
        says="The same trained weights run with 32 to 512 slots: nothing is trained again. Beside it we build LSTMs of growing size "
        "and count their parameters.",
        look="The flat line and the steep one; and the row where the same weights begin to copy episodes that did not fit before.",
    ),
    Idea(
        id="algorithms",
        title="A controller learns an algorithm",
        claim="A controller that reads and writes single slots learns a procedure, not the examples.",
        says="Five tasks, each learnt from examples alone. The stage shows where the network writes and reads, step by step. Choose "
        "a row to open its network.",
        look="Copying writes one slot after the other, then goes back to the first and reads along. Each task has its own pattern.",
        preset=Preset(a="ntm-copy", seed=4, panes=("Writes", "Memory", "Reads")),
    ),
    Idea(
        id="attention",
        title="Memory is attention over time",
        claim="To look back over all earlier steps is a memory too: attention finds a step where a memory network finds a slot.",
        says="The same episode through a Neural Turing Machine (A) and through a Transformer (B). For each answer we look up the "
        "step that it looks back to most.",
        look="The second diagonal: at A it runs through the slots, at B through the earlier steps themselves.",
        preset=Preset(a="ntm-copy", b="transformer-copy", seed=4, settings={"length": 12}, panes=("Reads", "Attention")),
    ),
    Idea(
        id="cost",
        title="What looking back costs",
        claim="A Transformer does not forget with distance, but its cost grows with the square of the length, and what it must keep "
        "grows with every step; a recurrent net and a memory network keep the same at every length.",
        says="Each network runs one episode of growing length. Every operation that is really done is counted, and so are the "
        "numbers that are kept to go on with the next step.",
        look="Both scales are logarithmic: twice the length is one equal step to the right. How far up does a curve go with it?",
    ),
    Idea(
        id="own-past",
        title="Using one's own higher-level past",
        claim="A Transformer's layers see only lower layers of the past, so its depth limits what it can work out; feedback memory "
        "lets every layer see the highest layers of the past.",
        says="Both networks read the same small programs and must say what a variable holds. Then the feedback memory is swapped, "
        "with the same weights, for one that remembers less.",
        look="How the share of right answers changes, and from which layers the memory is mixed.",
    ),
)


def idea_of(name: str) -> Idea | None:
    """The idea of this id."""
    return next((idea for idea in IDEAS if idea.id == name), None)
