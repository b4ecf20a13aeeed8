"""Ideas: what is asked of the engine, what comes back, and what stands on the stage meanwhile."""

import pytest

from engine.contract.demonstrations import Demonstration, Finding
from engine.contract.messages import Cancel, Demonstrate, Demonstrated, Record, Refused, Working
from fake_traces import ntm_trace
from scripted import Desk, desk, exhibit, greeting


def asked(made: Desk) -> Demonstrate:
    return next(command for command in reversed(made.engine.sent) if isinstance(command, Demonstrate))


def answer(made: Desk, *, complete: bool = True, sentence: str = "So it is.") -> None:
    found = Demonstration(
        idea=asked(made).idea, findings=(Finding(sentence=sentence, holds=True),), seconds=1.5, is_complete=complete
    )
    made.state.apply(Demonstrated(request=asked(made).request, found=found))


def test_opening_an_idea_asks_the_engine_to_measure_it() -> None:
    made = desk()

    made.state.ideas.open("long-spans")

    assert asked(made).idea == "long-spans"
    assert made.state.ideas.is_measuring
    assert made.state.ideas.number == 2


def test_an_unknown_idea_is_a_fault() -> None:
    with pytest.raises(KeyError):
        desk().state.ideas.open("nothing")


def test_results_come_bit_by_bit_with_progress() -> None:
    made = desk()
    ideas = made.state.ideas
    ideas.open("long-spans")

    made.state.apply(Working(request=asked(made).request, done=3, total=12))
    answer(made, complete=False, sentence="So far.")

    assert ideas.in_words == "Measuring on this machine: part 4 of 12."
    assert ideas.found is not None
    assert ideas.found.findings[0].sentence == "So far."
    assert ideas.is_measuring

    answer(made)
    assert ideas.in_words == "Measured just now on this machine, in 1.5 seconds."
    assert not ideas.is_measuring


def test_a_cancelled_measurement_keeps_what_came() -> None:
    made = desk()
    made.state.ideas.open("cost")
    answer(made, complete=False)

    made.state.ideas.cancel()
    made.state.apply(Refused(request=asked(made).request, sentence="cancelled"))

    assert Cancel(request=asked(made).request) in made.engine.sent
    assert made.state.ideas.found is not None
    assert made.state.ideas.in_words == "Cancelled: this is what was measured until then."


def test_an_answer_to_an_earlier_idea_is_dropped() -> None:
    made = desk()
    made.state.ideas.open("cost")
    earlier = asked(made)

    made.state.ideas.open("parameters")
    made.state.apply(Demonstrated(request=earlier.request, found=Demonstration(idea="cost", is_complete=True)))

    assert Cancel(request=earlier.request) in made.engine.sent
    assert made.state.ideas.found is None


def test_a_refusal_is_told() -> None:
    made = desk()
    made.state.ideas.open("cost")

    made.state.apply(Refused(request=asked(made).request, sentence="None of the trained networks is here."))

    assert made.state.ideas.in_words == "None of the trained networks is here."


def test_before_the_engine_is_there_it_waits_and_asks_then() -> None:
    made = desk(ready=False)
    made.state.ideas.open("cost")
    assert made.engine.sent == []
    assert made.state.ideas.in_words.startswith("The engine is starting")

    made.state.apply(greeting())

    assert asked(made).idea == "cost"


def test_figures_take_the_place_of_the_stage_until_another_network_is_opened() -> None:
    made = desk()
    made.show(ntm_trace())
    made.state.ideas.open("cost")
    assert made.state.ideas.takes_the_stage

    made.state.explorer.open("exhibit:memn2n-babi")

    assert not made.state.ideas.takes_the_stage
    assert made.state.ideas.idea is not None


def test_another_episode_of_the_same_network_leaves_the_figures() -> None:
    made = desk()
    made.show(ntm_trace())
    made.state.ideas.open("cost")

    made.state.explorer.choose_episode(5)

    assert made.state.ideas.takes_the_stage


def test_a_row_opens_its_network_on_the_stage() -> None:
    made = desk()
    made.state.ideas.open("cost")

    made.state.ideas.open_row("exhibit:ntm-copy")

    assert made.engine.asked.source.place == "exhibit:ntm-copy"
    assert not made.state.ideas.takes_the_stage


def test_an_idea_of_the_stage_shows_both_networks_on_the_same_episode() -> None:
    made = desk()
    made.state.catalogue.exhibits = (exhibit(), exhibit("lstm-copy", "lstm"))

    made.state.ideas.open("whole-state")

    records = [command for command in made.engine.sent if isinstance(command, Record)]
    assert [r.source.place for r in records[-2:]] == ["exhibit:ntm-copy", "exhibit:lstm-copy"]
    assert records[-1].episode == records[-2].episode
    assert records[-1].settings == records[-2].settings == {"length": 20}
    assert made.state.comparison.mode == "split"
    assert not made.state.ideas.takes_the_stage


def test_its_panes_come_with_its_trace() -> None:
    made = desk()
    made.state.ideas.open("algorithms")
    assert made.state.stage.panes == ()

    made.bring(ntm_trace())

    assert made.state.stage.panes == ("Writes", "Memory", "Reads")


def test_a_side_whose_network_is_not_here_is_left_out() -> None:
    made = desk()

    made.state.ideas.open("whole-state")

    assert made.state.b.showing is None
    assert made.state.comparison.mode == "single"


def test_closed_it_leaves_nothing_behind() -> None:
    made = desk()
    made.state.ideas.open("cost")
    answer(made)

    made.state.ideas.close()

    assert made.state.ideas.idea is None
    assert made.state.ideas.in_words == ""
    assert not made.state.ideas.takes_the_stage
