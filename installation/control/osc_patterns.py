"""OSC 1.0 address patterns (`*`, `?`, `[a-z]`, `[!a-z]`, `{a,b}`), bounded so that none is slow to match."""

from __future__ import annotations

import re

from installation.core.errors import Rejected

MAX_CHARACTERS = 128
MAX_WILDCARDS = 4  # stars and braces: matching time grows exponentially with them

_SPECIAL = frozenset("*?[]{}")
_TOKEN = re.compile(r"\*+|\?|\[(?P<set>[^\[\]/]+)\]|\{(?P<choice>[^{}\[\]*?/]*)\}|(?P<plain>[^*?\[\]{}])")


def is_pattern(address: str) -> bool:
    """Whether the address contains pattern characters."""
    return not _SPECIAL.isdisjoint(address)


def compiled(pattern: str) -> re.Pattern[str]:
    """A regular expression for `fullmatch` on addresses; only a literal `/` matches `/`. Raises Rejected."""
    if len(pattern) > MAX_CHARACTERS:
        raise Rejected(f"an address pattern may have at most {MAX_CHARACTERS} characters.")
    parts: list[str] = []
    position = wildcards = 0
    while position < len(pattern):
        token = _TOKEN.match(pattern, position)
        if token is None:
            raise Rejected(f"the address pattern has unbalanced brackets at '{pattern[position:]}'.")
        wildcards += token[0][0] in "*{"
        parts.append(_expression(token))
        position = token.end()
    if wildcards > MAX_WILDCARDS:
        raise Rejected(f"an address pattern may have at most {MAX_WILDCARDS} stars and braces.")
    try:
        return re.compile("".join(parts))
    except re.error:
        raise Rejected(f"the address pattern '{pattern}' has an invalid character range.") from None


def _expression(token: re.Match[str]) -> str:
    if token["plain"] is not None:
        return re.escape(token["plain"])
    if token["set"] is not None:
        inside = "".join(c if c == "-" else re.escape(c) for c in token["set"].removeprefix("!"))
        return f"[^/{inside}]" if token["set"].startswith("!") else f"[{inside}]"
    if token["choice"] is not None:
        return f"(?:{'|'.join(re.escape(word) for word in dict.fromkeys(token['choice'].split(',')))})"
    return "[^/]" if token[0] == "?" else "[^/]*"
