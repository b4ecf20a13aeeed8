"""The bar at the top: what is looked at, in which way, what trains, and the search."""

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QMenu, QPushButton, QWidget

from app.shell.base import Action
from app.state.app_state import AppState
from app.state.comparison import Mode
from app.state.offers import (
    TRAIN,
    Offer,
    choose_episode_offer,
    episode_name,
    episode_offers,
    model_offers,
    name_of_place,
    task_name,
    task_offers,
)
from app.widgets.badge import LiveBadge
from app.widgets.buttons import button
from app.widgets.choice_list import Choice
from app.widgets.keycap import Keycap
from app.widgets.picker import Picker
from app.widgets.segmented import Segmented
from app.widgets.tokens import unit

HEIGHT = 44
COMPACT_BELOW, TIGHT_BELOW = 1320, 900
"""Narrower than this, at the standard size of type, the bar abbreviates; and then leaves out what can be had otherwise."""
PART_NAMES = ("menu", "model", "task", "episode", "tab", "badge", "rate", "train", "sides", "search")
MENU = (
    ("session.open", "session.last", "session.save", "session.copy"),
    ("export.pane", "export.stage", "export.data", "export.trace", "export.animation", "export.script"),
    ("theme.system", "theme.light", "theme.dark", "theme.contrast"),
    ("scale.bigger", "scale.smaller", "scale.reset"),
    ("layout.first", "layout.overview", "layout.readwrite", "compare.lifetimes", "pane.add"),
    ("keys.show", "engine.restart", "app.quit"),
)
"""What stands below the program's name, in groups."""
EPISODE_COMMANDS = (
    Choice(id="episode.next", title="Next episode", key="N"),
    Choice(id="episode.previous", title="Previous episode", key="Shift+N"),
    Choice(id="episode.random", title="Any episode"),
    Choice(id="input.own", title="Your own input ...", key="I"),
)


