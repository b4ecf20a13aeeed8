"""Which model looks where? The present story under every network that reads stories: facts down, their hops side by side."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.story_groups import Fact, Group
from app.plots.story_table import StoryTable
from app.state.describe import number
from app.state.lens import Selection
from app.state.looks import line_in_slot, supporting_lines
from app.state.one_story import OneStory, StoryReader
from app.state.own_input import lines_of
from app.state.story_look import StoryLook, facts_told, look_in_words, story_look
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from engine.contract.trace import Trace

_NOTHING = np.zeros((0, 0), np.float32)


class OneStoryPane(PaneView):
    """A group of columns for each network; the engine records the story under each, once."""

    HELP = PaneHelp(
        what_you_see="The facts of the story down the left, a group of columns for each network: what each of its hops, passes "
        "or lookups takes of every fact. A dot marks a fact that the right answer rests on. Below: what the network answers, and "
        "which of its looks first found each of these facts.",
        what_to_look_for="Who finds the facts with a dot, and in which order: a fact that only follows from another one is found "
        "by a later look. A right answer without the right facts was guessed. Change a fact in the story and ask again.",
        formula="What the numbers are stands above each group: shares of one whole, independent gates (each 0 to "
        "1), a hard choice (a filled mark), or scores of either sign.",
        what_it_does_not_show="Which network is better: this is one story. They were trained on different tasks, and some were "
        "told in training which facts to find.",
    )
    ABSENT = "This network reads no stories."
    NEEDS_STEP = True
    SHOWS_DIFFERENCE = False
    WISH = 640

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The table."""
        self._table = StoryTable(self.colours)
        self._table.clicked.connect(self._clicked)
        self._table.hovered.connect(self._hovered)
        self._lines: list[int] = []
        self._looks: list[tuple[StoryReader, StoryLook | None]] = []
        self._story.changed.connect(self._trace_changed)
        self._story.watch()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 4, 0, 0)
        column.addWidget(self._table)
        return body

    def nothing_at(self, trace: Trace, step: int) -> str:
        """At a step at which nothing is asked."""
        if lines_of(trace)[step].asks:
            return ""
        return "A fact is told at this step. The networks look for the answer when a question is asked."

    def show_step(self, trace: Trace, step: int) -> None:
        """The facts told by now, and what every network makes of them."""
        self._lines = facts_told(trace, step)
        texts, needed = lines_of(trace), set(supporting_lines(trace, step))
        facts = tuple(Fact(number=line + 1, text=texts[line].text, is_needed=line in needed) for line in self._lines)
        self._looks = [(reader, _look(reader, step, self._lines)) for reader in self._story.readers]
        self._table.show_story(facts, tuple(self._group(reader, look) for reader, look in self._looks))

    def show_marks(self, trace: Trace) -> None:
        """Outline the fact whose slot is selected."""
        slots, lies = self.state.lens.selection.slots, line_in_slot(trace, min(self.step, trace.steps - 1))
        line = lies.get(slots[0], -1) if slots else -1
        self._table.page.set_selected(self._lines.index(line) if line in self._lines else -1)

    def technical(self) -> str:
        """ "One story · step 3 · 4 networks, on stage the first"."""
        count = len(self._looks)
        return f"One story · step {self.step + 1} · {_count(count, 'network')}" + (", on stage the first" if count > 1 else "")

    def in_words(self, trace: Trace, step: int) -> str:
        """What every network answers, and what it found."""
        self._looks = self._looks or [(reader, _look(reader, step, self._lines)) for reader in self._story.readers]
        return " ".join(look_in_words(r.name, look) if look else f"{r.name}: {_message(r)}" for r, look in self._looks)

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each fact, a column for each look of each network."""
        texts, needed = lines_of(trace), set(supporting_lines(trace, step))
        there = [(reader, look) for reader, look in self._looks if look is not None]
        headers = ["line", "fact", "needed", *(f"{reader.name}, {name}" for reader, look in there for name in look.names)]
        rows: list[list[object]] = []
        for place, line in enumerate(self._lines):
            values: list[object] = [float(value) for _, look in there for value in look.values[place]]
            rows.append([line + 1, texts[line].text, int(line in needed), *values])
        answers: list[object] = [look.answer if n == 0 else "" for _, look in there for n in range(len(look.names))]
        rows.append(["", "answer", "", *answers])
        return headers, rows

    def close_down(self) -> None:
        """Ask no more."""
        super().close_down()
        self._story.changed.disconnect(self._trace_changed, missing_ok=True)
        self._story.leave()

    # ---- the inside ----

    @property
    def _story(self) -> OneStory:
        return self.state.one_story[self.side.name]

    def _group(self, reader: StoryReader, look: StoryLook | None) -> Group:
        if look is None:
            return Group(title=reader.name, values=_NOTHING, message=_message(reader))
        return Group(
            title=reader.name, says=_scale(look), columns=look.names, values=look.values, low=look.low, high=look.high,
            scale="signed" if look.low < 0 else "ramp", is_choice=look.kind == "choice",
            gone=frozenset(self._lines.index(line) for line in look.gone), answer=look.answer, sure=look.sure,
            is_right=look.is_right, found=look.found,
        )  # fmt: skip

    def _clicked(self, row: int, group: int, column: int, modifiers: Qt.KeyboardModifier) -> None:
        trace = self.side.trace
        if trace is None or self.is_behind or row >= len(self._lines):
            return
        slot = next((slot for slot, line in line_in_slot(trace, self.step).items() if line == self._lines[row]), -1)
        if slot >= 0:
            self.choose(Selection(side=self.side.name, slots=(slot,)), modifiers)

    def _hovered(self, row: int, group: int, column: int) -> None:
        look = self._looks[group][1] if 0 <= group < len(self._looks) else None
        if row < 0 or row >= len(self._lines) or column < 0 or look is None or self.is_behind:
            self.point(None)
            return
        value = float(look.values[row, column])
        said = number(value) if np.isfinite(value) else "gone"
        says = f"{self._looks[group][0].name}, {look.names[column]}, line {self._lines[row] + 1}: {said}"
        self.point(self.state.lens.selection, says)


def _look(reader: StoryReader, step: int, lines: list[int]) -> StoryLook | None:
    return story_look(reader.trace, step, lines) if reader.trace is not None else None


def _scale(look: StoryLook) -> str:
    """What the numbers are, and from where to where the colours go where that is not plain."""
    return look.says + (f" ({number(look.low)} to {number(look.high)})" if look.kind == "scores" else "")


def _message(reader: StoryReader) -> str:
    if reader.refusal:
        return f"It cannot read this story. {reader.refusal[:1].upper()}{reader.refusal[1:]}."
    return "It does not look at facts one after the other." if reader.trace is not None else "Reads the story …"


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'s' if count != 1 else ''}"
