"""The LSTM, held to torch's own."""

import pytest
import torch

from engine.contract.cards import read_settings
from engine.models.lstm import ENTRY, LSTM
from engine.tasks.base import SequenceBatch


def net(layers: int, hidden: int = 6) -> LSTM:
    torch.manual_seed(0)
    return LSTM(read_settings(ENTRY.card.settings, {"hidden": hidden, "layers": layers}), 4, 3)


def batch(size: int = 3, steps: int = 7) -> SequenceBatch:
    inputs = torch.randn(steps, size, 4, generator=torch.Generator().manual_seed(1))
    return SequenceBatch(inputs=inputs, targets=inputs, scored=torch.ones(steps))


@pytest.mark.parametrize("layers", [1, 2, 3])
def test_it_equals_the_lstm_of_torch_with_the_same_weights(layers: int) -> None:
    ours, theirs = net(layers), torch.nn.LSTM(4, 6, layers)
    theirs.load_state_dict(
        {f"{name}_l{number}": value for number, layer in enumerate(ours.layers) for name, value in layer.state_dict().items()}
    )

    torch.testing.assert_close(ours(batch()), ours.readout(theirs(batch().inputs)[0]), atol=1e-6, rtol=1e-5)


def test_running_a_batch_equals_stepping_through_it() -> None:
    made, inputs = net(2), batch().inputs

    state, said = made.initial(3), []
    for given in inputs:
        spoken, state = made.step(given, state)
        said.append(spoken)

    torch.testing.assert_close(made(batch()), torch.stack(said), atol=1e-6, rtol=1e-5)


@pytest.mark.parametrize("layers", [1, 3])
def test_the_formula_on_the_card_counts_the_parameters(layers: int) -> None:
    made = net(layers)

    H, inputs, outputs = 6, 4, 3
    formula = 4 * H * (inputs + H) + 8 * H + (layers - 1) * (8 * H * H + 8 * H) + outputs * (H + 1)
    assert sum(parameter.numel() for parameter in made.parameters()) == formula


def test_three_layers_of_256_have_the_published_size() -> None:
    made = LSTM(read_settings(ENTRY.card.settings, {"hidden": 256, "layers": 3}), 9, 8)

    assert sum(parameter.numel() for parameter in made.parameters()) == 1_328_136


def test_a_fresh_net_keeps_most_of_its_cells() -> None:
    bias = net(1, 32).layers[0].bias_ih

    assert torch.equal(bias[32:64], torch.ones(32))
