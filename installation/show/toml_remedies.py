"""What would be right where a show file is no TOML: the usual mistakes of those who write their first one."""

from __future__ import annotations

import re

NOT_QUOTED = re.compile(r"""\s*([\w-]+(?:/[\w-]+)+)\s*=""")
REMEDIES = (  # of what tomllib says, in its words
    ("Illegal character '\\n'", "the text that begins in this line wants its closing quote"),
    ("""Expected "'\"""", "a text that begins with ' ends with one"),
    ("Expected newline or end of document", "each key and each [table] stands in a line of its own"),
    ("Cannot overwrite a value", "the same name stands here twice"),
    ("Cannot declare", "the same table stands here twice"),
    ("Invalid value", "a text stands in quotes"),
)


def remedy(error: str, text: str) -> str:
    """`: ` and what would be right, for a message of tomllib on that text; nothing where it cannot be told."""
    found = re.search(r"at line (\d+)", error)
    lines = text.splitlines()
    line = lines[int(found[1]) - 1] if found and int(found[1]) <= len(lines) else ""
    if name := NOT_QUOTED.match(line):
        return f': a name with a slash stands in quotes, "{name[1]}"'
    return next((f": {right}" for said, right in REMEDIES if said in error), "")
