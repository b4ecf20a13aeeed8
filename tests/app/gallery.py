"""Every plot and widget on large pages with synthetic data: `python tests/app/gallery.py FOLDER [PAGE ...]` saves pictures."""

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

import gallery_lifetimes
import gallery_memory
import gallery_pages
import gallery_pairs
import gallery_training
import gallery_trajectories
import gallery_wiring
from app.plots.axes import Axis, step_axis
from app.plots.colours import CONTRAST, DARK, LIGHT, Palette
from app.plots.matrix_marks import Pin
from app.plots.matrix_plot import MatrixPlot
from app.plots.tape import TapePlot, TapeRow
from app.plots.timeline import EditMark, SequenceLane, TrainingLane
from app.shell.theme import apply_theme
from app.widgets.help_card import HelpCard
from app.widgets.overlay import Overlay
from app.widgets.pane_frame import PaneFrame
from app.widgets.transport import Transport
from engine.contract.trace import Event, Phase

STEPS, SLOTS, BITS = 41, 32, 8
RANDOM = np.random.default_rng(3)


def writes() -> np.ndarray:
    found = np.full((SLOTS, STEPS), 0.01, np.float32)
    for step in range(20):
        found[step, step] = 0.95
        found[step + 1, step] = 0.06
    found[20:27, 20:] = 0.14
    return found


def reads() -> np.ndarray:
    found = np.full((SLOTS, STEPS), 0.005, np.float32)
    found[0, :21], found[1, :21], found[2, :21] = 0.71, 0.2, 0.08
    for step in range(20):
        found[step, step + 21] = 0.9
        found[step + 1, step + 21] = 0.07
    return found


def memory() -> np.ndarray:
    found = RANDOM.normal(0, 0.02, (SLOTS, 20)).astype(np.float32)
    found[:8] = RANDOM.uniform(-1, 1, (8, 20))
    return found


def bits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    pattern = (RANDOM.random((20, BITS)) > 0.5).astype(np.float32)
    given, wanted, answered = (np.full((STEPS, BITS), np.nan, np.float32) for _ in range(3))
    given[:20] = pattern
    wanted[21:] = pattern
    answered[21:] = np.clip(pattern * 0.94 + 0.03, 0, 1)
    answered[33, 3] = 1 - answered[33, 3]
    return given, wanted, answered


def explore(palette: Palette) -> QWidget:
    page = QWidget()
    page.setObjectName("ground")
    column = QVBoxLayout(page)
    column.setContentsMargins(10, 10, 10, 8)
    column.setSpacing(9)
    column.addWidget(_tape(palette))
    stage = QHBoxLayout()
    stage.setSpacing(9)
    for pane, share in zip(_stage(palette), (13, 8, 13), strict=True):
        stage.addWidget(pane, share)
    column.addLayout(stage, 1)
    column.addWidget(_lanes(palette))
    return page


def _tape(palette: Palette) -> PaneFrame:
    pane = PaneFrame("What goes in, what comes out?", "Tape · 8 bits x 41 steps")
    tape = TapePlot(palette)
    given, wanted, answered = bits()
    tape.show_rows(
        [TapeRow(title="input", values=given), TapeRow(title="target", values=wanted), TapeRow(title="output", values=answered)]
    )
    tape.set_phases([Phase(name="present", first=0, last=19), Phase(name="recall", first=21, last=40)])
    tape.set_delimiters([20])
    tape.set_errors([(2, 33, 3)])
    tape.set_cursor(7)
    pane.set_body(tape)
    pane.setFixedHeight(120)
    return pane


