"""Traces made up for tests of the window: a stream of junctions through a bank of pairs, and agents that wait for each other."""

from dataclasses import replace

import numpy as np

from engine.contract.cards import Channel, Metric, MicroStep, ModelCard, TaskCard
from engine.contract.trace import Trace, TraceCard

PAST, FUTURE, FORESEEN = 8, 12, 5
KINDS = ("straight", "cross, left", "cross, right", "U-turn")

_TASK_CHANNELS = (
    Channel(name="scene.past", axes=("agent", "time", "xy"), kind="trajectory", role="past", bounded=False, low=-1.0,
            title="what was seen", says="Where each agent came from."),
    Channel(name="scene.future", axes=("agent", "time", "xy"), kind="trajectory", role="truth", bounded=False, low=-1.0,
            title="what happened", says="Where each agent went."),
    Channel(name="scene.foreseen", axes=("agent", "future", "time", "xy"), kind="trajectory", role="foreseen", bounded=False,
            low=-1.0, title="what is foreseen", says="Where each agent may go."),
    Channel(name="scene.present", axes=("agent",), kind="gate", role="present", title="who is there", says="1 where one is."),
    Channel(name="scene.waits", axes=("agent",), kind="scalar", role="waits", bounded=False, low=-1.0, title="waits for",
            says="For whom each agent waits."),
    Channel(name="scene.map", axes=("row", "column"), kind="image", role="map", title="map", says="1 where there is a road."),
    Channel(name="scene.reach", axes=(), kind="scalar", role="reach", bounded=False, title="reach of the map", says="In metres."),
    Channel(name="scene.kind", axes=(), kind="tokens", role="input", bounded=False, low=-1.0, title="sort", says="Which sort."),
    Channel(name="scene.error", axes=(), kind="scalar", role="error", bounded=False, title="error", says="In metres."),
)  # fmt: skip

TASK = TaskCard(
    id="junctions", name="Junctions", form="trajectories", idea="Say where a car goes.", settings=(), channels=_TASK_CHANNELS,
    metrics=(Metric(name="ade", title="error", says="The mean distance.", unit="m"),), own_input="trajectory",
    own_says="Draw where the car came from; it goes on from the last point.", loss_unit="square metres",
)  # fmt: skip

_BANK = (
    Channel(name="input.past", axes=("time", "xy"), kind="trajectory", bounded=False, low=-1.0, title="past presented",
            says="What was seen of the sample."),
    Channel(name="input.future", axes=("time", "xy"), kind="trajectory", bounded=False, low=-1.0, title="future presented",
            says="What came of it."),
    Channel(name="read.slot", axes=("future",), kind="scalar", role="retrieved", bounded=False, low=-1.0, title="slot of each",
            says="From which slot each thing foreseen comes."),
    Channel(name="write.success", axes=("future",), kind="gate", role="success", title="success rates", says="How much."),
    Channel(name="write.stored", axes=(), kind="decision", role="stored", title="stored", says="1 where it was stored."),
    Channel(name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="persistent",
            once=True, title="memory", says="The codes in each slot."),
    Channel(name="memory.alive", axes=("slot",), kind="gate", role="alive", lifetime="persistent", title="in use", says="."),
)  # fmt: skip

BANK_MODEL = ModelCard(
    id="mantra", name="Memory-Augmented Network for Trajectories", short="MANTRA", year=2020, paper="Marchetti et al. 2020",
    memory="persistent", idea="Remembers pairs.", slots_are="stored past-future pairs", forms=("trajectories",), settings=(),
    channels=_BANK, micro_steps=(MicroStep(name="match", says="It matches.", channels=("read.slot",)),),
    first_panes=("Trajectories", "Memory"),
)  # fmt: skip

_SHARED = (
    Channel(name="read.weighting", axes=("head", "slot"), kind="weighting", role="read", sums_to_one=True,
            title="read weighting", says="Where each agent's head reads."),
    Channel(name="write.weighting", axes=("head", "slot"), kind="weighting", role="write", sums_to_one=True,
            title="write weighting", says="Where each agent writes."),
    Channel(name="memory.contents", axes=("slot", "feature"), kind="memory", bounded=False, low=-1.0, lifetime="episode",
            title="memory", says="What all agents share."),
    Channel(name="who.flow", axes=("agent", "agent"), kind="weighting", role="flow", title="what flowed",
            says="The share of what an agent read that another one had written."),
    Channel(name="who.gradient", axes=("agent", "agent"), kind="positive", role="gradient", bounded=False, title="gradient",
            says="How much an agent's future would move with another one's past."),
    Channel(name="who.counterfactual", axes=("agent", "agent"), kind="positive", role="counterfactual", bounded=False,
            title="without the other", says="How far an agent's future moves when another one is taken away."),
)  # fmt: skip

