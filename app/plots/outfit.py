"""What a sheet of garments is made of: a top, a row for each proposal, a tile for each thing on the list."""

from dataclasses import dataclass, field

from app.plots.heatmap import Array


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairRow:
    """A proposal: from which slots, how alike, the remembered pairs (top, bottom) and what is drawn; `mark` stands at its end."""

    slots: tuple[int, ...]
    likeness: float
    pairs: tuple[tuple[Array | None, Array | None], ...]
    picture: Array
    mark: str = ""
    is_pale: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tile:
    """A thing on the list, with the rule by which it goes with the top."""

    name: str
    picture: Array | None
    goes: str = ""
    is_worn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sheet:
    """All that is drawn."""

    top: Array | None = None
    top_name: str = ""
    worn: Array | None = None
    worn_name: str = ""
    rows: tuple[PairRow, ...] = ()
    tiles: tuple[Tile, ...] = ()
    note: str = ""
    """What stands in place of the proposals where there are none."""
    floor: float = -1.0
    chosen: tuple[int, ...] = field(default=())
