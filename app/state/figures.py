"""A measured figure in words: a share in percent, anything else in its unit."""

from app.state.describe import amount
from engine.contract.cards import Metric


def figure_in_words(metric: Metric, value: float) -> str:
    """ "0.38 bits per sequence", "99.5 %"."""
    return f"{100 * value:.3g} %" if metric.is_share else f"{amount(value)} {metric.unit}".strip()
