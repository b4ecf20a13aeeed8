"""The list of edits as a Python script that gives the edited result without the window, bit for bit on the same computer."""

import textwrap

from app.state.session import Session
from app.state.what_if import edit_in_words
from engine.contract.edits import Edit
from engine.contract.trace import Trace

_SCRIPT = '''\
"""Run an edited episode of Slotscope again, without its window.

{story}
It writes the edited trace to edited.safetensors, or to the file that is named behind the script. On the computer that
exported it, the trace is the same to the last bit.
"""

import sys
from pathlib import Path

from engine.contract.edits import Edit
from engine.contract.messages import EpisodeWish, Source
from engine.contract.trace_file import write_trace
from engine.recording import record
from engine.sources import open_source

SOURCE = Source(place={place!r}, update={update})
SETTINGS = {settings!r}
EPISODE = EpisodeWish(seed={seed}, own={own!r})
WEIGHTS = {weights!r}
EDITS = (
{edits})


def main() -> None:
    """Record the episode as it was and as it becomes, and say what changed."""
    opened = open_source(SOURCE, SETTINGS)
    plain = record(opened, EPISODE)
    if plain.card.weights != WEIGHTS:
        sys.exit(f"{{SOURCE.place}}: these are other weights ({{plain.card.weights}}) than those that were edited ({{WEIGHTS}})")
    edited = record(opened, EPISODE, EDITS)
    path = Path(sys.argv[1] if len(sys.argv) > 1 else "edited.safetensors")
    write_trace(edited, path)
    for name, value in plain.card.outcome.items():
        print(f"{{name}}: {{value:g}} as it was, {{edited.card.outcome[name]:g}} with the edits")
    print(f"The edited trace lies in {{path}}.")


if __name__ == "__main__":
    main()
'''


def script(session: Session, trace: Trace) -> str:
    """The script for a session's edits; `trace` is what A shows. ValueError with one sentence if there is nothing to edit."""
    edits = [edit for edit in session.edits if edit.enabled]
    if not edits:
        raise ValueError("There is no edit yet: choose a slot, then erase, set or swap it.")
    episode = "the user's own input" if trace.card.own else f"the episode of seed {trace.card.seed}"
    whose = f"{session.a.source.place}, checkpoint {trace.card.update}"
    story = (
        f"{trace.card.model.name} on {trace.card.task.name} ({whose}), {episode}. "
        f"Edits: {', '.join(edit_in_words(edit) for edit in edits)}."
    )
    return _SCRIPT.format(
        story=textwrap.fill(story.replace("\\", "/").replace('"""', "'''"), 110),
        place=session.a.source.place,
        update=trace.card.update,
        settings=session.a.settings,
        seed=session.a.episode.seed,
        own=session.a.episode.own,
        weights=trace.card.weights,
        edits="".join(f"    {_as_python(edit)},\n" for edit in edits),
    )


def _as_python(edit: Edit) -> str:
    told = [f"act={edit.act!r}", f"channel={edit.channel!r}", f"step={edit.step}", f"index={edit.index!r}"]
    if edit.until is not None:
        told.append(f"until={edit.until}")
    if edit.values:
        told.append(f"values={edit.values!r}")
    if edit.name:
        told.append(f"name={edit.name!r}")
    return f"Edit({', '.join(told)})"
