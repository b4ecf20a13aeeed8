"""Widgets that a test has closed are gone before the next one begins: each one left over makes every new theme slower."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent


@pytest.fixture(autouse=True)
def nothing_left_over() -> Iterator[None]:
    """Let Qt delete what is to be deleted; without a running event loop it never would."""
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
