"""An idea on the real window with the real engine: one press, numbers measured on the spot, and back to the stage."""

import pytest

from driving import Reader


@pytest.mark.slow
def test_an_idea_is_measured_before_the_readers_eyes(ready: Reader) -> None:
    ideas = ready.state.ideas
    ready.click_button("idea.open.parameters")
    ready.wait(lambda: ideas.found is not None)
    first = ideas.found
    assert first is not None
    assert first.figures

    ready.wait(lambda: not ideas.is_measuring)

    assert ideas.found is not None
    assert [finding.holds for finding in ideas.found.findings] == [True, True]
    assert "62,860 parameters at 32 slots" in ready.words() or "62,860" in ideas.found.findings[0].sentence
    assert ready.window.panels.figures.figures()[0].isVisible()


@pytest.mark.slow
def test_the_same_episode_stands_on_both_sides_while_it_is_measured(ready: Reader) -> None:
    ready.command("Show me: One vector holds it all")
    ready.wait_for_traces()
    ready.wait(lambda: not ready.state.ideas.is_measuring)

    a, b = ready.state.a.trace, ready.state.b.trace
    assert a is not None
    assert b is not None
    assert (a.card.model.id, b.card.model.id) == ("ntm", "lstm")
    assert (a.arrays["tape.input"] == b.arrays["tape.input"]).all()
    assert ready.state.stage.panes == ("Memory",)


@pytest.mark.slow
def test_measuring_is_given_up_at_once(ready: Reader) -> None:
    ready.click_button("idea.open.long-spans")
    ready.wait(lambda: ready.state.ideas.found is not None)

    ready.click_button("Cancel")

    assert not ready.state.ideas.is_measuring
    ready.click_button("Back to the stage")
    ready.press("Right")
    ready.wait_for_traces()
    assert ready.state.playback.step == 1
