"""One story under several models: who reads it, what is asked of the engine, and what is not."""

from dataclasses import replace

from app.state.one_story import OneStory, story_of
from app.state.training import Run
from engine.contract.messages import Cancel, Ready, Record, Refused, RunId, TraceReady
from engine.contract.trace import Trace
from fake_traces import memn2n_trace, ntm_trace
from scripted import EXHIBITS, Desk, desk, exhibit, greeting
from story_traces import read_by

OTHER = exhibit("dmn-babi", "dmn", "babi", title="DMN answers")
PLACE = "exhibit:dmn-babi"


def table(ready: bool = True) -> tuple[Desk, OneStory]:
    made = desk(ready=False)
    if ready:
        made.state.apply(with_two())
    made.show(memn2n_trace()) if ready else None
    return made, made.state.one_story["A"]


def with_two() -> Ready:
    return replace(greeting(), exhibits=(*EXHIBITS, OTHER))


def asked(made: Desk, place: str = PLACE) -> list[Record]:
    return [command for command in made.engine.sent if isinstance(command, Record) and command.source.place == place]


def answer(made: Desk, trace: Trace, request: Record) -> None:
    made.files["other"] = trace
    made.state.apply(TraceReady(request=request.request, path="other"))


def test_nothing_is_asked_while_nobody_looks() -> None:
    made, story = table()

    assert asked(made) == []
    assert [reader.name for reader in story.readers] == ["MemN2N"]


def test_the_other_readers_get_the_story_with_its_answers_and_what_they_rest_on() -> None:
    made, story = table()
    story.watch()

    (wish,) = asked(made)
    assert wish.episode.own.split("\n")[2] == "Where is Mary?\tbathroom\t1"
    assert [(reader.place, reader.is_waiting) for reader in story.readers] == [("exhibit:memn2n-babi", False), (PLACE, True)]


def test_what_is_on_screen_is_not_asked_again_and_its_record_is_the_one_on_screen() -> None:
    made, story = table()
    before = len(asked(made, "exhibit:memn2n-babi"))
    story.watch()

    assert len(asked(made, "exhibit:memn2n-babi")) == before
    assert story.readers[0].trace is made.state.a.trace


def test_a_record_that_comes_is_kept_and_the_same_story_is_not_asked_twice() -> None:
    made, story = table()
    story.watch()
    other = read_by("gate")
    answer(made, other, asked(made)[0])
    made.show(memn2n_trace())

    assert story.readers[1].trace is other
    assert len(asked(made)) == 1


def test_a_network_that_does_not_know_a_word_says_which() -> None:
    made, story = table()
    story.watch()
    made.state.apply(Refused(request=asked(made)[0].request, sentence="line 2: the word 'hallway' is not known"))

    assert story.readers[1].refusal == "line 2: the word 'hallway' is not known"
    assert not story.is_waiting


def test_another_story_gives_up_what_was_asked_and_asks_anew() -> None:
    made, story = table()
    story.watch()
    first = asked(made)[0]
    shorter = memn2n_trace()
    lines = shorter.card.labels["step"]
    told = {**shorter.card.labels, "step": ("Mary moved to the garden.", *lines[1:])}
    made.show(replace(shorter, card=replace(shorter.card, labels=told)))

    assert Cancel(request=first.request) in made.engine.sent
    assert asked(made)[-1].episode.own.startswith("Mary moved to the garden.")
    answer(made, read_by("gate"), first)
    assert story.readers[1].is_waiting


def test_who_looks_away_gives_up_what_was_asked() -> None:
    made, story = table()
    story.watch()
    story.leave()

    assert Cancel(request=asked(made)[0].request) in made.engine.sent


def test_an_engine_that_comes_back_is_asked_again() -> None:
    made, story = table()
    story.watch()
    made.state.explorer_died("killed")
    made.state.apply(with_two())

    assert len(asked(made)) == 2


def test_a_finished_run_that_reads_stories_reads_along() -> None:
    made, story = table()
    run = Run(run=RunId("r"), folder="runs/memn2n-babi-1", model="memn2n", task="babi", settings={}, seed=0, planned=9,
              status="finished", update=9, checkpoints=[9])  # fmt: skip
    made.state.training.remember([run])
    story.watch()

    assert [reader.name for reader in story.readers][-1] == "MemN2N, your run memn2n-babi-1"


def test_an_episode_without_a_story_has_no_readers() -> None:
    made, story = table()
    made.show(ntm_trace(length=2, slots=8))

    assert story.readers == ()
    assert story_of(made.state.a.trace) == ""
