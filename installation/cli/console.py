"""The console that commands print tables and messages to."""

from __future__ import annotations

from rich.console import Console

FILE_WIDTH = 140  # characters of a line in a pipe or a file


def console(stderr: bool = False) -> Console:
    """The terminal, or `FILE_WIDTH` columns if the output is not a terminal, so that no table is squeezed.

    Brackets are printed as they are and not taken for rich's markup: paths, addresses and prompts may contain them.
    """
    console = Console(stderr=stderr, highlight=False, markup=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, markup=False, width=FILE_WIDTH)
