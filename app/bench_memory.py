"""How long a step and a letter of a search take where a memory has 100,000 slots: on the real window, one of them chosen."""

import statistics
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from app.bench_step import Stopwatch, open_program, wait_for
from app.state.lens import Selection
from app.views.panes.memory_browser import MemoryBrowser
from engine.contract.cards import Channel
from engine.contract.trace import Array, Trace

EXHIBIT = "exhibit:mantra-junctions"
SLOTS, STEPS = 100_000, 64
PANES = ("Memory browser", "Write decision", "Memory", "Reads")
WAITED_FOR = ("Memory browser", "Write decision", "Reads")
"""Where a sample is refused, the memory itself is as it was, and is not painted."""
PRESSES = 120
SEARCH = "cross left"
SECONDS_TO_RECORD = 120.0
Slots = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def measure_large_memory(presses: int = PRESSES) -> dict[str, float]:
    """Median and 95th percentile in milliseconds of a step, and the median of each letter of a search."""
    with open_program() as (application, program):
        state = program.state
        program.window.resize(1440, 900)
        wait_for(application, lambda: state.catalogue.engine_is_ready)
        state.explorer.open(EXHIBIT)
        wait_for(application, lambda: state.a.trace is not None and state.a.trace.samples > 1, SECONDS_TO_RECORD)
        if state.a.trace is None:
            raise ValueError(f"{EXHIBIT} shows nothing")
        state.explorer.show_trace(enlarged(state.a.trace))
        state.stage.arrange(PANES)
        state.lens.show(Selection(channel="memory.contents", slots=(SLOTS // 2,)))
        stopwatch = Stopwatch(application, program, WAITED_FOR)
        steps = stopwatch.measure(presses)
        browser = next(view for view in program.window.panels.stage.shown_panes if isinstance(view, MemoryBrowser))
        field = browser.findChildren(QLineEdit)[0]
        letters = [stopwatch.time(_typing(field, letter), ("Memory browser",)) for letter in SEARCH]
        return {
            "slots": SLOTS,
            "median_ms": round(statistics.median(steps), 2),
            "p95_ms": round(statistics.quantiles(steps, n=20)[-1], 2),
            "search_median_ms": round(statistics.median(letters), 2),
        }


def enlarged(trace: Trace, slots: int = SLOTS, steps: int = STEPS) -> Trace:
    """The beginning of a recorded stream, as if its memory had been large before: copies of its own slots stand before them."""
    has = trace.arrays["memory.alive"].shape[1]
    copied = np.random.default_rng(0).integers(0, has, slots - has)
    arrays = {name: _enlarged(channel, trace.arrays[name][:steps], copied) for name, channel in trace.channels.items()}
    arrays["memory.alive"][:, : len(copied)] = 1
    events = tuple(
        replace(event, slot=event.slot + len(copied) if event.slot >= 0 else -1)
        for event in trace.card.events
        if event.step < steps
    )
    phases = tuple(replace(phase, last=min(phase.last, steps - 1)) for phase in trace.card.phases if phase.first < steps)
    return Trace(card=replace(trace.card, slots=slots, steps=steps, events=events, phases=phases), arrays=arrays)


def _enlarged(channel: Channel, values: Array, copied: Slots) -> Array:
    """One channel with the copied slots first; nothing is read from them or written to them."""
    if channel.role == "retrieved":
        return np.where(values >= 0, values + len(copied), values).astype(np.float32)
    if "slot" not in channel.axes:
        return np.array(values)
    axis = channel.axes.index("slot")
    once = values[-1] if channel.once else values
    axis += 0 if channel.once else 1
    before = np.take(once, copied, axis)
    if channel.role in ("read", "write"):
        before = np.zeros_like(before)
    joined: Array = np.concatenate((before, once), axis)
    return np.broadcast_to(joined, (len(values), *joined.shape)) if channel.once else joined


def _typing(field: QLineEdit, letter: str) -> Callable[[], None]:
    return lambda: QTest.keyClicks(field, letter)
