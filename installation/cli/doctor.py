"""The command `doctor`: whether this machine can play, and what would help."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from installation.cli.models import Folder

_COLOURS = {"ok": "green", "warning": "yellow", "failure": "red"}


def doctor(
    show: Annotated[str, typer.Argument(help="A show's name, or a TOML file.")] = "first_light",
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> int:
    """Examine this machine: ok, warning or failure, with the remedy. Exit status 0: the show can run."""
    from rich.text import Text

    from installation.cli.console import console
    from installation.doctor import runner
    from installation.show.loader import load_show

    del folder
    page, findings = console(), []
    for finding in runner.examine(load_show(show), runner.CHECKS):
        findings.append(finding)
        if not as_json:
            level = finding.level.value
            remedy = f" → {finding.remedy}" if finding.remedy else ""
            said = f" {finding.about}: {finding.text}{remedy}"
            page.print(Text.assemble((f"{level:8}", _COLOURS[level]), said), soft_wrap=True)
    able = runner.can_run(findings)
    if as_json:
        print(json.dumps({"can_run": able, "findings": [each.as_json() for each in findings]}, indent=2))
    else:
        page.print(f"\n{show} can run." if able else f"\n{show} cannot run: see the failures.")
    return 0 if able else 1
