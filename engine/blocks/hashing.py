"""Key hashing: which facts of a bank may answer a question at all, told by the words alone and before anything is compared.

Miller et al. (2016), section 3.1: only facts whose key shares a word with the question, of words that are not too frequent.
"""

from torch import Tensor


def sharing_a_rare_word(keys: Tensor, question: Tensor, is_rare: Tensor) -> Tensor:
    """Keys that share a rare word with the question: `(B, N, J)`, `(B, K)`, `(V,)` -> `(B, N)`; word 0 is no word."""
    asks = is_rare[question] & (question != 0)
    return ((keys.unsqueeze(-1) == question[:, None, None, :]) & asks[:, None, None, :]).flatten(2).any(-1)


def shares_of_keys(keys: Tensor, present: Tensor, words: int) -> Tensor:
    """Which share of the keys that are present has each word: `(B, N, J)`, `(B, N)` -> `(V,)`."""
    rows = keys.flatten(0, 1)
    has = present.new_zeros(len(rows), words).scatter_(1, rows, True)
    return has[present.flatten()].float().mean(0)
