"""A real window on a scripted engine, for tests."""

from dataclasses import dataclass

from app.shell.window import Window
from scripted import Desk


@dataclass
class Shown:
    """A window, and the engine that answers it."""

    window: Window
    desk: Desk

    def perform(self, command: str) -> None:
        """Give a command as a button would."""
        self.window.actions.perform(command)

    def said(self) -> str:
        """Every sentence that is on screen."""
        return " ".join(notice.sentence for notice in self.window.state.notices.all)
