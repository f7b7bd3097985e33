"""The commands that print what there is: `shows`, `params` and `keys`."""

from __future__ import annotations

from typing import Annotated

import typer


def shows() -> int:
    """List the shows that come with Laterna."""
    from rich.table import Table

    from installation.cli.console import console
    from installation.show.loader import load_show
    from installation.show.loader import shows as show_names

    table = Table(box=None, show_header=False, padding=(0, 3, 0, 0))
    for name in show_names():
        table.add_row(name, load_show(name).description)
    console().print(table)
    return 0


def params(markdown: Annotated[bool, typer.Option(help="Print a Markdown table.")] = False) -> int:
    """List the live parameters: OSC address, range, default."""
    from installation.core.params import reference_rows

    if markdown:
        print("| OSC address | takes | default | what |\n|---|---|---|---|")
        for cells in reference_rows():
            print("| " + " | ".join(cells) + " |")
        return 0
    from rich.table import Table

    from installation.cli.console import console

    table = Table("address", "takes", "default", "what", box=None, padding=(0, 2, 0, 0))
    table.columns[0].no_wrap = True
    for cells in reference_rows():
        table.add_row(*(cell.replace("`", "") for cell in cells))
    console().print(table)
    return 0


def keys() -> int:
    """List the keys of the stage and of the help page (F1)."""
    from rich.table import Table

    from installation.cli.console import console
    from installation.stage.key_table import KEYS

    table = Table(box=None, show_header=False, padding=(0, 3, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column()
    for number, group in enumerate(KEYS):
        if number:
            table.add_row()
        for row, binding in enumerate(group.bindings):
            note = " (in shows with push to talk)" if binding.push_to_talk else ""
            table.add_row("" if row else group.title, binding.label, binding.description + note)
    console().print(table)
    return 0
