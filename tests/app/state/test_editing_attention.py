"""What can be changed about layers, heads and cached positions, and how it is told."""

import numpy as np
import pytest

from app.state.edit_offer import Answer, CannotEditError
from app.state.editing import make, offers
from app.state.lens import Selection
from app.state.what_if import edit_in_words
from engine.contract.edits import Edit
from fake_attention import dnc_trace, feedback_trace, pairs_trace, transformer_trace

SELF, PAIRS, FEEDBACK, DNC = transformer_trace(), pairs_trace(), feedback_trace(), dnc_trace()
HEAD = Selection(channel="attention.self", layer=1, head=2)
KEY = Selection(channel="memory.keys", layer=1, slots=(4,))


def test_a_head_of_a_layer_can_be_forced_and_muted() -> None:
    found = offers(SELF, Selection(channel="attention.self", layer=1, head=2, slots=(3,)), 8)

    heads = [offer for offer in found if offer.act in ("force", "mute")]
    assert [offer.title for offer in heads] == ["Force weighting …", "Mute layer 2, head 3"]
    assert (heads[0].asks, heads[0].hint) == ("to step (1 to 13)", "4")
    assert heads[0].says == "Layer 2, head 3 looks at one step only."


def test_forcing_names_layer_head_and_position() -> None:
    assert make("force", SELF, HEAD, 8, Answer(text="4")) == (
        Edit(act="force", channel="attention.self", step=8, index=(1, 2, 3)),
    )


def test_the_future_cannot_be_looked_at() -> None:
    with pytest.raises(CannotEditError, match="Step 12 cannot be looked at from step 9"):
        make("force", SELF, HEAD, 8, Answer(text="12"))


@pytest.mark.parametrize("text", ["", "0", "14", "x", "-1"])
def test_a_step_that_is_none_is_refused_with_those_there_are(text: str) -> None:
    with pytest.raises(CannotEditError, match="1 to 13"):
        make("force", SELF, HEAD, 8, Answer(text=text))


def test_a_head_that_looks_nowhere_here_cannot_be_forced_here() -> None:
    cross = Selection(channel="attention.cross", layer=0, head=0)

    with pytest.raises(CannotEditError, match="Layer 1, head 1 looks nowhere at step 2"):
        make("force", PAIRS, cross, 1, Answer(text="1"))


def test_muting_a_head_takes_its_whole_row() -> None:
    assert make("mute", SELF, HEAD, 8) == (Edit(act="mute", channel="attention.self", step=8, index=(1, 2), until=-1),)


def test_a_cached_position_of_a_layer_can_be_erased_set_and_frozen_but_not_swapped() -> None:
    assert [offer.act for offer in offers(SELF, KEY, 8)] == ["erase", "set", "freeze"]
    assert make("erase", SELF, KEY, 8) == (Edit(act="erase", channel="memory.keys", step=8, index=(1, 4)),)


def test_one_feature_of_a_cached_position_can_be_set() -> None:
    cell = Selection(channel="memory.keys", layer=1, slots=(4,), features=(2,))

    made = make("set", SELF, cell, 8, Answer(text="0.5"))

    assert made == (Edit(act="set", channel="memory.keys", step=8, index=(1, 4, 2), values=(0.5,)),)
    assert offers(SELF, cell, 8)[0].title == "Erase slot 4, feature 2"


def test_a_layer_that_is_not_there_offers_nothing() -> None:
    assert offers(SELF, Selection(channel="memory.keys", layer=7, slots=(4,)), 8) == ()


def test_a_vector_of_the_feedback_memory_is_a_slot_like_any_other() -> None:
    found = offers(FEEDBACK, Selection(channel="memory.vectors", slots=(2,)), 8)

    assert [offer.act for offer in found] == ["erase", "set", "swap", "freeze"]


def test_a_slot_clicked_in_its_usage_can_be_erased_in_memory() -> None:
    (edit,) = make("erase", DNC, Selection(channel="usage.level", slots=(3,)), 8)

    assert (edit.channel, edit.index) == ("memory.contents", (3,))


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        (Edit(act="force", channel="attention.self", step=8, index=(1, 2, 3)), "force layer 2, head 3 to step 4 at step 9"),
        (Edit(act="mute", channel="attention.past", step=8, index=(0, 1), until=-1), "mute layer 1, head 2 from step 9"),
        (Edit(act="erase", channel="memory.keys", step=8, index=(1, 4, 2)), "erase keys, layer 2, slot 4, feature 2 at step 9"),
    ],
)
def test_a_chip_tells_layer_head_and_step(edit: Edit, says: str) -> None:
    assert edit_in_words(edit) == says


def test_a_chip_of_a_layered_bank_names_the_layer() -> None:
    edit = Edit(act="erase", channel="memory.keys", step=8, index=(1, 4))

    assert edit_in_words(edit, {"memory.keys": ("layer", "slot", "feature")}) == "erase keys, layer 2, slot 4 at step 9"
    assert np.isfinite(SELF.arrays["memory.keys"][8, 1, 4]).all()
