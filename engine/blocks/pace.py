"""How fast a model learns over a run: the factor on the learning rate at each update."""

WARM_UP = 200
"""Over so many updates the learning rate rises to its full height."""

SLOW_TAIL = 0.75
"""From this share of a run on, the learning rate is a tenth: the spikes of the cost settle, and longer episodes come right."""


QUARTERS = 4
"""After a linear start the learning rate is halved at the end of each of so many equal parts."""


def is_in_linear_start(share: float, update: int, updates: int) -> bool:
    """Whether the update belongs to the first `share` of a run, in which a network's hops do without softmax."""
    return update <= round(share * updates)


def halved_after_linear_start(share: float, update: int, updates: int) -> float:
    """Half the learning rate if there is a linear start, and then half of it again after each quarter of the rest.

    Sukhbaatar et al. (2015), section 4.2: 0.005 instead of 0.01, halved every 25 of 100 epochs.
    """
    start = round(share * updates)
    quarter = max(0, update - 1 - start) * QUARTERS // max(1, updates - start)
    return float((0.5 if start else 1.0) * 0.5 ** min(quarter, QUARTERS - 1))


def slow_at_the_end(update: int, updates: int) -> float:
    """The full learning rate, then a tenth of it for the last quarter of a run of `updates`."""
    return 1.0 if update <= SLOW_TAIL * updates else 0.1


def warm_then_slow(update: int, updates: int) -> float:
    """The same, but it rises at first."""
    return min(1.0, update / WARM_UP) * slow_at_the_end(update, updates)
