"""`python -m installation.training bank GENERATOR`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from installation.errors import LaternaError


def main() -> int:
    """Build what is named; 2 for a mistake that can be mended, as the command line of the show has it."""
    parser = argparse.ArgumentParser(prog="python -m installation.training", description=__doc__)
    tasks = parser.add_subparsers(dest="task", required=True)
    bank = tasks.add_parser("bank", help="build the Bank and the opening pictures of a generator")
    bank.add_argument("generator")
    bank.add_argument("--perceptor", default="auto")
    bank.add_argument("--entries", type=int, default=4096)
    bank.add_argument("--seed", type=int, default=1)
    bank.add_argument("--openings", type=int, nargs="*", help="entries that become opening pictures, chosen by eye")
    bank.add_argument("--sheet", type=Path, help="also draw the candidates for opening pictures into this file")
    options = parser.parse_args()
    try:
        from installation.training.bank import build

        build(options.generator, options.perceptor, options.entries, options.seed, options.openings, options.sheet)
    except LaternaError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
