"""Memories in files of their own: what is saved comes back, two become one, and other weights refuse it."""

from pathlib import Path

import numpy as np
import pytest
import torch

from engine.blocks.bank_file import MemoryCard, network_hash, read_bank, read_memory, write_memory
from engine.contract.cards import Settings
from engine.contract.edits import Edit
from engine.contract.files import BadFileError
from engine.contract.messages import EpisodeWish
from engine.memory_files import empty_memory, merge_memories, save_memory
from engine.recording import record
from engine.sources import Opened
from engine.tasks.base import BadInputError
from engine.trace_cache import key_of
from engine.training.assemble import assemble

SMALL: Settings = {"width": 6, "slots": 30, "samples": 40, "length": 12, "map": False}


def opened(seed: int = 0, model: str = "mantra", task: str = "junctions", **wished: str) -> Opened:
    """A small network with fresh weights, as a source."""
    made = assemble(model, task, {**SMALL, **wished} if model == "mantra" else {}, seed)
    made.model.eval()
    return Opened(
        model=made.model, task=made.task, model_entry=made.model_entry, task_entry=made.task_entry, settings=made.settings,
        update=0, seed=seed, weights_hash="", place="a run", parameters=made.parameters, slots=made.model.slots,
    )  # fmt: skip


def a_stream(source: Opened, seed: int = 0, edits: tuple[Edit, ...] = ()):  # noqa: ANN201 (a trace)
    return record(source, EpisodeWish(seed=seed), edits)


def test_a_memory_saved_out_of_a_stream_foresees_what_the_stream_would_next(tmp_path: Path) -> None:
    source = opened()
    stream = a_stream(source)

    card = save_memory(source, tmp_path / "six", stream, 5)

    rows = int(stream.arrays["memory.alive"][5].sum())
    assert card.banks == {"bank": rows}
    assert card.presented == {"bank": 6}
    going_on = opened(starts_with=str(tmp_path / "six"))
    key = torch.from_numpy(np.array(stream.arrays["match.key"][6]))[None]
    slots = going_on.model.memory.nearest(key, 5).slot[0].tolist()
    assert slots == [int(slot) for slot in stream.arrays["read.slot"][6] if slot >= 0]


def test_a_slot_that_was_removed_is_not_saved(tmp_path: Path) -> None:
    source = opened()
    removed = a_stream(source, edits=(Edit(act="erase", channel="memory.alive", step=3, index=(0,)),))

    whole, less = (save_memory(source, tmp_path / "m", stream) for stream in (a_stream(source), removed))

    assert whole.banks["bank"] - less.banks["bank"] == 1


def test_merging_keeps_every_pair_once_and_counts_on(tmp_path: Path) -> None:
    source = opened()
    one = save_memory(source, tmp_path / "one", a_stream(source, 0))
    two = save_memory(source, tmp_path / "two", a_stream(source, 1))

    both = merge_memories((tmp_path / "one", tmp_path / "two", tmp_path / "one"), tmp_path / "both")

    _, banks = read_memory(tmp_path / "both")
    assert both.banks["bank"] == one.banks["bank"] + two.banks["bank"]
    assert (np.diff(banks["bank"]["written"]) > 0).all()
    assert both.presented == {"bank": 36}


def test_what_was_cleared_is_an_empty_memory_of_the_same_network(tmp_path: Path) -> None:
    source = opened()

    empty_memory(source, tmp_path / "none")

    assert read_bank(tmp_path / "none", source.model, "bank").rows == 0
    assert a_stream(opened(starts_with=str(tmp_path / "none"))).arrays["memory.alive"][0].sum() == 1


def test_a_file_that_is_written_anew_is_another_memory_to_a_stream_and_to_what_is_kept_of_it(tmp_path: Path) -> None:
    source, place = opened(), tmp_path / "m"
    save_memory(source, place, a_stream(source), 3)
    reader = opened(starts_with=str(place))
    before, rows = key_of(reader, EpisodeWish(seed=0)), reader.model.memory.rows

    save_memory(source, place, a_stream(source))

    assert reader.model.memory.rows > rows
    assert key_of(reader, EpisodeWish(seed=0)) != before


def test_the_codes_of_other_weights_are_refused(tmp_path: Path) -> None:
    save_memory(opened(0), tmp_path / "m", a_stream(opened(0)))
    save_memory(opened(1), tmp_path / "n", a_stream(opened(1)))

    with pytest.raises(BadFileError, match="made by other weights"):
        a_stream(opened(1, starts_with=str(tmp_path / "m")))
    with pytest.raises(BadInputError, match="cannot be merged"):
        merge_memories((tmp_path / "m", tmp_path / "n"), tmp_path / "both")


def test_nothing_to_save_and_nothing_that_grows_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nothing lies in this memory"):
        save_memory(opened(), tmp_path / "m")
    with pytest.raises(BadInputError, match="LSTM has no memory that grows"):
        save_memory(opened(model="lstm", task="copy"), tmp_path / "m")


def test_files_that_are_no_memory_are_one_sentence(tmp_path: Path) -> None:
    source = opened()
    save_memory(source, tmp_path / "m", a_stream(source))
    (tmp_path / "cut").write_bytes((tmp_path / "m").read_bytes()[:-7])
    (tmp_path / "text").write_text("a note")

    for name, words in (("cut", "damaged"), ("text", "damaged"), ("nowhere", "no such file")):
        with pytest.raises(BadFileError, match=words):
            read_memory(tmp_path / name)


def test_a_memory_of_another_width_is_refused(tmp_path: Path) -> None:
    source = opened()
    save_memory(source, tmp_path / "m", a_stream(source))
    card, banks = read_memory(tmp_path / "m")
    cut = {"bank": banks["bank"] | {"keys": banks["bank"]["keys"][:, :3]}}
    write_memory(tmp_path / "other", card, cut)

    with pytest.raises(BadFileError, match="of another size"):
        read_bank(tmp_path / "other", source.model, "bank")


def test_the_network_of_a_memory_changes_with_any_weight_and_not_with_what_is_stored() -> None:
    model = opened().model
    before = network_hash(model)

    model.bank.presented += 1
    same = network_hash(model)
    with torch.no_grad():
        model.codec.out.bias += 1e-3

    assert before == same != network_hash(model)


def test_a_card_of_a_newer_version_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = MemoryCard(model="mantra", network="", banks={}, presented={}, key=1, value=1)
    monkeypatch.setattr("engine.blocks.bank_file.FORMAT", 2)
    write_memory(tmp_path / "m", replace_source(card), {})
    monkeypatch.undo()

    with pytest.raises(BadFileError, match="newer Slotscope"):
        read_memory(tmp_path / "m")


def replace_source(card: MemoryCard) -> MemoryCard:
    """The same card of another source."""
    return MemoryCard(**{name: getattr(card, name) for name in card.__struct_fields__} | {"source": "a later one"})
