"""The engine answers "Who remembered?" bit by bit, can be told to stop, and lets nobody wait meanwhile."""

from engine.contract.messages import (
    Cancel,
    EpisodeWish,
    Record,
    Refused,
    Remember,
    Remembered,
    Request,
    Source,
    TraceReady,
    Working,
)
from tests.engine.test_service import Asker

NTM = Source(place="exhibit:ntm-copy")


def _asked(episodes: int) -> Remember:
    return Remember(request=Request(3), source=NTM, episode=EpisodeWish(seed=0), episodes=episodes)


def test_one_episode_is_answered_at_once() -> None:
    answer = Asker().ask(_asked(1))[-1]

    assert isinstance(answer, Remembered)
    assert answer.found.is_complete
    assert answer.found.conditions == ("", "episode")


def test_a_set_comes_bit_by_bit_and_at_last_whole(monkeypatch) -> None:
    monkeypatch.setattr("engine.remembering.SECONDS_BETWEEN_SHOWS", 0.0)

    answers = [event.found for event in Asker().ask(_asked(6)) if isinstance(event, Remembered)]

    assert [found.count for found in answers] == [1, 2, 3, 4, 5, 6, 6]
    assert [found.is_complete for found in answers] == [False] * 6 + [True]


def test_it_can_be_cancelled() -> None:
    asker = Asker()
    asker.after[Working] = Cancel(request=Request(3))

    asker.ask(_asked(100_000))

    assert asker.last() == Refused(request=Request(3), sentence="cancelled")


def test_a_step_does_not_wait_for_it() -> None:
    asker = Asker()
    asker.after[Working] = Record(request=Request(8), source=NTM, episode=EpisodeWish(seed=0))

    asker.ask(_asked(20))

    order = [type(event) for event in asker.events]
    assert order.index(TraceReady) < len(order) - 1


def test_a_source_that_is_not_there_is_one_sentence() -> None:
    answer = Asker().ask(Remember(request=Request(3), source=Source(place="exhibit:none"), episode=EpisodeWish()))[-1]

    assert isinstance(answer, Refused)
    assert "none" in answer.sentence
