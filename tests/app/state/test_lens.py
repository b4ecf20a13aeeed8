"""One selection for all panes; Esc takes it back one level at a time; Back returns to where one was."""

from app.state.lens import LETTERS, Lens, Place, Selection

CELL = Selection(channel="memory.contents", slots=(3,), features=(5,))


def _here(step: int = 0, lens: Lens | None = None) -> Place:
    return Place(step=step, micro=None, selection=lens.selection if lens else Selection())


def test_back_after_twenty_selections_returns_the_first() -> None:
    lens = Lens()
    for slot in range(21):
        lens.select(Selection(slots=(slot,)), _here(slot, lens))

    places = [lens.back(_here(20 - n, lens)) for n in range(20)]

    assert lens.selection == Selection(slots=(0,))
    assert places[-1] is not None
    assert places[-1].step == 1


def test_forward_undoes_back() -> None:
    lens = Lens()
    lens.select(Selection(slots=(1,)), _here(4))
    lens.back(_here(9, lens))

    place = lens.forward(_here(4, lens))

    assert place is not None
    assert (place.step, lens.selection) == (9, Selection(slots=(1,)))


def test_a_new_selection_closes_the_way_forward() -> None:
    lens = Lens()
    lens.select(Selection(slots=(1,)), _here())
    lens.back(_here())

    lens.select(Selection(slots=(2,)), _here())

    assert lens.forward(_here()) is None


def test_there_is_no_way_back_from_the_beginning() -> None:
    assert Lens().back(_here()) is None


def test_escape_clears_one_level_at_a_time() -> None:
    lens = Lens()
    lens.select(CELL, _here())

    levels = []
    while lens.clear(_here()):
        levels.append(lens.selection)

    assert levels == [Selection(channel="memory.contents", slots=(3,)), Selection(channel="memory.contents"), Selection()]


def test_clearing_keeps_the_side() -> None:
    lens = Lens()
    lens.select(Selection(side="B", slots=(1,)), _here())

    while lens.clear(_here()):
        pass

    assert lens.selection.side == "B"
    assert lens.selection.is_empty


def test_ctrl_click_adds_a_slot_and_takes_it_out_again() -> None:
    lens = Lens()
    lens.select(Selection(slots=(3,)), _here())

    lens.toggle_slot(1, _here())
    both = lens.selection.slots
    lens.toggle_slot(3, _here())

    assert both == (1, 3)
    assert lens.selection.slots == (1,)


def test_four_selections_can_be_pinned_each_with_a_letter() -> None:
    lens = Lens()
    kept = []
    for slot in range(5):
        lens.select(Selection(slots=(slot,)), _here())
        kept.append(lens.pin())

    assert kept == [True, True, True, True, False]
    assert tuple(pin.letter for pin in lens.pins) == LETTERS


def test_nothing_is_pinned_twice_and_nothing_empty() -> None:
    lens = Lens()
    empty = lens.pin()
    lens.select(CELL, _here())

    assert (empty, lens.pin(), lens.pin()) == (False, True, False)


def test_a_freed_letter_is_given_again() -> None:
    lens = Lens()
    for slot in range(3):
        lens.select(Selection(slots=(slot,)), _here())
        lens.pin()
    lens.unpin("P2")
    lens.select(CELL, _here())

    lens.pin()

    assert sorted(pin.letter for pin in lens.pins) == ["P1", "P2", "P3"]


def test_hovering_changes_no_selection_and_is_told_once() -> None:
    lens, heard = Lens(), []
    lens.hovered.connect(lambda: heard.append(1))

    lens.point_at(CELL, "slot 3: 0.5")
    lens.point_at(CELL, "slot 3: 0.5")
    lens.point_at(None)

    assert len(heard) == 2
    assert lens.selection.is_empty
    assert (lens.hover, lens.hover_says) == (None, "")


def test_a_selection_of_unit_or_answer_is_cleared_like_a_feature() -> None:
    lens = Lens()
    lens.select(Selection(channel="state.cell", layer=1, unit=4), _here())

    lens.clear(_here())

    assert lens.selection == Selection(channel="state.cell", layer=1)
