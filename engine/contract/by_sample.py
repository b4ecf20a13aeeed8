"""An array of which all steps of a sample are alike, kept once a sample: a map for each of 60 steps would be most of a trace."""

from types import EllipsisType
from typing import Any, cast

import numpy as np

from engine.contract.trace import Array

Place = int | np.integer | slice | EllipsisType | None | np.ndarray | list[int]


class BySample:
    """Reads like `(step, *axes)`; what lies in memory is `samples (sample, *axes)`, each of which takes `each` steps."""

    def __init__(self, samples: Array, each: int) -> None:
        self.samples, self.each = samples, each

    @property
    def shape(self) -> tuple[int, ...]:
        """That of the array it stands for."""
        return len(self), *self.samples.shape[1:]

    @property
    def ndim(self) -> int:
        """How many axes, the step's among them."""
        return self.samples.ndim

    @property
    def size(self) -> int:
        """How many entries the array has that it stands for."""
        return self.samples.size * self.each

    @property
    def nbytes(self) -> int:
        """How many bytes are kept."""
        return self.samples.nbytes

    def __len__(self) -> int:
        return len(self.samples) * self.each

    def __getitem__(self, key: Place | tuple[Place, ...]) -> Any:
        first, *rest = key if isinstance(key, tuple) else (key,)
        if isinstance(first, int | np.integer):
            return self.samples[(first // self.each, *rest)]
        if isinstance(first, slice):
            return self.samples[np.arange(len(self))[first] // self.each][(slice(None), *rest)]
        return np.asarray(self)[key]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        whole = np.repeat(self.samples, self.each, axis=0)
        return whole if dtype is None else whole.astype(dtype, copy=False)

    def copy(self) -> "BySample":
        """One with memory of its own."""
        return BySample(self.samples.copy(), self.each)


def by_sample(samples: Array, each: int) -> Array:
    """What has one value for each sample, `(sample, *axes)`, as an array of steps, of which each sample takes `each`."""
    return samples if each <= 1 else cast(Array, BySample(samples, each))  # it is read as one, and never written


def as_kept(array: Array) -> Array:
    """The array that lies in memory: `(sample, *axes)` where one value stands for all steps of a sample."""
    return array.samples if isinstance(array, BySample) else array
