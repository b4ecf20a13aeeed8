"""What every command of the window is, and what the commands ask of the window that they act in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from app.state.app_state import AppState


def always() -> bool:
    """The rule of a command that can be given at any time."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One thing a user can do, by key, by button, or by name through the search."""

    id: str
    title: str
    says: str
    """One sentence: what happens."""
    run: Callable[[], object]
    keys: tuple[str, ...] = ()
    """As Qt writes them ("Ctrl+K"); the first is the one that is shown."""
    is_enabled: Callable[[], bool] = always
    needs: str = ""
    """One sentence for a user who gives the command while it cannot be done: what is missing."""


def act(
    name: str, title: str, says: str, run: Callable[[], object], *keys: str, when: Callable[[], bool] = always, needs: str = ""
) -> Action:
    """One row of a table of commands."""
    return Action(id=name, title=title, says=says, run=run, keys=keys, is_enabled=when, needs=needs)


class Desk(Protocol):
    """What commands need of the window beyond the state."""

    @property
    def state(self) -> AppState:
        """All that is shown."""

    def show_tab(self, tab: str) -> None:
        """Learn or Explore."""

    def fold_left(self) -> None:
        """Fold the left panel, or unfold it."""

    def fold_inspector(self) -> None:
        """Fold the Inspector, or unfold it."""

    def show_search(self) -> None:
        """Open the search over all commands."""

    def show_keys(self) -> None:
        """Open the key map."""

    def ask_where_to_go(self) -> None:
        """Ask for a step or a checkpoint."""

    def offer_panes(self) -> None:
        """Offer the panes that can be added."""

    def offer_sides(self) -> None:
        """Offer what can be shown as B."""

    def compare_lifetimes(self) -> None:
        """Show a memory that is wiped beside one that lives on, on the same stream."""

    def focus_pane(self, direction: int) -> None:
        """Give the keyboard to the next (1) or previous (-1) pane."""

    def explain_pane(self) -> None:
        """Open "How to read this" of the pane in question."""

    def begin_edit(self, act: str) -> None:
        """Open the what-if part of the Inspector at this act; empty: at the first that fits the selection."""

    def show_training_form(self) -> None:
        """Open the form for a new run."""

    def train_quickly(self) -> None:
        """Start the small run that learns before the user's eyes, and follow it."""

    def train_several_quickly(self) -> None:
        """Start the small run from several seeds, and show their curves together."""

    def walk_to_a_slot(self) -> None:
        """Select a slot that was just written and open its what-if."""

    def show_own_input(self) -> None:
        """Open the place where bits are drawn or a story is written."""

    def learn(self, *, resume: bool) -> None:
        """Begin the lesson, or go on where it was left."""

    def show_idea(self, name: str) -> None:
        """Show an idea and measure it; empty: go back to the list."""

    def save_session(self, path: Path | None = None) -> None:
        """Write what is looked at to a file; None: ask which."""

    def memory_file(self, what: str) -> None:
        """Ask for a file, and "save" the memory of the stream there, "merge" it with what lies there, or "load" that."""

    def open_file(self, path: Path | None = None) -> None:
        """Open a session, a trace or a figure that carries its session; None: ask which."""

    def open_last_session(self) -> None:
        """Come back to what was looked at when the window was last closed."""

    def copy_session(self) -> None:
        """Put the session as one line of text on the clipboard."""

    def export(self, what: str) -> None:
        """Export the pane, the stage, the trace, its data, an animation or the script of the edits."""

    def close(self) -> bool:
        """Close the window."""
