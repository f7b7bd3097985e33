"""OSC clients that nobody here wrote: npm's `osc` and `node-osc`, and liblo over TCP with length prefixes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from installation.core.messages import Bundle, SetParam, Trigger
from tests.conftest import require_system
from tests.control.running import RunningControl
from tests.workers import PATIENCE


@pytest.fixture(scope="module")
def control() -> Iterator[RunningControl]:
    with RunningControl() as running:
        yield running.ready()


def node(library: str, port: int) -> list[list[object]]:
    """What the client of that library has heard."""
    require_system(shutil.which("node") and shutil.which("npm"), "Node is missing (apt-get install nodejs npm)")
    modules = subprocess.run(["npm", "root", "-g"], capture_output=True, text=True, check=True).stdout.strip()
    package = library.removesuffix("-tcp").removesuffix("-udp")
    require_system((Path(modules) / package).is_dir(), f"{package} is missing (npm install -g {package})")
    done = subprocess.run(
        ["node", str(Path(__file__).with_name("osc_client.js")), library, str(port)],
        capture_output=True,
        text=True,
        check=True,
        timeout=4 * PATIENCE,
        env=os.environ | {"NODE_PATH": modules},
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("library", ["osc-udp", "osc-tcp", "node-osc"])
def test_another_implementation_is_understood_and_understands(control: RunningControl, library: str) -> None:
    heard = node(library, control.port)
    found = control.receive(lambda message: isinstance(message, Trigger) and message.name == "go")
    assert [m.args[0] for m in found if isinstance(m, Trigger) and m.args] == [f"ein Fuchs für {library}"]
    assert ("walk/speed", 0.25) in [(m.name, m.value) for m in found if isinstance(m, SetParam)]
    addresses = [address for address, *_ in heard]
    assert addresses[-1] == "/laterna/pong"
    (error,) = (each for each in heard if each[0] == "/laterna/error")
    assert error[1] == "/laterna/nothing"
    assert "did you mean" in str(error[2])


def test_bundles_of_other_implementations_are_applied_whole(control: RunningControl) -> None:
    node("osc-tcp", control.port)
    bundle = control.receive(lambda message: isinstance(message, Bundle))[-1]
    assert [(each.name, each.value) for each in bundle.messages] == [("dream/rate", 0.75), ("walk/amount", 0.125)]


def test_liblo_sends_by_tcp_with_length_prefixes(control: RunningControl) -> None:
    require_system(shutil.which("oscsend"), "oscsend is missing (apt-get install liblo-tools)")
    url = f"osc.tcp://127.0.0.1:{control.port}/"
    subprocess.run(["oscsend", url, "/prompt", "s", "a white ship"], check=True, timeout=PATIENCE)
    control.receive(lambda message: isinstance(message, Trigger) and message.args == ("a white ship",))
