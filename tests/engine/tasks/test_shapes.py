"""Shape names as a task: streams of pictures, and figures by how often an answer was seen."""

import numpy as np
import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import Value, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks.base import BadInputError, PictureBatch, PictureEpisode
from engine.tasks.shapes import ENTRY, OFTEN, Shapes


def task(**wished: Value) -> Shapes:
    """With few samples."""
    made = ENTRY.build(read_settings(ENTRY.card.settings, {"questions": 300, **wished}), {}, None)
    assert isinstance(made, Shapes)
    return made


def knowing(shapes: Shapes, batch: PictureBatch) -> torch.Tensor:
    """Outputs that are all right."""
    return torch.nn.functional.one_hot(batch.answer, shapes.interface["answers"]).float()


def test_training_draws_only_from_its_samples_and_the_same_ones_for_the_same_seed() -> None:
    shapes = task()

    one, same, other = (shapes.batch(50, generator("a", number)) for number in (1, 1, 2))

    assert isinstance(one, PictureBatch)
    assert isinstance(same, PictureBatch)
    assert isinstance(other, PictureBatch)
    assert torch.equal(one.pictures, same.pictures)
    assert not torch.equal(one.number, other.number)
    assert (one.number >= 0).all()
    assert (one.number < 300).all()


def test_what_is_tested_is_no_training_sample() -> None:
    shapes = task()
    held_out, test = shapes.held_out(), next(shapes.test(30, seed=1))

    assert isinstance(held_out, PictureBatch)
    assert isinstance(test, PictureBatch)
    training = {picture.tobytes() for picture in shapes._training.pictures}
    tested = [picture.tobytes() for picture in (255 * test.pictures).round().byte().numpy()]
    assert (held_out.number == -1).all()
    assert not training & set(tested)


def test_each_answer_counts_in_the_row_of_how_often_it_was_seen() -> None:
    shapes = task()
    (batch,) = shapes.test(200, seed=1)
    assert isinstance(batch, PictureBatch)

    scores = shapes.score(torch.zeros(200, shapes.interface["answers"]), batch)

    rows = {name: ~scores[f"by_count.{name}"].isnan() for name in OFTEN}
    assert (sum(row.int() for row in rows.values()) == 1).all()
    assert torch.equal(rows["0"], shapes.seen[batch.answer] == 0)
    assert torch.equal(rows["5-19"], (shapes.seen[batch.answer] >= 5) & (shapes.seen[batch.answer] <= 19))
    assert int(shapes.seen.sum()) == 300


def test_the_right_answers_make_no_error() -> None:
    shapes = task()
    (batch,) = shapes.test(100, seed=1)
    assert isinstance(batch, PictureBatch)

    assert float(shapes.score(knowing(shapes, batch), batch)["error"].sum()) == 0
    assert shapes.judge(20 * knowing(shapes, batch), batch) < shapes.judge(torch.zeros_like(knowing(shapes, batch)), batch)


def test_an_episode_is_a_stream_and_its_trace_shows_picture_place_and_words() -> None:
    shapes = task(length=7)
    episode = shapes.episode(EpisodeWish(seed=4))
    assert isinstance(episode, PictureEpisode)

    shown = shapes.show(episode, knowing(shapes, episode.batch))

    assert episode.steps == 7
    assert shown.arrays["picture.image"].shape == (7, 48, 48, 3)
    assert (shown.arrays["picture.asked"].sum(-1) == (episode.places >= 0).numpy()).all()
    assert np.array_equal(shown.arrays["tape.target"], shown.arrays["tape.output"])
    assert shown.outcome == {"error": 0.0}
    assert shown.labels["step"] == episode.texts
    assert [event.kind for event in shown.events] == []


def test_a_wrong_answer_is_an_event_that_names_both() -> None:
    shapes = task(length=3)
    episode = shapes.episode(EpisodeWish(seed=4))
    assert isinstance(episode, PictureEpisode)

    shown = shapes.show(episode, knowing(shapes, episode.batch).roll(1, -1))

    said = [shapes.world.answers[(int(answer) + 1) % len(shapes.world.answers)] for answer in episode.batch.answer]
    assert [event.says.split(";")[0] for event in shown.events] == [f"It answers {name}" for name in said]


def test_what_cannot_be_used_is_refused_in_a_sentence(tmp_path: object) -> None:
    with pytest.raises(BadInputError, match="cannot be typed in"):
        task().episode(EpisodeWish(own="a red circle"))
