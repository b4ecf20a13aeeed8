"""The session that a figure carries: put into a PNG, SVG or PDF, and found in it again."""

import binascii
import re
import struct
from collections.abc import Iterator
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from app.state.session import Session, read_session, to_line
from engine.contract.files import BadFileError

ATTACHMENT = "session.slotscope"
"""The name of the file within a PDF."""
_KEYWORD = b"Slotscope session"
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG_OPEN = '<metadata id="slotscope-session">'
_SVG_CLOSE = "</metadata>"
_SVG_SESSION = re.compile(re.escape(_SVG_OPEN.encode()) + rb"\s*(slotscope:[\w\-=]+)\s*" + re.escape(_SVG_CLOSE.encode()))
_LARGEST = 256 * 2**20


def session_in(path: Path) -> Session | None:
    """The session that a figure carries, or None if it carries none; BadFileError with one sentence if it is damaged."""
    try:
        if path.stat().st_size > _LARGEST:
            raise BadFileError(f"{path}: too large for a figure")
        if path.suffix.lower() == ".pdf":
            line = _line_in_pdf(path)
        else:
            content = path.read_bytes()
            line = _line_in_png(content) if content.startswith(_PNG) else _line_in_svg(content)
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read ({error.strerror})") from error
    except (PyPdfError, ValueError, struct.error, KeyError, IndexError, TypeError, RecursionError, AttributeError) as error:
        if isinstance(error, BadFileError):
            raise
        raise BadFileError(f"{path}: this figure is damaged") from error
    if line is None:
        return None
    try:
        return read_session(line)
    except ValueError as error:
        raise BadFileError(f"{path}: {error}") from error


def png_with_session(png: bytes, session: Session) -> bytes:
    """The same picture with a text chunk before its end."""
    body = _KEYWORD + b"\0" + to_line(session).encode()
    chunk = struct.pack(">I", len(body)) + b"tEXt" + body + struct.pack(">I", binascii.crc32(b"tEXt" + body))
    end = png.rindex(b"IEND") - 4
    return png[:end] + chunk + png[end:]


def svg_with_session(svg: bytes, session: Session) -> bytes:
    """The same drawing with a metadata element before its end."""
    end = svg.rindex(b"</svg>")
    return svg[:end] + f"{_SVG_OPEN}{to_line(session)}{_SVG_CLOSE}\n".encode() + svg[end:]


def _line_in_png(png: bytes) -> bytes | None:
    for kind, body in _chunks(png):
        if kind == b"tEXt" and body.startswith(_KEYWORD + b"\0"):
            return body[len(_KEYWORD) + 1 :]
    return None


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(_PNG)
    while place + 12 <= len(png):
        (length,) = struct.unpack_from(">I", png, place)
        kind, body = png[place + 4 : place + 8], png[place + 8 : place + 8 + length]
        if len(body) < length:
            raise ValueError("cut short")
        yield kind, body
        place += 12 + length


def _line_in_svg(svg: bytes) -> bytes | None:
    found = _SVG_SESSION.search(svg)
    return found.group(1) if found else None


def _line_in_pdf(path: Path) -> bytes | None:
    attached = PdfReader(path).attachments.get(ATTACHMENT)
    return bytes(attached[0]) if attached else None
