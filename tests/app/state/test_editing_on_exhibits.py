"""What the window offers to change in a bundled network, the engine does."""

import numpy as np
import pytest
import torch

from app.state.edit_offer import Answer
from app.state.editing import make, offers
from app.state.lens import Selection
from app.state.what_if import result_in_words
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace import Trace
from engine.recording import record
from engine.sources import Opened, exhibit_cards, open_source

torch.set_num_threads(1)
BUNDLED = {card.name: card for card in exhibit_cards()}
CASES = {
    "ntm-copy": (
        Selection(channel="write.weighting", head=0, slots=(1,)),
        Selection(channel="read.weighting", head=0, slots=(2,)),
        Selection(channel="memory.contents", slots=(0, 2)),
        Selection(channel="memory.contents", slots=(1,), features=(3,)),
        Selection(channel="controller.cell", unit=5),
    ),
    "lstm-copy": (Selection(channel="state.cell", layer=0, unit=5), Selection(channel="state.hidden", layer=0, unit=2)),
    "memn2n-babi": (Selection(channel="hop.attention", hop=1, slots=(0,)), Selection(channel="memory.contents", slots=(0,))),
}


def _opened(name: str) -> Opened:
    if name not in BUNDLED:
        pytest.skip(f"{name} is not bundled with this checkout")
    return open_source(Source(place=f"exhibit:{name}"), {})


def _recorded(opened: Opened, edits: tuple = ()) -> Trace:  # type: ignore[type-arg]
    return record(opened, EpisodeWish(seed=3), edits)


@pytest.mark.parametrize(("name", "selection"), [(name, one) for name, cases in CASES.items() for one in cases])
def test_every_offer_is_accepted_and_recorded_with_the_trace(name: str, selection: Selection) -> None:
    opened = _opened(name)
    before = _recorded(opened)
    found = offers(before, selection, 2)

    for offer in found:
        edits = make(
            offer.act,
            before,
            selection,
            2,
            Answer(text={"set": "0.5", "swap": "5", "force": "5"}.get(offer.act, ""), onwards=offer.act == "force"),
        )
        after = _recorded(opened, edits)

        assert after.card.edits == edits
        assert result_in_words(before, after)

    assert found


def test_a_slot_erased_in_the_middle_breaks_the_answer_of_the_copying_machine() -> None:
    opened = _opened("ntm-copy")
    before = _recorded(opened)
    length = next(phase.last for phase in before.card.phases if phase.name == "present")
    slot = int(np.argmax(before.arrays["write.weighting"][length, 0]))

    edits = make("erase", before, Selection(channel="memory.contents", slots=(slot,)), length)
    after = _recorded(opened, edits)

    assert before.card.outcome["wrong_bits"] == 0
    assert after.card.outcome["wrong_bits"] > 0
    assert result_in_words(before, after).startswith("Output changed: ")


def test_an_erased_fact_moves_the_answer_of_the_question_that_rests_on_it() -> None:
    opened = _opened("memn2n-babi")
    before = _recorded(opened)
    asked = [step for step in range(before.steps) if np.isfinite(before.arrays["answer.probability"][step]).all()]
    step = asked[0]
    slot = int(np.argmax(before.arrays["hop.attention"][step, 0]))

    edits = make("erase", before, Selection(channel="memory.contents", slots=(slot,)), step)
    after = _recorded(opened, edits)

    assert not np.allclose(before.arrays["answer.probability"][step], after.arrays["answer.probability"][step])
