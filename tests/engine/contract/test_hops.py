"""Hops are called as their stages are."""

from engine.contract.cards import MicroStep
from engine.contract.hops import hop_name, hops_word


def stages(*names: str) -> tuple[MicroStep, ...]:
    named = tuple(MicroStep(name=name, says="", channels=(), part=part) for part, name in enumerate(names))
    return (MicroStep(name="listen", says="", channels=()), *named)


def test_a_stage_gives_its_hop_a_name_and_later_ones_are_counted_on() -> None:
    passes = stages("pass 1", "pass 2")

    assert [hop_name(passes, hop) for hop in range(4)] == ["pass 1", "pass 2", "pass 3", "pass 4"]
    assert hops_word(passes) == "pass"


def test_without_such_stages_a_hop_is_a_hop() -> None:
    assert hop_name((), 1) == "hop 2"
    assert hops_word(stages("7")) == "hop"


def test_a_name_without_a_number_stays_as_it_is() -> None:
    assert hop_name(stages("choose the first fact"), 0) == "choose the first fact"
