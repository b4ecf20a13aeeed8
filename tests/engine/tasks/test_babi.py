"""bAbI as a task: its batches, its published files, its vocabulary, what it shows of an episode."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.cards import read_settings
from engine.contract.files import BadFileError
from engine.contract.messages import EpisodeWish
from engine.stories import world
from engine.stories.questions import Vocabulary, encode, jittered
from engine.stories.text import Question, Statement, Story, write_stories
from engine.tasks.babi import ENTRY, Babi, read_tasks
from engine.tasks.base import BadInputError, StoryBatch, StoryEpisode


def babi(data: Path | None = None, state: dict[str, list[str]] | None = None, **wished: Any) -> Babi:
    made = ENTRY.build(read_settings(ENTRY.card.settings, {"questions": 60, **wished}), state or {}, data)
    assert isinstance(made, Babi)
    return made


def story_batch(value: object) -> StoryBatch:
    assert isinstance(value, StoryBatch)
    return value


def story_episode(value: object) -> StoryEpisode:
    assert isinstance(value, StoryEpisode)
    return value


def logits(answers: torch.Tensor, words: int) -> torch.Tensor:
    return torch.nn.functional.one_hot(answers, words).float() * 9


def folder_of(tmp_path: Path, task: int, **parts: list[Story]) -> Path:
    for part, stories in parts.items():
        (tmp_path / f"qa{task}_some-name_{part}.txt").write_text(write_stories(stories))
    return tmp_path


# ---- memories -------------------------------------------------------------------------------------------------------------


def test_a_memory_holds_the_facts_told_before_the_question_and_no_question() -> None:
    story = Story(
        (
            Statement("mary moved"),
            Question("where is mary?", "garden"),
            Statement("john moved"),
            Question("where is john?", "office"),
        )
    )
    vocabulary = Vocabulary(("garden", "is", "john", "mary", "moved", "office", "where"), 3)

    sentences, ages, present = encode([(1, story)], vocabulary).told(torch.arange(2), 50)

    assert sentences.tolist() == [[[4, 5, 0], [0, 0, 0]], [[4, 5, 0], [3, 5, 0]]]
    assert ages.tolist() == [[1, 0], [2, 1]]
    assert present.tolist() == [[True, False], [True, True]]


def test_of_a_story_longer_than_the_memory_the_newest_facts_stay_each_in_its_slot() -> None:
    names = ("one", "two", "three", "four", "five")
    story = Story((*(Statement(name) for name in names), Question("which?", "five")))

    sentences, ages, _ = encode([(1, story)], Vocabulary((*names, "which"), 1)).told(torch.arange(1), 3)

    assert sentences[0, :, 0].tolist() == [4, 5, 3]
    assert ages.tolist() == [[2, 1, 3]]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.floats(0, 1), st.integers(0, 10**6))
def test_noise_moves_ages_but_keeps_their_order_and_every_sentence(told: list[int], noise: float, seed: int) -> None:
    ages = torch.stack([torch.where(torch.arange(30) < n, n - torch.arange(30), 0) for n in told])

    moved = jittered(ages, noise, 1000, torch.Generator().manual_seed(seed))

    assert torch.equal(moved > 0, ages > 0)
    assert (moved >= ages).all()
    assert (moved[:, :-1] - moved[:, 1:] >= 1)[ages[:, 1:] > 0].all()
    assert (moved.amax(1) <= torch.tensor([n + np.ceil(np.float32(noise) * n) for n in told])).all()


def test_no_age_is_beyond_the_oldest_that_can_be_told() -> None:
    moved = jittered(torch.tensor([[5, 4, 3, 2, 1]] * 50), 1.0, 5, torch.Generator().manual_seed(0))

    assert moved.max() == 5


# ---- batches --------------------------------------------------------------------------------------------------------------


def test_the_same_generator_draws_the_same_batch() -> None:
    one, other = (story_batch(babi(tasks="2").batch(8, torch.Generator().manual_seed(3))) for _ in range(2))

    assert all(torch.equal(getattr(one, name), getattr(other, name)) for name in StoryBatch.__slots__)


def test_no_story_is_both_trained_on_and_held_out(babi_folder: Path) -> None:
    task = babi(babi_folder, tasks="1")

    held = story_batch(task.held_out())

    assert held.size == 100
    assert len(task._training) == 900


def test_the_held_out_questions_and_the_test_carry_true_ages() -> None:
    task = babi(tasks="1", noise=1.0)

    batches = [story_batch(task.held_out()), *(story_batch(batch) for batch in task.test(50, 0))]

    assert all(batch.ages.max() <= batch.present.sum(1).max() for batch in batches)


def test_the_loss_is_summed_over_the_questions_and_the_cost_is_for_one() -> None:
    task, chance = babi(tasks="1"), torch.Generator().manual_seed(0)
    batch = task.batch(10, chance)
    outputs = torch.randn(10, task.interface["answers"], generator=chance)

    each = torch.nn.functional.cross_entropy(outputs, story_batch(batch).answer, reduction="none")

    assert task.loss(outputs, batch).item() == pytest.approx(each.sum().item())
    assert task.cost(task.loss(outputs, batch).item(), batch) == pytest.approx(each.mean().item())


# ---- evaluation -----------------------------------------------------------------------------------------------------------


def test_every_question_of_the_test_file_is_asked_once(babi_folder: Path) -> None:
    batches = [story_batch(batch) for batch in babi(babi_folder, tasks="1,15").test(10**6, 0)]

    assert sum(batch.size for batch in batches) == 2000
    assert sum(int((batch.group == 15).sum()) for batch in batches) == 1000


def test_generated_tests_have_as_many_questions_as_wished_and_each_task_its_share() -> None:
    batches = [story_batch(batch) for batch in babi(tasks="1,2,6").test(90, 4)]

    assert [int(sum((batch.group == task).sum() for batch in batches)) for task in (1, 2, 6)] == [30, 30, 30]


def test_an_evaluation_of_generated_stories_draws_none_of_those_trained_on() -> None:
    trained = world.generate(3, 60, -1)

    assert not set(world.generate(3, 60, 0)) & set(trained)


def test_errors_are_counted_over_all_tasks_and_for_each() -> None:
    task = babi(tasks="1,6")
    first, second = (story_batch(batch) for batch in task.test(20, 0))
    answers = task.interface["answers"]

    right, wrong = (
        task.score(logits(first.answer, answers), first),
        task.score(logits((second.answer + 1) % answers, answers), second),
    )

    assert right["error"].sum() == 0
    assert right["error_1"].sum() == 0
    assert right["error_6"].isnan().all()
    assert wrong["error_6"].mean() == 1
    assert wrong["error_1"].isnan().all()


# ---- vocabulary -----------------------------------------------------------------------------------------------------------


def test_the_vocabulary_of_published_files_is_that_of_the_generator(babi_folder: Path) -> None:
    assert babi(babi_folder).vocabulary.words == babi().vocabulary.words
    assert babi(babi_folder).interface == babi().interface


def test_a_kept_vocabulary_is_used_as_it_was() -> None:
    wide = babi()

    narrow = babi(state=wide.state(), tasks="1")

    assert narrow.vocabulary.words == wide.vocabulary.words
    assert narrow.interface == wide.interface


def test_words_that_a_trained_model_never_learnt_are_named(tmp_path: Path) -> None:
    story = Story((Statement("Zoe went to the moon."), Question("Where is Zoe?", "moon", (1,))))
    folder = folder_of(tmp_path, 1, train=[story], test=[story])

    with pytest.raises(BadInputError, match="words that this model never learnt: moon, zoe"):
        list(babi(folder, state=babi().state(), tasks="1").test(10, 0))


@pytest.mark.parametrize("state", [{"words": ["a"]}, {"longest": ["7"]}, {"words": ["a"], "longest": ["x"]}])
def test_a_damaged_vocabulary_is_refused(state: dict[str, list[str]]) -> None:
    with pytest.raises(BadInputError, match="vocabulary that was kept with the weights is damaged"):
        babi(state=state)


# ---- settings and folders -------------------------------------------------------------------------------------------------


def test_tasks_are_named_by_their_numbers() -> None:
    assert read_tasks("15, 1,2 2") == (1, 2, 15)


@pytest.mark.parametrize("text", ["", "4", "one", "1;2", "99999999999999"])
def test_a_task_that_cannot_be_told_is_refused(text: str) -> None:
    with pytest.raises(BadInputError, match="there are 1, 2, 3, 6, 15, parted by commas"):
        babi(tasks=text)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="there is no such folder"):
        babi(tmp_path / "nowhere", tasks="1")


def test_a_folder_without_a_file_of_the_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="no train file of task 2; it should be named like qa2_..._train.txt"):
        babi(folder_of(tmp_path, 1, train=world.generate(1, 5, 0), test=world.generate(1, 5, 1)), tasks="2")


def test_a_malformed_file_is_refused_with_file_and_line(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 1, train=world.generate(1, 5, 0), test=world.generate(1, 5, 1))
    (folder / "qa1_some-name_train.txt").write_text("1 Mary moved.\n2 Where is Mary? garden 1\n4 John moved.\n")

    with pytest.raises(BadFileError, match=r"^qa1_some-name_train\.txt:3: line number 4 does not follow"):
        babi(folder, tasks="1")


# ---- episodes -------------------------------------------------------------------------------------------------------------


def shown(task: Babi, own: str = "", seed: int = 0) -> tuple[StoryEpisode, Any]:
    episode = story_episode(task.episode(EpisodeWish(seed=seed, own=own)))
    answers = episode.batch.answer.clamp(min=0)
    return episode, task.show(episode, logits(answers, task.interface["answers"]))


def test_tasks_take_turns_from_seed_to_seed() -> None:
    task = babi()

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


def test_the_best_checkpoint_has_the_fewest_wrong_answers_however_sure_it_is_of_them() -> None:
    task = babi(tasks="1")
    batch = story_batch(task.held_out())
    answers = task.interface["answers"]
    half_wrong = torch.where(torch.arange(batch.size) % 2 == 0, batch.answer, (batch.answer + 1) % answers)
    one_wrong = torch.where(torch.arange(batch.size) > 0, batch.answer, (batch.answer + 1) % answers)

    unsure, sure = logits(half_wrong, answers) / 9, logits(one_wrong, answers) * 1000

    assert task.loss(sure, batch) > task.loss(unsure, batch)
    assert task.judge(sure, batch) < task.judge(unsure, batch)
