"""`slotscope render`: the same figures without a window, from an exhibit, a trace, a session or a figure."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.export.carry import session_in
from app.rendering import render
from app.state.episodic_persistent import PANES
from app.state.session import to_json
from engine.contract.files import BadFileError
from engine.contract.trace_file import write_trace
from fake_stream import EACH, episodic_stream, persistent_stream
from fake_traces import memn2n_trace, ntm_trace

ROOT = Path(__file__).parents[2]


@pytest.fixture
def trace(tmp_path: Path) -> str:
    write_trace(ntm_trace(length=6, slots=16, wrong=2), tmp_path / "t.safetensors")
    return str(tmp_path / "t.safetensors")


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


@pytest.mark.parametrize("name", ["figure.svg", "figure.pdf", "figure.png"])
def test_a_trace_is_drawn_and_the_figure_carries_its_session(qapp, trace: str, tmp_path: Path, name: str):
    status = render(trace, tmp_path / name, step=4)

    session = session_in(tmp_path / name)
    assert status == 0
    assert session is not None
    assert (session.step, session.panes) == (3, ("Writes", "Memory", "Reads"))


@pytest.mark.parametrize("name", ["steps.gif", "steps.mp4"])
def test_an_animation_shows_every_step(qapp, trace: str, tmp_path: Path, name: str):
    pytest.importorskip("imageio_ffmpeg", reason="2026-11: the extra `video` is not installed")

    assert render(trace, tmp_path / name, panes=("Reads",)) == 0
    assert (tmp_path / name).stat().st_size > 5000


def test_panes_are_named_whatever_the_capitals(qapp, trace: str, tmp_path: Path):
    render(trace, tmp_path / "figure.png", panes=("reads",))

    session = session_in(tmp_path / "figure.png")
    assert session is not None
    assert session.large == "Reads"


def test_figure_to_session_to_figure_gives_the_same_pixels(qapp, tmp_path: Path):
    render("ntm-copy", tmp_path / "one.png", panes=("Memory",), step=9)

    render(str(tmp_path / "one.png"), tmp_path / "two.png")

    np.testing.assert_array_equal(pixels(tmp_path / "one.png"), pixels(tmp_path / "two.png"))


def test_a_session_is_drawn_as_it_was_saved(qapp, tmp_path: Path):
    render("ntm-copy", tmp_path / "stage.png", step=9)
    session = session_in(tmp_path / "stage.png")
    assert session is not None
    (tmp_path / "s.slotscope").write_bytes(to_json(session))

    render(str(tmp_path / "s.slotscope"), tmp_path / "again.png")

    np.testing.assert_array_equal(pixels(tmp_path / "stage.png"), pixels(tmp_path / "again.png"))


def test_edits_and_settings_of_a_session_are_recorded_again(qapp, tmp_path: Path):
    edits = '[{"act": "erase", "channel": "memory.contents", "step": 20, "index": [6]}]'
    (tmp_path / "edits.json").write_text(edits)
    record = ["record", "ntm-copy", "--seed", "4", "--set", "slots=64", "--edit", str(tmp_path / "edits.json")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-m", "engine", *record, "-o", str(tmp_path / "e.safetensors")], check=True, env=environment)
    render(str(tmp_path / "e.safetensors"), tmp_path / "one.png", panes=("Memory",), step=21)

    render(str(tmp_path / "one.png"), tmp_path / "two.png", environment=environment)

    np.testing.assert_array_equal(pixels(tmp_path / "one.png"), pixels(tmp_path / "two.png"))


def test_the_window_is_not_needed_and_torch_stays_with_the_engine(trace: str, tmp_path: Path):
    code = (
        "import sys; from pathlib import Path; from app.rendering import render;"
        f"render({trace!r}, Path({str(tmp_path / 'f.svg')!r})); assert 'torch' not in sys.modules"
    )
    without_screen = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}

    done = subprocess.run(
        [sys.executable, "-c", code], env={**without_screen, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "f.svg").exists()


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"output": "f.bmp"}, r"a figure ends in \.svg, \.pdf or \.png"),
        ({"panes": ("Dreams",)}, "Dreams: no such pane; there are Tape"),
        ({"panes": ("Hops",)}, "records nothing for this pane; there are Tape"),
        ({"panes": ("Seeds",)}, "Seeds: it looks at a training, not at an episode; it is exported from the window"),
        ({"step": 0}, "--step 0: the episode has steps 1 to 13"),
        ({"step": 99}, "--step 99: the episode has steps 1 to 13"),
    ],
)
def test_a_wrong_wish_is_answered_with_what_would_be_right(qapp, trace: str, tmp_path: Path, arguments: dict, reason: str):
    output = tmp_path / arguments.pop("output", "f.png")

    with pytest.raises(ValueError, match=reason):
        render(trace, output, **arguments)
    assert not output.exists()


def test_the_engine_s_own_sentence_is_passed_on(qapp, tmp_path: Path):
    with pytest.raises(ValueError, match="nobody: neither a run's folder nor an exhibit"):
        render("nobody", tmp_path / "f.png", environment={**os.environ, "PYTHONPATH": str(ROOT)})


def test_a_foreign_picture_is_answered_in_a_sentence(qapp, tmp_path: Path):
    Image.new("RGB", (4, 4)).save(tmp_path / "photo.png")

    with pytest.raises(BadFileError, match="carries no session of Slotscope"):
        render(str(tmp_path / "photo.png"), tmp_path / "f.png")


def test_an_unwritable_place_is_named(qapp, trace: str, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(ValueError, match="f.png: cannot be written"):
        render(trace, tmp_path / "file" / "f.png")


def test_stories_are_drawn_too(qapp, tmp_path: Path):
    write_trace(memn2n_trace(), tmp_path / "s.safetensors")

    assert render(str(tmp_path / "s.safetensors"), tmp_path / "s.png") == 0


@pytest.fixture
def streams(tmp_path: Path) -> tuple[str, str]:
    """A memory that is wiped, and one that lives on, on one stream."""
    for name, trace in (("a", episodic_stream(12)), ("b", persistent_stream(12))):
        write_trace(trace, tmp_path / f"{name}.safetensors")
    return str(tmp_path / "a.safetensors"), str(tmp_path / "b.safetensors")


def test_two_streams_beside_each_other_carry_their_sample(qapp, streams: tuple[str, str], tmp_path: Path):
    a, b = streams

    render(a, tmp_path / "both.png", panes=PANES, beside=b, sample=7)

    session = session_in(tmp_path / "both.png")
    assert session is not None
    assert session.b is not None
    assert (session.step, session.sample_steps) == (7 * EACH - 1, EACH)
    assert session.panes == PANES


def test_an_animation_of_two_streams_has_a_frame_for_each_sample(qapp, streams: tuple[str, str], tmp_path: Path):
    a, b = streams

    render(a, tmp_path / "both.gif", panes=PANES, beside=b, samples=(3, 6), rate=10)

    with Image.open(tmp_path / "both.gif") as film:
        assert film.n_frames == 4


def test_a_sample_that_is_not_there_is_refused_with_those_that_are(qapp, streams: tuple[str, str], tmp_path: Path):
    with pytest.raises(ValueError, match="the stream has samples 1 to 12"):
        render(streams[0], tmp_path / "x.png", sample=13)


def test_an_episode_that_is_no_stream_has_no_samples(qapp, trace: str, tmp_path: Path):
    with pytest.raises(ValueError, match="this episode is no stream"):
        render(trace, tmp_path / "x.png", sample=1)
