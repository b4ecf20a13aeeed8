"""The cache of traces: found again, bounded, and never trusting a file that is not whole."""

import os
from pathlib import Path

import numpy as np
import pytest

from engine.contract.cards import Channel, ModelCard, TaskCard
from engine.contract.trace import Trace, TraceCard
from engine.trace_cache import TraceCache, trace_key


@pytest.fixture
def trace() -> Trace:
    channel = Channel(name="state.hidden", axes=("unit",), kind="vector", says="What it holds.", title="state")
    model = ModelCard(
        id="m", name="M", short="M", year=2000, paper="", memory="", idea="", slots_are="units", forms=("sequence",),
        settings=(), channels=(channel,),
    )  # fmt: skip
    task = TaskCard(id="t", name="T", form="sequence", idea="", settings=(), channels=(), metrics=())
    card = TraceCard(
        model=model, task=task, settings={}, source="exhibit:m", update=1, weights="w", seed=0, parameters=1, slots=1, steps=9
    )
    return Trace(card=card, arrays={"state.hidden": np.zeros((9, 100), np.float32)})


def test_a_trace_is_found_again(tmp_path: Path, trace: Trace) -> None:
    cache = TraceCache(tmp_path)

    path = cache.add("one", trace)

    assert cache.find("one") == path
    assert cache.find("two") is None


def test_a_damaged_trace_is_not_found(tmp_path: Path, trace: Trace) -> None:
    cache = TraceCache(tmp_path)
    path = cache.add("one", trace)

    path.write_bytes(path.read_bytes()[:500])

    assert cache.find("one") is None


def test_the_least_recently_used_goes_first_and_the_newest_stays(tmp_path: Path, trace: Trace) -> None:
    size = TraceCache(tmp_path / "scale").add("x", trace).stat().st_size
    cache = TraceCache(tmp_path / "traces", most_bytes=2 * size)
    for age, key in ((30, "old"), (20, "used")):
        path = cache.add(key, trace)
        os.utime(path, (path.stat().st_atime - age, path.stat().st_mtime - age))
    os.utime(tmp_path / "traces" / "old.safetensors", (1, 1))

    cache.find("old")
    os.utime(tmp_path / "traces" / "used.safetensors", (2, 2))
    cache.add("new", trace)

    assert cache.find("old") is not None
    assert cache.find("used") is None
    assert cache.find("new") is not None


def test_one_trace_larger_than_the_cache_is_still_kept(tmp_path: Path, trace: Trace) -> None:
    cache = TraceCache(tmp_path, most_bytes=10)

    cache.add("large", trace)

    assert cache.find("large") is not None


def test_what_a_killed_process_left_half_written_goes(tmp_path: Path, trace: Trace) -> None:
    left = tmp_path / ".one.safetensors.abc"
    left.write_bytes(b"half")
    os.utime(left, (1, 1))

    TraceCache(tmp_path).add("two", trace)

    assert not left.exists()


def test_the_key_changes_with_whatever_was_asked() -> None:
    asked = trace_key("exhibit:m", 1, "w", {"length": 20, "slots": 4}, ())

    assert asked == trace_key("exhibit:m", 1, "w", {"slots": 4, "length": 20}, ())
    assert asked != trace_key("exhibit:m", 1, "w", {"slots": 4, "length": 21}, ())
    assert asked != trace_key("exhibit:m", 2, "w", {"slots": 4, "length": 20}, ())
