"""A small knowledge base of our own: invented films, who made them, when and of what kind, as facts with two sides.

Every fact is told in the forms below; each form has a key (subject and relation), a value (the object), a whole sentence, and
the questions that it answers. Three relations are told backwards as well: who directed a film, and what that person directed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from random import Random

from engine.stories.questions import Vocabulary
from engine.stories.text import words_of

FILM, PERSON, YEAR, KIND = "film", "person", "year", "kind"


def _names(seed: str, first: str, second: str, count: int) -> tuple[str, ...]:
    """So many of the joined halves, drawn once and for all."""
    return tuple(sorted(Random(seed).sample([one + other for one, other in product(first.split(), second.split())], count)))


NAMES = {
    FILM: _names(
        "films", "Winter Glass Moon Silver Night River Paper Stone Amber Copper Summer Shadow Salt Thunder Velvet Ivory",
        "gate harbour orchard road garden tower light song bridge field mirror island", 48,
    ),
    PERSON: _names(
        "people", "Vel Tor Ash Bran Mar Quin Sel Dor Hal Ner Os Pel Rav Tam Ulm Wes",
        "mar vin dale wick son lund berg ova ini ell", 48,
    ),
    YEAR: tuple(str(year) for year in range(1950, 1980)),
    KIND: ("Comedy", "Drama", "Western", "Thriller", "Musical", "Mystery", "Romance", "Fable"),
}  # fmt: skip
"""All that there is, by sort; names are one word each."""


_SPELLED = {sort: {name.lower(): name for name in names} for sort, names in NAMES.items()}


@dataclass(frozen=True, slots=True)
class Form:
    """One way of telling a relation. `{s}` stands for the subject, `{o}` for the object."""

    name: str
    subject: str
    object: str
    key: str
    sentence: str
    questions: tuple[str, ...]


FORMS = (
    Form("directed by", FILM, PERSON, "{s} directed by", "{s} was directed by {o}.",
         ("Who directed {s}?", "Who is the director of {s}?", "By whom was {s} directed?")),
    Form("written by", FILM, PERSON, "{s} written by", "{s} was written by {o}.",
         ("Who wrote {s}?", "Who is the writer of {s}?", "By whom was {s} written?")),
    Form("stars", FILM, PERSON, "{s} stars", "{s} stars {o}.",
         ("Who stars in {s}?", "Who plays in {s}?", "Who is the star of {s}?")),
    Form("released in", FILM, YEAR, "{s} released in", "{s} was released in {o}.",
         ("When was {s} released?", "In which year did {s} come out?", "From which year is {s}?")),
    Form("kind", FILM, KIND, "{s} is a", "{s} is a {o}.",
         ("What kind of film is {s}?", "Of what kind is {s}?")),
    Form("directed", PERSON, FILM, "{s} directed", "{s} directed {o}.",
         ("Which film did {s} direct?", "What was directed by {s}?", "Of which film is {s} the director?")),
    Form("wrote", PERSON, FILM, "{s} wrote", "{s} wrote {o}.",
         ("Which film did {s} write?", "What was written by {s}?", "Of which film is {s} the writer?")),
    Form("starred in", PERSON, FILM, "{s} starred in", "{s} starred in {o}.",
         ("In which film does {s} star?", "In what does {s} play?", "Of which film is {s} the star?")),
)  # fmt: skip

FORWARD = 5
"""The first so many forms are about films; the others tell the first three of them backwards."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact as it lies in memory: its two sides and the whole sentence."""

    key: str
    value: str
    sentence: str


def told(form: Form, subject: str, of: str) -> Fact:
    """The fact that the form tells of subject and object."""
    return Fact(form.key.format(s=subject), of, form.sentence.format(s=subject, o=of))


def asked(question: str, subject: str) -> str:
    """A question with its subject in place."""
    return question.format(s=subject)


def read_fact(sentence: str) -> Fact | None:
    """The fact that a sentence tells, if it has one of the forms and names of the right sorts."""
    words = words_of(sentence)
    for form in FORMS:
        pattern = words_of(form.sentence)
        if len(words) != len(pattern):
            continue
        found = {mark: word for mark, word in zip(pattern, words, strict=True) if mark in ("{s}", "{o}")}
        fits = all(mark in found or mark == word for mark, word in zip(pattern, words, strict=True))
        subject, of = (_SPELLED[sort].get(found[mark], "") for sort, mark in ((form.subject, "{s}"), (form.object, "{o}")))
        if fits and subject and of:
            return told(form, subject, of)
    return None


def examples() -> str:
    """What facts look like, for who writes one: the five forms about films."""
    film, person = NAMES[FILM][0], NAMES[PERSON][0]
    objects = {PERSON: person, YEAR: NAMES[YEAR][0], KIND: NAMES[KIND][0]}
    return " ".join(form.sentence.format(s=film, o=objects[form.object]) for form in FORMS[:FORWARD])


def vocabulary() -> Vocabulary:
    """Every word that there is, and how many a question may have."""
    texts = [text for form in FORMS for text in (form.key, form.sentence, *form.questions)]
    words = {word for text in texts for word in words_of(text) if not word.startswith("{")}
    names = {name.lower() for sort in NAMES.values() for name in sort}
    return Vocabulary(sorted(words | names), max(len(words_of(text)) for text in texts))


def spelled(words: Iterable[str]) -> tuple[str, ...]:
    """Words as they are written: names with a capital."""
    known = {lower: name for sort in _SPELLED.values() for lower, name in sort.items()}
    return tuple(known.get(word, word) for word in words)
