"""What every model promises, and what its recipe says to the training loop."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from torch import Tensor, nn

from engine.blocks.compiled import CompiledPath
from engine.blocks.probe import Probe, silent
from engine.contract.cards import ModelCard, Settings


class MemoryModel(nn.Module):
    """A network with a memory. State is an argument and a result of its parts, never an attribute; but a persistent memory is one
    of its buffers, which only `learn` and `replay` may write into, never `forward` or `fused` in evaluation."""

    wipes: bool = True
    """Whether a memory of one episode is cleared after each sample of a stream."""

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Run a batch: `SequenceBatch -> (T, B, O)` logits, `PairBatch -> (T, B, V)`, `StoryBatch` or
        `PictureBatch -> (B, V)`, `TrajectoryBatch -> (B, A, K, F, 2)` futures, the likeliest first, `GarmentBatch -> (B, C)`
        scores of the catalogue.

        This is the readable reference; what it computes, `fused` must compute too.
        """
        raise TypeError(f"{type(self).__name__} does not say how it runs a batch")

    def fused(self, batch: Any) -> Tensor:
        """The outputs of `forward`, by the quickest path on this machine: what evaluation uses."""
        outputs: Tensor = self(batch)
        return outputs

    def learn(self, batch: Any, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """One pass forward and back: adds to the gradient of each parameter what that of `forward` would be; gives the loss.

        A model that is taught more than the answers (which facts they rest on) has a loss of its own here, and not the task's.
        """
        value = loss(self.fused(batch))
        value.backward()  # type: ignore[no-untyped-call]  # torch says nothing of its result
        return value.detach()

    def loss_of(self, batch: Any, outputs: Tensor, loss: Callable[[Tensor], Tensor]) -> Tensor:
        """What `learn` lowers, on a batch of which `outputs` are what it said: the task's loss, unless it has one of its own."""
        return loss(outputs)

    @property
    def path(self) -> str:
        """By which path it learns now, in words."""
        return "step by step"

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Run one episode step by step, calling `probe.at(step)` before each; gives the outputs that `Task.show` understands."""
        outputs: Tensor = self(episode, probe)
        return outputs

    def before_update(self, update: int, updates: int) -> float:
        """Called before each update of a run of `updates`; returns the factor on the learning rate at this update."""
        return 1.0

    def after_update(self) -> None:
        """Called after each update (to put back what the optimiser must not move)."""

    @property
    def slots(self) -> int:
        """How many slots the memory has as it is built."""
        return 0

    @property
    def learning(self) -> tuple[str, ...] | None:
        """With what the names of the parameters begin that the present stage moves; None for all of them."""
        return None

    @property
    def is_ready(self) -> bool:
        """Whether it can do what it is for: a model that is trained in stages cannot before the last of them is over."""
        return True

    def steps_a_sample(self, episode: Any) -> int:
        """How many steps it takes for each sample of a stream of them; 0 if the episode is no stream to it."""
        return 0

    def variants(self, batch: Any) -> dict[str, Tensor]:
        """The outputs of versions of it that lack something, by what is wrong with them: "memory_off"."""
        return {}

    def figures(self) -> dict[str, float]:
        """What an evaluation should say of the model itself: "memory_rows", "samples_presented"."""
        return {}

    def note(self) -> str:
        """What the reader of these figures should be told, in a sentence; mostly nothing."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a model is trained on a task, unless the user's settings say otherwise."""

    optimiser: Literal["rmsprop", "adam", "sgd"]
    learning_rate: float
    batch: int
    updates: int
    clip: Literal["value", "norm", "norm_per_tensor"]
    clip_at: float
    settings: Settings = field(default_factory=dict)
    """What model and task are set to when the two go together, where that is not what their cards say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """A model in the registry. `build(settings, interface)`; `recipe(task id)`."""

    card: ModelCard
    build: Callable[[Settings, dict[str, int]], MemoryModel]
    recipe: Callable[[str], Recipe]
    quick: CompiledPath | None = None
    """What the model's quick path needs compiled, if anything."""
    gains_from_gpu: bool = False
    """Whether it has few large operations, so that a GPU makes it quicker; hundreds of small ones make it slower there."""
