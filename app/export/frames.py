"""Frames to a file: GIF, MP4 or numbered PNG, written whole or not at all."""

import contextlib
import importlib
import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import IO, Protocol

import imageio.v2 as imageio
import numpy as np
from PIL import Image

Frame = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
"""`(height, width, 3)`."""

NO_ENCODER = "There is no MP4 encoder on this machine: pip install slotscope[video] brings one, or export a GIF."


LARGE_FRAME = 1_000_000
"""Pixels from which a film is packed more tightly: its lines are wide enough to bear it."""


class FrameWriter(Protocol):
    """Takes frame after frame. All of them raise OSError where disk or folder refuses."""

    def add(self, frame: Frame) -> None:
        """One more frame, of the same size as the others."""

    def finish(self) -> None:
        """Put the file in its place."""

    def abandon(self) -> None:
        """Leave nothing behind."""


def writer(path: Path, frames_per_second: float) -> FrameWriter:
    """The writer for this ending; ValueError with one sentence for another one, or where there is no encoder."""
    match path.suffix.lower():
        case ".gif":
            return GifWriter(path, frames_per_second)
        case ".mp4":
            return Mp4Writer(path, frames_per_second, find_encoder())
        case ".png":
            return PictureWriter(path)
        case other:
            raise ValueError(
                f"{path}: an animation is written as .gif, .mp4 or .png, not as {other or 'a file without an ending'}"
            )


def find_encoder() -> str:
    """An ffmpeg: the one that the extra `video` installs, else the system's; ValueError with one sentence if there is neither."""
    with contextlib.suppress(ImportError, RuntimeError):
        return str(importlib.import_module("imageio_ffmpeg").get_ffmpeg_exe())
    found = shutil.which("ffmpeg")
    if found is None:
        raise ValueError(NO_ENCODER)
    return found


class GifWriter:
    """One looping GIF, written frame by frame."""

    def __init__(self, path: Path, frames_per_second: float) -> None:
        self._path, self._hidden = path, _hidden_name(path)
        self._gif = imageio.get_writer(self._hidden, format="GIF", mode="I", duration=1000 / frames_per_second, loop=0)

    def add(self, frame: Frame) -> None:
        """One more frame."""
        self._gif.append_data(frame)

    def finish(self) -> None:
        """Close it and put it in its place."""
        self._gif.close()
        os.replace(self._hidden, self._path)

    def abandon(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(OSError, ValueError, RuntimeError):
            self._gif.close()
        _forget(self._hidden)


class Mp4Writer:
    """H.264 that every player shows; frames go through a pipe to ffmpeg."""

    def __init__(self, path: Path, frames_per_second: float, encoder: str) -> None:
        self._path, self._hidden = path, _hidden_name(path)
        self._rate, self._encoder = frames_per_second, encoder
        self._process: subprocess.Popen[bytes] | None = None
        self._complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # open as long as the encoder runs

    def add(self, frame: Frame) -> None:
        """One more frame; the first one decides the size."""
        frame = frame[: frame.shape[0] // 2 * 2, : frame.shape[1] // 2 * 2]  # the colour format halves both sides
        if self._process is None:
            self._process = self._start(frame.shape[1], frame.shape[0])
        try:
            self._pipe.write(np.ascontiguousarray(frame).tobytes())
        except BrokenPipeError:
            raise OSError(0, self._complaint()) from None

    def finish(self) -> None:
        """Let ffmpeg end, and put the file in its place."""
        if self._process is None:
            raise OSError(0, "there is not one frame")
        with contextlib.suppress(BrokenPipeError):
            self._pipe.close()
        if self._process.wait() != 0:
            raise OSError(0, self._complaint())
        self._complaints.close()
        os.replace(self._hidden, self._path)

    def abandon(self) -> None:
        """Leave nothing behind."""
        if self._process is not None:
            self._process.kill()
            with contextlib.suppress(OSError):
                self._pipe.close()
            self._process.wait()
        self._complaints.close()
        _forget(self._hidden)

    @property
    def _pipe(self) -> IO[bytes]:
        if self._process is None or self._process.stdin is None:
            raise OSError(0, "the encoder has not started")
        return self._process.stdin

    def _start(self, width: int, height: int) -> subprocess.Popen[bytes]:
        raw = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}", "-r", f"{self._rate:g}", "-i", "-"]
        made = [
            "-c:v",
            "libx264",
            "-preset",
            *(("slow", "-crf", "28") if width * height >= LARGE_FRAME else ("veryfast", "-crf", "18")),
            "-pix_fmt",
            "yuv420p",
            "-movflags",
            "+faststart",
            "-f",
            "mp4",
        ]
        command = [self._encoder, "-y", "-loglevel", "error", *raw, *made, str(self._hidden)]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=self._complaints)

    def _complaint(self) -> str:
        if self._process is not None:
            self._process.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "the encoder ended without a word"


class PictureWriter:
    """One PNG a frame: name-0001.png, name-0002.png ..."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._hidden: list[tuple[Path, Path]] = []

    def add(self, frame: Frame) -> None:
        """One more picture."""
        path = self._path.with_name(f"{self._path.stem}-{len(self._hidden) + 1:04d}.png")
        hidden = _hidden_name(path)
        self._hidden.append((hidden, path))
        Image.fromarray(frame).save(hidden, format="PNG")

    def finish(self) -> None:
        """Put all of them in their places."""
        for hidden, path in self._hidden:
            os.replace(hidden, path)

    def abandon(self) -> None:
        """Leave nothing behind."""
        for hidden, _ in self._hidden:
            _forget(hidden)


def _hidden_name(path: Path) -> Path:
    """An unused name beside `path`; OSError if nothing can be written there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    hidden = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    hidden.open("xb").close()  # with the rights that the user gives to new files
    return hidden


def _forget(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
