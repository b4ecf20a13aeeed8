"""A bank of facts to step through, fact by fact and then question by question, and what its trace shows of it."""

from dataclasses import replace

import torch
from torch import Tensor

from engine.stories.films import Fact, examples, read_fact, spelled
from engine.stories.questions import Vocabulary
from engine.stories.text import Statement, Story, words_of
from engine.tasks.babi_episode import build_episode, show_episode
from engine.tasks.base import BadInputError, Shown, StoryEpisode
from engine.tasks.own_story import read_own_story


def build_bank(story: Story, vocabulary: Vocabulary, slots: int) -> StoryEpisode:
    """The bank with all its questions. The order in which facts are told means nothing: none has an age."""
    episode = build_episode(-1, story, vocabulary, slots)
    facts = [_fact(line.text) if isinstance(line, Statement) else None for line in story.lines]
    keys, values = (
        torch.tensor([vocabulary.row(words_of(text)) for text in texts])
        for texts in ([fact.key if fact else "" for fact in facts], [fact.value if fact else "" for fact in facts])
    )
    batch = episode.batch
    lines = torch.tensor([line for line, slot in enumerate(episode.slots) if slot is not None])
    here = [torch.zeros(slots, vocabulary.longest, dtype=torch.long) for _ in range(2)]
    for bank, side in zip(here, (keys, values), strict=True):
        bank[: len(lines)] = side[lines]
    shown = [torch.where(batch.present[..., None], bank, 0) for bank in here]
    untimed = replace(batch, ages=torch.zeros_like(batch.ages), keys=shown[0], values=shown[1])
    return replace(episode, batch=untimed, keys=keys, values=values)


def read_own_bank(text: str, vocabulary: Vocabulary, slots: int) -> Story:
    """The user's own facts and questions; BadInputError names the line and what would be right."""
    story = read_own_story(text, vocabulary)
    for number, line in enumerate(story.lines, 1):
        if isinstance(line, Statement) and read_fact(line.text) is None:
            raise BadInputError(f"line {number}: this tells no fact that the bank can hold; write for instance: {examples()}")
    facts = len(story.lines) - story.questions
    if facts > slots:
        raise BadInputError(f"there are {facts} facts, and the bank holds {slots}")
    return story


def show_bank(episode: StoryEpisode, outputs: Tensor, vocabulary: Vocabulary) -> Shown:
    """What is shown of a story, and of each slot the two sides of its fact."""
    shown = show_episode(episode, outputs, vocabulary)
    facts = [_fact(text) if slot is not None else None for text, slot in zip(episode.texts, episode.slots, strict=True)]
    words, lies = spelled(vocabulary.words), shown.arrays["story.fact"]
    sides = {
        "facts.key": tuple(_upper(fact.key) if fact else "" for fact in facts),
        "facts.value": tuple(fact.value if fact else "" for fact in facts),
    }
    named = dict.fromkeys(("answer", "word", "tape.input", "tape.target", "tape.output"), words)
    return replace(shown, arrays=shown.arrays | {"facts.key": lies, "facts.value": lies}, labels=shown.labels | named | sides)


def _fact(text: str) -> Fact:
    fact = read_fact(text)
    if fact is None:
        raise ValueError(f"{text!r} tells no fact")
    return fact


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
