"""Figures: what stands in them, that they carry their session, and that the same session gives the same pixels."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication
from staged import answer_maps, train_two_seeds

from app.export.carry import session_in
from app.export.figure import frame_of, write_figure
from app.export.legend import entries
from app.export.sheet import PRESETS, Preset, Sheet, preset
from app.export.shot import Shot, caption, of_panes, panes_of, shot_of, state_of
from app.plots.colours import DARK, LIGHT
from app.plots.matrix_plot import MatrixPlot
from app.shell.theme import apply_theme
from app.state.session import Session
from app.state.side import Showing
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from fake_traces import lstm_trace, memn2n_trace, ntm_trace
from scripted import desk

STAGE = ("Tape", "Writes", "Memory", "Reads")
COLUMN, COLUMNS, SLIDE = PRESETS


def shot(step: int = 7) -> Shot:
    session = Session(a=Showing(source=Source(place="exhibit:ntm-copy")), weights="w7000", step=step, panes=STAGE[1:])
    return Shot(session=session, a=ntm_trace(length=10, slots=32, wrong=3))


def compared(mode: str = "split") -> Shot:
    erase = Edit(act="erase", channel="memory.contents", step=10, index=(6,))
    single = shot()
    b = replace(single.session.a, edits=(erase,))
    session = replace(single.session, b=b, mode=mode, b_is_edited_copy=True, edits=(erase,))
    return Shot(session=session, a=single.a, b=ntm_trace(length=10, slots=32, wrong=9, edits=(erase,)))


def pixels(path: Path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("RGB"))


@pytest.fixture(autouse=True, scope="module")
def dressed(qapp: QApplication) -> None:
    apply_theme(qapp, LIGHT)


@pytest.fixture
def dark_and_large(qapp: QApplication) -> Iterator[Callable[[], None]]:
    yield lambda: apply_theme(qapp, DARK, 1.5)
    apply_theme(qapp, LIGHT)


def test_figure_to_session_to_figure_gives_the_same_pixels(tmp_path: Path):
    first = shot()
    write_figure(first, ("Reads",), tmp_path / "one.png", COLUMN)
    session = session_in(tmp_path / "one.png")
    assert session is not None

    write_figure(Shot(session=session, a=first.a), panes_of(session), tmp_path / "two.png", COLUMN)

    np.testing.assert_array_equal(pixels(tmp_path / "one.png"), pixels(tmp_path / "two.png"))
    assert session == session_in(tmp_path / "two.png")


def test_the_window_s_theme_and_size_of_type_do_not_reach_the_figure(dark_and_large: Callable[[], None], tmp_path: Path):
    write_figure(shot(), STAGE, tmp_path / "light.png", COLUMNS)
    dark_and_large()

    write_figure(shot(), STAGE, tmp_path / "dark.png", COLUMNS)

    np.testing.assert_array_equal(pixels(tmp_path / "light.png"), pixels(tmp_path / "dark.png"))


@pytest.mark.parametrize("form", PRESETS, ids=lambda form: form.name)
def test_a_figure_is_as_wide_as_its_form_says(form: Preset, tmp_path: Path):
    write_figure(shot(), STAGE, tmp_path / "figure.png", form)
    write_figure(shot(), STAGE, tmp_path / "figure.pdf", form)

    with Image.open(tmp_path / "figure.png") as png:
        assert png.width / png.info["dpi"][0] * 25.4 == pytest.approx(form.width_mm, rel=0.01)
    page = PdfReader(tmp_path / "figure.pdf").pages[0]
    assert float(page.mediabox.width) / 72 * 25.4 == pytest.approx(form.width_mm, rel=0.01)


def test_a_slide_is_sixteen_to_nine(tmp_path: Path):
    write_figure(shot(), STAGE, tmp_path / "slide.png", SLIDE)

    height, width, _ = pixels(tmp_path / "slide.png").shape
    assert width / height == pytest.approx(16 / 9)


def test_a_pdf_has_title_axes_legend_and_caption_as_text_and_its_data_without_loss(tmp_path: Path):
    write_figure(shot(), STAGE, tmp_path / "figure.pdf", COLUMNS)

    page = PdfReader(tmp_path / "figure.pdf").pages[0]
    text = " ".join(page.extract_text().split())
    missing = {"Where is it reading?", "What is stored?", "feature", "erased", "Step 8 of 21.", "checkpoint 7,000"}
    assert {said for said in missing if said in text} == missing
    assert page.images
    assert all(image.name.endswith(".png") for image in page.images)


def test_an_svg_can_be_drawn_and_its_text_is_text(tmp_path: Path):
    write_figure(shot(), ("Reads",), tmp_path / "figure.svg", COLUMN)

    assert QSvgRenderer(str(tmp_path / "figure.svg")).isValid()
    assert "Where is it reading?" in (tmp_path / "figure.svg").read_text()
    assert session_in(tmp_path / "figure.svg") is not None


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_every_kind_of_figure_carries_the_session_that_it_shows(ending: str, tmp_path: Path):
    path = tmp_path / f"figure.{ending}"

    write_figure(shot(), ("Memory",), path, COLUMN)

    assert session_in(path) == of_panes(shot(), ("Memory",)).session


@pytest.mark.parametrize(
    ("made", "panes"),
    [
        (memn2n_trace(wrong=True), ("Tape", "Hops", "Readout", "Memory")),
        (lstm_trace(length=10), ("Tape", "State and gates", "Curves")),
        (ntm_trace(length=10, slots=32), ("Addressing", "Curves", "State and gates", "Readout")),
    ],
    ids=["stories", "recurrent", "stages"],
)
def test_all_panes_can_be_drawn(made, panes: tuple[str, ...], tmp_path: Path):
    session = Session(a=Showing(source=Source(place=made.card.source)), step=5, panes=panes)

    write_figure(Shot(session=session, a=made), panes, tmp_path / "stage.png", COLUMNS)

    assert (pixels(tmp_path / "stage.png") < 128).any()


def test_a_comparison_shows_both_sides_and_says_so(tmp_path: Path):
    sheet = Sheet(compared(), ("Reads", "Memory"), COLUMNS, LIGHT)

    assert [(view.card.name, view.side.name) for view in sheet.views] == [
        ("Reads", "A"),
        ("Reads", "B"),
        ("Memory", "A"),
        ("Memory", "B"),
    ]
    sheet.close_down()


def test_a_side_without_such_a_pane_shows_its_own_instead():
    single = shot()
    session = replace(single.session, b=Showing(source=Source(place="exhibit:lstm-copy")), mode="split")

    sheet = Sheet(Shot(session=session, a=single.a, b=lstm_trace(length=10)), ("Memory",), COLUMNS, LIGHT)

    assert [(view.card.name, view.side.name) for view in sheet.views] == [("Memory", "A"), ("State and gates", "B")]
    sheet.close_down()


def test_the_caption_has_all_that_is_needed_to_find_the_picture_again():
    said = caption(compared())

    for part in (
        "Neural Turing Machine on Copy",
        "ntm-copy",
        "checkpoint 7,000",
        "seed 0",
        "Step 8 of 21",
        "erase slot 6 at step 11",
    ):
        assert part in said


def test_the_legend_names_the_signs_that_stand_in_the_panes():
    chosen = replace(shot(), session=replace(shot().session, selection=replace(shot().session.selection, slots=(3, 4))))

    assert [entry.says for entry in entries(chosen, STAGE)] == [
        "step 8",
        "selected: slots 3, 4",
        "changed at this step",
        "erased",
        "error",
    ]
    assert entries(shot(), ("Readout",)) == ()


def test_a_frame_shows_its_own_step_and_keeps_the_size():
    sheet = Sheet(shot(), ("Reads",), COLUMN, LIGHT)

    frames = [frame_of(sheet, step, ".gif") for step in (0, 5, 0)]
    sheet.close_down()

    assert len({frame.shape for frame in frames}) == 1
    assert (frames[0] != frames[1]).any()
    np.testing.assert_array_equal(frames[0], frames[2])


def test_another_ending_is_refused_with_those_that_there_are(tmp_path: Path):
    with pytest.raises(ValueError, match=r"\.svg, \.pdf or \.png, not as \.bmp"):
        write_figure(shot(), ("Reads",), tmp_path / "figure.bmp", COLUMN)
    with pytest.raises(ValueError, match="no such form of figure; there are column, columns, slide"):
        preset("poster")


def test_an_unwritable_folder_leaves_no_part_of_a_file(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(OSError, match="file"):
        write_figure(shot(), ("Reads",), tmp_path / "file" / "figure.png", COLUMN)

    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_episode_that_is_still_recorded_is_not_exported():
    state = state_of(shot())
    state.explorer.choose_episode(99)

    with pytest.raises(ValueError, match="still being recorded"):
        shot_of(state)


def test_a_shot_shows_what_the_window_shows():
    state = state_of(compared())

    again = shot_of(state)

    assert again.session == compared().session
    assert again.session.a.episode == EpisodeWish(seed=0)


def test_pictures_of_a_training_are_exported_as_they_stand_in_the_window(tmp_path: Path):
    table = desk()
    table.show(ntm_trace(length=3, slots=8))
    table.state.time_maps["A"].watch()
    answer_maps(table.state)
    train_two_seeds(table.state)

    taken = of_panes(shot_of(table.state), ("Time map", "Seeds"))
    sheet = Sheet(taken, ("Time map", "Seeds"), COLUMNS, LIGHT)
    said = " ".join(view.summary() for view in sheet.views)
    sheet.close_down()
    write_figure(taken, ("Time map", "Seeds"), tmp_path / "training.png", COLUMNS)

    assert "wrong bits" in said
    assert "2 of 2 seeds have learnt it: a mean cost below 1 bit per sequence" in said
    assert (tmp_path / "training.png").stat().st_size > 10_000


def test_a_pane_is_drawn_for_the_size_that_it_has_on_the_sheet():
    sheet = Sheet(shot(), ("Reads", "Provenance", "Addressing"), COLUMNS, LIGHT)

    body = sheet.views[1].frame.body
    assert body is not None
    sheet.grab()
    plot = body.findChildren(MatrixPlot)[0]

    assert plot.plot_rect().width() > 100
    sheet.close_down()
