"""A banner says one sentence and offers what can be done."""

from PySide6.QtCore import Qt

from app.widgets.banner import Banner


def test_its_buttons_name_their_command_and_the_cross_closes(qtbot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_notice("The engine stopped.", [("engine.restart", "Restart")], is_error=True)
    banner.show()
    with qtbot.waitSignal(banner.action_wanted) as wanted:
        qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)

    assert wanted.args == ["engine.restart"]
    assert banner.accessibleName() == "Error: The engine stopped."
    assert not banner.grab().isNull()


def test_a_newer_notice_replaces_the_buttons(qtbot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_notice("One.", [("a", "A"), ("b", "B")])
    banner.show_notice("Two.", [("c", "C")])

    assert [made.objectName() for made in banner.buttons] == ["c"]
    assert banner.sentence == "Two."
