"""The algorithmic task: words in, values out where a program prints, and only there does it count."""

import pytest
import torch

from engine.blocks.seeding import generator
from engine.contract.cards import Settings, read_settings
from engine.contract.messages import EpisodeWish
from engine.tasks import algorithmic, programs
from engine.tasks.base import BadInputError, SequenceBatch
from engine.tasks.words import WordTask


def task(**settings: int) -> WordTask:
    full: Settings = read_settings(algorithmic.ENTRY.card.settings, dict(settings))
    return algorithmic.build(full, {}, None)


def episode(text: str) -> SequenceBatch:
    made = task().episode(EpisodeWish(seed=0, own=text))
    assert isinstance(made, SequenceBatch)
    return made


def saying(batch: SequenceBatch, *values: int) -> torch.Tensor:
    """Outputs that are sure of these values where the program prints."""
    outputs = torch.zeros(batch.steps, batch.size, len(programs.VALUES))
    places = batch.targets[:, 0].sum(-1).nonzero().flatten().tolist()
    outputs[places, 0, [value - 1 for value in values]] = 20.0
    return outputs


def test_each_word_is_one_step_and_a_value_counts_at_the_end_of_a_print() -> None:
    batch = episode("x = 4 ; x + ; ? x ;")

    assert batch.inputs.shape == (10, 1, 21)
    assert (batch.inputs.sum(-1) == 1).all()
    assert batch.scored.nonzero().flatten().tolist() == [9]
    assert batch.targets[9, 0].argmax() == 4  # the fifth value


def test_behind_a_shorter_program_there_is_nothing_and_nothing_counts() -> None:
    batch = task(statements=8).batch(20, generator("a"))
    assert isinstance(batch, SequenceBatch)

    words = batch.inputs.sum(-1)

    assert set(words.unique().tolist()) == {0.0, 1.0}
    assert (words.diff(dim=0) <= 0).all()
    assert (batch.targets.sum(-1) <= words).all()


def test_the_metrics_count_only_printed_values() -> None:
    batch = episode("x = 4 ; ? x ; x + ; ? x ;")

    right, half = task().score(saying(batch, 4, 5), batch), task().score(saying(batch, 4, 9), batch)

    assert [float(right[name]) for name in ("accuracy", "exact")] == [1, 1]
    assert [float(half[name]) for name in ("accuracy", "exact")] == [0.5, 0]
    assert float(right["bits_per_answer"]) < 1e-3 < float(half["bits_per_answer"])


def test_guessing_costs_the_logarithm_of_ten() -> None:
    batch = task().batch(8, generator("a"))
    assert isinstance(batch, SequenceBatch)
    outputs = torch.zeros(batch.steps, batch.size, len(programs.VALUES))

    assert task().cost(float(task().loss(outputs, batch)), batch) == pytest.approx(3.3219, abs=1e-3)


def test_the_trace_has_the_words_the_values_and_a_phase_for_each_statement() -> None:
    batch = episode("x = 4 ; ? x ; x + ; ? x ;")

    shown = task().show(batch, saying(batch, 4, 9))

    assert [phase.name for phase in shown.phases] == ["x = 4", "? x", "x +", "? x"]
    assert [shown.labels["tape.input"][int(word)] for word in shown.arrays["tape.input"][:4]] == ["x", "=", "4", ";"]
    assert shown.arrays["tape.target"][[6, 12]].tolist() == [3, 4]
    assert [event.says for event in shown.events] == ["says 9 where 5 is right"]


def test_the_same_seed_tests_the_same_programs() -> None:
    one, again = (list(task().test(12, 7)) for _ in range(2))

    assert sum(batch.size for batch in one) == 12
    assert all(torch.equal(a.inputs, b.inputs) for a, b in zip(one, again, strict=True))  # type: ignore[union-attr]  # sequences


@pytest.mark.parametrize(
    ("text", "why"), [("x = 4 ; x + ;", "prints nothing"), ("x = 11 ; ? x ;", "word 3"), ("? x ; " * 201, "no value yet")]
)
def test_a_program_that_cannot_be_followed_is_refused(text: str, why: str) -> None:
    with pytest.raises(BadInputError) as refused:
        episode(text)

    assert why in str(refused.value)


def test_one_statement_is_no_program() -> None:
    with pytest.raises(BadInputError, match="too few"):
        task(statements=1)
