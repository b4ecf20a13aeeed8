"""A pane or the whole stage as a figure: SVG, PDF or PNG, light by default, the same with a window and without."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pyqtgraph import PlotCurveItem
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRect, QSize, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter, QPen
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsView

from app.export.carry import ATTACHMENT, png_with_session, svg_with_session
from app.export.frames import Frame
from app.export.sheet import Preset, Sheet
from app.export.shot import Shot, of_panes
from app.plots.colours import LIGHT, Palette
from app.state.session import to_json
from engine.contract.files import write_whole

FIGURES = (".svg", ".pdf", ".png")
ANIMATIONS = (".gif", ".mp4")
SHARPNESS = 3
"""Pixels of a PNG for each pixel of the interface: 85 mm become 1,260, some 380 dots an inch."""
FRAME_SHARPNESS = {".gif": 1}
"""The same for a frame: a GIF of more pixels would be several megabytes; other animations have `USUAL_FRAME`."""
USUAL_FRAME = 2
WIDE_FRAME = 1400
"""Pixels of the interface from which a frame is drawn dot by dot: finer ones would be too large for a film."""


def write_figure(shot: Shot, panes: tuple[str, ...], path: Path, form: Preset, colours: Palette = LIGHT) -> None:
    """Write the figure, which carries its session; ValueError for another ending, OSError if it cannot be written."""
    ending = path.suffix.lower()
    if ending not in FIGURES:
        raise ValueError(f"{path}: a figure is written as .svg, .pdf or .png, not as {ending or 'a file without ending'}")
    shot = of_panes(shot, panes)
    sheet = Sheet(shot, panes, form, colours)
    try:
        if ending == ".png":
            content = png_with_session(png_of(sheet), shot.session)
        elif ending == ".svg":
            content = svg_with_session(_svg(sheet, _title(shot, panes)), shot.session)
        else:
            content = _pdf(sheet, _title(shot, panes), to_json(shot.session))
    finally:
        sheet.close_down()
    write_whole(path, content)


def picture_of(sheet: Sheet, sharpness: int = SHARPNESS) -> QImage:
    """The sheet in pixels."""
    picture = QImage(sheet.size() * sharpness, QImage.Format.Format_RGB32)
    picture.setDevicePixelRatio(sharpness)
    with _thickened(sheet, sharpness):
        painter = QPainter(picture)
        sheet.paint_on(painter)
        painter.end()
    return picture


def frame_of(sheet: Sheet, step: int, ending: str = "") -> Frame:
    """The sheet at a step, as a frame of an animation with this ending."""
    sheet.go_to(step)
    usual = USUAL_FRAME if sheet.width() <= WIDE_FRAME else 1
    picture = picture_of(sheet, FRAME_SHARPNESS.get(ending, usual)).convertToFormat(QImage.Format.Format_RGB888)
    lines = np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.bytesPerLine())
    return lines[:, : picture.width() * 3].reshape(picture.height(), picture.width(), 3).copy()


@contextlib.contextmanager
def _thickened(sheet: Sheet, sharpness: int) -> Iterator[None]:
    """Curves have pens that are so many dots wide, however fine the dots are: let them be as wide as on screen."""
    curves = [c for view in sheet.findChildren(QGraphicsView) for c in view.scene().items() if isinstance(c, PlotCurveItem)]
    pens = [QPen(curve.opts["pen"]) for curve in curves]
    for curve, pen in zip(curves, pens, strict=True):
        wider = QPen(pen)
        wider.setWidthF(pen.widthF() * sharpness)
        curve.setPen(wider)
    try:
        yield
    finally:
        for curve, pen in zip(curves, pens, strict=True):
            curve.setPen(pen)


def png_of(sheet: Sheet) -> bytes:
    """The sheet as the bytes of a PNG that knows its size on paper."""
    picture = picture_of(sheet)
    dots = round(SHARPNESS / sheet.mm * 1000)
    picture.setDotsPerMeterX(dots)
    picture.setDotsPerMeterY(dots)
    content, buffer = _buffer()
    picture.save(buffer, "PNG")  # type: ignore[call-overload]  # the stub wants bytes, Qt takes the name of the format
    buffer.close()
    return bytes(content.data())


def _svg(sheet: Sheet, title: str) -> bytes:
    content, buffer = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setTitle(title)
    generator.setResolution(round(25.4 / sheet.mm))
    generator.setSize(QSize(sheet.width(), sheet.height()))
    generator.setViewBox(QRect(0, 0, sheet.width(), sheet.height()))
    _paint(sheet, generator)
    buffer.close()
    return bytes(content.data())


def _pdf(sheet: Sheet, title: str, session: bytes) -> bytes:
    content, buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Slotscope")
    size = QSizeF(sheet.width() * sheet.mm, sheet.height() * sheet.mm)
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Millimeter, "figure", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    dots_an_inch = round(25.4 / sheet.mm)  # one for each pixel of the interface, so that one-pixel lines are as wide as on screen
    writer.setResolution(dots_an_inch)
    writer.addFileAttachment(ATTACHMENT, QByteArray(session), "application/json")
    _paint(sheet, writer, dots_an_inch * sheet.mm / 25.4)
    buffer.close()
    return bytes(content.data())


def _paint(sheet: Sheet, device: QSvgGenerator | QPdfWriter, scale: float = 1.0) -> None:
    painter = QPainter(device)
    painter.scale(scale, scale)
    sheet.paint_on(painter)
    painter.end()


def _title(shot: Shot, panes: tuple[str, ...]) -> str:
    return f"{', '.join(panes)}: {shot.a.card.model.name} on {shot.a.card.task.name}"


def _buffer() -> tuple[QByteArray, QBuffer]:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return content, buffer
