"""Small Dynamic Memory Networks and questions for them; what their tests stand on."""

from typing import Any

import pytest
import torch
from hypothesis import strategies as st

from engine.contract.cards import Settings, read_settings
from engine.models.dmn import DMN, ENTRY
from engine.stories import world
from engine.stories.questions import Vocabulary
from engine.tasks.base import StoryBatch
from engine.training.device import one_thread

VOCABULARY = Vocabulary(sorted(world.vocabulary(2)), 6)
WORDS, SLOTS, LONGEST = len(VOCABULARY.words) + 1, 12, 6
INTERFACE = {"words": WORDS, "answers": WORDS - 1, "longest": LONGEST, "slots": SLOTS}

LOOKS = {"attention": "hop.attention", "independent": "hop.gate"}
"""The channel that shows the gates of each version."""

versions = pytest.mark.parametrize("gates", ["attention", "independent"])
seeds = st.integers(0, 10**6)


def model(seed: int = 0, **wished: Any) -> DMN:
    one_thread()
    torch.manual_seed(seed)
    wishes: Settings = {"width": 6, "dropout": 0.0, "thinning": 0.0, **wished}
    made = DMN(read_settings(ENTRY.card.settings, wishes), INTERFACE)
    with torch.no_grad():
        made.compare.weight.mul_(2)
        made.rate.weight.mul_(4)  # larger weights than at the start of training, so that no gates are almost alike
    return made


def batch(seed: int = 0, size: int = 3, slots: int = 7, longest: int = LONGEST) -> StoryBatch:
    """Stories of 1 to `slots` facts; those of the last question have filled all slots and begun again."""
    chance = torch.Generator().manual_seed(seed)
    told = torch.randint(1, slots + 1, (size, 1), generator=chance)
    told[-1] = slots + int(torch.randint(0, slots, (), generator=chance))
    present = torch.arange(slots) < told
    sentences = torch.randint(1, WORDS, (size, slots, longest), generator=chance) * present[..., None]
    words = torch.randint(1, longest + 1, (size, 1), generator=chance)
    return StoryBatch(
        sentences=sentences,
        present=present,
        ages=torch.where(present, 1 + (told - 1 - torch.arange(slots)) % slots, 0),
        question=torch.randint(1, WORDS, (size, longest), generator=chance) * (torch.arange(longest) < words),
        answer=torch.randint(0, WORDS - 1, (size,), generator=chance),
        group=torch.full((size,), 2),
        supports=torch.stack((torch.zeros(size).long(), torch.full((size,), -1)), 1),
    )
