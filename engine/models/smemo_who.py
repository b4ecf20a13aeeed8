"""Who influenced whom in a scene, by three accounts: what lies in the slots that are read, a gradient, and taking the other out.

Marchetti et al., "SMEMO" (2024), reads influence off the weightings; the three here are our own. In each `(B, A, A)` the row is
who is influenced, the column by whom. Shapes: S steps, otherwise as in `smemo.py`.
"""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from engine.models.smemo_parts import Joined

TINY = 1e-8

Run = Callable[[Tensor, Tensor], Tensor]
"""The network: pasts `(C B, A, P, 2)` and who is there `(C B, A)`, of one or several copies of the scenes, to all futures."""


def flow(shown: Mapping[str, Tensor], heads: int, joined: Joined) -> Tensor:
    """At each step, which part of what an agent reads each other has written: `(B, S, A, A)`, from what the steps showed.

    What lies in the memory is split, exactly, into what each agent has added, less what was erased of it since, and the rest,
    which lay there from the beginning; of a slot, a part is as large as its features are, whatever their sign.
    """
    where, add, memory = shown["write.weighting"], shown["write.add"], shown["memory.contents"]
    batch, steps, agents, slots = where.shape
    by_head = shown["read.weighting"].view(batch, steps, agents, heads, slots).mean(3)
    parts, share, found = torch.zeros(batch, agents, slots, add.shape[-1]), torch.zeros(batch, agents, slots), []
    for step in range(steps):
        found.append(by_head[:, step] @ share.mT)  # reading comes before writing
        if "memory.erased" in shown:
            brought = _brought(where[:, step], add[:, step], shown["memory.added"][:, step], joined)
            parts = (1 - shown["memory.erased"][:, step].unsqueeze(1)) * parts + brought
            rest = (memory[:, step] - parts.sum(1)).abs().sum(-1)
            sizes = parts.abs().sum(-1)  # (B, A, N)
            share = sizes / (sizes.sum(1) + rest).clamp(min=TINY).unsqueeze(1)
    return torch.stack(found, 1)


def _brought(where: Tensor, add: Tensor, added: Tensor, joined: Joined) -> Tensor:
    """Of what is added at a step, each agent's part, `(B, A, N, W)`: all of a feature is the agent's who adds most, unless all
    add up."""
    brought = where[..., None] * add[:, :, None]
    if joined == "sum":
        return brought
    rank = brought.masked_fill(where.sum(-1)[..., None, None] == 0, -torch.inf)  # who is not there adds nothing
    return torch.zeros_like(brought).scatter_(1, rank.argmax(1, keepdim=True), added.unsqueeze(1))


def gradient(run: Run, past: Tensor, present: Tensor) -> Tensor:
    """How far the end of each agent's first future moves for each metre of another's past: `(B, A, A)`.

    Each coordinate of each agent's end is followed back in a copy of the scenes of its own, all copies at once.
    """
    scenes, agents = present.shape
    with torch.enable_grad():
        copies = past.detach().repeat(2 * agents, 1, 1, 1).requires_grad_()
        ends = run(copies, present.repeat(2 * agents, 1))[:, :, 0, -1].view(agents, 2, scenes, agents, 2)
        each = torch.arange(agents)
        wanted = ends[each, :, :, each].diagonal(dim1=1, dim2=3)  # (A, B, 2): of each copy its own agent and coordinate
        felt = torch.autograd.grad(wanted.sum(), copies)[0].view(agents, 2, scenes, agents, -1)
    found: Tensor = felt.square().sum((1, 4)).sqrt().transpose(0, 1) * pairs(present)
    return found


def counterfactual(run: Run, past: Tensor, present: Tensor) -> Tensor:
    """How far each agent's futures move, in metres, averaged over them, if another is not there: `(B, A, A)`."""
    agents = present.shape[1]
    without = (present.unsqueeze(0) & ~torch.eye(agents, dtype=torch.bool).unsqueeze(1)).flatten(0, 1)
    others, whole = run(past.repeat(agents, 1, 1, 1), without), run(past, present)
    moved: Tensor = (others.view(agents, *whole.shape) - whole).norm(dim=-1).mean((-2, -1))  # (A, B, A)
    found: Tensor = moved.permute(1, 2, 0) * pairs(present) * (1 - torch.eye(agents))
    return found


def pairs(present: Tensor) -> Tensor:
    """1 where both are there: `(B, A) -> (B, A, A)`."""
    there: Tensor = present.float()
    return there.unsqueeze(2) * there.unsqueeze(1)
