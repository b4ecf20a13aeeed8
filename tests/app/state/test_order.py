"""The order of writing, read off a link matrix."""

import numpy as np

from app.state.order import chains, order_in_words


def _links(*pairs: tuple[int, int], slots: int = 16) -> np.ndarray:
    """Each pair (before, after) as a sure link."""
    found = np.zeros((slots, slots), np.float32)
    for before, after in pairs:
        found[after, before] = 0.95
    return found


def test_slots_that_follow_each_other_are_one_chain() -> None:
    assert chains(_links((3, 4), (4, 5), (5, 1))) == [[3, 4, 5, 1]]


def test_separate_chains_stand_apart_the_longest_first() -> None:
    assert chains(_links((7, 8), (0, 1), (1, 2))) == [[0, 1, 2], [7, 8]]


def test_a_ring_is_told_once_round() -> None:
    (ring,) = chains(_links((0, 1), (1, 2), (2, 0)))

    assert len(ring) == 4
    assert ring[0] == ring[-1]


def test_two_rings_are_both_told() -> None:
    assert len(chains(_links((0, 1), (1, 0), (4, 5), (5, 4)))) == 2


def test_weak_links_are_no_order() -> None:
    assert chains(_links((0, 1)) * 0.4) == []
    assert order_in_words(_links((0, 1)) * 0.4) == "No slot was surely written right after another yet."


def test_what_does_not_exist_is_no_order() -> None:
    assert chains(np.full((4, 4), np.nan, np.float32)) == []


def test_the_order_is_told_with_arrows() -> None:
    assert order_in_words(_links((0, 1), (1, 2))) == "Written one after the other: 0 → 1 → 2."


def test_a_long_chain_is_cut_at_its_beginning_and_says_so() -> None:
    said = order_in_words(_links(*((i, i + 1) for i in range(14))))

    assert said == "Written one after the other: … 5 more → 5 → 6 → 7 → 8 → 9 → 10 → 11 → 12 → 13 → 14."
