"""The seam: the silent probe changes nothing, a recorder keeps copies, an editor changes exactly what its edits say."""

import numpy as np
import torch

from engine.blocks.probe import Editor, Recorder, Watch, show_pair, silent
from engine.contract.edits import Edit


def test_the_silent_probe_hands_back_the_very_tensor() -> None:
    value = torch.ones(1, 3)

    assert silent("a.b", value) is value


def test_a_recorder_keeps_a_copy_that_later_writes_do_not_touch() -> None:
    recorder, value = Recorder(), torch.zeros(1, 2)

    recorder.at(0)
    recorder("a.b", value)
    value += 5

    np.testing.assert_array_equal(recorder.arrays(1)["a.b"], [[0, 0]])


def test_a_step_without_a_value_is_marked_as_absent() -> None:
    recorder = Recorder()

    recorder.at(1)
    recorder("a.b", torch.ones(1, 2))

    np.testing.assert_array_equal(recorder.arrays(3)["a.b"], [[np.nan] * 2, [1, 1], [np.nan] * 2])


def test_parts_become_the_first_axis() -> None:
    recorder = Recorder()

    recorder.at(0)
    recorder("hop.attention", torch.tensor([[1.0, 0.0]]), part=0)
    recorder("hop.attention", torch.tensor([[0.0, 1.0]]), part=1)

    np.testing.assert_array_equal(recorder.arrays(1)["hop.attention"], [[[1, 0], [0, 1]]])


def _edited(edit: Edit, value: torch.Tensor, step: int = 0, part: int | None = None) -> torch.Tensor:
    editor = Editor((edit,), silent)
    editor.at(step)
    return editor(edit.channel, value, part)


MEMORY = torch.arange(6.0).reshape(1, 3, 2)


def test_erasing_a_slot_makes_its_row_zero_and_leaves_the_rest() -> None:
    changed = _edited(Edit(act="erase", channel="memory.contents", step=0, index=(1,)), MEMORY)

    assert changed.tolist() == [[[0, 1], [0, 0], [4, 5]]]
    assert MEMORY[0, 1].tolist() == [2, 3]


def test_swapping_two_slots_exchanges_their_rows() -> None:
    changed = _edited(Edit(act="swap", channel="memory.contents", step=0, index=(0, 2)), MEMORY)

    assert changed.tolist() == [[[4, 5], [2, 3], [0, 1]]]


def test_setting_a_cell_and_setting_a_row() -> None:
    cell = _edited(Edit(act="set", channel="memory.contents", step=0, index=(2, 1), values=(9,)), MEMORY)
    row = _edited(Edit(act="set", channel="memory.contents", step=0, index=(2,), values=(8, 9)), MEMORY)

    assert cell[0, 2].tolist() == [4, 9]
    assert row[0, 2].tolist() == [8, 9]


def test_a_frozen_slot_keeps_the_value_that_it_had_when_it_froze() -> None:
    editor = Editor((Edit(act="freeze", channel="memory.contents", step=1, index=(0,), until=-1),), silent)

    seen = []
    for step in range(4):
        editor.at(step)
        seen.append(editor("memory.contents", MEMORY + step)[0, 0, 0].item())

    assert seen == [0, 1, 1, 1]


def test_forcing_a_weighting_puts_all_of_one_head_on_one_slot() -> None:
    weighting = torch.full((1, 2, 4), 0.25)

    changed = _edited(Edit(act="force", channel="read.weighting", step=0, index=(1, 3)), weighting)

    assert changed.tolist() == [[[0.25] * 4, [0, 0, 0, 1]]]


def test_forcing_one_hop_leaves_the_others_alone() -> None:
    edit = Edit(act="force", channel="hop.attention", step=0, index=(1, 2))
    attention = torch.full((1, 3), 1 / 3)

    assert _edited(edit, attention, part=0) is attention
    assert _edited(edit, attention, part=1).tolist() == [[0, 0, 1]]


def test_muting_a_head_makes_its_vector_zero() -> None:
    changed = _edited(Edit(act="mute", channel="read.vector", step=0, index=(0,)), torch.ones(1, 2, 3))

    assert changed.tolist() == [[[0, 0, 0], [1, 1, 1]]]


def test_an_edit_at_another_step_changes_nothing() -> None:
    edit = Edit(act="erase", channel="memory.contents", step=5, index=(1,))

    assert _edited(edit, MEMORY, step=4) is MEMORY


