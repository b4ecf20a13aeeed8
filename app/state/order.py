"""In which order slots were written, read off a link matrix: row i, column j says how far slot i came right after slot j."""

import numpy as np

from engine.contract.trace import Array

SURE = 0.5
"""Links from which one slot is said to come after another; of two that are larger, no slot has both."""


def chains(links: Array) -> list[list[int]]:
    """The slots that follow each other surely, each chain in the order of writing, the longest first."""
    known = np.nan_to_num(np.asarray(links, np.float64))
    after = {int(j): int(i) for i, j in np.argwhere(known > SURE) if i != j}
    found, left = [], set(after)
    starts = [slot for slot in after if slot not in after.values()] or list(after)[:1]
    while starts:
        chain = [starts.pop(0)]
        while chain[-1] in left:
            left.discard(chain[-1])
            chain.append(after[chain[-1]])
        found.append(chain)
        if not starts and left:
            starts.append(min(left))
    return sorted((chain for chain in found if len(chain) > 1), key=len, reverse=True)


def order_in_words(links: Array, most: int = 10, chains_told: int = 3) -> str:
    """ "Written one after the other: 0 → 1 → 2; 7 → 8."; what is left out is counted."""
    found = chains(links)
    if not found:
        return "No slot was surely written right after another yet."
    told = [
        (f"… {len(chain) - most} more → " if len(chain) > most else "") + " → ".join(map(str, chain[-most:]))
        for chain in found[:chains_told]
    ]
    rest = f"; and {len(found) - chains_told} shorter ones" if len(found) > chains_told else ""
    return f"Written one after the other: {'; '.join(told)}{rest}."
