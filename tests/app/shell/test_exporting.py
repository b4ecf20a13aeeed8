"""The export commands on a real window: asked where to, written, said how it went."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from app.export.carry import session_in
from app.export.sheet import PRESETS
from engine.contract.edits import Edit
from engine.contract.trace_file import read_trace
from shown import Shown

To = Callable[[str, str], None]


@pytest.fixture
def to(shown: Shown, tmp_path: Path) -> To:
    """The user chooses this place and kind, whenever asked."""

    def choose(name: str, kind: str) -> None:
        shown.window.exporting.choose_place = lambda _name, kinds: (str(tmp_path / name), _kind(kinds, kind))

    return choose


def _kind(kinds: str, wished: str) -> str:
    return next(kind for kind in kinds.split(";;") if wished in kind)


def said(shown: Shown) -> str:
    notice = shown.window.state.notices.at("export")
    return notice.sentence if notice is not None else ""


@pytest.mark.parametrize("form", PRESETS, ids=lambda form: form.name)
@pytest.mark.parametrize("ending", ["SVG", "PDF", "PNG"])
def test_the_stage_is_exported_in_every_kind_and_form(shown: Shown, to: To, tmp_path: Path, form, ending: str) -> None:
    to("stage", f"{ending}, {form.title}")

    shown.perform("export.stage")

    path = tmp_path / f"stage.{ending.lower()}"
    assert said(shown) == f"The figure is saved in {path}."
    session = session_in(path)
    assert session is not None
    assert session.panes == shown.window.state.stage.panes


def test_the_pane_that_the_reader_works_in_is_exported(shown: Shown, to: To, tmp_path: Path) -> None:
    pane = shown.window.panels.stage.current_pane
    assert pane is not None
    to("pane", "PNG, One column")

    shown.perform("export.pane")

    session = session_in(tmp_path / "pane.png")
    assert session is not None
    assert session.large == pane.card.name


def test_a_dropped_figure_opens_what_it_shows_and_exports_to_the_same_pixels(shown: Shown, to: To, tmp_path: Path) -> None:
    state = shown.window.state
    state.playback.go_to(9)
    to("one", "PNG, One column")
    shown.perform("export.pane")
    session, trace = session_in(tmp_path / "one.png"), state.a.trace
    assert session is not None
    assert trace is not None
    state.playback.go_to(20)
    state.stage.enlarge("")

    shown.window.filing.restore(session)
    shown.desk.bring(trace)
    to("two", "PNG, One column")
    shown.perform("export.pane")

    first, second = (np.asarray(Image.open(tmp_path / name)) for name in ("one.png", "two.png"))
    assert state.playback.step == 9
    np.testing.assert_array_equal(first, second)


def test_trace_and_data_are_written(shown: Shown, to: To, tmp_path: Path) -> None:
    to("whole", "Traces")
    shown.perform("export.trace")
    to("shown", "csv")
    shown.perform("export.data")
    to("arrays", "npz")
    shown.perform("export.data")

    trace = shown.window.state.a.trace
    assert trace is not None
    assert read_trace(tmp_path / "whole.safetensors").card == trace.card
    assert (tmp_path / "shown.csv").read_text().count("\n") > 10
    with np.load(tmp_path / "arrays.npz", allow_pickle=False) as arrays:
        assert len(arrays.files) >= 2


def test_an_animation_is_painted_while_the_window_lives(shown: Shown, to: To, tmp_path: Path, qtbot: QtBot) -> None:
    shown.window.state.playback.select_range(3, 6)
    step = shown.window.state.playback.step
    to("walk", "GIF")

    shown.perform("export.animation")
    while_it_is_made = said(shown)
    qtbot.waitUntil(lambda: shown.window.exporting.animation is None, timeout=30_000)

    assert while_it_is_made == "Painting the animation: step 0 of 4."
    assert said(shown) == f"The animation of 4 steps lies in {tmp_path / 'walk.gif'}."
    with Image.open(tmp_path / "walk.gif") as gif:
        assert gif.n_frames == 4
    assert shown.window.state.playback.step == step


def test_an_animation_is_cancelled_from_its_notice_and_leaves_nothing(shown: Shown, to: To, tmp_path: Path, qtbot: QtBot) -> None:
    to("walk", "GIF")
    shown.perform("export.animation")
    notice = shown.window.state.notices.at("export")
    assert notice is not None

    shown.perform(notice.actions[0])
    qtbot.waitUntil(lambda: shown.window.exporting.animation is None, timeout=30_000)

    assert said(shown) == "The animation was cancelled; nothing was written."
    assert list(tmp_path.iterdir()) == []


def test_the_script_needs_an_edit(shown: Shown, to: To, tmp_path: Path) -> None:
    to("edited", "Python")
    shown.perform("export.script")
    without = said(shown)
    shown.window.state.what_if.add(Edit(act="erase", channel="memory.contents", step=3, index=(2,)))

    shown.perform("export.script")

    assert without.startswith("There is no edit yet")
    assert "act='erase'" in (tmp_path / "edited.py").read_text()


def test_a_reader_who_thinks_better_of_it_writes_nothing(shown: Shown, tmp_path: Path) -> None:
    shown.window.exporting.choose_place = lambda _name, _kinds: ("", "")

    for what in ("pane", "stage", "trace", "data", "animation"):
        shown.perform(f"export.{what}")

    assert said(shown) == ""


@pytest.mark.parametrize("what", ["stage", "trace", "data", "animation"])
def test_an_unwritable_place_is_named_in_a_sentence(shown: Shown, tmp_path: Path, what: str) -> None:
    (tmp_path / "file").write_text("in the way")
    kinds = {"stage": ".png", "trace": ".safetensors", "data": ".csv", "animation": ".gif"}
    shown.window.exporting.choose_place = lambda _name, _kinds: (str(tmp_path / "file" / f"x{kinds[what]}"), "")

    shown.perform(f"export.{what}")

    assert said(shown).startswith(str(tmp_path / "file"))
    assert "cannot be written" in said(shown)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_lesson_is_printed_page_by_page(shown: Shown, to: To, tmp_path: Path, qtbot: QtBot) -> None:
    to("lesson", "browser")

    shown.perform("export.lesson")
    qtbot.waitUntil(lambda: said(shown).startswith("The lesson is saved"), timeout=30_000)

    assert "The write head walks" in (tmp_path / "lesson.html").read_text(encoding="utf-8")


def test_printing_the_lesson_can_be_cancelled(shown: Shown, to: To, tmp_path: Path) -> None:
    to("lesson", "browser")
    shown.perform("export.lesson")

    shown.perform("export.cancel")

    assert said(shown) == "The lesson was not exported; nothing was written."
    assert list(tmp_path.iterdir()) == []
