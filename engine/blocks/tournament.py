"""Hard choice of one slot by a tournament: slots are compared two by two, by how well they match and by which was told first.

Weston, Chopra & Bordes, "Memory Networks" (2015), section 3.4. A score of a slot by itself cannot say "the newest of those that
match", for equal sentences tie; a score of one slot against another can.
"""

import torch
from torch import Tensor

FLAGS = 4
"""What is known of time when y stands against z: the seeker is older than y, older than z; y is older than z, newer than z."""


def versus(match: tuple[Tensor, Tensor], ages: tuple[Tensor, Tensor], since: Tensor, time: Tensor) -> Tensor:
    """How much rather y is taken than z, any real number: their matches' difference, and what time counts.

    `match` and `ages` of y and of z, of shapes that broadcast to `(B, ...)`; `since (B,)` the age of what is looked from (0 for
    the question, which is newer than all); `time (B, FLAGS)` what each flag counts. Age 0: it has none, and no flag is set.

    The paper has the first three flags. With those, two equal sentences still tie in one of the two orders, so that the newer
    cannot win by a margin in both; hence the fourth.
    """
    (y, z), (older, newer) = match, ages
    seen = since.reshape(-1, *[1] * (max(y.dim(), z.dim()) - 1))
    dated = (older > 0) & (newer > 0)
    flags = ((seen > older) & (older > 0), (seen > newer) & (newer > 0), (older > newer) & dated, (older < newer) & dated)
    score = y - z
    for flag, counts in zip(flags, time.unbind(1), strict=True):
        score = score + flag * counts.reshape(seen.shape)
    return score


def tournament(scores: Tensor, allowed: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Let the candidates come up in their order, each against the best so far, and win if its score is above 0.

    `scores (B, M, M)` of each against each, `allowed (B, M)` who takes part -> the champion `(B,)`, each one's score in its turn
    `(B, M)` (0 where it had nobody against it), and who took the lead `(B, M)`. Where all tie, the first that is allowed wins.
    """
    row = torch.arange(len(scores), device=scores.device)
    champion = first = allowed.int().argmax(1)
    met, leads = [], []
    for turn in range(allowed.shape[1]):
        score = scores[row, turn, champion] * allowed[:, turn]
        wins = score > 0
        champion = torch.where(wins, turn, champion)
        met.append(score)
        leads.append(wins | (first == turn))
    return champion, torch.stack(met, 1), torch.stack(leads, 1) & allowed


def missed_margins(right: Tensor, wrong: Tensor, others: Tensor, margin: float) -> Tensor:
    """By how much the right one fails to beat each of the others by `margin`, in both orders of standing, `(B, M)`.

    `right`: its score against each; `wrong`: each one's score against it; `others`: who counts.
    """
    return (torch.relu(margin - right) + torch.relu(margin + wrong)) * others
