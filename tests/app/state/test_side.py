"""A side keeps its old trace until the one it waits for has come, and takes no other."""

from app.state.side import Showing, Side
from engine.contract.messages import Request, Source
from fake_traces import ntm_trace

SHOWING = Showing(source=Source(place="exhibit:ntm-copy"))
ONE, TWO = ntm_trace(length=3, slots=8), ntm_trace(length=4, slots=8)


def test_only_the_answer_to_the_newest_wish_is_taken() -> None:
    side = Side("A")
    side.wish(SHOWING, Request(1))
    side.wish(SHOWING, Request(2))

    assert not side.take(Request(1), ONE)
    assert side.take(Request(2), TWO)
    assert side.trace is TWO


def test_the_old_trace_stays_while_a_new_one_is_awaited() -> None:
    side = Side("A")
    side.wish(SHOWING, None)
    side.take(None, ONE)

    side.wish(SHOWING, Request(2))

    assert side.trace is ONE
    assert side.is_waiting


def test_a_refusal_keeps_the_old_trace_and_says_why() -> None:
    side = Side("A")
    side.wish(SHOWING, None)
    side.take(None, ONE)
    side.wish(SHOWING, Request(2))

    side.refuse(Request(2), "There is no such checkpoint.")

    assert (side.trace, side.is_waiting, side.refusal) == (ONE, False, "There is no such checkpoint.")


def test_a_refusal_of_an_older_wish_is_ignored() -> None:
    side = Side("A")
    side.wish(SHOWING, Request(1))
    side.wish(SHOWING, Request(2))

    assert not side.refuse(Request(1), "old")
    assert side.is_waiting


def test_an_empty_side_shows_nothing() -> None:
    side = Side("B")
    side.wish(SHOWING, None)
    side.take(None, ONE)

    side.empty()

    assert (side.showing, side.trace, side.is_waiting) == (None, None, False)
