"""``python -m sim``: the command line where the command ``aiblocs`` is not on the path."""

import sys

from sim.cli import main

if __name__ == "__main__":
    sys.exit(main())
