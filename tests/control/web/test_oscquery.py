"""OSCQuery, rule by rule of the proposal, over real HTTP and WebSockets."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from installation.control.osc_codec import Message, read, write
from installation.control.web.oscquery import ATTRIBUTES
from installation.core.messages import (
    Bundle,
    Changed,
    CueEntry,
    CuesChanged,
    MessageRejected,
    Origin,
    QueueChanged,
    QueueEntry,
    SetParam,
    Trigger,
)
from installation.core.params import PARAMS, TEMPLATES
from tests.conftest import require_system
from tests.control.web.client import DEFAULTS, Client, RunningWeb, content, running_web
from tests.running import until
from tests.workers import PATIENCE

SPEED = "/laterna/walk/speed"
TYPES = {"float": "f", "int": "i", "bool": "T", "text": "s"}


@pytest.fixture(scope="module")
def web() -> Iterator[RunningWeb]:
    with running_web() as running:
        yield running


def get(web: RunningWeb, path: str) -> Any:
    response = web.get(path)
    assert response.status == 200, path
    assert response.getheader("Content-Type") == "application/json"
    return content(response)


def leaves(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "TYPE" in node:
        yield node
    for below in node.get("CONTENTS", {}).values():
        yield from leaves(below)


# -- HTTP -------------------------------------------------------------------------------------------------------------


def test_the_root_holds_every_address_of_the_parameter_table_once(web: RunningWeb) -> None:
    root = get(web, "/")
    assert root["FULL_PATH"] == "/"
    found = sorted(leaf["FULL_PATH"] for leaf in leaves(root))
    assert found == sorted(["/prompt", *(f"/laterna/{name}" for name in PARAMS)])


def test_every_node_has_its_path_and_access_and_every_method_its_type(web: RunningWeb) -> None:
    def check(node: dict[str, Any], path: str) -> None:
        assert node["FULL_PATH"] == (path or "/")
        assert node["ACCESS"] in (0, 1, 2, 3)
        assert set(node) <= ATTRIBUTES
        assert ("TYPE" in node) == (node["ACCESS"] > 0)
        assert ("VALUE" in node) == bool(node["ACCESS"] & 1)
        for name, below in node.get("CONTENTS", {}).items():
            check(below, f"{path}/{name}")

    check(get(web, "/"), "")


def test_attributes_say_what_the_parameter_table_says(web: RunningWeb) -> None:
    assert get(web, SPEED) == {
        "FULL_PATH": SPEED,
        "DESCRIPTION": PARAMS["walk/speed"].help,
        "TYPE": "f",
        "ACCESS": 3,
        "VALUE": [0.35],
        "RANGE": [{"MIN": 0.0, "MAX": 1.0}],
        "CLIPMODE": ["both"],
    }
    for leaf in leaves(get(web, "/")):
        row = PARAMS[leaf["FULL_PATH"].removeprefix("/laterna").removeprefix("/")]
        assert leaf["ACCESS"] == {"value": 3, "trigger": 2, "reading": 1}[row.access]
        if row.access != "trigger":
            assert (leaf["TYPE"], leaf["VALUE"]) == (TYPES[row.kind], [DEFAULTS[row.name]])
        assert leaf.get("CRITICAL", False) == row.critical
        assert leaf.get("UNIT", [""]) == [row.unit]


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("VALUE", {"VALUE": [0.35]}),
        ("RANGE", {"RANGE": [{"MIN": 0.0, "MAX": 1.0}]}),
        ("TYPE", {"TYPE": "f"}),
        ("ACCESS", {"ACCESS": 3}),
        ("FULL_PATH", {"FULL_PATH": SPEED}),
        ("CLIPMODE", {"CLIPMODE": ["both"]}),
    ],
)
def test_one_attribute_can_be_asked_for(web: RunningWeb, query: str, answer: dict[str, Any]) -> None:
    assert get(web, f"{SPEED}?{query}") == answer


@pytest.mark.parametrize("query", ["HOST_INFO", "host_info"])
@pytest.mark.parametrize("path", ["/", SPEED, "/none"])
def test_host_info_is_answered_everywhere(web: RunningWeb, path: str, query: str) -> None:
    info = get(web, f"{path}?{query}")
    assert (info["NAME"], info["OSC_PORT"], info["OSC_TRANSPORT"]) == ("Laterna: Evening", 9999, "UDP")
    assert info["WS_PORT"] == web.port
    assert {"ACCESS", "VALUE", "RANGE", "CLIPMODE", "LISTEN", "PATH_CHANGED"} <= set(info["EXTENSIONS"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/laterna/go?VALUE", 204),  # a trigger has none
        ("/laterna/walk?VALUE", 204),  # a container neither
        (f"{SPEED}?UNIT", 204),
        (f"{SPEED}?CONTENTS", 204),
        (f"{SPEED}?NONSENSE", 400),
        (f"{SPEED}?%00", 400),
        ("/laterna/none", 404),
        ("/none?VALUE", 404),
        ("/laterna/walk/speed/none", 404),
        ("/laterna/queue/7/approve", 404),
    ],
)
def test_the_status_says_what_is_missing(web: RunningWeb, path: str, status: int) -> None:
    response = web.get(path)
    assert (response.status, content(response)) == (status, "")


def test_a_container_is_served_with_everything_below_it(web: RunningWeb) -> None:
    walk = get(web, "/laterna/walk")
    assert (walk["ACCESS"], set(walk["CONTENTS"])) == (0, {"speed", "amount", "push"})
    assert get(web, "/laterna/walk/") == walk
    prompt = get(web, "/laterna/prompt")  # a method, with others below it
    assert (prompt["TYPE"], prompt["ACCESS"]) == ("s", 2)
    assert "negative" in prompt["CONTENTS"]


def test_a_value_is_the_present_one(web: RunningWeb) -> None:
    web.surface.feedback(Changed("walk/amount", 0.875, Origin("osc")))
    until(lambda: get(web, "/laterna/walk/amount?VALUE") == {"VALUE": [0.875]}, PATIENCE, "the value")


# -- WebSocket --------------------------------------------------------------------------------------------------------


def listening(client: Client, *paths: str) -> None:
    """Ask for the paths, and wait until the server has read that: it refuses what comes last."""
    for path in paths:
        client.send({"COMMAND": "LISTEN", "DATA": path})
    client.send({"COMMAND": "NONE", "DATA": "/"})
    assert "unknown command" in str(packet(client).args[1])


def packet(client: Client) -> Any:
    """The next binary OSC message."""
    while isinstance(data := client.connection.recv(timeout=PATIENCE), str):
        continue
    return read(data).messages[0]


def test_listen_streams_changes_as_binary_osc_until_ignore(web: RunningWeb) -> None:
    with web.socket("/") as client:
        listening(client, SPEED, "/laterna/mode")
        web.surface.feedback(Changed("walk/amount", 0.1, Origin("osc")))
        web.surface.feedback(Changed("walk/speed", 0.625, Origin("osc")))
        assert packet(client) == Message(SPEED, (0.625,))
        web.surface.feedback(Changed("mode", "live", Origin("osc")))
        assert packet(client).args == ("live",)
        client.send({"COMMAND": "IGNORE", "DATA": SPEED})
        listening(client)
        web.surface.feedback(Changed("walk/speed", 0.5, Origin("osc")))
        web.surface.feedback(Changed("mode", "attract", Origin("osc")))
        assert packet(client).args == ("attract",)


@pytest.mark.parametrize(
    "command",
    [
        "no json",
        "[]",
        {"COMMAND": "LISTEN"},
        {"COMMAND": "LISTEN", "DATA": 3},
        {"COMMAND": "LISTEN", "DATA": "/laterna/go"},
        {"COMMAND": "LISTEN", "DATA": "/none"},
        {"COMMAND": ["x"], "DATA": "/"},
        b"no osc",
        b"",
    ],
)
def test_a_wrong_command_is_answered_and_the_socket_stays(web: RunningWeb, command: object) -> None:
    with web.socket("/") as client:
        client.send(command)
        assert packet(client).address == "/laterna/error"
        listening(client)


def test_osc_packets_come_in_by_the_socket_too(web: RunningWeb) -> None:
    web.sent.clear()
    with web.socket("/") as client:
        client.send(write(SPEED, 0.5))
        client.send(write("/prompt", "a", "fox"))
        part = write("/laterna/walk/amount", 0.25)
        client.send(b"#bundle\0" + (1).to_bytes(8, "big") + len(part).to_bytes(4, "big") + part)
        client.send(write("/laterna/none", 1))
        assert packet(client).args[0] == "/laterna/none"
        host, port = client.connection.local_address[:2]
        origin = Origin("web", f"{host}:{port}")
        assert web.sent == [
            SetParam("walk/speed", 0.5, origin),
            Trigger("prompt", ("a fox",), origin),
            Bundle((SetParam("walk/amount", 0.25, origin),)),
        ]
        web.surface.feedback(MessageRejected(origin, "go", "there is no next cue."))
        assert packet(client).args == ("/laterna/go", "there is no next cue.")


def test_numbered_addresses_come_and_go_and_clients_are_told() -> None:
    with running_web() as web, web.socket("/") as client:
        listening(client)
        web.surface.feedback(QueueChanged((QueueEntry(7, "a fox", Origin("osc"), "held"),)))
        web.surface.feedback(CuesChanged((CueEntry(1, "one", "a fox"), CueEntry(2, "two", "a wolf"))))
        heard = [json.loads(client.connection.recv(timeout=PATIENCE)) for _ in range(2)]
        assert heard == [{"COMMAND": "PATH_CHANGED", "DATA": f"/laterna/{name}"} for name in ("queue", "cue")]
        names = {template.split("/")[2] for template in TEMPLATES if template.startswith("queue/{id}/")}
        assert set(get(web, "/laterna/queue/7")["CONTENTS"]) == names
        assert set(get(web, "/laterna/cue")["CONTENTS"]) >= {"1", "2"}
        web.surface.feedback(QueueChanged(()))
        assert json.loads(client.connection.recv(timeout=PATIENCE))["DATA"] == "/laterna/queue"
        assert web.get("/laterna/queue/7").status == 404


# -- a client that nobody here wrote ----------------------------------------------------------------------------------


def test_another_implementation_reads_the_address_space(web: RunningWeb) -> None:
    """The npm package `oscquery`."""
    require_system(shutil.which("node") and shutil.which("npm"), "Node is missing (apt-get install nodejs npm)")
    modules = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=True).stdout.strip()
    require_system((Path(modules) / "oscquery").is_dir(), "oscquery is missing (npm install -g oscquery)")
    script = Path(__file__).with_name("oscquery_client.js")
    done = subprocess.run(
        ["node", str(script), str(web.port)],
        capture_output=True,
        text=True,
        check=True,
        timeout=2 * PATIENCE,
        env=os.environ | {"NODE_PATH": modules},
    )
    read_back = json.loads(done.stdout)
    assert read_back["host"]["oscPort"] == 9999
    found = read_back["found"]
    assert {f"/laterna/{name}" for name in PARAMS} <= set(found)
    assert found["/laterna/dream/rate"] == {
        "access": found["/laterna/walk/speed"]["access"],
        "type": "f",
        "value": 0.5,
        "range": {"min": 0, "max": 1},
    }
