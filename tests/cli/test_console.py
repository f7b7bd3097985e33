"""What the commands print."""

from __future__ import annotations

import pytest

from installation.cli.main import main


def test_brackets_of_an_address_or_a_path_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["params"])
    printed = capsys.readouterr().out
    row = next(line for line in printed.splitlines() if line.startswith("/laterna/queue/approve"))
    assert "trigger [i]" in row
