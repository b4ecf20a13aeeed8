"""Two streams beside each other, told in words: what each memory is, how full it is, what it matched, and how they compare."""

from dataclasses import dataclass

from app.state.describe import number
from app.state.editing import make, offers
from app.state.lens import Selection
from app.state.side import Side
from app.state.stream import capacity, is_kept, memory_of, occupancy, retrieved_slots
from app.state.what_if import edit_in_words
from engine.contract.cards import Setting
from engine.contract.edits import Edit
from engine.contract.trace import Trace

FROZEN = "weights frozen in both"
FROZEN_SAYS = "Nothing is trained while the stream goes on: whatever changes is in the memories."
SWITCHES = {"wipe": "wipe", "writes": "write", "goes_on_writing": "write"}
"""Settings of a model that switch its memory on and off, where it has them, and what they switch."""
_MOST_CHANGES = 2
"""Of more changes to a memory only their number is told."""
_OFFERS: dict[tuple[str, bool], tuple[str, str]] = {
    ("wipe", True): ("Stop wiping {side}", "Let what is left of one sample leak into the next."),
    ("wipe", False): ("Wipe {side} again", "Clear the memory before each sample, as it was trained."),
    ("write", True): ("Stop writing in {side}", "Let the memory stay as it is; nothing more is stored."),
    ("write", False): ("Let {side} write again", "Store what is worth a slot."),
}


def fairness(a: Trace, b: Trace) -> str:
    """What the two can be compared for: they answer different questions. Empty where both memories are of one kind."""
    if is_kept(a) == is_kept(b):
        return ""
    kept, wiped = ("A", "B") if is_kept(a) else ("B", "A")
    return f"{kept} keeps experience across samples, {wiped} is scratch space within one."


def kind_in_words(trace: Trace) -> str:
    """ "Episodic: wiped when the sample ends"; empty where there is no such memory."""
    memory = memory_of(trace)
    if memory is None:
        return ""
    if memory.lifetime == "persistent":
        writes = trace.card.settings.get("goes_on_writing", True)
        return "Persistent: what was worth keeping" if writes else "Persistent: nothing more is written"
    if trace.card.settings.get("wipe", True):
        return "Episodic: wiped when the sample ends"
    return "Not wiped: what is left of one sample leaks into the next"


def fill_in_words(trace: Trace, step: int) -> str:
    """ "16 slots, 11 in use" of a memory that is wiped; "74 slots from 512 samples" of one that lives on."""
    used = occupancy(trace)
    if used is None:
        return ""
    count = int(used[min(max(step, 0), len(used) - 1)])
    if not is_kept(trace):
        return f"{capacity(trace)} slots, {count} in use"
    sample = trace.sample_at(min(step, trace.steps - 1)) + 1
    return f"{count:,} slot{'s' if count != 1 else ''} after {sample:,} sample{'s' if sample != 1 else ''}"


def matched_in_words(trace: Trace, step: int) -> str:
    """What this sample matched in the memory: the slots retrieved, or the slot that is read most."""
    if step >= trace.steps:
        return ""
    found = retrieved_slots(trace, step)
    if found:
        shown = ", ".join(map(str, found[:5])) + (" …" if len(found) > 5 else "")
        return f"matched: slot{'s' if len(found) > 1 else ''} {shown}"
    for channel in trace.of_role("read"):
        row = trace.at(channel.name, step)
        row = row.reshape(-1, row.shape[-1])[0]
        if row.size and row.max() > 0:
            return f"reads slot {int(row.argmax())} ({number(float(row.max()))})"
    return ""


def changed_in_words(trace: Trace) -> str:
    """What was done to this memory: "without slot 8 since sample 342"; empty where nothing was."""
    told = [_changed(trace, edit) for edit in trace.card.edits if edit.enabled]
    more = f" and {len(told) - _MOST_CHANGES} more" if len(told) > _MOST_CHANGES else ""
    return ", ".join(told[:_MOST_CHANGES]) + more


def _changed(trace: Trace, edit: Edit) -> str:
    if edit.act != "erase" or not edit.channel.endswith(".alive"):
        return edit_in_words(edit)
    sample = trace.sample_at(edit.step) + 1
    return f"without slot {edit.index[0]} since sample {sample:,}" if edit.index else f"cleared at sample {sample:,}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that can be done to the memory of a side: a button's words, what it does, and the edits it leaves."""

    title: str
    says: str
    edits: tuple[Edit, ...]


def changes(side: Side, selection: Selection, step: int) -> list[Change]:
    """What can be taken out of a side's memory from where it stands on; and, where something was, that it comes back."""
    trace, showing = side.trace, side.showing
    if trace is None or showing is None or not trace.of_role("alive") or step >= trace.steps:
        return []
    own = selection if selection.side == side.name else Selection(side=side.name)
    sample = trace.sample_at(step) + 1
    found = [
        Change(
            title=f"{offer.title} of {side.name} from sample {sample:,} on",
            says=offer.says,
            edits=(*showing.edits, *make(offer.act, trace, own, step)),
        )
        for offer in offers(trace, own, step)
        if offer.act in ("erase", "clear") and not offer.asks
    ]
    if showing.edits:
        found.append(
            Change(title=f"Put {side.name} back as it was", says="Take back all that was changed in this memory.", edits=())
        )
    return found


def switches(trace: Trace, side: str) -> list[tuple[str, bool, str, str]]:
    """What can be switched in a side's memory: the setting, its other value, a button's words, and what it does."""
    offered: dict[str, Setting] = {setting.name: setting for setting in trace.card.model.settings}
    found: list[tuple[str, bool, str, str]] = []
    for name, what in SWITCHES.items():
        if name not in offered or not isinstance(offered[name].default, bool):
            continue
        now = bool(trace.card.settings.get(name, offered[name].default))
        words, says = _OFFERS[what, now]
        found.append((name, not now, words.format(side=side), says))
    return found
