"""How many parameters a model has is what its card's formula says, and more slots are more parameters only where it says so."""

import contextlib
import itertools
import re
from collections.abc import Iterator

import pytest
import torch
from pairing import PAIRS, Pair, every_pair, named, small

from engine.blocks.seeding import generator
from engine.contract.cards import Settings
from engine.tasks.base import BadInputError
from engine.training.assemble import Assembled

SIZES: tuple[Settings, ...] = ({}, {"layers": 3, "heads": 1, "hops": 1, "width": 4, "slot_width": 3})
"""A second set of sizes: a formula that is right for one set alone is not right."""

LETTERS = {"C": "hidden", "H": "hidden", "R": "heads", "W": "slot_width", "F": "inner", "n": "layers", "D": "width", "E": "width"}
"""What the letters of formulas stand for among the settings; those of the interface stand below."""

SLOTS = ("slots", "window")
"""Settings that say how many slots there are."""

SLOTTED = [
    pair
    for pair in PAIRS
    if "slots" in {setting.name for setting in pair[0].card.settings} and pair[0].card.memory != "persistent"
]
"""A persistent memory comes with the slots that it was trained with: what lies in them is kept with the weights."""


def variants(pair: Pair) -> Iterator[Settings]:
    """Every combination of the model's choices, in two sizes each."""
    choices = {setting.name: setting.choices for setting in pair[0].card.settings if setting.choices}
    for sizes, picked in itertools.product(SIZES, itertools.product(*choices.values())):
        yield sizes | dict(zip(choices, picked, strict=True))


def built(pair: Pair) -> Iterator[Assembled]:
    """All of them that the task does not refuse, for want of a map for instance."""
    for wished in variants(pair):
        with contextlib.suppress(BadInputError):
            yield small(pair, **wished)


def evaluated(made: Assembled) -> int:
    """The formula on the card with the sizes of this model. `lstm: ...; feedforward: ...` holds for that choice or form."""
    names = _sizes(made)
    known = {str(value) for value in made.settings.values()} | {made.task_entry.card.form}
    parts = [part.rpartition(": ") for part in made.model_entry.card.parameter_formula.split("; ")]
    (formula,) = [formula for label, _, formula in parts if not label or label in known]
    formula = re.sub(r",? \+ ([^,]+) for each further layer,?", r" + (layers - 1) * (\1)", formula)
    tokens = re.findall(r"[a-z]{2,}|[A-Za-z]|[0-9]+|[-+*/()²]", formula.replace("·", "*"))
    return _sum(tokens, names)


def _sizes(made: Assembled) -> dict[str, int]:
    settings, interface = made.settings, made.task.interface
    ends = {"I": "inputs", "O": "outputs", "V": "symbols"}
    numbers = {name: value for name, value in settings.items() if isinstance(value, int)}
    letters = {letter: settings[name] for letter, name in LETTERS.items() if name in settings}
    outside = {letter: interface[name] for letter, name in ends.items() if name in interface}
    return {name: int(value) for name, value in {**numbers, **interface, **letters, **outside, "slots": made.model.slots}.items()}


def _sum(tokens: list[str], names: dict[str, int]) -> int:
    """`tokens` as a sum of products; factors stand beside each other or with a * between."""
    written = ""
    for before, token in itertools.pairwise(("", *tokens)):
        is_operand = token not in ("+", "-", "*", "/", ")", "²")
        if is_operand and (before.isalnum() or before in (")", "²")):
            written += "*"
        written += {"²": "**2", "/": "//"}.get(token, str(names[token]) if token.isalpha() else token)
    total = eval(written, {"__builtins__": {}})  # digits and signs only
    assert isinstance(total, int)
    return total


@every_pair
def test_the_formula_on_the_card_counts_the_parameters(pair: Pair) -> None:
    made = list(built(pair))

    assert made
    assert [evaluated(each) for each in made] == [each.parameters for each in made]


@every_pair
def test_more_slots_are_more_parameters_only_where_the_formula_says_so(pair: Pair) -> None:
    offered = {setting.name for setting in (*pair[0].card.settings, *pair[1].card.settings)} & set(SLOTS)
    few, many = (small(pair, **dict.fromkeys(offered, count)) for count in (8, 40))
    shapes = [{name: tuple(weights.shape) for name, weights in made.model.named_parameters()} for made in (few, many)]

    assert (shapes[0] == shapes[1]) != ("slots" in pair[0].card.parameter_formula)


@pytest.mark.parametrize("pair", SLOTTED, ids=named)
def test_weights_run_with_more_slots_where_those_are_no_parameters(pair: Pair) -> None:
    few, many = small(pair, slots=8), small(pair, slots=40)

    many.model.load_state_dict(few.model.state_dict())
    with torch.no_grad():
        outputs = many.model.fused(many.task.batch(2, generator("a")))

    assert outputs.isfinite().all()
