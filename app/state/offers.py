"""What can be chosen from the bar: trained networks first, then the runs, then what could be trained anew."""

from dataclasses import dataclass

from app.state.app_state import AppState
from app.state.catalogue import EXHIBIT
from app.state.training import Run
from engine.contract.cards import ModelCard, TaskCard
from engine.contract.messages import EpisodeWish
from engine.contract.results import ExhibitCard

TRAINED, RUNS, NEW = "Trained", "Your runs", "Train a new one"
EPISODES, OF_LENGTH = "Episodes", "Length"
TRAIN, SEED, LENGTH = "train:", "seed:", "length:"
FIRST_SEEDS = (0, 1, 2)
"""What a run of one's own offers as episodes."""
LENGTHS = (5, 10, 20, 30, 50, 80, 120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One line of a list. `id` is a place ("exhibit:ntm-copy", a run's folder) or "train:MODEL:TASK"."""

    id: str
    title: str
    detail: str
    section: str


def model_offers(state: AppState) -> list[Offer]:
    """Everything whose weights can be looked at, and every model that could be trained."""
    return [*_exhibits(state), *_runs(state), *_new(state)]


def side_offers(state: AppState) -> list[Offer]:
    """What can be shown as B: any trained network or run, and other checkpoints of what A shows."""
    here = state.a.showing.source.place if state.a.showing else ""
    found = [offer for offer in (*_exhibits(state), *_runs(state)) if offer.id != here]
    marks = [
        Offer(
            id=f"{here}@{update}",
            title=f"Checkpoint {update:,}",
            detail="the same network, earlier or later",
            section="Checkpoints",
        )
        for update in state.explorer.checkpoints
        if update != state.explorer.update
    ]
    return [*found, *marks]


def task_offers(state: AppState) -> list[Offer]:
    """The tasks of the model that A shows: trained first, then those that it could be trained on."""
    trace = state.a.trace
    if trace is None:
        return []
    model = trace.card.model
    trained = [
        Offer(id=EXHIBIT + card.name, title=task_name(state, card.task), detail=card.title, section=TRAINED)
        for card in state.catalogue.exhibits
        if card.model == model.id
    ]
    new = [
        Offer(id=f"{TRAIN}{model.id}:{task.id}", title=task.name, detail=task.idea, section=NEW)
        for task in state.catalogue.tasks_of(model)
    ]
    return [*trained, *new]


def episode_offers(state: AppState) -> list[Offer]:
    """The reference episodes of what A shows, and its lengths where the task has that setting."""
    showing, trace = state.a.showing, state.a.trace
    if showing is None or trace is None:
        return []
    card = state.catalogue.exhibit(showing.source.place)
    seeds = card.episodes if card else FIRST_SEEDS
    found = [
        Offer(id=f"{SEED}{seed}", title=f"Episode {number}", detail=f"seed {seed}", section=EPISODES)
        for number, seed in enumerate(seeds, 1)
    ]
    length = next((setting for setting in trace.card.task.settings if setting.name == "length"), None)
    if length is not None:
        most = LENGTHS[-1] if length.high is None else length.high
        found += [Offer(id=f"{LENGTH}{n}", title=f"Length {n}", detail="", section=OF_LENGTH) for n in LENGTHS if n <= most]
    return found


def choose_episode_offer(state: AppState, chosen: str) -> None:
    """Do what was chosen from `episode_offers`."""
    if chosen.startswith(SEED):
        state.explorer.choose_episode(int(chosen.removeprefix(SEED)))
    elif chosen.startswith(LENGTH):
        state.explorer.change_setting("length", int(chosen.removeprefix(LENGTH)))


def name_of_place(state: AppState, place: str) -> str:
    """What a place is called: the exhibit's title, or model, task and number of a run."""
    card = state.catalogue.exhibit(place)
    if card is not None:
        return card.title
    run = state.training.at(place)
    return run_name(state, run) if run is not None else place.replace("\\", "/").rstrip("/").rpartition("/")[2]


def run_name(state: AppState, run: Run) -> str:
    """ "NTM on Copy, run 2"; of several restarts in one folder "NTM on Copy, run 2, seed 5"."""
    model = state.catalogue.model(run.model)
    folder, _, last = run.folder.replace("\\", "/").rpartition("/")
    is_restart = last.startswith("seed=")
    number = (folder if is_restart else last).rpartition("-")[2]
    name = f"{model.short if model else run.model} on {task_name(state, run.task)}, run {number if number.isdigit() else 1}"
    return f"{name}, seed {run.seed}" if is_restart else name


def task_name(state: AppState, task: str) -> str:
    """The task's name as its card has it."""
    card: TaskCard | None = state.catalogue.task(task)
    if card is None and state.a.trace is not None and state.a.trace.card.task.id == task:
        card = state.a.trace.card.task
    return card.name if card else task.replace("_", " ").capitalize()


def episode_name(episode: EpisodeWish, exhibit: ExhibitCard | None) -> tuple[str, str]:
    """What an episode is called, and a few words beside it: ("3", "seed 41"), ("Own input", "")."""
    if episode.own:
        return "Own input", ""
    if exhibit is not None and episode.seed in exhibit.episodes:
        return str(exhibit.episodes.index(episode.seed) + 1), f"seed {episode.seed}"
    return f"seed {episode.seed}", ""


def _exhibits(state: AppState) -> list[Offer]:
    return [
        Offer(
            id=EXHIBIT + card.name,
            title=card.title,
            detail=f"{task_name(state, card.task)} · {card.parameters:,} parameters",
            section=TRAINED,
        )
        for card in state.catalogue.exhibits
    ]


def _runs(state: AppState) -> list[Offer]:
    return [
        Offer(id=run.place, title=run_name(state, run), detail=f"update {run.update:,} · {run.status}", section=RUNS)
        for run in reversed(state.training.runs)
        if run.checkpoints
    ]


def _new(state: AppState) -> list[Offer]:
    models: tuple[ModelCard, ...] = state.catalogue.models
    return [
        Offer(id=f"{TRAIN}{model.id}:", title=model.name, detail=model.idea, section=NEW)
        for model in models
        if state.catalogue.tasks_of(model)
    ]
