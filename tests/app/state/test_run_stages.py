"""The stages of a training in the window's words, and that no figure mixes two of them."""

from dataclasses import replace

import numpy as np
import pytest

from app.state.navigation import navigator_groups
from app.state.run_stages import spans_of_run, spans_shown, stage_of_run, stages_to_choose
from app.state.run_words import progress_in_words
from engine.contract.cards import Setting, Stage
from engine.contract.messages import Progress, RunStarted
from engine.contract.stages import spans_of
from fake_traces import ntm_trace
from scripted import desk
from staged_run import advance, staged_desk


def test_a_run_in_its_second_stage_says_so() -> None:
    table, run = staged_desk(80)

    stage = stage_of_run(table.state.catalogue, run)

    assert progress_in_words(run, stage) == "Update 80 of 100 · 50/s\nStage 2 of 2: memory filling"


def test_a_run_that_has_ended_a_stage_is_in_the_next() -> None:
    table, run = staged_desk(60)

    assert stage_of_run(table.state.catalogue, run).number == 2


def test_only_stages_that_have_begun_have_a_curve() -> None:
    table, run = staged_desk(30)
    spans = spans_of_run(table.state.catalogue, run)

    assert [span.name for span in stages_to_choose(spans, 30)] == ["autoencoder"]
    assert [span.name for span in stages_to_choose(spans, 61)] == ["memory filling", "autoencoder"]


def test_a_network_that_is_trained_in_one_go_has_no_stages() -> None:
    table = desk()
    table.show(ntm_trace())

    assert spans_shown(table.state.catalogue, table.state.training, table.state.a.showing) == ()


def test_a_checkpoint_in_the_list_says_what_its_loss_is_of() -> None:
    table, run = staged_desk(80)
    table.state.explorer.open(run.place, 80)
    table.bring(ntm_trace())

    rows = [row for group in navigator_groups(table.state) for row in group.rows if row.id.startswith("checkpoint|")]

    assert [row.below for row in rows] == [
        "memory filling: share of samples stored",
        *["autoencoder: square metres, seeing the future"] * 2,
    ]


@pytest.fixture
def panel():
    """Two seeds; the first is in its second stage, the other still in its first."""
    table, _ = staged_desk(1)
    seeds = table.state.seeds
    numbers = iter(range(9))
    table.state.trainer.new_folder = lambda name: f"runs/{name}-{next(numbers)}"
    seeds.start("ntm", "copy", {"batch": 100}, seeds=(0, 1), updates=100)
    for entry in seeds.entries:
        table.state.apply(RunStarted(run=entry.run.run, update=0, parameters=10, learning_rate=1e-3))
    advance(table, seeds.entries[0].run, 70)
    advance(table, seeds.entries[1].run, 40)
    return table


def test_the_curves_of_several_seeds_are_of_one_stage(panel) -> None:
    seeds = panel.state.seeds

    updates, means = seeds.curve(seeds.entries[0])

    assert seeds.stage.name == "memory filling"
    assert updates.min() == 61
    assert means.max() < 1.0
    assert seeds.curve(seeds.entries[1])[0].size == 0


def test_what_a_seed_cost_in_training_is_of_its_last_stage(panel) -> None:
    seeds, run = panel.state.seeds, panel.state.seeds.entries[0].run

    tried = seeds._tried(run)

    assert tried.training_cost == pytest.approx(np.mean([1.5 - update / 100 for update in range(61, 71)]), abs=1e-6)


def test_progress_of_a_run_of_one_go_has_one_line() -> None:
    table = desk()
    run = table.state.trainer.start("ntm", "copy", {}, seed=0, updates=50)
    table.state.apply(Progress(run=run.run, update=9, points=((9, 1.0),), updates_per_second=5.0))

    assert progress_in_words(run, stage_of_run(table.state.catalogue, run)) == "Update 9 of 50 · 5/s"


def test_a_stage_that_only_some_settings_ask_for_is_one_of_their_runs_alone() -> None:
    table, run = staged_desk(30)
    model = table.state.catalogue.model(run.model)
    more = Stage(name="refinement", says="It looks.", until=1.5, loss_unit="square metres", only=("refinement", "map"))
    asked = replace(model, stages=(*model.stages, more), settings=(Setting(name="refinement", default="none", says="Whether."),))

    usual, longer = (spans_of(asked, updates, wish) for updates, wish in ((100, {}), (150, {"refinement": "map"})))

    assert [span.name for span in usual] == ["autoencoder", "memory filling"]
    assert [span.in_words for span in longer] == [
        "stage 1 of 3: autoencoder", "stage 2 of 3: memory filling", "stage 3 of 3: refinement"
    ]  # fmt: skip
    assert [span.first for span in longer[:2]] == [span.first for span in usual]
    assert (longer[2].first, longer[1].is_last, longer[2].is_last) == (101, False, True)
