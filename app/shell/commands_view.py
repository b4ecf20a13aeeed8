"""The commands that change what is looked at and how: panes, selection, comparison, theme, size of type, depth of the texts."""

from functools import partial
from typing import get_args

from app.shell.base import Action, Desk, act
from app.state.app_state import AppState
from app.state.one_story import story_of
from app.state.panes import first_panes, pane
from app.state.preferences import Depth, Theme
from app.state.stage import MOST_PANES

SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
NO_TRACE = "There is nothing on the stage yet: choose a model first."
LAYOUTS = {
    "overview": (
        "Overview",
        "How it is wired, what it stores and reads, and its controller's state, at a glance.",
        ("Architecture", "Memory", "Reads", "Attention", "State and gates"),
    ),
    "readwrite": ("Read-write", "Reads, memory and writes side by side.", ("Writes", "Memory", "Reads")),
    "lifetimes": (
        "Lifetimes",
        "How long each memory lives, what is stored, and where it is read.",
        ("Lifetimes", "Memory", "Hops", "Reads"),
    ),
    "stories": (
        "Stories",
        "The same story under several models, and how the one on screen comes to its answer.",
        ("One story", "Hops", "Readout"),
    ),
    "training": (
        "Training",
        "What was learnt when: the same episode at every checkpoint, curves and memory.",
        ("Time map", "Curves", "Memory"),
    ),
}
THEMES = {
    "system": ("Theme: as the system", "Light or dark, as this computer is set."),
    "light": ("Theme: light", "Dark ink on a light ground."),
    "dark": ("Theme: dark", "Light ink on a dark ground."),
    "contrast": ("Theme: high contrast", "Black on white, strong lines."),
}
DEPTHS = {
    "plain": ("Text: plain", "Explain in everyday words, without symbols."),
    "technical": ("Text: technical", "Explain with the field's own words."),
    "formula": ("Text: formula", "Explain with the formulas and their numbers."),
}


def view_actions(desk: Desk) -> list[Action]:
    """Panes, selection, comparison, look."""
    state = desk.state
    return [*_panes(desk), *_layouts(state), *_selection(state), *_compare(desk), *_help(desk), *_look(state)]


def _panes(desk: Desk) -> list[Action]:
    stage = desk.state.stage

    def enlarge(number: int) -> None:
        stage.enlarge(stage.panes[number - 1])

    def is_there(number: int) -> bool:
        return len(stage.panes) >= number

    large = [
        act(
            f"pane.large.{n}",
            f"Enlarge pane {n}",
            f"Let pane {n} fill the stage; once more, and all are back.",
            partial(enlarge, n),
            str(n),
            when=partial(is_there, n),
            needs=f"There is no pane {n} on the stage.",
        )
        for n in range(1, MOST_PANES + 1)
    ]
    return [
        *large,
        act("pane.grid", "All panes", "Show all panes of the stage side by side.", lambda: stage.enlarge(""), "0"),
        act(
            "pane.add",
            "Add a pane ...",
            "Choose one more question to be answered on the stage.",
            desk.offer_panes,
            "+",
            when=lambda: desk.state.a.trace is not None,
            needs=NO_TRACE,
        ),
        act(
            "pane.next",
            "Next pane",
            "Give the keyboard to the next pane (Tab walks through every field).",
            partial(desk.focus_pane, 1),
            "F6",
        ),
        act("pane.previous", "Previous pane", "Give the keyboard to the pane before.", partial(desk.focus_pane, -1), "Shift+F6"),
        act("tab.learn", "Learn", "Show the lesson at the left.", partial(desk.show_tab, "learn")),
        act("tab.explore", "Explore", "Show what there is to open at the left.", partial(desk.show_tab, "explore")),
        act("fold.left", "Fold the left panel", "Fold the lesson or the navigator away, or back.", desk.fold_left, "F8"),
        act("fold.inspector", "Fold the Inspector", "Fold the Inspector away, or back.", desk.fold_inspector, "F9"),
    ]


def _layouts(state: AppState) -> list[Action]:
    def arrange(panes: tuple[str, ...]) -> None:
        trace = state.a.trace
        if trace is not None:
            state.stage.arrange(tuple(name for name in panes if pane(name).fits(trace)) or first_panes(trace))

    def reset() -> None:
        if state.a.trace is not None:
            state.stage.arrange(first_panes(state.a.trace))

    def has_trace() -> bool:
        return state.a.trace is not None

    presets = [
        act(f"layout.{name}", f"Layout: {title}", says, partial(arrange, panes), when=has_trace, needs=NO_TRACE)
        for name, (title, says, panes) in LAYOUTS.items()
    ]
    first = act(
        "layout.first", "Layout: as it opened", "The panes that the model opens with.", reset, when=has_trace, needs=NO_TRACE
    )
    return [*presets, first]


