"""The ideas that the program can show, in the order of the tutorial: what each claims, and what stands on the stage with it."""

from engine.contract.demonstrations import Idea, Preset

IDEAS: tuple[Idea, ...] = (
    Idea(
        id="whole-state",
        title="One vector holds it all",
        claim="A recurrent net keeps all it knows in one vector, and every step touches the whole of it. A Neural Turing "
        "Machine touches one slot.",
        says="The same episode runs through a Neural Turing Machine (A) and through an LSTM (B). At each step we count how "
        "many numbers of the memory change.",
        look="At A one row is filled at a time and the others stay as they are. At B all units move, from the first step to "
        "the last.",
        preset=Preset(a="ntm-copy", b="lstm-copy", seed=4, settings={"length": 20}, panes=("Memory",)),
    ),
    Idea(
        id="long-spans",
        title="A recurrent memory fades",
        claim="What a recurrent net has seen fades and blurs with distance; a memory of slots keeps it.",
        says="Every network copies the same episodes, at lengths that it was trained on and beyond. Then a derivative tells "
        "which inputs the last answer depends on, however long ago they came.",
        look="Right of the upright line the episodes are longer than any of the training. In the second picture the last "
        "answer should depend on one input only: the vector that it repeats.",
    ),
    Idea(
        id="parameters",
        title="Slots cost no parameters",
        claim="The parameters of a recurrent net grow with its state; those of a memory network do not grow with its slots.",
        says="The same trained weights run with 32 to 512 slots; nothing is trained again. Beside them we build LSTMs of "
        "growing size and count their parameters.",
        look="The flat line and the steep one; and the row from which on the same weights copy episodes that did not fit before.",
    ),
    Idea(
        id="algorithms",
        title="It learns an algorithm",
        claim="A controller that reads and writes single slots learns a procedure, not a list of examples.",
        says="Five tasks, each learnt from examples alone. The stage shows where the network writes and where it reads, step "
        "by step. Choose a row below to open its network.",
        look="Copying fills one slot after the other, returns to the first, and reads along. Every task has a pattern of its "
        "own.",
        preset=Preset(a="ntm-copy", seed=4, panes=("Writes", "Memory", "Reads")),
    ),
    Idea(
        id="wiped",
        title="Scratch space, wiped after use",
        claim="Episodic memory is a working bank: it is filled while a sequence lasts, and wiped when it ends.",
        says="One stream of cars at junctions runs through a memory that is wiped after each car and through one that is not. "
        "Then the first runs again with its wipe switched off.",
        look="The saw-tooth and the staircase; and what becomes of the error when what is left of one car is in the way of the "
        "next.",
    ),
    Idea(
        id="worth-keeping",
        title="What is worth a slot",
        claim="Persistent memory gathers samples, and a controller decides which of them are worth storing.",
        says="Five hundred cars come to junctions, in phases that bring new manoeuvres. A memory begins empty; each car is "
        "foreseen first, and stored only if the memory did not know it.",
        look="How steep the staircase is when something new comes, and how flat later. In the second picture the error falls "
        "although no weight is changed.",
    ),
    Idea(
        id="attention",
        title="Memory is attention over time",
        claim="Looking back over all earlier steps is a memory too: attention finds a step where a memory network finds a slot.",
        says="The same episode runs through a Neural Turing Machine (A) and through a Transformer (B). For each answer we "
        "look up which earlier step it looks back to most.",
        look="The second diagonal. At A it runs through the slots, at B through the earlier steps themselves.",
        preset=Preset(a="ntm-copy", b="transformer-copy", seed=4, settings={"length": 12}, panes=("Reads",)),
    ),
    Idea(
        id="cost",
        title="What looking back costs",
        claim="A Transformer does not forget with distance, but its cost grows with the square of the length, and it must "
        "keep more with every step. A recurrent net and a memory network keep the same at every length.",
        says="Each network runs episodes of growing length. Every operation that is really done is counted, and so are the "
        "numbers that must be kept to go on with the next step.",
        look="Both scales are logarithmic: twice the length is one equal step to the right. How far up does a curve go "
        "meanwhile?",
    ),
    Idea(
        id="own-past",
        title="Using one's higher-level past",
        claim="A Transformer's layer sees only the layers below it of the past, so its depth limits what it can work out. "
        "Feedback memory lets every layer see the highest layers of the past.",
        says="A colour is shown, walls pass, and at the end one network must name it: once with feedback memory, once with an "
        "ordinary Transformer's. Then small programs are read, by both kinds and with poorer memories.",
        look="The upright line: so far do all layers together see. Which curve falls to guessing behind it? Then how far "
        "apart the two kinds are on programs.",
    ),
)


def idea_of(name: str) -> Idea | None:
    """The idea of this id."""
    return next((idea for idea in IDEAS if idea.id == name), None)
