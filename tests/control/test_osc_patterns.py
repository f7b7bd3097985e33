"""OSC 1.0 address patterns."""

from __future__ import annotations

import subprocess
import sys

import pytest

from installation.control.osc_patterns import compiled, is_pattern
from installation.core.errors import Rejected
from tests.running import ROOT
from tests.workers import PATIENCE


@pytest.mark.parametrize(
    ("pattern", "address", "matches"),
    [
        ("/a/*", "/a/b", True),
        ("/a/*", "/a/b/c", False),
        ("/a/**b", "/a/xb", True),
        ("/a/?", "/a/b", True),
        ("/a/?", "/a/", False),
        ("/a?b", "/a/b", False),
        ("/a/[bc]", "/a/c", True),
        ("/a/[a-c]x", "/a/bx", True),
        ("/a/[!a-c]", "/a/b", False),
        ("/a/[!a-c]", "/a/d", True),
        ("/a[!x]b", "/a/b", False),
        ("/a/[.]", "/a/b", False),
        ("/a/[]]", "/a/]", None),
        ("/{a,b}/c", "/b/c", True),
        ("/{a,b}/c", "/ab/c", False),
        ("/a/{,x}b", "/a/b", True),
        ("/a/{b,c/d}", "/a/b", None),
        ("/a/{b", "/a/b", None),
        ("/a/b}", "/a/b", None),
        ("/a/[z-a]", "/a/b", None),
        ("/a/" + "*b" * 5, "/a/b", None),
        ("/a/" + "?" * 200, "/a/b", None),
        ("/a/(b|c).*", "/a/b", False),
    ],
)
def test_patterns_match_as_osc_defines_or_are_rejected(pattern: str, address: str, matches: bool | None) -> None:
    if matches is None:
        with pytest.raises(Rejected):
            compiled(pattern)
    else:
        assert bool(compiled(pattern).fullmatch(address)) is matches


def test_only_special_characters_make_a_pattern() -> None:
    assert not is_pattern("/laterna/walk/speed")
    assert all(is_pattern(f"/a{character}") for character in "*?[]{}")


WORST = """
from installation.control.osc_patterns import compiled
for pattern in ("/*" + "a*" * 3 + "b", "/" + "{a,aa,aaa,aaaa,aaaaa,aaaaaa}" * 4 + "b"):
    assert not compiled(pattern).fullmatch("/" + "a" * 60)
"""


def test_the_slowest_allowed_pattern_is_matched_quickly() -> None:
    subprocess.run([sys.executable, "-c", WORST], cwd=ROOT, check=True, timeout=PATIENCE)
