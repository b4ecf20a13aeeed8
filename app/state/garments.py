"""A top, what the memory proposes to go with it, and the list of what is on offer: at a step, in pictures, numbers and words.

Found by kinds, roles and axes: images of what was seen, of what came, of what is foreseen, of what is on offer; from which slots
each proposal comes, and how alike they are; where each thing on offer stands, and by which proposal it came there.
"""

from dataclasses import dataclass

import numpy as np

from app.state.describe import number
from app.state.things import token_name
from engine.contract.cards import Channel, Role
from engine.contract.trace import Array, Trace

PICTURE = ("row", "column", "colour")
MOST_OFFERS = 12


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Remembered:
    """A pair in a slot, as it was kept."""

    slot: int
    top: Array | None
    bottom: Array | None
    bottom_name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Proposal:
    """What one slot (of a memory in halves: one of each) hands over."""

    rank: int
    likeness: float
    """How alike the top and the one that is remembered are; NaN where nobody says."""
    picture: Array
    sources: tuple[Remembered, ...]
    success: float
    """How near it comes to what was worn; NaN where nobody says."""
    is_kept: bool
    """Whether it lies above the floor."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Offer:
    """A thing on the list."""

    thing: int
    place: int
    """1 for the first."""
    name: str
    picture: Array | None
    likeness: float
    proposal: int
    """By which proposal it came to its place, counted from 1; 0 where nobody says."""
    goes: str
    """By which rule it goes with the top; empty where it does not, or nobody knows."""
    is_worn: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outfit:
    """All that is shown of a step."""

    top: Array
    top_name: str
    worn: Array | None
    worn_name: str
    proposals: tuple[Proposal, ...]
    offers: tuple[Offer, ...]
    knows_rules: bool
    """Whether it is known what goes with what."""

    @property
    def kept(self) -> int:
        """How many proposals lie above the floor."""
        return sum(proposal.is_kept for proposal in self.proposals)


def garment_channels(trace: Trace) -> list[Channel]:
    """The pictures of what is seen, proposed and on offer; empty where there are no proposals in pictures."""
    seen, foreseen = _image(trace, "past", PICTURE), _image(trace, "foreseen", ("future", *PICTURE))
    if seen is None or foreseen is None:
        return []
    more = (_on_offer(trace), _of(trace, "offered", ("answer",)))
    return [seen, foreseen, *(channel for channel in more if channel is not None)]


def outfit_at(trace: Trace, step: int, floor: float = -1.0, most: int = MOST_OFFERS) -> Outfit:
    """What is seen, proposed and listed; without what a proposal below the floor brought. Only with `garment_channels`."""
    seen, foreseen, *_ = garment_channels(trace)
    worn = _image(trace, "truth", PICTURE)
    proposals = _proposals(trace, np.asarray(trace.at(foreseen.name, step)), step, floor)
    fits = next((c for c in trace.of_kind("tokens") if c.axes == ("answer",)), None)
    return Outfit(
        top=_pixels(trace, seen, step), top_name=_token(trace, "input", step), worn=_pixels(trace, worn, step) if worn else None,
        worn_name=_token(trace, "target", step), proposals=proposals, offers=_offers(trace, proposals, step, most),
        knows_rules=fits is not None,
    )  # fmt: skip


def likenesses(trace: Trace) -> tuple[float, float]:
    """The least and the largest likeness of any proposal of the episode: between them a floor makes sense."""
    channel = _alike(trace)
    if channel is None:
        return 0.0, 1.0
    values = np.asarray(trace.arrays[channel.name])
    there = values[values > 0]
    return (float(there.min()), float(there.max())) if there.size else (0.0, 1.0)


def outfit_in_words(shown: Outfit, floor: float) -> str:
    """What is wanted, what is remembered, and what is on the list."""
    told = [f"Wanted: something to go with a {shown.top_name}." if shown.top_name else ""]
    if not shown.proposals:
        told.append("Nothing is remembered yet, so the network draws one bottom without its memory.")
    for proposal in shown.proposals[:3]:
        slots = " and ".join(f"slot {source.slot}" for source in proposal.sources)
        told.append(f"Proposal {proposal.rank} comes from {slots} (likeness {number(proposal.likeness)}).")
    below = len(shown.proposals) - shown.kept
    told += [f"{below} of {len(shown.proposals)} lie below the floor of {number(floor)}."] if below else []
    if shown.offers:
        names = ", ".join(f"{offer.name}{f' ({offer.goes})' if offer.goes else ''}" for offer in shown.offers[:5])
        told.append(f"On the list: {names}.")
    told += [f"Worn with it: {shown.worn_name}."] if shown.worn_name else []
    return " ".join(part for part in told if part)


# ---- the inside ----


def _proposals(trace: Trace, pictures: Array, step: int, floor: float) -> tuple[Proposal, ...]:
    slots = [np.asarray(trace.at(c.name, step)) for c in trace.of_role("retrieved") if c.axes == ("future",)]
    alike, rates = _alike(trace), _of(trace, "success", ("future",))
    found = []
    for place, picture in enumerate(pictures):
        sources = tuple(_remembered(trace, int(row[place]), step) for row in slots if row[place] >= 0)
        if not sources:
            continue
        likeness = float(trace.at(alike.name, step)[place]) if alike else float("nan")
        found.append(
            Proposal(
                rank=place + 1,
                likeness=likeness,
                picture=picture,
                sources=sources,
                success=float(trace.at(rates.name, step)[place]) if rates else float("nan"),
                is_kept=not likeness < floor,
            )  # fmt: skip
        )
    return tuple(found)


def _remembered(trace: Trace, slot: int, step: int) -> Remembered:
    pictures = [_image(trace, role, ("slot", *PICTURE)) for role in ("kept_past", "kept_truth")]
    top, bottom = (np.asarray(trace.arrays[c.name][step][slot]) if c else None for c in pictures)
    held = next((c for c in trace.of_role("holds") if c.axes == ("slot",)), None)
    name = token_name(trace, held, float(trace.arrays[held.name][step][slot])) if held else ""
    return Remembered(slot=slot, top=top, bottom=bottom, bottom_name=name)


def _offers(trace: Trace, proposals: tuple[Proposal, ...], step: int, most: int) -> tuple[Offer, ...]:
    """The first of the list, without those that proposals below the floor brought."""
    score, brought, catalogue = _of(trace, "offered", ("answer",)), _of(trace, "brought", ("answer",)), _on_offer(trace)
    if score is None:
        return ()
    alike = next((c for c in trace.of_kind("vector") if c.axes == ("answer",) and c.role == ""), None)
    fits = next((c for c in trace.of_kind("tokens") if c.axes == ("answer",)), None)
    target = next((c for c in trace.of_role("target") if not c.axes), None)
    worn = int(trace.at(target.name, step)) if target else -1
    by = np.asarray(trace.at(brought.name, step)).astype(int) if brought else None
    below = {proposal.rank - 1 for proposal in proposals if not proposal.is_kept}
    order = np.argsort(-np.asarray(trace.at(score.name, step)), kind="stable")
    chosen = [int(thing) for thing in order if by is None or by[thing] not in below][:most]
    return tuple(
        Offer(
            thing=thing, place=place, name=trace.label("answer", thing),
            picture=np.asarray(trace.arrays[catalogue.name][step][thing]) if catalogue else None,
            likeness=float(trace.at(alike.name, step)[thing]) if alike else float("nan"),
            proposal=int(by[thing]) + 1 if by is not None and proposals else 0,
            goes=token_name(trace, fits, float(trace.at(fits.name, step)[thing])) if fits else "", is_worn=thing == worn,
        )
        for place, thing in enumerate(chosen, start=1)
    )  # fmt: skip


def _of(trace: Trace, role: Role, axes: tuple[str, ...]) -> Channel | None:
    return next((c for c in trace.of_role(role) if c.axes == axes), None)


def _image(trace: Trace, role: Role, axes: tuple[str, ...]) -> Channel | None:
    return next((c for c in trace.of_role(role) if c.kind == "image" and c.axes == axes), None)


def _on_offer(trace: Trace) -> Channel | None:
    return next((c for c in trace.of_kind("image") if c.axes == ("answer", *PICTURE)), None)


def _alike(trace: Trace) -> Channel | None:
    return next((c for c in trace.of_kind("vector") if c.axes == ("future",)), None)


def _pixels(trace: Trace, channel: Channel, step: int) -> Array:
    return np.asarray(trace.at(channel.name, step))


def _token(trace: Trace, role: Role, step: int) -> str:
    channel = next((c for c in trace.of_role(role) if c.kind == "tokens" and not c.axes), None)
    return token_name(trace, channel, float(trace.at(channel.name, step))) if channel is not None else ""
