"""The command `doctor`: whether this machine can run a show, and what would help."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from installation.cli.models import Folder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from installation.doctor.finding import Finding
    from installation.doctor.runner import Check
    from installation.show.settings import Show

_COLOURS = {"ok": "green", "warning": "yellow", "failure": "red"}


def doctor(
    show: Annotated[str, typer.Argument(help="The name of a show, or a TOML file.")] = "first_light",
    folder: Folder = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    since: Annotated[
        str | None, typer.Option(help="What the event log says since yesterday, today, 36h or 2026-11-28.")
    ] = None,
    selftest: Annotated[
        bool,
        typer.Option("--selftest", help="Dream a known line, keep and judge its picture; microphone, disk, clock."),
    ] = False,
) -> int:
    """Check this machine: each finding is ok, a warning or a failure with a remedy. Status 0: the show can run."""
    from rich.text import Text

    from installation.cli.console import console
    from installation.doctor import runner
    from installation.models import default_place
    from installation.show.loader import load_show

    place = default_place(cache=folder)
    page, findings = console(), []
    loaded = load_show(show)
    for finding in _history(loaded, since) if since else runner.run_checks(loaded, place, _checks(selftest)):
        findings.append(finding)
        if not as_json:
            level = finding.level.value
            remedy = f" → {finding.remedy}" if finding.remedy else ""
            line = f" {finding.about}: {finding.text}{remedy}"
            page.print(Text.assemble((f"{level:8}", _COLOURS[level]), line), soft_wrap=True)
    able = runner.can_run(findings)
    if since and not as_json:
        return 0
    if as_json:
        print(json.dumps({"can_run": able, "findings": [each.as_json() for each in findings]}, indent=2))
    else:
        page.print(f"\n{_verdict(show, able, selftest)}")
    return 0 if able else 1


def _verdict(show: str, able: bool, selftest: bool) -> str:
    """The last line."""
    if selftest:
        return f"The self-test of {show} has {'passed' if able else 'failed: see the failures'}."
    return f"{show} can run." if able else f"{show} cannot run: see the failures."


def _checks(selftest: bool) -> Mapping[str, Check]:
    """Those of the self-test, or of a machine."""
    if not selftest:
        from installation.doctor.runner import CHECKS

        return CHECKS
    from installation.doctor.selftest import ON_DEMAND

    return ON_DEMAND


def _history(show: Show, since: str) -> list[Finding]:
    """The findings of the event log of a show, which is in `logs` unless the show file says otherwise."""
    from installation.doctor.history import check_history
    from installation.site.history import parse_since

    folder = Path(show.log.log_folder or "logs")
    now = datetime.now().astimezone()
    return check_history(folder, parse_since(since, now), now if show.opening.selftest else None)
