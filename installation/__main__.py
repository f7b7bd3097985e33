"""The command line as `python -m installation`, and as the command `laterna` once the package is installed."""

from __future__ import annotations

import gc
import sys

INTERRUPTED = 130  # the exit status after Ctrl-C


def run() -> int:
    """Run the command line of this process; return the exit status."""
    gc.disable()  # loading modules leaves no garbage, and searching for it costs a sixth of the time
    try:
        from installation.cli.main import main  # not at the top: workers need no command line

        gc.enable()
        return main(sys.argv[1:])
    except KeyboardInterrupt:  # before or after a command, which keeps what is finished
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
