"""A corridor with and without feedback, a Transformer beside feedback memory, and the same weights with poorer memories."""

from collections.abc import Callable

import pytest
import torch

from engine.demonstrations.catalogue import demonstrate
from engine.demonstrations.corridor import CARRYING, FORGETTING, Corridors
from engine.demonstrations.own_past import FEEDBACK, PLAIN, measure
from engine.demonstrations.workbench import Workbench

Make = Callable[..., Workbench]


def corridors(carrying: dict[int, list[int]], forgetting: dict[int, list[int]]) -> Corridors:
    """Made-up results of two layers with a window of 4."""
    named = {
        name: {walls: torch.tensor(each, dtype=torch.float64) for walls, each in found.items()}
        for name, found in ((CARRYING, carrying), (FORGETTING, forgetting))
    }
    return Corridors(named=named, layers=2, window=4, colours=4, trained=16)


def test_the_corridor_comes_first_and_grows(bench: Make) -> None:
    shown = list(measure(bench(), statements=(2,), episodes=1, all_in_all=4, walls=(1, 2)))

    assert [found.figures[0].title for found in shown] == ["A colour at the end of a corridor"] * len(shown)
    assert [line.x for line in shown[0].figures[0].series] == [(1.0,), (1.0,), (1, 1)]
    assert [line.x for line in shown[-1].figures[0].series] == [(1.0, 2.0), (1.0, 2.0), (1, 2)]
    assert shown[-1].tables[0].opens == ("exhibit:feedback-corridor", "exhibit:transformer-corridor")


def test_the_upright_line_is_layers_times_window_and_the_dashes_are_chance(bench: Make) -> None:
    first = next(measure(bench(), walls=(1,)))

    assert first.figures[0].notes == ((3.0, "2 layers × window 2"),)  # behind 3 walls the colour is 4 steps back
    assert first.figures[0].series[-1].kind == "formula"
    assert first.figures[0].series[-1].y == (0.25, 0.25)


def test_both_networks_walk_the_same_corridors() -> None:
    opened = [Workbench(listener=lambda done, total: True).open(name, length=5) for name in (CARRYING, FORGETTING)]

    first, second = (next(iter(each.task.test(20, 12))).inputs for each in opened)

    assert torch.equal(first, second)


def test_the_real_networks_part_right_behind_the_horizon() -> None:
    real = Workbench(listener=lambda done, total: True)

    found = next(part for part in measure(real, walls=(7, 8)) if part.findings)

    carrying, forgetting, guessing = (line.y for line in found.figures[0].series)
    assert carrying == (1.0, 1.0)
    assert forgetting[0] == 1.0
    assert forgetting[1] == pytest.approx(guessing[1], abs=0.1)
    assert found.findings[0].holds is True


def test_the_sentence_says_what_was_measured() -> None:
    found = corridors({7: [1, 1], 8: [1, 1], 9: [1, 0]}, {7: [1, 0], 8: [1, 0], 9: [0, 0]})

    sentence = found.findings()[0].sentence

    assert sentence.startswith("Behind 8 walls and more, up to 9, feedback memory names 75.0% of the colours")
    assert "Transformer 25.0% (guessing: 25%)" in sentence
    assert sentence.endswith("behind fewer walls it is 100.0% and 50.0%.")


def test_a_difference_within_its_error_does_not_show() -> None:
    found = corridors({8: [1, 0, 1, 0]}, {8: [0, 1, 1, 0]})

    assert found.findings()[0].holds is False


def test_nothing_is_said_of_what_lies_behind_the_horizon_before_it_was_measured() -> None:
    assert corridors({7: [1, 1]}, {7: [1, 1]}).findings() == ()


def test_without_one_corridor_network_the_other_is_drawn_and_the_absent_one_named(bench: Make) -> None:
    found = demonstrate("own-past", lambda done, total: True, bench=bench(CARRYING))

    assert [line.name for line in found.figures[0].series] == ["Feedback", "guessing"]
    assert found.findings == ()
    assert found.absent[0].startswith("transformer-corridor is not among the trained networks here")


def test_without_the_corridor_networks_the_programs_are_measured_and_both_named(bench: Make) -> None:
    bench_of_two = bench(FEEDBACK, PLAIN)

    *_, last = measure(bench_of_two, statements=(2,), episodes=1, all_in_all=4)

    assert [figure.title for figure in last.figures][0] == "Right answers against the length of the program"
    assert bench_of_two.absent == [CARRYING, FORGETTING]


def test_both_read_the_same_programs_and_the_memory_is_swapped(bench: Make) -> None:
    *_, last = measure(bench(), statements=(2, 4), episodes=2, all_in_all=4, walls=(1,))

    rows = last.tables[1].rows
    assert [row[1] for row in rows][:2] == ["as trained", "as trained"]
    assert "only the last layer" in [row[1] for row in rows]
    assert [figure.title for figure in last.figures[1:]] == [
        "Right answers against the length of the program",
        "What the feedback memory is mixed from",
    ]
    assert [line.x for line in last.figures[1].series] == [(2.0, 4.0), (2.0, 4.0)]


def test_the_shares_of_the_layers_are_a_whole(bench: Make) -> None:
    first = next(measure(bench(FEEDBACK), statements=(2,), episodes=1, all_in_all=1))

    assert sum(first.figures[0].series[0].y) == pytest.approx(1, abs=1e-5)
