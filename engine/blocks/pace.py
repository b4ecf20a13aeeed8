"""How fast a model learns over a run: the factor on the learning rate at each update."""

WARM_UP = 200
"""Over so many updates the learning rate rises to its full height."""

SLOW_TAIL = 0.75
"""From this share of a run on, the learning rate is a tenth: the spikes of the cost settle, and longer episodes come right."""


def slow_at_the_end(update: int, updates: int) -> float:
    """The full learning rate, then a tenth of it for the last quarter of a run of `updates`."""
    return 1.0 if update <= SLOW_TAIL * updates else 0.1


def warm_then_slow(update: int, updates: int) -> float:
    """The same, but it rises at first."""
    return min(1.0, update / WARM_UP) * slow_at_the_end(update, updates)
