"""A table of one story and several readers keeps its groups in view as long as there is room."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from pytestqt.qtbot import QtBot

from app.plots.colours import LIGHT
from app.plots.story_groups import ROOMY, TIGHT, Fact, Group
from app.plots.story_table import StoryTable


def story(facts: int = 4, groups: int = 3) -> tuple[tuple[Fact, ...], tuple[Group, ...]]:
    rows = tuple(Fact(number=n + 1, text=f"Mary moved to the place number {n}.", is_needed=n == facts - 1) for n in range(facts))
    values = np.full((facts, 3), 0.5, np.float32)
    names = ("lookup 1", "lookup 2", "lookup 3")
    return rows, tuple(
        Group(title=f"Model {n}", says="shares", columns=names, values=values, answer="here") for n in range(groups)
    )


@pytest.fixture
def table(qtbot: QtBot) -> StoryTable:
    made = StoryTable(LIGHT)
    qtbot.addWidget(made)
    made.resize(1000, 300)
    made.show_story(*story())
    made.show()
    qtbot.waitExposed(made)
    return made


def test_with_room_it_is_roomy_and_without_it_is_tight_before_it_is_scrolled(table: StoryTable) -> None:
    wide = table.page.room
    table.resize(480, 300)

    assert (wide, table.page.room) == (ROOMY, TIGHT)
    assert table.horizontalScrollBar().maximum() == 0


def test_what_the_answer_rests_on_is_brought_into_view(table: StoryTable, qtbot: QtBot) -> None:
    table.show_story(*story(facts=60))

    qtbot.waitUntil(lambda: table.verticalScrollBar().value() > 0)


def test_names_and_answers_stay_in_view_while_the_facts_are_scrolled(table: StoryTable, qtbot: QtBot) -> None:
    table.show_story(*story(facts=60))
    qtbot.waitUntil(lambda: table.verticalScrollBar().value() > 0)
    head, foot = round(table.page.head_height()) - 22, round(table.page.foot_height())
    before = table.grab().toImage()
    table.verticalScrollBar().setValue(table.verticalScrollBar().value() - 22 * 9)
    after = table.grab().toImage()
    width, height = before.width(), before.height()

    assert before != after
    assert before.copy(0, 0, width - 14, head) == after.copy(0, 0, width - 14, head)
    assert before.copy(0, height - foot + 2, width - 14, foot) == after.copy(0, height - foot + 2, width - 14, foot)


def test_a_press_names_row_group_and_column_and_beside_the_groups_only_the_row(table: StoryTable, qtbot: QtBot) -> None:
    told: list[tuple[int, int, int]] = []
    table.clicked.connect(lambda row, group, column, _: told.append((row, group, column)))
    cell = table.page.cell_rect(2, 1, 2)
    for where in (cell.center(), QPointF(20, cell.center().y())):
        qtbot.mouseClick(table.page, Qt.MouseButton.LeftButton, pos=where.toPoint())

    assert told == [(2, 1, 2), (2, -1, -1)]


def test_groups_of_every_kind_and_without_columns_are_drawn(table: StoryTable) -> None:
    facts, (first, *_) = story()
    values = np.array([[np.nan, -1, 1]] * 4, np.float32)
    kinds = (
        Group(title="scores", columns=first.columns, values=values, low=-1, scale="signed", is_right=False, answer="there"),
        Group(title="choice", columns=first.columns, values=values, is_choice=True, gone=frozenset({0})),
        Group(title="none", values=np.zeros((0, 0), np.float32), message="It cannot read this story."),
    )
    before = table.grab().toImage()
    table.show_story(facts, kinds)

    assert table.grab().toImage() != before
    assert table.page.cell_rect(0, 2, -1).width() > 0
