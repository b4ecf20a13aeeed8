"""The knowledge base of films: its forms, and banks drawn from them."""

from collections import Counter

import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.blocks.seeding import generator
from engine.stories.film_banks import Wording, draw_banks, draw_questions
from engine.stories.films import FORMS, FORWARD, NAMES, Fact, read_fact, told, vocabulary

VOCABULARY = vocabulary()
WORDING = Wording(VOCABULARY)
forms = st.sampled_from(FORMS)


@given(forms, st.data())
def test_every_fact_is_read_as_it_was_told(form: object, data: st.DataObject) -> None:
    chosen = data.draw(forms)
    subject, of = (data.draw(st.sampled_from(NAMES[sort])) for sort in (chosen.subject, chosen.object))

    fact = told(chosen, subject, of)

    assert read_fact(fact.sentence) == fact
    assert read_fact(fact.sentence.lower()) == fact


def test_what_tells_no_fact_is_none() -> None:
    film, person = NAMES["film"][0], NAMES["person"][0]

    assert read_fact(f"{film} was directed by {NAMES['year'][0]}.") is None
    assert read_fact(f"{film} was made by {person}.") is None
    assert read_fact(f"{film} directed {person}.") is None
    assert read_fact("") is None
    assert read_fact(f"{person} directed {film}.") == Fact(f"{person} directed", film, f"{person} directed {film}.")


def test_no_two_names_are_alike_and_no_name_is_a_word_of_a_form() -> None:
    names = [name.lower() for sort in NAMES.values() for name in sort]
    words = {word for form in FORMS for text in (form.key, form.sentence, *form.questions) for word in text.lower().split()}

    assert len(names) == len(set(names))
    assert not set(names) & words


def test_no_question_is_that_of_two_forms() -> None:
    questions = [(form.subject, question) for form in FORMS for question in form.questions]

    assert len(questions) == len(set(questions))


@given(st.integers(0, 10**6), st.integers(1, 24))
def test_a_question_is_answered_by_one_fact_of_its_bank(seed: int, films: int) -> None:
    chance = generator("films", seed)
    banks = draw_banks(4, films, WORDING, chance)
    asked = draw_questions(banks, WORDING, chance)

    at = asked.fact[:, None]
    same = (banks.subject == banks.subject.gather(1, at)) & (banks.form == banks.form.gather(1, at))
    assert same.sum(1).tolist() == [1] * 4
    assert (asked.wording < WORDING.counts[banks.form.gather(1, at)[:, 0]]).all()


@given(st.integers(0, 10**6))
def test_what_is_told_backwards_is_told_forwards_too(seed: int) -> None:
    banks = draw_banks(1, 5, WORDING, generator("films", seed))
    facts = set(zip(banks.form[0].tolist(), banks.subject[0].tolist(), banks.of[0].tolist(), strict=True))

    backwards = {(form - FORWARD, of, subject) for form, subject, of in facts if form >= FORWARD}

    assert len(facts) == 5 * len(FORMS)
    assert backwards == {fact for fact in facts if fact[0] < len(FORMS) - FORWARD}


def test_every_form_is_asked_about_as_often_as_another() -> None:
    banks = draw_banks(4000, 6, WORDING, generator("films"))
    asked = draw_questions(banks, WORDING, generator("questions"))

    counts = Counter(banks.form.gather(1, asked.fact[:, None])[:, 0].tolist())

    assert set(counts) == set(range(len(FORMS)))
    assert max(counts.values()) < 1.2 * min(counts.values())


def test_the_same_seed_draws_the_same_bank() -> None:
    one, other = (draw_banks(2, 3, WORDING, generator("films", 1)) for _ in range(2))

    assert torch.equal(one.subject, other.subject)
    assert torch.equal(one.of, other.of)
