"""More pages of the gallery: the smaller plots, and every widget."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.plots.axes import Axis, step_axis
from app.plots.bars import Bar, Bars
from app.plots.colours import Palette, categories
from app.plots.column_bars import ColumnBars
from app.plots.curve import Band, CurvePlot, Line
from app.plots.head_grid import HeadGrid, tiles
from app.plots.hops import HopsPlot
from app.plots.matrix_plot import MatrixPlot
from app.plots.stages import Stage, StagesPlot
from app.plots.strips import StripsPlot
from app.plots.tape import Story, StoryTape
from app.widgets.badge import LiveBadge
from app.widgets.banner import Banner
from app.widgets.bits_editor import BitsEditor
from app.widgets.buttons import button
from app.widgets.choice_list import Choice, ChoiceList
from app.widgets.command_palette import CommandPalette
from app.widgets.flow_layout import FlowLayout
from app.widgets.formula_box import FormulaBox
from app.widgets.help_card import HelpCard
from app.widgets.key_map import KeyMap
from app.widgets.pane_frame import PaneFrame
from app.widgets.picker import Picker
from app.widgets.section import Section
from app.widgets.segmented import Segmented
from app.widgets.sentence_line import SentenceLine
from app.widgets.setting_form import SettingForm
from app.widgets.story_editor import StoryEditor
from engine.contract.cards import Setting

STORY = (
    "Mary moved to the bathroom.",
    "John went to the hallway.",
    "Daniel went back to the hallway.",
    "Sandra moved to the garden.",
    "John moved to the office.",
    "Sandra journeyed to the bathroom.",
    "Mary moved to the hallway.",
    "Daniel travelled to the office.",
)
COMMANDS = (
    Choice(id="play", title="Play or pause", key="Space", says="Let time run, or stop it."),
    Choice(id="next", title="Next step", key="Right"),
    Choice(id="edit", title="Edit the selection", key="E", says="Erase, set, swap, freeze, force or mute what is selected."),
    Choice(id="compare", title="Compare", key="C", says="Split the stage into A and B."),
    Choice(id="export", title="Export the pane", key="Ctrl+E", enabled=False, says="There is no pane to export."),
)


def plots(palette: Palette) -> QWidget:
    page = QWidget()
    page.setObjectName("ground")
    grid = QGridLayout(page)
    grid.setSpacing(9)
    grid.addWidget(_story(palette), 0, 0, 1, 2)
    grid.addWidget(_hops(palette), 1, 0)
    grid.addWidget(_curves(palette), 1, 1)
    grid.addWidget(_stages(palette), 2, 0)
    grid.addWidget(_strips(palette), 2, 1)
    right = QVBoxLayout()
    right.addWidget(_readout(palette))
    right.addWidget(_difference(palette), 1)
    right.addWidget(_message(palette))
    grid.addLayout(right, 0, 2, 3, 1)
    for column, share in enumerate((5, 5, 4)):
        grid.setColumnStretch(column, share)
    return page


def _story(palette: Palette) -> PaneFrame:
    pane, tape = PaneFrame("What goes in, what comes out?", "Tape · 8 sentences and a question"), StoryTape(palette)
    tape.show_story(Story(sentences=STORY, question="Where is Sandra?", target="bathroom", output="garden", supports=(5,)))
    tape.set_selected((3,))
    tape.set_reached(6)
    pane.set_body(tape)
    pane.setFixedHeight(140)
    return pane


def _hops(palette: Palette) -> PaneFrame:
    pane, plot = PaneFrame("How did the answer form?", "Hops · attention over 8 sentences"), HopsPlot(palette)
    rng = np.random.default_rng(4)
    attention = rng.dirichlet(np.full(8, 0.12), 3).T.astype(np.float32)
    attention[5, 2] = 0.93
    plot.show_hops(STORY, attention, supports=(5,))
    plot.set_selected(5, 2)
    plot.set_hop(2)
    pane.set_body(plot)
    return pane


def _curves(palette: Palette) -> PaneFrame:
    pane, plot = PaneFrame("How sure is it?", "Curves · probability of the target"), CurvePlot(palette)
    steps = np.arange(41)
    hues = categories(palette)
    first = 1 / (1 + np.exp(-(steps - 14) / 3.0))
    second = np.where((steps > 18) & (steps < 22), np.nan, 0.4 + 0.3 * np.sin(steps / 5))
    plot.set_axes(step_axis(), "probability")
    plot.show_lines(
        [
            Line(x=steps, y=first, name="A"),
            Line(x=steps, y=second, name="P1", colour=hues[1].colour, style=hues[1].line),
            Line(x=steps, y=first * 0.6, name="B", style=Qt.PenStyle.DashLine),
        ]
    )
    plot.set_limits(0, 1)
    plot.set_bands([Band(first=0, last=20, name="present"), Band(first=20, last=40, name="recall")])
    plot.set_cursor(7)
    pane.set_body(plot)
    return pane


def stages_of_an_address() -> list[Stage]:
    slots = np.arange(32)
    content = np.exp(-((slots - 4) ** 2) / 2.0) * 0.4 + np.exp(-((slots - 9) ** 2) / 1.0) * 0.5
    gated = 0.04 * content + 0.96 * (slots == 6)
    shifted = np.roll(gated, 1) * 0.98
    return [
        Stage(name="content", weighting=content / content.sum()),
        Stage(name="+ gate", number="0.04", weighting=gated / gated.sum()),
        Stage(name="shift", number="+1", weighting=shifted / shifted.sum()),
        Stage(name="sharpen", number="12.6", weighting=(slots == 7) * 0.98),
    ]


def _stages(palette: Palette) -> PaneFrame:
    pane, plot = PaneFrame("How did it choose the slot?", "Addressing · write head 1"), StagesPlot(palette)
    plot.show_stages(stages_of_an_address())
    plot.set_present(2)
    plot.set_slot(7)
    pane.set_body(plot)
    return pane


def _strips(palette: Palette) -> PaneFrame:
    pane, plot = PaneFrame("What does the controller hold?", "State and gates"), StripsPlot(palette)
    rng = np.random.default_rng(5)
    values = rng.random((5, 41)).cumsum(axis=1) % 1
    plot.show_strips(("read gate", "write gate", "key strength", "erase", "add"), values.astype(np.float32))
    plot.set_cursor(7)
    pane.set_body(plot)
    pane.set_lifetime("step")
    return pane


def heads(palette: Palette) -> QWidget:
    """The attention of layers and heads: all of them small, one large, its present row as bars."""
    page = QWidget()
    page.setObjectName("ground")
    line = QHBoxLayout(page)
    for layers, many, steps in ((2, 4, 25), (8, 12, 200)):
        pane, grid, bars, plot = (
            PaneFrame("Which position looks at which?", "Attention"),
            *_head_parts(palette, layers, many, steps),
        )
        body = QWidget()
        across, down = QHBoxLayout(body), QVBoxLayout()
        across.addWidget(grid, 0, Qt.AlignmentFlag.AlignTop)
        across.addLayout(down, 1)
        down.setSpacing(0)
        down.addWidget(bars)
        down.addWidget(plot, 1)
        pane.set_body(body)
        line.addWidget(pane)
    return page


def _head_parts(palette: Palette, layers: int, many: int, steps: int) -> tuple[HeadGrid, ColumnBars, MatrixPlot]:
    rng = np.random.default_rng(7)
    values = np.tril(rng.random((layers, many, steps, steps)) ** 12 + 1e-4).astype(np.float32)
    values /= values.sum(-1, keepdims=True)
    allowed = np.tril(np.ones((steps, steps), bool))
    grid, bars, plot = HeadGrid(palette), ColumnBars(palette), MatrixPlot(palette)
    grid.show_tiles(tiles(values, allowed), 0.0, 1.0, "ramp")
    grid.set_side(grid.side_within(260, 600))
    grid.set_place(1, 2)
    plot.set_gathering("max")
    plot.set_axes(Axis(title="step looked at", base=1, binary=False), Axis(title="step that looks", base=1, binary=False))
    plot.show_values(np.where(allowed, values[1, 2], np.nan))
    plot.set_present_row(steps // 2)
    plot.set_x_inset(60, 8)
    bars.follow(plot)
    bars.show_row(values[1, 2, steps // 2], f"step {steps // 2 + 1}")
    return grid, bars, plot


def _readout(palette: Palette) -> PaneFrame:
    pane, bars = PaneFrame("What does it answer, how sure?", "Readout"), Bars(palette)
    bars.show_bars(
        [
            Bar(name="garden", value=0.62, is_chosen=True),
            Bar(name="bathroom", value=0.31, mark="target"),
            Bar(name="office", value=0.05, is_pale=True),
            Bar(name="B cleared", value=0.8, interval=(0.74, 0.86), text="3.62 m"),
        ]
    )
    pane.set_body(bars)
    pane.set_lifetime("weights")
    pane.setFixedHeight(140)
    return pane


def _difference(palette: Palette) -> PaneFrame:
    pane, plot = PaneFrame("What is different?", "B - A · memory after step 8"), MatrixPlot(palette)
    rng = np.random.default_rng(6)
    plot.set_axes(Axis(title="feature", base=1), Axis(title="slot"))
    plot.set_scale(-1, 1, "difference", badge="clipped")
    values = rng.normal(0, 0.4, (128, 64)).astype(np.float32)
    values[40:44] = np.nan
    plot.show_values(values)
    plot.set_selected(12, None)
    plot.set_crosses(((30, 10), (31, 30)))
    pane.set_body(plot)
    pane.set_lifetime("persistent")
    return pane


def _message(palette: Palette) -> PaneFrame:
    pane, plot = PaneFrame("Where is it reading?", "Reads"), MatrixPlot(palette)
    plot.show_message("This model reads its memory as a whole: it has no weighting over slots.")
    pane.set_body(plot)
    pane.setFixedHeight(110)
    return pane


def widgets(palette: Palette) -> QWidget:
    page = QWidget()
    page.setObjectName("ground")
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(_bar())
    row = QHBoxLayout()
    row.setContentsMargins(16, 8, 16, 8)
    row.setSpacing(28)
    for part in (_left(), _middle(), _inspector(palette)):
        row.addWidget(part, 1)
    column.addLayout(row, 1)
    line = SentenceLine()
    line.set_text(
        "Step 8 of 41.", "Write head 1 writes slot 7 (0.98). Read head 1 waits at slot 0 (0.71). Nothing to answer yet."
    )
    line.set_gauge("traces 14 MB of 2 GB")
    column.addWidget(line)
    return page


def _bar() -> QWidget:
    bar = QWidget()
    bar.setObjectName("bar")
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    row = QHBoxLayout(bar)
    row.setContentsMargins(12, 8, 12, 8)
    name = QLabel("Slotscope")
    name.setProperty("tone", "heading")
    row.addWidget(name)
    row.addSpacing(12)
    for label, value, second in (("Model", "Neural Turing Machine", ""), ("Task", "Copy", ""), ("Episode", "3", "seed 41")):
        picker = Picker(label)
        picker.set_choices((Choice(id="a", title=value),))
        picker.set_value(value, second)
        row.addWidget(picker)
    row.addStretch(1)
    row.addWidget(Segmented((("learn", "Learn"), ("explore", "Explore"))))
    row.addStretch(1)
    live, detached = LiveBadge(), LiveBadge()
    live.show_live("update 3,120 · 51/s")
    detached.show_detached("detached, 3 newer checkpoints (End follows)")
    row.addWidget(live)
    row.addWidget(detached)
    row.addWidget(button("Pause training", "primary"))
    row.addWidget(Segmented((("a", "A"), ("ab", "A | B"))))
    return bar


def _left() -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.addWidget(Section("Lesson 3 of 12 · page 4"))
    title = QLabel("The write head walks, and the read head follows")
    title.setProperty("tone", "title")
    title.setWordWrap(True)
    column.addWidget(title)
    text = QLabel("While the pattern comes in, the write head puts each vector into the next slot.")
    text.setWordWrap(True)
    column.addWidget(text)
    chips = FlowLayout()
    for word in ("none", "the 7th", "all after it", "Force weighting ...", "Mute head"):
        chip = button(word, "chip")
        chip.setCheckable(True)
        chip.setChecked(word == "the 7th")
        chips.addWidget(chip)
    column.addLayout(chips)
    for kind in ("plain", "primary", "flat", "link"):
        column.addWidget(button(f"A {kind} button", kind))  # type: ignore[arg-type]
    pale = button("Not now")
    pale.setEnabled(False)
    column.addWidget(pale)
    column.addStretch(1)
    return box


def _middle() -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    error, told = Banner(), Banner()
    error.show_notice(
        "The engine stopped while it recorded step 14. Your run is safe.", [("engine.restart", "Restart")], is_error=True
    )
    told.show_notice("Answer changed from garden to office; first different step: 14.", [("undo", "Undo")])
    column.addWidget(error)
    column.addWidget(told)
    form = SettingForm(
        (
            Setting(name="slots", default=128, low=4, high=1024, says="Places in the memory.", title="Slots"),
            Setting(name="rate", default=3e-4, low=1e-6, high=1.0, says="Learning rate.", title="Learning rate"),
            Setting(name="controller", default="lstm", choices=("lstm", "feed-forward"), says="The network.", title="Controller"),
            Setting(name="noise", default=True, says="Add noise.", title="Time noise"),
        )
    )
    form.show_error("slots", "slots: 2000 is not between 4 and 1024.")
    column.addWidget(form)
    editor = StoryEditor()
    editor.set_story(STORY[:3], "Where is Mary?")
    editor.show_error(1, "The word “hallwey” is not known; near it is “hallway”.")
    column.addWidget(editor)
    bits = BitsEditor()
    bits.set_bits(np.random.default_rng(1).random((16, 8)) > 0.5)
    column.addWidget(bits)
    column.addStretch(1)
    return box


def _inspector(palette: Palette) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setSpacing(8)
    column.addWidget(Section("Selected"))
    title = QLabel("Write head 1, step 8")
    title.setProperty("tone", "title")
    column.addWidget(title)
    bars = Bars(palette)
    bars.show_bars([Bar(name="slot 7", value=0.98), Bar(name="slot 8", value=0.01), Bar(name="slot 6", value=0.01)])
    column.addWidget(bars)
    column.addWidget(Section("How the address was made"))
    stages = StagesPlot(palette, is_close=True)
    stages.show_stages(stages_of_an_address())
    stages.setFixedHeight(stages.sizeHint().height())
    column.addWidget(stages)
    column.addWidget(Section("Formula, with this step's numbers"))
    formula = FormulaBox()
    formula.show_terms([("r = 0.88·", -1), ("M[3]", 3), (" + 0.09·", -1), ("M[4]", 4), (" + …", -1)])
    column.addWidget(formula)
    choices = ChoiceList("Search all commands")
    choices.show_choices(COMMANDS)
    column.addWidget(choices, 1)
    return box


def palette_of_commands(palette: Palette) -> QWidget:
    page = widgets(palette)
    CommandPalette(page).open_with(COMMANDS)
    return page


def key_map(palette: Palette) -> QWidget:
    page = widgets(palette)
    keys = [
        ("Space", "play / pause"),
        ("Left", "step back"),
        ("Shift+Left", "micro-step back"),
        ("Home or End", "first, last step"),
    ]
    KeyMap(page).open_with([("Time", keys), ("Panes", keys), ("Compare", keys), ("Files", keys[:2])])
    return page


def help_page(palette: Palette) -> QWidget:
    page = plots(palette)
    card = HelpCard(page)
    card.show_help(
        "One column for each step, one row for each slot. The darker a cell, the more strongly the head reads there.",
        "A dark square that moves down by one slot a step: the head walks.",
        "w = sharpen(shift(interpolate(content)))",
        "What was read: for that, look at the memory.",
    )
    page.card = card  # type: ignore[attr-defined]
    return page
