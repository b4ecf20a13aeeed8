"""A panel of seeds in words."""

import pytest

from app.state.seeds import SeedRun, Seeds
from app.state.seeds_words import goal_in_words, panel_in_words, seed_in_words
from app.state.training import Run, Status
from engine.contract.cards import Metric
from engine.contract.messages import RunId
from engine.contract.restarts import weigh
from scripted import desk

UNIT = "bits per sequence"


def run(seed: int, status: Status, is_solved: bool = False, update: int = 300, seconds: float = 4.0) -> Run:
    points = [(1, 9.0), (update, 2.5)]
    return Run(
        run=RunId(f"r{seed}"), folder=f"r{seed}", model="ntm", task="copy", settings={}, seed=seed, planned=500, status=status,
        is_solved=is_solved, update=update, seconds=seconds, points=points, is_one_of_several=True,
    )  # fmt: skip


def panel(*runs: Run | None, is_live: bool = False, below: float = 1.0) -> Seeds:
    state = desk().state
    seeds = Seeds(state.trainer, state.explorer.open, clock=lambda: 41.0)
    seeds._entries = tuple(SeedRun(seed=number, run=made) for number, made in enumerate(runs))
    seeds._is_live, seeds._ended, seeds.below, seeds.batch = is_live, 41.0, below, 1000
    return seeds


def test_a_panel_that_is_over_says_how_many_have_learnt_it_and_how_long_it_took() -> None:
    seeds = panel(run(0, "finished", True, 281, 3.1), run(1, "finished", True, 1623, 7.94), run(2, "finished"), run(3, "failed"))

    assert panel_in_words(seeds, UNIT) == (
        "2 of 4 seeds have learnt it: a mean cost below 1 bit per sequence. It took them 281 to 1,623 updates, 3.1 to 7.9 s of "
        "training. Not learnt in time: seed 2. Failed: seed 3. All together: 41 s."
    )


def test_while_it_trains_it_says_how_far_it_is() -> None:
    seeds = panel(run(0, "finished", True), run(1, "running"), None, is_live=True)

    assert panel_in_words(seeds, UNIT) == "1 of 3 have learnt it so far; 1 train now, 1 wait. 41 s so far."


def test_a_panel_that_was_stopped_names_what_was_not_begun() -> None:
    seeds = panel(run(0, "finished", True), run(1, "stopped"), None)

    assert "Stopped or not begun: seeds 1, 2." in panel_in_words(seeds, UNIT)


def test_nothing_is_said_of_no_panel() -> None:
    assert panel_in_words(panel(), UNIT) == ""


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (run(0, "finished", True), ("learnt", "300 updates · 4.0 s")),
        (run(0, "finished"), ("not learnt", "300 updates · 4.0 s · cost 2.5")),
        (run(0, "running", seconds=0.0), ("trains", "300 updates · cost 2.5")),
        (run(0, "failed"), ("failed", "300 updates")),
        (None, ("not begun", "")),
    ],
)
def test_each_seed_has_a_word_and_its_numbers(made: Run | None, said: tuple[str, str]) -> None:
    seeds = panel(made)

    assert seed_in_words(seeds, seeds.entries[0]) == said


def test_one_bit_is_no_bits() -> None:
    assert goal_in_words(1.0, UNIT) == "1 bit per sequence"
    assert goal_in_words(0.5, UNIT) == "0.5 bits per sequence"


# ---- restarts -------------------------------------------------------------------------------------------------------------

WRONG = Metric(name="error", title="wrong answers", says="The share of questions answered wrongly.")


def restarts(*runs: Run | None, judged: tuple[float, ...], is_live: bool = False) -> Seeds:
    seeds = panel(*runs, is_live=is_live, below=0.0)
    for run_made, value in zip(runs, judged, strict=False):
        assert run_made is not None
        run_made.judged = run_made.figure = value
        run_made.best, run_made.held_out = 300, {300: value}
        run_made.points = [(300, value)]
    seeds._folder = "runs/one"
    over = [run_made for run_made in runs if run_made is not None and not run_made.is_live]
    seeds.restarts = weigh(map(seeds._tried, over), len(runs))
    return seeds


def test_restarts_say_which_is_kept_and_how_good_it_is_on_what_was_held_out() -> None:
    seeds = restarts(run(0, "finished"), run(1, "finished"), run(2, "failed"), judged=(0.25, 0.031))

    assert panel_in_words(seeds, UNIT, WRONG) == (
        "Kept is seed 1, the best of 3: 3.1 % wrong answers on what was held out. Failed: seed 2. The test was not looked at. "
        "All together: 41 s."
    )
    assert [seed_in_words(seeds, entry, WRONG) for entry in seeds.entries] == [
        ("finished", "25 % wrong answers"),
        ("kept", "3.1 % wrong answers"),
        ("failed", "300 updates"),
    ]


def test_while_restarts_train_the_best_so_far_is_named() -> None:
    seeds = restarts(run(0, "finished"), run(1, "running"), None, judged=(0.25,), is_live=True)

    assert seed_in_words(seeds, seeds.entries[0], WRONG) == ("best so far", "25 % wrong answers")
    assert seed_in_words(seeds, seeds.entries[1], WRONG) == ("update 300", "")
    assert panel_in_words(seeds, UNIT, WRONG) == (
        "1 of 3 are done; 1 train now, 1 wait. The best so far is seed 0, 25 % wrong answers on what was held out. 41 s so far."
    )


def test_restarts_that_ended_early_say_why() -> None:
    seeds = restarts(run(0, "finished"), None, None, judged=(0.0,))

    assert panel_in_words(seeds, UNIT, WRONG) == (
        "Kept is seed 0, the best of 1: 0 % wrong answers on what was held out. The other 2 were not needed: seed 0 has nothing "
        "of that wrong, and is sure. The test was not looked at. All together: 41 s."
    )
    assert seed_in_words(seeds, seeds.entries[1], WRONG) == ("not needed", "")


def test_restarts_of_which_none_came_to_anything_say_so() -> None:
    assert panel_in_words(restarts(run(0, "failed"), judged=()), UNIT, WRONG) == (
        "None of 1 has come to anything. All together: 41 s."
    )