SHARED_MODEL = ModelCard(
    id="smemo", name="Social Memory", short="SMEMO", year=2022, paper="Marchetti et al. 2022", memory="episodic",
    idea="Agents share a memory.", slots_are="social memory rows", forms=("trajectories",), settings=(), channels=_SHARED,
    micro_steps=(MicroStep(name="read", says="It reads.", channels=("read.weighting",)),),
    first_panes=("Trajectories", "Agents", "Memory"),
)  # fmt: skip


def junction_trace(samples: int = 6, seed: int = 0, *, futures: int = FORESEEN, has_map: bool = True) -> Trace:
    """Cars that come from below and go straight, left or right; the memory foresees all three, from slots 3, 1, 2 and on."""
    chance = np.random.default_rng(seed)
    turns = np.arange(samples) % 3 - 1
    past = np.stack([_line(PAST, chance) for _ in turns])[:, None]
    truth = np.stack([_way(float(turn), chance) for turn in turns])[:, None]
    guesses = np.stack([[_way(float((k + 1) % 3 - 1), chance) for k in range(futures)] for _ in turns])[:, None]
    slots = np.tile(np.array([3, 1, 2, *range(4, 4 + futures)])[:futures], (samples, 1)).astype(np.float32)
    off = np.linalg.norm(guesses - truth[:, :, None], axis=-1)
    alive = np.ones((samples, 12), np.float32)
    contents = np.broadcast_to(chance.normal(size=(1, 12, 6)).astype(np.float32), (samples, 12, 6))
    arrays = {
        "scene.past": past, "scene.future": truth, "scene.foreseen": guesses,
        "scene.present": np.ones((samples, 1), np.float32), "scene.kind": (turns + 1).astype(np.float32),
        "scene.error": off.mean(-1).min(2).mean(1).astype(np.float32), "read.slot": slots,
        "write.success": (off < 1).mean(-1)[:, 0].astype(np.float32), "write.stored": np.zeros(samples, np.float32),
        "memory.contents": contents, "memory.alive": alive, "input.past": past[:, 0].copy(), "input.future": truth[:, 0].copy(),
    }  # fmt: skip
    if has_map:
        arrays |= {"scene.map": np.stack([_road()] * samples), "scene.reach": np.full(samples, 16, np.float32)}
    labels = {"sample": tuple(KINDS[turn + 1] for turn in turns), "scene.kind": KINDS}
    return _trace(BANK_MODEL, arrays, samples, 1, labels, slots=12)


def social_trace(samples: int = 2, agents: int = 4, futures: int = 1, seed: int = 1) -> Trace:
    """Agents on rays to a shared centre; the last one is absent in the first sample. Each is moved most by the one before it."""
    chance = np.random.default_rng(seed)
    each = PAST + FUTURE
    past, truth = _rays(samples, agents)
    guesses = np.stack([truth + chance.normal(0, 0.05, truth.shape) * (k + 1) for k in range(futures)], 2)
    present = np.ones((samples, agents), np.float32)
    present[0, -1] = 0
    waits = np.where(present > 0, np.arange(agents) - 1, -1)
    past, truth, guesses = (values * present.reshape(samples, agents, *(1,) * (values.ndim - 2)) for values in
                            (past, truth, guesses))  # fmt: skip
    who = np.stack([_moved(agents, scale, chance) for scale in (0.6, 2.0, 1.5)])
    who[0] /= who[0].sum(-1, keepdims=True)
    reads = np.stack([_shares(8, head % 8) for head in range(agents * futures)])
    arrays = {
        "scene.past": past, "scene.future": truth, "scene.foreseen": guesses, "scene.present": present,
        "scene.error": np.linalg.norm(guesses - truth[:, :, None], axis=-1).mean(-1).min(2).mean(1),
        "scene.waits": waits,
    }  # fmt: skip
    arrays = {name: np.repeat(np.asarray(values, np.float32), each, axis=0) for name, values in arrays.items()}
    arrays |= {
        "who.flow": _every(who[0], samples * each), "who.gradient": _every(who[1], samples * each),
        "who.counterfactual": _every(who[2], samples * each), "read.weighting": _every(reads, samples * each),
        "write.weighting": _every(reads[:: max(futures, 1)], samples * each),
        "memory.contents": chance.normal(size=(samples * each, 8, 4)).astype(np.float32),
    }  # fmt: skip
    labels = {"sample": tuple(f"{agents} agents" for _ in range(samples))}
    initial = {"memory.contents": np.zeros((8, 4), np.float32)}
    return replace(_trace(SHARED_MODEL, arrays, samples * each, each, labels, slots=8), initial=initial)


