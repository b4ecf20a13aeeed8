"""Data as files: what is shown as CSV, its channels as NPZ, the whole trace."""

import csv
from pathlib import Path

import numpy as np
import pytest

from app.export.data import copy_trace, write_data
from app.state.panes import pane
from engine.contract.trace_file import read_trace
from fake_traces import ntm_trace


def test_a_table_becomes_comma_separated_values(tmp_path: Path):
    table = ["slot", "says, exactly", "weighting"], [[0, 'a "word"', 0.25], [1, "", float("nan")]]

    write_data(ntm_trace(), [], table, tmp_path / "shown.csv")

    with (tmp_path / "shown.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["slot", "says, exactly", "weighting"], ["0", 'a "word"', "0.25"], ["1", "", ""]]


def test_npz_holds_the_channels_to_the_last_bit(tmp_path: Path):
    trace = ntm_trace()

    write_data(trace, pane("Memory").pick(trace), ([], []), tmp_path / "memory.npz")

    with np.load(tmp_path / "memory.npz", allow_pickle=False) as found:
        assert set(found) == {"memory.contents", "initial/memory.contents", "card"}
        np.testing.assert_array_equal(found["memory.contents"], trace.arrays["memory.contents"])
        assert '"ntm"' in str(found["card"])


@pytest.mark.parametrize(
    ("name", "reason"),
    [("d.csv", "shows nothing at this step"), ("d.npz", "shows nothing of this episode"), ("d.xls", "not as .xls")],
)
def test_where_there_is_nothing_to_write_a_sentence_says_so(tmp_path: Path, name: str, reason: str):
    with pytest.raises(ValueError, match=reason):
        write_data(ntm_trace(), [], ([], []), tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_the_whole_trace_can_be_read_again(tmp_path: Path):
    trace = ntm_trace()

    copy_trace(trace, tmp_path / "walk")

    again = read_trace(tmp_path / "walk.safetensors")
    assert again.card == trace.card
    np.testing.assert_array_equal(again.arrays["read.weighting"], trace.arrays["read.weighting"])
