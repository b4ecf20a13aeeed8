"""Banks of facts about films, drawn anew for each question, as tensors: so the answer lies in the bank and nowhere else.

Shapes: B banks, F films, R forms of telling, N = F R facts, J words of a line.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.stories.films import FILM, FORMS, FORWARD, KIND, NAMES, PERSON, YEAR
from engine.stories.questions import Vocabulary
from engine.stories.text import words_of

PEOPLE_FOR_A_FILM = 2
"""So many people share the work on each film of a bank: of three jobs a film, each has one or two, some more."""

SUBJECT, OBJECT = -1, -2
"""In the rows of words of a form, where subject and object stand."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Banks:
    """What is told: `subject` and `of` `(B, N)` are the words of the names, `form (B, N)` the form of each fact."""

    subject: Tensor
    of: Tensor
    form: Tensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """One question of each bank: `fact (B,)` is the one that answers it, `wording (B,)` which of the form's questions."""

    fact: Tensor
    wording: Tensor


class Wording:
    """The forms as rows of word indices, to be filled with names: `key`, `sentence` `(R, J)`, `question (R, most, J)`."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        most = max(len(form.questions) for form in FORMS)
        self.key = torch.stack([self._row(form.key) for form in FORMS])
        self.sentence = torch.stack([self._row(form.sentence) for form in FORMS])
        self.question = torch.stack(
            [torch.stack([self._row(form.questions[number % len(form.questions)]) for number in range(most)]) for form in FORMS]
        )
        self.names = {
            sort: torch.tensor([vocabulary.answer(name.lower()) + 1 for name in names]) for sort, names in NAMES.items()
        }
        self.counts = torch.tensor([len(form.questions) for form in FORMS])

    def _row(self, text: str) -> Tensor:
        places = {"{s}": SUBJECT, "{o}": OBJECT}
        words = words_of(text)
        row = [places[word] if word in places else self._vocabulary.answer(word) + 1 for word in words]
        return torch.tensor(row + [0] * (self._vocabulary.longest - len(row)))


def draw_banks(count: int, films: int, wording: Wording, chance: torch.Generator) -> Banks:
    """So many banks, each of other films, people, years and kinds, its facts in no order."""
    film = _some(count, films, wording.names[FILM], chance)
    people = _some(count, PEOPLE_FOR_A_FILM * films, wording.names[PERSON], chance)
    made_by = people.gather(1, torch.randint(people.shape[1], (count, 3 * films), generator=chance)).view(count, 3, films)
    year, kind = (_any(count, films, wording.names[sort], chance) for sort in (YEAR, KIND))
    objects = [*made_by.unbind(1), year, kind, film, film, film]
    subjects = [film] * FORWARD + list(made_by.unbind(1))
    form = torch.arange(len(FORMS)).repeat_interleave(films).expand(count, -1)
    order = torch.rand(count, form.shape[1], generator=chance).argsort(1)
    return Banks(
        subject=torch.cat(subjects, 1).gather(1, order), of=torch.cat(objects, 1).gather(1, order), form=form.gather(1, order)
    )


def draw_questions(banks: Banks, wording: Wording, chance: torch.Generator) -> Asked:
    """One question of each bank, each form as often as another, of the facts that no other one of the bank contradicts."""
    same = (banks.subject[:, :, None] == banks.subject[:, None]) & (banks.form[:, :, None] == banks.form[:, None])
    is_only = same.sum(-1) == 1
    form = torch.randint(len(FORMS), (len(banks.form), 1), generator=chance)
    fits = is_only & (banks.form == form)
    allowed = torch.where(fits.any(1, keepdim=True), fits, is_only & (banks.form < FORWARD))  # of a form that has none, another
    fact = torch.rand(fits.shape, generator=chance).masked_fill(~allowed, -1.0).argmax(1)
    of_form = banks.form.gather(1, fact[:, None])[:, 0]
    number = (torch.rand(len(fact), generator=chance) * wording.counts[of_form]).long()
    return Asked(fact=fact, wording=number)


def filled(rows: Tensor, subject: Tensor, of: Tensor) -> Tensor:
    """Rows of a form with names in place: `(..., J)`, `(...)`, `(...)` -> `(..., J)`."""
    return torch.where(rows == SUBJECT, subject[..., None], torch.where(rows == OBJECT, of[..., None], rows))


def _some(count: int, size: int, names: Tensor, chance: torch.Generator) -> Tensor:
    """Different names for each bank, `(B, size)`."""
    return names[torch.rand(count, len(names), generator=chance).argsort(1)[:, :size]]


def _any(count: int, size: int, names: Tensor, chance: torch.Generator) -> Tensor:
    return names[torch.randint(len(names), (count, size), generator=chance)]
