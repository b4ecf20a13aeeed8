"""What a run would cost, told while the form is filled in."""

from app.state.catalogue import Catalogue
from app.state.estimate import Estimate
from engine.contract.messages import Cancel, Command, EstimateRun, Request, RunEstimated


class Engine:
    """Keeps what it is sent."""

    def __init__(self) -> None:
        self.sent: list[Command] = []

    def explorer_send(self, command: Command) -> None:
        self.sent.append(command)


def made() -> tuple[Estimate, Engine]:
    engine, numbers, catalogue = Engine(), iter(range(1, 100)), Catalogue(())
    catalogue.engine_is_ready = True
    return Estimate(engine, catalogue, lambda: Request(next(numbers))), engine  # type: ignore[arg-type]  # only one call of it is used


def test_a_newer_wish_cancels_the_older_and_its_answer_is_dropped() -> None:
    estimate, engine = made()

    estimate.ask("ntm", "copy", {"updates": 10})
    estimate.ask("ntm", "copy", {"updates": 20})
    estimate.apply(RunEstimated(request=Request(1), parameters=1))

    assert [type(command) for command in engine.sent] == [EstimateRun, Cancel, EstimateRun]
    assert estimate.in_words == ""


def test_time_and_memory_stand_in_words() -> None:
    estimate, _ = made()

    estimate.ask("ntm", "copy", {"updates": 10_000})
    estimate.apply(RunEstimated(request=Request(1), parameters=62_860, megabytes=4.2, update_ms=2.31, seconds=23.1))

    assert estimate.in_words == (
        "62,860 parameters. On this machine about 2.31 ms an update: 10,000 updates in about 23 s, with about 4 MB of memory."
    )
    assert not estimate.is_heavy


def test_what_is_slow_or_large_is_said_to_be() -> None:
    estimate, _ = made()

    estimate.ask("ntm", "copy", {"updates": 10_000})
    estimate.apply(
        RunEstimated(
            request=Request(1), parameters=9, megabytes=5000, update_ms=2000, seconds=20_000, at_least=True, cautions=("So.",)
        )
    )

    assert estimate.is_heavy
    assert "at least 5.6 h, with at least 4.9 GB" in estimate.in_words
    assert estimate.in_words.endswith("So.")


def test_a_refusal_names_its_setting() -> None:
    estimate, _ = made()

    estimate.ask("transformer", "copy", {})
    estimate.apply(RunEstimated(request=Request(1), refused="heads: 3 does not divide the width", setting="heads"))

    assert estimate.refusal == ("heads", "heads: 3 does not divide the width")
    assert estimate.in_words == ""
