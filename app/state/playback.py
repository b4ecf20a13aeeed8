"""Where the reader stands in a trace: step, micro-step, playing, speed, loop."""

from typing import Literal

from psygnal import Signal

Loop = Literal["off", "selection", "all"]
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)


class Playback:
    """The sequence cursor. Steps count from 0 here and from 1 on screen."""

    changed = Signal()

    def __init__(self) -> None:
        self._length = 0
        self._step = 0
        self._micro: int | None = None
        self._micro_steps = 0
        self._playing = False
        self._speed = 1.0
        self._loop: Loop = "off"
        self._range: tuple[int, int] | None = None
        self._by_micro = False
        self._wished: tuple[int, int | None] | None = None

    @property
    def length(self) -> int:
        """How many steps there are."""
        return self._length

    @property
    def step(self) -> int:
        """The present step."""
        return self._step

    @property
    def micro(self) -> int | None:
        """The present micro-step, or None when the step is looked at as a whole."""
        return self._micro

    @property
    def is_playing(self) -> bool:
        """Whether time runs."""
        return self._playing

    @property
    def speed(self) -> float:
        """Steps (or micro-steps) a second."""
        return self._speed

    @property
    def loop(self) -> Loop:
        """What happens at the end."""
        return self._loop

    @property
    def selected_range(self) -> tuple[int, int] | None:
        """The steps chosen on the lane, first and last, or None."""
        return self._range

    @property
    def plays_micro_steps(self) -> bool:
        """Whether play runs over micro-steps."""
        return self._by_micro

    @property
    def label(self) -> str:
        """ "Step 8 of 41"."""
        return f"Step {self._step + 1} of {self._length}" if self._length else "No episode yet"

    def load(self, length: int, micro_steps: int = 0) -> None:
        """Take over a trace of this many steps; the cursor stays where it was as far as it can."""
        self._length, self._micro_steps = length, micro_steps
        if self._wished is not None and self._wished[0] < length:
            (self._step, self._micro), self._wished = self._wished, None
        self._step = min(self._step, max(length - 1, 0))
        if self._micro is not None and self._micro >= micro_steps:
            self._micro = None
        if self._range is not None and self._range[1] >= length:
            self._range = None
        self.changed.emit()

    def go_to(self, step: int, micro: int | None = None) -> None:
        """Move the cursor; out of range means the nearest end."""
        self._wished = None
        step = min(max(step, 0), max(self._length - 1, 0))
        if micro is not None:
            micro = min(max(micro, 0), self._micro_steps - 1) if self._micro_steps else None
        if (step, micro) != (self._step, self._micro):
            self._step, self._micro = step, micro
            self.changed.emit()

    def come_to(self, step: int, micro: int | None) -> None:
        """Stand at this step as soon as a trace that has it is there (a session reopens before its traces are recorded)."""
        self.pause()
        self._wished = None
        if step < self._length:
            self.go_to(step, micro)
        else:
            self._wished = (step, micro)

    def move(self, steps: int) -> None:
        """Go so many steps on (or back); play stops, since the reader took over."""
        self.pause()
        self.go_to(self._step + steps)

    def move_micro(self, micro_steps: int) -> None:
        """Go so many micro-steps on (or back), across steps."""
        self.pause()
        self._advance_micro(micro_steps)

    def first(self) -> None:
        """Go to the first step."""
        self.move(-self._length)

    def last(self) -> None:
        """Go to the last step."""
        self.move(self._length)

    def play(self) -> None:
        """Let time run; from the start again if it stood at the end."""
        if not self._length or self._playing:
            return
        if self._step >= self._end and self._loop == "off":
            self._step, self._micro = 0, None
        self._playing = True
        self.changed.emit()

    def pause(self) -> None:
        """Stop time."""
        if self._playing:
            self._playing = False
            self.changed.emit()

    def toggle(self) -> None:
        """Play or pause."""
        if self._playing:
            self.pause()
        else:
            self.play()

    def tick(self) -> None:
        """Called `speed` times a second while playing: the next step, or what the loop says at the end. Every step is shown."""
        if not self._playing:
            return
        if self._by_micro and self._micro_steps and not (self._step >= self._end and self._micro == self._micro_steps - 1):
            self._advance_micro(1)
        elif self._step < self._end:
            self.go_to(self._step + 1)
        elif self._loop == "off":
            self.pause()
        else:
            self.go_to(self._start)

    def set_speed(self, speed: float) -> None:
        """Steps a second, within the offered range."""
        speed = min(max(speed, SPEEDS[0]), 1000.0)
        if speed != self._speed:
            self._speed = speed
            self.changed.emit()

    def faster(self) -> None:
        """The next higher offered speed."""
        self.set_speed(next((s for s in SPEEDS if s > self._speed), self._speed))

    def slower(self) -> None:
        """The next lower offered speed."""
        self.set_speed(next((s for s in reversed(SPEEDS) if s < self._speed), self._speed))

    def set_loop(self, loop: Loop) -> None:
        """Choose what happens at the end."""
        self._loop = loop
        self.changed.emit()

    def set_plays_micro_steps(self, on: bool) -> None:
        """Play over micro-steps, or over whole steps."""
        self._by_micro = on
        self.changed.emit()

    def select_range(self, first: int, last: int) -> None:
        """Choose steps for a loop or an animation."""
        first, last = sorted(min(max(s, 0), max(self._length - 1, 0)) for s in (first, last))
        self._range = (first, last)
        self.changed.emit()

    def clear_range(self) -> None:
        """No steps chosen."""
        if self._range is not None:
            self._range = None
            self.changed.emit()

    @property
    def _start(self) -> int:
        return self._range[0] if self._loop == "selection" and self._range else 0

    @property
    def _end(self) -> int:
        return self._range[1] if self._loop == "selection" and self._range else self._length - 1

    def _advance_micro(self, count: int) -> None:
        if not self._micro_steps:
            self.go_to(self._step + count)
            return
        before = -1 if self._micro is None and count > 0 else (self._micro or 0)
        place = self._step * self._micro_steps + before + count
        place = min(max(place, 0), self._length * self._micro_steps - 1)
        self.go_to(place // self._micro_steps, place % self._micro_steps)
