"""Every test of widgets begins alike: with the program's own type, and with nothing left over of the test before."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.shell.theme import interface_font, load_fonts


@pytest.fixture(autouse=True)
def the_same_type(request: pytest.FixtureRequest) -> None:
    """Whatever size a test before has left: what fits where must not depend on the order of the tests."""
    if "qtbot" in request.fixturenames:
        request.getfixturevalue("qapp")
    app = QApplication.instance()
    if isinstance(app, QApplication):
        load_fonts()
        app.setFont(interface_font())


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    """Widgets that a test has closed are gone before the next one begins: each one left over makes every new theme slower.
    Without a running event loop Qt would never delete them."""
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
