"""The stages of the training that the window shows, of a run or of an exhibit."""

from app.state.catalogue import Catalogue
from app.state.side import Showing
from app.state.training import Run, Training
from engine.contract.stages import Span, begun, span_at, spans_of


def spans_of_run(catalogue: Catalogue, run: Run | None) -> tuple[Span, ...]:
    """Those of a run; none if its network is trained in one go."""
    return spans_of(catalogue.model(run.model), run.planned, run.settings) if run is not None else ()


def spans_shown(catalogue: Catalogue, training: Training, showing: Showing | None) -> tuple[Span, ...]:
    """Those of the training that made what a side shows."""
    if showing is None:
        return ()
    run = training.at(showing.source.place)
    if run is not None:
        return spans_of_run(catalogue, run)
    card = catalogue.exhibit(showing.source.place)
    return spans_of(catalogue.model(card.model), card.updates, card.settings) if card is not None else ()


def stage_of_run(catalogue: Catalogue, run: Run) -> Span | None:
    """The stage that a run is in, or has ended in; None if it is trained in one go."""
    return span_at(spans_of_run(catalogue, run), min(run.update + 1, run.planned) if run.is_live else run.update)


def stages_to_choose(spans: tuple[Span, ...], update: int) -> tuple[Span, ...]:
    """Those that have a curve by now, the newest first."""
    return tuple(reversed(begun(spans, update)))
