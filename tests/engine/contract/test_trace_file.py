"""A trace file comes back as it went, maps its arrays, and refuses what is damaged, foreign or newer in one sentence."""

import contextlib
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.cards import Channel, ModelCard, TaskCard
from engine.contract.files import BadFileError
from engine.contract.trace import Trace, TraceCard
from engine.contract.trace_file import read_trace, write_trace


def _trace(steps: int = 3) -> Trace:
    memory = Channel(name="memory.contents", axes=("slot", "feature"), kind="memory", says="s", title="memory", bounded=False)
    error = Channel(name="tape.error", axes=(), kind="scalar", says="s", title="error", role="error", high=8)
    model = ModelCard(
        id="m", name="M", short="M", year=2000, paper="p", memory="episodic", idea="i", slots_are="rows", forms=("sequence",),
        settings=(), channels=(memory,),
    )  # fmt: skip
    task = TaskCard(id="t", name="T", form="sequence", idea="i", settings=(), channels=(error,), metrics=())
    card = TraceCard(
        model=model, task=task, settings={"slots": 4}, source="exhibit:x", update=7, weights="abc", seed=1, parameters=9,
        slots=4, steps=steps, labels={"slot": ("a", "b")},
    )  # fmt: skip
    contents = np.arange(steps * 8, dtype=np.float32).reshape(steps, 4, 2)
    return Trace(
        card=card,
        arrays={"memory.contents": contents, "tape.error": np.full(steps, np.nan, np.float32)},
        initial={"memory.contents": np.zeros((4, 2), np.float32)},
    )


def test_a_trace_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "episode.safetensors"

    write_trace(_trace(), path)
    back = read_trace(path)

    assert back.card == _trace().card
    np.testing.assert_array_equal(back.arrays["memory.contents"], _trace().arrays["memory.contents"])
    np.testing.assert_array_equal(back.at("memory.contents", -1), np.zeros((4, 2)))


def test_arrays_are_mapped_and_not_read(tmp_path: Path) -> None:
    write_trace(_trace(), tmp_path / "t.safetensors")

    assert isinstance(read_trace(tmp_path / "t.safetensors").arrays["memory.contents"], np.memmap)


def test_a_newer_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "t.safetensors"
    write_trace(_trace(), path)
    raw = path.read_bytes()
    length = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + length])
    card = json.loads(header["__metadata__"]["card"]) | {"format": 99}
    header["__metadata__"]["card"] = json.dumps(card)
    written = json.dumps(header).encode()
    path.write_bytes(len(written).to_bytes(8, "little") + written + raw[8 + length :])

    with pytest.raises(BadFileError, match="newer Slotscope"):
        read_trace(path)


def test_a_file_that_is_missing_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match=r"nothing\.safetensors"):
        read_trace(tmp_path / "nothing.safetensors")


def test_weights_of_another_program_are_refused(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    save_file({"w": np.zeros(3, np.float32)}, tmp_path / "w.safetensors")

    with pytest.raises(BadFileError, match="not a trace"):
        read_trace(tmp_path / "w.safetensors")


@given(data=st.data())
def test_a_damaged_file_is_refused_or_read_but_never_crashes(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("damaged") / "t.safetensors"
    write_trace(_trace(), path)
    raw = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        raw = raw[: data.draw(st.integers(0, len(raw) - 1))]
    else:
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(bytes(raw))

    with contextlib.suppress(BadFileError):
        trace = read_trace(path)
        assert trace.steps == len(trace.arrays["tape.error"])


def test_a_failed_write_leaves_the_old_file_and_no_rubbish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.safetensors"
    write_trace(_trace(3), path)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_trace(_trace(5), path)

    assert read_trace(path).steps == 3
    assert [p.name for p in tmp_path.iterdir()] == ["t.safetensors"]
