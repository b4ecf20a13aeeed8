"""The data files that come with the program, and the one place that knows where they lie."""

from pathlib import Path

_HERE = Path(__file__).resolve().parent


def path(name: str) -> Path:
    """Where the asset `name` lies ("exhibits/ntm-copy"); it need not exist."""
    return _HERE / name
