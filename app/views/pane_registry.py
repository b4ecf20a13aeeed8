"""Which class draws which pane: the whole relation on one screen."""

from app.views.pane_view import PaneView
from app.views.panes.addressing import Addressing
from app.views.panes.agents import Agents
from app.views.panes.architecture import Architecture
from app.views.panes.attention import Attention
from app.views.panes.curves import Curves
from app.views.panes.does_it_help import DoesItHelp
from app.views.panes.garments import Garments
from app.views.panes.hops import Hops
from app.views.panes.keys_and_values import KeysAndValues
from app.views.panes.layer_mixture import LayerMixture
from app.views.panes.lifetimes import Lifetimes
from app.views.panes.memory import Memory
from app.views.panes.memory_browser import MemoryBrowser
from app.views.panes.one_story import OneStoryPane
from app.views.panes.order_and_usage import OrderAndUsage
from app.views.panes.picture import PictureAndQuestion
from app.views.panes.provenance import WhoWrote
from app.views.panes.readout import Readout
from app.views.panes.reads import Reads
from app.views.panes.seeds import SeedsPane
from app.views.panes.slots_in_use import SlotsInUse
from app.views.panes.state_and_gates import StateAndGates
from app.views.panes.tape import Tape
from app.views.panes.time_map import TimeMapPane
from app.views.panes.trajectories import Trajectories
from app.views.panes.who_remembered import WhoRememberedPane
from app.views.panes.write_decision import WriteDecision
from app.views.panes.writes import Writes

PANE_VIEWS: dict[str, type[PaneView]] = {
    "Tape": Tape,
    "Writes": Writes,
    "Memory": Memory,
    "Reads": Reads,
    "Provenance": WhoWrote,
    "Addressing": Addressing,
    "Attention": Attention,
    "Order and usage": OrderAndUsage,
    "Layer mixture": LayerMixture,
    "State and gates": StateAndGates,
    "Architecture": Architecture,
    "Keys and values": KeysAndValues,
    "Hops": Hops,
    "Readout": Readout,
    "One story": OneStoryPane,
    "Curves": Curves,
    "Picture and question": PictureAndQuestion,
    "Trajectories": Trajectories,
    "Agents": Agents,
    "Garments": Garments,
    "Memory browser": MemoryBrowser,
    "Write decision": WriteDecision,
    "Slots in use": SlotsInUse,
    "Does it help?": DoesItHelp,
    "Lifetimes": Lifetimes,
    "Who remembered?": WhoRememberedPane,
    "Time map": TimeMapPane,
    "Seeds": SeedsPane,
}
