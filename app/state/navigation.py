"""What the navigator lists, in groups, and where each row leads."""

from dataclasses import dataclass

from app.state.app_state import AppState
from app.state.catalogue import EXHIBIT
from app.state.describe import amount
from app.state.figures import figure_in_words
from app.state.offers import FIRST_SEEDS, run_name
from app.state.run_stages import spans_shown
from app.state.training import Run
from engine.contract.cards import Metric
from engine.contract.results import ExhibitCard
from engine.contract.stages import Span, span_at

MOST_CHECKPOINTS = 12
NEXT_SEEDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigatorRow:
    """One thing to open. `note` stands small at the right, `says` is its tip; `mark` is a word such as "best"."""

    id: str
    title: str
    note: str = ""
    below: str = ""
    """A second, muted line."""
    says: str = ""
    mark: str = ""
    is_current: bool = False
    can_go: bool = False
    """Whether it can be removed from the list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigatorGroup:
    """Rows under a heading; `hint` is said where there are none."""

    title: str
    rows: tuple[NavigatorRow, ...]
    hint: str = ""


def navigator_groups(state: AppState, sought: str = "") -> tuple[NavigatorGroup, ...]:
    """All groups, with the rows whose words have all that is sought; while something is sought, empty groups are left out."""
    groups = (
        NavigatorGroup(title="Exhibits", rows=_exhibits(state), hint="No exhibit is bundled with this installation."),
        NavigatorGroup(title="Your runs", rows=_runs(state), hint="Train a network of your own; it is kept here."),
        NavigatorGroup(title="Checkpoints", rows=_checkpoints(state)),
        NavigatorGroup(title="Episodes", rows=_episodes(state)),
        NavigatorGroup(title="Bookmarks", rows=_bookmarks(state), hint="Ctrl+B keeps the present step and selection here."),
    )
    words = sought.lower().split()
    if not words:
        return tuple(group for group in groups if group.rows or group.hint)
    found = (
        NavigatorGroup(title=group.title, rows=tuple(row for row in group.rows if _has(row, group, words))) for group in groups
    )
    return tuple(group for group in found if group.rows)


def open_row(state: AppState, row: str) -> str:
    """Go where a row leads; returns the id of a command where that is for the window to do."""
    kind, _, what = row.partition("|")
    match kind:
        case "place":
            state.explorer.open(what)
        case "run":
            run = state.training.at(what)
            if run is not None and run.is_live:
                state.explorer.open_run(run)
            else:
                state.explorer.open(what)
        case "checkpoint":
            state.explorer.choose_checkpoint(int(what))
        case "seed":
            state.explorer.choose_episode(int(what))
        case "bookmark":
            _open_bookmark(state, int(what))
        case "command":
            return what
    return ""


def forget_row(state: AppState, row: str) -> None:
    """Take a row off the list."""
    kind, _, what = row.partition("|")
    if kind == "bookmark":
        state.stage.forget_bookmark(int(what))


def headline_metric(state: AppState, card: ExhibitCard) -> tuple[str, str]:
    """What was measured of an exhibit, short and in full: ("wrong bits 0.02", "wrong bits 0.02, over 200 episodes, ...")."""
    if not card.measured:
        return "", ""
    measured = card.measured[0]
    task = state.catalogue.task(card.task)
    offered = task.metrics if task else tuple(Metric(name=name, title=name, says="") for name in measured.metrics)
    for metric in offered:
        value = measured.metrics.get(metric.name)
        if isinstance(value, (int, float)):
            length = measured.settings.get("length")
            full = f"{metric.title} {figure_in_words(metric, value)}" + (f" at length {length}" if length else "")
            short = full.replace(" per sequence", "") if length else full
            return short, f"{full}, measured on {measured.episodes} episodes, seed {measured.seed}"
    return "", ""


# ---- groups ---------------------------------------------------------------------------------------------------------------


def _exhibits(state: AppState) -> tuple[NavigatorRow, ...]:
    here = _here(state)
    rows = []
    for card in state.catalogue.exhibits:
        short, full = headline_metric(state, card)
        says = f"{card.says}\n{full}" if full else card.says
        place = EXHIBIT + card.name
        rows.append(NavigatorRow(id=f"place|{place}", title=card.title, below=short, says=says, is_current=place == here))
    return tuple(rows)


def _runs(state: AppState) -> tuple[NavigatorRow, ...]:
    return tuple(_run_row(state, run) for run in reversed(state.training.runs))


def _run_row(state: AppState, run: Run) -> NavigatorRow:
    how = "live" if run.is_live else run.status
    return NavigatorRow(
        id=f"run|{run.place}",
        title=run_name(state, run),
        below=f"update {run.update:,} of {run.planned:,} · {how}" if run.planned else f"update {run.update:,} · {how}",
        says=f"{run.folder}\nseed {run.seed}",
        mark=f"best of {run.chosen_of}" if run.chosen_of > 1 else "",
        is_current=run.place == _here(state),
    )


def _checkpoints(state: AppState) -> tuple[NavigatorRow, ...]:
    kept, here = state.explorer.checkpoints, state.explorer.update
    run = state.training.at(_here(state))
    losses = _losses(state)
    spans = spans_shown(state.catalogue, state.training, state.a.showing)
    rows = []
    for update in _some(kept, {here, run.best if run else None}):
        loss = losses.get(update)
        rows.append(
            NavigatorRow(
                id=f"checkpoint|{update}", title=f"Update {update:,}", note=f"loss {amount(loss)}" if loss is not None else "",
                mark="best" if run and update == run.best else "", is_current=update == here, below=_stage(spans, update),
                says="Loss on episodes that are never trained on." if run else "Loss at this point of the training.",
            )
        )  # fmt: skip
    return tuple(rows)


def _stage(spans: tuple[Span, ...], update: int) -> str:
    """In which stage of the training a checkpoint was made, and so what its loss is of."""
    span = span_at(spans, update)
    return span.curve if span is not None else ""


def _losses(state: AppState) -> dict[int, float]:
    """The held-out loss of each checkpoint of a run; of an exhibit the value of its curve at or just before the checkpoint."""
    run = state.training.at(_here(state))
    if run is not None:
        return dict(run.held_out)
    card = state.catalogue.exhibit(_here(state))
    found: dict[int, float] = {}
    for update in card.checkpoints if card else ():
        before = [loss for at, loss in card.losses if at <= update] if card else []
        if before:
            found[update] = before[-1]
    return found


def _some(kept: tuple[int, ...], wanted: set[int | None]) -> list[int]:
    """At most so many of the checkpoints, evenly spread, the ends and the wanted ones always among them; the newest first."""
    if len(kept) <= MOST_CHECKPOINTS:
        return list(reversed(kept))
    places = {round(i * (len(kept) - 1) / (MOST_CHECKPOINTS - 1)) for i in range(MOST_CHECKPOINTS)}
    return sorted({kept[i] for i in places} | {update for update in wanted if update in kept}, reverse=True)


def _episodes(state: AppState) -> tuple[NavigatorRow, ...]:
    showing, trace = state.a.showing, state.a.trace
    if showing is None:
        return ()
    card = state.catalogue.exhibit(showing.source.place)
    seeds = card.episodes if card and card.episodes else FIRST_SEEDS
    now = None if showing.episode.own else showing.episode.seed
    beyond = max((*seeds, now or 0)) + 1
    drawn = [now] if now is not None and now not in seeds else []
    rows = [
        NavigatorRow(id=f"seed|{seed}", title=f"Episode {n}", note=f"seed {seed}", is_current=seed == now)
        for n, seed in enumerate(seeds, 1)
    ]
    rows += [NavigatorRow(id=f"seed|{seed}", title="Drawn", note=f"seed {seed}", is_current=True) for seed in drawn]
    rows += [NavigatorRow(id=f"seed|{beyond + n}", title="Draw another", note=f"seed {beyond + n}") for n in range(NEXT_SEEDS)]
    if trace is not None and trace.card.task.own_input:
        title = f"Your own {trace.card.task.own_input} …"
        rows.append(NavigatorRow(id="command|input.own", title=title, is_current=bool(showing.episode.own)))
    return tuple(rows)


def _bookmarks(state: AppState) -> tuple[NavigatorRow, ...]:
    return tuple(
        NavigatorRow(id=f"bookmark|{n}", title=mark.name, note=_short_place(mark.a.source.place), can_go=True)
        for n, mark in enumerate(state.stage.bookmarks)
    )


def _open_bookmark(state: AppState, index: int) -> None:
    mark = state.stage.bookmarks[index]
    if state.a.showing != mark.a:
        state.explorer.show(state.a, mark.a)
    state.playback.come_to(state.comparison.clock_at(state.a, mark.step), None)
    state.lens.select(mark.selection, state.explorer.here)


def _here(state: AppState) -> str:
    return state.a.showing.source.place if state.a.showing else ""


def _short_place(place: str) -> str:
    return place.removeprefix(EXHIBIT).replace("\\", "/").rstrip("/").rpartition("/")[2]


def _has(row: NavigatorRow, group: NavigatorGroup, words: list[str]) -> bool:
    text = f"{group.title} {row.title} {row.note} {row.below} {row.mark} {row.says}".lower()
    return all(word in text for word in words)
