"""Notices stand in the place they concern, and go when they are no longer true."""

from pytestqt.qtbot import QtBot

from app.state.notices import Notices
from app.views.notice_strip import NoticeStrip


def _strip(qtbot: QtBot, notices: Notices) -> NoticeStrip:
    strip = NoticeStrip(notices, ("stage", "engine"), lambda command: command.upper())
    qtbot.addWidget(strip)
    return strip


def test_a_notice_of_its_place_is_shown_and_another_place_is_not_its_business(qtbot: QtBot) -> None:
    notices = Notices()
    strip = _strip(qtbot, notices)

    notices.say("stage", "Nothing to see.", "pane.add")
    notices.say("training", "It stopped.")

    banner = strip.banner("stage")
    assert banner is not None
    assert banner.sentence == "Nothing to see."
    assert [made.text() for made in banner.buttons] == ["PANE.ADD"]
    assert strip.banner("training") is None


def test_a_notice_goes_when_it_is_cleared_or_closed(qtbot: QtBot) -> None:
    notices = Notices()
    strip = _strip(qtbot, notices)
    notices.say("stage", "Nothing to see.")
    banner = strip.banner("stage")
    assert banner is not None

    banner.closed.emit()

    assert notices.at("stage") is None
    assert strip.isHidden()


def test_a_button_wishes_its_command(qtbot: QtBot) -> None:
    notices = Notices()
    strip = _strip(qtbot, notices)
    notices.say("engine", "The engine stopped.", "engine.restart")
    banner = strip.banner("engine")
    assert banner is not None

    with qtbot.waitSignal(strip.wished) as wished:
        banner.buttons[0].click()

    assert wished.args == ["engine.restart"]


def test_what_the_engine_does_in_passing_is_told_elsewhere(qtbot: QtBot) -> None:
    notices = Notices()
    strip = _strip(qtbot, notices)

    notices.say("engine", "The engine is starting.", is_error=False)

    assert strip.banner("engine") is None


def test_what_asks_for_nothing_goes_by_itself_and_errors_stay(qtbot: QtBot) -> None:
    notices = Notices()
    strip = _strip(qtbot, notices)
    notices.say("stage", "Saved.", is_error=False)
    notices.say("engine", "The engine stopped.")

    strip._passing.timeout.emit()

    assert [notice.where for notice in notices.all] == ["engine"]
