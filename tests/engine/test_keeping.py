"""The memory of a stream, kept in a file as the window wishes it."""

from pathlib import Path

import pytest

from engine.blocks.bank_file import read_memory
from engine.contract.messages import EpisodeWish, KeepMemory, MemoryKept, Refused, Request, Source
from engine.keeping import keep_memory
from engine.tasks.base import BadInputError
from tests.engine.test_memory_files import a_stream, opened
from tests.engine.test_service import Asker


def test_it_is_kept_as_it_was_after_the_step(tmp_path: Path) -> None:
    source = opened()
    stream = a_stream(source)

    slots = keep_memory(source, stream, 5, tmp_path / "new" / "memory")

    assert slots == int(stream.arrays["memory.alive"][5].sum())
    assert read_memory(tmp_path / "new" / "memory")[0].banks == {"bank": slots}


def test_merged_with_itself_it_stays_the_same_and_nothing_else_is_left_behind(tmp_path: Path) -> None:
    source = opened()
    stream = a_stream(source)
    once = keep_memory(source, stream, 5, tmp_path / "once")

    assert keep_memory(source, stream, 5, tmp_path / "twice", tmp_path / "once") == once
    later = keep_memory(source, stream, 9, tmp_path / "more", tmp_path / "once")
    assert later == int(stream.arrays["memory.alive"][9].sum())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["more", "once", "twice"]


def test_what_cannot_be_merged_leaves_nothing_behind(tmp_path: Path) -> None:
    source, other = opened(), opened(seed=1)
    keep_memory(other, a_stream(other), 5, tmp_path / "other")

    with pytest.raises(BadInputError, match="made by other weights"):
        keep_memory(source, a_stream(source), 5, tmp_path / "both", tmp_path / "other")

    assert [path.name for path in tmp_path.iterdir()] == ["other"]


def test_a_network_without_such_a_memory_is_refused_in_a_sentence(tmp_path: Path) -> None:
    wish = KeepMemory(
        request=Request(4), source=Source(place="exhibit:ntm-copy"), episode=EpisodeWish(seed=0), step=3,
        path=str(tmp_path / "memory"),
    )  # fmt: skip

    answer = Asker().ask(wish)[-1]

    assert isinstance(answer, Refused)
    assert "has no memory that grows" in answer.sentence
    assert not isinstance(answer, MemoryKept)
