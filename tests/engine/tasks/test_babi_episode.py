"""A story to step through: its lines, the slots that they go to, and what the trace shows of right and wrong."""

from pathlib import Path
from typing import Any

import numpy as np
import torch

from engine.contract.cards import read_settings
from engine.contract.messages import EpisodeWish
from engine.stories import world
from engine.stories.text import Question
from engine.tasks.babi import ENTRY, Babi
from engine.tasks.base import StoryEpisode


def babi(data: Path | None = None, **wished: Any) -> Babi:
    made = ENTRY.build(read_settings(ENTRY.card.settings, {"questions": 60, **wished}), {}, data)
    assert isinstance(made, Babi)
    return made


def story_episode(value: object) -> StoryEpisode:
    assert isinstance(value, StoryEpisode)
    return value


def logits(answers: torch.Tensor, words: int) -> torch.Tensor:
    return torch.nn.functional.one_hot(answers, words).float() * 9


def shown(task: Babi, own: str = "", seed: int = 0) -> tuple[StoryEpisode, Any]:
    episode = story_episode(task.episode(EpisodeWish(seed=seed, own=own)))
    answers = episode.batch.answer.clamp(min=0)
    return episode, task.show(episode, logits(answers, task.interface["answers"]))


def test_tasks_take_turns_from_seed_to_seed() -> None:
    task = babi(tasks="1,2,3,6,15")

    groups = [int(story_episode(task.episode(EpisodeWish(seed=seed))).batch.group[0]) for seed in range(6)]

    assert groups == [1, 2, 3, 6, 15, 1]


def test_an_episode_of_published_files_comes_from_the_test_file(babi_folder: Path) -> None:
    episode = story_episode(babi(babi_folder, tasks="1").episode(EpisodeWish(seed=0)))

    assert episode.texts[:2] == ("John travelled to the hallway.", "Mary journeyed to the bathroom.")


def test_each_statement_is_written_to_a_slot_and_each_question_has_its_answer() -> None:
    episode, show = shown(babi(), "Mary went to the garden.\nJohn moved to the office.\nWhere is Mary?\tgarden")

    assert [(event.kind, event.step, event.slot) for event in show.events] == [("write", 0, 0), ("write", 1, 1)]
    assert show.labels["step"] == ("Mary went to the garden.", "John moved to the office.", "Where is Mary?")
    assert show.labels["slot"][:3] == ("Mary went to the garden.", "John moved to the office.", "")
    assert show.labels["answer"][int(show.arrays["tape.target"][2])] == "garden"
    assert show.arrays["tape.target"].tolist()[:2] == [-1, -1]
    assert show.arrays["story.fact"][:, :3].tolist() == [[0, -1, -1], [0, 1, -1], [0, 1, -1]]
    assert show.outcome == {"error": 0.0}
    assert [show.labels["tape.input"][int(word)] for word in show.arrays["tape.input"][2] if word >= 0] == ["where", "is", "mary"]
    assert len(episode.slots) == 3


def test_a_wrong_answer_is_an_event_in_words() -> None:
    task = babi()
    episode = story_episode(task.episode(EpisodeWish(own="Mary went to the garden.\nWhere is Mary?\tgarden")))
    office = task.vocabulary.answer("office")

    show = task.show(episode, logits(torch.tensor([office]), task.interface["answers"]))

    assert show.events[-1].says == "It answers office; garden is right"
    assert show.arrays["tape.error"][1] == 1.0


def test_a_question_whose_answer_nobody_gave_has_no_target_and_no_error() -> None:
    _, show = shown(babi(), "Mary went to the garden.\nWhere is Mary?")

    assert show.arrays["tape.target"][1] == -1
    assert np.isnan(show.arrays["tape.error"][1])
    assert show.outcome == {}


def test_supporting_facts_are_marked_at_their_slots() -> None:
    episode, show = shown(babi(tasks="1"))
    story = world.generate(1, 5, 0)[0]
    step, asked = next((n, line) for n, line in enumerate(story.lines) if isinstance(line, Question))

    marked = np.flatnonzero(show.arrays["story.supports"][step] == 1).tolist()

    assert [episode.texts[support - 1] for support in asked.supports] == [show.labels["slot"][slot] for slot in marked]
    assert np.isnan(show.arrays["story.supports"][0]).all()


def test_facts_that_a_short_memory_lost_are_said() -> None:
    _, show = shown(babi(slots=1), "Mary went to the garden.\nJohn moved to the office.\nWhere is John?")

    assert show.labels["note"] == ("The story tells 2 facts and the memory keeps the newest 1: by its end the first 1 are gone.",)


def test_every_channel_shown_is_on_the_card_with_its_axes() -> None:
    _, show = shown(babi())

    assert {name: array.ndim - 1 for name, array in show.arrays.items()} == {
        channel.name: len(channel.axes) for channel in ENTRY.card.channels
    }
