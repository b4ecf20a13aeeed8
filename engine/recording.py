"""One episode recorded: every channel of the model and the task at every step, with what-if edits, events and labels."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch

from engine.blocks.probe import Editor, Probe, Recorder
from engine.contract.by_sample import by_sample
from engine.contract.cards import MODES, Channel
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish
from engine.contract.trace import Array, Trace, TraceCard
from engine.edit_check import EditCheck
from engine.events import events_of, say_what_was_lost
from engine.sources import Opened
from engine.tasks.base import BadInputError, Episode, GarmentBatch, GarmentEpisode, Shown, TrajectoryEpisode
from engine.training.device import one_thread


def record(opened: Opened, wish: EpisodeWish, edits: tuple[Edit, ...] = ()) -> Trace:
    """Run the wished episode and keep everything; BadInputError if an edit does not fit, or a value is no finite number."""
    one_thread()
    episode = opened.task.episode(wish)
    each = opened.model.steps_a_sample(episode)
    steps = episode.steps * max(each, 1)
    outputs, recorder = _replay(opened, episode, edits, copies=False)
    if recorder.was_overwritten:
        outputs, recorder = _replay(opened, episode, edits, copies=True)
    arrays, initial = recorder.arrays(steps), recorder.initial()
    if not recorder.is_finite:
        _refuse_not_finite(recorder)
    shown = _stretched(opened.task.show(_as_presented(episode, arrays) if edits else episode, outputs), each)
    arrays, initial = _without_empty_slots(opened.model_entry.card.channels, shown.arrays | arrays, initial)
    return _trace(opened, wish, edits, shown, arrays, initial, steps, each)


def _as_presented(episode: Episode, arrays: Mapping[str, Array]) -> Episode:
    """A stream with the samples that were presented, where an edit has put another in the place of one: what was foreseen is
    judged by what came of that."""
    if isinstance(episode, GarmentEpisode):
        return replace(episode, batch=_worn_instead(episode.batch, arrays.get("input.top"), arrays.get("input.bottom")))
    past, future = arrays.get("input.past"), arrays.get("input.future")
    if not isinstance(episode, TrajectoryEpisode) or past is None or future is None or len(past) != episode.batch.size:
        return episode
    batch = episode.batch
    return replace(episode, batch=replace(batch, past=_with_first(batch.past, past), future=_with_first(batch.future, future)))


def _worn_instead(batch: GarmentBatch, top: Array | None, bottom: Array | None) -> GarmentBatch:
    """The pairs with these numbers `(S,)`: each that is another one's has the picture of the shelf, or of the catalogue."""
    if top is None or bottom is None:
        return batch
    numbers = [torch.from_numpy(np.array(given)).long() for given in (top, bottom)]
    tops, bottoms = (
        torch.where((given != usual)[:, None, None, None], there[given.clamp_min(0)], pictures)
        for given, usual, there, pictures in zip(
            numbers, (batch.top, batch.bottom), (batch.shelf, batch.catalogue), (batch.tops, batch.bottoms), strict=True
        )
    )
    return replace(batch, tops=tops, bottoms=bottoms, top=numbers[0], bottom=numbers[1])


def _with_first(whole: torch.Tensor, first: Array) -> torch.Tensor:
    """Another way of the first agent of each sample: `(S, A, T, 2), (S, T, 2)`."""
    return torch.cat((torch.from_numpy(np.array(first)).to(whole.dtype).unsqueeze(1), whole[:, 1:]), 1)


def _stretched(shown: Shown, each: int) -> Shown:
    """What a task shows of each sample, shown at every step that the sample takes."""
    if each <= 1:
        return shown
    return Shown(
        arrays={name: by_sample(array, each) for name, array in shown.arrays.items()},
        phases=tuple(replace(phase, first=phase.first * each, last=(phase.last + 1) * each - 1) for phase in shown.phases),
        events=tuple(replace(event, step=(event.step + 1) * each - 1) for event in shown.events),
        labels=shown.labels,
        outcome=shown.outcome,
    )


