"""Texts that patterns put into other words, one pattern after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable

Rules = tuple[tuple[re.Pattern[str], str], ...]  # patterns, and what is said instead


def rules_of(rows: Iterable[tuple[str, str]]) -> Rules:
    r"""Rules of rows of a pattern and what is said instead, where \1 is its first group; for upper and lower case."""
    return tuple((re.compile(pattern, re.IGNORECASE), plain) for pattern, plain in rows)


def rewritten(text: str, rules: Rules) -> str:
    """The text after all rules, in their order."""
    for pattern, plain in rules:
        text = pattern.sub(plain, text)
    return text
