"""I3: a memory network's parameters do not grow with its slots, a recurrent net's grow with the square of its state."""

from collections.abc import Iterator

from engine.contract.cards import Settings
from engine.contract.demonstrations import Demonstration, Figure, Finding, Series, Table
from engine.demonstrations.workbench import Workbench, mean_scores
from engine.training.assemble import assemble

NETWORK = "ntm-copy"
SLOTS = (32, 64, 128, 256, 512)
UNITS = (16, 32, 64, 128, 256, 512, 1024)
LENGTH, IN_RANGE, EPISODES = 150, 20, 4


def measure(
    bench: Workbench,
    slots: tuple[int, ...] = SLOTS,
    units: tuple[int, ...] = UNITS,
    lengths: tuple[int, int] = (IN_RANGE, LENGTH),
    episodes: int = EPISODES,
) -> Iterator[Demonstration]:
    """Count first, which takes no time; then run the trained weights with each number of slots."""
    bench.plan(len(units) + 2 * len(slots))
    rows: list[tuple[int | float, ...]] = []
    nets, held = [], []
    for size in units:
        bench.part()
        built = assemble("lstm", "copy", {"hidden": size}, 0)
        nets.append((2 * size, built.parameters))
    wide = (units[0] // 2, *units, units[-1] * 2)
    curves = [
        Series(name="LSTM", x=tuple(n for n, _ in nets), y=tuple(p for _, p in nets)),
        Series(name="formula", x=tuple(2 * n for n in wide), y=tuple(float(lstm_parameters(n)) for n in wide), kind="formula"),
    ]
    yield _told(curves, rows, lengths, episodes)
    for name in bench.present(NETWORK):
        for count in slots:
            wrong = []
            for length in lengths:
                bench.part()
                opened = bench.open(name, slots=count, length=length)
                wrong.append(mean_scores(opened, episodes)["wrong_bits"])
            numbers = count * int(opened.settings["slot_width"])
            held.append((numbers, opened.parameters, machine_parameters(opened.settings, opened.task.interface)))
            rows.append((count, numbers, opened.parameters, *(round(value, 1) for value in wrong)))
            by_formula = float(held[0][2])
            ends = (held[0][0] / 2, float(held[-1][0]))
            machine = [
                Series(name="NTM", x=tuple(at for at, _, _ in held), y=tuple(counted for _, counted, _ in held)),
                Series(name="formula", x=ends, y=(by_formula, by_formula), kind="formula"),
            ]
            yield _told([*curves, *machine], rows, lengths, episodes)


def lstm_parameters(units: int, inputs: int = 9, outputs: int = 8) -> int:
    """By the formula: four gates with two biases each, and the readout."""
    return 4 * units * (inputs + units) + 8 * units + outputs * (units + 1)


def machine_parameters(settings: Settings, sizes: dict[str, int]) -> int:
    """By the formula, for an LSTM controller with its learned first state; the number of slots is not in it."""
    c, w, r = int(settings["hidden"]), int(settings["slot_width"]), int(settings["heads"])
    i, o = sizes["inputs"], sizes["outputs"]
    controller = 4 * c * (i + r * w + c) + 8 * c + 2 * c
    return controller + r * (w + 6) * (c + 1) + r * (3 * w + 6) * (c + 1) + o * (c + r * w + 1)


def _told(curves: list[Series], rows: list[tuple[int | float, ...]], lengths: tuple[int, int], episodes: int) -> Demonstration:
    short, long = lengths
    return Demonstration(
        idea="",
        findings=(*_of_slots(rows, long), *_of_units(curves[0])),
        figures=(
            Figure(
                title="Parameters against the size of the memory",
                caption="Each point is a network that was built and counted; the dashed lines are the formulas.",
                x="numbers that the memory holds", y="parameters", series=tuple(curves), is_log_x=True, is_log_y=True,
            ),
        ),
        tables=(
            Table(
                title="The same trained weights with more slots",
                headers=("slots", "numbers held", "parameters", f"wrong bits at {short}", f"wrong bits at {long}"),
                rows=tuple(rows),
            ),
        ),
        formulas=(
            "LSTM:  4H(I + H) + 8H + O(H + 1)",
            "NTM:   4C(I + RW + C) + 10C + R(4W + 12)(C + 1) + O(C + RW + 1)",
            "       N, the number of slots, is not in it",
        ),
        how=f"{episodes} episodes of {short} and of {long} vectors for each number of slots; a wrong bit in every second one "
        f"({long * 4} of {long * 8}) is guessing. An LSTM's memory is its hidden state and its cells, 2H numbers.",
    )  # fmt: skip


def _of_slots(rows: list[tuple[int | float, ...]], long: int) -> list[Finding]:
    if len(rows) < 2:
        return []
    first, last = rows[0], rows[-1]
    is_same = len({row[2] for row in rows}) == 1
    fits = next((row for row in rows if row[-1] < 1), None)
    fails = [row[0] for row in rows if row[-1] >= 1 and (fits is None or row[0] < fits[0])]
    sentence = f"{first[2]:,} parameters at {first[0]} slots, {last[2]:,} at {last[0]}. "
    if fits is None:
        sentence += f"With none of these numbers of slots {long} vectors are copied without a fault."
    else:
        sentence += f"{long} vectors are copied with {fits[0]} slots ({fits[-1]:g} wrong bits)"
        sentence += f" and not with {', '.join(map(str, fails))}; nothing was trained in between." if fails else "."
    return [Finding(sentence=sentence, holds=is_same and fits is not None and bool(fails))]


def _of_units(line: Series) -> list[Finding]:
    if len(line.x) < 2:
        return []
    grown = line.y[-1] / line.y[-2]
    sentence = (
        f"Doubling the LSTM's state from {line.x[-2]:,.0f} to {line.x[-1]:,.0f} numbers multiplies its parameters by {grown:.1f}."
    )
    return [Finding(sentence=sentence, holds=grown > 3)]
