"""Traces made up for tests of the window: a stream of samples, and a memory of pairs that grows as it goes on."""

from dataclasses import dataclass, field, replace

import numpy as np

from engine.contract.cards import Channel, Metric, MicroStep, ModelCard, Setting, TaskCard
from engine.contract.trace import Array, Event, Phase, Trace, TraceCard
from engine.models.bank_card import DECIDED, HELD, RETRIEVED

KINDS = ("cross left", "go straight", "cross right", "U-turn")
PAST, FUTURE, CODE = 8, 12, 6
W, B = -12.0, 6.0
"""Of the writing controller: the threshold is 0.5."""

_KEPT = {
    "past": ("kept_past", "past kept"), "future": ("kept_truth", "future kept"), "decoded": ("decoded", "future decoded"),
}  # fmt: skip
PATHS = tuple(
    Channel(
        name=f"memory.{name}", axes=("slot", "time", "xy"), kind="trajectory", role=role, bounded=False, low=-1.0,
        lifetime="persistent", once=True, title=title, says="Metres, seen from the one who moves.",
    )
    for name, (role, title) in _KEPT.items()
)  # fmt: skip
PICTURES = tuple(
    Channel(
        name=f"memory.{name}", axes=("slot", "row", "column", "colour"), kind="image", role=role, lifetime="persistent",
        once=True, title=title, says="As it was presented.",
    )
    for name, role, title in (("top", "kept_past", "top kept"), ("bottom", "kept_truth", "bottom kept"))
)  # fmt: skip

STREAM = TaskCard(
    id="junctions", name="Junctions", form="trajectories", idea="Where will it go?", settings=(),
    channels=(
        Channel(name="scene.foreseen", axes=("agent", "future", "time", "xy"), kind="trajectory", role="foreseen", bounded=False,
                low=-1.0, title="what is foreseen", says="One path a retrieved slot."),
        Channel(name="scene.error", axes=(), kind="scalar", role="error", bounded=False, title="error", says="Metres."),
        Channel(name="scene.kind", axes=(), kind="tokens", role="input", bounded=False, low=-1.0, title="sort", says="The sort."),
    ),
    metrics=(Metric(name="ade", title="error", says="Metres.", unit="m"),),
)  # fmt: skip

GROWS = ModelCard(
    id="mantra", name="Memory of what followed", short="MANTRA", year=2020, paper="Marchetti et al. 2020", memory="persistent",
    idea="Keeps what was worth keeping.", slots_are="past-future pairs", forms=("trajectories",),
    settings=(Setting(name="starts_with", default="trained", says="Which memory a stream starts with."),),
    channels=(*RETRIEVED, *DECIDED, *HELD, *PATHS),
    micro_steps=(
        MicroStep(name="match", says="It looks for alike pasts.", channels=("match.likeness",)),
        MicroStep(name="read", says="It takes the futures.", channels=("read.weighting",)),
        MicroStep(name="write decision", says="It decides.", channels=("write.stored",)),
    ),
    first_panes=("Memory browser", "Write decision", "Lifetimes"),
)  # fmt: skip


