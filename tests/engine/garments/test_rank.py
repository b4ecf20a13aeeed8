"""How good a list of bottoms is, on lists that can be checked by hand."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.garments.closet import drawn_closet
from engine.garments.rank import auc, diversity, hits, order_of

CLOSET = drawn_closet(0, 20, new_hues=0)
COUNT = len(CLOSET.bottom_names)


def number(name: str) -> int:
    """The number of a bottom."""
    return CLOSET.bottom_names.index(name)


def listed(*names: str) -> torch.Tensor:
    """A list that begins with these."""
    first = [number(name) for name in names]
    return torch.tensor([[*first, *(n for n in range(COUNT) if n not in first)]])


TOP = torch.tensor([CLOSET.top_names.index("red tee")])
"""It goes with neutral jeans, cyan trousers and an orange striped skirt."""


def test_a_list_of_all_styles_is_precise_and_covers_everything() -> None:
    found = hits(
        CLOSET, listed("grey jeans", "cyan trousers", "orange striped skirt"), TOP, torch.tensor([number("black jeans")]), 3
    )

    assert {name: float(value) for name, value in found.items()} == {
        "hit": 1, "category": 1, "colour": 1, "precision": 1, "coverage": 1
    }  # fmt: skip


def test_category_and_colour_on_different_bottoms_are_no_hit() -> None:
    found = hits(CLOSET, listed("red jeans", "white shorts"), TOP, torch.tensor([number("black jeans")]), 2)

    assert (float(found["category"]), float(found["colour"]), float(found["hit"])) == (1, 1, 0)
    assert (float(found["precision"]), float(found["coverage"])) == (0, 0)


@given(st.integers(0, 2**31), st.integers(0, COUNT - 1))
def test_a_longer_list_hits_no_less_and_covers_no_less(seed: int, bottom: int) -> None:
    order = order_of(torch.rand(1, COUNT, generator=torch.Generator().manual_seed(seed)))

    by_length = [hits(CLOSET, order, TOP, torch.tensor([bottom]), k) for k in (1, 3, 5, 10, 30)]

    for name in ("hit", "category", "colour", "coverage"):
        figures = [float(found[name]) for found in by_length]
        assert figures == sorted(figures)


def test_what_nobody_knows_does_not_count() -> None:
    nobody = torch.tensor([-1])

    found = hits(CLOSET, listed(), nobody, nobody, 5)

    assert all(bool(value.isnan().all()) for value in found.values())
    assert bool(auc(CLOSET, torch.rand(1, COUNT), nobody, nobody).isnan())


def test_auc_is_one_on_top_and_a_half_where_all_are_alike() -> None:
    worn = torch.tensor([number("black jeans")])
    scores = torch.zeros(1, COUNT)

    assert float(auc(CLOSET, scores, TOP, worn)) == 0.5
    scores[0, worn] = 1
    assert float(auc(CLOSET, scores, TOP, worn)) == 1


def test_a_list_of_one_thing_has_no_variety() -> None:
    alike = CLOSET.alike[0]

    assert float(diversity(alike, torch.tensor([[3, 3, 3]]))) == 0
    assert float(diversity(alike, torch.tensor([[number("red jeans"), number("black shorts")]]))) == 1
