"""The console of the commands."""

from __future__ import annotations

import pytest
from rich.table import Table

from installation.cli.console import FILE_WIDTH, console


def test_brackets_are_printed_and_not_taken_for_markup(capsys: pytest.CaptureFixture[str]) -> None:
    console().print("/address [i] [bold]text[/bold]")
    assert capsys.readouterr().out == "/address [i] [bold]text[/bold]\n"


@pytest.mark.parametrize("stderr", [False, True])
def test_outside_of_a_terminal_lines_are_wide_enough_for_tables(
    stderr: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    table = Table("name", box=None, padding=0)
    table.add_row("x" * FILE_WIDTH)
    console(stderr).print(table)
    printed = capsys.readouterr()
    assert ("x" * FILE_WIDTH in (printed.err if stderr else printed.out)) is True