def _stage(palette: Palette) -> list[PaneFrame]:
    shown = []
    for question, technical, values, scale in (
        ("Where is it writing?", "Writes · head 1", writes(), "ramp"),
        ("What is stored?", "after step 8", memory(), "signed"),
        ("Where is it reading?", "Reads · head 1", reads(), "ramp"),
    ):
        pane, plot = PaneFrame(question, technical), MatrixPlot(palette)
        over_steps = scale == "ramp"
        plot.set_axes(step_axis() if over_steps else Axis(title="feature", base=1), Axis(title="slot"))
        plot.set_scale(0.0 if over_steps else -1.0, 1.0, "ramp" if over_steps else "signed")
        plot.set_gathering("max" if over_steps else "mean")
        plot.show_values(values)
        plot.set_cursor(7 if over_steps else None)
        plot.set_selected(7, 7 if over_steps else None)
        if question == "What is stored?":
            changed = np.zeros((SLOTS, 20), bool)
            changed[9:11, 3:12] = True
            plot.set_changed(changed)
            plot.set_pins((Pin(3, -1, "P1", palette.hues[1]),))
        elif question == "Where is it writing?":
            plot.set_hatched(np.where(values > 0.1, values, 0))
            plot.set_hovered(24, 30)
        pane.set_body(plot)
        shown.append(pane)
    shown[1].set_lifetime("episode")
    return shown


def _lanes(palette: Palette) -> QWidget:
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(4, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(0)
    training, sequence, transport = TrainingLane(palette), SequenceLane(palette), Transport()
    updates = np.arange(0, 3120, 10)
    loss = 40 / (1 + np.exp((updates - 1700) / 180)) + 0.8 + RANDOM.normal(0, 0.5, len(updates))
    loss[224:228] += 9
    training.show_curve(updates, loss)
    training.set_checkpoints(range(0, 3121, 120))
    training.set_notes([(2130, "rate 3e-4 -> 1e-4")])
    training.set_live(3120)
    training.set_cursor(3120)
    marks = [Event(kind="write", step=s) for s in range(20)] + [Event(kind="read", step=s) for s in range(21, 41)]
    marks += [Event(kind="error", step=33), Event(kind="wipe", step=40)]
    sequence.show_episode(STEPS, [Phase(name="present", first=0, last=19), Phase(name="recall", first=21, last=40)], marks)
    sequence.set_micro_steps(("content", "gate", "shift", "sharpen", "read", "erase", "add"), 3)
    sequence.set_cursor(7)
    sequence.set_edits([EditMark(13)])
    for row, (title, lane) in enumerate((("<b>Training</b><br>bits per sequence", training), ("<b>Sequence</b>", sequence))):
        grid.addWidget(QLabel(title), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(lane, row, 1)
    grid.addWidget(transport, 1, 0, Qt.AlignmentFlag.AlignBottom)
    grid.setColumnMinimumWidth(0, 120)
    grid.setColumnStretch(1, 1)
    return page


PAGES: dict[str, Callable[[Palette], QWidget]] = {
    "explore": explore,
    "plots": gallery_pages.plots,
    "heads": gallery_pages.heads,
    "wiring": gallery_wiring.wiring,
    "lifetimes": gallery_lifetimes.lifetimes,
    "pairs": gallery_pairs.pairs,
    "memory": gallery_memory.memory,
    "trajectories": gallery_trajectories.trajectories,
    "training": gallery_training.training,
    "widgets": gallery_pages.widgets,
    "commands": gallery_pages.palette_of_commands,
    "keys": gallery_pages.key_map,
    "help": gallery_pages.help_page,
}


def main() -> None:
    app = QApplication(sys.argv)
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    wanted = sys.argv[2:] or list(PAGES)
    for palette in (LIGHT, DARK, CONTRAST):
        apply_theme(app, palette)
        for name in wanted:
            page = PAGES[name](palette)
            page.resize(850 if name == "explore" else 1440, 860)
            page.show()
            app.processEvents()
            for overlay in page.findChildren(Overlay):
                overlay.open()
            for card in page.findChildren(HelpCard):
                card.open()
            app.processEvents()
            page.grab().save(str(folder / f"{name}-{palette.name}.png"))
            page.close()


if __name__ == "__main__":
    main()
