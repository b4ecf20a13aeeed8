"""The verbs `models`, `tasks` and `exhibits`: what there is."""

from engine.commands.terminal import AsJson, print_json, print_table, say
from engine.registry import catalogue
from engine.sources import exhibit_cards, exhibit_faults


def models(as_json: AsJson = False) -> None:
    """List the models."""
    offered = catalogue()
    if as_json:
        print_json({"models": offered.models, "failed": offered.failed})
        return
    print_table([(card.id, card.name, str(card.year), card.memory, ", ".join(card.forms)) for card in offered.models])
    _say_failed(offered.failed)


def tasks(as_json: AsJson = False) -> None:
    """List the tasks."""
    offered = catalogue()
    if as_json:
        print_json({"tasks": offered.tasks, "failed": offered.failed})
        return
    print_table([(card.id, card.name, card.form, ", ".join(metric.name for metric in card.metrics)) for card in offered.tasks])
    _say_failed(offered.failed)


def exhibits(as_json: AsJson = False) -> None:
    """List the trained models that come with the program."""
    cards = exhibit_cards()
    if as_json:
        print_json({"exhibits": cards, "failed": exhibit_faults()})
        return
    print_table([(card.name, card.model, card.task, f"{card.parameters:,} parameters", card.title) for card in cards])
    _say_failed(exhibit_faults())


def _say_failed(failed: tuple[str, ...]) -> None:
    for line in failed:
        say(f"left out: {line}")
