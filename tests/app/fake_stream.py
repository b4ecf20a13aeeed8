"""One stream of samples made up twice, for tests of the comparison: by a memory that is wiped, and by one that lives on."""

from dataclasses import replace

import numpy as np

from engine.contract.cards import ModelCard
from engine.contract.trace import Array, Event, Phase, Trace
from engine.models import mantra_card, smemo_card
from engine.models.bank_card import SCORED
from fake_growing import growing_trace
from fake_trajectories import BANK_MODEL, SHARED_MODEL, TASK

PAST, FUTURE, FORESEEN = 20, 40, 5
EACH = PAST + FUTURE
ROWS, WIDE = 16, 20
KINDS = ("cross left", "go straight", "cross right", "U-turn")
_TURNS = (np.pi / 2, 0.0, -np.pi / 2, np.pi)

EPISODIC: ModelCard = replace(
    SHARED_MODEL, channels=(*(c for c in SHARED_MODEL.channels if c.organ != "who"), *SCORED),
    settings=tuple(setting for setting in smemo_card.CARD.settings if setting.name == "wipe"),
)  # fmt: skip


def persistent_stream(samples: int = 40) -> Trace:
    """A step for each sample; memory as in `growing_trace`, with the scenes and a test error that falls as slots come."""
    grown = growing_trace(samples)
    kinds = np.asarray(grown.arrays["scene.kind"]).astype(int)
    slots = np.asarray(grown.arrays["read.slot"]).astype(int)
    kept = np.asarray(grown.arrays["memory.kind"][0]).astype(int)
    ways = _ways(kinds, 1)
    guesses = np.where(
        (slots >= 0)[..., None, None], _ways(kept[np.maximum(slots, 0)].reshape(-1), 2).reshape(samples, -1, FUTURE, 2), 0
    )
    held = np.asarray(grown.arrays["memory.alive"]).sum(-1)
    arrays = _scene(kinds, ways, guesses) | _tests(0.4 + 3.6 * np.exp(-held / 8), samples)
    model = replace(
        BANK_MODEL, channels=(*grown.card.model.channels, *SCORED), micro_steps=grown.card.model.micro_steps,
        settings=tuple(setting for setting in mantra_card.CARD.settings if setting.name == "goes_on_writing"),
    )  # fmt: skip
    labels = {"sample": tuple(KINDS[kind] for kind in kinds), "scene.kind": KINDS, "memory.kind": KINDS}
    card = replace(
        grown.card, model=model, task=TASK, labels=labels, phases=_phases(samples, 1), source="exhibit:mantra-junctions"
    )
    return Trace(card=card, arrays={**grown.arrays, **arrays}, initial=grown.initial)


def episodic_stream(samples: int = 40) -> Trace:
    """`EACH` steps for each sample; rows fill one by one from their blank, and are wiped after each sample."""
    chance = np.random.default_rng(3)
    kinds = np.asarray(growing_trace(samples).arrays["scene.kind"]).astype(int)
    ways = _ways(kinds, 1)
    guess = _ways(np.ones(samples, int), 4)[:, None]
    blank = chance.uniform(-0.1, 0.1, (ROWS, WIDE)).astype(np.float32)
    target = chance.normal(0, 0.5, (8, ROWS, WIDE)).astype(np.float32)
    filled = np.clip(np.arange(1, EACH + 1)[:, None] / 4 - np.arange(ROWS) * 1.2, 0, 1).astype(np.float32)
    memory = np.concatenate([blank + filled[..., None] * (target[s % 8] - blank) for s in range(samples)])
    steps = samples * EACH
    place = np.arange(steps) % EACH // 5 % ROWS
    weighting = np.full((steps, 1, ROWS), 0.3 / (ROWS - 1), np.float32)
    weighting[np.arange(steps), 0, place] = 0.7
    scene = _scene(kinds, ways, guess) | _tests(np.full(samples, 2.0), samples)
    arrays = {name: np.repeat(value, EACH, axis=0) for name, value in scene.items()}
    arrays |= {"memory.contents": memory, "read.weighting": weighting, "write.weighting": weighting}
    wipes = tuple(
        Event(kind="wipe", step=(s + 1) * EACH - 1, says="the sample ends and the memory is wiped") for s in range(samples)
    )
    grown = growing_trace(2).card
    card = replace(
        grown, model=EPISODIC, task=TASK, source="exhibit:smemo-junctions", slots=ROWS, steps=steps, sample_steps=EACH,
        phases=_phases(samples, EACH), events=wipes, labels={"sample": tuple(KINDS[kind] for kind in kinds), "scene.kind": KINDS},
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.contents": blank})


def _phases(samples: int, each: int) -> tuple[Phase, ...]:
    ends = (0, samples * 3 // 10, samples * 7 // 10, samples)
    names = ("A straight + T", "B + crossings", "C + U-turns")
    return tuple(
        Phase(name=name, first=first * each, last=last * each - 1)
        for name, first, last in zip(names, ends[:-1], ends[1:], strict=True)
    )


def _tests(errors: Array, samples: int) -> dict[str, Array]:
    """Measured every 20 samples, and held in between."""
    held = np.asarray(errors, np.float32)[np.arange(samples) // 20 * 20]
    return {
        "test.error": held, "test.off": np.full(samples, 4.0, np.float32), "test.plain": np.full(samples, 3.9, np.float32),
    }  # fmt: skip


def _scene(kinds: Array, ways: Array, guesses: Array) -> dict[str, Array]:
    samples = len(kinds)
    past = np.zeros((samples, 1, PAST, 2), np.float32)
    past[..., 1] = np.arange(1 - PAST, 1) * 0.6
    off = np.linalg.norm(guesses - ways[:, None], axis=-1)
    return {
        "scene.past": past, "scene.future": ways[:, None], "scene.foreseen": guesses[:, None].astype(np.float32),
        "scene.present": np.ones((samples, 1), np.float32), "scene.error": off.mean(-1).min(-1).astype(np.float32),
        "scene.kind": kinds.astype(np.float32), "scene.map": np.stack([_crossing()] * samples),
        "scene.reach": np.full(samples, 24, np.float32),
    }  # fmt: skip


def _crossing() -> Array:
    found = np.zeros((48, 48), np.float32)
    found[:, 21:27] = found[16:22, :] = 1
    return found


def _ways(kinds: Array, seed: int) -> Array:
    """What comes of each sort, `(sample, F, 2)` metres."""
    chance = np.random.default_rng(seed)
    turn = np.array(_TURNS)[kinds] + chance.normal(0, 0.1, len(kinds))
    angle = np.clip((np.arange(1, FUTURE + 1) - 6) / 14, 0, 1)[None] * turn[:, None]
    moves = np.stack((-np.sin(angle), np.cos(angle)), -1) * 0.5
    return moves.cumsum(1).astype(np.float32)