def growing_trace(samples: int = 40, seed: int = 0, *, futures: int = 5, limit: int = 999, garments: bool = False) -> Trace:
    """`limit`: so many slots there may be; then what is worth a slot is refused, or (a negative limit) takes an older one's."""
    run = _Run(samples, seed, futures, limit)
    arrays = run.arrays()
    model = GROWS
    if garments:
        model = replace(GROWS, channels=(*RETRIEVED, *DECIDED, *HELD, *PICTURES))
        arrays = {name: value for name, value in arrays.items() if name not in {c.name for c in PATHS}}
        arrays |= {c.name: _once(run.pictures(place), samples) for place, c in enumerate(PICTURES)}
    card = TraceCard(
        model=model, task=STREAM, settings={}, source=f"exhibit:mantra-{seed}", update=900, weights=f"m{seed}", seed=seed,
        parameters=1, slots=run.slots, steps=samples, sample_steps=1,
        phases=(Phase(name="A", first=0, last=samples // 2 - 1), Phase(name="B", first=samples // 2, last=samples - 1)),
        events=tuple(
            Event(kind="write", step=step, slot=slot, says=f"the sample is stored as slot {slot}")
            for step, slot in enumerate(run.stored_as)
            if slot >= 0
        ),
        labels={
            "scene.kind": KINDS, "memory.kind": KINDS,
            "sample": tuple(f"{KINDS[kind]}, no. {number + 1}" for number, kind in enumerate(run.kinds)),
        },
        outcome={"ade": 0.5},
    )  # fmt: skip
    return Trace(card=card, arrays=arrays, initial={"memory.alive": np.zeros(run.slots, np.float32)})


def without_slot(trace: Trace, slot: int, step: int) -> Trace:
    """The same trace, with a slot that is gone after a step."""
    alive = np.array(trace.arrays["memory.alive"])
    alive[step:, slot] = 0
    return replace(trace, arrays={**trace.arrays, "memory.alive": alive})


def huge_trace(slots: int = 100_000, steps: int = 24, futures: int = 20, features: int = 96) -> Trace:
    """A memory of very many slots, most of them there from the start; each sample adds one. `features`: numbers in a slot."""
    chance = np.random.default_rng(1)
    small = growing_trace(steps, futures=futures)
    turn = chance.integers(0, len(KINDS), slots)
    paths = _paths(turn, chance)
    base = slots - steps
    alive = np.ones((steps, slots), np.float32)
    write = np.zeros((steps, 1, slots), np.float32)
    for step in range(steps):
        alive[step, base + step + 1 :] = 0
        write[step, 0, base + step] = 1
    likeness = chance.random((steps, slots), np.float32) * alive
    reads = np.tile(chance.integers(0, 9, slots).astype(np.float32), (steps, 1))
    top = np.argpartition(-likeness, futures, axis=1)[:, :futures]
    top = np.take_along_axis(top, np.argsort(-np.take_along_axis(likeness, top, 1), axis=1), 1)
    read = np.zeros((steps, 1, slots), np.float32)
    read[np.arange(steps)[:, None], 0, top] = 1 / futures
    for step in range(1, steps):
        reads[step] = reads[step - 1]
        reads[step, top[step]] += 1
    written = np.arange(1, slots + 1, dtype=np.float32)
    arrays = {
        **small.arrays, "match.likeness": likeness, "memory.alive": alive, "memory.reads": reads,
        "memory.best": np.floor(reads / 3), "read.weighting": read, "write.weighting": write,
        "read.slot": top.astype(np.float32), "memory.written": _once(written, steps), "memory.sample": _once(written - 1, steps),
        "memory.kind": _once(turn.astype(np.float32), steps),
        "memory.contents": _once(chance.standard_normal((slots, features), np.float32), steps),
        **{f"memory.{name}": _once(value, steps) for name, value in paths.items()},
    }  # fmt: skip
    events = tuple(Event(kind="write", step=step, slot=base + step) for step in range(steps))
    return Trace(
        card=replace(small.card, slots=slots, events=events), arrays=arrays, initial={"memory.alive": alive[0] - write[0, 0]}
    )


@dataclass
class _Run:
    """The stream is gone through once, and everything kept."""

    samples: int
    seed: int
    futures: int
    limit: int
    stored_as: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        chance = np.random.default_rng(self.seed)
        half = self.samples // 2
        self.kinds = np.concatenate((chance.integers(0, 2, half), chance.integers(0, 4, self.samples - half)))
        self.paths = _paths(self.kinds, chance)
        self.codes = np.concatenate(
            (self.paths["past"][:, :3].reshape(self.samples, -1) + chance.normal(0, 0.3, (self.samples, CODE)),), -1
        )
        self.owner: list[int] = []
        """Which sample wrote each slot."""
        self.gone: set[int] = set()
        self.steps: list[dict[str, object]] = []
        self.reads, self.best = np.zeros(self.samples), np.zeros(self.samples)
        for sample in range(self.samples):
            self._present(sample)

    @property
    def slots(self) -> int:
        return max(len(self.owner), 1)

    def _present(self, sample: int) -> None:
        there = [slot for slot in range(len(self.owner)) if slot not in self.gone]
        keys = self.codes[[self.owner[slot] for slot in there]].reshape(-1, CODE)
        likeness = keys @ self.codes[sample] / (np.linalg.norm(keys, axis=-1) * np.linalg.norm(self.codes[sample]))
        order = np.argsort(-likeness, kind="stable")[: self.futures]
        found = [there[place] for place in order]
        success = [self._success(sample, self.owner[slot]) for slot in found]
        best = max(success, default=0.0)
        if found:
            self.reads[found] += 1
            self.best[found[int(np.argmax(success))]] += 1
        probability = 1 / (1 + np.exp(-(W * best + B)))
        slot = self._store(sample, there) if probability > 0.5 else -1
        self.stored_as.append(slot)
        self.steps.append(
            {
                "there": there,
                "likeness": likeness,
                "found": found,
                "success": success,
                "best": best,
                "p": probability,
                "slot": slot,
                "reads": self.reads.copy(),
                "bests": self.best.copy(),
                "gone": set(self.gone),
            }  # fmt: skip
        )

    def _store(self, sample: int, there: list[int]) -> int:
        if len(there) >= abs(self.limit):
            if self.limit > 0:
                return -1
            self.gone.add(min(there, key=lambda slot: (self.best[slot], slot)))
        self.owner.append(sample)
        return len(self.owner) - 1

    def _success(self, sample: int, other: int) -> float:
        away = np.linalg.norm(self.paths["future"][sample] - self.paths["future"][other], axis=-1)
        return float((away < np.linspace(0.8, 4, FUTURE)).mean())

    def arrays(self) -> dict[str, Array]:
        count, slots, futures = self.samples, self.slots, self.futures
        found = {
            name: np.zeros((count, slots), np.float32)
            for name in ("match.likeness", "memory.alive", "memory.reads", "memory.best")
        }
        found |= {name: np.zeros((count, 1, slots), np.float32) for name in ("read.weighting", "write.weighting")}
        found["read.slot"] = np.full((count, futures), -1, np.float32)
        found["write.success"] = np.full((count, futures), np.nan, np.float32)
        for step, did in enumerate(self.steps):
            found["match.likeness"][step, did["there"]] = did["likeness"]
            alive = [slot for slot in [*did["there"], did["slot"]] if slot >= 0 and slot not in did["gone"]]
            found["memory.alive"][step, alive] = 1
            found["memory.reads"][step], found["memory.best"][step] = did["reads"][:slots], did["bests"][:slots]
            if did["found"]:
                found["read.weighting"][step, 0, did["found"]] = 1 / len(did["found"])
            found["read.slot"][step, : len(did["found"])] = did["found"]
            found["write.success"][step, : len(did["found"])] = did["success"]
            if did["slot"] >= 0:
                found["write.weighting"][step, 0, did["slot"]] = 1
        best = np.array([did["best"] for did in self.steps], np.float32)
        stored = np.array([float(did["slot"] >= 0) for did in self.steps], np.float32)
        owner = np.array(self.owner or [0])
        kept = {f"memory.{name}": _once(self.paths[name][owner], count) for name in self.paths}
        return found | kept | {
            "write.best": best, "write.threshold": np.full(count, -B / W, np.float32),
            "write.probability": np.array([did["p"] for did in self.steps], np.float32), "write.stored": stored,
            "match.key": self.codes.astype(np.float32), "memory.contents": _once(self.codes[owner].astype(np.float32), count),
            "memory.written": _once(owner + 1.0, count), "memory.sample": _once(owner * 3.0, count),
            "memory.kind": _once(self.kinds[owner].astype(float), count), "scene.error": (1 - best) * 3,
            "scene.kind": self.kinds.astype(np.float32), "scene.foreseen": self._foreseen(owner, found["read.slot"]),
        }  # fmt: skip

    def _foreseen(self, owner: Array, slots: Array) -> Array:
        """What is decoded from each retrieved slot; nothing where there is none."""
        paths = self.paths["decoded"][owner][np.maximum(slots, 0).astype(int)]
        return np.where(slots[..., None, None] >= 0, paths, 0)[:, None].astype(np.float32)

    def pictures(self, place: int) -> Array:
        """A patch of colour for each slot: the top, or the bottom."""
        chance = np.random.default_rng(5 + place)
        colours = chance.random((len(KINDS), 3))
        found = np.ones((self.slots, 16, 16, 3), np.float32)
        found[:, 3:13, 4:12] = colours[self.kinds[np.array(self.owner or [0])]][:, None, None]
        return found


def _once(value: Array, steps: int) -> Array:
    """One value, at every step."""
    value = np.asarray(value, np.float32)
    return np.broadcast_to(value, (steps, *value.shape))


def _paths(kinds: Array, chance: np.random.Generator) -> dict[str, Array]:
    """What was seen, coming from below, and what came of it, in metres: a turn to one side, straight on, or back."""
    turn = np.array([np.pi / 2, 0.0, -np.pi / 2, np.pi])[kinds] + chance.normal(0, 0.12, len(kinds))
    speed = np.clip(chance.normal(1.2, 0.2, len(kinds)), 0.5, None)
    past = np.zeros((len(kinds), PAST, 2), np.float32)
    past[..., 1] = np.arange(1 - PAST, 1) * speed[:, None]
    past[..., 0] += chance.normal(0, 0.05, (len(kinds), PAST)) * (np.arange(PAST) < PAST - 1)
    angle = np.clip(np.arange(1, FUTURE + 1) / 5, 0, 1)[None] * turn[:, None]
    moves = np.stack((-np.sin(angle), np.cos(angle)), -1) * speed[:, None, None]
    future = moves.cumsum(1)
    decoded = future + chance.normal(0, 0.15, future.shape).cumsum(1) * 0.4
    return {"past": past, "future": future.astype(np.float32), "decoded": decoded.astype(np.float32)}
