"""Social: agents wait at the edge of a small place and cross it one after the other; who goes when depends on all of them.

Our own stand-in for the Synthetic Social Agents of Marchetti et al., "SMEMO: Social Memory for Trajectory Forecasting" (2022).
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.blocks.displacement import distances, joint_best
from engine.blocks.ranking import kendall
from engine.contract.cards import Channel, Metric, Setting, Settings, TaskCard
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, Batch, Episode, Shown, TaskEntry, TrajectoryBatch, TrajectoryEpisode
from engine.tasks.own_trajectory import own_episode
from engine.tasks.trajectory import CHANNELS, METRICS, TrajectoryTask, trajectories
from engine.tasks.trajectory_batches import picked, strange
from engine.trajectories.social import DT, FEWEST, FUTURE, MOST, PAST, Crossings, comers_seen, cross, draw

HELD_OUT, TESTED, AT_ONCE = 300, 50, 250
"""Scenes that choose the best checkpoint; that test a stream as it goes on; that are tested together."""

WAITS = Channel(
    name="scene.waits", axes=("agent",), kind="scalar", role="waits", bounded=False, low=-1.0, title="waits for", symbol="waits",
    says="Which agent each one lets pass before it goes, counted from 0; -1: none. No predictor sees it.",
)  # fmt: skip

KINDS = ("as they came", "in reverse")


class Social(TrajectoryTask):
    """The task with its settings in place; training draws from a finite set of scenes."""

    missed_at = 0.5
    kinds = KINDS

    def __init__(self, settings: Settings) -> None:
        self._agents, self._is_varied = int(settings["agents"]), bool(settings["varied"])
        self._is_plain, self._world = settings["rule"] == "as they came", int(settings["world"])
        self._samples, self._length = int(settings["samples"]), int(settings["length"])

    @property
    def interface(self) -> dict[str, int]:
        """Two seconds seen, four to come."""
        return {"past": PAST, "future": FUTURE, "agents": self._agents, "map": 0}

    def training(self) -> TrajectoryBatch:
        """All scenes of the training set."""
        return self._training

    def batch(self, size: int, generator: torch.Generator) -> Batch:
        """Scenes of the training set, drawn with replacement."""
        return picked(self._training, torch.randint(self._samples, (size,), generator=generator))

    def held_out(self) -> Batch:
        """Scenes that are never trained on."""
        return self._held_out

    def test(self, episodes: int, seed: int) -> Iterator[Batch]:
        """New scenes."""
        scenes = strange(_batch(self._drawn(episodes, "test", seed)))
        for first in range(0, episodes, AT_ONCE):
            yield picked(scenes, torch.arange(first, min(first + AT_ONCE, episodes)))

    def episode(self, wish: EpisodeWish) -> Episode:
        """The user's own scenes, or a stream of new ones drawn from the seed."""
        if wish.own.strip():
            return own_episode(wish.own, PAST, FUTURE, self._agents)
        scenes = self._drawn(self._length, "episode", wish.seed)
        tested = strange(_batch(self._drawn(TESTED, "tested")))
        phase = torch.zeros(self._length, dtype=torch.long)
        return TrajectoryEpisode(batch=strange(_batch(scenes)), texts=scenes.texts(), tests=(tested,), phase=phase)

    def score(self, outputs: Tensor, batch: Batch) -> dict[str, Tensor]:
        """And in how far the agents cross in the right order, and how far off the rule itself is."""
        moving = trajectories(batch)
        said, right = order_of_crossing(outputs[:, :, 0], moving.past), order_of_crossing(moving.future, moving.past)
        return super().score(outputs, batch) | {"kendall": kendall(said, right, moving.present)} | self._by_the_rule(moving)

    def _by_the_rule(self, batch: TrajectoryBatch) -> dict[str, Tensor]:
        """What follows from the pasts of all agents: nothing is left to chance."""
        seen = comers_seen(batch.past.double().cpu().numpy(), batch.present.cpu().numpy())
        found = torch.from_numpy(cross(seen, self._is_plain).future).to(batch.future)
        figures = joint_best(distances(found.unsqueeze(2), batch.future))
        return {
            f"by_the_rule.{name}": values.where(batch.present, torch.nan).flatten()
            for name, values in zip(("ade", "fde"), figures, strict=True)
        }

    def show(self, episode: Episode, outputs: Tensor) -> Shown:
        """And for whom each agent waits."""
        shown = super().show(episode, outputs)
        waits = episode.batch.waits if isinstance(episode, TrajectoryEpisode) else None
        return shown if waits is None else replace(shown, arrays=shown.arrays | {WAITS.name: waits.float().numpy()})

    def _labels(self) -> dict[str, tuple[str, ...]]:
        return {"agent": tuple(f"agent {number + 1}" for number in range(self._agents))}

    def _drawn(self, count: int, purpose: str, seed: int = 0) -> Crossings:
        return cross(draw(count, self._agents, self._world, purpose, seed, self._is_varied), self._is_plain)

    @cached_property
    def _training(self) -> TrajectoryBatch:
        return _batch(self._drawn(self._samples, "training"))

    @cached_property
    def _held_out(self) -> TrajectoryBatch:
        return strange(_batch(self._drawn(HELD_OUT, "held out")))


