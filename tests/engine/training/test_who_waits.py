"""Whom an agent waits for, against who influences it."""

import numpy as np
import pytest

from engine.contract.cards import Channel
from engine.contract.trace import Trace, TraceCard
from engine.models.smemo_card import CARD
from engine.tasks.social import ENTRY
from engine.training.who_waits import counted, those_before

ACCOUNTS = ("who.counterfactual", "who.gradient", "who.flow")


def trace(waits: list[float], influence: np.ndarray, present: list[float] | None = None) -> Trace:
    """One scene of two steps in which all three accounts say the same."""
    there = np.ones(len(waits)) if present is None else np.array(present)
    arrays = {"scene.waits": np.array([waits] * 2), "scene.present": np.array([there] * 2)}
    arrays |= {name: np.array([influence] * 2) for name in ACCOUNTS}
    card = TraceCard(
        model=CARD, task=ENTRY.card, settings={}, source="", update=0, weights="", seed=0, parameters=0, slots=4, steps=2,
        sample_steps=2,
    )  # fmt: skip
    return Trace(card=card, arrays={name: array.astype(np.float32) for name, array in arrays.items()})


def test_whom_an_agent_waits_for_are_all_who_go_before() -> None:
    assert those_before(2, np.array([1.0, -1.0, 0.0])) == [0, 1]
    assert those_before(1, np.array([1.0, -1.0, 0.0])) == []


def test_an_account_that_names_one_who_goes_before_is_right_and_the_very_one_is_asked_for_beside() -> None:
    influence = np.array([[9.0, 1.0, 0.0], [0.0, 9.0, 0.0], [1.0, 2.0, 9.0]])  # agent 2 is moved by 1 most, and waits for 0

    found = counted(trace([1.0, -1.0, 0.0], influence))

    assert found["by taking out"] == found["by a small push"] == found["by what it reads"] == [1.0, 1.0]
    assert found["the very one"] == [1.0, 0.0]
    assert found["by chance"] == [pytest.approx(0.5), pytest.approx(1.0)]


def test_an_account_that_names_one_who_goes_later_is_wrong() -> None:
    influence = np.array([[0.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 0.0]])

    assert counted(trace([1.0, -1.0, 0.0], influence))["by taking out"] == [0.0, 1.0]


def test_an_agent_that_is_not_there_is_neither_asked_nor_named() -> None:
    influence = np.array([[0.0, 1.0, 9.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]])

    found = counted(trace([1.0, -1.0, -1.0], influence, present=[1, 1, 0]))

    assert found["by taking out"] == [1.0]
    assert found["by chance"] == [1.0]


def test_the_cards_say_what_is_counted() -> None:
    def roles(channels: tuple[Channel, ...]) -> set[str]:
        return {channel.role for channel in channels}

    assert {"counterfactual", "gradient", "flow"} <= roles(CARD.channels)
    assert "waits" in roles(ENTRY.card.channels)
