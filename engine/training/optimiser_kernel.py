"""RMSProp's update in one pass over all parameters, compiled; `optimiser.py` has the same in words of torch."""

from typing import Any

import numpy as np
from numba import njit

KEEP, TAKE, MOMENTUM, TINY = np.float32(0.95), np.float32(0.05), np.float32(0.9), np.float32(1e-8)


@njit(fastmath={"contract", "arcp"}, error_model="numpy", nogil=True, cache=True)
def rmsprop(values: Any, gradients: Any, square: Any, momentum: Any, rate: Any) -> None:
    """Move `values` by their momentum, in place; all `(parameters,)` float32."""
    for i in range(len(values)):
        gradient = gradients[i]
        square[i] = KEEP * square[i] + TAKE * gradient * gradient
        momentum[i] = MOMENTUM * momentum[i] + gradient / (np.sqrt(square[i]) + TINY)
        values[i] -= rate * momentum[i]
