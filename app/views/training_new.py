"""The form for a new run: model, task, their settings, seed, and the folder of real files where a task reads some."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from app.state.app_state import AppState
from app.state.seeds import MOST_COUNT, PANE, USUAL_COUNT
from app.views.run_estimate import RunEstimateLabel
from app.widgets.buttons import IconButton, button
from app.widgets.flow_layout import FlowLayout
from app.widgets.section import Section
from app.widgets.setting_form import SettingForm
from engine.contract.cards import ModelCard, Setting, Settings, TaskCard

SEED = Setting(
    name="seed", default=0, low=0, high=2**31 - 1, title="Seed", says="The same seed gives the same run, number for number."
)
COUNT = Setting(
    name="count", default=USUAL_COUNT, low=2, high=MOST_COUNT, title="How many seeds",
    says="So many runs, alike but for the seed, the first with the one above; their curves stand in one picture.",
)  # fmt: skip
RESTARTS = Setting(
    name="restarts", default=1, low=1, high=MOST_COUNT, title="Restarts",
    says="Train so often, from the seed above and those after it, two at a time, and keep the network that does best on episodes "
    "held out of training. Memory networks differ much from seed to seed. It ends early when one leaves nothing to choose.",
)  # fmt: skip
UPDATES, GOAL = "updates", "stop_below"


class TrainingNew(QWidget):
    """What the next run shall be. Nothing is sent while a field holds what does not fit."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(self, state: AppState) -> None:
        super().__init__()
        self._state = state
        self._offered: tuple[ModelCard, ...] = ()
        self._of_model: tuple[Setting, ...] = ()
        self.ask_folder: Callable[[], str] = self._ask_folder
        self.model, self.task = QComboBox(), QComboBox()
        self.idea = _label("", "muted")
        self.seed, self.count = SettingForm((SEED,)), SettingForm((COUNT,))
        self.restarts = SettingForm((replace(RESTARTS, default=_kept(state)),))
        self.restarts.changed.connect(lambda _, count: state.preferences.change(restarts=int(count)))
        self.training, self.of_task, self.of_model = SettingForm(), SettingForm(), SettingForm()
        self._sections = (Section("Training"), Section("Task"), Section("Network"))
        self.data = QLineEdit()
        self.start = button("Start", "primary", "Train this network in a process of its own.")
        self.quick = button("Train one quickly", "chip", "A network that learns to copy within seconds.")
        self.several = button("Train several seeds", "plain", "The same from several seeds: do all of them learn it?")
        self.quick_several = button("Eight seeds quickly", "chip", "The same network from eight seeds, two at a time.")
        self.problem = _label("", "live")
        self.estimate = RunEstimateLabel(state, self._wish, (self.training, self.of_task, self.of_model))
        self._data_row = self._make_data_row()
        self._lay_out()
        self.model.activated.connect(lambda _: self._show_tasks())
        self.task.activated.connect(lambda _: self._show_settings())
        self.start.clicked.connect(self._start)
        self.several.clicked.connect(self._start_several)
        self.quick.clicked.connect(lambda: self.wished.emit("train.quick"))
        self.quick_several.clicked.connect(lambda: self.wished.emit("train.seeds"))
        for signal in (state.catalogue.changed, state.training.changed):
            signal.connect(self._show)
        for form in self._forms:
            form.changed.connect(lambda *_: self._mend())
        state.estimate.changed.connect(self._mend)
        self._show()

    def choose(self, model: str, task: str = "") -> None:
        """Offer the settings of this model and task."""
        place = self.model.findData(model)
        if place >= 0:
            self.model.setCurrentIndex(place)
            self._show_tasks()
        place = self.task.findData(task)
        if place >= 0:
            self.task.setCurrentIndex(place)
            self._show_settings()

    # ---- what is offered ----

    @property
    def _model(self) -> ModelCard | None:
        return self._state.catalogue.model(str(self.model.currentData()))

    @property
    def _task(self) -> TaskCard | None:
        return self._state.catalogue.task(str(self.task.currentData()))

    def _show(self) -> None:
        models = self._state.catalogue.models
        if models != self._offered:
            self._offered = models
            chosen = str(self.model.currentData() or "")
            self.model.clear()
            for card in models:
                if self._state.catalogue.tasks_of(card):
                    self.model.addItem(card.name, card.id)
            self.model.setCurrentIndex(max(self.model.findData(chosen), 0))
            self._show_tasks()
        is_free = self._state.training.live is None
        for made in (self.start, self.several, self.quick_several):
            made.setEnabled(bool(models) and is_free)
        self.quick.setEnabled(is_free)
        if not models:
            self._say("The engine is starting; it will say what can be trained.")
        elif not is_free:
            self._say("One run trains at a time: stop it to start another.")
        else:
            self._say("")

    def _show_tasks(self) -> None:
        model = self._model
        chosen = str(self.task.currentData() or "")
        self.task.clear()
        for card in self._state.catalogue.tasks_of(model) if model else ():
            self.task.addItem(card.name, card.id)
        self.task.setCurrentIndex(max(self.task.findData(chosen), 0))
        self.idea.setText(model.idea if model else "")
        self._show_settings()

    def _show_settings(self) -> None:
        model, task = self._model, self._task
        offered = self._state.catalogue.training_settings(model.id, task.id) if model and task else ()
        first = {UPDATES: 0, "learning_rate": 1, "batch": 2}
        self.training.set_settings(sorted(offered, key=lambda setting: first.get(setting.name, 3)))
        self.of_task.set_settings(self._fitted(task))
        if self._fitted(model) != self._of_model:  # what was set of the model stays with another task, if it suits that alike
            self._of_model = self._fitted(model)
            self.of_model.set_settings(self._of_model)
        forms = (self.training, self.of_task, self.of_model)
        for section, form in zip(self._sections, forms, strict=True):
            section.setVisible(bool(form.values()))
            form.setVisible(bool(form.values()))
        self._show_files(task)
        self.estimate.look()

    def _fitted(self, card: ModelCard | TaskCard | None) -> tuple[Setting, ...]:
        """Its settings, with the defaults that suit this model on this task."""
        model, task = self._model, self._task
        if card is None:
            return ()
        return self._state.catalogue.fitted(card.settings, model.id, task.id) if model and task else card.settings

    def _show_files(self, task: TaskCard | None) -> None:
        """Whether a folder of real files can be given, and which."""
        tells = task is not None and task.form == "story"
        self._data_row.setVisible(task is not None and (tells or bool(task.reads)))
        if task is None or self._data_row.isHidden():
            return
        made_up = "stories made up anew" if tells else "made up anew"
        self.data.setPlaceholderText(f"needed: {task.reads}" if task.needs_files else made_up)
        files = task.reads or "the published files"
        self.data.setToolTip(f"A folder with {files}" + ("." if task.needs_files else f"; empty: {made_up}."))
        self.data.setAccessibleName(f"Folder with {files}")

    # ---- starting ----

    def settings(self) -> Settings:
        """All settings of the run, but for its length and seed."""
        chosen = {**self.training.values(), **self.of_task.values(), **self.of_model.values()}
        return {name: value for name, value in chosen.items() if name != UPDATES}

    def _wish(self) -> tuple[str, str, Settings] | None:
        """What the engine is asked about; None where a trial would tell nothing, or a field does not fit."""
        model, task = self._model, self._task
        fits = all(form.is_valid() for form in (self.training, self.of_task)) and self._state.training.live is None
        if model is None or task is None or task.form == "story" or task.needs_files or not fits or not self.isVisible():
            return None
        return model.id, task.id, {**self.training.values(), **self.of_task.values(), **self.of_model.values()}

    def showEvent(self, event: QShowEvent) -> None:
        """Say what it would cost as soon as somebody looks."""
        super().showEvent(event)
        self.estimate.look()

    def _may_start(self) -> bool:
        self.setFocus()  # a field that is being edited is read now
        if self._model is None or self._task is None or self._state.training.live is not None:
            return False
        problems = [problem for form in self._forms for problem in form.problems()]
        if self._task.needs_files and not self._data_folder():
            problems.append(f"This task needs real files: choose a folder with {self._task.reads}.")
        if problems:
            self._say(problems[0], is_wrong=True)
            return False
        self._say("")
        return True

    def _start_several(self) -> None:
        model, task = self._model, self._task
        if not self._may_start() or model is None or task is None:
            return
        settings = self.settings()
        settings[GOAL] = settings.get(GOAL) or task.solved_below
        self._start_panel(settings, int(self.count.values()["count"]))

    def _start_panel(self, settings: Settings, count: int, *, keeps_best: bool = False) -> None:
        first = int(self.seed.values()["seed"])
        self._state.seeds.start(
            str(self.model.currentData()),
            str(self.task.currentData()),
            settings,
            seeds=tuple(range(first, first + count)),
            updates=int(self.training.values().get(UPDATES, 0)),
            data=self._data_folder(),
            keeps_best=keeps_best,
        )
        self._state.stage.bring(PANE)

    def _start(self) -> None:
        model, task = self._model, self._task
        if not self._may_start() or model is None or task is None:
            return
        restarts = int(self.restarts.values()["restarts"])
        if restarts > 1:
            self._start_panel(self.settings(), restarts, keeps_best=True)
            return
        run = self._state.trainer.start(
            model.id,
            task.id,
            self.settings(),
            seed=int(self.seed.values()["seed"]),
            updates=int(self.training.values().get(UPDATES, 0)),
            data=self._data_folder(),
        )
        self._state.explorer.open_run(run)

    def _data_folder(self) -> str:
        return self.data.text().strip() if not self._data_row.isHidden() else ""

    def _choose_folder(self) -> None:
        folder = self.ask_folder()
        if folder:
            self.data.setText(folder)

    def _ask_folder(self) -> str:
        return QFileDialog.getExistingDirectory(self, "Folder with the task's files", self.data.text())

    @property
    def _forms(self) -> tuple[SettingForm, ...]:
        return self.seed, self.restarts, self.count, self.training, self.of_task, self.of_model

    def _mend(self) -> None:
        """What was refused has been set right, or another field is now to blame."""
        if self.problem.property("tone") == "live":
            problems = [problem for form in self._forms for problem in form.problems()]
            self._say(problems[0] if problems else "", is_wrong=bool(problems))

    def _say(self, sentence: str, *, is_wrong: bool = False) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        tone = "live" if is_wrong else "muted"
        if self.problem.property("tone") != tone:
            self.problem.setProperty("tone", tone)
            self.problem.style().unpolish(self.problem)
            self.problem.style().polish(self.problem)

    # ---- the frame ----

    def _make_data_row(self) -> QWidget:
        row = QWidget()
        browse = IconButton("more", "Choose a folder")
        browse.clicked.connect(self._choose_folder)
        line = QHBoxLayout()
        line.addWidget(self.data, 1)
        line.addWidget(browse)
        column = QVBoxLayout(row)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(QLabel("Data folder"))
        column.addLayout(line)
        return row

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setColumnStretch(1, 1)
        grid.setVerticalSpacing(6)
        for row, (name, box) in enumerate((("Model", self.model), ("Task", self.task))):
            label = QLabel(name)
            label.setBuddy(box)
            box.setAccessibleName(name)
            box.setMinimumContentsLength(8)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            grid.addWidget(label, row, 0)
            grid.addWidget(box, row, 1)
        title = _label("Train a network", "title")
        last = QHBoxLayout()
        last.addWidget(self.start)
        last.addWidget(self.quick)
        last.addStretch(1)
        several = QWidget()
        flow = FlowLayout(several)
        for made in (self.several, self.quick_several):
            flow.addWidget(made)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Section("A new run"))
        column.addWidget(title)
        column.addLayout(grid)
        column.addWidget(self.idea)
        column.addWidget(self.seed)
        column.addWidget(self.restarts)
        column.addWidget(self._data_row)
        column.addLayout(last)
        column.addWidget(self.problem)
        column.addWidget(self.estimate)
        column.addWidget(self.count)
        column.addWidget(several)
        for section, form in zip(self._sections, (self.training, self.of_task, self.of_model), strict=True):
            column.addSpacing(6)
            column.addWidget(section)
            column.addWidget(form)


def _kept(state: AppState) -> int:
    """How many restarts were wished last; a file that somebody else has written may say anything."""
    return min(max(state.preferences.kept.restarts, int(RESTARTS.low or 1)), MOST_COUNT)


def _label(text: str, tone: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("tone", tone)
    label.setWordWrap(True)
    return label
