"""The libraries of a Linux system that Qt needs and no Python package brings. Standard library only: the bootstrap asks too."""

import ctypes
import sys

PACKAGES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}
"""Each library, and the Debian package that has it."""


def missing() -> list[str]:
    """The libraries that this system lacks; none elsewhere than on Linux, where Qt brings its own."""
    return [name for name in PACKAGES if not is_there(name)] if sys.platform.startswith("linux") else []


def is_there(name: str) -> bool:
    """Whether the system can load it."""
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def how_to_install(names: list[str]) -> str:
    """The command that brings them on Debian and Ubuntu."""
    return "sudo apt-get install " + " ".join(PACKAGES[name] for name in names)
