"""Present another sample instead: what is offered, the edits for it, and what came of it in words."""

from dataclasses import replace

import numpy as np
import pytest

from app.state.edit_offer import Answer, CannotEditError
from app.state.editing import make, misfit, offers
from app.state.lens import Selection
from app.state.what_if import edit_in_words, result_in_words
from engine.contract.cards import Channel
from engine.contract.trace import Event, Trace
from fake_growing import FUTURE, PAST, growing_trace
from fake_traces import ntm_trace

NOTHING = Selection()
GIVEN = tuple(
    Channel(
        name=f"input.{name}", axes=("time", "xy"), kind="trajectory", bounded=False, low=-1.0, title=name, says="As presented."
    )
    for name in ("past", "future")
)


def streamed(samples: int = 30) -> Trace:
    """A stream whose network takes past and future from the probe."""
    trace = growing_trace(samples)
    chance = np.random.default_rng(5)
    arrays = {
        "input.past": chance.normal(size=(samples, PAST, 2)).astype(np.float32),
        "input.future": chance.normal(size=(samples, FUTURE, 2)).astype(np.float32),
    }
    model = replace(trace.card.model, channels=(*GIVEN, *trace.card.model.channels))
    return replace(trace, card=replace(trace.card, model=model), arrays={**arrays, **trace.arrays})


@pytest.fixture
def trace() -> Trace:
    return streamed()


def test_it_is_offered_where_a_network_takes_its_samples_from_the_probe(trace: Trace) -> None:
    offered = next(offer for offer in offers(trace, NOTHING, 12) if offer.act == "present")

    assert offered.title == "Present another sample …"
    assert "(1 to 30) of the stream, or a way that you draw" in offered.asks
    assert offered.lines[0][-1] == (0.0, 0.0)
    assert offered.reach > 1
    assert offered.hint == "14"


def test_elsewhere_it_is_not_offered_and_says_why() -> None:
    assert all(offer.act != "present" for offer in offers(ntm_trace(), Selection(slots=(1,)), 3))
    with pytest.raises(CannotEditError, match="offered one sample after the other"):
        make("present", ntm_trace(), NOTHING, 3, Answer(text="2"))


def test_another_sample_of_the_stream_is_an_edit_of_its_past_and_one_of_its_future(trace: Trace) -> None:
    edits = make("present", trace, NOTHING, 12, Answer(text="sample 5"))

    assert [(edit.act, edit.channel, edit.step, edit.index) for edit in edits] == [
        ("set", "input.past", 12, ()),
        ("set", "input.future", 12, ()),
    ]
    np.testing.assert_allclose(np.reshape(edits[0].values, (PAST, 2)), trace.arrays["input.past"][4], atol=1e-4)
    np.testing.assert_allclose(np.reshape(edits[1].values, (FUTURE, 2)), trace.arrays["input.future"][4], atol=1e-4)
    assert [edit_in_words(edit) for edit in edits] == ["past of sample 5, at sample 13", "future of sample 5, at sample 13"]
    assert all(misfit(trace, edit) == "" for edit in edits)


def test_a_drawn_way_is_moved_to_where_the_sample_stands_and_parted_into_past_and_future(trace: Trace) -> None:
    past, future = make("present", trace, NOTHING, 12, Answer(text="0,0 0,19"))

    seen, came = np.reshape(past.values, (PAST, 2)), np.reshape(future.values, (FUTURE, 2))
    np.testing.assert_allclose(seen[-1], trace.arrays["input.past"][12][-1], atol=1e-3)
    np.testing.assert_allclose(np.diff(np.concatenate((seen, came)), axis=0), [[0, 1]] * (PAST + FUTURE - 1), atol=0.02)
    assert edit_in_words(past) == "past that was drawn, at sample 13"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Type the number of a sample, 1 to 30, or type at least two points"),
        ("31", "Type the number of a sample, 1 to 30"),
        ("13", "Sample 13 is the one that is here already"),
        ("1,2", "one point only"),
        ("0,0 0,0", "no length"),
        ("0,0 1,1 ; 0,0 2,2", "These are 2 samples; one is presented at a step"),
        ("0,0 x,1", "is no point"),
    ],
)
def test_what_is_no_sample_is_told(trace: Trace, text: str, said: str) -> None:
    with pytest.raises(CannotEditError, match=said):
        make("present", trace, NOTHING, 12, Answer(text=text))


def _after(trace: Trace, step: int, slot: int, moved: tuple[int, ...]) -> Trace:
    """What came of another sample: it is stored in this slot (-1: refused), and these steps are foreseen differently."""
    foreseen = np.array(trace.arrays["scene.foreseen"])
    foreseen[list(moved)] += 1
    others = tuple(event for event in trace.card.events if event.kind != "write" or event.step != step)
    written = (Event(kind="write", step=step, slot=slot),) if slot >= 0 else ()
    edits = make("present", trace, NOTHING, step, Answer(text=str(step + 2)))
    return replace(
        trace, card=replace(trace.card, events=(*others, *written), edits=edits),
        arrays={**trace.arrays, "scene.foreseen": foreseen},
    )  # fmt: skip


def test_the_result_says_what_became_of_it_and_of_the_later_samples(trace: Trace) -> None:
    step = next(event.step for event in trace.card.events if event.kind == "write" and event.step > 3)
    before = _after(trace, step, 73, ())
    refused = _after(trace, step, -1, ())

    assert result_in_words(before, _after(trace, step, 74, (step, step + 2, step + 4))).startswith(
        f"It is stored as slot 74 instead of 73. 2 later samples are foreseen differently, the first sample {step + 3}."
    )
    assert result_in_words(before, refused) == (
        "It is refused, where the other was stored as slot 73. Every later one is foreseen as before."
    )
    assert result_in_words(refused, _after(trace, step, 9, (step,))) == (
        "It is stored as slot 9, where the other was refused. Every later one is foreseen as before."
    )
