"""The command line as `python -m installation`, and as the command `laterna` once the package is installed."""

from __future__ import annotations

import gc
import os
import sys

from installation.cli.commands import with_command
from installation.core.read_ahead import read_ahead

ENVIRONMENT = {  # of this process and its workers
    "PYGAME_HIDE_SUPPORT_PROMPT": "1",
    "PYDANTIC_DISABLE_PLUGINS": "1",  # otherwise pydantic reads what all installed packages say of themselves
}
OPENING_NEEDS = ("numpy.random", "pydantic.main", "pygame", "installation.runtime.launch")
INTERRUPTED = 130  # the exit status after Ctrl-C


def run() -> int:
    """Run the command line of this process; return the exit status."""
    gc.disable()  # loading modules leaves no garbage, and searching for it costs a sixth of the time
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    try:
        if with_command(sys.argv[1:])[0] == "play":
            read_ahead(OPENING_NEEDS)
        from installation.cli.main import main  # not at the top: workers need no command line

        gc.enable()
        return main(sys.argv[1:])
    except KeyboardInterrupt:  # before or after a command, which keeps what is finished
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(run())
