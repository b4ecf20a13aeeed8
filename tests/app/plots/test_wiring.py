"""Blocks, the ways between them, and how they answer pointer and keyboard."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from app.plots.colours import DARK, LIGHT
from app.plots.wiring import WiringPlot
from app.plots.wiring_parts import BlockShown, StripShown, WireShown


def _strip(name: str, rows: int = 1, columns: int = 8, fill: float = 0.5) -> StripShown:
    return StripShown(name=name, symbol=name[0], values=np.full((rows, columns), fill, np.float32))


def _block(name: str, row: int, columns: tuple[int, int], *strips: StripShown) -> BlockShown:
    return BlockShown(name=name, title=name, row=row, columns=columns, strips=strips or (_strip(name),))


BLOCKS = (
    _block("input", 0, (0, 2)),
    _block("controller", 0, (2, 4), _strip("hidden"), _strip("cell")),
    _block("output", 0, (4, 6)),
    _block("write", 1, (0, 3), _strip("weighting", rows=2), _strip("erase")),
    _block("read", 1, (3, 6)),
    _block("memory", 2, (0, 6), _strip("contents", rows=24, columns=20)),
)
WIRES = (
    WireShown(source="input", target="controller", says="x"),
    WireShown(source="controller", target="write", says="steers"),
    WireShown(source="memory", target="write", says="content", strength=0.1),
    WireShown(source="write", target="memory", says="writes", strength=1.0),
    WireShown(source="controller", target="controller", says="keeps", strength=0.4, is_later=True),
)


@pytest.fixture
def plot(qtbot: QtBot) -> WiringPlot:
    made = WiringPlot(LIGHT)
    qtbot.addWidget(made)
    made.resize(600, 460)
    made.show_wiring(BLOCKS, WIRES)
    made.show()
    return made


@pytest.mark.parametrize("size", [(300, 110), (300, 220), (420, 320), (600, 460), (1200, 800)])
def test_at_every_size_blocks_lie_apart_and_inside_and_strips_in_their_blocks(plot: WiringPlot, size: tuple[int, int]) -> None:
    plot.resize(*size)
    plot.refresh()

    rects = {block.name: plot.block_rect(block.name) for block in BLOCKS}

    assert all(plot.plot_rect().adjusted(-1, -1, 1, 1).contains(where) for where in rects.values())
    pairs = [(a, b) for a in rects for b in rects if a < b]
    assert [pair for pair in pairs if rects[pair[0]].intersects(rects[pair[1]])] == []
    strips = list(plot._layout.strips)
    assert all(rects[name].adjusted(0, 0, 1, 1).contains(plot.strip_rect(name, i)) for name, i in strips)


def test_a_way_goes_straight_from_the_edge_of_one_block_to_the_edge_of_the_other(plot: WiringPlot) -> None:
    routes = plot._layout.routes

    sideways, down, up = routes[0], routes[1], routes[2]

    assert sideways.start.y() == sideways.end.y()
    assert (sideways.start.x(), sideways.end.x()) == (plot.block_rect("input").right(), plot.block_rect("controller").left())
    assert (down.start.x(), down.start.y()) == (down.end.x(), plot.block_rect("controller").bottom())
    assert (up.start.y(), up.end.y()) == (plot.block_rect("memory").top(), plot.block_rect("write").bottom())
    assert 4 not in routes


def test_words_beside_ways_cover_no_block_no_way_and_no_other_words(plot: WiringPlot) -> None:
    words = [route.words for route in plot._layout.routes.values() if not route.words.isEmpty()]

    assert len(words) >= 3
    blocks = [plot.block_rect(block.name) for block in BLOCKS]
    assert not [w for w in words if any(w.intersects(block) for block in blocks)]
    assert not [(a, b) for i, a in enumerate(words) for b in words[i + 1 :] if a.intersects(b)]


def test_a_press_on_a_cell_tells_which(plot: WiringPlot, qtbot: QtBot) -> None:
    where = plot.strip_rect("write", 0)
    cell = QPointF(where.left() + where.width() * 3.5 / 8, where.top() + where.height() * 0.75)

    with qtbot.waitSignal(plot.cell_clicked) as clicked:
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=cell.toPoint())

    assert clicked.args == ["write", 0, 1, 3]


def test_a_press_beside_the_cells_tells_the_block(plot: WiringPlot, qtbot: QtBot) -> None:
    with qtbot.waitSignal(plot.block_clicked) as clicked:
        where = plot.block_rect("read").topLeft() + QPointF(12, 8)
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=where.toPoint())

    assert clicked.args == ["read"]


def test_a_double_press_opens_the_block(plot: WiringPlot, qtbot: QtBot) -> None:
    with qtbot.waitSignal(plot.opened) as opened:
        qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.block_rect("memory").center().toPoint())

    assert opened.args == ["memory"]


def test_the_arrows_walk_to_neighbours_and_enter_opens(plot: WiringPlot, qtbot: QtBot) -> None:
    plot.enter()
    walked = [plot.chosen]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up):
        qtbot.keyClick(plot, key)
        walked.append(plot.chosen)

    with qtbot.waitSignal(plot.opened) as opened:
        qtbot.keyClick(plot, Qt.Key.Key_Return)

    assert walked[:2] == ["input", "controller"]
    assert walked[2] in ("write", "read")
    assert walked[3:5] == ["memory", "memory"]
    assert opened.args == [walked[5]]


def test_escape_gives_the_arrows_back(plot: WiringPlot, qtbot: QtBot) -> None:
    plot.enter()

    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    qtbot.keyClick(plot, Qt.Key.Key_Right)

    assert plot.chosen == "input"


def test_a_way_under_the_pointer_is_told(plot: WiringPlot, qtbot: QtBot) -> None:
    route = plot._layout.routes[1]
    middle = (route.start + route.end) / 2

    with qtbot.waitSignal(plot.wire_hovered, check_params_cb=lambda index: index == 1):
        qtbot.mouseMove(plot.viewport(), middle.toPoint())


def test_another_step_moves_nothing(plot: WiringPlot) -> None:
    before = {block.name: plot.block_rect(block.name) for block in BLOCKS}
    layout = plot._layout

    plot.show_wiring([_block(b.name, b.row, b.columns, *b.strips) for b in BLOCKS], WIRES)

    assert plot._layout is layout
    assert before == {block.name: plot.block_rect(block.name) for block in BLOCKS}


def test_what_is_present_looks_other_than_what_is_not(plot: WiringPlot) -> None:
    before = plot.grab().toImage()

    lit = [WireShown(source=w.source, target=w.target, says=w.says, strength=w.strength, is_present=True) for w in WIRES]
    plot.show_wiring(BLOCKS, lit)

    assert plot.grab().toImage() != before


def test_it_can_be_drawn_in_another_theme(plot: WiringPlot) -> None:
    before = plot.grab().toImage()

    plot.set_palette(DARK)

    assert plot.grab().toImage() != before


def test_a_value_that_does_not_exist_is_said_to_be_absent_and_a_text_stands_for_itself(plot: WiringPlot) -> None:
    strips = (_strip("a", fill=np.nan), StripShown(name="line", symbol="", text="Where is Mary?"))

    plot.show_wiring([_block("only", 0, (0, 6), *strips)], [])

    assert not plot.grab().isNull()
    assert set(plot._maps) == {("only", 0)}


def test_in_little_room_blocks_show_their_first_strips_and_in_hardly_any_one_beside_their_name(plot: WiringPlot) -> None:
    plot.resize(420, 190)
    plot.refresh()
    few = [number for name, number in plot._layout.strips if name == "write"]
    plot.resize(420, 110)
    plot.refresh()

    assert few == [0]
    assert plot._layout.is_close
    assert plot.strip_rect("memory", 0).top() < plot.block_rect("memory").center().y() < plot.strip_rect("memory", 0).bottom()
    assert plot.strip_rect("write", 1).isEmpty()