def order_of_crossing(ways: Tensor, past: Tensor) -> Tensor:
    """When each agent crosses the middle: `(B, A, F, 2), (B, A, P, 2) -> (B, A)`, in points; those that never do come last, the
    nearest first, where a centimetre is no difference."""
    side = F.normalize(past[:, :, -1], dim=-1)
    along = (ways * side.unsqueeze(2)).sum(-1)
    has_crossed = along < 0
    points = ways.shape[2]
    never = points + 1 + (ways[:, :, -1].norm(dim=-1) * 100).round()
    return torch.where(has_crossed.any(-1), has_crossed.float().argmax(-1).float(), never)


def _batch(scenes: Crossings) -> TrajectoryBatch:
    return TrajectoryBatch(
        past=torch.from_numpy(scenes.past).float(),
        future=torch.from_numpy(scenes.future).float(),
        present=torch.from_numpy(scenes.present),
        kind=torch.from_numpy(scenes.is_reversed).long(),
        number=torch.arange(len(scenes)),
        waits=torch.from_numpy(scenes.waits),
    )


def build(settings: Settings, state: dict[str, list[str]], data: Path | None) -> Social:
    """The task. BadInputError if a folder of data is given: it draws its own."""
    if data is not None:
        raise BadInputError(f"{data}: social draws its own scenes and reads no data; crowds reads files of pedestrians")
    return Social(settings)


ENTRY = TaskEntry(
    card=TaskCard(
        id="social",
        name="Waiting their turn",
        form="trajectories",
        idea="Agents come to a small place from all sides, wait at its edge, and cross it one after the other, as they came; but "
        "if the first to come was quick, in reverse. So no agent's own past says when it will go: one must watch the others.",
        settings=(
            Setting(name="agents", default=4, low=FEWEST, high=MOST, title="Agents", says="How many agents a scene has."),
            Setting(name="varied", default=False, title="Varied",
                    says="Whether scenes have from three to so many agents instead of always so many."),
            Setting(name="rule", default="reversed by the quick", choices=("reversed by the quick", "as they came"), title="Rule",
                    says="In which order they go: as they came, or in reverse of that if the first to come was quicker than 0.55 "
                    "metres a second. The plain rule is easier."),
            Setting(name="length", default=10, low=1, high=500, title="Length",
                    says="How many scenes one episode shows, one after the other."),
            Setting(name="samples", default=4000, low=20, high=100_000, title="Scenes",
                    says="How many different scenes the training draws from, over and over."),
            Setting(name="world", default=0, low=0, high=1_000_000, title="World", says="Another number draws other scenes."),
        ),
        channels=(*CHANNELS, WAITS),
        metrics=(
            *METRICS,
            Metric(name="kendall", title="order of crossing",
                   says="Kendall's rank correlation of the order in which the likeliest futures cross the middle with the true "
                   "one: 1 all pairs right, 0 as by chance, -1 all wrong."),
            Metric(name="waited_for", title="whom it waits for",
                   says="The share of waiting agents for whom an account of influence puts first one of those who go before: by "
                   "each account, and by chance; and by taking out, the very one who goes just before."),
            Metric(name="by_the_rule", title="by the rule", unit="m",
                   says="Mean and final distance if one knows the rule and watches all agents: nothing here is left to chance."),
        ),
        own_input="trajectory",
        own_says="Its last point is now, at the edge of the place, 0.45 metres from its middle, which is at 0,0. What is drawn "
        f"is taken to last {PAST * DT:.0f} seconds; an agent alone waits for nobody.",
        loss_unit="square metres, best future",
        is_judged_by_metric=True,
    ),
    build=build,
)  # fmt: skip
