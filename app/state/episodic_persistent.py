"""The comparison "Episodic | Persistent": the same stream through a memory that is wiped and through one that lives on."""

from app.state.app_state import AppState
from app.state.catalogue import EXHIBIT, Catalogue
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


def sides(catalogue: Catalogue) -> tuple[Showing, Showing] | None:
    """What A and B show; None where not both exhibits are bundled."""
    a, b = (catalogue.exhibit(EXHIBIT + name) for name in (_EPISODIC, _PERSISTENT))
    if a is None or b is None:
        return None
    seed = b.episodes[0] if b.episodes else 0
    return _showing(catalogue, a, seed, _OF_A), _showing(catalogue, b, seed, _OF_B)


def show(state: AppState) -> None:
    """Open both on the same stream, arrange the stage for them, and go by samples."""
    pair = sides(state.catalogue)
    if pair is None:
        return
    state.explorer.compare_streams(*pair)
    state.stage.arrange_for_two(PANES)
    state.playback.set_pace("sample")
    state.playback.set_speed(SPEED)
    state.playback.come_to(NOW, None)


def _showing(catalogue: Catalogue, card: ExhibitCard, seed: int, own: Settings) -> Showing:
    """The exhibit on the stream; of the settings those that its model or its task has."""
    model, task = catalogue.model(card.model), catalogue.task(card.task)
    known = {setting.name for each in (model, task) if each is not None for setting in each.settings}
    settings = {name: value for name, value in {**_STREAM, **own}.items() if name in known or not known}
    return Showing(source=Source(place=EXHIBIT + card.name), episode=EpisodeWish(seed=seed), settings=settings)
