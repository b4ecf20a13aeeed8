"""A run's folder: run.json, metrics.csv, checkpoints/, best.json, log.txt, and where each of them lies."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import msgspec

from engine.contract.files import BadFileError, write_whole
from engine.contract.results import ExhibitCard, RunCard

FORMAT = 1
HEADER = "update,cost,learning_rate"

CardT = TypeVar("CardT", RunCard, ExhibitCard)


class Best(msgspec.Struct, frozen=True, kw_only=True):
    """`best.json`: the checkpoint that the task judges best on held-out episodes, the newest of those that chance cannot part."""

    update: int
    held_out: float
    """What the task judges by."""
    cost: float | None = None
    figure: float | None = None
    """The task's first metric, and the cost, on the same episodes."""
    least: float
    """The least that any checkpoint of the run was judged."""
    doubt: float = 0.0
    """The standard error of that; 0 where nobody knows."""


@dataclass(frozen=True, slots=True)
class RunFolder:
    """The paths of one run, and the small files in it."""

    path: Path

    @property
    def card_file(self) -> Path:
        """What the run is."""
        return self.path / "run.json"

    @property
    def metrics_file(self) -> Path:
        """One line for each update."""
        return self.path / "metrics.csv"

    @property
    def checkpoints(self) -> Path:
        """Where the weights lie."""
        return self.path / "checkpoints"

    def weights_file(self, update: int) -> Path:
        """The weights at an update."""
        return self.checkpoints / f"{update:06d}.safetensors"

    def standing_file(self, update: int) -> Path:
        """What is needed beside the weights to go on training from an update."""
        return self.checkpoints / f"{update:06d}.state.safetensors"

    def kept(self) -> tuple[int, ...]:
        """The updates whose weights are here, ascending."""
        return tuple(sorted(int(p.name.split(".")[0]) for p in self.checkpoints.glob("*.safetensors") if _is_weights(p)))

    def resumable(self) -> tuple[int, ...]:
        """The updates from which training can go on, newest first."""
        found = (p.name.split(".")[0] for p in self.checkpoints.glob("*.state.safetensors"))
        return tuple(sorted((int(name) for name in found if name.isdecimal() and int(name) in self.kept()), reverse=True))

    def best(self) -> int | None:
        """The best checkpoint that is still here, else the newest, else none."""
        kept, best = self.kept(), self.read_best()
        if best is not None and best.update in kept:
            return best.update
        return kept[-1] if kept else None

    def read_best(self) -> Best | None:
        """What was noted of the best checkpoint; None if nothing that can be read was."""
        with contextlib.suppress(OSError, msgspec.MsgspecError):
            return msgspec.json.decode((self.path / "best.json").read_bytes(), type=Best)
        return None

    def write_best(self, best: Best) -> None:
        """Note the best checkpoint."""
        write_whole(self.path / "best.json", msgspec.json.encode(best), wait=False)

    def write_card(self, card: RunCard) -> None:
        """Write `run.json`."""
        write_whole(self.card_file, msgspec.json.format(msgspec.json.encode(card), indent=2))

    def read_card(self) -> RunCard:
        """Read `run.json`; BadFileError with one sentence if it cannot be used."""
        return read_card(self.card_file, RunCard)

    def trim_metrics(self, update: int) -> None:
        """Leave only the lines up to an update: the rest is made again."""
        lines = self.metrics_file.read_text().splitlines() if self.metrics_file.exists() else []
        good = [line for line in lines[1:] if line.count(",") == 2 and line.split(",")[0].isdecimal()]
        kept = [line for line in good if int(line.split(",")[0]) <= update]
        write_whole(self.metrics_file, "\n".join((HEADER, *kept)) + "\n")

    def curve(self) -> tuple[tuple[int, float], ...]:
        """(update, cost) of every update that was made."""
        lines = self.metrics_file.read_text().splitlines()[1:] if self.metrics_file.exists() else []
        whole = (line.split(",") for line in lines if line.count(",") == 2)
        return tuple((int(update), float(cost)) for update, cost, _ in whole)

    def drop(self, update: int) -> None:
        """Remove the checkpoint of an update."""
        self.weights_file(update).unlink(missing_ok=True)
        self.standing_file(update).unlink(missing_ok=True)

    def log(self, sentence: str) -> None:
        """Add a line to `log.txt`."""
        with (self.path / "log.txt").open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now().astimezone().isoformat(timespec='seconds')} {sentence}\n")


def read_card(path: Path, kind: type[CardT]) -> CardT:
    """Read a card of JSON; BadFileError with one sentence if it is missing, damaged, foreign or from a newer version."""
    try:
        content = path.read_bytes()
        written = msgspec.json.decode(content, type=dict[str, object]).get("format", 0)
        if isinstance(written, int) and written > FORMAT:
            raise BadFileError(f"{path}: written by a newer Slotscope (format {written}, this one reads {FORMAT})")
        return msgspec.json.decode(content, type=kind)
    except FileNotFoundError as error:
        raise BadFileError(f"{path}: there is no such file") from error
    except OSError as error:
        raise BadFileError(f"{path}: cannot be read ({error.strerror})") from error
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BadFileError(f"{path}: damaged, or no card of Slotscope ({error})") from error


def _is_weights(path: Path) -> bool:
    name = path.name.removesuffix(".safetensors")
    return name.isdecimal()
