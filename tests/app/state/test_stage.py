"""One to six panes that fit the trace; what the user arranged stays as long as the model does."""

from dataclasses import replace

import pytest

from app.state.panes import PANES, first_panes, pane
from app.state.session import Bookmark
from app.state.side import Showing
from app.state.stage import MOST_PANES, Stage
from engine.contract.messages import Source
from fake_traces import lstm_trace, memn2n_trace, ntm_trace

NTM = ntm_trace(length=4, slots=8)


def _fitted() -> Stage:
    stage = Stage()
    stage.fit(NTM)
    return stage


def test_a_model_opens_with_the_panes_of_its_card() -> None:
    assert _fitted().panes == ("Writes", "Memory", "Reads")
    assert first_panes(memn2n_trace()) == ("Hops", "Readout", "Memory")


def test_panes_are_chosen_by_what_a_channel_is_never_by_the_model() -> None:
    fits = {card.name for card in PANES if card.fits(lstm_trace(length=3))}

    assert {"Tape", "State and gates", "Readout", "Curves"} <= fits
    assert not {"Reads", "Writes", "Memory", "Hops", "Addressing"} & fits


def test_the_same_model_keeps_the_users_choice() -> None:
    stage = _fitted()
    stage.arrange(("Addressing", "Memory"))

    stage.fit(ntm_trace(length=9, slots=16))

    assert stage.panes == ("Addressing", "Memory")


def test_another_model_opens_its_own_panes() -> None:
    stage = _fitted()

    stage.fit(lstm_trace(length=3))

    assert stage.panes == ("State and gates", "Curves")


def test_at_most_six_panes_and_at_least_one() -> None:
    stage = _fitted()
    for card in PANES:
        stage.add(card.name)
    many = stage.panes
    for name in many:
        stage.remove(name)

    assert len(many) <= MOST_PANES
    assert len(stage.panes) == 1


def test_what_is_offered_fits_and_is_not_there_yet() -> None:
    stage = _fitted()

    offered = stage.offered(NTM)

    assert not set(offered) & {"Tape", *stage.panes}
    assert all(pane(name).fits(NTM) for name in offered)


def test_a_pane_is_enlarged_and_the_same_again_gives_the_grid_back() -> None:
    stage = _fitted()

    stage.enlarge("Memory")
    large = stage.large
    stage.enlarge("Memory")
    back = stage.large
    stage.enlarge("No such pane")

    assert (large, back, stage.large) == ("Memory", "", "")


def test_removing_the_large_pane_gives_the_grid_back() -> None:
    stage = _fitted()
    stage.enlarge("Memory")

    stage.remove("Memory")

    assert stage.large == ""


def test_the_panes_of_a_session_stay_when_its_trace_comes() -> None:
    stage = Stage()
    stage.restore(("Addressing", "Memory", "Unheard of"), "Memory", ())

    stage.fit(NTM)

    assert (stage.panes, stage.large) == (("Addressing", "Memory"), "Memory")


def test_a_session_whose_panes_fit_nothing_opens_the_models_own() -> None:
    stage = Stage()
    stage.restore(("Hops",), "", ())

    stage.fit(NTM)

    assert stage.panes == ("Writes", "Memory", "Reads")


def test_bookmarks_are_kept_and_forgotten() -> None:
    stage = _fitted()
    mark = Bookmark(name="here", a=Showing(source=Source(place="x")), step=3)

    stage.bookmark(mark)
    kept = stage.bookmarks
    stage.forget_bookmark(0)

    assert kept == (mark,)
    assert stage.bookmarks == ()


def test_an_unknown_pane_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        pane("Nothing")


def test_a_pane_can_be_brought_to_fill_the_stage() -> None:
    stage = Stage()
    stage.fit(ntm_trace(length=3, slots=8))
    before = stage.panes

    stage.bring("Seeds")

    assert stage.panes == (*before, "Seeds")
    assert stage.large == "Seeds"


def test_of_six_panes_the_last_makes_room_for_what_is_brought() -> None:
    stage = Stage()
    stage.arrange(("Writes", "Memory", "Reads", "Addressing", "State and gates", "Readout"))

    stage.bring("Seeds")
    stage.bring("Memory")

    assert stage.panes == ("Writes", "Memory", "Reads", "Addressing", "State and gates", "Seeds")
    assert stage.large == "Memory"


def test_what_looks_at_the_training_opens_only_when_it_is_wished_for() -> None:
    trace = ntm_trace(length=3, slots=8)
    plain = replace(trace, card=replace(trace.card, model=replace(trace.card.model, first_panes=())))

    assert not {"Time map", "Seeds"} & set(first_panes(plain))
    assert {"Time map", "Seeds"} <= set(Stage().offered(trace))


def test_panes_lent_to_one_network_are_given_back_for_the_next() -> None:
    stage = _fitted()
    stage.arrange(("Addressing", "Memory"))
    stage.arrange(("Reads",), lent_to=NTM.card.source)
    stage.fit(NTM)
    lent = stage.panes

    stage.fit(replace(NTM, card=replace(NTM.card, source="exhibit:another")))

    assert lent == ("Reads",)
    assert stage.panes == ("Addressing", "Memory")


def test_lent_panes_that_were_changed_stay() -> None:
    stage = _fitted()
    stage.arrange(("Reads",), lent_to=NTM.card.source)
    stage.add("Memory")

    stage.give_back()
    stage.fit(replace(NTM, card=replace(NTM.card, source="exhibit:another")))

    assert stage.panes == ("Reads", "Memory")


def test_what_was_lent_twice_gives_back_what_stood_before_the_first() -> None:
    stage = _fitted()
    stage.arrange(("Reads",), lent_to=NTM.card.source)
    stage.arrange(("Memory",), lent_to=NTM.card.source)

    stage.give_back()

    assert stage.panes == ("Writes", "Memory", "Reads")
