"""The commands that show an idea of the tutorial, measured on the spot."""

from functools import partial

from app.shell.base import Action, Desk, act
from engine.contract.ideas import IDEAS

IDEA_OPEN = "idea.open."


def idea_actions(desk: Desk) -> list[Action]:
    """One command for each idea, and what can be done with the one that is open."""
    ideas = desk.state.ideas
    shown = [
        act(f"{IDEA_OPEN}{idea.id}", f"Show me: {idea.title}", idea.claim, partial(desk.show_idea, idea.id)) for idea in IDEAS
    ]
    return [
        *shown,
        act(
            "idea.close",
            "All ideas",
            "Back to the list of ideas, and to the stage.",
            partial(desk.show_idea, ""),
            when=lambda: ideas.idea is not None,
            needs="No idea is open; Show me opens one.",
        ),
    ]
