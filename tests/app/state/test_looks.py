"""How a model looks at its facts, whatever it calls its hops."""

import numpy as np
import pytest

from app.state.looks import (
    LINEAR_START,
    first_hit,
    hits,
    largest,
    line_in_slot,
    look_of,
    spread,
    supporting_lines,
    supporting_slots,
)
from engine.contract.cards import Kind
from fake_traces import lstm_trace, memn2n_trace
from story_traces import linear_start, read_by

STORY = memn2n_trace()


def test_a_model_without_a_role_is_read_by_its_attention() -> None:
    look = look_of(STORY)

    assert look is not None
    assert (look.channel.name, look.kind, look.names) == ("hop.attention", "shares", ("hop 1", "hop 2", "hop 3"))


@pytest.mark.parametrize(
    ("kind", "read"), [("gate", "gates"), ("decision", "choice"), ("attention", "shares"), ("vector", "scores")]
)
def test_what_says_that_it_is_the_look_comes_first_and_is_read_by_its_kind(kind: Kind, read: str) -> None:
    look = look_of(read_by(kind))

    assert look is not None
    assert (look.channel.name, look.kind, look.names, look.word) == ("pass.look", read, ("pass 1", "pass 2"), "pass")


def test_in_the_linear_start_the_scores_are_the_weights_and_it_is_said() -> None:
    look = look_of(linear_start())

    assert look is not None
    assert (look.channel.name, look.kind, look.says) == ("hop.match", "scores", LINEAR_START)


def test_a_model_without_hops_does_not_look() -> None:
    assert look_of(lstm_trace(length=2)) is None


def test_a_gate_that_is_open_finds_its_fact_though_another_is_wider_open() -> None:
    look = look_of(read_by("gate"))
    assert look is not None
    rows = np.array([[0.9, 0.6, 0.1], [0.2, 0.1, 0.3]], np.float32)

    assert [hits(look, rows, 0, slot) for slot in range(3)] == [True, True, False]
    assert largest(look, rows) == (0, 2)
    assert [first_hit(look, rows, slot) for slot in range(3)] == [0, 0, 1]


def test_shares_find_only_where_they_are_largest_and_nothing_is_found_where_nothing_is() -> None:
    look = look_of(STORY)
    assert look is not None
    rows = np.array([[0.5, 0.4, np.nan], [np.nan] * 3], np.float32)

    assert largest(look, rows) == (0, -1)
    assert first_hit(look, rows, 1) == -1


def test_the_spread_is_nothing_for_one_slot_and_the_logarithm_for_many_alike() -> None:
    assert spread(np.array([0, 1, np.nan], np.float32)) == 0.0
    assert spread(np.full(4, 0.25, np.float32)) == pytest.approx(np.log(4))


def test_supporting_facts_are_known_by_slot_and_by_line() -> None:
    assert supporting_slots(STORY, 5) == [2]
    assert supporting_lines(STORY, 5) == (3,)
    assert line_in_slot(STORY, 3) == {0: 0, 1: 1, 2: 3}