def test_the_watch_names_the_first_value_that_is_not_finite() -> None:
    watch = Watch()

    for step, value in enumerate((1.0, float("nan"), float("inf"))):
        watch.at(step)
        watch("write.gate", torch.tensor([[value]]))

    assert watch.first == ("write.gate", 1)


def test_values_of_many_steps_are_recorded_each_at_its_own_step() -> None:
    recorder, values = Recorder(batch_index=1), torch.arange(12.0).view(2, 3, 2)  # batch, step, feature

    recorder.many("a.b", values, first=1)

    np.testing.assert_array_equal(recorder.arrays(4)["a.b"], [[np.nan, np.nan], [6, 7], [8, 9], [10, 11]])


def test_values_of_many_steps_and_parts_fill_the_first_axis() -> None:
    recorder = Recorder()

    for layer in range(2):
        recorder.many("a.b", torch.full((1, 2, 1), float(layer)), layer)

    np.testing.assert_array_equal(recorder.arrays(2)["a.b"], [[[0], [1]], [[0], [1]]])


def test_an_edit_of_one_step_changes_only_that_step_of_many() -> None:
    values = torch.ones(1, 3, 2)
    editor = Editor([Edit(act="set", channel="a.b", step=3, index=(0,), values=(5.0,))], silent)

    changed = editor.many("a.b", values, first=2)

    assert changed.tolist() == [[[1, 1], [5, 1], [1, 1]]]
    assert values.tolist() == [[[1, 1], [1, 1], [1, 1]]]


def test_the_watch_names_the_step_at_which_one_of_many_values_is_not_finite() -> None:
    values, watch = torch.zeros(1, 4, 2), Watch()
    values[0, 2, 1] = float("nan")

    watch.many("a.b", values, first=5)

    assert watch.first == ("a.b", 7)


def test_steps_shown_together_and_steps_shown_alone_make_one_record() -> None:
    recorder = Recorder()

    recorder.many("layers.output", torch.ones(1, 2, 3), part=1, first=1)
    recorder.at(3)
    recorder("layers.output", torch.full((1, 3), 7.0), part=0)

    found = recorder.arrays(4)["layers.output"]
    assert found.shape == (4, 2, 3)
    np.testing.assert_array_equal(found[1:3, 1], np.ones((2, 3)))
    np.testing.assert_array_equal(found[3, 0], [7, 7, 7])
    assert np.isnan(found).sum() == found.size - 9


def test_the_first_bad_value_is_found_among_steps_shown_together() -> None:
    recorder = Recorder()

    recorder.many("b", torch.tensor([[0.0, 1.0, float("nan")]]), first=1)
    recorder.at(4)
    recorder("a", torch.tensor([float("inf")]))

    assert recorder.first_not_finite() == ("b", 3)


def test_without_copies_a_later_write_into_a_value_is_noticed() -> None:
    recorder, kept, written = Recorder(batch_index=1, copies=False), torch.tensor([[1.0], [2.0]]), torch.tensor([[3.0], [4.0]])

    recorder.at(0)
    recorder("a.b", kept)
    recorder("a.c", written)
    before = recorder.was_overwritten
    written += 5

    assert (before, recorder.was_overwritten) == (False, True)
    np.testing.assert_array_equal(recorder.arrays(1)["a.b"], [[2]])


def test_a_pair_of_channels_is_recorded_as_two_and_what_is_not_finite_is_named() -> None:
    recorder, both = Recorder(), torch.tensor([[[1.0], [2.0]]])

    recorder.at(0)
    assert show_pair(recorder, ("read.a", "write.a"), both) is both
    recorder.at(1)
    show_pair(recorder, ("read.a", "write.a"), torch.tensor([[[3.0], [torch.nan]]]))

    arrays = recorder.arrays(2)
    np.testing.assert_array_equal(arrays["read.a"], [[[1]], [[3]]])
    np.testing.assert_array_equal(arrays["write.a"], [[[2]], [[np.nan]]])
    assert recorder.first_not_finite() == ("write.a", 1)


def test_an_edit_of_one_of_a_pair_changes_that_one() -> None:
    editor = Editor([Edit(act="set", channel="write.a", step=0, index=(0, 0), values=(5.0,))], silent)
    editor.at(0)

    changed = show_pair(editor, ("read.a", "write.a"), torch.tensor([[[1.0], [2.0]]]))

    assert changed.tolist() == [[[1], [5]]]
