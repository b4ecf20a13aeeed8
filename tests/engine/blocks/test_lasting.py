"""A memory that lasts: where samples are written, what makes room, and what stays as it is."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from engine.blocks.lasting import Lasting, LastingMemory, Rule, blank, choose, least_used, write, write_all

WIDTH, DECAY = 3, 0.9
RULES: tuple[Rule, ...] = ("paper", "bound_lru", "bound_merge")

every_rule = pytest.mark.parametrize("rule", RULES)
seeds = st.integers(0, 10_000)


def drawn(seed: int, count: int, slots: int, answers: int = 4) -> tuple[Tensor, Tensor, Tensor]:
    """Samples, what each of them reads, and their answers."""
    chance = torch.Generator().manual_seed(seed)
    reads = torch.softmax(4 * torch.randn(count, slots, generator=chance), -1)
    return torch.randn(count, WIDTH, generator=chance), reads, torch.randint(answers, (count,), generator=chance)


def filled(seed: int, count: int, slots: int, rule: Rule = "bound_lru", gate: float = 0.5) -> Lasting:
    """A memory after so many samples."""
    samples, reads, answers = drawn(seed, count, slots)
    return write_all(blank(slots, WIDTH), samples, reads, answers, torch.arange(count), rule, gate, DECAY)


@every_rule
@given(seeds, st.integers(2, 9), st.floats(0, 1))
def test_usage_is_never_negative_nor_more_than_two_for_each_sample_that_still_counts(
    rule: Rule, seed: int, slots: int, gate: float
) -> None:
    usage = filled(seed, 40, slots, rule, gate).usage

    assert (usage >= 0).all()
    assert (usage <= 2 / (1 - DECAY) + 1e-4).all()


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=1, max_size=9))
def test_the_least_used_slot_is_the_first_of_the_smallest(usage: list[float]) -> None:
    assert least_used(torch.tensor(usage)).argmax() == usage.index(min(usage))


@every_rule
@given(seeds, st.integers(2, 9))
def test_only_slots_that_are_written_change(rule: Rule, seed: int, slots: int) -> None:
    memory = filled(seed, 20, slots)
    (sample,), (read,), (answer,) = drawn(seed + 1, 1, slots)
    chosen, _ = choose(memory, read, answer.float(), rule, 0.0)

    after, _ = write(memory, sample, read, chosen, answer.float(), torch.tensor(7.0), rule, DECAY)

    untouched = chosen == 0
    assert torch.equal(after.contents[untouched], memory.contents[untouched])
    assert torch.equal(after.label[untouched], memory.label[untouched])
    assert chosen.sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("rule", ["paper", "bound_lru"])
@given(seeds, st.integers(1, 9))
def test_as_many_samples_as_slots_fill_an_empty_memory_each_in_a_slot_of_its_own(rule: Rule, seed: int, slots: int) -> None:
    memory = filled(seed, slots, slots, rule, gate=0.0)

    assert sorted(memory.number.tolist()) == list(range(slots))
    assert sorted(memory.written.tolist()) == list(range(1, slots + 1))


def test_merging_keeps_one_slot_for_what_has_the_same_answer_and_makes_it_the_mean() -> None:
    memory = filled(0, 1, 3, "bound_merge")
    read, answer = torch.tensor([0.8, 0.1, 0.1]), memory.label[0]
    chosen, share = choose(memory, read, answer, "bound_merge", 0.0)

    after, lost = write(memory, torch.ones(WIDTH), read, chosen, answer, torch.tensor(5.0), "bound_merge", DECAY)

    assert (share, lost) == (1, -1)
    torch.testing.assert_close(after.contents[0], (memory.contents[0] + 1) / 2)
    assert (after.label >= 0).sum() == 1


def test_what_makes_room_is_named_and_its_reads_are_forgotten() -> None:
    memory = filled(3, 12, 3)._replace(reads=torch.tensor([4.0, 5.0, 6.0]))
    chosen, read = least_used(memory.usage), torch.tensor([0.2, 0.5, 0.3])
    slot = int(chosen.argmax())

    after, lost = write(memory, torch.ones(WIDTH), read, chosen, torch.tensor(3.0), torch.tensor(-1.0), "bound_lru", DECAY)

    assert lost == memory.label[slot]
    assert after.reads[slot] == 0
    assert after.samples == memory.samples + 1


def test_nothing_chosen_is_nothing_written() -> None:
    memory = filled(3, 12, 3)

    after, lost = write(
        memory, torch.ones(WIDTH), torch.full((3,), 1 / 3), torch.zeros(3), torch.tensor(1.0), torch.tensor(0.0), "paper", DECAY
    )

    assert lost == -1
    assert torch.equal(after.contents, memory.contents)
    assert torch.equal(after.label, memory.label)


@every_rule
def test_the_paper_s_rule_clears_the_least_used_slot_before_it_adds(rule: Rule) -> None:
    memory = filled(5, 12, 4)._replace(read_before=torch.zeros(4))
    chosen = least_used(memory.usage)

    after, _ = write(memory, torch.ones(WIDTH), chosen, chosen, torch.tensor(9.0), torch.tensor(0.0), rule, DECAY)

    torch.testing.assert_close(after.contents[chosen.bool()], torch.ones(1, WIDTH))


def test_what_is_kept_is_in_the_state_and_nothing_else_is() -> None:
    memory, state = LastingMemory(3, WIDTH), filled(1, 9, 3)

    memory.keep(state)

    assert set(memory.state_dict()) == set(Lasting._fields)
    assert all(torch.equal(kept, wanted) for kept, wanted in zip(memory.state, state, strict=True))
    assert not list(memory.parameters())
