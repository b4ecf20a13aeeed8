"""Where "go to" goes: a typed step, sample or checkpoint, understood or answered in a sentence."""

import re

from app.state.app_state import AppState

_STEP = re.compile(r"(?:step\s*)?(\d+)$")
_SAMPLE = re.compile(r"(?:sample|s)\s*([\d,]+)$")
_CHECKPOINT = re.compile(r"(?:checkpoint|update|c|u)\s*([\d,]+)$")


def go_to(state: AppState, typed: str) -> str:
    """Move to what was typed ("12", "step 12", "sample 12", "checkpoint 3000"). A bare number is a sample where there are some.

    Returns a sentence if it cannot be done, else nothing.
    """
    text = typed.strip().lower()
    if found := _SAMPLE.match(text):
        return _go_to_sample(state, int(found[1].replace(",", "")))
    if found := _STEP.match(text):
        if state.playback.samples and text.isdigit():
            return _go_to_sample(state, int(found[1]))
        return _go_to_step(state, int(found[1]))
    if found := _CHECKPOINT.match(text):
        return _go_to_checkpoint(state, int(found[1].replace(",", "")))
    if state.playback.samples:
        return "Type a sample, such as 12, a step, such as “step 12”, or a checkpoint, such as “checkpoint 3000”."
    return "Type a step, such as 12, or a checkpoint, such as “checkpoint 3000”."


def _go_to_step(state: AppState, number: int) -> str:
    length = state.playback.length
    if not 1 <= number <= length:
        return f"There is no step {number}: the episode has steps 1 to {length}."
    state.playback.pause()
    state.explorer.jump(number - 1)
    return ""


def _go_to_sample(state: AppState, number: int) -> str:
    """To the same step of another sample."""
    playback = state.playback
    if not playback.samples:
        return "This episode is no stream of samples; type a step, such as 12."
    if not 1 <= number <= playback.samples:
        return f"There is no sample {number}: the stream has samples 1 to {playback.samples:,}."
    each = playback.sample_steps
    playback.pause()
    state.explorer.jump((number - 1) * each + playback.step % each)
    return ""


def _go_to_checkpoint(state: AppState, update: int) -> str:
    kept = state.explorer.checkpoints
    if not kept:
        return "There are no checkpoints here: they come with an exhibit or a run."
    nearest = min(kept, key=lambda at: abs(at - update))
    state.explorer.choose_checkpoint(nearest)
    return ""
