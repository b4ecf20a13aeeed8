"""Start Slotscope. Bare on purpose: every engine process imports this module anew."""

import sys


def run() -> None:
    """The `slotscope` command."""
    import multiprocessing

    multiprocessing.freeze_support()

    from app.commands import main

    sys.exit(main(sys.argv[1:]))


if __name__ == "__main__":
    run()
