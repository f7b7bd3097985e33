"""The OSC reference."""

from __future__ import annotations

import re

from installation.control.osc_dispatch import VERBS, address_of
from installation.control.reference import README, reference
from installation.core.params import PARAMS, TEMPLATES


def test_the_reference_in_the_repository_is_up_to_date() -> None:
    assert README.read_text(encoding="utf-8") == reference(), "run python -m installation.control.reference"


def test_the_reference_lists_every_address_once() -> None:
    listed = re.findall(r"^\| `(/laterna/[^`]+)`", reference(), re.MULTILINE)
    assert sorted(listed) == sorted(map(address_of, (*PARAMS, *TEMPLATES, *VERBS)))
