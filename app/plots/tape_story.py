"""The tape of a story: its sentences in order, the question, what should be answered and what is."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from app.plots.canvas import draw_cross, draw_double_outline, draw_text, scaled_font, sharp_pen, text_width, unit
from app.plots.colours import Palette


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as it is shown. `supports` are the sentences that a right answer needs, `output` what was answered."""

    sentences: tuple[str, ...]
    question: str = ""
    target: str = ""
    output: str = ""
    supports: tuple[int, ...] = ()


class StoryTape(QScrollArea):
    """Sentences as numbered chips that wrap like text; a press chooses one."""

    sentence_chosen = Signal(int)
    sentence_hovered = Signal(int)
    """The sentence under the pointer; -1 when it leaves."""

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = _StoryPage(palette)
        self._page.chosen.connect(self.sentence_chosen)
        self._page.hovered.connect(self.sentence_hovered)
        self.setWidget(self._page)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet("background: transparent;")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_palette(self, palette: Palette) -> None:
        """Draw in another theme's colours from now on."""
        self._page.colours = palette
        self._page.update()

    def show_story(self, story: Story) -> None:
        """Show another story."""
        self._page.story = story
        self._page.arrange()

    def set_selected(self, sentences: Sequence[int]) -> None:
        """Outline sentences."""
        self._page.selected = frozenset(sentences)
        self._page.update()
        first = self._page.place_of(min(sentences, default=-1))
        if first is not None:
            self.ensureVisible(0, round(first.center().y()), 0, round(first.height()))

    def height_wished(self) -> int:
        """The height at which the whole story is seen."""
        return self._page.minimumHeight()

    def set_reached(self, sentence: int | None) -> None:
        """Pale the sentences after this one, which are not read yet; None pales none."""
        self._page.reached = sentence
        self._page.update()


class _StoryPage(QWidget):
    chosen = Signal(int)
    hovered = Signal(int)

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self.colours = palette
        self.story = Story(sentences=())
        self.selected: frozenset[int] = frozenset()
        self.reached: int | None = None
        self._places: list[QRectF] = []
        self._tail: list[tuple[QRectF, str, str]] = []
        self._over = -1
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)

    def arrange(self) -> None:
        """Find a place for each chip at the present width."""
        self._places, self._tail = [], []
        em, bold = unit(self.font()), scaled_font(self.font(), 1, QFont.Weight.DemiBold)
        left, top, height = 2.0, 4.0, 22 * em
        texts = [(f"{i + 1}  {sentence}", scaled_font(self.font(), 1)) for i, sentence in enumerate(self.story.sentences)]
        for text, font in texts:
            width = text_width(font, text) + 18 * em
            if left > 2 and left + width > self.width() - 4:
                left, top = 2.0, top + height + 5 * em
            self._places.append(QRectF(left, top, min(width, self.width() - 6), height))
            left += width + 5 * em
        left, top = 4.0, top + (height + 8 * em if texts else 0)
        for kind, text in (("question", self.story.question), ("target", self.story.target), ("output", self.story.output)):
            label = {"question": "", "target": "should be  ", "output": "answers  "}[kind]
            if text:
                width = text_width(bold, label + text) + 10
                self._tail.append((QRectF(left, top, width, height), kind, text))
                left += width + 18 * em
        self.setMinimumHeight(round(top + height + 4))
        self.update()

    def place_of(self, sentence: int) -> QRectF | None:
        """Where a sentence lies; None if there is none of this number."""
        return self._places[sentence] if 0 <= sentence < len(self._places) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        for index, where in enumerate(self._places):
            self._paint_sentence(painter, index, where)
        for where, kind, text in self._tail:
            self._paint_tail(painter, where, kind, text)
        painter.end()

    def _paint_sentence(self, painter: QPainter, index: int, where: QRectF) -> None:
        is_ahead = self.reached is not None and index > self.reached
        painter.setPen(sharp_pen(self.colours.colour("ink" if index == self._over else "line"), 1))
        painter.setBrush(self.colours.colour("panel") if is_ahead else self.colours.colour("soft"))
        painter.drawRoundedRect(where.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setFont(scaled_font(self.font(), 11 / 13))
        number = str(index + 1)
        ink = self.colours.colour("ink" if self.colours.dark or not is_ahead else "muted")
        draw_text(painter, where.adjusted(8, 0, 0, 0), number, Qt.AlignmentFlag.AlignLeft, ink)
        shift = text_width(painter.font(), number) + 14
        painter.setFont(scaled_font(self.font(), 1))
        ink = self.colours.colour("muted" if is_ahead else "ink")
        draw_text(painter, where.adjusted(shift, 0, -6, 0), self.story.sentences[index], Qt.AlignmentFlag.AlignLeft, ink)
        if index in self.story.supports:
            painter.setPen(sharp_pen(self.colours.colour("ink"), 1.5))
            painter.drawLine(
                QPointF(where.left() + shift, where.bottom() - 3.5), QPointF(where.right() - 9, where.bottom() - 3.5)
            )
        if index in self.selected:
            draw_double_outline(painter, where, self.colours)

    def _paint_tail(self, painter: QPainter, where: QRectF, kind: str, text: str) -> None:
        label = {"question": "", "target": "should be  ", "output": "answers  "}[kind]
        painter.setFont(scaled_font(self.font(), 1))
        draw_text(painter, where, label, Qt.AlignmentFlag.AlignLeft, self.colours.colour("muted"))
        shift = text_width(painter.font(), label)
        painter.setFont(scaled_font(self.font(), 1, QFont.Weight.DemiBold))
        wrong = kind == "output" and self.story.target != "" and text != self.story.target
        ink = self.colours.colour("live" if wrong else "ink")
        draw_text(painter, where.adjusted(shift, 0, 0, 0), text, Qt.AlignmentFlag.AlignLeft, ink)
        if wrong:
            end = where.left() + shift + text_width(painter.font(), text) + 9
            draw_cross(painter, QPointF(end, where.center().y()), 3.5, ink)

    def _at(self, position: QPointF) -> int:
        return next((i for i, where in enumerate(self._places) if where.contains(position)), -1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index >= 0:
            self.chosen.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index != self._over:
            self._over = index
            self.hovered.emit(index)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        if self._over >= 0:
            self._over = -1
            self.hovered.emit(-1)
            self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.arrange()

    def sizeHint(self) -> QSize:
        return QSize(400, self.minimumHeight())
