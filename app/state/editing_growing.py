"""What can be changed in a memory that grows: slots can be taken away, one by one or all; none is ever rewritten."""

from app.state.edit_offer import CannotEditError, EditOffer, Wish
from app.state.growing import Growing
from app.state.lens import Selection
from engine.contract.edits import Edit


def growing_offers(growing: Growing, selection: Selection, step: int) -> list[EditOffer]:
    """Its slots are written once and never changed: they can be taken away, one by one or all of them."""
    found = []
    slots = _slots_there(growing, selection, step)
    if slots:
        what = f"slot {slots[0]}" if len(slots) == 1 else f"{len(slots)} slots"
        its = "its future is" if len(slots) == 1 else "their futures are"
        found.append(EditOffer(act="erase", title=f"Remove {what}", says=f"From this sample on, {its} not retrieved any more."))
    if growing.there(step).any():
        says = "This sample finds an empty memory; what comes after may be stored again."
        found.append(EditOffer(act="clear", title="Clear the memory", says=says))
    return found


def growing_edits(growing: Growing, act: Wish, selection: Selection, step: int) -> tuple[Edit, ...]:
    """The edits for this act; CannotEditError where there is no such slot, or the act is none for such a memory."""
    channel = growing.alive.name
    if act == "clear":
        return (Edit(act="erase", channel=channel, step=step, index=()),)
    if act != "erase":
        raise CannotEditError(
            "A slot of this memory is written once and never changed: it can be removed, or the memory cleared."
        )
    slots = _slots_there(growing, selection, step)
    if not slots:
        raise CannotEditError("Select a slot that is there at this sample: click one in the memory browser.")
    return tuple(Edit(act="erase", channel=channel, step=step, index=(slot,)) for slot in slots)


def _slots_there(growing: Growing, selection: Selection, step: int) -> list[int]:
    there = growing.there(step)
    return [slot for slot in selection.slots if 0 <= slot < len(there) and there[slot]]
