"""The verb `compile`: make the compiled paths now; the window's engine calls it in the background."""

from engine.commands.terminal import Failed, say
from engine.compiling import make_all


def compile_paths() -> None:
    """Compile the quick paths of the models, once on this machine."""
    reasons = make_all()
    if reasons:
        raise Failed("; ".join(reasons))
    say("The quick paths are compiled.")
