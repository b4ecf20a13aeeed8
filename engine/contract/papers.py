"""What papers report of the bAbI tasks, to stand beside what is measured here: wrong answers in percent, task 1 to task 20.

They are never part of a measurement. A column that was not read where it was printed says so, as it says what was taught: figures
of networks that are told the supporting facts do not compare with those of networks that are told the answers alone.
"""

from dataclasses import dataclass

from engine.contract.cards import Settings, Value

TEN_THOUSAND = 10_000
"""Training questions of each task, in the larger of the two published collections; in the smaller, a thousand."""

_SUKHBAATAR = "Sukhbaatar, Szlam, Weston & Fergus 2015, Table 1"
_BEST_OF_TEN = "the best of 10 runs by their error in training"
_MEMORY = "quoted from memory, not checked against the print"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperColumn:
    """One column of a published table. `caveat`: what a reader must know before comparing."""

    title: str
    source: str
    errors: tuple[float, ...]
    caveat: str = ""

    def error(self, task: int) -> float | None:
        """In percent; None for a task that is none of the twenty."""
        return self.errors[task - 1] if 1 <= task <= len(self.errors) else None

    def mean(self, tasks: tuple[int, ...]) -> float:
        """Over some of the tasks."""
        return sum(self.errors[task - 1] for task in tasks) / len(tasks)


MEMNN_STRONG = PaperColumn(
    title="MemNN", source=_SUKHBAATAR + ", 1,000 questions a task", caveat="taught the supporting facts",
    errors=(0, 0, 0, 0, 2, 0, 15, 9, 0, 2, 0, 0, 0, 1, 0, 0, 35, 5, 64, 0),
)  # fmt: skip

MEMN2N_ALONE = PaperColumn(
    title="MemN2N PE LS RN", source=_SUKHBAATAR + ", 1,000 questions, each task trained alone",
    caveat=f"{_BEST_OF_TEN}; {_MEMORY}",
    errors=(0, 8.3, 40.3, 2.8, 13.1, 7.6, 17.3, 10, 13.2, 15.1, 0.9, 0.2, 0.4, 1.7, 0, 1.3, 51, 11.1, 82.8, 0),
)  # fmt: skip

MEMN2N_JOINT = {
    1: PaperColumn(
        title="MemN2N 1 hop PE LS, joint", source=_SUKHBAATAR + ", 1,000 questions a task, all trained together",
        caveat=_BEST_OF_TEN,
        errors=(0.8, 62, 76.9, 22.8, 11, 7.2, 15.9, 13.2, 5.1, 10.6, 8.4, 0.4, 6.3, 36.9, 46.4, 47.4, 44.4, 9.6, 90.7, 0),
    ),
    2: PaperColumn(
        title="MemN2N 2 hops PE LS, joint", source=_SUKHBAATAR + ", 1,000 questions a task, all trained together",
        caveat=_BEST_OF_TEN,
        errors=(0, 15.6, 31.6, 2.2, 13.4, 2.3, 25.4, 11.7, 2, 5, 1.2, 0, 0.2, 8.1, 0.5, 51.3, 41.2, 10.3, 89.9, 0.1),
    ),
    3: PaperColumn(
        title="MemN2N 3 hops PE LS RN, joint", source=_SUKHBAATAR + ", 1,000 questions a task, all trained together",
        caveat=_BEST_OF_TEN,
        errors=(0, 11.4, 21.9, 13.4, 14.4, 2.8, 18.3, 9.3, 1.9, 6.5, 0.3, 0.1, 0.2, 6.9, 0, 2.7, 40.4, 9.4, 88, 0),
    ),
}  # fmt: skip

MEMN2N_10K = PaperColumn(
    title="MemN2N PE LS RN", source="Sukhbaatar et al. 2015, 10,000 questions a task, as repeated in ml-lab/rmn",
    caveat=_BEST_OF_TEN,
    errors=(0, 0.3, 9.3, 0, 0.6, 0, 3.7, 0.8, 0.8, 2.4, 0, 0, 0, 0, 0, 0.4, 40.7, 6.7, 66.5, 0),
)  # fmt: skip

DMN_PLUS_10K = PaperColumn(
    title="DMN+", source="Xiong, Merity & Socher 2016, 10,000 questions a task, as repeated in ml-lab/rmn",
    caveat="the best of 10 runs by held-out loss where runs differ",
    errors=(0, 0.3, 1.1, 0, 0.5, 0, 2.4, 0, 0, 0, 0, 0, 0, 0.2, 0, 45.3, 4.2, 2.1, 0, 0),
)  # fmt: skip

DMN_TAUGHT = PaperColumn(
    title="DMN", source="Kumar et al. 2016, 1,000 questions a task",
    caveat=f"its gates are taught the supporting facts; {_MEMORY}",
    errors=(0, 1.8, 4.8, 0, 0.7, 0, 3.1, 3.5, 0, 2.5, 0.1, 0, 0.2, 0, 0, 0.6, 40.4, 4.7, 65.5, 0),
)  # fmt: skip


def paper_column(model: str, settings: Settings, data: str = "") -> PaperColumn | None:
    """The column that a network of these settings is nearest to, if there is one. `data`: the folder that it was trained on."""
    is_large = "10k" in data if data else _number(settings.get("questions", 0)) >= TEN_THOUSAND
    match model:
        case "memnn":
            return None if is_large else MEMNN_STRONG
        case "memn2n":
            is_joint = len(str(settings.get("tasks", "")).replace(",", " ").split()) > 1
            if is_large:
                return MEMN2N_10K
            return MEMN2N_JOINT.get(int(_number(settings.get("hops", 3)))) if is_joint else MEMN2N_ALONE
        case "dmn":
            is_taught = settings.get("gate_supervision") is True
            return DMN_TAUGHT if is_taught and not is_large else DMN_PLUS_10K if is_large and not is_taught else None
    return None


def _number(value: Value) -> float:
    return 0.0 if isinstance(value, str) else float(value)
