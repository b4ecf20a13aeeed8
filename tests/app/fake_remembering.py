"""Figures of "Who remembered?" made up, for tests of the window."""

import numpy as np

from engine.contract.remembering import CONDITIONS, Cleared, Measure, Remembering

LOSS = Measure(name="loss", title="the loss", unit="bits per sequence")
PROBABILITY = Measure(name="probability", title="the probability of the target", more_is_better=True)


def remembering(
    needs: tuple[Cleared, ...] = ("episode",), kinds: tuple[Cleared, ...] = ("episode",), count: int = 64, one: bool = False,
    complete: bool = True, unit: str = "episode",
) -> Remembering:  # fmt: skip
    """Answers that cost 1 bit, and 40 more for each memory that they need and that is cleared."""
    chance = np.random.default_rng(3).uniform(0.5, 1.5, count)
    conditions = ("", *kinds, *(("both",) if len(kinds) == 2 else ()))
    values = {c: _values(chance, sum(c in (kind, "both") for kind in needs)) for c in CONDITIONS if c in conditions}
    absent = {kind: f"It has no {kind} memory." for kind in ("episode", "persistent") if kind not in kinds}
    return Remembering(
        model="ntm", task="copy", place="exhibit:ntm-copy", update=7000, seed=3, unit=unit, is_one_episode=one,  # type: ignore[arg-type]
        planned=64, is_complete=complete, measures=(LOSS, PROBABILITY), values=values, absent=absent,  # type: ignore[arg-type]
        steps=tuple(10 * (n + 1) for n in range(count)) if one else (), cleared=dict.fromkeys(kinds, ("memory.contents",)),
    )  # fmt: skip


def _values(chance: np.ndarray, harm: int) -> dict[str, np.ndarray]:
    bits = chance * (1 + 40 * harm)
    return {"loss": bits, "probability": np.exp(-bits / 100)}
