"""Who wrote a memory: the shares are exact, held against a replay in which single writes are left out."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from app.state import provenance
from app.state.lens import Selection
from app.state.provenance import Provenance, written_memory
from app.state.provenance_words import told, told_by_change, writers
from app.state.things import thing
from engine.blocks.probe import Recorder
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace import Array, Trace
from engine.recording import record
from engine.sources import open_source
from engine.training.assemble import assemble
from fake_traces import lstm_trace, memn2n_trace, ntm_trace

SIZES = st.tuples(st.integers(1, 7), st.integers(1, 3), st.integers(1, 5), st.integers(1, 4), st.integers(0, 2**31))


def replay(trace: Trace, without: tuple[int, int] | None = None, blank: bool = False) -> Array:
    """The memory after each step, written anew by erase and add; the add of one step and head may be left out."""
    memory = np.asarray(trace.initial["memory.contents"], np.float64) * (0 if blank else 1)
    after = []
    for step in range(trace.steps):
        w, e, a = (np.asarray(trace.arrays[f"write.{n}"][step], np.float64) for n in ("weighting", "erase", "add"))
        for head in range(len(w)):
            memory = memory * (1 - np.outer(w[head], e[head]))
        for head in range(len(w)):
            memory = memory + (0 if (step, head) == without else 1) * np.outer(w[head], a[head])
        after.append(memory)
    return np.stack(after)


def drawn(sizes: tuple[int, int, int, int, int]) -> Trace:
    """An episode of random writes: weightings of every sharpness, erases from 0 to 1."""
    length, heads, slots, width, seed = sizes
    chance, trace = np.random.default_rng(seed), ntm_trace(length=length, heads=heads, slots=slots, width=width)
    shape = (trace.steps, heads)
    trace.arrays["write.weighting"] = chance.dirichlet(np.full(slots, chance.uniform(0.05, 2)), shape).astype(np.float32)
    trace.arrays["write.erase"] = np.round(chance.uniform(-0.5, 1.5, (*shape, width)).clip(0, 1), 2).astype(np.float32)
    trace.arrays["write.add"] = chance.normal(size=(*shape, width)).astype(np.float32)
    trace.initial["memory.contents"] = chance.normal(size=(slots, width)).astype(np.float32)
    trace.arrays["memory.contents"] = replay(trace).astype(np.float32)
    return trace


def of(trace: Trace) -> Provenance:
    written = written_memory(trace)
    assert written is not None
    return Provenance(trace, written)


@given(SIZES, st.data())
@settings(max_examples=60)
def test_leaving_out_a_write_takes_exactly_its_contribution_away(sizes: tuple[int, int, int, int, int], data: st.DataObject):
    trace = drawn(sizes)
    step, slot = data.draw(st.integers(0, trace.steps - 1)), data.draw(st.integers(0, sizes[2] - 1))
    written, head = data.draw(st.integers(0, step)), data.draw(st.integers(0, sizes[1] - 1))

    found = of(trace).contributions(slot, step)

    lost = replay(trace)[step, slot] - replay(trace, without=(written, head))[step, slot]
    np.testing.assert_allclose(found[written + 1, head], lost, atol=1e-6)


@given(SIZES, st.data())
@settings(max_examples=60)
def test_what_is_left_of_the_start_and_all_writes_sum_to_the_content(sizes: tuple[int, int, int, int, int], data: st.DataObject):
    trace = drawn(sizes)
    step, slot = data.draw(st.integers(0, trace.steps - 1)), data.draw(st.integers(0, sizes[2] - 1))

    found = of(trace).contributions(slot, step)

    np.testing.assert_allclose(found.sum((0, 1)), trace.arrays["memory.contents"][step, slot], atol=1e-5)
    np.testing.assert_allclose(found[0, 0], (replay(trace) - replay(trace, blank=True))[step, slot], atol=1e-6)


@given(SIZES, st.lists(st.integers(0, 100), min_size=1, max_size=6))
@settings(max_examples=60)
def test_in_whatever_order_steps_are_visited_every_slot_has_its_own_shares(sizes: tuple[int, ...], steps: list[int]):
    trace = drawn(sizes)  # type: ignore[arg-type]  # five numbers
    found, slots = of(trace), sizes[2]

    shares = [found.shares(step % trace.steps, slots) for step in steps]

    for step, matrix in zip(steps, shares, strict=True):
        step %= trace.steps
        wanted = np.stack([np.abs(of(trace).contributions(slot, step)).sum((1, 2)) for slot in range(slots)])
        present = wanted.sum(-1) >= found.least
        np.testing.assert_allclose(matrix[present, : step + 2], (wanted / wanted.sum(-1, keepdims=True))[present], atol=1e-4)
        assert np.isnan(matrix[:, step + 2 :]).all()


@pytest.mark.parametrize("seed", [0, 4, 13])
def test_a_real_machine_s_memory_is_told_exactly(seed: int) -> None:
    trace = record(open_source(Source(place="exhibit:ntm-copy")), EpisodeWish(seed=seed))
    found, last = of(trace), trace.steps - 1

    summed = np.stack([found.contributions(slot, last).sum((0, 1)) for slot in range(found.slots)])

    np.testing.assert_allclose(summed, trace.at("memory.contents", last), atol=2e-5)
    np.testing.assert_allclose(np.nansum(found.shares(last, 32), axis=-1)[1:20], 1, atol=1e-5)


@pytest.mark.parametrize(("model", "heads"), [("ntm", 1), ("ntm", 3), ("dnc", 2)])
def test_every_model_that_erases_and_adds_is_told_exactly_with_several_heads_too(model: str, heads: int) -> None:
    settings = {"slots": 9, "slot_width": 4, "hidden": 7, "heads": heads, "bits": 3, "max_length": 6}
    made, recorder = assemble(model, "copy", settings, 0), Recorder()
    for parameter in made.model.parameters():
        parameter.data *= 6  # so that heads do something
    episode = made.task.episode(EpisodeWish(seed=3))
    with torch.no_grad():
        made.model.replay(episode, recorder)
    card = replace(ntm_trace().card, model=made.model_entry.card, steps=episode.steps)
    trace = Trace(card=card, arrays=recorder.arrays(episode.steps), initial=recorder.initial())
    found, last = of(trace), trace.steps - 1

    summed = np.stack([found.contributions(slot, last).sum((0, 1)) for slot in range(9)])

    assert np.abs(trace.at("memory.contents", last)).max() > 0.3
    np.testing.assert_allclose(summed, trace.at("memory.contents", last), atol=1e-4, rtol=1e-4)


def test_in_a_real_machine_each_vector_is_written_whole_at_its_own_step() -> None:
    trace = record(open_source(Source(place="exhibit:ntm-copy")), EpisodeWish(seed=4))
    shares = of(trace).shares(19, 24)
    holding = np.flatnonzero(np.nan_to_num(shares).max(-1) > 0)

    assert len(holding) == 20
    assert (np.nanmax(shares[holding], axis=-1) > 0.9).all()
    assert sorted(np.nanargmax(shares[holding], axis=-1).tolist()) == list(range(1, 21))


def test_a_slot_that_a_what_if_sets_counts_as_written_by_hand() -> None:
    opened = open_source(Source(place="exhibit:ntm-copy"))
    edit = Edit(act="set", channel="memory.contents", step=9, index=(5,), values=(0.7,) * 20)
    trace = record(opened, EpisodeWish(seed=4), (edit,))
    found = of(trace)

    by_hand = found.contributions(5, 30)[:, found.heads]

    summed = np.stack([found.contributions(slot, 30).sum((0, 1)) for slot in range(20)])
    np.testing.assert_allclose(summed, trace.at("memory.contents", 30)[:20], atol=1e-4)
    assert np.flatnonzero(np.abs(by_hand).sum(-1)).tolist() == [10]
    assert told(found, 5, 9) == "100 % written at step 10 by hand."
    np.testing.assert_allclose(found.shares(30, 20)[5, 10], found.feature_shares(5, 30)[:, 10].mean(), atol=0.02)


def test_of_a_long_episode_what_is_older_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "MOST_STEPS", 8)
    trace = drawn((10, 2, 4, 3, 5))
    found, step = of(trace), 17

    shares = found.shares(step, 4)

    assert (found.first(step), found.columns(step)) == (12, 8)
    assert shares.shape == (4, 9)
    np.testing.assert_allclose(np.nansum(shares, -1), 1, atol=1e-5)
    np.testing.assert_allclose(found.contributions(2, step).sum((0, 1)), trace.at("memory.contents", step)[2], atol=1e-5)


def test_what_lies_there_from_before_the_steps_that_are_told_apart_is_named_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance, "MOST_STEPS", 8)
    trace = ntm_trace(length=10, slots=16)
    trace.arrays["write.weighting"][10:] = 0
    trace.arrays["memory.contents"] = replay(trace).astype(np.float32)

    assert [writer.name for writer in writers(of(trace), 3, 17)] == ["before step 13"]
    assert told(of(trace), 3, 17) == "100 % from before step 13."


def test_only_what_was_written_on_the_way_is_found_anew() -> None:
    found = of(ntm_trace(length=20, slots=128))
    found.shares(10, 128)

    assert found.work(11, 128) == 2 * 12 * 20
    assert found.work(10, 128) == 0


def test_a_blank_slot_has_no_writers() -> None:
    found = of(ntm_trace(length=6, slots=16))

    assert np.isnan(found.shares(2, 16)[9]).all()
    assert told(found, 9, 2) == "Next to nothing lies here: it is (nearly) blank."


def test_the_words_name_step_and_head_and_what_is_older() -> None:
    trace = ntm_trace(length=3, slots=4, width=1)
    for name, values in (("weighting", (1, 1)), ("erase", (0, 0.5)), ("add", (0.4, 1.2))):
        trace.arrays[f"write.{name}"][:] = 0
        trace.arrays[f"write.{name}"][:2, 0, 0] = np.reshape(values, (2, *[1] * (trace.arrays[f"write.{name}"].ndim - 3)))
    trace.arrays["memory.contents"] = replay(trace).astype(np.float32)

    assert told(of(trace), 0, 1) == "86 % written at step 2 by write head 1, 14 % written at step 1 by write head 1."


def test_shares_too_small_to_be_named_are_older_or_other_writes() -> None:
    trace = ntm_trace(length=6, slots=16)

    assert told(of(trace), 3, 3) == "98 % written at step 4 by write head 1, 2 % older."


def test_a_memory_that_does_not_follow_from_erase_and_add_is_not_told_of() -> None:
    trace = ntm_trace(length=6, slots=16)
    trace.arrays["memory.contents"] = trace.arrays["memory.contents"] + 0.5

    assert written_memory(trace) is None


@pytest.mark.parametrize("trace", [lstm_trace(length=4), memn2n_trace()], ids=lambda t: t.card.model.id)
def test_a_model_that_does_not_erase_and_add_has_no_shares(trace: Trace) -> None:
    assert written_memory(trace) is None


def test_without_erase_and_add_the_steps_at_which_a_slot_changed_are_told() -> None:
    trace = memn2n_trace()
    seen = thing(trace, Selection(channel="memory.contents", slots=(1,)))
    assert seen is not None

    assert told_by_change(seen, 0) == "Nothing has been written here yet."
    assert told_by_change(seen, 5) == "Written whole at step 2, and not changed since."


def test_of_a_recurrent_state_it_is_said_that_no_step_alone_wrote_it() -> None:
    trace = lstm_trace(length=4)
    channels = tuple(replace(c, lifetime="episode") for c in trace.card.model.channels)
    trace = replace(trace, card=replace(trace.card, model=replace(trace.card.model, channels=channels)))
    seen = thing(trace, Selection(channel="state.cell", layer=0, unit=3))
    assert seen is not None

    assert told_by_change(seen, 2) == "Every step rewrites every unit out of all units before it, so no step alone wrote it."
