"""What is the same at all steps of a sample reads as if it stood there at each, and is kept once a sample."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.contract.by_sample import BySample, as_kept, by_sample
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace_file import read_trace, write_trace
from engine.recording import record
from engine.sources import EXHIBIT, open_source

SAMPLES = arrays(np.float32, st.tuples(st.integers(1, 4), st.integers(1, 3)), elements=st.floats(-9, 9, width=32))


@given(SAMPLES, st.integers(2, 5), st.data())
def test_every_place_of_it_is_that_of_the_repeated_array(samples: np.ndarray, each: int, data: st.DataObject) -> None:
    kept, whole = BySample(samples, each), np.repeat(samples, each, 0)
    step, stretch = data.draw(st.integers(-len(whole), len(whole) - 1)), data.draw(st.slices(len(whole)))

    assert (kept.shape, kept.ndim, kept.size, len(kept)) == (whole.shape, whole.ndim, whole.size, len(whole))
    np.testing.assert_array_equal(kept[step], whole[step])
    np.testing.assert_array_equal(kept[step, 0], whole[step, 0])
    np.testing.assert_array_equal(kept[stretch], whole[stretch])
    np.testing.assert_array_equal(kept[stretch, 0], whole[stretch, 0])
    np.testing.assert_array_equal(kept[:, 0], whole[:, 0])
    np.testing.assert_array_equal(kept[whole[:, 0] > 0], whole[whole[:, 0] > 0])
    np.testing.assert_array_equal(np.asarray(kept, np.float64), whole)
    np.testing.assert_array_equal(list(kept), list(whole))  # type: ignore[call-overload]  # it ends like any sequence


def test_a_step_beyond_the_last_is_no_place_in_it() -> None:
    with pytest.raises(IndexError):
        BySample(np.zeros((2, 1), np.float32), 3)[6]


def test_where_each_sample_is_one_step_the_array_itself_is_kept() -> None:
    samples = np.zeros((2, 1), np.float32)

    assert by_sample(samples, 1) is samples


def test_the_map_of_a_stream_is_kept_once_a_sample_in_memory_and_in_its_file(tmp_path: Path) -> None:
    opened = open_source(Source(place=EXHIBIT + "smemo-junctions"), {"map": True, "length": 4})

    trace = record(opened, EpisodeWish(seed=0))
    write_trace(trace, tmp_path / "stream.safetensors")
    again = read_trace(tmp_path / "stream.safetensors")

    side = trace.arrays["scene.map"].shape[-1]
    assert trace.arrays["scene.map"].shape == (240, side, side)
    assert [as_kept(found.arrays["scene.map"]).shape for found in (trace, again)] == [(4, side, side)] * 2
    for name, array in trace.arrays.items():
        np.testing.assert_array_equal(again.arrays[name], array)
