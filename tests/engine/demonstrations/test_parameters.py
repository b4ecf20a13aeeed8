"""Parameters against slots and against state: counted networks, and formulas that agree with them."""

import pytest

from engine.demonstrations.parameters import lstm_parameters, machine_parameters, measure
from engine.demonstrations.workbench import Workbench
from engine.training.assemble import assemble


@pytest.mark.parametrize("units", [1, 16, 100])
def test_the_formula_of_the_lstm_counts_right(units: int) -> None:
    assert lstm_parameters(units) == assemble("lstm", "copy", {"hidden": units}, 0).parameters


@pytest.mark.parametrize("heads", [1, 3])
def test_the_formula_of_the_machine_counts_right(heads: int) -> None:
    made = assemble("ntm", "copy", {"heads": heads, "hidden": 30, "slot_width": 7}, 0)

    assert machine_parameters(made.settings, made.task.interface) == made.parameters


def test_the_same_weights_copy_more_with_more_slots() -> None:
    *_, last = measure(Workbench(listener=lambda done, total: True), slots=(128, 256), units=(16, 32), episodes=2)

    assert last.tables[0].rows[1][-1] == 0
    assert [finding.holds for finding in last.findings] == [True, True]


def test_too_few_slots_are_said_not_to_do() -> None:
    *_, last = measure(
        Workbench(listener=lambda done, total: True), slots=(32, 64), units=(256, 512), lengths=(5, 100), episodes=1
    )

    assert last.findings[0].holds is False
    assert "With none of these numbers of slots" in last.findings[0].sentence
