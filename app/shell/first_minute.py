"""The first minute: the training that learns before the user's eyes, and the walk to a slot that can be changed."""

import numpy as np

from app.state.app_state import AppState
from app.state.lens import Selection
from app.state.seeds import PANE, USUAL_COUNT
from engine.contract.cards import Settings
from engine.contract.trace import Trace

QUICK_MODEL, QUICK_TASK, QUICK_UPDATES = "ntm", "copy", 5000
QUICK_SETTINGS: Settings = {"batch": 4, "learning_rate": 3e-4, "max_length": 20}
"""The machine of the paper, at its full size, on its first task. With the compiled path it is below one bit in a sequence after
some seconds. Each run has another seed: it is not always the same film."""


def train_quickly(state: AppState) -> None:
    """Start the run in its own process; A shows its first checkpoint as soon as there is one, and follows."""
    live = state.training.live
    if live is not None:
        state.explorer.open_run(live)
        said = "A run trains already; this is it. Stop it first to start another one."
        state.notices.say("training", said, "train.stop", is_error=False)
        return
    run = state.trainer.start(QUICK_MODEL, QUICK_TASK, QUICK_SETTINGS, seed=len(state.training.runs), updates=QUICK_UPDATES)
    state.explorer.open_run(run)
    said = "A network begins to learn: copy up to 20 vectors. Watch the curve fall and the weightings become straight lines."
    state.notices.say("training", said, is_error=False)


def train_several_quickly(state: AppState) -> None:
    """The same run from several seeds, their curves on the whole stage: each ends when it has learnt to copy."""
    if state.training.live is not None:
        said = "A run trains already. Stop it first to train several seeds."
        state.notices.say("training", said, "train.stop", is_error=False)
        return
    task = state.catalogue.task(QUICK_TASK)
    settings = {**QUICK_SETTINGS, "stop_below": task.solved_below if task else 0.0}
    state.seeds.start(QUICK_MODEL, QUICK_TASK, settings, seeds=tuple(range(USUAL_COUNT)), updates=QUICK_UPDATES)
    state.explorer.close_b()
    state.stage.bring(PANE)


def walk_to_a_slot(state: AppState) -> bool:
    """Stand at a step where a slot was just filled and select that slot; False if nothing on screen has slots."""
    trace = state.a.trace
    found = slot_to_change(trace) if trace is not None else None
    if trace is None or found is None:
        state.notices.say("what-if", "This network has no slots to change: open one that has a memory.", is_error=False)
        return False
    step, slot, channel = found
    state.playback.pause()
    state.explorer.jump(step)
    state.lens.select(Selection(channel=channel, slots=(slot,)), state.explorer.here)
    said = f"Slot {slot} is in use at step {step + 1}. Erase it, then run again (Ctrl+Enter): B shows what becomes of the answer."
    state.notices.say("what-if", said, "edit.erase", "edit.rerun", is_error=False)
    return True


def slot_to_change(trace: Trace) -> tuple[int, int, str] | None:
    """A step, a slot in use there, and its memory: a strong write a third of the way, or what the first answer looks at."""
    memories = [channel for channel in trace.of_kind("memory") if channel.axes == ("slot", "feature")]
    if not memories:
        return None
    writes = [event for event in trace.card.events if event.kind == "write" and event.slot >= 0]
    if writes:
        event = writes[len(writes) // 3]
        return event.step, event.slot, memories[0].name
    for channel in (*trace.of_role("write"), *trace.of_role("read"), *trace.of_kind("attention")):
        if channel.axes[-1:] == ("slot",):
            rows = np.asarray(trace.arrays[channel.name]).reshape(trace.steps, -1, trace.card.slots)
            steps = np.flatnonzero(np.isfinite(rows).all((1, 2)))
            if steps.size:
                step = int(steps[steps.size // 3])
                return step, int(rows[step, 0].argmax()), memories[0].name
    return None
