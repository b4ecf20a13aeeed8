"""A training run: repeatable, resumable, killed at any moment, and honest about a value that is no number."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from safetensors.numpy import load_file

from engine.contract.cards import Settings
from engine.contract.files import BadFileError
from engine.contract.results import RunCard
from engine.models.ntm import NTM
from engine.registry import MODELS, TASKS
from engine.tasks.base import BadInputError
from engine.training import checkpoint
from engine.training.folder import RunFolder
from engine.training.run import Diverged, TrainingRun

TINY: Settings = {"bits": 2, "max_length": 3, "slots": 5, "slot_width": 3, "hidden": 6, "batch": 2, "learning_rate": 1e-3}

MODEL_NAMES = ", ".join(sorted(entry.card.id for entry in MODELS))
TASK_NAMES = ", ".join(sorted(entry.card.id for entry in TASKS))


def card(updates: int = 60, seed: int = 3, **settings: float) -> RunCard:
    return RunCard(model="ntm", task="copy", settings={**TINY, **settings}, seed=seed, updates=updates)


def begin(folder: Path, **wished: int) -> TrainingRun:
    return TrainingRun.start(folder, card(**wished))


def train(run: TrainingRun, until: int) -> list[tuple[int, float]]:
    made = []
    while run.update < until:
        if run.checkpoint_due:
            run.save()
        made.append(run.advance())
    return made


def results(folder: Path) -> tuple[dict[str, bytes], bytes, bytes]:
    """What a run leaves behind, to the last bit: its last weights, its metrics, its best checkpoint."""
    place = RunFolder(folder)
    weights = load_file(place.weights_file(place.kept()[-1]))
    metrics, best = place.metrics_file.read_bytes(), (folder / "best.json").read_bytes()
    return {name: array.tobytes() for name, array in weights.items()}, metrics, best


def test_one_seed_gives_one_run(tmp_path: Path) -> None:
    for name in ("one", "other"):
        run = begin(tmp_path / name)
        train(run, 60)
        run.finish()

    assert results(tmp_path / "one") == results(tmp_path / "other")


def test_training_lowers_the_cost(tmp_path: Path) -> None:
    run = TrainingRun.start(tmp_path, card(300, bits=1, max_length=2, batch=8, learning_rate=3e-3))

    costs = [cost for _, cost in train(run, 300)]
    run.release()

    assert sum(costs[-50:]) < 0.5 * sum(costs[:50])


def test_a_run_that_was_stopped_and_resumed_ends_like_one_left_alone(tmp_path: Path) -> None:
    whole = begin(tmp_path / "whole")
    train(whole, 60)
    whole.finish()

    first = begin(tmp_path / "parts")
    train(first, 33)
    first.finish()
    second = TrainingRun.resume(tmp_path / "parts")
    train(second, 60)
    second.finish()

    assert results(tmp_path / "parts")[:2] == results(tmp_path / "whole")[:2]


def test_a_run_that_was_killed_again_and_again_ends_like_one_left_alone(tmp_path: Path) -> None:
    script = Path(__file__).with_name("killed_run.py")
    alone = subprocess.Popen([sys.executable, str(script), str(tmp_path / "alone"), "200"])

    for kill_at in (25, 110):
        process = subprocess.Popen([sys.executable, str(script), str(tmp_path / "killed"), "200"])
        wait_for_update(tmp_path / "killed" / "metrics.csv", kill_at, process)
        process.kill()  # SIGKILL: it is told nothing
        process.wait()
    last = subprocess.run([sys.executable, str(script), str(tmp_path / "killed"), "200"], check=True)

    assert (last.returncode, alone.wait()) == (0, 0)
    assert results(tmp_path / "killed") == results(tmp_path / "alone")
    assert RunFolder(tmp_path / "killed").kept() == RunFolder(tmp_path / "alone").kept()


def wait_for_update(metrics: Path, update: int, process: subprocess.Popen[bytes]) -> None:
    """Watch the file that the run writes, until it has come so far."""
    deadline = time.monotonic() + 120
    while not (metrics.exists() and f"\n{update}," in metrics.read_text()):
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_a_run_killed_between_weights_and_state_goes_on_from_the_checkpoint_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = begin(tmp_path / "whole")
    train(whole, 60)
    whole.finish()
    cut = begin(tmp_path / "cut")
    train(cut, 60)
    with monkeypatch.context() as patched:
        patched.setattr(checkpoint, "write_standing", interrupt)
        with pytest.raises(KeyboardInterrupt):
            cut.save()
    cut.release()

    resumed = TrainingRun.resume(tmp_path / "cut")
    began_at = resumed.update
    train(resumed, 60)
    resumed.finish()

    assert 0 < began_at < 60
    assert results(tmp_path / "cut") == results(tmp_path / "whole")


def interrupt(*_: object) -> None:
    """As if the process ended here."""
    raise KeyboardInterrupt


def test_a_run_killed_before_its_first_checkpoint_begins_again(tmp_path: Path) -> None:
    run = begin(tmp_path)
    run.release()

    resumed = TrainingRun.resume(tmp_path)

    assert resumed.update == 0
    assert resumed.checkpoint_due
    resumed.release()


def test_checkpoints_are_due_at_the_start_and_at_the_end_and_not_at_each_update(tmp_path: Path) -> None:
    run = begin(tmp_path)

    train(run, 60)
    due_at_end = run.checkpoint_due
    run.finish()

    kept = RunFolder(tmp_path).kept()
    assert due_at_end
    assert kept[0] == 0
    assert kept[-1] == 60
    assert len(kept) < 20


def test_the_state_of_the_optimiser_is_kept_for_the_newest_and_the_best_only(tmp_path: Path) -> None:
    run = begin(tmp_path)
    train(run, 60)
    run.finish()

    place = RunFolder(tmp_path)
    assert set(place.resumable()) == {60, place.best()}


def test_weights_that_are_no_numbers_stop_the_run_and_are_named(tmp_path: Path) -> None:
    run = begin(tmp_path)
    train(run, 25)
    run.save()
    with torch.no_grad():
        run._learner.model.get_parameter("readout.weight")[0, 0] = torch.nan

    with pytest.raises(Diverged) as stopped:
        run.advance()
    run.finish()

    assert stopped.value.sentence == "update 26 was not made: the weight readout.weight is not a finite number"
    assert (stopped.value.update, stopped.value.last_good) == (26, 25)
    assert RunFolder(tmp_path).kept()[-1] == 25


def test_a_value_that_stops_being_a_number_is_named_with_its_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(NTM, "_unroller", lambda model: None)  # the readable path: the poison stands in it
    run = TrainingRun.start(tmp_path, card(length=2))
    run.advance()
    plain = NTM._advance

    def poisoned(model, driven, state, probe):  # type: ignore[no-untyped-def]
        hidden, after = plain(model, driven, state, probe)
        memory = torch.where(state.memory.abs().max() > 1e-3, torch.nan, after.memory)
        return hidden, after._replace(memory=memory)

    monkeypatch.setattr(NTM, "_advance", poisoned)

    with pytest.raises(Diverged) as stopped:
        run.advance()
    run.release()

    assert (stopped.value.place, stopped.value.step) == ("read.similarity", 2)
    assert stopped.value.sentence == "update 2 was not made: read.similarity is not a finite number at step 3"
    assert run.update == 1


def test_the_learning_rate_can_be_changed_and_is_kept(tmp_path: Path) -> None:
    run = begin(tmp_path)
    train(run, 10)
    run.learning_rate = 5e-4
    train(run, 12)
    run.finish()

    resumed = TrainingRun.resume(tmp_path)
    lines = (tmp_path / "metrics.csv").read_text().splitlines()
    resumed.release()

    assert resumed.learning_rate == 5e-4
    assert [line.split(",")[2] for line in lines[10:12]] == ["0.001", "0.0005"]


@pytest.mark.parametrize("rate", [-1.0, float("nan"), 100.0])
def test_a_learning_rate_out_of_reach_is_refused(tmp_path: Path, rate: float) -> None:
    run = begin(tmp_path)

    with pytest.raises(BadInputError, match="is not between 0 and 10"):
        run.learning_rate = rate
    run.release()


def test_two_processes_do_not_train_in_one_folder(tmp_path: Path) -> None:
    run = begin(tmp_path)

    with pytest.raises(BadInputError, match="another process is training in this folder"):
        TrainingRun.resume(tmp_path)
    run.release()


def test_a_run_is_not_written_over(tmp_path: Path) -> None:
    begin(tmp_path).release()

    with pytest.raises(BadInputError, match="there is a run here already"):
        begin(tmp_path)


def test_the_card_of_a_run_says_every_setting(tmp_path: Path) -> None:
    TrainingRun.start(tmp_path, RunCard(model="ntm", task="copy", settings=TINY, seed=3, updates=0)).release()

    written = RunFolder(tmp_path).read_card()

    assert written.updates == written.settings["updates"] == 10_000
    assert written.settings["optimiser"] == "rmsprop"
    assert written.settings["initial_weighting"] == "one-hot"
    assert "torch" in written.versions


@pytest.mark.parametrize(
    ("wished", "sentence"),
    [
        ({"model": "mtn"}, f"mtn: no such model; there are {MODEL_NAMES}"),
        ({"task": "cpoy"}, f"cpoy: no such task; there are {TASK_NAMES}"),
        ({"task": "babi"}, "ntm cannot learn babi: it takes episodes of form sequence"),
        ({"settings": {"slots": 0}}, "slots: 0 is not between 4 and 4096"),
        ({"settings": {"slosts": 8}}, "slosts: no such setting"),
    ],
)
def test_a_wish_that_cannot_be_met_is_named_and_leaves_no_folder(
    tmp_path: Path, wished: dict[str, object], sentence: str
) -> None:
    fields: dict[str, object] = {"model": "ntm", "task": "copy", "settings": {}, "seed": 0, "updates": 1} | wished

    with pytest.raises(BadInputError) as refused:
        TrainingRun.start(tmp_path / "run", RunCard(**fields))  # type: ignore[arg-type]  # the case chooses the fields

    assert str(refused.value).startswith(sentence)
    assert not (tmp_path / "run").exists()


def test_a_damaged_card_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"model": 3')

    with pytest.raises(BadFileError, match=r"run\.json: damaged, or no card of Slotscope"):
        TrainingRun.resume(tmp_path)


def test_a_newer_card_is_refused(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"format": 2, "new": true}')

    with pytest.raises(BadFileError, match="written by a newer Slotscope"):
        TrainingRun.resume(tmp_path)
