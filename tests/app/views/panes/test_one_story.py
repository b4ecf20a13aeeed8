"""One story under several models, side by side."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from staged import placed

from app.plots.story_table import StoryTable
from app.state.lens import Selection
from app.views.pane_view import PaneView
from engine.contract.messages import Record, Refused, TraceReady
from fake_traces import memn2n_trace, ntm_trace
from scripted import EXHIBITS, Desk, desk, exhibit, greeting
from story_traces import read_by

OTHERS = {
    "dmn-babi": read_by("gate", name="DMN"),
    "kv-babi": read_by("attention", "lookup", "KV"),
    "memnn-babi": read_by("decision", "choice", "MemNN"),
}


@pytest.fixture
def seen(qtbot: QtBot) -> tuple[Desk, PaneView, StoryTable]:
    """Four models on the story of the first, at its second question; all have answered."""
    table = desk(ready=False)
    cards = tuple(exhibit(name, f"{trace.card.model.id}", "babi", title=name) for name, trace in OTHERS.items())
    models = (*greeting().models, *(replace(trace.card.model, id=trace.card.model.id) for trace in OTHERS.values()))
    table.state.apply(replace(greeting(models=models), exhibits=(*EXHIBITS, *cards)))
    table.show(memn2n_trace())
    table.state.playback.go_to(5)
    view = placed(qtbot, table.state, "One story", size=(900, 420))
    for name, trace in OTHERS.items():
        table.files[name] = trace
        table.state.apply(TraceReady(request=wish(table, name).request, path=name))
    view.settle()
    return table, view, view.findChildren(StoryTable)[0]


def wish(table: Desk, name: str) -> Record:
    return next(c for c in table.engine.sent if isinstance(c, Record) and c.source.place == f"exhibit:{name}")


def test_every_model_has_a_group_with_its_own_words_and_its_own_scale(seen: tuple[Desk, PaneView, StoryTable]) -> None:
    groups = {group.title: group for group in seen[2].page.groups}

    assert set(groups) == {"MemN2N", "DMN", "KV", "MemNN"}
    assert groups["DMN"].columns == ("pass 1", "pass 2")
    assert groups["DMN"].says == "independent gates, each 0 to 1"
    assert groups["MemNN"].is_choice
    assert not groups["KV"].is_choice
    assert not seen[1].grab().isNull()


def test_the_facts_are_those_told_by_now_with_a_dot_where_the_answer_rests(seen: tuple[Desk, PaneView, StoryTable]) -> None:
    facts = seen[2].page.facts

    assert [(fact.number, fact.is_needed) for fact in facts] == [(1, False), (2, False), (4, True), (5, False)]


def test_who_found_the_fact_and_what_each_answers_is_said_in_words(seen: tuple[Desk, PaneView, StoryTable]) -> None:
    said = seen[1].summary()

    assert "DMN answers hallway (0.90), right. Line 4: pass 1." in said
    assert "MemNN answers hallway (0.90), right. Line 4: choice 1." in said


def test_the_cursor_moves_all_of_them(seen: tuple[Desk, PaneView, StoryTable]) -> None:
    table, view, plot = seen
    before = [group.answer for group in plot.page.groups]
    table.state.playback.go_to(2)
    view.settle()

    assert (set(before), {group.answer for group in plot.page.groups}) == ({"hallway"}, {"bathroom"})
    assert len(plot.page.facts) == 2


def test_at_a_statement_it_says_that_nothing_is_asked(seen: tuple[Desk, PaneView, StoryTable]) -> None:
    table, view, _ = seen
    table.state.playback.go_to(1)

    assert "The networks look for the answer when a question is asked." in view.summary()


def test_one_that_cannot_read_the_story_says_why_in_its_place(qtbot: QtBot) -> None:
    table = desk(ready=False)
    table.state.apply(replace(greeting(), exhibits=(*EXHIBITS, exhibit("dmn-babi", "dmn", "babi", title="DMN"))))
    table.show(memn2n_trace())
    table.state.playback.go_to(5)
    view = placed(qtbot, table.state, "One story")
    waiting = view.findChildren(StoryTable)[0].page.groups[1].message
    table.state.apply(Refused(request=wish(table, "dmn-babi").request, sentence="line 2: the word 'hallway' is not known"))
    view.settle()

    assert waiting == "Reads the story …"
    assert view.findChildren(StoryTable)[0].page.groups[1].message == (
        "It cannot read this story. Line 2: the word 'hallway' is not known."
    )


def test_a_press_selects_the_fact_and_hovering_names_the_number(seen: tuple[Desk, PaneView, StoryTable]) -> None:
    table, view, plot = seen
    plot.clicked.emit(2, 1, 0, Qt.KeyboardModifier.NoModifier)
    plot.hovered.emit(2, 1, 0)
    view.settle()

    assert table.state.lens.selection == Selection(slots=(2,))
    assert table.state.lens.hover_says.startswith("DMN, pass 1, line 4: 0.")
    assert plot.page._selected == 2


def test_the_table_has_a_column_for_each_look_and_the_answers_below(seen: tuple[Desk, PaneView, StoryTable]) -> None:
    headers, rows = seen[1].table()

    assert headers[:3] == ["line", "fact", "needed"]
    assert {"DMN, pass 1", "KV, lookup 2", "MemNN, choice 1", "MemN2N, hop 3"} <= set(headers)
    assert len(rows) == 5
    assert "hallway" in rows[-1]


def test_a_network_that_reads_no_stories_has_no_such_pane(qtbot: QtBot) -> None:
    table = desk()
    table.show(ntm_trace(length=2, slots=8))
    view = placed(qtbot, table.state, "One story")

    assert view.summary() == "This network reads no stories."


def test_a_pane_that_is_closed_asks_no_more(seen: tuple[Desk, PaneView, StoryTable]) -> None:
    table, view, _ = seen
    view.close_down()

    assert table.state.one_story["A"]._watchers == 0
