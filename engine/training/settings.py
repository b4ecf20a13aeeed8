"""What may be chosen of how a run trains; the defaults are the model's own recipe for the task."""

from dataclasses import replace

from engine.contract.cards import Setting, Settings, read_settings
from engine.models.base import ModelEntry, Recipe
from engine.tasks.base import BadInputError, TaskEntry

MOST_UPDATES = 100_000_000
"""A longer run is a slip of the hand."""


def training_settings(recipe: Recipe) -> tuple[Setting, ...]:
    """The settings that every run offers, with the recipe's values as defaults."""
    return (
        Setting(
            name="optimiser", default=recipe.optimiser, choices=("rmsprop", "adam", "sgd"), title="Optimiser",
            says="How the gradient moves the weights.",
        ),
        Setting(
            name="learning_rate", default=recipe.learning_rate, low=0.0, high=10.0, live=True, title="Learning rate",
            says="How far one update moves the weights; it can be changed while the run trains.",
        ),
        Setting(name="batch", default=recipe.batch, low=1, high=4096, title="Batch", says="How many episodes make one update."),
        Setting(
            name="updates", default=recipe.updates, low=1, high=MOST_UPDATES, title="Updates",
            says="How many updates the run makes.",
        ),
        Setting(
            name="clip", default=recipe.clip, choices=("value", "norm", "norm_per_tensor"), title="Clip by",
            says="Whether each number of the gradient is limited, its whole length, or the length of each tensor.",
        ),
        Setting(
            name="clip_at", default=recipe.clip_at, low=1e-6, high=1e6, title="Clip at",
            says="The limit of the gradient; it keeps one odd batch from undoing the run.",
        ),
        Setting(
            name="stop_below", default=0.0, low=0.0, high=1e9, title="End below",
            says="The run ends when the mean cost of its last 1,000 sequences is below this; 0: after its updates only.",
        ),
        Setting(
            name="device", default="auto", choices=("auto", "cpu", "gpu"), title="Device",
            says="Where the network computes. Auto: on a GPU if there is one and networks of this kind gain from it, else on the "
            "processor (cpu). On a GPU a repeated run agrees nearly, not to the last bit.",
        ),
    )  # fmt: skip


def offered_settings(model: ModelEntry, task: TaskEntry) -> tuple[Setting, ...]:
    """All that may be chosen for a run of this model on this task: model, task, training; with the recipe's defaults."""
    recipe = model.recipe(task.card.id)
    own = (*model.card.settings, *task.card.settings)
    fitted = (replace(setting, default=recipe.settings.get(setting.name, setting.default)) for setting in own)
    return (*fitted, *training_settings(recipe))


def complete(offered: tuple[Setting, ...], wished: Settings) -> Settings:
    """`wished` with defaults; BadInputError that names the setting and what would be right."""
    try:
        return read_settings(offered, wished)
    except ValueError as error:
        raise BadInputError(str(error)) from None


def chosen(offered: tuple[Setting, ...], settings: Settings) -> Settings:
    """The part of `settings` that is among those offered."""
    return {setting.name: settings[setting.name] for setting in offered}
