"""A story to step through, line by line, and what its trace shows of it."""

from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.contract.trace import Array, Event
from engine.stories.questions import Vocabulary, encode
from engine.stories.text import Question, Story, words_of
from engine.tasks.base import Shown, StoryBatch, StoryEpisode


def build_episode(task: int, story: Story, vocabulary: Vocabulary, slots: int) -> StoryEpisode:
    """The story with all its questions, each with the memory of `slots` sentences as it is when it is asked."""
    questions = encode([(task, story)], vocabulary)
    sentences, ages, present = questions.told(torch.arange(len(questions)), slots)
    room = slots - ages.shape[1]
    batch = StoryBatch(
        sentences=F.pad(sentences, (0, 0, 0, room)), ages=F.pad(ages, (0, room)), present=F.pad(present, (0, room)),
        question=questions.question, answer=questions.answer, group=questions.group,
        supports=questions.supported(torch.arange(len(questions)), slots),
    )  # fmt: skip
    asked = iter(range(len(questions)))
    told = iter(range(len(story.lines)))
    return StoryEpisode(
        batch=batch,
        lines=tuple(next(asked) if isinstance(line, Question) else None for line in story.lines),
        slots=tuple(None if isinstance(line, Question) else next(told) % slots for line in story.lines),
        words=torch.tensor([vocabulary.row(words_of(line.text)) for line in story.lines]),
        texts=tuple(line.text for line in story.lines),
        supports=_supports(story, slots),
        note=_note(len(story.lines) - story.questions, slots),
    )


def _supports(story: Story, slots: int) -> Tensor:
    """`(questions, N)`: 1 at the slots of the supporting facts that are still kept; NaN where nobody knows them."""
    fact_of: dict[int, int] = {}
    rows = []
    for number, line in enumerate(story.lines, 1):
        if not isinstance(line, Question):
            fact_of[number] = len(fact_of)
            continue
        row = torch.zeros(slots) if line.supports else torch.full((slots,), torch.nan)
        for support in line.supports:
            if len(fact_of) - fact_of[support] <= slots:
                row[fact_of[support] % slots] = 1.0
        rows.append(row)
    return torch.stack(rows)


def _note(facts: int, slots: int) -> str:
    if facts <= slots:
        return ""
    return (
        f"The story tells {facts} facts and the memory keeps the newest {slots}: by its end the first {facts - slots} are gone."
    )


def show_episode(episode: StoryEpisode, outputs: Tensor, vocabulary: Vocabulary) -> Shown:
    """Tape, errors, supporting facts, which fact lies in which slot; `outputs (questions, answers)`."""
    steps = len(episode.lines)
    asked = [step for step, row in enumerate(episode.lines) if row is not None]
    target, output, error = (np.full(steps, fill, np.float32) for fill in (-1, -1, np.nan))
    target[asked] = episode.batch.answer.numpy()
    output[asked] = outputs.argmax(-1).numpy()
    known = np.isfinite(error) | (target >= 0)
    error[known] = (target != output)[known]
    supports = np.full((steps, episode.supports.shape[1]), np.nan, np.float32)
    supports[asked] = episode.supports.numpy()
    words = vocabulary.words
    return Shown(
        arrays={
            "tape.input": (episode.words - 1).numpy().astype(np.float32), "tape.target": target, "tape.output": output,
            "tape.error": error, "story.supports": supports, "story.fact": _facts(episode),
        },
        events=(*_writes(episode), *_errors(error, target, output, words)),
        labels={
            "step": episode.texts, "slot": _slot_names(episode), "answer": words, "word": words, "tape.input": words,
            "tape.target": words, "tape.output": words, "story.fact": episode.texts,
            **({"note": (episode.note,)} if episode.note else {}),
        },
        outcome={"error": float(error[known].mean())} if known.any() else {},
    )  # fmt: skip


def _facts(episode: StoryEpisode) -> Array:
    """Which line lies in each slot after each step; -1 for none."""
    lies: Array = np.full((len(episode.lines), episode.supports.shape[1]), -1, np.float32)
    for step, slot in enumerate(episode.slots):
        if slot is not None:
            lies[step:, slot] = step
    return lies


def _slot_names(episode: StoryEpisode) -> tuple[str, ...]:
    """The sentence that lies in each slot at the story's end."""
    return tuple(episode.texts[int(line)] if line >= 0 else "" for line in _facts(episode)[-1])


def _writes(episode: StoryEpisode) -> Iterable[Event]:
    for step, slot in enumerate(episode.slots):
        if slot is not None:
            yield Event(kind="write", step=step, slot=slot, says=f"“{episode.texts[step]}” goes to slot {slot}")


def _errors(error: Array, target: Array, output: Array, words: tuple[str, ...]) -> Iterable[Event]:
    for step in np.flatnonzero(error == 1).tolist():
        given, right = words[int(output[step])], words[int(target[step])]
        yield Event(kind="error", step=step, says=f"It answers {given}; {right} is right")
