"""What is seen, asked and remembered."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.state.picture import _grid, picture_at, picture_channels, picture_in_words, reader, sources
from fake_pictures import REGIONS, picture_trace, without_questions
from fake_traces import memn2n_trace


def test_a_picture_comes_with_its_question_and_the_place_that_is_asked_about() -> None:
    shown = picture_at(picture_trace(), 0)

    assert shown.pixels.shape == (48, 48, 3)
    assert (shown.grid, shown.asked, shown.regions) == ((3, 3), 0, REGIONS)
    assert shown.words == ("name", "at", "top", "left")
    assert int(np.argmax(shown.listens)) == 3
    assert shown.looks is not None
    assert int(shown.looks.argmax()) == 0


def test_a_question_about_the_whole_picture_has_no_place() -> None:
    assert picture_at(picture_trace(), 2).asked == -1
    assert picture_at(without_questions(picture_trace()), 0).asked == -1


def test_a_wrong_answer_is_told_from_a_right_one() -> None:
    told = [picture_at(picture_trace(), step) for step in (0, 1)]

    assert [(shown.said, shown.right, shown.is_wrong) for shown in told] == [("korlo", "korlo", False), ("tavi", "snep", True)]


def test_a_model_without_attention_shows_the_bare_picture() -> None:
    shown = picture_at(picture_trace(has_looks=False), 0)

    assert shown.looks is None
    assert shown.listens == ()
    assert shown.grid == (3, 3)


def test_the_slots_that_are_read_most_come_first_with_what_is_known_of_them() -> None:
    found = sources(picture_trace(), 1)

    assert [s.share for s in found] == sorted((s.share for s in found), reverse=True)
    first = found[0]
    assert (first.slot, first.holds, first.written, first.reads) == (2, "tavi", 40, 9)


def test_what_was_read_is_told_as_it_was_before_the_step_wrote_over_it() -> None:
    trace = picture_trace()
    after = float(trace.at("memory.written", 1)[2])

    assert after == 1301
    assert sources(trace, 1)[0].written == 40


def test_without_memory_there_are_no_sources() -> None:
    trace = picture_trace(has_memory=False)

    assert sources(trace, 0) == ()
    assert reader(trace) is None
    assert "reads" not in picture_in_words(trace, 0)


def test_a_read_that_is_spread_over_everything_has_no_sources() -> None:
    trace = picture_trace()
    flat = np.full((4, 1, 200), 1 / 200, np.float32)

    assert sources(replace(trace, arrays={**trace.arrays, "read.weighting": flat}), 0) == ()


def test_several_heads_share_a_read() -> None:
    trace = picture_trace()
    both = np.zeros((4, 2, 8), np.float32)
    both[:, 0, 1] = both[:, 1, 3] = 1

    found = sources(replace(trace, arrays={**trace.arrays, "read.weighting": both}), 0)

    assert [(source.slot, source.share) for source in found] == [(1, 0.5), (3, 0.5)]


def test_a_sample_is_told_in_words() -> None:
    assert picture_in_words(picture_trace(), 1).startswith(
        "Asked: “name at bottom right”. It answers tavi (0.82); snep is right. It looks most at bottom right (0.88)."
    )
    assert "slot 2, which holds “tavi”, written at sample 40, read 9 times (0.86)." in picture_in_words(picture_trace(), 1)


def test_a_story_is_no_picture() -> None:
    assert picture_channels(memn2n_trace()) == []


@given(st.integers(1, 60), st.integers(1, 200), st.integers(1, 200))
def test_regions_fill_the_picture_whatever_their_number(regions: int, high: int, wide: int) -> None:
    rows, columns = _grid(regions, high, wide)

    assert rows * columns == regions
    best = abs(np.log((high / rows) / (wide / columns)))
    assert all(
        best <= abs(np.log((high / r) / (wide / (regions // r)))) + 1e-9 for r in range(1, regions + 1) if regions % r == 0
    )