def _without_empty_slots(
    channels: tuple[Channel, ...], arrays: dict[str, Array], initial: dict[str, Array]
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Of a memory that grows, only the slots that hold something at some step, and the first in any case."""
    alive = next((channel.name for channel in channels if channel.role == "alive" and channel.name in arrays), None)
    if alive is None:
        return arrays, initial
    ever = np.flatnonzero(arrays[alive].any(0) | (initial[alive] > 0 if alive in initial else False))
    count = int(ever.max(initial=0)) + 1
    axes = {channel.name: channel.axes.index("slot") for channel in channels if "slot" in channel.axes}
    cut = {name: array[(slice(None),) * (1 + axes[name]) + (slice(count),)] for name, array in arrays.items() if name in axes}
    first = {name: array[(slice(None),) * axes[name] + (slice(count),)] for name, array in initial.items() if name in axes}
    return arrays | cut, initial | first


def _replay(opened: Opened, episode: Episode, edits: tuple[Edit, ...], *, copies: bool) -> tuple[torch.Tensor, Recorder]:
    """Run the episode before a recorder; without copies it is quicker, but a model may write into what it has shown."""
    recorder = Recorder(copies=copies)
    steps = episode.steps * max(opened.model.steps_a_sample(episode), 1)
    check = EditCheck(edits, opened.model_entry.card.channels, steps, Editor(edits, recorder))
    probe: Probe = check if edits else recorder
    with torch.no_grad():
        outputs = opened.model.replay(episode, probe)
    check.finish()
    return outputs, recorder


def _trace(
    opened: Opened,
    wish: EpisodeWish,
    edits: tuple[Edit, ...],
    shown: Shown,
    arrays: Mapping[str, Array],
    initial: Mapping[str, Array],
    steps: int,
    each: int,
) -> Trace:
    model, task = opened.model_entry.card, opened.task_entry.card
    channels = tuple(channel for channel in (*task.channels, *model.channels) if channel.name in arrays)
    labels = _axis_labels(channels, arrays) | _token_labels(model.channels, shown.labels) | shown.labels
    events = events_of(channels, arrays, initial, model.micro_steps, each, opened.model.wipes)
    happened = say_what_was_lost(events, channels, arrays, labels)
    found = (*shown.events, *happened)
    card = TraceCard(
        model=model,
        task=task,
        settings=opened.episode_settings,
        source=opened.place,
        update=opened.update,
        weights=opened.weights_hash,
        seed=wish.seed,
        own=wish.own,
        parameters=opened.parameters,
        slots=opened.slots,
        steps=steps,
        sample_steps=each,
        phases=shown.phases,
        events=tuple(sorted(found, key=lambda event: event.step)),
        labels=labels,
        outcome=shown.outcome,
        edits=edits,
    )
    return Trace(card=card, arrays=arrays, initial=initial)


def _refuse_not_finite(recorder: Recorder) -> None:
    found = recorder.first_not_finite()
    if found is not None:
        channel, step = found
        at = "before the first step" if step < 0 else f"at step {step + 1}"
        raise BadInputError(f"{channel} is not a finite number {at}; with these weights and edits the episode cannot be run")


def _token_labels(channels: tuple[Channel, ...], shown: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What a model calls by numbers is an answer, unless the task says what else; without answers, what the task calls alike:
    "memory.kind" as "scene.kind"."""
    tokens = [channel.name for channel in channels if channel.kind == "tokens" and channel.name not in shown]
    if "answer" in shown:
        return dict.fromkeys(tokens, shown["answer"])
    quantity = {name.partition(".")[2]: names for name, names in shown.items() if "." in name}
    return {name: quantity[name.partition(".")[2]] for name in tokens if name.partition(".")[2] in quantity}


def _axis_labels(channels: tuple[Channel, ...], arrays: Mapping[str, Array]) -> dict[str, tuple[str, ...]]:
    """The entries of a shift axis are named by how far they move the head, those of a mode axis by where it goes from here."""
    for channel in channels:
        if channel.axes[-1:] == ("mode",):
            return {"mode": MODES}
        if channel.axes[-1:] == ("shift",):
            reach = arrays[channel.name].shape[-1] // 2
            return {"shift": tuple(f"{offset:+d}".replace("-", "−") if offset else "0" for offset in range(-reach, reach + 1))}
    return {}
