"""Helpers of the doctor's tests."""

from __future__ import annotations

from installation.doctor.finding import Finding, Level
from installation.models import default_place

PLACE = default_place()


def levels(findings: list[Finding]) -> dict[str, Level]:
    return {finding.about: finding.level for finding in findings}
