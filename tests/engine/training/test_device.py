"""Where a run trains. No GPU is needed: torch's "meta" device has no numbers, but refuses whatever lies on two devices, and the
processor can be named as a device, so that everything goes the GPU's way."""

from pathlib import Path

import pytest
import torch
from safetensors.numpy import load_file

from engine.contract.cards import Value
from engine.contract.results import RunCard
from engine.registry import MODELS
from engine.tasks.base import BadInputError
from engine.training import device as devices
from engine.training.device import choose, choose_again
from engine.training.folder import RunFolder
from engine.training.run import TrainingRun

CPU, META = torch.device("cpu"), torch.device("meta")
SIZES: dict[str, dict[str, Value]] = {
    "ntm": {"bits": 2, "max_length": 3, "slots": 5, "slot_width": 3, "hidden": 6},
    "lstm": {"bits": 2, "max_length": 3, "hidden": 6},
    "transformer": {"bits": 2, "max_length": 3, "width": 8, "heads": 2, "inner": 8},
    "seq2seq": {"hidden": 6, "width": 4},
}
TASKS = {"seq2seq": "transduce"}


def there_is(monkeypatch: pytest.MonkeyPatch, device: torch.device | None) -> None:
    """As if torch found this GPU, or none."""
    monkeypatch.setattr(devices, "gpu", lambda: device)


def card(model: str, **settings: Value) -> RunCard:
    wished = SIZES[model] | {"batch": 2, "device": "gpu"} | settings
    return RunCard(model=model, task=TASKS.get(model, "copy"), settings=wished, seed=3, updates=25)


def left_by(run: TrainingRun, folder: Path, until: int = 25) -> tuple[dict[str, bytes], bytes, bytes]:
    """Train, and give what the run leaves behind, to the last bit."""
    while run.update < until:
        if run.checkpoint_due:
            run.save()
        run.advance()
    run.finish()
    place = RunFolder(folder)
    weights = load_file(place.weights_file(place.kept()[-1]))
    best = (folder / "best.json").read_bytes()
    return {name: array.tobytes() for name, array in weights.items()}, place.metrics_file.read_bytes(), best


def train(folder: Path, wished: RunCard) -> tuple[dict[str, bytes], bytes, bytes]:
    return left_by(TrainingRun.start(folder, wished), folder)


@pytest.mark.parametrize("model", SIZES)
def test_a_run_that_goes_the_way_of_a_gpu_leaves_the_same_bits(
    model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = train(tmp_path / "usual", card(model, device="cpu"))
    there_is(monkeypatch, CPU)

    elsewhere = train(tmp_path / "elsewhere", card(model))

    assert elsewhere == usual
    assert " on cpu" in RunFolder(tmp_path / "elsewhere").path.joinpath("log.txt").read_text()


@pytest.mark.parametrize("optimiser", ["rmsprop", "adam"])
def test_a_run_resumed_there_ends_like_one_left_alone(optimiser: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there_is(monkeypatch, CPU)
    whole = train(tmp_path / "whole", card("lstm", optimiser=optimiser))

    left_by(TrainingRun.start(tmp_path / "parts", card("lstm", optimiser=optimiser)), tmp_path / "parts", until=11)
    parts = left_by(TrainingRun.resume(tmp_path / "parts"), tmp_path / "parts")

    assert parts[:2] == whole[:2]


def test_a_device_that_fails_is_named_and_the_run_goes_on_as_if_it_had_not_been_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = train(tmp_path / "usual", card("lstm", device="cpu"))
    there_is(monkeypatch, META)  # no number can be got from it

    run = TrainingRun.start(tmp_path / "failed", card("lstm"))
    path = run.path
    after = left_by(run, tmp_path / "failed")

    assert ", on the processor, for meta failed (NotImplementedError: " in path
    assert path in (tmp_path / "failed" / "log.txt").read_text()
    assert after == usual


def test_a_gpu_that_is_not_there_is_refused_before_anything_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there_is(monkeypatch, None)

    with pytest.raises(BadInputError, match="^device: torch finds no GPU on this machine"):
        TrainingRun.start(tmp_path / "run", card("lstm"))

    assert not (tmp_path / "run").exists()


def test_a_run_goes_on_where_its_gpu_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there_is(monkeypatch, CPU)
    TrainingRun.start(tmp_path, card("lstm")).finish()
    there_is(monkeypatch, None)

    run = TrainingRun.resume(tmp_path)
    run.advance()
    run.release()

    assert run.update == 1
    assert run.path.endswith(", on the processor, for there is no GPU here any more")


def test_the_card_of_a_run_from_before_devices_is_read_as_auto(tmp_path: Path) -> None:
    TrainingRun.start(tmp_path, card("lstm", device="auto")).finish()
    place = RunFolder(tmp_path)
    old = place.read_card()
    del old.settings["device"]
    place.write_card(old)

    run = TrainingRun.resume(tmp_path)
    run.advance()
    run.release()

    assert run.update == 1


@pytest.mark.parametrize(
    ("wish", "gains", "found", "chosen"),
    [
        ("auto", True, META, META), ("auto", False, META, None), ("auto", True, None, None),
        ("cpu", True, META, None), ("gpu", False, META, META),
    ],
)  # fmt: skip
def test_auto_takes_the_gpu_where_there_is_one_and_the_model_gains(
    wish: str, gains: bool, found: torch.device | None, chosen: torch.device | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    there_is(monkeypatch, found)

    assert choose(wish, gains) == choose_again(wish, gains) == chosen


def test_models_of_few_large_operations_gain_from_a_gpu() -> None:
    gain = {entry.card.id for entry in MODELS if entry.gains_from_gpu}

    assert gain == {"rnn", "lstm", "gru", "seq2seq", "transformer"}
