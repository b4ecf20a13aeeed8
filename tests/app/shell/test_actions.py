"""Every command: in one table, with a key or through the search, and none of them raises."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from app.shell.actions import all_actions
from app.shell.base import Action
from app.state.lens import Selection
from shown import Shown

IDS = (
    "play.toggle", "step.next", "step.previous", "micro.next", "micro.previous", "event.next", "event.previous", "step.first",
    "step.last", "checkpoint.next", "checkpoint.previous", "checkpoint.last", "checkpoint.first", "speed.slower",
    "speed.faster", "loop.toggle", "live.follow", "go.to", "pane.large.1", "pane.large.2", "pane.large.3", "pane.large.4",
    "pane.large.5", "pane.large.6", "pane.grid", "pane.add", "pane.next", "pane.previous", "selection.clear", "selection.pin",
    "compare.toggle", "compare.difference", "compare.with", "compare.close", "edit.selection", "edit.erase", "edit.set",
    "edit.swap", "edit.freeze", "edit.force", "edit.mute", "edit.rerun", "edit.undo", "edit.redo", "edit.clear",
    "history.back", "history.forward", "bookmark.add", "session.save", "session.open", "session.copy", "export.pane",
    "export.stage", "export.trace", "export.data", "export.animation", "export.script", "search", "keys.show", "help.pane",
    "fold.left", "fold.inspector", "train.start", "train.quick", "train.toggle", "train.one", "train.hundred", "train.stop",
    "run.resume", "run.last_good", "engine.restart", "theme.light", "theme.dark", "theme.contrast", "theme.system",
    "scale.bigger", "scale.smaller", "scale.reset", "depth.plain", "depth.technical", "depth.formula", "lesson.start",
    "lesson.resume", "first.change", "input.own", "episode.next", "episode.previous", "layout.overview", "layout.readwrite",
    "layout.training", "layout.lifetimes", "train.seeds", "play.pace", "sample.next", "sample.previous", "compare.lifetimes",
    "app.quit", "exhibit.open.ntm-copy",
)  # fmt: skip


def _answer_no_chooser(shown: Shown) -> None:
    shown.window.filing.choose_file = lambda: ""  # type: ignore[method-assign]
    shown.window.filing.choose_place = lambda name, kinds: ""  # type: ignore[method-assign]
    shown.window.exporting.choose_place = lambda name, kinds: ("", "")


def _press(shown: Shown, key: str) -> None:
    combination = QKeySequence(key)[0]
    QTest.keyClick(shown.window, combination.key(), combination.keyboardModifiers())


def _dismiss(shown: Shown) -> None:
    overlays = shown.window.overlays
    for overlay in (
        overlays.search,
        overlays.list,
        overlays.prompt,
        overlays.keys.map,
        overlays.keys.list,
        overlays.keys.catcher,
    ):
        overlay.dismiss()


def _through_the_search(shown: Shown, action: Action) -> None:
    _press(shown, "Ctrl+K")
    found = shown.window.overlays.search.list
    found.field.setText(action.title)
    found.list.setCurrentRow(found.ids_shown().index(action.id))
    QTest.keyClick(found.field, Qt.Key.Key_Return)


def test_the_table_has_every_command(shown: Shown) -> None:
    table = {action.id: action for action in shown.window.actions.table}

    assert [name for name in IDS if name not in table] == []
    assert [name for name, action in table.items() if not action.title or not action.says.endswith(".")] == []


def test_no_two_commands_share_a_key(shown: Shown) -> None:
    keys = [QKeySequence(key).toString() for action in shown.window.actions.table for key in action.keys]

    assert len(keys) == len(set(keys))


def test_every_command_can_be_given_by_keyboard_alone_and_none_raises(shown: Shown, qtbot: QtBot) -> None:
    _answer_no_chooser(shown)
    shown.window.ask_whether_to_close = lambda: False
    done: list[str] = []
    shown.window.actions.performed.connect(done.append)
    shown.window.actions.refused.connect(lambda name, _: done.append(name))
    table = [action for action in shown.window.actions.table if action.id not in ("app.quit", "search")]

    for action in table:
        shown.desk.state.lens.show(Selection(channel="memory.contents", slots=(3,)))
        key = shown.window.actions.keys_of(action.id)
        shown.window.setFocus()
        if key:
            _press(shown, key[0])
        else:
            _through_the_search(shown, action)
        QApplication.processEvents()
        _dismiss(shown)

    assert [name for name in done if name != "search"] == [action.id for action in table]


def test_a_command_without_a_key_is_found_by_a_few_letters(shown: Shown) -> None:
    _press(shown, "Ctrl+K")
    found = shown.window.overlays.search.list
    QTest.keyClicks(found.field, "theme dark")
    QTest.keyClick(found.field, Qt.Key.Key_Return)

    assert shown.window.state.preferences.kept.theme == "dark"


def test_letters_are_letters_while_a_text_field_has_the_keyboard(shown: Shown, qtbot: QtBot) -> None:
    field = QLineEdit(shown.window)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)

    QTest.keyClicks(field, "lcp 12")

    assert field.text() == "lcp 12"
    assert shown.window.state.playback.loop == "off"
    assert shown.window.state.comparison.mode == "single"


def test_space_presses_a_button_that_has_the_keyboard(shown: Shown, qtbot: QtBot) -> None:
    train = shown.window.bar.train
    train.setFocus()
    qtbot.waitUntil(train.hasFocus)

    QTest.keyClick(train, Qt.Key.Key_Space)

    assert not shown.window.state.playback.is_playing
    assert shown.window.panels.left.page == "train"


def test_a_changed_key_works_at_once_and_is_kept(shown: Shown) -> None:
    actions, state = shown.window.actions, shown.window.state
    shown.window.overlays.keys._changing = "loop.toggle"

    shown.window.overlays.keys.catcher.caught.emit("Space")

    assert state.preferences.kept.keys == {"loop.toggle": "Space", "play.toggle": ""}
    assert actions.keys_of("play.toggle") == ()
    shown.window.overlays.keys.map.dismiss()
    _press(shown, "Space")
    assert state.playback.loop == "all"


def test_kept_keys_are_there_at_the_next_launch(shown: Shown) -> None:
    again = type(shown.window.actions)(shown.window, all_actions(shown.window), {"loop.toggle": "Ctrl+L", "gone.command": "X"})

    assert again.keys_of("loop.toggle") == ("Ctrl+L",)


def test_all_keys_can_be_brought_back(shown: Shown) -> None:
    shown.window.actions.change_key("loop.toggle", "Ctrl+L")

    assert shown.window.actions.reset_keys() == {}
    assert shown.window.actions.keys_of("loop.toggle") == ("L",)


def test_the_key_map_shows_every_key(shown: Shown) -> None:
    _press(shown, "?")

    assert shown.window.overlays.keys.map.isVisible()


def test_end_twice_follows_the_training(shown: Shown) -> None:
    shown.perform("train.quick")
    shown.desk.state.training.detach()

    _press(shown, "End")
    assert not shown.desk.state.training.is_following
    _press(shown, "End")
    assert shown.desk.state.training.is_following


def test_a_press_that_two_spellings_of_a_key_match_gives_the_command_once(shown: Shown) -> None:
    done: list[str] = []
    shown.window.actions.performed.connect(done.append)
    _, brace = shown.window.actions._shortcuts["checkpoint.last"]

    brace.activatedAmbiguously.emit()

    assert done == ["checkpoint.last"]


def test_escape_clears_one_level_at_a_time(shown: Shown) -> None:
    lens = shown.window.state.lens
    lens.show(Selection(channel="memory.contents", slots=(3,), features=(1,)))

    _press(shown, "Esc")
    assert lens.selection.features == ()
    _press(shown, "Esc")
    assert lens.selection.slots == ()
    _press(shown, "Esc")
    assert lens.selection.is_empty


def test_a_typed_step_is_gone_to(shown: Shown) -> None:
    _press(shown, "G")
    QTest.keyClicks(shown.window.overlays.prompt.field, "99")
    QTest.keyClick(shown.window.overlays.prompt.field, Qt.Key.Key_Return)
    assert shown.window.overlays.prompt.complaint.text() == "There is no step 99: the episode has steps 1 to 41."

    shown.window.overlays.prompt.field.setText("9")
    QTest.keyClick(shown.window.overlays.prompt.field, Qt.Key.Key_Return)
    assert shown.window.state.playback.step == 8
    assert not shown.window.overlays.prompt.isVisible()
