"""Key hashing: which facts of a bank may answer a question at all, told by the words alone and before anything is compared.

Miller et al. (2016), section 3.1: only facts whose key shares a word with the question, of words that are not too frequent.
"""

from torch import Tensor


def sharing_a_rare_word(keys: Tensor, question: Tensor, rare: int) -> Tensor:
    """Keys that share a word with the question which at most `rare` keys have: `(B, N, J)`, `(B, K)` -> `(B, N)`; 0 is no word.

    The paper counts words in its whole corpus; we count them in the bank at hand, so that a bank brings all that is needed.
    """
    has = ((keys.unsqueeze(-1) == question[:, None, None, :]) & (question != 0)[:, None, None, :]).any(2)  # (B, N, K)
    is_rare = has.sum(1, keepdim=True) <= rare
    return (has & is_rare).any(-1)
