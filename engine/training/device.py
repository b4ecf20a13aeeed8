"""What this process asks of the machine before it computes."""

import torch


def one_thread() -> None:
    """One thread, so that numbers repeat and the window keeps a core; numbers too small for a float count as zero."""
    torch.set_num_threads(1)
    torch.set_flush_denormal(True)
