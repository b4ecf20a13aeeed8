"""The commands that open, keep and share: exhibits, episodes, lessons, sessions, bookmarks, exports."""

import secrets
from functools import partial

from app.shell.base import Action, Desk, act
from app.state.app_state import AppState
from app.state.catalogue import EXHIBIT
from app.state.session import Bookmark

NO_EPISODE = "There is no episode yet: choose a model first."
EXHIBIT_OPEN = "exhibit.open."
HIGHEST_SEED = 1_000_000
EXPORTS = (
    ("pane", "Export the pane ...", "The pane as SVG, PDF or PNG, with title, axes and caption.", ("Ctrl+E",)),
    ("stage", "Export the stage ...", "All panes as one figure: SVG, PDF or PNG.", ("Ctrl+Shift+E",)),
    ("trace", "Export the trace ...", "The whole record of the episode, as a file that Slotscope and numpy read.", ()),
    ("data", "Export the data ...", "What the pane shows, as CSV or NPZ.", ()),
    ("animation", "Export an animation ...", "The chosen steps as GIF, MP4 or numbered pictures.", ()),
    ("cancel", "Cancel the export", "Give up the animation or page that is being made; nothing is written.", ()),
    ("lesson", "Export the lesson ...", "The lesson as one page with its figures, to read or to print.", ()),
    ("script", "Export the edits as a script ...", "A Python script that gives the edited result without the window.", ()),
)


def file_actions(desk: Desk) -> list[Action]:
    """Open, keep, share, leave."""
    return [*_episodes(desk), *_lessons(desk), *_sessions(desk), *_exports(desk), *exhibit_actions(desk.state)]


def exhibit_actions(state: AppState) -> list[Action]:
    """One command for each bundled trained network; made anew when the engine has sent its list."""
    return [
        act(EXHIBIT_OPEN + card.name, f"Open: {card.title}", card.says, partial(state.explorer.open, EXHIBIT + card.name))
        for card in state.catalogue.exhibits
    ]


def _episodes(desk: Desk) -> list[Action]:
    state = desk.state

    def has_episode() -> bool:
        return state.a.showing is not None

    def move(by: int) -> None:
        if state.a.showing is not None:
            state.explorer.choose_episode(state.a.showing.episode.seed + by)

    def draw() -> None:
        state.explorer.choose_episode(secrets.randbelow(HIGHEST_SEED))

    rows = (
        ("episode.next", "Next episode", "Another episode: the next seed.", partial(move, 1), ("N",)),
        ("episode.previous", "Previous episode", "The episode of the seed before.", partial(move, -1), ("Shift+N",)),
        ("episode.random", "Any episode", "An episode drawn from a random seed.", draw, ()),
        (
            "input.own",
            "Your own input ...",
            "Draw the bits or the trajectories yourself, write the symbols, or write a story and ask.",
            desk.show_own_input,
            ("I",),
        ),
    )
    return [act(name, title, says, run, *keys, when=has_episode, needs=NO_EPISODE) for name, title, says, run, keys in rows]


def _lessons(desk: Desk) -> list[Action]:
    return [
        act("lesson.start", "Explain this", "Begin the lesson, from its first page.", partial(desk.learn, resume=False)),
        act("lesson.resume", "Resume the lesson", "Go on with the lesson where it was left.", partial(desk.learn, resume=True)),
        act("first.change", "Change a memory slot", "Select a slot that was just written, and change it.", desk.walk_to_a_slot),
    ]


def _sessions(desk: Desk) -> list[Action]:
    state = desk.state

    def bookmark() -> None:
        showing = state.a.showing
        if showing is not None:
            name = f"{state.playback.label}, episode {showing.episode.seed}"
            step = state.comparison.step_of(state.a, state.playback.step)  # the bookmark keeps A alone
            here = Bookmark(name=name, a=showing, step=step, selection=state.lens.selection)
            state.stage.bookmark(here)

    shown = partial(act, when=lambda: state.a.showing is not None, needs=NO_EPISODE)
    return [
        shown("bookmark.add", "Bookmark this place", "Keep this step and selection in the navigator.", bookmark, "Ctrl+B"),
        shown("session.save", "Save the session ...", "What you look at, as a small file.", desk.save_session, "Ctrl+S"),
        shown(
            "session.copy",
            "Copy the session",
            "What you look at, as one line of text for a mail.",
            desk.copy_session,
            "Ctrl+Shift+C",
        ),
        act(
            "session.open", "Open ...", "Open a session, a trace, or a figure that carries its session.", desk.open_file, "Ctrl+O"
        ),
        act(
            "session.last",
            "Continue the last session",
            "What was looked at when the window was last closed.",
            desk.open_last_session,
            when=lambda: bool(state.preferences.kept.last_session),
            needs="No session was kept yet.",
        ),
        act("app.quit", "Quit", "Close the window; a run that trains is saved and can be resumed.", desk.close, "Ctrl+Q"),
    ]


def _exports(desk: Desk) -> list[Action]:
    state = desk.state
    return [
        act(
            f"export.{what}",
            title,
            says,
            partial(desk.export, what),
            *keys,
            when=lambda: state.a.trace is not None,
            needs=NO_EPISODE,
        )
        for what, title, says, keys in EXPORTS
    ]
