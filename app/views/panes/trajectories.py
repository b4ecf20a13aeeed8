"""Where will it go? What was seen of each agent, the futures that are foreseen and their slots, and what happened."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.plots.trajectories import TrajectoriesPlot
from app.plots.trajectories_canvas import MOST_FORESEEN
from app.plots.ways import GroundLook, Kind, Way
from app.state.lens import Selection
from app.state.things import memories
from app.state.trajectories import (
    Frame,
    Pose,
    Scene,
    agent_name,
    fitted,
    frame_of,
    future_name,
    heads_of,
    scene_at,
    trajectory_channels,
    views_of,
    whole_futures,
)
from app.state.trajectories_words import PATHS_DIFFER, before_the_map, future_in_words, metres, scene_in_words
from app.views.pane_corner import PaneHelp
from app.views.pane_view import PaneView, Table
from app.views.panes.choice import Choice
from engine.contract.trace import Trace

SCALES = ("one scale", "each fitted")
FEWER = (10, 5, 1)
"""How many of the futures the reader may wish for, beside all."""


class Trajectories(PaneView):
    """One sample from above: all its agents, on a scale that stays for the whole stream."""

    ABSENT = "Nothing moves in this task."
    SHOWS_DIFFERENCE = False
    NEEDS_STEP = True
    LEAST_HIGH = 210
    WISH = 420
    HELP = PaneHelp(
        what_you_see="A sample from above, in metres, the same scale for the whole stream. The thick line is what was seen of "
        "each agent; the dot is where it is now. Dashed lines are futures that the model foresees, each with the slot of memory "
        "that it comes from, where it comes from one. The thick one among them came closest. The dotted line in the colour of "
        "events is what happened. Grey ground is road, where the task has a map. Lines that have not come yet are pale.",
        what_to_look_for="Do the dashed lines fan out into all that may happen, or do all say the same? Is one of them on the "
        "dotted line? Press it: its slot is chosen in every pane, and the memory shows from which sample it was learnt. With "
        "several agents: who waits, who goes, and does the model foresee the right order?",
        formula="error of a future = mean over its points of the distance to what happened; closest = the least of the K "
        "futures shown. More futures never make it worse: say K beside every error.",
        what_it_does_not_show="Which future the model would choose: it gives several, the likeliest first, and only what "
        "happened tells which was the closest. Velocities are not drawn; points of a line are equally far apart in time.",
    )

    # ---- what the pane shows ----

    def make_body(self) -> QWidget:
        """The picture; in the header, how many of the futures are shown."""
        self._plot = TrajectoriesPlot(self.colours)
        self._plot.clicked.connect(self._clicked)
        self._plot.hovered.connect(self._hovered)
        self._most = Choice("How many of the futures are shown, the likeliest first")
        self._view, self._wished_view = Choice("From where the samples are looked at"), ""
        self._view.chosen.connect(self._view_chosen)
        self._scale = Choice(
            "One scale for the whole stream, so that samples can be compared, or each sample as large as it fits"
        )
        for choice in (self._most, self._scale):
            choice.chosen.connect(lambda _: self._trace_changed())
        self._scene: Scene | None = None
        self._frame = Frame(low=(-1.0, -1.0), high=(1.0, 1.0), view="the world")
        self._framed: tuple[object, ...] = ()
        self._drawn: tuple[object, ...] = ()
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 2, 0, 0)
        column.addWidget(self._plot)
        return body

    def show_trace(self, trace: Trace) -> None:
        """Fix the scale, for both sides and all samples."""
        if self._most.parent() is None:
            for choice in (self._view, self._most, self._scale):
                self.frame.add_to_header(choice)
        self._scale.offer(SCALES)
        whole = whole_futures(trace)
        self._most.offer((f"all {whole}", *(f"first {k}" for k in FEWER if k < whole)) if whole > 1 else ())
        other = self.state.b if self.side is self.state.a else self.state.a
        traces = [trace]
        if self.state.comparison.mode != "single" and other.trace is not None and trajectory_channels(other.trace):
            traces.append(other.trace)
        views = views_of(trace)
        view = next((view for view in views if view == self._wished_view), views[0])
        self._view.offer(views)
        self._view.choose(views.index(view))
        key = (view, *sorted(id(each) for each in traces))
        if key != self._framed:
            self._framed, self._frame = key, frame_of(traces, view)
        self._drawn = ()

    def nothing_at(self, trace: Trace, step: int) -> str:
        """A difference of ways is refused."""
        is_b = self.side is self.state.b
        return PATHS_DIFFER if is_b and self.state.comparison.mode == "difference" else ""

    def show_step(self, trace: Trace, step: int) -> None:
        """Another sample, or another point in time of the same one."""
        sample = (id(trace), trace.sample_at(step) if trace.card.sample_steps else step, self._most.index)
        if sample == self._drawn and self._scene is not None:
            self._scene = scene_at(trace, step, self._wished_futures())
            self._plot.set_at(self._scene.at)
            return
        self._drawn = sample
        scene = self._scene = self._on_its_road(scene_at(trace, step, self._wished_futures()))
        frame = fitted(self._frame, scene) if self._scale.index else self._frame
        pose, said = frame.pose(scene), _caption(scene) + (" · a scale of its own" if self._scale.index else "")
        self._plot.set_frame(frame.low, frame.high)
        names = [(agent, str(agent + 1)) for agent in scene.agents]
        self._plot.show_ways(_ways(scene, pose), names, _ground(scene, pose), scene.at, said)

    def _on_its_road(self, scene: Scene) -> Scene:
        """With the map that the other side recorded of the same sample, where this one went without (it would be very large)."""
        state = self.state
        other = state.b if self.side is state.a else state.a
        if scene.ground is not None or other.trace is None or not state.comparison.is_by_sample:
            return scene
        there = state.comparison.step_of(other, state.playback.step)
        seen = scene_at(other.trace, there, 1) if there < other.trace.steps else scene
        return replace(scene, ground=seen.ground, reach=seen.reach) if np.array_equal(seen.past, scene.past) else scene

    def show_marks(self, trace: Trace) -> None:
        """Set off the futures of the slots, and the agents of the heads, that are chosen or hovered anywhere."""
        scene, lens = self._scene, self.state.lens
        if scene is None:
            return
        self._plot.set_chosen(self._meant(trace, scene, lens.selection))
        over = self._meant(trace, scene, lens.hover) if lens.hover is not None else []
        self._plot.set_hovered(*(over[0] if over else (-1, -1)))

    def technical(self) -> str:
        """ "Trajectories · sample 12"."""
        trace = self.side.trace
        if trace is None:
            return self.card.technical
        sample = f"sample {trace.sample_at(self.step) + 1}" if trace.card.sample_steps else f"step {self.step + 1}"
        return f"{self.card.technical} · {sample}"

    def in_words(self, trace: Trace, step: int) -> str:
        """The sample in sentences."""
        return scene_in_words(trace, step, scene_at(trace, step, self._wished_futures()))

    def as_table(self, trace: Trace, step: int) -> Table:
        """A row for each point of each line."""
        scene = scene_at(trace, step, self._wished_futures())
        rows: list[list[object]] = []
        for way in _ways(scene, Pose(), joined=False):
            slot = scene.slots[way.future] if scene.slots and way.future >= 0 else ""
            error = float(scene.mean[way.agent, way.future]) if way.future >= 0 and scene.is_known else ""
            line = {"past": "seen", "truth": "happened"}.get(way.kind, "foreseen")
            for number, (x, y) in enumerate(way.points.tolist()):
                future = way.future + 1 if way.future >= 0 else ""
                rows.append([agent_name(trace, way.agent), line, future, slot, error, way.starts + number + 1, x, y])
        return ["agent", "line", "future", "slot", "mean error (m)", "point in time", "x (m)", "y (m)"], rows

    def enter(self) -> None:
        """The arrows walk from future to future, and from agent to agent."""
        self._plot.enter()

    # ---- the inside ----

    def _view_chosen(self, index: int) -> None:
        self._wished_view = self._view.names[index]
        self._trace_changed()

    def _wished_futures(self) -> int:
        name = self._most.names[self._most.index] if self._most.index < len(self._most.names) else ""
        return int(name.removeprefix("first ")) if name.startswith("first ") else 0

    def _meant(self, trace: Trace, scene: Scene, selection: Selection) -> list[tuple[int, int]]:
        """The lines that a selection means: (agent, future)."""
        if scene.slots and selection.slots:
            return [(-1, k) for k, slot in enumerate(scene.slots) if slot in selection.slots]
        heads, whole = heads_of(trace, whole_futures(trace)), max(whole_futures(trace), 1)
        if heads is None or selection.head < 0:
            return []
        if selection.channel == heads.name:
            agent, future = divmod(selection.head, whole)
            return [(agent, -1), (agent, future)] if whole > 1 else [(agent, -1)]
        is_write = any(channel.name == selection.channel for channel in trace.of_role("write"))
        return [(selection.head, -1)] if is_write else []

    def _selection(self, agent: int, future: int) -> Selection | None:
        """The slot that a future comes from; else the head of the agent that foresees it."""
        trace, scene = self.side.trace, self._scene
        if trace is None or scene is None:
            return None
        kept = memories(trace)
        if scene.slots and 0 <= future < len(scene.slots):
            slot = scene.slots[future]
            return Selection(side=self.side.name, channel=kept[0].name, slots=(slot,)) if slot >= 0 and kept else None
        heads = heads_of(trace, whole_futures(trace))
        if heads is None:
            return None
        return Selection(side=self.side.name, channel=heads.name, head=agent * max(whole_futures(trace), 1) + max(future, 0))

    def _clicked(self, agent: int, future: int, modifiers: Qt.KeyboardModifier) -> None:
        chosen = self._selection(agent, future) if not self.is_behind else None
        if chosen is not None:
            self.choose(chosen, modifiers)

    def _hovered(self, agent: int, future: int) -> None:
        trace, scene = self.side.trace, self._scene
        if agent < 0 or trace is None or scene is None or self.is_behind:
            self.point(None)
            return
        over = self._selection(agent, future) or Selection(side=self.side.name, channel=self.channels[0].name)
        self.point(over, future_in_words(trace, scene, agent, future))


def _ways(scene: Scene, pose: Pose, *, joined: bool = True) -> list[Way]:
    """The lines of a scene as they are looked at; `joined`: what comes begins where the agent is. The best is told apart."""
    found, is_alone = [], len(scene.agents) == 1
    first = scene.past.shape[1] - joined
    for agent in scene.agents:
        best, now = scene.best(agent) if scene.futures else -1, scene.past[agent, -1:][:joined]
        found.append(Way(points=pose.inside(scene.past[agent]), kind="past", agent=agent))
        for k in range(scene.futures):
            name = future_name(scene, k) if is_alone and (scene.slots or scene.futures > 1) else ""
            kind: Kind = "best" if k == best else "foreseen"
            points = pose.inside(np.concatenate([now, scene.foreseen[agent, k]]))
            found.append(Way(points=points, kind=kind, agent=agent, future=k, name=name, starts=first))
        if not np.isfinite(scene.truth[agent]).any():
            continue
        truth = pose.inside(np.concatenate([now, scene.truth[agent]]))
        found.append(Way(points=truth, kind="truth", agent=agent, name="what happened" if is_alone else "", starts=first))
    return found


def _caption(scene: Scene) -> str:
    """ "best of 20: 0.36 m off": how many futures there are stands beside every error."""
    if not scene.is_known:
        return "nobody knows what happened"
    error = f"{f'best of {scene.futures}: ' if scene.futures > 1 else ''}{metres(scene.error)} off"
    before = before_the_map(scene)
    error += f", {before}" if before else ""
    is_much = len(scene.agents) * (scene.futures - 1) > MOST_FORESEEN
    return f"{error} · press an agent for its other futures" if is_much else error


def _ground(scene: Scene, pose: Pose) -> GroundLook:
    """The map around the present place of the first agent."""
    if scene.ground is None or not scene.agents:
        return GroundLook()
    middle, right = pose.inside(np.stack([scene.past[scene.agents[0], -1], scene.past[scene.agents[0], -1] + (1.0, 0.0)]))
    turn = float(np.degrees(np.arctan2(*(right - middle)[::-1])))
    return GroundLook(picture=scene.ground, middle=(float(middle[0]), float(middle[1])), reach=scene.reach, turn=turn)
