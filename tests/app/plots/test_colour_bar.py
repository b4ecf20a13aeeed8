"""A colour bar writes its limits as they are meant."""

import pytest

from app.plots.colour_bar import ColourBar, limit_text


@pytest.mark.parametrize(
    ("value", "scale", "text"),
    [(0, "ramp", "0"), (1, "ramp", "1"), (1, "signed", "+1"), (-0.5, "signed", "\N{MINUS SIGN}0.5"), (2, "difference", "+2")],
)
def test_limits_of_signed_scales_bear_their_sign(value: float, scale, text: str) -> None:
    assert limit_text(value, scale) == text


def test_the_unit_stands_at_the_upper_limit() -> None:
    assert ColourBar(0, 4, unit="m").ends() == ("0", "4 m")
