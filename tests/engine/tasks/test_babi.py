"""bAbI as a task: its batches, its published files, its vocabulary, what it shows of an episode."""

from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import torch

from engine.contract.cards import read_settings
from engine.contract.files import BadFileError
from engine.stories import world
from engine.stories.text import Question, Statement, Story, write_stories
from engine.tasks.babi import ENTRY, Babi, read_tasks
from engine.tasks.base import BadInputError, StoryBatch, StoryEpisode
from engine.training.assemble import assemble


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


# ---- batches --------------------------------------------------------------------------------------------------------------


def test_the_same_generator_draws_the_same_batch() -> None:
    one, other = (story_batch(babi(tasks="2").batch(8, torch.Generator().manual_seed(3))) for _ in range(2))

    parts = {field.name: (getattr(one, field.name), getattr(other, field.name)) for field in fields(one)}
    assert all(torch.equal(*pair) for pair in parts.values() if pair[0] is not None)
    assert {name for name, pair in parts.items() if pair[0] is None} == {"keys", "values"}


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
    assert right["by_task.1"].sum() == 0
    assert right["by_task.6"].isnan().all()
    assert wrong["by_task.6"].mean() == 1
    assert wrong["by_task.1"].isnan().all()


def test_the_best_checkpoint_has_the_fewest_wrong_answers_however_sure_it_is_of_them() -> None:
    task = babi(tasks="1")
    batch = story_batch(task.held_out())
    answers = task.interface["answers"]
    half_wrong = torch.where(torch.arange(batch.size) % 2 == 0, batch.answer, (batch.answer + 1) % answers)
    one_wrong = torch.where(torch.arange(batch.size) > 0, batch.answer, (batch.answer + 1) % answers)

    unsure, sure = logits(half_wrong, answers) / 9, logits(one_wrong, answers) * 1000

    assert task.loss(sure, batch) > task.loss(unsure, batch)
    assert task.judge(sure, batch) < task.judge(unsure, batch)


# ---- vocabulary -----------------------------------------------------------------------------------------------------------


def test_the_vocabulary_of_published_files_is_that_of_the_generator(babi_folder: Path) -> None:
    at_hand = "1,2,3,6,15"

    assert babi(babi_folder, tasks=at_hand).vocabulary.words == babi(tasks=at_hand).vocabulary.words
    assert babi(babi_folder, tasks=at_hand).interface == babi(tasks=at_hand).interface


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


@pytest.mark.parametrize("text", ["", "21", "0", "one", "1;2", "99999999999999"])
def test_a_task_that_cannot_be_told_is_refused(text: str) -> None:
    with pytest.raises(
        BadInputError, match="there are 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, parted by commas"
    ):
        babi(tasks=text)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="there is no such folder"):
        babi(tmp_path / "nowhere", tasks="1")


def test_a_folder_without_a_file_of_the_task_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="no train file of task 2; it should be named like qa2_..._train.txt"):
        babi(folder_of(tmp_path, 1, train=world.generate(1, 5, 0), test=world.generate(1, 5, 1)), tasks="2")


def test_a_malformed_file_is_refused_with_file_and_line(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, 1, train=world.generate(1, 5, 0), test=world.generate(1, 5, 1))
    (folder / "qa1_some-name_train.txt").write_text("1 Mary moved.\n2 Where is Mary?\tgarden\t1\n4 John moved.\n")

    with pytest.raises(BadFileError, match=r"^qa1_some-name_train\.txt:3: line number 4 does not follow"):
        babi(folder, tasks="1")


def test_a_batch_says_in_which_slots_the_supporting_facts_lie_and_which_are_gone(tmp_path: Path) -> None:
    lines = ["Mary got the milk.", "John moved to the office.", "Where is John? \toffice\t2", "Mary moved to the garden."]
    lines += ["Where is the milk? \tgarden\t4 1"]
    story = "".join(f"{number} {line}\n" for number, line in enumerate(lines, 1))
    for part in ("train", "test"):
        (tmp_path / f"qa2_two_{part}.txt").write_text(story)

    roomy, tight = (next(iter(babi(tmp_path, tasks="2", slots=slots).test(9, 0))) for slots in (5, 2))

    assert story_batch(roomy).supports.tolist() == [[1, -1], [2, 0]]
    assert story_batch(tight).supports.tolist() == [[1, -1], [0, -1]]


def test_of_many_held_out_questions_those_late_in_a_story_are_asked_too(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = story_batch(babi(tasks="1", questions=2000).held_out())
    monkeypatch.setattr("engine.tasks.babi.MOST_HELD_OUT", 40)
    some = story_batch(babi(tasks="1", questions=2000).held_out())

    told = {int(row.sum()) for row in some.present}

    assert some.size == 40 < whole.size
    assert told == {int(row.sum()) for row in whole.present}


def test_twenty_tasks_take_longer_than_one_unless_it_is_said_how_long() -> None:
    settings = {"tasks": "1,2,3,4,5,6,7,8,9", "questions": 20}

    usual, long = (assemble("memn2n", "babi", settings | {"tasks": tasks}, 0) for tasks in ("1", "1,2,3,4,5,6,7,8,9"))
    said = assemble("memn2n", "babi", settings | {"updates": 70}, 0)

    assert long.settings["updates"] == 3 * int(usual.settings["updates"])
    assert said.settings["updates"] == 70
