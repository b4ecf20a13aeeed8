"""A workbench of tiny networks with fresh weights, so that a demonstration takes a moment and knows nothing."""

from collections.abc import Callable

import pytest

from engine.contract.cards import Settings
from engine.demonstrations.workbench import Workbench
from engine.sources import Opened
from engine.training.assemble import assemble

TINY: dict[str, tuple[str, str, Settings]] = {
    "ntm-copy": ("ntm", "copy", {"hidden": 8, "slots": 12, "slot_width": 6, "bits": 4, "max_length": 3}),
    "lstm-copy": ("lstm", "copy", {"hidden": 8, "bits": 4, "max_length": 3}),
    "rnn-copy": ("rnn", "copy", {"hidden": 8, "bits": 4, "max_length": 2}),
    "gru-copy": ("gru", "copy", {"hidden": 8, "bits": 4, "max_length": 3}),
    "transformer-copy": ("transformer", "copy", {"width": 8, "heads": 2, "inner": 8, "bits": 4, "max_length": 3}),
    "ntm-ngrams": ("ntm", "ngrams", {"hidden": 8, "slots": 12, "slot_width": 6, "length": 20}),
    "ntm-recall": ("ntm", "associative-recall", {"hidden": 8, "slots": 12, "slot_width": 6}),
    "feedback-algorithmic": ("feedback", "algorithmic", {"width": 8, "heads": 2, "inner": 8}),
    "feedback-corridor": ("feedback", "corridor", {"width": 8, "heads": 2, "inner": 8, "layers": 2, "window": 2}),
    "transformer-corridor": (
        "feedback",
        "corridor",
        {"memory": "same", "width": 8, "heads": 2, "inner": 8, "layers": 2, "window": 2},
    ),
    "mantra-junctions": ("mantra", "junctions", {"width": 6, "slots": 8}),
    "smemo-junctions": ("smemo", "junctions", {"hidden": 6, "slots": 8, "slot_width": 4}),
    "transformer-algorithmic": ("transformer", "algorithmic", {"width": 8, "heads": 2, "inner": 8}),
}


def open_tiny(name: str, settings: Settings) -> Opened:
    """A network with fresh weights in the place of an exhibit."""
    model, task, own = TINY[name]
    made = assemble(model, task, own | settings, 0)
    made.model.eval()
    return Opened(
        model=made.model, task=made.task, model_entry=made.model_entry, task_entry=made.task_entry, settings=made.settings,
        update=0, seed=0, weights_hash="", place=f"exhibit:{name}", parameters=made.parameters, slots=made.model.slots,
    )  # fmt: skip


@pytest.fixture
def bench() -> Callable[..., Workbench]:
    """Makes a bench with the named networks, or all of them."""

    def make(*names: str, listener: Callable[[int, int], bool] = lambda done, total: True) -> Workbench:
        return Workbench(listener=listener, opener=open_tiny, there=frozenset(names or TINY))

    return make
