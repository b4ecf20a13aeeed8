"""All verbs in one program, and how each ends: 0 done, 1 failed with one sentence, 2 wrong usage."""

import logging
import os
import sys

import torch
import typer

from engine.commands import bench, build_exhibit, demonstrate, doctor, evaluate, listing, memory, record, remember, sweep, train
from engine.commands.compile import compile_paths
from engine.commands.terminal import Failed, say
from engine.contract.faults import explain, is_a_fault
from engine.contract.log import log_to_file

PROGRAM = "slotscope"

application = typer.Typer(add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False)
application.command("models")(listing.models)
application.command("tasks")(listing.tasks)
application.command("exhibits")(listing.exhibits)
application.command("train")(train.train)
application.command("sweep")(sweep.sweep)
application.command("evaluate")(evaluate.evaluate)
application.command("record")(record.record)
application.command("remember")(remember.remember)
application.add_typer(memory.memory, name="memory")
application.command("demonstrate")(demonstrate.demonstrate)
application.command("build-exhibit")(build_exhibit.build_exhibit)
application.command("compile", hidden=True)(compile_paths)
application.command("bench-engine")(bench.bench_engine)
application.command("doctor-engine")(doctor.doctor_engine)


@application.callback()
def about() -> None:
    """Slotscope without its window: train, measure and record memory networks."""


def main(arguments: list[str] | None = None) -> int:
    """Run one verb and return the exit status."""
    torch.set_num_threads(1)
    log_to_file()
    try:
        status = typer.main.get_command(application).main(args=arguments, prog_name=PROGRAM, standalone_mode=False)
    except typer.TyperException as error:
        say(f"{PROGRAM}: {error.format_message()} ({PROGRAM} --help and {PROGRAM} VERB --help tell more)")
        return 2
    except (KeyboardInterrupt, typer.Abort):
        say("Interrupted.")
        return train.INTERRUPTED
    except BrokenPipeError:  # whoever read the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Failed as error:
        say(str(error))
        return 1
    except Exception as error:
        if is_a_fault(error):
            logging.getLogger(__name__).exception("the verb failed")
        say(explain(error))
        return 1
    return int(status or 0)
