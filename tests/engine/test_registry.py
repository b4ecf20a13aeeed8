"""The registry: two tuples, and extensions that are named when they fail."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine import registry
from engine.models import ntm
from engine.tasks.base import BadInputError

OTHER = replace(ntm.ENTRY, card=replace(ntm.ENTRY.card, id="other"))
SAME = ntm.ENTRY
NOT_A_MODEL = "something else"


@pytest.fixture
def extended(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Four installed extensions, of which one is good."""
    values = {"good": "OTHER", "taken": "SAME", "foreign": "NOT_A_MODEL", "missing": "NOTHING"}

    class Point:
        def __init__(self, name: str, attribute: str) -> None:
            self.name, self.value, self._attribute = name, f"extension:{attribute}", attribute

        def load(self) -> object:
            return globals()[self._attribute]

    points = [Point(name, attribute) for name, attribute in values.items()]
    monkeypatch.setattr(registry, "entry_points", lambda group: points if group == "slotscope.models" else [])
    registry._extensions.cache_clear()
    yield
    registry._extensions.cache_clear()


def test_every_entry_is_found_by_its_id() -> None:
    assert [registry.model_entry(entry.card.id) for entry in registry.MODELS] == list(registry.MODELS)
    assert [registry.task_entry(entry.card.id) for entry in registry.TASKS] == list(registry.TASKS)


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    models = ", ".join(sorted(entry.card.id for entry in registry.MODELS))
    tasks = ", ".join(sorted(entry.card.id for entry in registry.TASKS))

    with pytest.raises(BadInputError, match=f"nmt: no such model; there are {models}"):
        registry.model_entry("nmt")
    with pytest.raises(BadInputError, match=f"cpoy: no such task; there are {tasks}"):
        registry.task_entry("cpoy")


@pytest.mark.usefixtures("extended")
def test_an_extension_is_offered_and_those_that_fail_are_named() -> None:
    offered = registry.catalogue()

    assert registry.model_entry("other") is OTHER
    assert [card.id for card in offered.models][-1] == "other"
    assert offered.failed == (
        "slotscope.models taken (extension:SAME): the id ntm is taken",
        "slotscope.models foreign (extension:NOT_A_MODEL): this is no ModelEntry",
        "slotscope.models missing (extension:NOTHING): KeyError: 'NOTHING'",
    )
