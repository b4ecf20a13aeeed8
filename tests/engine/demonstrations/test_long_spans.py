"""Errors against length, and how far back a gradient reaches."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch

from engine.contract.messages import EpisodeWish
from engine.demonstrations.long_spans import measure
from engine.demonstrations.reach import aim, cell_reach, input_reach
from engine.demonstrations.workbench import Workbench, episodes_of
from engine.tasks.base import SequenceBatch

Make = Callable[..., Workbench]


def test_every_network_copies_the_same_episodes(bench: Make) -> None:
    machine, net = (episodes_of(bench().open(name, length=5), 3) for name in ("ntm-copy", "lstm-copy"))

    assert all(torch.equal(one.inputs, other.inputs) for one, other in zip(machine, net, strict=True))


def test_the_reach_is_the_length_of_the_derivative(bench: Make) -> None:
    opened = bench().open("lstm-copy", length=3)
    episode = opened.task.episode(EpisodeWish(seed=4))
    assert isinstance(episode, SequenceBatch)

    def last(inputs: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = opened.model(replace(episode, inputs=inputs))[-1, 0]
        return found

    by_autograd = torch.autograd.functional.jacobian(last, episode.inputs).squeeze(2)  # (O, T, I)

    assert input_reach(opened) == pytest.approx(by_autograd.norm(dim=(0, 2)).tolist(), rel=1e-4)


def test_a_transformer_too_has_a_reach_for_each_step(bench: Make) -> None:
    opened = bench().open("transformer-copy", length=3)

    assert len(input_reach(opened)) == 7


def test_the_product_of_the_forget_gates_never_grows_going_back(bench: Make) -> None:
    _, gates = cell_reach(bench().open("lstm-copy", length=4))

    assert all(later <= before for before, later in zip(gates.y, gates.y[1:], strict=False))
    assert len(gates.y) == 8


def test_networks_that_know_nothing_do_not_show_it(bench: Make) -> None:
    *_, last = measure(bench("ntm-copy", "lstm-copy"), lengths=(2, 6), episodes=2, spans=(3, 4))

    assert [finding.holds for finding in last.findings] == [False, False]
    assert [figure.title for figure in last.figures][-1] == "Inside the LSTM"
    assert [row[0] for row in last.tables[1].rows] == ["NTM", "LSTM"]


def test_the_aim_is_a_share_of_the_squared_gradient() -> None:
    assert aim([3.0, 4.0, 0.0], 2) == pytest.approx(16 / 25)


def test_the_bundled_networks_show_it() -> None:
    bench = Workbench(listener=lambda done, total: True, there=frozenset({"ntm-copy", "lstm-copy"}))
    *_, last = measure(bench, lengths=(10, 60), episodes=2, spans=(30,))

    assert [finding.holds for finding in last.findings] == [True, True]
