"""The language of small programs: what can be run, what is drawn, and what is refused."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.tasks import programs


def run(text: str) -> list[int | None]:
    return programs.outcome(programs.read(text, programs.MOST_VARIABLES))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("x = 4 ; ? x ;", [4]),
        ("x = 4 ; x + ; x + ; x - ; ? x ;", [5]),
        ("x = 4 ; if x < 5 : x + ; ? x ; if x < 5 : x + ; ? x ;", [5, 5]),
        ("x = 4 ; y = 7 ; if y > x : x - ; ? x ; if x > y : y - ; ? y ;", [3, 7]),
        ("x = 4 ; if x > 9 : y = 1 ; if x > 3 : y = 2 ; ? y ;", [2]),
    ],
)
def test_a_program_prints_what_its_statements_make_of_the_variables(text: str, printed: list[int]) -> None:
    assert [value for value in run(text) if value is not None] == printed


@given(st.integers(2, 40), st.integers(1, 5), st.integers(0, 10**9))
def test_a_drawn_program_runs_and_ends_with_a_print(statements: int, variables: int, seed: int) -> None:
    program = programs.draw(statements, variables, random.Random(seed))

    printed = programs.outcome(program)

    assert len(program) == statements
    assert printed[-1] is not None
    assert {value for value in printed if value} <= set(range(1, 11))
    assert {word for statement in program for word in statement} <= {*programs.TOKENS[:-5], *programs.VARIABLES[:variables]}


@given(st.integers(0, 10**9))
def test_a_condition_holds_neither_a_print_nor_a_condition_and_only_a_blank_variable_gets_a_value(seed: int) -> None:
    program = programs.draw(30, 3, random.Random(seed))

    inner = [statement[5:] for statement in program if statement[0] == "if"]

    assert [statement for statement in inner if statement[0] in ("if", "?")] == []
    assert [statement[0] for statement in program if statement[1:2] == ("=",)] == list(
        dict.fromkeys(statement[0] for statement in program if statement[1:2] == ("=",))
    )


@given(st.integers(2, 20), st.integers(0, 10**9))
def test_a_program_is_read_back_from_its_text(statements: int, seed: int) -> None:
    program = programs.draw(statements, 2, random.Random(seed))

    assert programs.read(" ".join(word for statement in program for word in statement), 2) == program


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("x = 4 ; z + ;", "word 5 (z)"),
        ("x = 4 ; x +", "does not end with ;"),
        ("x = 4 ; x = 5 ;", "statement 2 (x = 5 ;): x has a value already"),
        ("x = 10 ; x + ;", "x would become 11"),
        ("? y ;", "y has no value yet"),
        ("x = 4 ; x ;", "this is no statement"),
        ("x = 4 ; if x < 5 : ? x ;", "this is no statement"),
    ],
)
def test_what_cannot_be_run_is_refused_with_the_place_and_the_reason(text: str, why: str) -> None:
    with pytest.raises(programs.BadProgramError) as refused:
        programs.outcome(programs.read(text, 2))

    assert why in str(refused.value)
