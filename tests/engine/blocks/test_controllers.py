"""The LSTM step, held to its gates."""

import torch
from torch import Tensor

from engine.blocks.controllers import FeedforwardController, LSTMController, lstm_step
from engine.blocks.probe import Recorder, silent


def driven(let_in: float, keep: float, candidate: float, let_out: float) -> Tensor:
    """The summed inputs of four gates for one episode and two units."""
    return torch.tensor([[let_in] * 2 + [keep] * 2 + [candidate] * 2 + [let_out] * 2])


def test_a_cell_that_keeps_all_and_takes_in_nothing_stays_as_it_is() -> None:
    cell = torch.tensor([[0.3, -2.0]])

    _, after = lstm_step(driven(-100, 100, 1, 0), cell, silent)

    torch.testing.assert_close(after, cell)


def test_a_cell_that_forgets_all_becomes_its_candidate() -> None:
    _, after = lstm_step(driven(100, -100, 0.5, 0), torch.tensor([[0.3, -2.0]]), silent)

    torch.testing.assert_close(after, torch.tanh(torch.tensor([[0.5, 0.5]])))


def test_gates_lie_between_zero_and_one_and_are_shown_by_name() -> None:
    recorder = Recorder()
    recorder.at(0)

    lstm_step(3 * torch.randn(1, 8), torch.randn(1, 2), recorder)

    arrays = recorder.arrays(1)
    gates = [arrays[f"controller.{name}_gate"] for name in ("input", "forget", "output")]
    assert all(((gate >= 0) & (gate <= 1)).all() for gate in gates)
    assert set(arrays) == {f"controller.{n}" for n in ("input_gate", "forget_gate", "output_gate", "candidate", "cell", "hidden")}


def test_both_controllers_have_one_face() -> None:
    inputs, read = torch.randn(2, 3), torch.randn(2, 5)
    lstm, plain = LSTMController(3, 5, 4), FeedforwardController(3, 5, 4)

    hidden = [made(made.drive(inputs), read, made.initial(2), silent)[0] for made in (lstm, plain)]

    assert [tuple(each.shape) for each in hidden] == [(2, 4), (2, 4)]
