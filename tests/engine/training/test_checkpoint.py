"""Weights on disk: what is written is read, and nothing else is believed."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file
from torch import nn

from engine.contract.files import BadFileError
from engine.training.checkpoint import Standing, read_standing, read_weights, weights_hash, write_standing, write_weights
from engine.training.folder import Best


def net(outputs: int = 2) -> nn.Module:
    return nn.Linear(3, outputs)


def test_weights_come_back_to_the_last_bit(tmp_path: Path) -> None:
    one, other = net(), net()

    write_weights(tmp_path / "w", one, 17)
    update = read_weights(tmp_path / "w", other)

    assert update == 17
    assert weights_hash(one) == weights_hash(other)
    assert weights_hash(one) != weights_hash(net())


def test_half_the_precision_is_half_the_size_and_near_enough_to_look_at(tmp_path: Path) -> None:
    one, other = net(), net()

    write_weights(tmp_path / "w", one, 17, half=True)
    read_weights(tmp_path / "w", other)

    for a, b in zip(one.parameters(), other.parameters(), strict=True):
        torch.testing.assert_close(a, b, atol=1e-3, rtol=1e-3)


def change(path: Path, **arrays: np.ndarray) -> None:
    save_file(load_file(path) | arrays, path, metadata={"slotscope": "weights", "format": "1", "update": "3"})


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"weight": np.zeros((5, 3), np.float32)}, "weight has shape (5, 3), and should have (2, 3)"),
        ({"strange": np.zeros(2, np.float32)}, "strange is not a weight of this model"),
        ({"weight": np.full((2, 3), np.nan, np.float32)}, "weight holds a value that is not a finite number"),
        ({"weight": np.zeros((2, 3), np.int32)}, "weight is int32, not a floating-point tensor of 16 or 32 bits"),
    ],
)
def test_tensors_that_do_not_fit_are_named(tmp_path: Path, arrays: dict[str, np.ndarray], sentence: str) -> None:
    write_weights(tmp_path / "w", net(), 3)
    change(tmp_path / "w", **arrays)

    with pytest.raises(BadFileError) as refused:
        read_weights(tmp_path / "w", net())

    assert str(refused.value) == f"{tmp_path / 'w'}: {sentence}"


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    write_weights(tmp_path / "w", nn.Linear(3, 2, bias=False), 3)

    with pytest.raises(BadFileError, match="bias is missing"):
        read_weights(tmp_path / "w", net())


@pytest.mark.parametrize("content", [b"", b"nonsense", b"\xff" * 100, (2**40).to_bytes(8, "little") + b"{}"])
def test_a_file_that_is_no_safetensors_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "w").write_bytes(content)

    with pytest.raises(BadFileError, match="damaged, or not a safetensors file"):
        read_weights(tmp_path / "w", net())


def test_a_file_cut_short_is_one_sentence(tmp_path: Path) -> None:
    write_weights(tmp_path / "w", net(), 3)
    (tmp_path / "w").write_bytes((tmp_path / "w").read_bytes()[:-5])

    with pytest.raises(BadFileError, match="damaged, or not a safetensors file"):
        read_weights(tmp_path / "w", net())


def test_a_foreign_and_a_newer_file_are_refused(tmp_path: Path) -> None:
    save_file({"weight": np.zeros((2, 3), np.float32)}, tmp_path / "foreign")
    save_file({}, tmp_path / "newer", metadata={"slotscope": "weights", "format": "2", "update": "1"})

    with pytest.raises(BadFileError, match="these are not weights of Slotscope"):
        read_weights(tmp_path / "foreign", net())
    with pytest.raises(BadFileError, match="written by a newer Slotscope"):
        read_weights(tmp_path / "newer", net())


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="there is no such file"):
        read_weights(tmp_path / "w", net())


def test_a_standing_comes_back_whole(tmp_path: Path) -> None:
    tensors, other = {"square": torch.rand(7)}, {"square": torch.zeros(7)}
    standing = Standing(
        update=5, learning_rate=0.1, held_out=0.3, schedule={"last": 4.0},
        best=Best(update=4, held_out=0.25, least=0.2, doubt=0.1),
    )  # fmt: skip

    write_standing(tmp_path / "s", tensors, standing)
    found = read_standing(tmp_path / "s", other)

    assert found == standing
    assert torch.equal(tensors["square"], other["square"])


def test_the_state_of_another_optimiser_is_refused(tmp_path: Path) -> None:
    standing = Standing(update=5, learning_rate=0.1, held_out=None, best=None)
    write_standing(tmp_path / "s", {"square": torch.rand(7)}, standing)

    with pytest.raises(BadFileError, match="another optimiser or model"):
        read_standing(tmp_path / "s", {"mean": torch.zeros(7)})


def test_the_header_is_plain_json_and_nothing_is_pickled(tmp_path: Path) -> None:
    write_weights(tmp_path / "w", net(), 3)

    content = (tmp_path / "w").read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])

    assert header["__metadata__"] == {"slotscope": "weights", "update": "3", "format": "1"}


def test_what_counts_is_kept_whole_in_half_the_precision(tmp_path: Path) -> None:
    model, other = nn.Module(), nn.Module()
    for each, value in ((model, 20_001.0), (other, 0.0)):
        each.register_buffer("written", torch.tensor([-1.0, value]))
        each.register_buffer("usage", torch.tensor([0.1, 20_000.3 * (value > 0)]))

    write_weights(tmp_path / "w.safetensors", model, 3, half=True)
    read_weights(tmp_path / "w.safetensors", other)

    assert other.get_buffer("written").tolist() == [-1.0, 20_001.0]
    assert other.get_buffer("usage")[0] == pytest.approx(0.1, rel=1e-3)
