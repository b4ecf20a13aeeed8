"""The colours of the window: three palettes, and the 256-entry tables that turn values into pixels."""

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

Table = np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
"""`(256, 3)`: entry 0 is drawn for the lower limit, entry 255 for the upper one."""

Floats = np.ndarray[tuple[int, ...], np.dtype[np.float64]]
Scale = Literal["ramp", "signed", "difference"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Palette:
    """One theme's colours, each by what it is for; `#RRGGBB` text throughout."""

    name: str
    dark: bool
    ground: str
    """Behind the panes."""
    panel: str
    """Panes and bars."""
    line: str
    """One-pixel borders and rules."""
    soft: str
    """Empty places, code, bands."""
    ink: str
    """Text, marks, cursors, primary buttons, the top of the 0..1 ramp."""
    muted: str
    """Second text and axis text."""
    live: str
    """LIVE, errors, what happened; nothing else."""
    focus: str
    """The ring around what has the keyboard."""
    signed: tuple[str, str, str]
    """Negative, zero, positive."""
    difference: tuple[str, str, str]
    """B below A, equal, B above A; for differences only."""
    hues: tuple[str, ...]
    """Eight hues, found by search: apart for full and for colour-blind sight, and at least 3:1 against the panel."""

    def colour(self, token: str) -> QColor:
        """The Qt colour of one token: `palette.colour("ink")`."""
        return QColor(getattr(self, token))

    def faint(self, token: str, share: float) -> QColor:
        """The colour of a token laid on the panel with `share` (0..1) of its strength: opaque, so that it never darkens twice."""
        top, below = QColor(getattr(self, token)), QColor(self.panel)
        parts = [round(b + (t - b) * share) for t, b in zip(_rgb(top), _rgb(below), strict=True)]
        return QColor(*parts)


@dataclass(frozen=True, slots=True)
class Category:
    """How one of several things is told apart: never by its hue alone."""

    letter: str
    colour: str
    line: Qt.PenStyle


LIGHT = Palette(
    name="light",
    dark=False,
    ground="#F6F5F2",
    panel="#FFFFFF",
    line="#E3E1DB",
    soft="#EFEEE9",
    ink="#1C1E22",
    muted="#676B72",
    live="#C81E4A",
    focus="#2456C8",
    signed=("#215CB0", "#ECEBE7", "#C45D14"),
    difference=("#7B3F9E", "#ECEBE7", "#2C7A3E"),
    hues=("#0047B9", "#AF4803", "#BD73A2", "#1E2B6A", "#5B79F7", "#F6623A", "#764B66", "#681E08"),
)

DARK = Palette(
    name="dark",
    dark=True,
    ground="#111316",
    panel="#191C20",
    line="#2C3036",
    soft="#22262B",
    ink="#ECEAE5",
    muted="#9CA2AB",
    live="#FF5C82",
    focus="#8FB3FF",
    signed=("#68A0FF", "#2C2F34", "#FFA054"),
    difference=("#C58BEA", "#2C2F34", "#67C97D"),
    hues=("#A382E9", "#E88439", "#3FB8A4", "#E8E310", "#CC3430", "#A1F0B8", "#3B8183", "#914DCA"),
)

CONTRAST = Palette(
    name="contrast",
    dark=False,
    ground="#FFFFFF",
    panel="#FFFFFF",
    line="#565656",
    soft="#EDEDED",
    ink="#000000",
    muted="#3B3B3B",
    live="#A1002F",
    focus="#0033B0",
    signed=("#00459C", "#EDEDED", "#A04000"),
    difference=("#64218A", "#EDEDED", "#115C26"),
    hues=("#3D2EAD", "#CB3904", "#67326C", "#4B66E2", "#8A1616", "#7B5F88", "#111B58", "#401317"),
)

_PALETTES = {palette.name: palette for palette in (LIGHT, DARK, CONTRAST)}
_LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)


def palette(name: str) -> Palette:
    """The palette called `name`: "light", "dark" or "contrast". ValueError with the names that exist."""
    if name not in _PALETTES:
        raise ValueError(f"{name!r} is no palette; there are {', '.join(_PALETTES)}")
    return _PALETTES[name]


def categories(colours: Palette) -> tuple[Category, ...]:
    """Eight ways to tell things apart, each with a letter and a line style beside its hue."""
    return tuple(Category("ABCDEFGH"[i], hue, _LINES[i % len(_LINES)]) for i, hue in enumerate(colours.hues))


@cache
def ramp(colours: Palette) -> Table:
    """For 0..1: from soft to ink in perceptually even stages, with no hue of its own."""
    return _table((colours.soft, colours.ink))


@cache
def signed(colours: Palette) -> Table:
    """For values around zero: blue, grey, orange."""
    return _table(colours.signed)


@cache
def difference(colours: Palette) -> Table:
    """For B - A and for after - before, and for nothing else: purple, grey, green."""
    return _table(colours.difference)


def table(colours: Palette, scale: Scale) -> Table:
    """The table of one of the three scales."""
    return {"ramp": ramp, "signed": signed, "difference": difference}[scale](colours)


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart, from 1 (the same) to 21 (black on white), as WCAG 2 counts it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _table(stops: tuple[str, ...]) -> Table:
    """256 colours through `stops`, at equal distances in OKLab, where equal distances look equal."""
    points = np.stack([_to_oklab(stop) for stop in stops])
    place = np.linspace(0, len(stops) - 1, 256)
    mixed = np.stack([np.interp(place, np.arange(len(stops)), points[:, axis]) for axis in range(3)], axis=1)
    found = np.rint(_from_oklab(mixed) * 255).clip(0, 255).astype(np.uint8)
    found.setflags(write=False)
    return found


def _rgb(colour: QColor) -> tuple[int, int, int]:
    return colour.red(), colour.green(), colour.blue()


def _linear(colour: str) -> Floats:
    values = np.array(_rgb(QColor(colour)), np.float64) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    return float(_linear(colour) @ np.array([0.2126, 0.7152, 0.0722]))


# The two matrices that define OKLab (Ottosson 2020): linear sRGB to cone responses, their cube roots to lightness and two hues.
_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_OPPONENTS = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _to_oklab(colour: str) -> Floats:
    found: Floats = _OPPONENTS @ np.cbrt(_CONES @ _linear(colour))
    return found


def _from_oklab(points: Floats) -> Floats:
    light = np.linalg.solve(_CONES, np.linalg.solve(_OPPONENTS, points.T) ** 3).T.clip(0, 1)
    return np.where(light <= 0.0031308, light * 12.92, 1.055 * light ** (1 / 2.4) - 0.055)
