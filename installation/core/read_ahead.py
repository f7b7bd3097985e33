"""Reads modules from the disk on a second core, before this process needs them.

The first show after a computer has started waits a quarter of a second for its files: Python reads one small file after
the other, and between them it computes. Imports nothing that takes time, since it runs first.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from threading import Thread

LOWEST_PRIORITY = 19  # takes no time from anything else


def read_ahead(modules: Sequence[str]) -> Thread | None:
    """Import modules in a child process, which ends then, so that their files are in memory.

    Call it before the process has threads. The thread that is returned waits for the end of the child; None where
    no second core is free for that, and on other systems than Linux.
    """
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) == 1:
        return None
    child = os.fork()
    if not child:
        try:
            os.setpriority(os.PRIO_PROCESS, 0, LOWEST_PRIORITY)
            for module in modules:
                import_module(module)
        finally:  # whatever fails fails in the parent too, which says so
            os._exit(0)
    waiting = Thread(target=os.waitpid, args=(child, 0), daemon=True)
    waiting.start()
    return waiting
