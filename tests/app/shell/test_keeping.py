"""What is kept on disk between launches, and what becomes of a file that is damaged."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.shell.keeping import Keeper, read_preferences
from app.state.preferences import Kept, Preferences
from app.state.session import read_session
from engine.contract import files
from engine.contract.places import preferences_file, sessions_folder
from fake_traces import ntm_trace
from scripted import desk


def test_the_first_launch_has_the_standard_preferences() -> None:
    assert read_preferences() == (Kept(), "")


def test_preferences_and_session_come_back(qtbot: QtBot) -> None:
    made = desk()
    made.show(ntm_trace())
    keeper = Keeper(made.state)
    made.state.preferences.change(theme="dark", scale=1.25, lessons={"first": 3})

    assert keeper.save()

    kept, complaint = read_preferences()
    assert (kept.theme, kept.scale, kept.lessons, complaint) == ("dark", 1.25, {"first": 3}, "")
    assert read_session((sessions_folder() / "last.slotscope").read_bytes()) == made.state.session()


@pytest.mark.parametrize("content", [b"", b"{", b'{"theme": "pink"}', b"\xff\xfe", b"[1]", b'{"scale": "large"}'])
def test_damaged_preferences_give_the_standard_ones_and_a_sentence(content: bytes) -> None:
    preferences_file().parent.mkdir(parents=True, exist_ok=True)
    preferences_file().write_bytes(content)

    kept, complaint = read_preferences()

    assert kept == Kept()
    assert str(preferences_file()) in complaint
    assert complaint.endswith("the standard ones are used.")


def test_preferences_of_a_newer_version_are_not_half_read() -> None:
    preferences_file().parent.mkdir(parents=True, exist_ok=True)
    preferences_file().write_text('{"format": 99, "theme": "dark"}')

    kept, complaint = read_preferences()

    assert kept == Kept()
    assert "newer" in complaint


def test_a_size_of_type_out_of_range_is_brought_into_it() -> None:
    preferences_file().parent.mkdir(parents=True, exist_ok=True)
    preferences_file().write_text('{"scale": 40}')

    assert read_preferences()[0].scale == 2.0


def test_what_was_last_looked_at_is_put_aside_for_the_next_launch(qtbot: QtBot) -> None:
    first = desk()
    first.show(ntm_trace())
    Keeper(first.state).save()

    second = desk(preferences=Preferences(read_preferences()[0]))
    Keeper(second.state)

    kept = Path(second.state.preferences.kept.last_session)
    assert read_session(kept.read_bytes()) == first.state.session()


def test_a_disk_that_refuses_is_said_once(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    keeper = Keeper(desk().state)
    told: list[str] = []
    keeper.refused.connect(told.append)
    monkeypatch.setattr(files.os, "fsync", full)

    assert not keeper.save()
    assert not keeper.save()

    assert len(told) == 1
    assert "No space left on device" in told[0]
