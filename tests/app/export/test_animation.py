"""Animations: every step in order, the window alive meanwhile, and nothing half-written left behind."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer

from app.export import frames
from app.export.animation import Animation
from app.export.frames import Frame, find_encoder, writer


def flat(step: int) -> Frame:
    return np.full((48, 65, 3), step * 20 % 256, np.uint8)


def test_a_gif_has_one_frame_for_each_step(qtbot, tmp_path: Path):
    animation = Animation(flat, range(2, 9), tmp_path / "walk.gif", 5.0)

    with qtbot.waitSignal(animation.ended, timeout=10_000) as ended:
        animation.start()

    assert ended.args == [f"The animation of 7 steps lies in {tmp_path / 'walk.gif'}.", True]
    with Image.open(tmp_path / "walk.gif") as gif:
        assert gif.n_frames == 7
        assert gif.info["duration"] == 200
        assert abs(int(np.asarray(gif.convert("RGB"))[0, 0, 0]) - 40) < 8


def test_pictures_are_numbered_from_one(tmp_path: Path):
    Animation(flat, range(3), tmp_path / "walk.png").run()

    assert sorted(path.name for path in tmp_path.iterdir()) == ["walk-0001.png", "walk-0002.png", "walk-0003.png"]
    assert np.asarray(Image.open(tmp_path / "walk-0003.png"))[0, 0, 0] == 40


def test_an_mp4_has_one_frame_for_each_step(tmp_path: Path):
    encoder = pytest.importorskip("imageio_ffmpeg", reason="2026-11: the extra `video` is not installed")

    Animation(flat, range(6), tmp_path / "walk.mp4").run()

    assert encoder.count_frames_and_secs(str(tmp_path / "walk.mp4")) == (6, 1.5)


def test_without_an_encoder_one_sentence_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    def none(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(frames.importlib, "import_module", none)
    monkeypatch.setattr(frames.shutil, "which", lambda name: None)

    with pytest.raises(ValueError, match=r"pip install slotscope\[video\]"):
        find_encoder()


def test_another_ending_is_refused_with_those_that_there_are(tmp_path: Path):
    with pytest.raises(ValueError, match=r"\.gif, \.mp4 or \.png, not as \.avi"):
        writer(tmp_path / "walk.avi", 4.0)


@pytest.mark.parametrize("name", ["walk.gif", "walk.png"])
def test_a_cancelled_animation_leaves_nothing(qtbot, tmp_path: Path, name: str):
    animation = Animation(flat, range(500), tmp_path / name)
    animation.progressed.connect(lambda done, total: animation.cancel() if done == 3 else None)

    with qtbot.waitSignal(animation.ended, timeout=10_000) as ended:
        animation.start()

    assert ended.args == ["The animation was cancelled; nothing was written.", False]
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_in_a_sentence_and_leaves_nothing(qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(self: object, frame: Frame) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(frames.GifWriter, "add", full)
    animation = Animation(flat, range(50), tmp_path / "walk.gif")

    with qtbot.waitSignal(animation.ended, timeout=10_000) as ended:
        animation.start()

    assert ended.args == [f"{tmp_path / 'walk.gif'} cannot be written (No space left on device).", False]
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_without_a_window_raises_the_same_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    def full(self: object, frame: Frame) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(frames.GifWriter, "add", full)

    with pytest.raises(OSError, match="No space left"):
        Animation(flat, range(50), tmp_path / "walk.gif").run()
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path):
    path = tmp_path / "walk.gif"
    path.write_bytes(b"old")
    made = writer(path, 4.0)

    made.add(flat(1))
    before = path.read_bytes()
    made.abandon()

    assert (before, path.read_bytes()) == (b"old", b"old")


def test_the_event_loop_turns_while_frames_are_made(qtbot, tmp_path: Path):
    turns: list[int] = []
    clock = QTimer(interval=0)
    clock.timeout.connect(lambda: turns.append(1))
    animation = Animation(flat, range(40), tmp_path / "walk.gif")

    clock.start()
    with qtbot.waitSignal(animation.ended, timeout=10_000):
        animation.start()

    assert len(turns) >= 40
