"""The palettes can be read, told apart by every kind of sight, and turn values into even colours."""

from itertools import combinations

import numpy as np
import pytest

from app.plots.colours import CONTRAST, DARK, LIGHT, Palette, categories, contrast, difference, palette, ramp, signed, table

PALETTES = pytest.mark.parametrize("colours", [LIGHT, DARK, CONTRAST], ids=lambda p: p.name)

# How full, red-blind, green-blind and blue-blind eyes see linear sRGB (Machado, Oliveira & Fernandes 2009, severity 1).
SIGHTS = {
    "full": np.eye(3),
    "red-blind": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "green-blind": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "blue-blind": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
CONES = np.array([[0.41222, 0.53633, 0.05145], [0.21190, 0.68070, 0.10740], [0.08830, 0.28172, 0.62998]])
OPPONENTS = np.array([[0.21045, 0.79362, -0.00407], [1.97800, -2.42859, 0.45059], [0.02590, 0.78277, -0.80868]])


def seen(colour: str, sight: str) -> np.ndarray:
    values = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return OPPONENTS @ np.cbrt(CONES @ np.clip(SIGHTS[sight] @ linear, 0, 1))


def apart(one: str, other: str, sight: str) -> float:
    return float(np.linalg.norm(seen(one, sight) - seen(other, sight)))


def lightness(colours: np.ndarray) -> np.ndarray:
    return np.array([seen("#{:02x}{:02x}{:02x}".format(*entry), "full")[0] for entry in colours.tolist()])


@PALETTES
@pytest.mark.parametrize("token", ["ink", "muted", "live"])
@pytest.mark.parametrize("ground", ["panel", "ground"])
def test_text_stands_out_at_least_four_and_a_half_to_one(colours: Palette, token: str, ground: str) -> None:
    assert contrast(getattr(colours, token), getattr(colours, ground)) >= 4.5


@PALETTES
def test_ink_and_live_can_be_read_on_soft_grounds_too(colours: Palette) -> None:
    assert contrast(colours.ink, colours.soft) >= 4.5
    assert contrast(colours.live, colours.soft) >= 4.5


@pytest.mark.parametrize("token", ["ink", "muted", "live", "focus"])
def test_the_high_contrast_theme_reaches_seven_to_one(token: str) -> None:
    assert contrast(getattr(CONTRAST, token), CONTRAST.panel) >= 7


@PALETTES
def test_marks_stand_out_at_least_three_to_one(colours: Palette) -> None:
    ends = (colours.signed[0], colours.signed[2], colours.difference[0], colours.difference[2], colours.focus, *colours.hues)

    assert min(contrast(mark, colours.panel) for mark in ends) >= 3


@PALETTES
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_eight_hues_stay_apart_for_every_sight(colours: Palette, sight: str) -> None:
    assert min(apart(one, other, sight) for one, other in combinations(colours.hues, 2)) >= 0.09


@PALETTES
@pytest.mark.parametrize("sight", SIGHTS)
def test_the_ends_of_both_diverging_scales_stay_apart_for_every_sight(colours: Palette, sight: str) -> None:
    assert apart(colours.signed[0], colours.signed[2], sight) >= 0.12
    assert apart(colours.difference[0], colours.difference[2], sight) >= 0.12


@PALETTES
def test_a_category_is_told_by_letter_and_line_style_besides_its_hue(colours: Palette) -> None:
    found = categories(colours)

    assert [category.letter for category in found] == list("ABCDEFGH")
    assert len({category.line for category in found[:4]}) == 4


@PALETTES
def test_the_ramp_goes_from_soft_to_ink_in_even_stages(colours: Palette) -> None:
    stages = np.diff(lightness(ramp(colours)[::15]))

    assert "#{:02X}{:02X}{:02X}".format(*ramp(colours)[0]) == colours.soft
    assert "#{:02X}{:02X}{:02X}".format(*ramp(colours)[255]) == colours.ink
    assert np.abs(stages).max() <= 1.5 * np.abs(stages).min()


@PALETTES
def test_both_sides_of_a_diverging_scale_leave_zero_at_the_same_pace(colours: Palette) -> None:
    for made in (signed(colours), difference(colours)):
        steps = np.abs(np.diff(lightness(made[::17])))
        assert abs(steps[:7].mean() - steps[-7:].mean()) <= 0.5 * steps.mean()


def test_a_table_has_256_colours_and_cannot_be_changed() -> None:
    made = table(LIGHT, "signed")

    assert made.shape == (256, 3)
    with pytest.raises(ValueError, match="read-only"):
        made[0, 0] = 1


def test_an_unknown_palette_is_refused_with_the_names_that_exist() -> None:
    with pytest.raises(ValueError, match="light, dark, contrast"):
        palette("sepia")


def test_a_faint_colour_lies_between_the_token_and_the_panel() -> None:
    assert LIGHT.faint("ink", 0).name() == LIGHT.panel.lower()
    assert LIGHT.faint("ink", 1).name() == LIGHT.ink.lower()
