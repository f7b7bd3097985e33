"""Which brokers may be used: those that lose nothing that they have acknowledged.

A broker is asked on every connection, since it may have been started again with other settings. Redis writes its
append-only file to the disk before it answers only with `appendfsync always`
(https://redis.io/docs/latest/operate/oss_and_stack/management/persistence/).
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from installation.core.errors import ShowError

MISSING = "The broker needs a package: pip install redis. Without a broker a show serves its audience page itself."
OLDEST = (6, 2)  # version of Redis; Valkey calls itself 7.2 there
QUESTIONS = (  # of a new connection; `flatten` makes one mapping of the answers
    ("CONFIG", "GET", "*append*"),
    ("CONFIG", "GET", "maxmemory*"),
    ("INFO", "server"),
    ("INFO", "replication"),
)
REQUIRED = {
    "appendonly": "yes",
    "appendfsync": "always",
    "no-appendfsync-on-rewrite": "no",
}
REMEDY = "start it with --appendonly yes --appendfsync always --maxmemory-policy noeviction"


def check_url(url: str) -> str:
    """The address `host:port` of a broker's URL, without its password. Raises ShowError."""
    example = "for example redis://127.0.0.1:6379"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 6379
    except ValueError:
        host, port = None, 0
    if host is None or parts.scheme not in ("redis", "rediss"):
        raise ShowError(f"The address of a broker begins with redis:// or rediss://, {example}.")
    return f"{host}:{port}"


def check_durability(place: str, facts: Mapping[str, str]) -> None:
    """Raise ShowError if a broker may lose what it has acknowledged; `facts` are its settings and its INFO."""
    version = tuple(int(part) for part in facts.get("redis_version", "0").split(".")[:2] if part.isdigit())
    if version < OLDEST:
        raise ShowError(f"The broker at {place} is too old: Redis 6.2 or Valkey is needed.")
    if facts.get("role") != "master":
        raise ShowError(f"The broker at {place} is a replica: give the address of its master.")
    wrong = [
        f"{name} is {facts.get(name, 'not known')}" for name, value in REQUIRED.items() if facts.get(name) != value
    ]
    if facts.get("maxmemory", "0") != "0" and facts.get("maxmemory-policy") != "noeviction":
        wrong.append(f"maxmemory-policy is {facts.get('maxmemory-policy')}")
    if wrong:
        raise ShowError(f"The broker at {place} may lose words that it has acknowledged: {', '.join(wrong)}; {REMEDY}.")


def flatten(answers: list[object]) -> dict[str, str]:
    """The answers to `QUESTIONS` as one mapping: pairs in a list, in a mapping, or lines `name:value`."""
    facts: dict[str, str] = {}
    for answer in answers:
        if isinstance(answer, dict):
            facts |= {str(name): str(value) for name, value in answer.items()}
        elif isinstance(answer, list):
            facts |= dict(zip(map(str, answer[::2]), map(str, answer[1::2]), strict=False))
        else:
            lines = [line.partition(":") for line in str(answer).splitlines()]
            facts |= {name: value for name, _, value in lines}
    return facts
