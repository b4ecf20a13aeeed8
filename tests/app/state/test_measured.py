"""What was measured of an exhibit, row by row, and what stands beside it."""

from dataclasses import replace

from app.state.measured import measured_tables
from engine.contract.cards import Metric, Value
from engine.contract.messages import EpisodeWish, Source
from engine.contract.results import Measurement
from fake_traces import STORIES
from scripted import Desk, desk, exhibit

TABLE = Metric(name="by_task", title="wrong answers by task", says="The same among the questions of each task.")
SETTINGS = {"tasks": "1,2,15", "questions": 1000, "hops": 3}


def measured(rows: dict[str, float], **settings: Value) -> Measurement:
    return Measurement(
        model="memn2n", task="babi", settings={**SETTINGS, **settings}, parameters=9000, slots=50, episodes=3000, seed=7,
        metrics={"error": 0.1, "by_task": rows},
    )  # fmt: skip


def opened(*found: Measurement, restarts: int = 1, settings: dict[str, object] | None = None) -> Desk:
    table = desk()
    card = exhibit("stories", "memn2n", "babi", measured=found, restarts=restarts, settings=settings or SETTINGS)
    table.state.catalogue.exhibits = (card,)
    table.state.catalogue.tasks = (replace(STORIES, metrics=(*STORIES.metrics, TABLE)),)
    table.state.explorer.open("exhibit:stories")
    return table


def test_tasks_stand_in_their_order_beside_the_paper_with_the_means() -> None:
    (found,) = measured_tables(opened(measured({"15": 0.0, "2": 0.125, "1": 0.01})).state)

    assert found.title == "wrong answers by task"
    assert found.headers == ("", "here", "paper")
    assert found.rows == (
        ("1", "1 %", "0 %"), ("2", "12.5 %", "11.4 %"), ("15", "0 %", "0 %"), ("mean", "4.5 %", "3.8 %"),
    )  # fmt: skip
    assert "3,000 episodes that were never trained on" in found.note
    assert "Sukhbaatar" in found.note
    assert "best of 10 runs" in found.note


def test_several_measurements_stand_side_by_side_by_what_parts_them() -> None:
    both = measured({"1": 0.01}), measured({"1": 0.02}, data="published test files, never trained on")

    (found,) = measured_tables(opened(*both).state)

    assert found.headers == ("", "made up", "published", "paper")
    assert found.rows == (("1", "1 %", "2 %", "0 %"),)


def test_settings_that_part_them_are_named_in_words() -> None:
    both = measured({"1": 0.01}, films=3, hashing=True), measured({"1": 0.02}, films=3, hashing=False)

    (found,) = measured_tables(opened(*both).state)

    assert found.headers == ("", "hashing", "no hashing", "paper")
    assert found.note.startswith("Measured on 3,000 episodes each")


def test_out_of_how_many_it_was_chosen_is_said() -> None:
    (found,) = measured_tables(opened(measured({"1": 0.01}), restarts=10).state)

    assert "best of 10 trainings" in found.note


def test_a_network_that_no_paper_has_stands_alone() -> None:
    (found,) = measured_tables(opened(measured({"1": 0.01}), settings={**SETTINGS, "hops": 7}).state)

    assert found.headers == ("", "here")


def test_nothing_is_said_where_nothing_was_measured_row_by_row_or_no_exhibit_is_shown() -> None:
    table = opened(replace(measured({}), metrics={"error": 0.1}))
    assert measured_tables(table.state) == ()

    table.state.explorer.show(
        table.state.a, replace(table.state.a.showing, source=Source(place="runs/one"), episode=EpisodeWish())
    )
    assert measured_tables(table.state) == ()


def test_tables_with_several_figures_in_a_row_are_grids_and_those_of_one_row_stand_together() -> None:
    metrics = (
        Metric(name="ade", title="mean distance, best of 5", says="How far.", unit="m"),
        Metric(name="fde", title="final distance, best of 5", says="How far.", unit="m"),
        Metric(name="by_k", title="by the number of futures", says="More.", unit="m"),
        Metric(name="constant_velocity", title="constant velocity", says="On.", unit="m"),
        Metric(name="memory_off", title="without the memory", says="Off.", unit="m"),
    )
    found = replace(
        measured({}),
        metrics={
            "ade": 0.4, "fde": 1.0, "constant_velocity": {"ade": 3.9, "fde": 10.8}, "memory_off": {"ade": 3.7, "fde": 10.0},
            "by_k": {"10": {"ade": 0.2, "fde": 0.5}, "5": {"ade": 0.4, "fde": 1.0}},
        },
    )  # fmt: skip
    table = opened(found)
    table.state.catalogue.tasks = (replace(STORIES, metrics=metrics),)

    grid, beside = measured_tables(table.state)

    assert (grid.title, grid.headers) == ("by the number of futures, m", ("", "mean distance", "final distance"))
    assert grid.rows == (("5", "0.4", "1"), ("10", "0.2", "0.5"))
    assert beside.rows == (("constant velocity", "3.9", "10.8"), ("without the memory", "3.7", "10"))
    assert (grid.note, beside.note[:8]) == ("", "Measured")
