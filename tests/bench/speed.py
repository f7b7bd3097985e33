"""How fast this machine is: `python -m tests.bench.speed`, the same as `run_show.py bench`, with the same options."""

from __future__ import annotations

import sys

from installation.cli.main import main

if __name__ == "__main__":
    sys.exit(main(["bench", *sys.argv[1:]]))
