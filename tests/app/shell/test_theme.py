"""The theme dresses the program in a palette, with its own fonts, at any size of type."""

import pytest
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication

from app.plots.colours import CONTRAST, DARK, LIGHT
from app.shell import theme
from app.shell.style_sheet import style_sheet
from app.widgets.tokens import ROLES, colour


@pytest.fixture
def app(qapp: QApplication):
    before = qapp.font(), qapp.palette(), qapp.styleSheet()
    yield qapp
    qapp.setFont(before[0])
    qapp.setPalette(before[1])
    qapp.setStyleSheet(before[2])


@pytest.mark.parametrize("palette", [LIGHT, DARK, CONTRAST], ids=lambda p: p.name)
def test_widgets_find_every_colour_of_the_palette(app: QApplication, palette) -> None:
    theme.apply_theme(app, palette)

    assert {token: colour(token).name().upper() for token in ROLES} == {token: getattr(palette, token) for token in ROLES}


@pytest.mark.parametrize(("scale", "pixels"), [(1.0, 13), (0.8, 10), (2.0, 26), (9.0, 26), (0.1, 10)])
def test_the_type_follows_the_scale_within_its_limits(app: QApplication, scale: float, pixels: int) -> None:
    theme.apply_theme(app, LIGHT, scale)

    assert app.font().pixelSize() == pixels


def test_the_bundled_fonts_are_there(app: QApplication) -> None:
    assert theme.load_fonts() == []
    assert {"Inter", "JetBrains Mono"} <= set(QFontDatabase.families())


def test_a_missing_font_is_said_and_the_system_s_stands_in(app: QApplication, monkeypatch) -> None:
    monkeypatch.setattr(theme, "has_family", lambda family: False)
    with pytest.warns(UserWarning, match="Inter and JetBrains Mono: missing"):
        missing = theme.load_fonts()

    assert missing == ["Inter", "JetBrains Mono"]
    assert theme.interface_font(1.0).pixelSize() == 13


@pytest.mark.parametrize("palette", [LIGHT, DARK, CONTRAST], ids=lambda p: p.name)
def test_the_style_sheet_leaves_no_place_unfilled(palette) -> None:
    assert "$" not in style_sheet(palette, 1.25, "JetBrains Mono")


def test_the_system_decides_between_light_and_dark_unless_contrast_is_wanted(app: QApplication) -> None:
    assert theme.system_palette(app) in (LIGHT, DARK)
    assert theme.system_palette(app, wants_contrast=True) is CONTRAST
