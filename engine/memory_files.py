"""Memories in files of their own: saved from a trained model or out of a stream, merged, emptied. A stream can start with one
(the setting `starts_with`)."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.blocks.bank import Bank
from engine.blocks.bank_file import Arrays, MemoryCard, banks_of, network_hash, read_memory, rows_of, write_memory
from engine.contract.cards import Role
from engine.contract.trace import Trace
from engine.sources import Opened
from engine.tasks.base import BadInputError


def save_memory(opened: Opened, path: Path, stream: Trace | None = None, step: int = -1) -> MemoryCard:
    """Write what lies in the model's memory; or in that of a stream of this model, after a step of it (-1: at its end), without
    what was removed. BadInputError if it has no memory that grows, or nothing lies in it."""
    banks = _banks(opened)
    rows = {name: rows_of(bank) for name, bank in banks.items()}
    source = opened.place
    if stream is not None:
        at = step if step >= 0 else stream.steps - 1
        if len(banks) > 1:
            raise BadInputError(
                f"{opened.place}: a stream shows one memory, and this model has {len(banks)}; save the trained one"
            )
        before = 0 if stream.card.settings.get("starts_with") == "empty" else int(opened.model.figures()["samples_presented"])
        rows = {name: _after(stream, at, before + at + 1, bank) for name, bank in banks.items()}
        source = f"{opened.place}, after sample {at + 1} of the stream of seed {stream.card.seed}"
    if not any(len(part["keys"]) for part in rows.values()):
        raise BadInputError(f"{opened.place}: nothing lies in this memory, so there is nothing to save")
    return _write(path, opened.model_entry.card.id, network_hash(opened.model), rows, source)


def empty_memory(opened: Opened, path: Path) -> MemoryCard:
    """Write a memory of this model in which nothing lies: what clearing leaves."""
    rows = {}
    for name, bank in _banks(opened).items():
        nothing = {part: array[:0] for part, array in rows_of(bank).items()}
        rows[name] = nothing | {"presented": np.zeros(1, np.float32)}
    return _write(path, opened.model_entry.card.id, network_hash(opened.model), rows, f"{opened.place}, cleared")


def merge_memories(paths: Sequence[Path], path: Path) -> MemoryCard:
    """Write one memory that holds what lies in each, the first one's slots first; a pair that lies in several of them goes in
    once. BadInputError if they are not memories of one network."""
    if len(paths) < 2:
        raise BadInputError("there is nothing to merge; name at least two memories")
    read = [read_memory(each) for each in paths]
    first = read[0][0]
    for each, (card, _) in zip(paths, read, strict=True):
        if (card.model, card.network, set(card.banks)) != (first.model, first.network, set(first.banks)):
            raise BadInputError(f"{each}: its codes were made by other weights than those of {paths[0]}; they cannot be merged")
    rows = {name: _together([banks[name] for _, banks in read]) for name in first.banks}
    source = " + ".join(card.source or str(each) for each, (card, _) in zip(paths, read, strict=True))
    return _write(path, first.model, first.network, rows, source)


def _banks(opened: Opened) -> dict[str, Bank]:
    banks = banks_of(opened.model)
    if not banks:
        raise BadInputError(f"{opened.place}: {opened.model_entry.card.short} has no memory that grows")
    return banks


def _after(stream: Trace, step: int, presented: int, bank: Bank) -> Arrays:
    """What a trace shows of the slots that are there after the step, under the names of the bank's buffers."""
    there = np.flatnonzero(_shown(stream, "alive", step) > 0)
    contents = np.asarray(stream.arrays[next(c.name for c in stream.channels.values() if c.kind == "memory")][step])[there]
    roles: dict[str, Role] = {
        "sample": "sample", "label": "holds", "written": "written", "reads": "reads", "best": "best",
        **({"kept_past": "kept_past", "kept_future": "kept_truth"} if "past" in bank.kept else {}),
    }  # fmt: skip
    if {f"kept_{name}" for name in bank.kept} - set(roles):
        raise BadInputError("a stream of this model does not show all that its memory keeps; save the trained memory")
    rows = {name: _shown(stream, role, step)[there] for name, role in roles.items()}
    rows |= {"keys": contents[:, : bank.keys.shape[1]], "values": contents[:, bank.keys.shape[1] :]}
    rows |= {"alive": np.ones(len(there)), "presented": np.array([presented])}
    return {name: np.array(array, np.float32, order="C") for name, array in rows.items()}


def _shown(stream: Trace, role: Role, step: int) -> np.ndarray:
    channel = next(iter(stream.of_role(role)), None)
    if channel is None:
        raise BadInputError("this trace shows no memory that grows")
    return np.asarray(stream.arrays[channel.name][step])


def _together(parts: list[Arrays]) -> Arrays:
    """One after the other; what was written later in a later memory counts on from the samples of those before it."""
    seen: set[bytes] = set()
    kept: list[Arrays] = []
    before = 0.0
    for part in parts:
        pairs = [key.tobytes() + value.tobytes() for key, value in zip(part["keys"], part["values"], strict=True)]
        new = [row for row, pair in enumerate(pairs) if pair not in seen]
        seen.update(pairs)
        rows = {name: array[new] for name, array in part.items() if name != "presented"}
        rows["written"] = rows["written"] + before
        kept.append(rows)
        before += float(part["presented"][0])
    whole = {name: np.concatenate([rows[name] for rows in kept]) for name in kept[0]}
    return whole | {"presented": np.array([before], np.float32)}


def _write(path: Path, model: str, network: str, rows: dict[str, Arrays], source: str) -> MemoryCard:
    first = next(iter(rows.values()))
    card = MemoryCard(
        model=model,
        network=network,
        banks={name: len(part["keys"]) for name, part in rows.items()},
        presented={name: int(part["presented"][0]) for name, part in rows.items()},
        key=first["keys"].shape[1],
        value=first["values"].shape[1],
        source=source,
    )
    write_memory(path, card, rows)
    return card
