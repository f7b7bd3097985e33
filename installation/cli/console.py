"""Where the commands print to."""

from __future__ import annotations

from rich.console import Console

WIDE = 140  # characters of a line where nobody looks on: a pipe or a file


def console(stderr: bool = False) -> Console:
    """The terminal, or a wide page in its place, so that no table is squeezed on its way into a file.

    Brackets are brackets: what is printed holds paths, addresses and what people wrote, never rich's markup.
    """
    found = Console(stderr=stderr, highlight=False, markup=False)
    return found if found.is_terminal else Console(stderr=stderr, highlight=False, markup=False, width=WIDE)
