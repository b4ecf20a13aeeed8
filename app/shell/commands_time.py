"""The commands that move the two cursors: through the steps of an episode and through the checkpoints of a training."""

from functools import partial

from app.shell.base import Action, Desk, act
from app.state.app_state import AppState
from app.state.playback import SPEEDS, Loop

NO_EPISODE = "There is no episode yet: choose a model first."
NO_STREAM = "This episode is no stream of samples."
NO_STEPS_INSIDE = "There is nothing to choose here: no sample takes several steps."
NO_CHECKPOINTS = "There are no checkpoints here: they come with an exhibit or a run."
FAR = 10**6


def time_actions(desk: Desk) -> list[Action]:
    """Play, step, micro-step, event, checkpoint, speed and loop."""
    return [*_playing(desk.state), *_stepping(desk), *_checkpoints(desk.state)]


def _playing(state: AppState) -> list[Action]:
    playback = state.playback
    slowest, fastest = f"{SPEEDS[0]:g}", f"{SPEEDS[-1]:g}"

    def next_loop() -> None:
        order: tuple[Loop, ...] = ("off", "selection", "all") if playback.selected_range else ("off", "all")
        now = order.index(playback.loop) if playback.loop in order else 0
        playback.set_loop(order[(now + 1) % len(order)])

    def play_by_micro() -> None:
        playback.set_plays_micro_steps(not playback.plays_micro_steps)

    def change_pace() -> None:
        playback.set_pace("step" if playback.pace == "sample" else "sample")

    return [
        act(
            "play.toggle",
            "Play or pause",
            "Let the episode run, one step after another; or stop it.",
            playback.toggle,
            "Space",
            when=lambda: playback.length > 0,
            needs=NO_EPISODE,
        ),
        act("speed.slower", "Slower", f"Play at the next lower speed, down to {slowest} steps a second.", playback.slower, ","),
        act("speed.faster", "Faster", f"Play at the next higher speed, up to {fastest} steps a second.", playback.faster, "."),
        act(
            "loop.toggle",
            "Loop",
            "At the end stop, or begin again: the chosen steps (Shift-drag on the lane), or the whole episode.",
            next_loop,
            "L",
        ),
        act("play.micro", "Play over micro-steps", "Let play run through the stages inside each step, or not.", play_by_micro),
        act(
            "play.pace",
            "Go by samples or by steps",
            "In a stream let the arrow keys and play go on by whole samples, or by the steps inside them.",
            change_pace,
            "U",
            when=lambda: playback.sample_steps > 1,
            needs=NO_STEPS_INSIDE,
        ),
    ]


def _stepping(desk: Desk) -> list[Action]:
    state = desk.state
    playback, explorer = state.playback, state.explorer

    def last() -> None:
        if playback.step >= playback.length - 1 and state.training.live is not None:
            explorer.follow_live()
        else:
            playback.last()

    rows = (
        (
            "step.next",
            "Next step",
            "Go one step on; a whole sample where samples are the pace.",
            partial(playback.go_on, 1),
            "Right",
        ),
        ("step.previous", "Previous step", "Go one step back, or one sample.", partial(playback.go_on, -1), "Left"),
        (
            "micro.next",
            "Next micro-step",
            "Go to the next stage inside the step.",
            partial(playback.move_micro, 1),
            "Shift+Right",
        ),
        ("micro.previous", "Previous micro-step", "Go one stage back.", partial(playback.move_micro, -1), "Shift+Left"),
        ("event.next", "Next event", "Go to the next write, read, error or edit.", partial(explorer.move_event, 1), "Alt+Right"),
        ("event.previous", "Previous event", "Go to the event before.", partial(explorer.move_event, -1), "Alt+Left"),
        ("step.first", "First step", "Go to the beginning of the episode.", playback.first, "Home"),
        ("step.last", "Last step", "Go to the end of the episode; once more, and a live training is followed.", last, "End"),
        (
            "go.to",
            "Go to a step, sample or checkpoint ...",
            "Type a step, in a stream a sample, or “checkpoint” and an update.",
            desk.ask_where_to_go,
            "G",
        ),
    )
    of_streams = (
        (
            "sample.next",
            "Next sample",
            "Go to the same step of the next sample.",
            partial(playback.move_samples, 1),
            "Ctrl+Right",
        ),
        (
            "sample.previous",
            "Previous sample",
            "Go to the same step of the sample before.",
            partial(playback.move_samples, -1),
            "Ctrl+Left",
        ),
    )
    return [
        *(
            act(name, title, says, run, key, when=lambda: playback.length > 0, needs=NO_EPISODE)
            for name, title, says, run, key in rows
        ),
        *(
            act(name, title, says, run, key, when=lambda: playback.samples > 0, needs=NO_STREAM)
            for name, title, says, run, key in of_streams
        ),
    ]


def _checkpoints(state: AppState) -> list[Action]:
    move = state.explorer.move_checkpoint
    rows = (
        ("checkpoint.next", "Next checkpoint", "The same episode, later in the training.", 1, ("]",)),
        ("checkpoint.previous", "Previous checkpoint", "The same episode, earlier in the training.", -1, ("[",)),
        ("checkpoint.last", "Last checkpoint", "The same episode, with the newest weights.", FAR, ("Shift+]", "}")),
        ("checkpoint.first", "First checkpoint", "The same episode, before the training began.", -FAR, ("Shift+[", "{")),
    )
    moves = [
        act(name, title, says, partial(move, by), *keys, when=lambda: bool(state.explorer.checkpoints), needs=NO_CHECKPOINTS)
        for name, title, says, by, keys in rows
    ]
    follow = act(
        "live.follow",
        "Follow the training",
        "Stay on the newest checkpoint of the run that trains (LIVE).",
        state.explorer.follow_live,
        "F",
        when=lambda: state.training.live is not None,
        needs="Nothing trains at present.",
    )
    return [*moves, follow]
