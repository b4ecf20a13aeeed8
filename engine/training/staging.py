"""Where a run stands among the stages of its model: nothing compares a cost of one with a cost of another."""

from engine.contract.cards import ModelCard, Settings
from engine.contract.results import RunCard
from engine.contract.stages import span_at, spans_of
from engine.registry import model_entry
from engine.tasks.base import BadInputError
from engine.training.folder import RunFolder


class Staging:
    """The stages of a run of so many updates; of a model that is trained in one go there are none, and all is the last."""

    def __init__(self, card: ModelCard, updates: int, settings: Settings) -> None:
        self._spans = spans_of(card, updates, settings)
        self.ends = frozenset(span.last for span in self._spans)
        """The last update of each; the weights of these stay to be looked at."""

    def is_last(self, update: int) -> bool:
        """Whether the network is finished after the stage of this update."""
        span = span_at(self._spans, update)
        return span is None or span.is_last

    def beginning(self, update: int) -> str:
        """A sentence for the log where a stage begins; else nothing."""
        span = span_at(self._spans, update)
        if span is None or update != max(span.first, 1):
            return ""
        return f"from update {update} on, {span.in_words}. {span.says}"


def refuse_another_length(place: RunFolder, card: RunCard) -> None:
    """Stages end at shares of the updates planned: with another number a run that has begun would fall back into an earlier."""
    if any(update > 0 for update in place.resumable()) and spans_of(model_entry(card.model).card, card.updates, card.settings):
        raise BadInputError(
            f"{place.path}: {card.model} is trained in stages, so that a run keeps its length of {card.updates:,}"
        )
