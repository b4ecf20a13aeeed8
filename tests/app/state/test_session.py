"""A session comes back as it was, in both forms; anything else is refused with one sentence."""

import base64
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.state.lens import Pin, Selection
from app.state.session import Bookmark, Session, read_session, to_json, to_line
from app.state.side import Showing
from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from fake_traces import ntm_trace
from scripted import NTM_PLACE, desk

words = st.text(max_size=12)
small = st.integers(-1, 10**6)
values = st.booleans() | small | st.floats(allow_nan=False, allow_infinity=False) | words
edits = st.builds(
    Edit,
    act=st.sampled_from(["set", "erase", "swap", "freeze", "force", "mute"]), channel=words, step=small,
    index=st.lists(small, max_size=3).map(tuple), until=st.none() | small,
    values=st.lists(st.floats(-1e6, 1e6), max_size=3).map(tuple), name=words, enabled=st.booleans(),
)  # fmt: skip
selections = st.builds(Selection, channel=words, head=small, slots=st.lists(small, max_size=3).map(tuple), unit=small)
showings = st.builds(
    Showing,
    source=st.builds(Source, place=words, update=st.none() | small),
    episode=st.builds(EpisodeWish, seed=small, own=words),
    settings=st.dictionaries(words, values, max_size=3),
    edits=st.lists(edits, max_size=2).map(tuple),
)
sessions = st.builds(
    Session,
    a=showings, b=st.none() | showings, weights=words, mode=st.sampled_from(["single", "split", "difference"]),
    b_is_edited_copy=st.booleans(), step=small, micro=st.none() | small, selection=selections,
    pins=st.lists(st.builds(Pin, letter=words, selection=selections), max_size=2).map(tuple),
    panes=st.lists(words, max_size=4).map(tuple), large=words, edits=st.lists(edits, max_size=3).map(tuple),
    depth=st.sampled_from(["plain", "technical", "formula"]),
    bookmarks=st.lists(st.builds(Bookmark, name=words, a=showings, step=small), max_size=2).map(tuple),
)  # fmt: skip
PLAIN = Session(a=Showing(source=Source(place=NTM_PLACE)))


@given(sessions)
def test_a_session_comes_back_from_its_file_as_it_was(session: Session) -> None:
    assert read_session(to_json(session)) == session


@given(sessions)
def test_a_session_comes_back_from_its_line_as_it_was(session: Session) -> None:
    line = to_line(session)

    assert "\n" not in line
    assert read_session(f"  {line}\n") == session


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_else_is_refused_with_one_sentence(junk: bytes | str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        read_session(junk)


@given(st.text(max_size=60))
def test_a_damaged_line_is_refused(junk: str) -> None:
    with pytest.raises(ValueError, match="session|damaged"):
        read_session(f"slotscope:{junk}")


@given(st.data())
def test_a_cut_line_is_refused(data: st.DataObject) -> None:
    line = to_line(PLAIN)
    end = data.draw(st.integers(0, len(line) - 1))

    with pytest.raises(ValueError, match="."):
        read_session(line[:end])


def test_a_session_of_a_newer_version_is_refused_by_its_number() -> None:
    with pytest.raises(ValueError, match="newer Slotscope \\(format 2, this one reads 1\\)"):
        read_session(to_json(PLAIN).replace(b'"format": 1', b'"format": 2'))


def test_a_session_with_a_wrong_type_says_where() -> None:
    with pytest.raises(ValueError, match="damaged: .*step"):
        read_session(to_json(PLAIN).replace(b'"step": 0', b'"step": "seven"'))


def test_a_line_that_unpacks_to_more_than_a_session_holds_is_refused() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b" " * (64 * 2**20))).decode()

    with pytest.raises(ValueError, match="more than a session holds"):
        read_session(f"slotscope:{bomb}")


def test_deep_json_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        read_session('{"a":' * 100_000)


def test_what_is_looked_at_comes_back_in_another_window() -> None:
    one, other = desk(), desk()
    one.show(ntm_trace(length=5, slots=16))
    one.state.playback.go_to(7)
    one.state.lens.select(Selection(channel="memory.contents", slots=(3,)), one.state.explorer.here)
    one.state.lens.pin()
    one.state.what_if.add(Edit(act="erase", channel="memory.contents", step=2, index=(3,)))
    one.state.stage.enlarge("Memory")
    session = one.state.session()
    assert session is not None

    other.state.restore(read_session(to_line(session)))
    other.bring(ntm_trace(length=5, slots=16))

    assert other.state.session() == session


def test_a_session_with_an_edited_copy_brings_both_sides_back() -> None:
    edit = Edit(act="erase", channel="memory.contents", step=2, index=(3,))
    one, other = desk(), desk()
    one.show(ntm_trace(length=5, slots=16))
    one.state.what_if.add(edit)
    one.state.explorer.rerun()
    one.bring(ntm_trace(length=5, slots=16, edits=(edit,)))
    session = one.state.session()
    assert session is not None

    other.state.restore(session)
    for wish in [command for command in other.engine.sent if hasattr(command, "edits")]:
        other.bring(ntm_trace(length=5, slots=16, edits=wish.edits), wish)

    assert other.state.session() == session
    assert other.state.comparison.b_is_edited_copy


@given(sessions)
def test_a_hostile_session_leaves_a_window_that_works(session: Session) -> None:
    table = desk()
    table.show(ntm_trace(length=3, slots=8))

    table.state.restore(session)
    table.state.explorer.move_event(1)
    table.state.playback.move(1)

    assert 0 <= table.state.playback.step < 7


def test_an_empty_window_has_no_session() -> None:
    assert desk().state.session() is None
