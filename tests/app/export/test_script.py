"""The exported script: run by itself, it gives the edited result bit for bit."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from app.export.script import script
from app.state.session import Session
from app.state.side import Showing
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace_file import read_trace
from engine.recording import record
from engine.sources import open_source
from fake_traces import ntm_trace

HERE = Showing(source=Source(place="exhibit:ntm-copy"), episode=EpisodeWish(seed=4))
EDITS = (
    Edit(act="erase", channel="memory.contents", step=20, index=(6,)),
    Edit(act="swap", channel="memory.contents", step=20, index=(3, 9), name='say "hello" \\ """'),
    Edit(act="force", channel="read.weighting", step=30, index=(0, 2), until=32),
    Edit(act="set", channel="memory.contents", step=10, index=(4, 1), values=(0.1,)),
    Edit(act="mute", channel="read.vector", step=38, index=(0,), enabled=False),
)
SESSION = Session(a=HERE, panes=("Reads",), edits=EDITS)
ROOT = Path(__file__).parents[3]


def run(text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    (folder / "edited.py").write_text(text, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-W", "error", "edited.py", "again.safetensors"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_the_script_gives_the_edited_result_bit_for_bit(tmp_path: Path):
    opened = open_source(HERE.source)
    enabled = tuple(edit for edit in EDITS if edit.enabled)
    shown = record(opened, HERE.episode, enabled)

    done = run(script(SESSION, record(opened, HERE.episode)), tmp_path)

    assert done.returncode == 0, done.stderr
    again = read_trace(tmp_path / "again.safetensors")
    assert again.card.edits == enabled
    assert set(again.arrays) == set(shown.arrays)
    assert [name for name in shown.arrays if shown.arrays[name].tobytes() != again.arrays[name].tobytes()] == []
    assert "wrong_bits: 0 as it was" in done.stdout


def test_with_other_weights_the_script_says_so_and_writes_nothing(tmp_path: Path):
    trace = record(open_source(HERE.source), HERE.episode)
    other = replace(trace, card=replace(trace.card, weights="0123456789abcdef"))

    done = run(script(SESSION, other), tmp_path)

    assert done.returncode == 1
    assert "these are other weights" in done.stderr
    assert not (tmp_path / "again.safetensors").exists()


def test_without_an_edit_a_sentence_says_what_to_do():
    with pytest.raises(ValueError, match="There is no edit yet"):
        script(replace(SESSION, edits=()), ntm_trace())


@pytest.mark.parametrize("own", ["", '10110011\n"""', "it's\\n"])
def test_the_script_is_python_whatever_the_user_typed(own: str):
    session = replace(SESSION, a=replace(HERE, episode=EpisodeWish(seed=0, own=own), settings={"slots": 64}))

    text = script(session, ntm_trace())

    compile(text, "edited.py", "exec")
    assert np.all([len(line) < 400 for line in text.splitlines()])
