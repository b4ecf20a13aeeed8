"""The commands that change something: edits of an episode, and the training of a network."""

from functools import partial

from app.shell.base import Action, Desk, act
from app.state.app_state import AppState
from app.state.growing import growing_of
from app.state.presenting import presented
from app.state.training import Run

NO_RUN = "Nothing trains at present."
NOTHING_SELECTED = "Select something first: click a slot or a head in a pane."
EDITS = (
    ("erase", "Erase the slot", "The selected slot becomes zero at this step; of a memory that grows it is removed."),
    ("set", "Set a value ...", "The selected slot or value becomes what you type."),
    ("swap", "Swap two slots ...", "Two slots change places at this step."),
    ("freeze", "Freeze the slot", "The selected slot keeps its content from this step on."),
    ("force", "Force the weighting ...", "A head looks at one slot only, the one that you choose."),
    ("mute", "Mute the head", "What the head reads or writes becomes zero."),
)


def work_actions(desk: Desk) -> list[Action]:
    """What-if and training."""
    return [*_edits(desk), *_edit_list(desk), *_runs(desk), *_run_ends(desk)]


def _edits(desk: Desk) -> list[Action]:
    state = desk.state

    def is_selected() -> bool:
        return state.a.trace is not None and not state.lens.selection.is_empty

    begin = act(
        "edit.selection",
        "Edit the selection",
        "Open the what-if for what is selected.",
        partial(desk.begin_edit, ""),
        "E",
        when=is_selected,
        needs=NOTHING_SELECTED,
    )
    clear = act(
        "edit.clear_memory",
        "Clear the memory",
        "The present sample finds an empty memory; what comes after may be stored again.",
        partial(desk.begin_edit, "clear"),
        when=lambda: state.a.trace is not None and growing_of(state.a.trace) is not None,
        needs="This model has no memory that grows from sample to sample.",
    )
    present = act(
        "edit.present",
        "Present another sample instead ...",
        "The sample at this step becomes another one of the stream, or a way that you draw.",
        partial(desk.begin_edit, "present"),
        when=lambda: state.a.trace is not None and bool(presented(state.a.trace)),
        needs="Only a network that is offered one sample after the other can be offered another one.",
    )
    return [begin, clear, present] + [
        act(f"edit.{name}", title, says, partial(desk.begin_edit, name), when=is_selected, needs=NOTHING_SELECTED)
        for name, title, says in EDITS
    ]


def _edit_list(desk: Desk) -> list[Action]:
    what_if = desk.state.what_if
    return [
        act(
            "edit.rerun",
            "Run again as B",
            "Run the episode with the edits and show it as B.",
            desk.state.explorer.rerun,
            "Ctrl+Return",
            "Ctrl+Enter",
            when=lambda: desk.state.a.trace is not None,
            needs="There is no episode yet: choose a model first.",
        ),
        act(
            "edit.undo",
            "Undo the edit",
            "Take the last change of the edits back.",
            what_if.undo,
            "Ctrl+Z",
            when=lambda: what_if.can_undo,
            needs="There is no edit to take back.",
        ),
        act(
            "edit.redo",
            "Redo the edit",
            "Make the change again that was taken back.",
            what_if.redo,
            "Ctrl+Shift+Z",
            when=lambda: what_if.can_redo,
            needs="No edit was taken back.",
        ),
        act(
            "edit.clear",
            "Remove all edits",
            "No edits; Undo brings them back.",
            what_if.clear,
            when=lambda: bool(what_if.edits),
            needs="There is no edit.",
        ),
    ]


def _runs(desk: Desk) -> list[Action]:
    trainer, training = desk.state.trainer, desk.state.training

    def is_live() -> bool:
        return training.live is not None

    def toggle() -> None:
        if is_live():
            trainer.toggle()
        else:
            desk.show_training_form()

    rows = (
        ("train.one", "One update", "Make one update, then pause.", partial(trainer.go_on, 1)),
        ("train.hundred", "One hundred updates", "Make a hundred updates, then pause.", partial(trainer.go_on, 100)),
        ("train.stop", "Stop the training", "Save a checkpoint and end; the run can be resumed.", trainer.stop),
    )
    return [
        act("train.start", "Train a new network ...", "Choose a model, a task and their settings.", desk.show_training_form),
        act("train.quick", "Train one yourself", "A network learns to copy before your eyes.", desk.train_quickly),
        act(
            "train.seeds",
            "Train one yourself, from eight seeds",
            "The same network eight times, each from another seed, their curves together: to see whether it always learns.",
            desk.train_several_quickly,
        ),
        act("train.toggle", "Pause or continue the training", "Let the run wait between two updates, or go on.", toggle, "T"),
        *(act(name, title, says, run, when=is_live, needs=NO_RUN) for name, title, says, run in rows),
    ]


def _run_ends(desk: Desk) -> list[Action]:
    state = desk.state

    def resume() -> None:
        run = state.training.resumable
        if run is not None:
            state.trainer.resume(run)
            state.explorer.open_run(run)

    def last_good() -> None:
        run = _with_last_good(state)
        if run is not None and run.last_good is not None:
            state.explorer.open(run.place, run.last_good)
            said = (
                f"This is checkpoint {run.last_good:,}, the last one whose numbers are finite. A smaller learning rate may help."
            )
            state.notices.say("training", said, "run.resume", is_error=False)

    return [
        act(
            "run.resume",
            "Resume the run",
            "Go on from the last checkpoint of the run that has stopped.",
            resume,
            when=lambda: state.training.resumable is not None and state.training.live is None,
            needs="There is no stopped run to go on with.",
        ),
        act(
            "run.last_good",
            "Last good checkpoint",
            "Show the last checkpoint before the numbers went wrong.",
            last_good,
            when=lambda: _with_last_good(state) is not None,
            needs="No run has failed.",
        ),
        act("engine.restart", "Restart the engine", "Start the process anew that records and replays.", state.restart_engine),
    ]


def _with_last_good(state: AppState) -> Run | None:
    return next((run for run in reversed(state.training.runs) if run.last_good is not None), None)
