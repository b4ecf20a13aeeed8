"""Which pairs lie in memory, and which of them are candidates."""

from app.state.pairs import pairs_at, pairs_of
from app.state.panes import first_panes, pane
from fake_bank import bank_trace
from fake_traces import memn2n_trace, ntm_trace


def test_candidates_come_first_and_the_others_after_them() -> None:
    trace = bank_trace()
    pairs = pairs_of(trace)
    assert pairs is not None

    found = pairs_at(trace, pairs, 4)

    assert [(pair.slot, pair.is_candidate) for pair in found] == [(0, True), (1, True), (2, False), (3, False)]
    assert (found[1].key, found[1].value) == ("Wintergate written by", "Tamson")


def test_while_nothing_is_asked_every_pair_that_was_told_may_be_looked_at() -> None:
    trace = bank_trace()
    pairs = pairs_of(trace)
    assert pairs is not None

    assert [pair.is_candidate for pair in pairs_at(trace, pairs, 1)] == [True, True]


def test_of_a_story_the_key_is_the_sentence_and_the_value_what_it_says_alone() -> None:
    trace = bank_trace(is_told=False)
    pairs = pairs_of(trace)
    assert pairs is not None

    found = pairs_at(trace, pairs, 4)

    assert not pairs.is_told
    assert (found[0].key, found[0].value) == ("Wintergate was directed by Velmar.", "Velmar")


def test_a_model_that_reads_what_it_looks_at_has_no_pairs() -> None:
    assert pairs_of(memn2n_trace()) is None
    assert pairs_of(ntm_trace()) is None
    assert not pane("Keys and values").fits(memn2n_trace())


def test_keys_and_values_open_first_where_there_are_some() -> None:
    assert first_panes(bank_trace()) == ("Keys and values", "Hops")
