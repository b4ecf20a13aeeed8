"""Whether there is a screen to open a window on: asked before Qt, which ends the program where there is none."""

import os
import socket
import sys
from pathlib import Path

NO_SCREEN = "There is no screen here: neither DISPLAY nor WAYLAND_DISPLAY is set. `slotscope render` draws figures without one."


def reason_for_no_screen() -> str:
    """One sentence that says why no window can open; empty if one can."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "").partition(":")[0] not in (
        "",
        "xcb",
        "wayland",
    ):
        return ""
    display, wayland = os.environ.get("DISPLAY", ""), os.environ.get("WAYLAND_DISPLAY", "")
    if not display and not wayland:
        return NO_SCREEN
    if not wayland and display.startswith(":") and not _answers(display[1:].partition(".")[0]):
        return f"The screen {display} does not answer. `slotscope render` draws figures without one."
    return ""


def _answers(number: str) -> bool:
    """Whether an X server listens on this local display, by either of its two addresses."""
    path = f"/tmp/.X11-unix/X{number}"
    return any(_connects(address) for address in (f"\0{path}", path) if address[0] == "\0" or Path(path).exists())


def _connects(address: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as plug:
        plug.settimeout(2.0)
        try:
            plug.connect(address)
        except OSError:
            return False
    return True
