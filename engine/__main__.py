"""The engine from a terminal: `python -m engine VERB`, which needs no window and never loads Qt."""

import sys

from engine.commands.program import main

if __name__ == "__main__":
    sys.exit(main())
