"""OSCQuery: the address space as JSON, after the OSCQuery proposal of 2020 (github.com/Vidvox/OSCQueryProposal).

Pure: the caller serves what `answer` returns.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from installation.control.osc_dispatch import ROOT
from installation.core.messages import CuesChanged, Listing, QueueChanged, SnapshotsChanged, Value
from installation.core.param_table import Param
from installation.core.params import PARAMS, TEMPLATES
from installation.show.settings import OscSettings

ATTRIBUTES = frozenset(
    {"FULL_PATH", "CONTENTS", "TYPE", "ACCESS", "VALUE", "RANGE", "DESCRIPTION", "TAGS", "EXTENDED_TYPE", "UNIT"}
    | {"CRITICAL", "CLIPMODE", "OVERLOADS"}
)
EXTENSIONS = (
    *("ACCESS", "VALUE", "RANGE", "DESCRIPTION", "UNIT", "CRITICAL", "CLIPMODE", "HTML"),
    *("LISTEN", "PATH_CHANGED", "OSC_STREAMING"),
)
OK, NO_CONTENT, BAD_REQUEST, NOT_FOUND = 200, 204, 400, 404
_TAGS = {"float": "f", "int": "i", "bool": "T", "text": "s"}
_CONTAINERS = {
    "/": "all addresses",
    ROOT.rstrip("/"): "the show",
}

Node = dict[str, Any]


@dataclass(frozen=True)
class Numbers:
    """Which numbers the addresses with a number in them have now: `queue/{id}/…`, `cue/{n}/…`, `snapshot/{n}/…`."""

    queue: tuple[int, ...] = ()
    cue: tuple[int, ...] = ()
    snapshot: tuple[int, ...] = ()


class AddressSpace:
    """The tree of all addresses that exist now."""

    def __init__(self, osc: OscSettings, title: str) -> None:
        self._osc, self._title = osc, title
        self.use(Numbers())

    def use(self, numbers: Numbers) -> None:
        """Build the tree with the addresses of these numbers."""
        self.numbers = numbers
        self.rows: dict[str, Param] = {ROOT + name: row for name, row in PARAMS.items()}
        for template, row in TEMPLATES.items():
            for number in getattr(numbers, template.partition("/")[0], ()):
                self.rows[ROOT + _numbered(template, number)] = row
        self.rows["/prompt"] = PARAMS["prompt"]
        self._children: dict[str, dict[str, str]] = {"/": {}}  # by path: the paths below it, by name
        for path in self.rows:
            self._add(path)

    def _add(self, path: str) -> None:
        parent, _, name = path.rpartition("/")
        above = parent or "/"
        known = above in self._children
        self._children.setdefault(above, {})[name] = path
        if not known and above != "/":
            self._add(above)

    def answer(self, path: str, query: str, values: Mapping[str, Value], ports: tuple[int, int]) -> tuple[int, Any]:
        """The HTTP status and the JSON for a GET request.

        Args:
            path: of the request.
            query: after the question mark, "" for none.
            values: the current values, by name.
            ports: of OSC (0: none) and of this server.
        """
        attribute = query.partition("=")[0].partition("&")[0].upper()
        if attribute == "HOST_INFO":
            return OK, self.host_info(*ports)
        path = path.rstrip("/") or "/"
        if path not in self.rows and path not in self._children:
            return NOT_FOUND, None
        if not attribute:
            return OK, self._node(path, values)
        if attribute not in ATTRIBUTES:
            return BAD_REQUEST, None
        node = self._node(path, values)
        return (OK, {attribute: node[attribute]}) if attribute in node else (NO_CONTENT, None)

    def host_info(self, osc_port: int, web_port: int) -> Node:
        """What the server is and can do."""
        info: Node = {"NAME": f"Laterna: {self._title}" if self._title else "Laterna"}
        if osc_port:
            info |= {"OSC_PORT": osc_port, "OSC_TRANSPORT": "UDP"}
        return info | {"WS_PORT": web_port, "EXTENSIONS": dict.fromkeys(EXTENSIONS, True)}

    def _node(self, path: str, values: Mapping[str, Value]) -> Node:
        """A node with everything below it. An address may have a method and others below it, like /laterna/prompt."""
        node: Node = {"FULL_PATH": path, "DESCRIPTION": _CONTAINERS.get(path, ""), "ACCESS": 0}
        if not node["DESCRIPTION"]:
            del node["DESCRIPTION"]
        if path in self.rows:
            node |= _method(self.rows[path], values.get(path.removeprefix(ROOT)))
        if path in self._children:
            node["CONTENTS"] = {name: self._node(below, values) for name, below in self._children[path].items()}
        return node


def _numbered(template: str, number: int) -> str:
    return template.replace("{n}", str(number)).replace("{id}", str(number))


def _method(row: Param, value: Value | None) -> Node:
    """The attributes of an address that takes or sends something."""
    node: Node = {"DESCRIPTION": row.help, "TYPE": type_tags(row), "ACCESS": _access(row)}
    if row.access != "trigger":
        node["VALUE"] = [row.default if value is None else value]
    if row.unit:
        node["UNIT"] = [row.unit]
    if bounds := _range(row):
        node["RANGE"] = [bounds]
    if bounds and row.access == "value":
        node["CLIPMODE"] = ["none" if row.choices else "both"]
    return node | ({"CRITICAL": True} if row.critical else {})


def type_tags(row: Param) -> str:
    """OSC type tags; a trigger without arguments has "N", as most OSCQuery programs write it."""
    if row.access != "trigger":
        return _TAGS[row.kind]
    required = row.arguments.replace("[", "").replace("]", "").replace(" ", "")
    return required or "N"


def _access(row: Param) -> int:
    return {"reading": 1, "trigger": 2, "value": 3}[row.access]


def _range(row: Param) -> dict[str, Any]:
    if row.choices:
        return {"VALS": list(row.choices)}
    if row.kind not in ("float", "int") or row.access == "trigger":
        return {}
    bounds = {"MIN": row.low, "MAX": row.high}
    finite = {key: bound for key, bound in bounds.items() if math.isfinite(bound)}
    return {key: int(bound) for key, bound in finite.items()} if row.kind == "int" else finite


def changed_paths(before: Numbers, after: Numbers) -> list[str]:
    """The containers whose contents differ."""
    return [f"{ROOT}{name}" for name in ("queue", "cue", "snapshot") if getattr(before, name) != getattr(after, name)]


def numbers_of(listings: Iterable[Listing]) -> Numbers:
    """Which numbered addresses there are."""
    numbers = Numbers()
    for listing in listings:
        match listing:
            case QueueChanged():
                numbers = replace(numbers, queue=tuple(entry.id for entry in listing.waiting))
            case CuesChanged():
                numbers = replace(numbers, cue=tuple(cue.number for cue in listing.cues))
            case SnapshotsChanged():
                numbers = replace(numbers, snapshot=tuple(each.number for each in listing.snapshots))
    return numbers