def in_the_world(trace: Trace, seed: int = 5) -> Trace:
    """The same stream, every sample turned and put somewhere else, with maps that are turned alike: a bare road, north up."""
    chance = np.random.default_rng(seed)
    angle, place = chance.uniform(-np.pi, np.pi, trace.steps), chance.uniform(-200, 200, (trace.steps, 2))
    turn = np.stack([np.stack([np.cos(angle), np.sin(angle)], -1), np.stack([-np.sin(angle), np.cos(angle)], -1)], 1)
    moved = {}
    for name in ("scene.past", "scene.future", "scene.foreseen"):
        values = trace.arrays[name]
        flat = values.reshape(trace.steps, -1, 2) @ turn + place[:, None]
        moved[name] = flat.reshape(values.shape).astype(np.float32)
    if "scene.map" in trace.arrays:
        moved["scene.map"] = np.stack([_turned_road(a) for a in angle])
    return replace(trace, arrays={**trace.arrays, **moved})


def without_truth(trace: Trace) -> Trace:
    """The same pasts, drawn by somebody who does not say what came of them."""
    unknown = np.full_like(trace.arrays["scene.future"], np.nan)
    errors = np.full_like(trace.arrays["scene.error"], np.nan)
    return replace(
        trace,
        card=replace(trace.card, own="0,0 0,1"),
        arrays={**trace.arrays, "scene.future": unknown, "scene.error": errors},
    )


def _trace(
    model: ModelCard, arrays: dict[str, np.ndarray], steps: int, each: int, labels: dict[str, tuple[str, ...]], slots: int
) -> Trace:
    card = TraceCard(
        model=model, task=TASK, settings={}, source=f"exhibit:{model.id}-made-up", update=900, weights="w900", seed=3,
        parameters=1, slots=slots, steps=steps, sample_steps=each, labels=labels, outcome={"ade": 0.3},
    )  # fmt: skip
    return Trace(card=card, arrays={name: np.asarray(values, np.float32) for name, values in arrays.items()})


def _line(points: int, chance: np.random.Generator) -> np.ndarray:
    """From below up to the origin."""
    y = np.linspace(-8, 0, points)
    return np.stack([chance.normal(0, 0.02, points), y], -1)


def _way(turn: float, chance: np.random.Generator) -> np.ndarray:
    """On from the origin: -1 to the left, 0 straight on, 1 to the right."""
    t = np.linspace(1 / FUTURE, 1, FUTURE) * 12
    bend = np.clip((t - 2) / 6, 0, 1) * turn * np.pi / 2
    ways = np.stack([np.sin(bend), np.cos(bend)], -1)
    return np.cumsum(ways, 0) + chance.normal(0, 0.03, (FUTURE, 2))


def _road() -> np.ndarray:
    """A crossing, 64 by 64."""
    found = np.zeros((64, 64), np.float32)
    found[:, 28:37] = found[18:27, :] = 1
    return found


def _turned_road(angle: float) -> np.ndarray:
    """The road of the car that comes from below, turned to the left by so much; row 0 is the north."""
    y, x = 16 - (np.mgrid[0:64, 0:64] + 0.5) / 2
    x = -x
    across, up = x * np.cos(angle) + y * np.sin(angle), -x * np.sin(angle) + y * np.cos(angle)
    return ((np.abs(across) < 2) | (np.abs(up - 5) < 2)).astype(np.float32)


def _rays(samples: int, agents: int) -> tuple[np.ndarray, np.ndarray]:
    angle = np.linspace(0, 2 * np.pi, agents, endpoint=False)[None] + np.arange(samples)[:, None] * 0.2
    out = np.stack([np.sin(angle), np.cos(angle)], -1)[:, :, None]
    come, go = np.linspace(1.6, 0.45, PAST)[:, None], np.linspace(0.42, -0.9, FUTURE)[:, None]
    return out * come, out * go


def _moved(agents: int, scale: float, chance: np.random.Generator) -> np.ndarray:
    """Each row's largest entry stands in the column before it."""
    found = chance.uniform(0, 0.2, (agents, agents)) * scale
    found[np.arange(agents), np.arange(agents) - 1] = scale
    np.fill_diagonal(found, 0)
    return found.astype(np.float32)


def _shares(count: int, best: int) -> np.ndarray:
    found = np.full(count, 0.3 / (count - 1), np.float32)
    found[best] = 0.7
    return found


def _every(value: np.ndarray, steps: int) -> np.ndarray:
    return np.repeat(value[None], steps, axis=0)
