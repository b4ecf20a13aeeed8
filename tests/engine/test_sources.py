"""Whose weights: exhibits and runs are opened, their settings changed, and every fault named in one sentence."""

import json
import shutil
from pathlib import Path

import pytest
import torch

import assets
from engine.contract.cards import Settings
from engine.contract.files import BadFileError
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import RunCard
from engine.sources import exhibit_cards, exhibit_faults, kept_updates, open_source
from engine.tasks.base import BadInputError, SequenceBatch
from engine.training.evaluate import Cancelled, evaluate
from engine.training.folder import RunFolder
from engine.training.run import TrainingRun

TINY: Settings = {"bits": 2, "max_length": 3, "slots": 5, "slot_width": 3, "hidden": 6, "batch": 2}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs") / "tiny"
    run = TrainingRun.start(folder, RunCard(model="ntm", task="copy", settings=TINY, seed=3, updates=45))
    while run.update < run.planned:
        if run.checkpoint_due:
            run.save()
        run.advance()
    run.finish()
    return folder


@pytest.fixture
def run(trained: Path, tmp_path: Path) -> Path:
    """A copy of the trained run, to be damaged."""
    return Path(shutil.copytree(trained, tmp_path / "run"))


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The bundled exhibits, to be damaged."""
    shutil.copytree(assets.path("exhibits"), tmp_path / "exhibits")
    monkeypatch.setattr(assets, "path", lambda name: tmp_path / name)
    return tmp_path / "exhibits"


def test_a_run_opens_at_its_best_checkpoint_or_at_the_one_that_is_asked_for(trained: Path) -> None:
    best, first = open_source(Source(place=str(trained))), open_source(Source(place=str(trained), update=0))

    assert best.update == RunFolder(trained).best()
    assert first.update == 0
    assert best.weights_hash != first.weights_hash
    assert (best.seed, best.slots, best.settings["learning_rate"]) == (3, 5, 3e-4)


def test_the_settings_of_model_and_task_may_be_changed_and_the_parameters_stay(trained: Path) -> None:
    own = open_source(Source(place=str(trained)))
    changed = open_source(Source(place=str(trained)), {"slots": "50", "length": 9})

    episode = changed.task.episode(EpisodeWish(seed=1))
    assert (own.slots, changed.slots, changed.parameters) == (5, 50, own.parameters)
    assert own.weights_hash == changed.weights_hash
    assert isinstance(episode, SequenceBatch)
    assert len(episode.inputs) == 19


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"slosts": 8}, "slosts: no such setting; there are bits, controller, heads, hidden, initial_memory"),
        ({"slots": 1}, "slots: 1 is not between 4 and 4096"),
        ({"batch": 64}, "batch: this is chosen when a run is trained; it cannot be changed afterwards"),
        ({"length": "ten"}, "length: 'ten' is not a number"),
    ],
)
def test_a_setting_that_cannot_be_changed_is_named(trained: Path, settings: Settings, sentence: str) -> None:
    with pytest.raises(BadInputError) as refused:
        open_source(Source(place=str(trained)), settings)

    assert str(refused.value).startswith(sentence)


def test_a_setting_that_the_weights_do_not_fit_is_named(trained: Path) -> None:
    with pytest.raises(BadInputError, match=r"its weights do not fit hidden=7 \(.* has shape .*, and should have .*\)"):
        open_source(Source(place=str(trained)), {"hidden": 7})


def test_a_choice_that_the_weights_do_not_fit_is_named(trained: Path) -> None:
    with pytest.raises(
        BadInputError, match=r"its weights do not fit controller=feedforward \(.* is not a weight of this model\)"
    ):
        open_source(Source(place=str(trained)), {"controller": "feedforward"})


def test_the_settings_of_an_episode_can_be_given_back(trained: Path) -> None:
    opened = open_source(Source(place=str(trained)))

    assert open_source(Source(place=str(trained)), opened.settings).settings == opened.settings


def test_a_checkpoint_that_is_not_there_is_named_with_its_neighbours(trained: Path) -> None:
    kept = kept_updates(str(trained))

    with pytest.raises(BadInputError, match=rf"no checkpoint at update 44; the nearest are .*{kept[-1]}"):
        open_source(Source(place=str(trained), update=44))


@pytest.mark.parametrize("place", ["exhibit:no-such", "exhibit:../../etc", "exhibit:"])
def test_an_exhibit_that_is_not_there_is_named_with_those_that_are(place: str) -> None:
    with pytest.raises(BadInputError, match=r"no such exhibit; there are .*ntm-copy"):
        open_source(Source(place=place))


def test_a_folder_without_a_run_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="this folder holds no run"):
        open_source(Source(place=str(tmp_path)))


def test_a_run_without_a_checkpoint_says_so(tmp_path: Path) -> None:
    TrainingRun.start(tmp_path / "run", RunCard(model="ntm", task="copy", settings=TINY, seed=3, updates=45)).release()

    with pytest.raises(BadInputError, match="no checkpoint has been saved yet"):
        open_source(Source(place=str(tmp_path / "run")))


def test_damaged_weights_are_one_sentence(run: Path) -> None:
    RunFolder(run).weights_file(45).write_bytes(b"nonsense")

    with pytest.raises(BadFileError, match=r"000045\.safetensors: damaged, or not a safetensors file"):
        open_source(Source(place=str(run), update=45))


def test_a_run_of_a_model_that_is_not_installed_is_one_sentence(run: Path) -> None:
    card = json.loads((run / "run.json").read_text())
    (run / "run.json").write_text(json.dumps(card | {"model": "other"}))

    with pytest.raises(BadInputError, match="other: no such model"):
        open_source(Source(place=str(run)))


def test_the_bundled_exhibits_are_whole() -> None:
    cards = {card.name: card for card in exhibit_cards()}

    assert {"ntm-copy", "lstm-copy"} <= set(cards)
    assert exhibit_faults() == ()
    assert len(cards["ntm-copy"].checkpoints) >= 14
    assert all(len(card.losses) <= 400 for card in cards.values())
    assert all(card.measured and all(m.parameters == card.parameters for m in card.measured) for card in cards.values())


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("{", "damaged, or no card of Slotscope"),
        ('{"format": 9}', "written by a newer Slotscope"),
        ('{"format": 1, "name": 3}', "damaged, or no card of Slotscope"),
        ("[]", "damaged, or no card of Slotscope"),
    ],
)
def test_a_damaged_exhibit_is_left_out_and_named(shelf: Path, content: str, sentence: str) -> None:
    (shelf / "lstm-copy" / "card.json").write_text(content)

    assert "lstm-copy" not in [card.name for card in exhibit_cards()]
    assert len(exhibit_faults()) == 1
    assert sentence in exhibit_faults()[0]


def test_an_evaluation_repeats_and_says_how_to_find_it_again(trained: Path) -> None:
    opened = open_source(Source(place=str(trained)), {"length": 2})
    told: list[tuple[int, int]] = []

    one, other = (evaluate(opened, 60, 5, lambda done, total: told.append((done, total)) or True) for _ in range(2))

    assert one == other
    assert (one.episodes, one.seed, one.slots, one.settings["length"]) == (60, 5, 5, 2)
    assert set(one.metrics) == {"bits_per_sequence", "wrong_bits", "exact"}
    assert told[:3] == [(0, 60), (50, 60), (60, 60)]


def test_an_evaluation_can_be_cancelled(trained: Path) -> None:
    with pytest.raises(Cancelled):
        evaluate(open_source(Source(place=str(trained))), 60, 5, lambda done, total: False)


def test_an_evaluation_of_nothing_is_refused(trained: Path) -> None:
    with pytest.raises(BadInputError, match="episodes: 0 is too few"):
        evaluate(open_source(Source(place=str(trained))), 0, 5, lambda done, total: True)


def test_nothing_of_a_source_is_unpickled(trained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch, "load", None)
    monkeypatch.setattr("pickle.load", None)
    monkeypatch.setattr("pickle.loads", None)

    open_source(Source(place=str(trained)))
