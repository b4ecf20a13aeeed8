"""RNN, GRU and LSTM, held to torch's own."""

import pytest
import torch

from engine.blocks.probe import silent
from engine.blocks.recurrent import GatedLayer, PlainLayer, gru_step
from engine.contract.cards import read_settings
from engine.models import gru, lstm, rnn
from engine.models.base import ModelEntry
from engine.models.recurrent import RecurrentNet
from engine.tasks.base import SequenceBatch

THEIRS = {"rnn": torch.nn.RNN, "gru": torch.nn.GRU, "lstm": torch.nn.LSTM}

every_net = pytest.mark.parametrize("entry", [rnn.ENTRY, gru.ENTRY, lstm.ENTRY], ids=lambda entry: entry.card.id)


def net(entry: ModelEntry, layers: int, hidden: int = 6) -> RecurrentNet:
    torch.manual_seed(0)
    made = entry.build(read_settings(entry.card.settings, {"hidden": hidden, "layers": layers}), {"inputs": 4, "outputs": 3})
    assert isinstance(made, RecurrentNet)
    return made


def batch(size: int = 3, steps: int = 7) -> SequenceBatch:
    inputs = torch.randn(steps, size, 4, generator=torch.Generator().manual_seed(1))
    return SequenceBatch(inputs=inputs, targets=inputs, scored=torch.ones(steps))


@every_net
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_it_equals_that_of_torch_with_the_same_weights(entry: ModelEntry, layers: int) -> None:
    ours, theirs = net(entry, layers), THEIRS[entry.card.id](4, 6, layers)
    theirs.load_state_dict(
        {f"{name}_l{number}": value for number, layer in enumerate(ours.layers) for name, value in layer.state_dict().items()}
    )

    torch.testing.assert_close(ours(batch()), ours.readout(theirs(batch().inputs)[0]), atol=1e-6, rtol=1e-5)


@every_net
def test_running_a_batch_equals_stepping_through_it(entry: ModelEntry) -> None:
    made, inputs = net(entry, 2), batch().inputs

    state, said = made.initial(3), []
    for given in inputs:
        spoken, state = made.step(given, state)
        said.append(spoken)

    torch.testing.assert_close(made(batch()), torch.stack(said), atol=1e-6, rtol=1e-5)


@every_net
def test_all_steps_at_once_carry_on_what_single_steps_carry_on(entry: ModelEntry) -> None:
    made, inputs = net(entry, 2), batch().inputs

    state = made.initial(3)
    for given in inputs:
        _, state = made.step(given, state)
    _, carried = made.layers.fused(inputs, made.initial(3))

    for one, other in zip(carried, state, strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_three_lstm_layers_of_256_have_the_published_size() -> None:
    made = lstm.LSTM(read_settings(lstm.ENTRY.card.settings, {"hidden": 256, "layers": 3}), 9, 8)

    assert sum(parameter.numel() for parameter in made.parameters()) == 1_328_136


def test_a_fresh_lstm_keeps_most_of_its_cells() -> None:
    bias = net(lstm.ENTRY, 1, 32).layers[0].bias_ih

    assert torch.equal(bias[32:64], torch.ones(32))


@pytest.mark.parametrize(("layer", "parts"), [(PlainLayer, 1), (GatedLayer, 3)])
def test_a_fresh_recurrent_matrix_neither_stretches_nor_shrinks(layer: type[PlainLayer], parts: int) -> None:
    blocks = layer(4, 8).weight_hh.detach().split(8)

    assert len(blocks) == parts
    for block in blocks:
        torch.testing.assert_close(block @ block.T, torch.eye(8), atol=1e-5, rtol=0)


def test_an_update_gate_of_one_keeps_the_state_and_of_zero_takes_the_candidate() -> None:
    hidden, driven = torch.rand(2, 5) - 0.5, torch.randn(2, 15)
    driven[0, 5:10], driven[1, 5:10] = 100.0, -200.0
    carried = torch.zeros(2, 15)

    after = gru_step(driven, carried, hidden, silent, ("gates", "state"))

    assert torch.equal(after[0], hidden[0])
    torch.testing.assert_close(after[1], torch.tanh(driven[1, 10:]))


def test_a_reset_gate_of_zero_hides_the_state_from_the_candidate() -> None:
    hidden, driven, carried = torch.rand(1, 5), torch.randn(1, 15), torch.randn(1, 15)
    driven[:, :10] = -200.0

    after = gru_step(driven, carried, hidden, silent, ("gates", "state"))

    torch.testing.assert_close(after, torch.tanh(driven[:, 10:]))
