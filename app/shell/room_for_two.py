"""Two streams beside each other take the whole window: the panels at the sides fold away, and come back with a single side."""

from app.state.comparison import Comparison
from app.state.preferences import Preferences


class RoomForTwo:
    """Remembers which panels it folded."""

    def __init__(self, preferences: Preferences, comparison: Comparison) -> None:
        self._preferences, self._comparison = preferences, comparison
        self._was_open: tuple[bool, bool] | None = None
        comparison.changed.connect(self._give_back)

    def take(self) -> None:
        """Fold both; the reader may unfold them at any time."""
        kept = self._preferences.kept
        if self._was_open is None:
            self._was_open = (kept.left_open, kept.inspector_open)
        self._preferences.change(left_open=False, inspector_open=False)

    def leave(self) -> None:
        """Unfold what was folded: the next launch begins with a single side."""
        if self._was_open is not None:
            (left, inspector), self._was_open = self._was_open, None
            kept = self._preferences.kept
            self._preferences.change(left_open=left or kept.left_open, inspector_open=inspector or kept.inspector_open)

    def _give_back(self) -> None:
        if self._comparison.mode == "single":
            self.leave()
