"""The doctor finds what is there, and says in a sentence what is missing."""

import sys

import pytest

from app import doctor
from app.commands import engine_environment, engine_program
from app.system_libraries import PACKAGES, how_to_install, is_there, missing


def test_this_machine_is_described() -> None:
    found = doctor.examine(engine_program(), engine_environment())

    assert {"python", "platform", "torch", "devices", "folders", "pyside6", "qt", "missing_libraries", "problems"} <= set(found)
    assert found["qt"]["platform"] == "offscreen"
    assert found["devices"][0] == "cpu"


def test_a_missing_library_is_a_problem_with_the_command_that_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "missing", lambda: ["libEGL.so.1"])
    monkeypatch.setattr(doctor, "_json_of", lambda *_: ({"fonts": 1}, ""))

    found = doctor.examine([], {})

    assert found["problems"] == ["missing system libraries: libEGL.so.1; install them with: sudo apt-get install libegl1"]


def test_an_engine_that_does_not_start_is_a_problem_in_its_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "missing", list)

    found = doctor.examine([sys.executable, "-c", "raise ImportError('no torch here')"], {})

    assert found["problems"] == ["the engine does not start: ImportError: no torch here"]


def test_no_screen_is_a_note_and_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "missing", list)
    monkeypatch.setattr(doctor, "reason_for_no_screen", lambda: "There is no screen here.")
    monkeypatch.setattr(doctor, "_json_of", lambda *_: ({"fonts": 0}, ""))

    found = doctor.examine([], {})

    assert found["problems"] == []
    assert found["notes"] == ["There is no screen here.", "no system fonts: the bundled ones are used"]


def test_libraries_are_looked_for_where_the_system_looks() -> None:
    assert not is_there("libno-such-thing.so.7")
    assert set(missing()) <= set(PACKAGES)
    assert how_to_install(["libGL.so.1", "libdbus-1.so.3"]) == "sudo apt-get install libgl1 libdbus-1-3"
