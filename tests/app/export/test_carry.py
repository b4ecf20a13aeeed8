"""A figure carries its session, and says plainly when it does not or is damaged."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfWriter

from app.export.carry import ATTACHMENT, png_with_session, session_in, svg_with_session
from app.state.session import Session, to_json
from app.state.side import Showing
from engine.contract.edits import Edit
from engine.contract.files import BadFileError
from engine.contract.messages import EpisodeWish, Source

SESSION = Session(
    a=Showing(source=Source(place="exhibit:ntm-copy"), episode=EpisodeWish(seed=3, own="Ä“<&>")),
    step=7,
    panes=("Reads",),
    edits=(Edit(act="erase", channel="memory.contents", step=3, index=(6,)),),
)
SVG = b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"><title>T</title></svg>\n'


def plain_png(path: Path) -> bytes:
    Image.fromarray(np.zeros((4, 5, 3), np.uint8)).save(path)
    return path.read_bytes()


def test_a_png_carries_its_session_and_stays_the_same_picture(tmp_path: Path):
    path = tmp_path / "figure.png"
    path.write_bytes(png_with_session(plain_png(path), SESSION))

    assert session_in(path) == SESSION
    assert np.asarray(Image.open(path)).shape == (4, 5, 3)


def test_an_svg_carries_its_session(tmp_path: Path):
    path = tmp_path / "figure.svg"
    path.write_bytes(svg_with_session(SVG, SESSION))

    assert session_in(path) == SESSION


def test_a_pdf_carries_its_session_as_an_attachment(tmp_path: Path):
    path = tmp_path / "figure.pdf"
    pdf = PdfWriter()
    pdf.add_blank_page(100, 100)
    pdf.add_attachment(ATTACHMENT, to_json(SESSION))
    pdf.write(path)

    assert session_in(path) == SESSION


def test_a_foreign_png_carries_none(tmp_path: Path):
    path = tmp_path / "photo.png"
    plain_png(path)

    assert session_in(path) is None


def test_a_foreign_svg_carries_none(tmp_path: Path):
    path = tmp_path / "drawing.svg"
    path.write_bytes(SVG)

    assert session_in(path) is None


def test_a_foreign_pdf_carries_none(tmp_path: Path):
    path = tmp_path / "paper.pdf"
    pdf = PdfWriter()
    pdf.add_blank_page(100, 100)
    pdf.write(path)

    assert session_in(path) is None


@pytest.mark.parametrize("keep", [20, 60, 200])
def test_a_png_that_is_cut_short_is_refused_or_carries_none(tmp_path: Path, keep: int):
    path = tmp_path / "cut.png"
    path.write_bytes(png_with_session(plain_png(path), SESSION)[:keep])

    try:
        found = session_in(path)
    except BadFileError as error:
        found, said = None, str(error)
        assert said.startswith(str(path))
    assert found is None


@pytest.mark.parametrize("content", [b"%PDF-1.7\nnot really", b"", b"%PDF-1.7\n" + bytes(200)])
def test_a_damaged_pdf_is_refused_in_a_sentence(tmp_path: Path, content: bytes):
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)

    with pytest.raises(BadFileError, match="this figure is damaged"):
        session_in(path)


def test_a_figure_of_a_newer_version_says_so(tmp_path: Path):
    path = tmp_path / "newer.svg"
    newer = Session(format=99, a=SESSION.a)
    path.write_bytes(svg_with_session(SVG, newer))

    with pytest.raises(BadFileError, match="saved by a newer Slotscope"):
        session_in(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path):
    with pytest.raises(BadFileError, match="cannot be read"):
        session_in(tmp_path / "none.png")
