"""A scene in words: how many futures are foreseen, which came closest and from which slot, how far off the likeliest is."""

import math

from app.state.trajectories import Scene, agent_name, future_name
from engine.contract.trace import Trace

PATHS_DIFFER = "Ways are not subtracted from each other: look at A and B side by side (C)."


def metres(value: float) -> str:
    """ "0.28 m"."""
    return f"{value:.2f} m" if math.isfinite(value) else "unknown"


def sample_name(trace: Trace, step: int) -> str:
    """ "Sample 12 (cross, left)": counted from 1, with what the task says of it."""
    number = max(trace.sample_at(step), 0)
    names = trace.card.labels.get("sample", ())
    said = f" ({names[number]})" if number < len(names) and names[number] else ""
    return f"Sample {number + 1}{said}"


def moment_in_words(scene: Scene) -> str:
    """ "Step 13 of 20, past"; empty where a sample is one step."""
    if scene.at is None:
        return ""
    seen, ahead = scene.past.shape[1], max(scene.foreseen.shape[2], scene.truth.shape[1])
    if scene.at < seen:
        return f"step {scene.at + 1} of {seen} seen"
    return f"step {min(scene.at - seen + 1, ahead)} of {ahead} foreseen"


def scene_in_words(trace: Trace, step: int, scene: Scene) -> str:
    """The whole sample in a few sentences."""
    now = moment_in_words(scene)
    told = [f"{sample_name(trace, step)}{', ' + now if now else ''}."]
    if not scene.futures:
        return f"{told[0]} Nothing is foreseen here."
    told += [_alone(scene)] if len(scene.agents) == 1 else _together(trace, scene)
    return " ".join(filter(None, told))


def future_in_words(trace: Trace, scene: Scene, agent: int, future: int) -> str:
    """What the pointer says of a line: "slot 31, likeliest of 5: 0.28 m off on average, 0.52 m at the end"."""
    who = f"{agent_name(trace, agent)}, " if len(scene.agents) > 1 else ""
    if future < 0:
        if not scene.futures or not scene.is_known:
            return f"{who}where it came from" if who else "what was seen"
        best = scene.best(agent)
        return f"{who}{future_in_words(trace, scene, agent, best)}" if not who else _of_agent(trace, scene, agent, best)
    order = "" if scene.futures < 2 else ", likeliest" if future == 0 else f", number {future + 1}"
    order += f" of {scene.futures}" if scene.futures > 1 else ""
    off = scene.mean[agent, future]
    error = f": {metres(float(off))} off on average, {metres(float(scene.end[agent, future]))} at the end"
    return f"{who}{future_name(scene, future)}{order}{error if math.isfinite(off) else ''}"


def before_the_map(scene: Scene) -> str:
    """ "0.33 m before it looked at the map": of the future that is the closest now; empty where no map is looked at."""
    if not scene.unrefined or not scene.is_known:
        return ""
    return f"{metres(scene.unrefined[scene.best(scene.agents[0])])} before it looked at the map"


def _of_agent(trace: Trace, scene: Scene, agent: int, best: int) -> str:
    off = f"{metres(float(scene.mean[agent, best]))} off on average, {metres(float(scene.end[agent, best]))} at the end"
    return f"{agent_name(trace, agent)}: {off}"


def _alone(scene: Scene) -> str:
    agent = scene.agents[0]
    best, first = scene.best(agent), f"the likeliest comes from {future_name(scene, 0)}" if scene.slots else ""
    many = "1 future is foreseen" if scene.futures == 1 else f"{scene.futures} futures are foreseen"
    if scene.slots and max(scene.slots) < 0:
        many = "The memory is empty: what is foreseen comes from no slot"
    if not scene.is_known:
        return f"{many}; nobody knows what happened. {first[:1].upper()}{first[1:]}{'.' if first else ''}".strip()
    whence = f", from {future_name(scene, best)}," if scene.slots and scene.slots[best] >= 0 else ""
    off = f"{metres(float(scene.mean[agent, best]))} off on average and {metres(float(scene.end[agent, best]))} at the end"
    before = before_the_map(scene)
    off += f" (on average {before})" if before else ""
    if scene.futures == 1:
        return f"{many}: it is {off}."
    said = f"{many}. The closest{whence} is {off}"
    if best == 0:
        return f"{said}; it is also the likeliest."
    return f"{said}; the likeliest ({future_name(scene, 0)}) is {metres(float(scene.mean[agent, 0]))} off on average."


def _together(trace: Trace, scene: Scene) -> list[str]:
    each = "one future" if scene.futures == 1 else f"{scene.futures} futures"
    told = [f"{len(scene.agents)} agents, {each} each."]
    if not scene.is_known:
        return [*told, "Nobody knows what happened."]
    worst = max(scene.agents, key=lambda agent: float(scene.mean[agent, scene.best(agent)]))
    told.append(f"{'They are' if scene.futures == 1 else 'The closest are'} {metres(scene.error)} off on average;")
    told.append(f"{agent_name(trace, worst)} is farthest off, by {metres(float(scene.mean[worst, scene.best(worst)]))}.")
    return told
