"""A colour bar writes its limits as they are meant."""

import pytest
from PySide6.QtWidgets import QApplication

from app.plots.canvas import text_width
from app.plots.colour_bar import ColourBar, limit_text


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [(0, "ramp", "0"), (1, "ramp", "1"), (1, "signed", "+1"), (-0.5, "signed", "\N{MINUS SIGN}0.5"), (2, "difference", "+2")],
)
def test_limits_of_signed_scales_bear_their_sign(value: float, scale, text: str) -> None:
    assert limit_text(value, scale) == text


def test_the_unit_stands_at_the_upper_limit() -> None:
    assert ColourBar(0, 4, unit="m").ends() == ("0", "4 m")


def test_a_badge_without_room_loses_whole_parts(qapp: QApplication) -> None:
    font, bar = qapp.font(), ColourBar(badge="clipped, 0–23 of 128")
    whole = text_width(font, bar.badge)

    assert bar._badge_within(font, whole) == bar.badge
    assert bar._badge_within(font, whole - 1) == "clipped …"
    assert bar._badge_within(font, 5) == bar.badge
