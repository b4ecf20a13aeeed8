"""What a model calls by numbers has the names that the task gives to what is of the same sort."""

from engine.contract.cards import Channel
from engine.recording import _token_labels


def _tokens(name: str) -> Channel:
    return Channel(name=name, axes=("slot",), kind="tokens", bounded=False, low=-1.0, title=name, says=".")


def test_without_answers_what_lies_in_a_slot_is_called_as_what_the_task_shows() -> None:
    found = _token_labels((_tokens("memory.kind"), _tokens("memory.other")), {"scene.kind": ("left", "right"), "sample": ("a",)})

    assert found == {"memory.kind": ("left", "right")}


def test_what_a_model_calls_by_numbers_is_an_answer_where_there_are_answers() -> None:
    assert _token_labels((_tokens("memory.kind"),), {"answer": ("yes", "no"), "scene.kind": ("left",)}) == {
        "memory.kind": ("yes", "no")
    }


def test_names_that_the_task_gives_itself_stay() -> None:
    assert _token_labels((_tokens("memory.kind"),), {"memory.kind": ("own",), "scene.kind": ("left",)}) == {}
