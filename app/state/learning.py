"""Where the reader is in a lesson: page, answers, what is done; and the way out and back in."""

from collections.abc import Callable
from dataclasses import replace

from psygnal import Signal

from app.state.app_state import AppState
from app.state.lesson import Lesson, Page
from app.state.lesson_checks import free_parts, is_done, parts_that_differ
from app.state.session import Bookmark, Session

Later = Callable[[Callable[[], None]], None]
"""Calls a function when the present action is over."""


def at_once(act: Callable[[], None]) -> None:
    """No delay: each single change is looked at by itself."""
    act()


class Learning:
    """One lesson on the real window. It moves the window only when a page opens, is answered, or is resumed.

    What the page's task needs may be moved freely; touching anything else leaves the lesson, which then keeps its state until
    it is resumed. `later` lets the window judge an action as a whole rather than each change that it consists of.
    """

    changed = Signal()

    def __init__(self, state: AppState, lesson: Lesson, later: Later = at_once) -> None:
        self._state, self._later = state, later
        self.lesson = lesson
        self._page = min(max(state.preferences.kept.lessons.get(lesson.name, 0), 0), len(lesson.pages) - 1)
        self._choices: dict[int, int] = {}
        self._done: set[int] = set()
        self._kept: Session | None = None
        self._has_left = False
        self._will_look = False
        self._is_moving = False
        parts = (state.playback, state.lens, state.a, state.b, state.comparison, state.stage, state.what_if)
        for part in parts:
            part.changed.connect(self._stir)

    @property
    def number(self) -> int:
        """The present page, counted from 0."""
        return self._page

    @property
    def page(self) -> Page:
        """The present page."""
        return self.lesson.pages[self._page]

    @property
    def has_begun(self) -> bool:
        """Whether the lesson drives the window, or did until the reader left it."""
        return self._kept is not None

    @property
    def has_left(self) -> bool:
        """Whether the reader is elsewhere, and can resume."""
        return self._has_left

    @property
    def is_known(self) -> bool:
        """Whether a page beyond the first was reached before, on this computer."""
        return self._state.preferences.kept.lessons.get(self.lesson.name, 0) > 0

    @property
    def choice(self) -> int | None:
        """What the reader predicted on this page."""
        return self._choices.get(self._page)

    @property
    def may_do(self) -> bool:
        """Whether the page's task is open: where there is a question, it comes first."""
        return self.page.task is not None and (self.page.question is None or self.choice is not None)

    @property
    def is_done(self) -> bool:
        """Whether the page's task was done; true of a page without one as soon as its question is answered."""
        if self.page.task is None:
            return self.page.question is None or self.choice is not None
        return self._page in self._done

    @property
    def told(self) -> str:
        """What is said once the page is done: the reply to the reader's choice, and the reason."""
        question, task = self.page.question, self.page.task
        if not self.is_done:
            return ""
        told = [task.done] if task is not None and task.done else []
        if question is not None and self.choice is not None:
            told += [question.choices[self.choice].reply, question.reason]
        return " ".join(text for text in told if text)

    def is_page_done(self, number: int) -> bool:
        """Whether a page was answered or done."""
        return number in self._done or number in self._choices

    def start(self) -> None:
        """From the first page, nothing answered."""
        self._choices.clear()
        self._done.clear()
        self.open(0)

    def resume(self) -> None:
        """Come back to the lesson's state exactly; where the reader was is kept as a bookmark."""
        if self._kept is None:
            self.open(self._page)
        elif self._has_left:
            self._bookmark()
            self._move(self._kept)

    def open(self, number: int) -> None:
        """Turn to a page, as far as there is one, and show its place."""
        if self._has_left:
            self._bookmark()
        self._page = min(max(number, 0), len(self.lesson.pages) - 1)
        lessons = self._state.preferences.kept.lessons
        self._state.preferences.change(lessons={**lessons, self.lesson.name: self._page})
        is_shown = self.page.task is None and self.choice is not None and self.page.then is not None
        self._move(self.page.then if is_shown and self.page.then is not None else self.page.place)

    def next(self) -> None:
        """Turn the page."""
        self.open(self._page + 1)

    def back(self) -> None:
        """Turn back."""
        self.open(self._page - 1)

    def choose(self, number: int) -> None:
        """Predict. The first choice counts; then the window shows what happens, or the reader does it."""
        question = self.page.question
        if question is None or self.choice is not None or not 0 <= number < len(question.choices):
            return
        self._choices[self._page] = number
        if self.page.task is None and self.page.then is not None:
            if self._has_left:
                self._bookmark()
            self._move(self.page.then)
        else:
            self._look()
            self.changed.emit()

    def close(self) -> None:
        """The lesson lets the window go; the page is remembered."""
        self._kept, self._has_left = None, False
        self.changed.emit()

    # ---- watching the window ----

    def _stir(self) -> None:
        if not self._will_look and not self._is_moving and self._kept is not None:
            self._will_look = True
            self._later(self._look)

    def _look(self) -> None:
        self._will_look = False
        now = self._state.session()
        if self._kept is None or now is None or self._is_moving:
            return
        moved = parts_that_differ(self._kept, now) - free_parts(self.page.task)
        if self._state.a.is_waiting:  # the cursor reaches its step with the trace that is on its way
            self._set_left(bool(moved - {"step"}))
            return
        self._set_left(bool(moved))
        if not moved:
            self._kept = now
            self._see_whether_done()

    def _see_whether_done(self) -> None:
        task = self.page.task
        if task is not None and self.may_do and self._page not in self._done and is_done(task, self._state):
            self._done.add(self._page)
            self.changed.emit()

    def _set_left(self, has_left: bool) -> None:
        if has_left != self._has_left:
            self._has_left = has_left
            self.changed.emit()

    def _move(self, place: Session) -> None:
        self._is_moving = True
        try:
            kept = self._state
            self._state.restore(replace(place, depth=kept.preferences.kept.depth, bookmarks=kept.stage.bookmarks))
        finally:
            self._is_moving = False
        self._kept, self._has_left = place, False
        self._see_whether_done()
        self.changed.emit()

    def _bookmark(self) -> None:
        now = self._state.session()
        if now is not None:
            name = f"Where you were on page {self._page + 1} of the lesson, step {now.step + 1}"
            self._state.stage.bookmark(Bookmark(name=name, a=now.a, step=now.step, selection=now.selection))
