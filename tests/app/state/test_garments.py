"""What is told of a top: which pairs it calls to mind, what is proposed, and what is left of the list above a floor."""

import numpy as np

from app.state.garments import garment_channels, likenesses, outfit_at, outfit_in_words
from fake_garments import NAMES, garment_trace
from fake_pictures import picture_trace
from fake_traces import ntm_trace

TRACE = garment_trace()
LAST = TRACE.steps - 1


def test_there_is_something_to_see_only_where_garments_are_proposed_in_pictures() -> None:
    assert garment_channels(TRACE)
    assert not garment_channels(ntm_trace())
    assert not garment_channels(picture_trace())


def test_proposals_come_with_the_pairs_that_they_are_made_of() -> None:
    shown = outfit_at(TRACE, LAST)

    slots = [proposal.sources[0].slot for proposal in shown.proposals]
    assert slots == TRACE.arrays["read.slot"][LAST].astype(int).tolist()
    np.testing.assert_allclose([proposal.likeness for proposal in shown.proposals], [0.99, 0.89, 0.79], atol=1e-6)
    assert shown.proposals[0].sources[0].bottom_name == NAMES[slots[0] % len(NAMES)]
    assert [proposal.success for proposal in shown.proposals] == TRACE.arrays["write.success"][LAST].tolist()


def test_the_list_stands_in_its_order_and_says_what_was_worn() -> None:
    shown = outfit_at(TRACE, LAST)

    order = np.argsort(-TRACE.arrays["rank.score"][LAST])
    assert [offer.thing for offer in shown.offers] == order.tolist()
    assert [offer.thing for offer in shown.offers if offer.is_worn] == [int(TRACE.arrays["say.worn"][LAST])]
    assert {offer.goes for offer in shown.offers} == {"", "neutral", "complement"}
    assert shown.knows_rules


def test_above_a_floor_only_what_a_kept_proposal_brought_is_left() -> None:
    shown = outfit_at(TRACE, LAST, floor=0.85)

    assert [proposal.is_kept for proposal in shown.proposals] == [True, True, False]
    assert {offer.proposal for offer in shown.offers} == {1, 2}
    assert outfit_at(TRACE, LAST, floor=2.0).offers == ()


def test_an_empty_memory_proposes_nothing_and_still_lists() -> None:
    shown = outfit_at(TRACE, 0)

    assert shown.proposals == ()
    assert shown.offers
    assert all(offer.proposal == 0 for offer in shown.offers)
    assert "Nothing is remembered yet" in outfit_in_words(shown, -1.0)


def test_the_range_of_the_floor_is_that_of_the_episode() -> None:
    low, high = likenesses(TRACE)

    np.testing.assert_allclose((low, high), (0.79, 0.99), atol=1e-6)


def test_in_words_it_names_slots_list_and_what_was_worn() -> None:
    said = outfit_in_words(outfit_at(TRACE, LAST, floor=0.85), 0.85)

    worn = NAMES[int(TRACE.arrays["say.worn"][LAST])]
    assert said.startswith("Wanted: something to go with a ")
    assert "1 of 3 lie below the floor of 0.85" in said
    assert said.endswith(f"Worn with it: {worn}.")
