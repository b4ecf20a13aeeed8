"""Restarts: which of several runs is kept, when there is nothing left to choose, and the file that says so."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract.files import BadFileError
from engine.contract.restarts import FILE, Tried, chosen_among, leaves_no_choice, read_restarts, weigh, write_restarts

costs = st.none() | st.floats(0, 10)


def tried(seed: int, judged: float | None = 0.1, **more: object) -> Tried:
    usual = {"figure": 0.1, "cost": 0.3, "training_cost": 0.2, "how": "finished"}
    return Tried(seed=seed, folder=f"seed={seed}", judged=judged, **{**usual, **more})  # type: ignore[arg-type]  # test's own


def perfect(seed: int) -> Tried:
    return tried(seed, 0.0001, figure=0.0, cost=0.001, training_cost=0.002)


def test_the_least_on_held_out_episodes_is_kept() -> None:
    assert weigh([tried(0, 0.3), tried(1, 0.1), tried(2, 0.2)], 3).chosen == "seed=1"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"cost": 0.1}, {"cost": 0.2}),
        ({"training_cost": 0.1}, {"training_cost": 0.2}),
        ({}, {"cost": None}),
    ],
)
def test_among_equals_the_costs_decide(better: dict[str, float], worse: dict[str, float]) -> None:
    assert weigh([tried(0, **worse), tried(1, **better)], 2).chosen == "seed=1"


def test_among_runs_that_are_alike_the_first_seed_is_kept_in_whatever_order_they_ended() -> None:
    assert weigh([tried(5), tried(3), tried(4)], 3).chosen == "seed=3"


def test_a_run_that_failed_or_could_not_be_judged_is_never_kept() -> None:
    runs = [tried(0, 0.0, how="failed"), tried(1, None), tried(2, 0.9)]

    assert weigh(runs, 3).chosen == "seed=2"
    assert weigh(runs[:2], 2).chosen == ""


def test_the_series_ends_with_the_first_seed_that_leaves_nothing_to_choose() -> None:
    found = weigh([tried(0), perfect(1), replace(perfect(2), judged=0.0)], 10)

    assert [run.seed for run in found.tried] == [0, 1]
    assert found.is_settled
    assert found.chosen == "seed=1"


def test_every_run_counts_where_every_one_is_wished() -> None:
    found = weigh([tried(0), perfect(1), replace(perfect(2), judged=0.0)], 3, every=True)

    assert len(found.tried) == 3
    assert not found.is_settled
    assert found.chosen == "seed=2"


@pytest.mark.parametrize("flaw", [{"figure": 0.01}, {"cost": 0.1}, {"training_cost": 0.1}, {"cost": None}, {"how": "stopped"}])
def test_no_wrong_answer_alone_may_be_luck(flaw: dict[str, object]) -> None:
    assert leaves_no_choice(perfect(0))
    assert not leaves_no_choice(replace(perfect(0), **flaw))  # type: ignore[arg-type]  # one of the fields


@given(st.lists(st.tuples(costs, costs, costs, costs), max_size=6), st.randoms(use_true_random=False))
def test_the_choice_does_not_hang_on_the_order_in_which_runs_end(runs: list[tuple[float | None, ...]], random: object) -> None:
    made = [
        tried(seed, judged, cost=cost, training_cost=training, figure=figure)
        for seed, (judged, cost, training, figure) in enumerate(runs)
    ]
    mixed = list(made)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis' own kind of Random

    assert weigh(mixed, 6) == weigh(made, 6)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    made = weigh([tried(0), tried(1, 0.0)], 2)

    write_restarts(tmp_path, made)

    assert read_restarts(tmp_path) == made
    assert [chosen_among(tmp_path / f"seed={seed}") for seed in (0, 1)] == [1, 2]


def test_a_folder_without_the_file_holds_no_restarts(tmp_path: Path) -> None:
    assert read_restarts(tmp_path) is None
    assert chosen_among(tmp_path / "run") == 1


@pytest.mark.parametrize(
    "content", ["", "[]", '{"planned": 3, "tried": [{"seed": "x"}]}', '{"format": 9, "planned": 1, "tried": []}']
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content)

    with pytest.raises(BadFileError, match=FILE):
        read_restarts(tmp_path)
