"""A session: what the user looks at, as a small file and as one line of text."""

import base64
import zlib
from dataclasses import dataclass, field
from typing import Any

import msgspec

from app.state.comparison import Mode
from app.state.lens import Pin, Selection
from app.state.preferences import Depth
from app.state.side import Showing
from engine.contract.edits import Edit

FORMAT = 1
_PREFIX = "slotscope:"
_LONGEST = 4 * 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Everything that is needed to come back to the same picture."""

    format: int = FORMAT
    a: Showing
    b: Showing | None = None
    weights: str = ""
    """The hash of A's weights: on another computer they may be missing or others."""
    mode: Mode = "single"
    b_is_edited_copy: bool = False
    step: int = 0
    sample_steps: int = 0
    """How many steps a sample takes as `step` is counted, where the episode is a stream; 0: it is none."""
    micro: int | None = None
    selection: Selection = Selection()
    pins: tuple[Pin, ...] = ()
    panes: tuple[str, ...] = ()
    large: str = ""
    edits: tuple[Edit, ...] = ()
    depth: Depth = "technical"
    bookmarks: tuple["Bookmark", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bookmark:
    """A place in an episode with a name."""

    name: str
    a: Showing
    step: int
    selection: Selection = field(default_factory=Selection)


def to_json(session: Session) -> bytes:
    """The session as the text of a `.slotscope` file."""
    return msgspec.json.format(msgspec.json.encode(session), indent=1)


def to_line(session: Session) -> str:
    """The session as one line of text, to be pasted into a mail."""
    return _PREFIX + base64.urlsafe_b64encode(zlib.compress(msgspec.json.encode(session))).decode()


def read_session(text: str | bytes) -> Session:
    """Read either form. ValueError with one sentence if it is damaged, foreign or from a newer version."""
    raw = text.encode() if isinstance(text, str) else text
    raw = raw.strip()
    if raw.startswith(_PREFIX.encode()):
        raw = _unpack(raw.removeprefix(_PREFIX.encode()))
    try:
        loose = msgspec.json.decode(raw, type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError):
        raise ValueError("this is not a session of Slotscope") from None
    written = loose.get("format", 0)
    if isinstance(written, int) and written > FORMAT:
        raise ValueError(f"this session was saved by a newer Slotscope (format {written}, this one reads {FORMAT})")
    try:
        return msgspec.json.decode(raw, type=Session)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(f"this session is damaged: {error}") from None


def _unpack(packed: bytes) -> bytes:
    try:
        unpacker = zlib.decompressobj()
        raw = unpacker.decompress(base64.urlsafe_b64decode(packed), _LONGEST)
    except (ValueError, zlib.error):
        raise ValueError("this line of text is cut short or damaged") from None
    if unpacker.unconsumed_tail:
        raise ValueError("this line of text unpacks to more than a session holds")
    if not unpacker.eof:
        raise ValueError("this line of text is cut short or damaged")
    return raw
