"""The comparison "Episodic | Persistent": the same stream through a memory that is wiped and through one that lives on."""

from app.state.app_state import AppState
from app.state.catalogue import EXHIBIT
from app.state.side import Showing
from engine.contract.cards import Settings
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import ExhibitCard

TITLE = "Episodic | Persistent"
SAYS = "The same stream through a memory that is wiped after each sample and through one that keeps what was worth keeping."
NEEDS = "This installation has no exhibits of both kinds of memory on one stream."
PANES = ("Trajectories", "Memory", "Memory browser", "Slots in use", "Does it help?", "Write decision")
SAMPLES = 500
NOW = 19
"""The step inside each sample at which all that can be seen has been seen."""
SPEED = 4.0
_EPISODIC, _PERSISTENT = "smemo-junctions", "mantra-junctions"
_STREAM: Settings = {"stream": "phases", "length": SAMPLES}
_OF_A: Settings = {"map": False}
"""The picture of the road at each of a sample's sixty steps would be a gigabyte; B's, at one step a sample, is the same."""
_OF_B: Settings = {"starts_with": "empty"}


def is_there(state: AppState) -> bool:
    """Whether both exhibits are bundled."""
    return all(_exhibit(state, name) is not None for name in (_EPISODIC, _PERSISTENT))


def show(state: AppState) -> None:
    """Open both on the same stream, arrange the stage for them, and go by samples."""
    a, b = _exhibit(state, _EPISODIC), _exhibit(state, _PERSISTENT)
    if a is None or b is None:
        return
    seed = b.episodes[0] if b.episodes else 0
    state.explorer.compare_streams(_showing(state, a, seed, _OF_A), _showing(state, b, seed, _OF_B))
    state.stage.arrange_for_two(PANES)
    state.playback.set_pace("sample")
    state.playback.set_speed(SPEED)
    state.playback.come_to(NOW, None)


def _showing(state: AppState, card: ExhibitCard, seed: int, own: Settings) -> Showing:
    """The exhibit on the stream; of the settings those that its model or its task has."""
    model, task = state.catalogue.model(card.model), state.catalogue.task(card.task)
    known = {setting.name for each in (model, task) if each is not None for setting in each.settings}
    settings = {name: value for name, value in {**_STREAM, **own}.items() if name in known or not known}
    return Showing(source=Source(place=EXHIBIT + card.name), episode=EpisodeWish(seed=seed), settings=settings)


def _exhibit(state: AppState, name: str) -> ExhibitCard | None:
    return state.catalogue.exhibit(EXHIBIT + name)
