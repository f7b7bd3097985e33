"""The command line as `python -m installation`, and as the command `laterna` once the package is installed."""

from __future__ import annotations

import sys


def run() -> int:
    """Runs the command line of this process; returns the exit status."""
    from installation.cli.main import main  # not at the top: workers import this module, and need no command line

    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(run())
