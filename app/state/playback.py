"""Where the reader stands in a trace: step, micro-step, sample of a stream, playing, speed, loop."""

from typing import Literal

from psygnal import Signal

Loop = Literal["off", "selection", "all"]
Pace = Literal["step", "sample"]
"""What one press of a key, or one tick of the clock, goes on by."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


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
        self._wished: tuple[int, int | None, int] | None = None
        self._each = 0
        self._pace: Pace = "step"

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
        """Steps (or micro-steps, or samples) a second."""
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
    def sample_steps(self) -> int:
        """How many steps each sample takes, where the episode is a stream of samples; 0: it is none."""
        return self._each

    @property
    def samples(self) -> int:
        """How many samples the stream has; 0 if the episode is none."""
        return self._length // self._each if self._each else 0

    @property
    def sample(self) -> int:
        """The present sample of the stream, from 0; -1 if the episode is none."""
        return self._step // self._each if self._each else -1

    @property
    def pace(self) -> Pace:
        """Whether keys and play go on by steps or by samples; where a sample is one step, that is the same."""
        return self._pace if self._each > 1 else "step"

    @property
    def label(self) -> str:
        """ "Step 8 of 41"; of a stream "Sample 12 of 500, step 8 of 60"."""
        if not self._length:
            return "No episode yet"
        if not self._each:
            return f"Step {self._step + 1} of {self._length}"
        inside = f", step {self._step % self._each + 1} of {self._each}" if self._each > 1 else ""
        return f"Sample {self.sample + 1:,} of {self.samples:,}{inside}"

    def load(self, length: int, micro_steps: int = 0, sample_steps: int = 0) -> None:
        """Take over a trace of this many steps; the cursor stays where it was as far as it can, in a stream at its sample."""
        if self._each and sample_steps and self._each != sample_steps:
            self._step = moved(self._step, self._each, sample_steps)
            self._range = None
        self._length, self._micro_steps, self._each = length, micro_steps, sample_steps
        if self._wished is not None and self._can_come_to(self._wished[0], self._wished[2]):
            self._step, self._micro, _ = self._wished
            self._wished = None
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

    def come_to(self, step: int, micro: int | None, sample_steps: int = 0) -> None:
        """Stand at this step as soon as a trace that has it is there (a session reopens before its traces are recorded).

        `sample_steps`: how many steps a sample takes as this step is counted; 0: whatever it takes.
        """
        self.pause()
        self._wished = None
        if self._can_come_to(step, sample_steps):
            self.go_to(step, micro)
        else:
            self._wished = (step, micro, sample_steps)

    def move(self, steps: int) -> None:
        """Go so many steps on (or back); play stops, since the reader took over."""
        self.pause()
        self.go_to(self._step + steps)

    def move_samples(self, samples: int) -> None:
        """Go so many samples on (or back), to the same step of each."""
        self.go_to_sample(self.sample + samples)

    def go_on(self, count: int) -> None:
        """Go on (or back) by steps or by samples, whatever the pace is."""
        if self.pace == "sample":
            self.move_samples(count)
        else:
            self.move(count)

    def go_to_sample(self, sample: int) -> None:
        """Stand in this sample of the stream, at the same step of it as now; out of range means the nearest."""
        if self._each:
            self.pause()
            self.go_to(self._step % self._each + min(max(sample, 0), self.samples - 1) * self._each)

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
        if self._step + self._stride > self._end and self._loop == "off":
            self._step, self._micro = self._step % self._stride, None
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
        elif self._step + self._stride <= self._end:
            self.go_to(self._step + self._stride)
        elif self._loop == "off":
            self.pause()
        else:
            self.go_to(self._start + self._step % self._stride)

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

    def set_pace(self, pace: Pace) -> None:
        """Go on by steps, or by whole samples of the stream."""
        if pace != self._pace:
            self._pace = pace
            self.changed.emit()

    @property
    def _stride(self) -> int:
        return self._each if self.pace == "sample" else 1

    def _can_come_to(self, step: int, sample_steps: int) -> bool:
        return step < self._length and sample_steps in (0, self._each)

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


def moved(step: int, each: int, others: int, now: int | None = None) -> int:
    """The step of the same sample where a sample takes `others` steps instead of `each`.

    Where all its steps there stand beside one step here, `now` says which of them, if it is one of those; else the first.
    """
    sample, inside = divmod(step, each)
    if now is not None and inside == each - 1 and now % others >= inside:
        inside = now % others
    return sample * others + min(inside, others - 1)
