"""A run in words: how far it is, what it costs, how it ended, and what can be done now."""

from app.state.describe import amount
from app.state.training import Run
from engine.contract.stages import Span

STATUS = {
    "starting": "Starting …",
    "running": "Training",
    "paused": "Paused",
    "stopping": "Saving a checkpoint …",
    "finished": "Finished",
    "stopped": "Stopped",
    "failed": "Failed",
    "died": "Its process stopped",
}


def progress_in_words(run: Run, stage: Span | None = None) -> str:
    """ "Update 3,120 of 10,000 · 51/s"; with the state in front where the run is not simply running; then the stage it is in."""
    if run.status == "starting":
        return STATUS["starting"]
    where = f"\n{stage.in_words[:1].upper()}{stage.in_words[1:]}" if stage is not None else ""
    return f"{_done_in_words(run)}{where}"


def _done_in_words(run: Run) -> str:
    done = f"update {run.update:,} of {run.planned:,}" if run.planned else f"update {run.update:,}"
    if run.status != "running":
        return f"{STATUS[run.status]}, {done}"
    rate = run.updates_per_second
    speed = f" · {rate:.0f}/s" if rate >= 2 else f" · {rate:.1f}/s" if rate else ""
    return f"U{done[1:]}{speed}"


def cost_in_words(run: Run) -> str:
    """What saving and measuring cost, as the run itself measured it; empty before it has."""
    if not run.checkpoints:
        return ""
    return f"Checkpoints and measuring take {100 * run.saving_share:.1f} % of the time."


def checkpoints_in_words(run: Run) -> str:
    """How many there are and which is the best."""
    count = len(run.checkpoints)
    if not count:
        return "No checkpoint yet."
    told = f"{count} checkpoint{'s' if count != 1 else ''}"
    if run.best is None:
        return f"{told}."
    loss = run.held_out.get(run.best)
    return f"{told}, the best at update {run.best:,}" + (f" (loss {amount(loss)})." if loss is not None else ".")


def duration(seconds: float) -> str:
    """ "40 s", "12 min", "3.5 h"."""
    if seconds < 100:
        return f"{max(seconds, 1):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 100 * 60 else f"{seconds / 3600:.1f} h"


def path_in_words(run: Run) -> str:
    """By which path it learns; empty until the run has said so."""
    if not run.path:
        return ""
    is_compiled = run.path.startswith("compiled")
    return f"It learns {'by the compiled path' + run.path.removeprefix('compiled') if is_compiled else run.path}."


def read_rate(text: str) -> float:
    """A learning rate from a field; ValueError with one sentence that says what would be right."""
    try:
        rate = float(text.strip().replace("\N{MINUS SIGN}", "-").replace(",", "."))
    except ValueError:
        raise ValueError(f"{text.strip()[:24] or 'Nothing'}: a learning rate is a number such as 0.0003 or 3e-4.") from None
    if not 0 < rate <= 10:
        raise ValueError(f"{text.strip()[:24]}: the learning rate must lie above 0, and at most 10.")
    return rate
