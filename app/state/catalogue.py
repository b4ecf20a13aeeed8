"""What can be opened: exhibits from the start, models and tasks as soon as the engine has sent them."""

from psygnal import Signal

from app.state.side import Showing
from engine.contract.cards import ModelCard, Setting, TaskCard
from engine.contract.messages import EpisodeWish, Ready, Source
from engine.contract.results import ExhibitCard
from engine.contract.trace import Trace

EXHIBIT = "exhibit:"


class Catalogue:
    """Models, tasks and exhibits, and whether the engine is there to run them."""

    changed = Signal()

    def __init__(self, exhibits: tuple[ExhibitCard, ...] = ()) -> None:
        self.exhibits = exhibits
        self.models: tuple[ModelCard, ...] = ()
        self.tasks: tuple[TaskCard, ...] = ()
        self.failed: tuple[str, ...] = ()
        self._training: dict[str, tuple[Setting, ...]] = {}
        self.engine_is_ready = False

    def apply(self, ready: Ready) -> None:
        """The engine said what it offers."""
        self.models, self.tasks, self.failed = ready.models, ready.tasks, ready.failed
        self.exhibits = self._from_old_to_new(ready.exhibits or self.exhibits)
        self._training = ready.training
        self.engine_is_ready = True
        self.changed.emit()

    def _from_old_to_new(self, exhibits: tuple[ExhibitCard, ...]) -> tuple[ExhibitCard, ...]:
        """In the order in which the models were found, as the tutorial tells it; those of one model stay as they came."""
        years = {card.id: (card.year, place) for place, card in enumerate(self.models)}
        return tuple(sorted(exhibits, key=lambda card: years.get(card.model, (9999, 0))))

    def engine_went(self) -> None:
        """The engine is gone; what was offered stays readable."""
        self.engine_is_ready = False
        self.changed.emit()

    def exhibit(self, place: str) -> ExhibitCard | None:
        """The exhibit at this place, "exhibit:ntm-copy"."""
        return next((card for card in self.exhibits if EXHIBIT + card.name == place), None)

    def showing_of(self, trace: Trace) -> Showing:
        """What decided this record: an exhibit's own settings go without saying, a run's are all said."""
        card = trace.card
        exhibit = self.exhibit(card.source)
        own = exhibit.settings if exhibit is not None else {}
        return Showing(
            source=Source(place=card.source, update=card.update),
            episode=EpisodeWish(seed=card.seed, own=card.own),
            settings={name: value for name, value in card.settings.items() if name not in own or own[name] != value},
            edits=card.edits,
        )

    def model(self, name: str) -> ModelCard | None:
        """The model of this id."""
        return next((card for card in self.models if card.id == name), None)

    def task(self, name: str) -> TaskCard | None:
        """The task of this id."""
        return next((card for card in self.tasks if card.id == name), None)

    def tasks_of(self, model: ModelCard) -> tuple[TaskCard, ...]:
        """The tasks whose form the model accepts."""
        return tuple(task for task in self.tasks if task.form in model.forms)

    def training_settings(self, model: str, task: str) -> tuple[Setting, ...]:
        """What may be chosen of how a run trains; the defaults are the model's recipe for the task."""
        cards = (self.model(model), self.task(task))
        own = {setting.name for card in cards if card is not None for setting in card.settings}
        return tuple(setting for setting in self._training.get(f"{model}/{task}", ()) if setting.name not in own)

    def fitted(self, settings: tuple[Setting, ...], model: str, task: str) -> tuple[Setting, ...]:
        """Settings of a model or a task with the defaults that suit the two together."""
        suited = {setting.name: setting for setting in self._training.get(f"{model}/{task}", ())}
        return tuple(suited.get(setting.name, setting) for setting in settings)
