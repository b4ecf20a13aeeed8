"""A folder of published files: which file is taken, and what is said when none is right."""

from pathlib import Path

import pytest

from engine.contract.files import BadFileError
from engine.stories.published import published_stories
from engine.stories.text import write_stories
from engine.stories.world import TELLERS, generate


def told(folder: Path, *names: str, seed: int = 0) -> Path:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(write_stories(generate(1, 5, seed)))
    return folder


@pytest.mark.parametrize(
    "name", ["qa1_train.txt", "qa1_single-supporting-fact_train.txt", "task_01.train.txt", "1-Train.txt", "train_qa1.txt"]
)
def test_a_file_is_known_by_the_first_number_in_its_name_and_its_part(tmp_path: Path, name: str) -> None:
    folder = told(tmp_path, name, "qa1_valid.txt", "qa1_test.txt", "qa11_train.txt", "qa21_train.txt")

    assert published_stories(folder, 1, "train") == generate(1, 5, 0)


def test_a_part_is_a_word_of_its_own(tmp_path: Path) -> None:
    folder = told(told(tmp_path, "qa1_constrained-latest_test.txt", seed=1), "qa1_latest_train.txt")

    assert published_stories(folder, 1, "test") == generate(1, 5, 1)


def test_the_twin_files_of_macos_are_left_alone(tmp_path: Path) -> None:
    folder = told(tmp_path, "qa1_train.txt")
    (folder / "._qa1_train.txt").write_bytes(b"\x00\x05\x16\x07")

    assert published_stories(folder, 1, "train") == generate(1, 5, 0)


@pytest.mark.parametrize("task", sorted(TELLERS))
def test_written_stories_of_every_task_are_read_from_a_folder(tmp_path: Path, task: int) -> None:
    stories = generate(task, 50, 3)
    (tmp_path / f"qa{task}_test.txt").write_text(write_stories(stories))

    assert published_stories(tmp_path, task, "test") == stories


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = told(tmp_path, "qa1_train.txt")

    with pytest.raises(BadFileError, match=r"this is a file; the folder that holds qa1_\.\.\._train\.txt is needed"):
        published_stories(folder / "qa1_train.txt", 1, "train")


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadFileError, match="there is no such folder"):
        published_stories(tmp_path / "nowhere", 1, "train")


def test_the_folder_above_is_refused_and_the_right_one_named(tmp_path: Path) -> None:
    told(tmp_path / "en", "qa1_train.txt")

    with pytest.raises(BadFileError, match=r"no train file of task 1; .*; there is one in the folder en$"):
        published_stories(tmp_path, 1, "train")


def test_two_files_of_the_same_task_and_part_are_refused(tmp_path: Path) -> None:
    folder = told(tmp_path, "qa1_a_train.txt", "qa1_b_train.txt")

    with pytest.raises(BadFileError, match=r"qa1_a_train\.txt and qa1_b_train\.txt are both train files of task 1"):
        published_stories(folder, 1, "train")


def test_a_file_that_never_asks_is_refused(tmp_path: Path) -> None:
    (tmp_path / "qa1_train.txt").write_text("1 Mary moved to the garden.\n")

    with pytest.raises(BadFileError, match=r"qa1_train\.txt: no question in the whole file"):
        published_stories(tmp_path, 1, "train")


def test_the_larger_published_files_are_read(babi_folder: Path) -> None:
    large = babi_folder.parent / "en-10k"
    if not large.is_dir():
        pytest.skip("the files with 10,000 questions are not at hand")

    assert sum(story.questions for story in published_stories(large, 15, "train")) == 10_000
