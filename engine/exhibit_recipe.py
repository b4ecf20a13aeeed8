"""What a recipe for a bundled exhibit says: model, task, settings, seed, length of the run, and how it is measured."""

from dataclasses import dataclass, field

from engine.contract.cards import Settings

TEST_EPISODES = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ExhibitRecipe:
    """All that is needed to make an exhibit again; `measured` are the settings under which it is tested."""

    title: str
    says: str
    model: str
    task: str
    seed: int
    updates: int
    checkpoints: int
    episodes: tuple[int, ...]
    measured: tuple[Settings, ...]
    settings: Settings = field(default_factory=dict)
    test_episodes: int = TEST_EPISODES
    bundles_episodes: bool = True
    """Whether its episodes come recorded; else the engine records one when it is asked for, in a moment: of a large memory."""
    shown_in_lessons: tuple[int, ...] = ()
    """Of its episodes, those that a lesson shows: they come recorded, however large."""
    is_half: bool = False
    """Whether its last checkpoint too is bundled in half the precision, as the others are: of a large memory."""
    published: str = ""
    """How the figures name the task's real test files, where a folder of them is given to measure on as well."""
