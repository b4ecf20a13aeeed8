"""The plain network for visual questions: an LSTM reads the question, its last state is multiplied with the picture's features.

Antol et al., "VQA: Visual Question Answering" (2015), the "deeper LSTM Q + norm I" model with one layer, and with our small
convolutions in place of its large ones. Shapes: B batch, L regions, J words, W features of everything.
"""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.blocks.probe import Probe, silent
from engine.blocks.sight import Regions, Words
from engine.contract.cards import Block, Channel, MicroStep, ModelCard, Setting, Settings, Wire
from engine.models.base import MemoryModel, ModelEntry, Recipe
from engine.models.vqa_eyes import opened_eyes


class VqaBaseline(MemoryModel):
    """The network. It has no memory: all that it knows of its training lies in its weights."""

    def __init__(self, settings: Settings, interface: dict[str, int]) -> None:
        super().__init__()
        width, regions, answers = int(settings["width"]), interface["regions"], interface["answers"]
        self.eyes = Regions(opened_eyes(), regions, width)
        self.ears = Words(interface["words"], width, both_ways=False)
        self.picture = nn.Linear(regions * width, 2 * width)
        self.question = nn.Linear(width, 2 * width)
        self.inner = nn.Linear(2 * width, 2 * width)
        self.answer = nn.Linear(2 * width, answers)

    def forward(self, batch: Any, probe: Probe = silent) -> Tensor:
        """Answer each sample: `(B, answers)` logits."""
        samples = getattr(batch, "batch", batch)  # a stream of samples, run at once, is a batch of them
        regions = probe("picture.features", self.eyes(samples.pictures)[0])
        last = (samples.question > 0).sum(1).clamp(min=1) - 1
        states = self.ears(samples.question)
        heard = probe("question.state", states.gather(1, last[:, None, None].expand(-1, 1, states.shape[-1])).squeeze(1))
        seen = F.normalize(regions.flatten(1), dim=-1)
        seen = probe("fusion.picture", torch.tanh(self.picture(seen)))
        asked = probe("fusion.question", torch.tanh(self.question(heard)))
        both = probe("fusion.product", seen * asked)
        logits = probe("answer.logits", self.answer(torch.tanh(self.inner(both))))
        if probe is not silent:
            probe("answer.probability", torch.softmax(logits, -1))
        return logits

    def replay(self, episode: Any, probe: Probe) -> Tensor:
        """Take the stream sample by sample; none of them knows of the others."""
        names = ("pictures", "question", "answer", "number", "asked")
        outputs = []
        for step in range(episode.steps):
            probe.at(step)
            sample = {name: getattr(episode.batch, name)[step : step + 1] for name in names}
            outputs.append(self(type(episode.batch)(**sample), probe))
        return torch.cat(outputs)

    @property
    def path(self) -> str:
        """There is one."""
        return "all samples at once"


CHANNELS: tuple[Channel, ...] = (
    Channel(
        name="picture.features", axes=("region", "feature"), kind="vector", bounded=False, low=-1.0,
        title="what each place looks like", symbol="v", formula="v[n] = W·(convolutions of place n) + vector of place n",
        says="A vector of each of the nine places: what eyes that had learnt to tell shapes and colours see there, and where "
        "that is.",
    ),
    Channel(
        name="question.state", axes=("unit",), kind="vector", low=-1.0,
        title="question", symbol="q", formula="q = LSTM over the words, its last state",
        says="What is left of the question after its last word.",
    ),
    Channel(
        name="fusion.picture", axes=("feature",), kind="vector", low=-1.0,
        title="the picture as a whole", symbol="a", formula="a = tanh(W·[v[1], …, v[9]] / length)",
        says="All places of the picture in one vector, whatever is asked.",
    ),
    Channel(
        name="fusion.question", axes=("feature",), kind="vector", low=-1.0,
        title="the question as a filter", symbol="b", formula="b = tanh(W·q)",
        says="The question as numbers that let features of the picture through, or not.",
    ),
    Channel(
        name="fusion.product", axes=("feature",), kind="vector", low=-1.0,
        title="both together", symbol="a·b", formula="a · b, feature by feature",
        says="What of the picture matters for this question.",
    ),
    Channel(
        name="answer.logits", axes=("answer",), kind="vector", bounded=False, low=-1.0,
        title="answer scores", symbol="z", formula="z = V·tanh(W·(a·b))",
        says="The score of each answer before softmax.",
    ),
    Channel(
        name="answer.probability", axes=("answer",), kind="probability", role="answer", sums_to_one=True,
        title="answer", symbol="â", formula="â = softmax(z)",
        says="How probable it thinks each answer.",
    ),
)  # fmt: skip


def _recipe(task: str) -> Recipe:
    """As the network with a memory is trained, so that the two can be compared."""
    return Recipe(optimiser="adam", learning_rate=2e-3, batch=16, updates=3750, clip="norm", clip_at=5.0)


ENTRY = ModelEntry(
    card=ModelCard(
        id="vqa-baseline",
        name="LSTM and picture, without a memory",
        short="LSTM + image",
        year=2015,
        paper="Antol, Agrawal, Lu, Mitchell, Batra, Zitnick & Parikh, VQA: Visual Question Answering, ICCV 2015, "
        "arXiv:1505.00468",
        memory="weights only",
        idea="One vector for the whole picture and one for the whole question, multiplied feature by feature. It looks nowhere "
        "in particular and remembers no sample: what it knows lies in its weights.",
        slots_are="units",
        forms=("pictures",),
        settings=(
            Setting(name="width", default=32, low=2, high=512, title="Width",
                    says="How many features a place and a question have."),
        ),
        channels=CHANNELS,
        micro_steps=(
            MicroStep(name="look and listen", says="The picture becomes one vector, the question another.",
                      channels=("picture.features", "question.state", "fusion.picture", "fusion.question")),
            MicroStep(name="answer", says="The two are multiplied; two more layers give the answer.",
                      channels=("fusion.product", "answer.logits", "answer.probability")),
        ),
        wiring=(
            Block(name="picture", title="picture", row=0, columns=(0, 3), shows=("fusion.picture",),
                  works=("picture.features", "fusion.picture"), says="Nine places in one vector."),
            Block(name="question", title="question", row=0, columns=(3, 6), shows=("fusion.question",),
                  works=("question.state", "fusion.question"), says="The words in one vector."),
            Block(name="fusion", title="both together", row=1, columns=(0, 6), shows=("fusion.product",),
                  says="Multiplied, feature by feature."),
            Block(name="answer", title="answer", row=2, columns=(0, 6), shows=("answer.probability", "role:output"),
                  works=("answer.logits", "answer.probability"), says="Every answer and how probable it is."),
        ),
        wires=(
            Wire(source="picture", target="fusion", says="what it shows", channels=("fusion.picture",)),
            Wire(source="question", target="fusion", says="filters", channels=("fusion.question",)),
            Wire(source="fusion", target="answer", says="answers", channels=("fusion.product", "answer.logits")),
        ),
        first_panes=("Picture and question", "Readout", "Tape"),
        parameter_formula="(47 + regions + words + 2·answers)·width + (14 + 2·regions)·width² + answers",
        code="engine/models/vqa_baseline.py",
    ),
    build=VqaBaseline,
    recipe=_recipe,
)  # fmt: skip
