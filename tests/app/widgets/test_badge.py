"""The badge says whether the cursor follows, in words too."""

from app.widgets.badge import LiveBadge


def test_it_says_live_or_detached(qtbot) -> None:
    badge = LiveBadge()
    qtbot.addWidget(badge)
    badge.show_live("update 3,120")
    live = badge.accessibleName()
    badge.show_detached("detached, 3 newer checkpoints (End follows)")

    assert live == "Live. update 3,120"
    assert badge.follows == "detached"
    assert badge.words in badge.accessibleName()
    assert not badge.grab().isNull()
