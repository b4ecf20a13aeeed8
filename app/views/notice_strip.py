"""What must be said, in the place it concerns: a strip of banners, gone when there is nothing to say."""

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.state.notices import Notice, Notices, Where
from app.widgets.banner import Banner

SECONDS_TO_READ = 12


class NoticeStrip(QWidget):
    """Shows the notices of some places, the newest last."""

    wished = Signal(str)
    """The id of a command."""

    def __init__(
        self, notices: Notices, places: tuple[Where, ...], title_of: Callable[[str], str], *, is_narrow: bool = False
    ) -> None:
        """`title_of` gives the words for a command's button. What the engine says in passing stands at the foot."""
        super().__init__()
        self._notices, self._places, self._title_of, self._is_narrow = notices, places, title_of, is_narrow
        self._banners: dict[Where, Banner] = {}
        self._shown: dict[Where, Notice] = {}
        self._passing = QTimer(self, singleShot=True, interval=SECONDS_TO_READ * 1000)
        self._passing.timeout.connect(self._let_go)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        notices.changed.connect(self._show)
        self._show()

    def banner(self, where: Where) -> Banner | None:
        """The banner that is shown for a place."""
        return self._banners[where] if where in self._shown else None

    def _show(self) -> None:
        for where in self._places:
            notice = self._notices.at(where)
            if notice is not None and is_passing(notice):
                notice = None
            if notice == self._shown.get(where):
                continue
            if notice is None:
                del self._shown[where]
                self._banners[where].hide()
                continue
            self._shown[where] = notice
            self._passing.start()
            banner = self._banners.get(where) or self._make(where)
            banner.show_notice(notice.sentence, [(name, self._title_of(name)) for name in notice.actions], notice.is_error)
            banner.show()
        self.setVisible(bool(self._shown))

    def _let_go(self) -> None:
        """What is no error, and asks for nothing, has been read by now."""
        for where, notice in list(self._shown.items()):
            if not notice.is_error and not notice.actions:
                self._notices.clear(where)

    def _make(self, where: Where) -> Banner:
        banner = Banner(is_narrow=self._is_narrow)
        banner.setObjectName(f"notice.{where}")
        banner.action_wanted.connect(self.wished)
        banner.closed.connect(lambda: self._notices.clear(where))
        self._column.addWidget(banner)
        self._banners[where] = banner
        return banner


def is_passing(notice: Notice) -> bool:
    """Whether it only says what the engine is doing, with nothing to be done about it."""
    return notice.where == "engine" and not notice.is_error and not notice.actions
