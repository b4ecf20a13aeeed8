"""What lies on disk: bundled exhibits, their recorded episodes, and the user's runs."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from app import library
from app.library import Recorded, keep_restarts, new_folder, read_exhibits, read_runs
from app.state.side import Showing
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.restarts import Tried, weigh
from engine.contract.results import RunCard
from engine.contract.trace_file import write_trace
from fake_traces import ntm_trace
from scripted import exhibit

HERE = Showing(source=Source(place="exhibit:ntm-copy"), episode=EpisodeWish(seed=3))


@pytest.fixture
def assets_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An assets folder with two exhibits, one of them damaged."""
    monkeypatch.setattr(library, "asset", lambda name: tmp_path / name)
    for name in ("alpha", "ntm-copy"):
        (tmp_path / "exhibits" / name / "traces").mkdir(parents=True)
        (tmp_path / "exhibits" / name / "card.json").write_bytes(msgspec.json.encode(exhibit(name)))
    (tmp_path / "exhibits" / "broken").mkdir()
    (tmp_path / "exhibits" / "broken" / "card.json").write_text("{")
    write_trace(ntm_trace(seed=3), tmp_path / "exhibits" / "ntm-copy" / "traces" / "3.safetensors")
    (tmp_path / "exhibits" / "ntm-copy" / "traces" / "4.safetensors").write_text("damaged")
    return tmp_path


def test_the_exhibit_that_opens_comes_first_and_damaged_ones_are_named(assets_folder: Path) -> None:
    shelf = read_exhibits()

    assert [card.name for card in shelf.exhibits] == ["ntm-copy", "alpha"]
    assert [sentence.partition(":")[0] for sentence in shelf.damaged] == ["broken"]


def test_an_exhibit_for_a_newer_version_is_left_out(assets_folder: Path) -> None:
    newer = msgspec.json.encode(exhibit("alpha", format=99))
    (assets_folder / "exhibits" / "alpha" / "card.json").write_bytes(newer)

    assert "alpha: written for a newer Slotscope" in read_exhibits().damaged


def test_a_recorded_episode_is_found_without_the_engine(assets_folder: Path) -> None:
    found = Recorded()(HERE)

    assert found is not None
    assert found.card.seed == 3


@pytest.mark.parametrize(
    "other",
    [
        replace(HERE, episode=EpisodeWish(seed=4)),
        replace(HERE, episode=EpisodeWish(seed=3, own="101")),
        replace(HERE, settings={"slots": 256}),
        replace(HERE, edits=(Edit(act="erase", channel="memory.contents", step=0, index=(0,)),)),
        replace(HERE, source=Source(place="exhibit:ntm-copy", update=1000)),
        replace(HERE, source=Source(place="runs/ntm-copy-1")),
    ],
)
def test_anything_else_must_be_recorded(assets_folder: Path, other: Showing) -> None:
    assert Recorded()(other) is None


def test_runs_come_with_their_checkpoints_and_folders_that_are_none_are_passed_over(tmp_path: Path) -> None:
    card = RunCard(model="ntm", task="copy", settings={"slots": 16}, seed=1, updates=500)
    (tmp_path / "ntm-copy-1" / "checkpoints").mkdir(parents=True)
    (tmp_path / "ntm-copy-1" / "run.json").write_bytes(msgspec.json.encode(card))
    for name in ("000000.safetensors", "000120.safetensors", "000120.state.safetensors"):
        (tmp_path / "ntm-copy-1" / "checkpoints" / name).write_text("")
    (tmp_path / "notes").mkdir()
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "run.json").write_text("{")

    (run,) = read_runs(tmp_path)

    assert (run.model, run.checkpoints, run.status, run.planned) == ("ntm", [0, 120], "stopped", 500)


def test_a_new_run_gets_a_folder_that_nobody_has(tmp_path: Path) -> None:
    (tmp_path / "ntm-copy-1").mkdir()

    assert new_folder(tmp_path, "ntm-copy", {str(tmp_path / "ntm-copy-2")}) == str(tmp_path / "ntm-copy-3")


def test_restarts_are_listed_with_the_one_that_was_kept(tmp_path: Path) -> None:
    card = RunCard(model="memn2n", task="babi", settings={}, seed=0, updates=10)
    for seed in (0, 1):
        folder = tmp_path / "memn2n-babi-1" / f"seed={seed}"
        folder.mkdir(parents=True)
        (folder / "run.json").write_bytes(msgspec.json.encode(replace(card, seed=seed)))
    tried = [Tried(seed=seed, folder=f"seed={seed}", how="finished", judged=0.5 - seed / 10) for seed in (0, 1)]
    keep_restarts(str(tmp_path / "memn2n-babi-1"), weigh(tried, 2))

    found = {run.seed: run.chosen_of for run in read_runs(tmp_path)}

    assert found == {0: 0, 1: 2}


def test_restarts_whose_note_is_damaged_are_listed_all_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "memn2n-babi-1" / "seed=0"
    folder.mkdir(parents=True)
    card = RunCard(model="memn2n", task="babi", settings={}, seed=0, updates=10)
    (folder / "run.json").write_bytes(msgspec.json.encode(card))
    (folder.parent / "restarts.json").write_text("{")

    assert [run.chosen_of for run in read_runs(tmp_path)] == [0]


def test_a_disk_that_refuses_the_note_ends_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    keep_restarts(str(tmp_path / "file"), weigh((), 0))