def _selection(state: AppState) -> list[Action]:
    def clear() -> None:
        if not state.lens.clear(state.explorer.here):
            if state.stage.large:
                state.stage.enlarge("")
            else:
                state.playback.clear_range()

    def pin() -> None:
        state.lens.pin()

    return [
        act("selection.clear", "Clear the selection", "Let go of the selection, one level at a time.", clear, "Esc"),
        act(
            "selection.pin",
            "Pin the selection",
            "Keep the selection as P1 to P4; each pin adds a curve to the Inspector.",
            pin,
            "P",
            when=lambda: not state.lens.selection.is_empty,
            needs="Select something first: click a slot or a head in a pane.",
        ),
        act("history.back", "Back", "Return to the place and selection before.", state.explorer.back, "Alt+Shift+Left"),
        act("history.forward", "Forward", "Return to the place that Back came from.", state.explorer.forward, "Alt+Shift+Right"),
    ]


def _compare(desk: Desk) -> list[Action]:
    state = desk.state
    comparison, explorer = state.comparison, state.explorer

    def toggle() -> None:
        explorer.set_mode("split" if comparison.mode == "single" else "single")

    def difference() -> None:
        explorer.set_mode("difference" if comparison.mode != "difference" else "split")

    def has_trace() -> bool:
        return state.a.trace is not None

    return [
        act(
            "compare.toggle",
            "Compare A and B",
            "Show A and B side by side, or A alone.",
            toggle,
            "C",
            when=has_trace,
            needs=NO_TRACE,
        ),
        act(
            "compare.difference",
            "Difference",
            "Show B minus A in the place of B, or B again.",
            difference,
            "D",
            when=lambda: state.b.showing is not None,
            needs="There is no B to subtract: choose one with “Compare with”.",
        ),
        act(
            "compare.with",
            "Compare with ...",
            "Choose another model, run or checkpoint as B, on the same episode.",
            desk.offer_sides,
            when=has_trace,
            needs=NO_TRACE,
        ),
        act("compare.close", "Close B", "Back to A alone.", explorer.close_b),
        act(
            "compare.models",
            "Compare models on this story",
            "Let every network that reads stories read this one: where each of them looks, and what it answers.",
            lambda: state.stage.bring("One story"),
            when=lambda: bool(story_of(state.a.trace)),
            needs="This network reads no stories: open one that does first.",
        ),
    ]


def _help(desk: Desk) -> list[Action]:
    return [
        act("search", "Search all commands", "Find any command by its name, and see its key.", desk.show_search, "Ctrl+K"),
        act("keys.show", "Key map", "Show every key, and change it.", desk.show_keys, "?", "Shift+/"),
        act(
            "help.pane",
            "How to read this pane",
            "What the pane shows, what to look for, the formula, and what it does not show.",
            desk.explain_pane,
            "F1",
            when=lambda: desk.state.a.trace is not None,
            needs=NO_TRACE,
        ),
    ]


def _look(state: AppState) -> list[Action]:
    preferences = state.preferences

    def theme(name: Theme) -> None:
        preferences.change(theme=name)

    def depth(name: Depth) -> None:
        preferences.change(depth=name)

    def resize(direction: int) -> None:
        now = min(range(len(SCALES)), key=lambda i: abs(SCALES[i] - preferences.kept.scale))
        preferences.change(scale=SCALES[min(max(now + direction, 0), len(SCALES) - 1)])

    return [
        *(act(f"theme.{name}", *THEMES[name], partial(theme, name)) for name in get_args(Theme)),
        *(act(f"depth.{name}", *DEPTHS[name], partial(depth, name)) for name in get_args(Depth)),
        act("scale.bigger", "Bigger type", "One size bigger, up to 200 %.", partial(resize, 1), "Ctrl++", "Ctrl+="),
        act("scale.smaller", "Smaller type", "One size smaller, down to 80 %.", partial(resize, -1), "Ctrl+-"),
        act("scale.reset", "Standard type", "The standard size of type, 100 %.", lambda: preferences.change(scale=1.0), "Ctrl+0"),
    ]