class Bar(QFrame):
    """44 pixels high; every part follows the state, and every wish is a command or goes through the explorer."""

    wished = Signal(str)
    """The id of a command."""
    training_wished = Signal(str, str)
    """A model (and a task, or nothing) to train anew."""

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self.setObjectName("bar")
        self._state = state
        self._is_compact = False
        self.menu = QMenu(self)
        self.name = button("Slotscope", "flat", tip="Open, save, export, theme, keys")
        self.model, self.task, self.episode = Picker("Model"), Picker("Task"), Picker("Episode")
        self.tab = Segmented([("learn", "Learn"), ("explore", "Explore")])
        self.badge = LiveBadge()
        self.rate = QLineEdit()
        self.train = button("Train", "primary")
        self.sides = Segmented([("single", "A"), ("split", "A | B"), ("difference", "B \N{MINUS SIGN} A")])
        self.search = SearchButton()
        self._lay_out()
        self._connect()
        self._follow()
        self._show_all()

    def fill_menu(self, actions: dict[str, Action], key_of: Callable[[str], str]) -> None:
        """The commands that a mouse finds below the program's name, each with its key."""
        self.menu.clear()
        for group in MENU:
            for name in group:
                entry = self.menu.addAction(f"{actions[name].title}\t{key_of(name)}")
                entry.setToolTip(actions[name].says)
                entry.triggered.connect(lambda _=False, name=name: self.wished.emit(name))
            self.menu.addSeparator()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has fewer words in its bar."""
        super().resizeEvent(event)
        is_compact = self.width() < COMPACT_BELOW * unit(self)
        for spare in (self.task, self.search):  # what they offer is in the model's list and on a key
            spare.setVisible(self.width() >= TIGHT_BELOW * unit(self))
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self.search.set_compact(is_compact)
            self._show_what()
            self._show_training()

    # ---- what it shows ----------------------------------------------------------------------------------------------------

    def _show_all(self) -> None:
        self._show_what()
        self._show_training()
        self._show_sides()
        self._show_tab()

    def _show_what(self) -> None:
        trace, showing = self._state.a.trace, self._state.a.showing
        self.model.set_choices(_choices(model_offers(self._state)))
        self.task.set_choices(_choices(task_offers(self._state)))
        self.episode.set_choices([*_choices(episode_offers(self._state)), *EPISODE_COMMANDS])
        if trace is None or showing is None:
            self.model.set_value("choose one")
            self.task.set_value("none yet")
            self.episode.set_value("none yet")
            return
        place = showing.source.place
        exhibit = self._state.catalogue.exhibit(place)
        model = trace.card.model
        number = "" if exhibit else name_of_place(self._state, place).rpartition(", ")[2]
        self.model.set_value(model.short if self._is_compact else model.name, number, place)
        self.task.set_value(task_name(self._state, trace.card.task.id), "", place)
        name, seed = episode_name(showing.episode, exhibit)
        self.episode.set_value(name, seed, f"seed:{showing.episode.seed}")

    def _show_training(self) -> None:
        training, run = self._state.training, self._state.training.live
        self.badge.setVisible(run is not None)
        self.rate.setVisible(run is not None and not self._is_compact)
        if run is None:
            self._dress_train("Train", "Train a new network (T)")
            return
        words = training.badge
        if training.is_following:
            self.badge.show_live(words.partition(" · ")[0] if self._is_compact else words)
        else:
            self.badge.show_detached(f"{training.missed} newer" if self._is_compact else words)
        if not self.rate.hasFocus():
            self.rate.setText(f"{run.learning_rate:g}" if run.learning_rate else "")
        if run.status == "paused":
            self._dress_train("Continue", "Go on with the training (T)")
        else:
            self._dress_train("Pause", "Let the training wait (T)")

    def _dress_train(self, word: str, tip: str) -> None:
        if self.train.text() != word:
            self.train.setText(word)
            self.train.setToolTip(tip)
            self.train.setAccessibleName(tip)

    def _show_sides(self) -> None:
        self.sides.set_chosen(self._state.comparison.mode)
        self.sides.set_disabled(() if self._state.b.showing is not None else ("difference",))

    def _show_tab(self) -> None:
        self.tab.set_chosen(self._state.preferences.kept.tab)

    # ---- what it asks for -------------------------------------------------------------------------------------------------

    def _choose_place(self, chosen: str) -> None:
        if chosen.startswith(TRAIN):
            _, model, task = chosen.split(":", 2)
            self.training_wished.emit(model, task)
        else:
            self._state.explorer.open(chosen)

    def _choose_episode(self, chosen: str) -> None:
        if ":" in chosen:
            choose_episode_offer(self._state, chosen)
        else:
            self.wished.emit(chosen)

    def _choose_mode(self, mode: str) -> None:
        modes: dict[str, Mode] = {"single": "single", "split": "split", "difference": "difference"}
        self._state.explorer.set_mode(modes[mode])

    def _set_rate(self) -> None:
        try:
            rate = float(self.rate.text())
        except ValueError:
            rate = 0.0
        if 0 < rate < math.inf:
            self._state.trainer.set_learning_rate(rate)
        else:
            self._state.notices.say("training", "The learning rate is a number above 0, such as 0.0003.")
        self.rate.clearFocus()
        self._show_training()

    def _lay_out(self) -> None:
        self.rate.setPlaceholderText("rate")
        self.rate.setAccessibleName("Learning rate")
        self.rate.setToolTip("Learning rate of the run that trains; Enter sets it from the next update on")
        self.name.setMenu(self.menu)
        self.name.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.train.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for part, name in zip(self._parts(), PART_NAMES, strict=True):
            part.setObjectName(f"bar.{name}")
        self.name.setObjectName("wordmark")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 12, 0)
        row.setSpacing(8)
        for part in (self.name, self.model, self.task, self.episode):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.tab)
        row.addStretch(1)
        for part in (self.badge, self.rate, self.train, self.sides, self.search):
            row.addWidget(part)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Larger type needs a higher bar."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "sides"):
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(round(HEIGHT * unit(self)))
        self.rate.setFixedWidth(round(76 * unit(self)))

    def _parts(self) -> tuple[QWidget, ...]:
        return (
            self.name, self.model, self.task, self.episode, self.tab, self.badge, self.rate, self.train, self.sides, self.search
        )  # fmt: skip

    def _connect(self) -> None:
        self.model.chosen.connect(self._choose_place)
        self.task.chosen.connect(self._choose_place)
        self.episode.chosen.connect(self._choose_episode)
        self.tab.chosen.connect(lambda tab: self.wished.emit(f"tab.{tab}"))
        self.badge.clicked.connect(lambda: self.wished.emit("live.follow"))
        self.rate.returnPressed.connect(self._set_rate)
        self.train.clicked.connect(lambda: self.wished.emit("train.toggle"))
        self.sides.chosen.connect(self._choose_mode)
        self.search.clicked.connect(lambda: self.wished.emit("search"))

    def _follow(self) -> None:
        state = self._state
        for part in (state.a, state.catalogue):
            part.changed.connect(self._show_what)
        state.training.changed.connect(self._show_training)
        state.comparison.changed.connect(self._show_sides)
        state.b.changed.connect(self._show_sides)
        state.preferences.changed.connect(self._show_tab)


class SearchButton(QPushButton):
    """Opens the search; shows its key."""

    def __init__(self) -> None:
        super().__init__("Search")
        self.setStyleSheet("text-align: left;")
        self.setToolTip("Search all commands")
        self.setAccessibleName("Search all commands")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._key = Keycap("Ctrl K", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 6, 0)
        row.addStretch(1)
        row.addWidget(self._key)

    def set_compact(self, is_compact: bool) -> None:
        """Only the key, or the word too."""
        self.setText("" if is_compact else "Search")

    def sizeHint(self) -> QSize:
        """Room for the key beside the word."""
        size = super().sizeHint()
        if not self.text():
            return QSize(self._key.sizeHint().width() + 16, size.height())
        return QSize(size.width() + self._key.sizeHint().width() + 8, size.height())


def _choices(offers: list[Offer]) -> list[Choice]:
    return [Choice(id=offer.id, title=offer.title, says=offer.detail, note=offer.section) for offer in offers]
