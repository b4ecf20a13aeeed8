"""What models with a growing memory of pairs have alike: their stages, and what they say when slots are few."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.probe import Recorder
from engine.contract.cards import stage_ends
from engine.contract.messages import EpisodeWish, Source
from engine.models.bank_card import few_slots
from engine.models.bank_stages import Stages
from engine.models.mantra_card import AUTOENCODER, CONTROLLER, FILLING
from engine.sources import EXHIBIT, open_source
from engine.training.assemble import Assembled, assemble
from engine.training.evaluate import evaluate

STAGES = (AUTOENCODER, CONTROLLER, FILLING)


def small(**wished: int | float | str | bool) -> Assembled:
    return assemble("mantra", "junctions", {"width": 6, "slots": 30, "samples": 40, "length": 12, "map": False} | wished, 0)


@given(st.integers(4, 3000))
def test_a_run_comes_through_all_stages_in_their_order_and_is_over_after_the_last_update(updates: int) -> None:
    run, names, over = Stages(STAGES), [], []

    for update in range(1, updates + 1):
        run.begin(update, updates)
        names.append(run.now)
        run.end()
        over.append(run.is_over)

    assert [names[end - 1] for end in stage_ends(STAGES, updates)] == [stage.name for stage in STAGES]
    assert sorted(names, key=[stage.name for stage in STAGES].index) == names
    assert over == [False] * (updates - 1) + [True]


def test_a_stage_of_several_epochs_begins_each_of_them_once_and_the_rate_falls_to_a_tenth() -> None:
    run, begun, rates = Stages((FILLING,)), [], []

    for update in range(1, 101):
        run.begin(update, 100)
        begun += [update] if run.begins_epoch(4) else []
        rates.append(run.falling)

    assert begun == [1, 26, 51, 76]
    assert (rates[0], rates[-1]) == (1.0, 0.1)
    assert rates == sorted(rates, reverse=True)


def test_a_model_that_is_in_no_run_is_in_no_stage() -> None:
    assert (Stages(STAGES).now, Stages(STAGES).is_over) == ("", True)


@pytest.mark.parametrize(("rows", "said"), [(0, "The memory is empty"), (3, "holds 3 slots, fewer than 5"), (5, ""), (9, "")])
def test_more_things_foreseen_than_slots_are_told_of(rows: int, said: str) -> None:
    told = few_slots(rows, 5, "futures")

    assert said in told
    assert bool(told) == bool(said)


def test_an_evaluation_of_a_memory_that_is_too_small_says_so() -> None:
    whole, opened = (open_source(Source(place=EXHIBIT + "mantra-junctions"), {"map": False}) for _ in range(2))
    opened.model.get_submodule("bank").get_buffer("alive")[3:] = 0

    said, nothing = (evaluate(each, 10, 0, lambda done, total: True).note for each in (opened, whole))

    assert said.startswith("The memory holds 3 slots, fewer than 20")
    assert nothing == ""


def test_the_same_stream_through_the_same_weights_leaves_the_same_slots() -> None:
    records = []
    for _ in range(2):
        made, recorder = small(threshold="0.9"), Recorder()
        with torch.no_grad():
            made.model.replay(made.task.episode(EpisodeWish(seed=3)), recorder)
        records.append(recorder.arrays(12))

    assert records[0]["memory.alive"][-1].sum() >= 2
    for name, array in records[0].items():
        np.testing.assert_array_equal(records[1][name], array)
