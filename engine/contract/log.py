"""The log: what went wrong in full, for whoever mends the program; the user is told in one sentence."""

import logging
from logging.handlers import RotatingFileHandler
from pathlib import Path

from engine.contract.places import log_file

_MOST_BYTES = 2**20
_LINE = "%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"


def log_to_file() -> None:
    """From now on, log into the user's log file; where that cannot be written, nowhere."""
    path = log_file()
    handler: logging.Handler
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(path, maxBytes=_MOST_BYTES, backupCount=1, encoding="utf-8", delay=True)
    except OSError:
        handler = logging.NullHandler()
    handler.setFormatter(logging.Formatter(_LINE))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.raiseExceptions = False  # a full disk must not write tracebacks over the terminal


def also_log_into(path: Path) -> logging.Handler:
    """Log into this file too, until `stop_logging`; its folder must be there."""
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter(_LINE))
    logging.getLogger().addHandler(handler)
    return handler


def stop_logging(handler: logging.Handler) -> None:
    """Log there no more."""
    logging.getLogger().removeHandler(handler)
    handler.close()
