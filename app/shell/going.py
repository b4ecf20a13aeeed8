"""Where "go to" goes: a typed step or checkpoint, understood or answered in a sentence."""

import re

from app.state.app_state import AppState

_STEP = re.compile(r"(?:step\s*)?(\d+)$")
_CHECKPOINT = re.compile(r"(?:checkpoint|update|c|u)\s*([\d,]+)$")


def go_to(state: AppState, typed: str) -> str:
    """Move to what was typed ("12", "step 12", "checkpoint 3000"). Returns a sentence if it cannot be done, else nothing."""
    text = typed.strip().lower()
    if found := _STEP.match(text):
        return _go_to_step(state, int(found[1]))
    if found := _CHECKPOINT.match(text):
        return _go_to_checkpoint(state, int(found[1].replace(",", "")))
    return "Type a step, such as 12, or a checkpoint, such as “checkpoint 3000”."


def _go_to_step(state: AppState, number: int) -> str:
    length = state.playback.length
    if not 1 <= number <= length:
        return f"There is no step {number}: the episode has steps 1 to {length}."
    state.playback.pause()
    state.explorer.jump(number - 1)
    return ""


def _go_to_checkpoint(state: AppState, update: int) -> str:
    kept = state.explorer.checkpoints
    if not kept:
        return "There are no checkpoints here: they come with an exhibit or a run."
    nearest = min(kept, key=lambda at: abs(at - update))
    state.explorer.choose_checkpoint(nearest)
    return ""
