"""The published columns: twenty figures each, whose means are the printed ones, and which network each stands beside."""

import pytest

from engine.contract.papers import (
    DMN_PLUS_10K,
    DMN_TAUGHT,
    MEMN2N_10K,
    MEMN2N_ALONE,
    MEMN2N_JOINT,
    MEMNN_STRONG,
    PaperColumn,
    paper_column,
)

ALL = tuple(range(1, 21))


@pytest.mark.parametrize(
    ("column", "printed"),
    [
        (MEMNN_STRONG, 6.7), (MEMN2N_ALONE, 13.9), (MEMN2N_JOINT[1], 25.8), (MEMN2N_JOINT[2], 15.6), (MEMN2N_JOINT[3], 12.4),
        (MEMN2N_10K, 6.6), (DMN_PLUS_10K, 2.8), (DMN_TAUGHT, 6.4),
    ],
)  # fmt: skip
def test_the_mean_of_each_column_is_the_printed_one(column: PaperColumn, printed: float) -> None:
    assert len(column.errors) == 20
    assert column.mean(ALL) == pytest.approx(printed, abs=0.0501)  # half of the last printed place


def test_a_column_has_no_figure_for_a_task_that_is_none_of_the_twenty() -> None:
    assert MEMN2N_ALONE.error(2) == 8.3
    assert MEMN2N_ALONE.error(0) is None
    assert MEMN2N_ALONE.error(21) is None


@pytest.mark.parametrize(
    ("model", "settings", "data", "column"),
    [
        ("memn2n", {"tasks": "1", "questions": 1000}, "", MEMN2N_ALONE),
        ("memn2n", {"tasks": "1,2", "questions": 1000, "hops": 2}, "", MEMN2N_JOINT[2]),
        ("memn2n", {"tasks": "1,2", "questions": 1000, "hops": 5}, "", None),
        ("memn2n", {"tasks": "1,2", "questions": 10000, "hops": 3}, "", MEMN2N_10K),
        ("memn2n", {"tasks": "1", "questions": 1000}, "/data/en-10k", MEMN2N_10K),
        ("memn2n", {"tasks": "1", "questions": 10000}, "/data/en", MEMN2N_ALONE),
        ("memnn", {"tasks": "1", "questions": 1000}, "", MEMNN_STRONG),
        ("memnn", {"tasks": "1", "questions": 10000}, "", None),
        ("dmn", {"questions": 10000}, "", DMN_PLUS_10K),
        ("dmn", {"questions": 1000, "gate_supervision": True}, "", DMN_TAUGHT),
        ("dmn", {"questions": 1000}, "", None),
        ("kv", {"questions": 1000}, "", None),
    ],
)
def test_each_network_stands_beside_the_column_that_was_trained_alike(
    model: str, settings: dict[str, object], data: str, column: PaperColumn | None
) -> None:
    assert paper_column(model, settings, data) is column  # type: ignore[arg-type]  # the test's settings


def test_what_was_taught_more_than_answers_or_was_not_read_in_print_says_so() -> None:
    assert "supporting facts" in MEMNN_STRONG.caveat
    assert "supporting facts" in DMN_TAUGHT.caveat
    assert all("from memory" in column.caveat for column in (MEMN2N_ALONE, DMN_TAUGHT))
