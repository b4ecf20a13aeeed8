"""A run in words."""

import pytest

from app.state.run_words import checkpoints_in_words, cost_in_words, path_in_words, progress_in_words, read_rate
from app.state.training import Run
from engine.contract.messages import RunId


def _run(**values: object) -> Run:
    given = {"run": RunId("r"), "folder": "r", "model": "ntm", "task": "copy", "settings": {}, "seed": 0, "planned": 10_000}
    return Run(**{**given, **values})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({}, "Starting …"),
        ({"status": "running", "update": 3120, "updates_per_second": 51.2}, "Update 3,120 of 10,000 · 51/s"),
        ({"status": "running", "update": 3, "updates_per_second": 0.5}, "Update 3 of 10,000 · 0.5/s"),
        ({"status": "paused", "update": 40}, "Paused, update 40 of 10,000"),
        ({"status": "failed", "update": 40, "planned": 0}, "Failed, update 40"),
    ],
)
def test_how_far_it_is(values: dict[str, object], says: str) -> None:
    assert progress_in_words(_run(**values)) == says


def test_what_saving_costs_is_said_as_it_was_measured() -> None:
    assert cost_in_words(_run(checkpoints=[10], saving_share=0.031)) == "Checkpoints and measuring take 3.1 % of the time."
    assert cost_in_words(_run()) == ""


def test_the_checkpoints_are_counted_and_the_best_is_named() -> None:
    run = _run(checkpoints=[10, 20], best=20, held_out={20: 0.5})

    assert checkpoints_in_words(run) == "2 checkpoints, the best at update 20 (loss 0.5)."
    assert checkpoints_in_words(_run(checkpoints=[10])) == "1 checkpoint."
    assert checkpoints_in_words(_run()) == "No checkpoint yet."


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("", ""),
        ("compiled", "It learns by the compiled path."),
        ("compiled, on the processor, for cuda:0 failed", "It learns by the compiled path, on the processor, for cuda:0 failed."),
        ("step by step on cuda:0", "It learns step by step on cuda:0."),
    ],
)
def test_the_path_and_the_place_of_learning_are_said(path: str, says: str) -> None:
    assert path_in_words(_run(path=path)) == says


@pytest.mark.parametrize(("text", "rate"), [("3e-4", 3e-4), (" 0,001 ", 1e-3), ("10", 10.0)])
def test_a_learning_rate_is_read(text: str, rate: float) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize("text", ["", "fast", "0", "−1", "nan", "inf", "11"])
def test_what_is_no_learning_rate_is_answered_with_what_would_be(text: str) -> None:
    with pytest.raises(ValueError, match="learning rate"):
        read_rate(text)
