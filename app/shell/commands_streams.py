"""The commands for two streams beside each other: the comparison of two lifetimes, and what can be switched in either memory."""

from functools import partial

from app.shell.base import Action, Desk, act
from app.state import episodic_persistent
from app.state.app_state import AppState
from app.state.lens import Selection
from app.state.side import Side
from app.state.two_memories import SWITCHES, Change, changes, switches

NO_SWITCH = "Nothing of this memory can be switched: show a stream, such as “Episodic | Persistent”, first."
_SWITCHES = (
    ("wipe", "Wipe the memory of {side} or not", "Let what is left of one sample leak into the next, or wipe the memory again."),
    ("write", "Let {side} write or not", "Let the memory stay as it is, or store again what is worth a slot."),
)


def stream_actions(desk: Desk) -> list[Action]:
    """The preset, and the switches of both sides."""
    state = desk.state
    preset = act(
        "compare.lifetimes",
        episodic_persistent.TITLE,
        episodic_persistent.SAYS,
        desk.compare_lifetimes,
        when=lambda: episodic_persistent.sides(state.catalogue) is not None,
        needs=episodic_persistent.NEEDS,
    )
    found = [preset]
    for side in (state.a, state.b):
        for what, title, says in _SWITCHES:
            found.append(
                act(
                    f"memory.{what}.{side.name.lower()}",
                    title.format(side=side.name),
                    f"{says} The episode of {side.name} is run again.",
                    partial(_switch, state, side, what),
                    when=partial(_has, side, what),
                    needs=NO_SWITCH,
                )
            )
    for side in (state.a, state.b):
        found.append(
            act(
                f"memory.clear.{side.name.lower()}",
                f"Clear the memory of {side.name} from here on",
                "From the present sample on the memory that grows is empty; what comes after may be stored again.",
                partial(_clear, state, side),
                when=partial(_can_clear, state, side),
                needs="There is no memory that grows, or nothing in it yet.",
            )
        )
    return found


def _clearing(state: AppState, side: Side) -> Change | None:
    step = state.comparison.step_of(side, state.playback.step)
    found = changes(side, Selection(side=side.name), step)
    return next((change for change in found if change.title.startswith("Clear")), None)


def _can_clear(state: AppState, side: Side) -> bool:
    return _clearing(state, side) is not None


def _clear(state: AppState, side: Side) -> None:
    change = _clearing(state, side)
    if change is not None:
        state.explorer.edit_side(side, change.edits)


def _has(side: Side, what: str) -> bool:
    return side.trace is not None and any(SWITCHES[name] == what for name, *_ in switches(side.trace, side.name))


def _switch(state: AppState, side: Side, what: str) -> None:
    for name, value, *_ in switches(side.trace, side.name) if side.trace is not None else ():
        if SWITCHES[name] == what:
            state.explorer.change_setting_of(side, name, value)
