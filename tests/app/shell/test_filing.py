"""Sessions, traces and figures: out to a file and back, and a sentence for what cannot be used."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.shell.filing import Filing
from app.state.session import Session, read_session
from engine.contract.files import BadFileError
from engine.contract.trace_file import read_trace, write_trace
from fake_growing import growing_trace
from fake_traces import memn2n_trace, ntm_trace
from scripted import Desk, desk


def _filing(qtbot: QtBot, made: Desk, figure: Session | None = None) -> Filing:
    widget = QWidget()
    qtbot.addWidget(widget)
    return Filing(widget, made.state, lambda path: read_trace(Path(path)), lambda path: figure)


def _said(made: Desk) -> str:
    notice = made.state.notices.at("session")
    return notice.sentence if notice else ""


def test_a_saved_session_gives_the_same_picture_again(qtbot: QtBot, tmp_path: Path) -> None:
    made = desk()
    made.show(ntm_trace())
    made.state.playback.go_to(7)
    filing = _filing(qtbot, made)
    saved = made.state.session()

    filing.save(tmp_path / "here")
    other = desk()
    _filing(qtbot, other).open(tmp_path / "here.slotscope")
    other.bring(ntm_trace())

    assert other.state.session() == saved
    assert other.state.playback.step == 7


def test_the_session_goes_to_the_clipboard_as_one_line(qtbot: QtBot) -> None:
    made = desk()
    made.show(ntm_trace())

    _filing(qtbot, made).copy()

    text = QGuiApplication.clipboard().text()
    assert "\n" not in text
    assert read_session(text) == made.state.session()


def test_other_weights_than_those_of_the_session_are_said(qtbot: QtBot, tmp_path: Path) -> None:
    made = desk()
    made.show(ntm_trace())
    _filing(qtbot, made).save(tmp_path / "one.slotscope")
    other = desk()
    filing = _filing(qtbot, other)

    filing.open(tmp_path / "one.slotscope")
    other.bring(ntm_trace(update=6000))

    assert _said(other) == "The weights here are not those of the session: the picture may differ."


def test_a_trace_file_is_shown_though_its_weights_are_not_here(qtbot: QtBot, tmp_path: Path) -> None:
    made = desk(ready=False)
    write_trace(memn2n_trace(), tmp_path / "story.safetensors")

    _filing(qtbot, made).open(tmp_path / "story.safetensors")

    assert made.state.a.trace is not None
    assert made.state.a.trace.card.model.id == "memn2n"
    assert made.state.playback.length == 8


def test_a_figure_opens_its_session(qtbot: QtBot, tmp_path: Path) -> None:
    made = desk()
    made.show(ntm_trace())
    other = desk()

    _filing(qtbot, other, made.state.session()).open(tmp_path / "figure.png")

    assert other.state.a.showing == made.state.a.showing


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("gone.slotscope", None, "cannot be read (No such file or directory)"),
        ("bad.slotscope", b"{}", "this session is damaged"),
        ("bad.slotscope", b"hello", "this is not a session of Slotscope"),
        ("new.slotscope", b'{"format": 7}', "saved by a newer Slotscope (format 7, this one reads 1)"),
        ("bad.safetensors", b"hello", "damaged, or not a safetensors file"),
        ("plain.png", b"", "this picture carries no session of Slotscope"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_in_a_sentence_and_nothing_changes(
    qtbot: QtBot, tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    made = desk()
    made.show(ntm_trace())
    before = made.state.session()
    if content is not None:
        (tmp_path / name).write_bytes(content)

    _filing(qtbot, made).open(tmp_path / name)

    assert name in _said(made)
    assert said in _said(made)
    assert made.state.session() == before


def test_a_place_that_cannot_be_written_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    made = desk()
    made.show(ntm_trace())
    (tmp_path / "file").write_text("")

    _filing(qtbot, made).save(tmp_path / "file" / "one.slotscope")

    assert "cannot be written" in _said(made)


def test_no_file_chosen_means_nothing_happens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk()
    made.show(ntm_trace())
    filing = _filing(qtbot, made)
    monkeypatch.setattr(filing, "choose_file", lambda: "")
    monkeypatch.setattr(filing, "choose_place", lambda *_: "")

    filing.open(None)
    filing.save(None)

    assert _said(made) == ""


def test_a_damaged_figure_is_answered_in_a_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    made = desk()
    widget = QWidget()
    qtbot.addWidget(widget)

    def damaged(path: Path) -> Session | None:
        raise BadFileError(f"{path}: damaged")

    Filing(widget, made.state, lambda path: read_trace(Path(path)), damaged).open(tmp_path / "f.svg")

    assert _said(made).endswith("damaged.")


def test_a_memory_is_saved_merged_and_loaded_where_the_reader_says(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLOTSCOPE_HOME", str(tmp_path))
    made = desk()
    made.show(growing_trace(30))
    filing = _filing(qtbot, made)
    monkeypatch.setattr(filing, "choose_place", lambda name, kinds: str(tmp_path / "mine"))
    monkeypatch.setattr(filing, "choose_memory", lambda: "theirs.safetensors")

    filing.memory("save")
    assert made.engine.sent[-1].path == str(tmp_path / "mine.safetensors")
    filing.memory("merge")
    assert made.engine.sent[-1].merged_with == "theirs.safetensors"
    assert Path(made.engine.sent[-1].path).name == "merged.safetensors"
    filing.memory("load")
    assert made.engine.asked.settings == {"starts_with": "theirs.safetensors"}


def test_a_reader_who_chooses_no_memory_changes_nothing(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk()
    made.show(growing_trace(30))
    filing, sent = _filing(qtbot, made), len(made.engine.sent)
    monkeypatch.setattr(filing, "choose_place", lambda name, kinds: "")
    monkeypatch.setattr(filing, "choose_memory", lambda: "")

    for what in ("save", "merge", "load"):
        filing.memory(what)

    assert len(made.engine.sent) == sent


def test_two_streams_that_a_session_brings_back_get_the_room_that_they_need(qtbot: QtBot) -> None:
    made, asked = desk(), []
    made.show(growing_trace(20))
    alone = made.state.session()
    widget = QWidget()
    qtbot.addWidget(widget)
    filing = Filing(widget, made.state, lambda path: read_trace(Path(path)), lambda path: None, lambda: asked.append(True))
    assert alone is not None

    filing.restore(alone)
    assert asked == []
    filing.restore(replace(alone, mode="split", b=alone.a, b_is_edited_copy=False, sample_steps=1))

    assert asked == [True]
