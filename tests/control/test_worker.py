"""The control worker with OSC, over real sockets, with the test in main's place."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from pythonosc.parsing.osc_types import write_date
from websockets.sync.client import connect

from installation.control.interface import SurfaceConfig
from installation.control.osc_codec import Message, read, write
from installation.control.web.config import WebConfig
from installation.control.web.spec import SPEC as WEB
from installation.core.messages import Bundle, Changed, MessageRejected, Notice, Origin, SetParam, Trigger
from installation.core.params import PARAMS
from installation.core.worker_status import ControlFigures, SurfaceFigures
from installation.show.settings import OscSettings, WebSettings
from tests.conftest import require_system
from tests.control import faulty_surface
from tests.control.running import IMPATIENT, RunningControl, Tool, listener, wired
from tests.running import until
from tests.workers import PATIENCE

VALUES = sum(row.access != "trigger" for row in PARAMS.values())


@pytest.fixture(scope="module")
def control() -> Iterator[RunningControl]:
    with RunningControl() as running:
        yield running.ready()


@pytest.fixture
def tool(control: RunningControl) -> Iterator[Tool]:
    with control.tool() as one:
        yield one


def words(text: str, source: str) -> Trigger:
    return Trigger("prompt", (text,), Origin(source))


def is_words(text: str) -> Any:
    return lambda message: isinstance(message, Trigger) and message.args == (text,)


def liblo(*command: str) -> None:
    require_system(shutil.which(command[0]), f"{command[0]} is missing (apt-get install liblo-tools)")
    subprocess.run(command, check=True, timeout=PATIENCE)


def test_a_prompt_reaches_main_with_its_source(control: RunningControl, tool: Tool) -> None:
    tool.send_message("/prompt", ["ein", "roter", "Fuchs", "🦊"])
    assert control.receive(is_words("ein roter Fuchs 🦊"))[-1].origin == tool.origin


def test_a_query_after_a_set_is_answered_by_main_and_a_ping_at_once(control: RunningControl, tool: Tool) -> None:
    tool.send_message("/laterna/walk/speed", 0.25)
    tool.send_message("/laterna/walk/speed", "?")
    control.answer(0.25)
    assert tool.hear() == Message("/laterna/walk/speed", (0.25,))
    tool.send_message("/laterna/walk/speed", "?")
    assert tool.hear().address == "/laterna/walk/speed"
    tool.send_message("/laterna/ping", [])
    tool.hear_pong()


def test_nan_is_rejected_with_an_error_to_the_sender(tool: Tool) -> None:
    tool.send_message("/laterna/walk/speed", float("nan"))
    assert tool.hear() == Message("/laterna/error", ("/laterna/walk/speed", "'walk/speed' takes a number from 0 to 1."))


def test_a_rejection_by_main_reaches_the_sender(control: RunningControl, tool: Tool) -> None:
    control.pipe.send(MessageRejected(tool.origin, "queue/add", "200 words wait already."))
    assert tool.hear().args == ("/laterna/queue/add", "200 words wait already.")


def test_a_subscriber_gets_all_values_and_then_the_changes_made_by_others(control: RunningControl, tool: Tool) -> None:
    with listener() as receiver:
        tool.send_message("/laterna/subscribe", receiver.getsockname()[1])
        snapshot = [read(receiver.recv(65_536)).messages[0] for _ in range(VALUES)]
        assert {m.address for m in snapshot} == {f"/laterna/{r.name}" for r in PARAMS.values() if r.access != "trigger"}
        control.pipe.send(Changed("walk/speed", 0.875, tool.origin))
        control.pipe.send(Changed("walk/amount", 0.625, Origin("keyboard")))
        assert read(receiver.recv(65_536)).messages == (Message("/laterna/walk/amount", (0.625,)),)
        tool.send_message("/laterna/unsubscribe", [])
        tool.send_message("/laterna/unsubscribe", [])
        assert tool.hear().address == "/laterna/error"


@pytest.mark.slow
def test_ten_thousand_random_packets_do_no_harm(control: RunningControl, tool: Tool) -> None:
    rng = random.Random(3)
    with control.tool() as hostile:
        for turn in range(10_000):
            head = rng.choice((b"", b"/", b"#bundle\0", b"/laterna/", b"/laterna/walk/speed\0,f\0\0"))
            hostile.raw(head + rng.randbytes(rng.randint(1, 200)))
            if turn % 100 == 99:  # so that the system's buffer has room for them all
                tool.send_message("/laterna/ping", [])
                tool.hear_pong()
        tool.send_message("/prompt", "still here")
        found = control.receive(is_words("still here"))
    assert control.osc(lambda osc: osc.messages > 10_000).malformed > 5_000
    for message in found:
        if isinstance(message, SetParam) and PARAMS[message.name].kind == "float":
            assert 0.0 <= float(message.value) <= PARAMS[message.name].high


def test_fader_values_are_thinned_out_and_the_last_one_arrives(control: RunningControl, tool: Tool) -> None:
    for number in range(2000):
        tool.send_message("/laterna/walk/speed", number / 2000)
        if number % 100 == 99:
            tool.send_message("/laterna/ping", [])
            tool.hear_pong()
    tool.send_message("/prompt", "after the faders")
    found = control.receive(is_words("after the faders"))
    values = [message.value for message in found if isinstance(message, SetParam)]
    assert values[-1] == pytest.approx(1999 / 2000)
    assert values == sorted(values)
    assert len(values) < 1000


def test_a_bundle_arrives_as_a_whole_at_its_time(control: RunningControl, tool: Tool) -> None:
    parts = (write("/laterna/blackout", 1), write("/laterna/master/opacity", 0.5))
    content = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    sent = time.time()
    tool.raw(b"#bundle\0" + write_date(sent + 0.4) + content)
    bundle = control.receive(lambda message: isinstance(message, Bundle))[-1]
    assert time.time() - sent > 0.39  # a clock may step by some milliseconds
    assert bundle == Bundle((SetParam("blackout", True, tool.origin), SetParam("master/opacity", 0.5, tool.origin)))


def test_tcp_carries_packets_larger_than_a_datagram(control: RunningControl) -> None:
    with wired(control.port) as client:
        client.send_message("/prompt", "fox " * 25_000)
        text = str(control.receive(lambda m: isinstance(m, Trigger))[-1].args[0])
        assert text.startswith("fox fox")
        assert len(text) <= 500
        client.send_message("/laterna/walk/speed", "?")
        control.answer(0.5)
        assert read(client.receive(PATIENCE)[0]).messages[0].address == "/laterna/walk/speed"
        client.send_message("/prompt", "x" * 600_000)
        assert "at most" in str(read(client.receive(PATIENCE)[0]).messages[0].args[1])
        client.send_message("/laterna/ping")
        assert read(client.receive(PATIENCE)[0]).messages[0].address == "/laterna/pong/address"


def test_liblo_can_send_and_receive(control: RunningControl, tool: Tool) -> None:
    liblo("oscsend", "localhost", str(control.port), "/prompt", "ssi", "a", "wolf", "7")
    liblo("oscsend", "localhost", str(control.port), "/laterna/blackout", "Tf", "1.5")
    found = control.receive(lambda m: isinstance(m, SetParam) and m.name == "blackout")
    assert [(m.name, m.args) for m in found if isinstance(m, Trigger)] == [("prompt", ("a wolf 7",))]
    assert (found[-1].value, found[-1].seconds) == (True, 1.5)
    with listener() as free:
        port = free.getsockname()[1]
    with subprocess.Popen(["oscdump", "-L", str(port)], stdout=subprocess.PIPE, text=True) as dump:
        assert dump.stdout is not None
        until(lambda: psutil.Process(dump.pid).net_connections("inet"), PATIENCE, "the port of oscdump")
        tool.send_message("/laterna/subscribe", [port, 30, "mode"])
        lines = [dump.stdout.readline().split(" ", 1)[1].strip() for _ in range(2)]
        dump.terminate()
    assert lines == ['/laterna/mode s ""', "/laterna/mode/index i 0"]
    tool.send_message("/laterna/unsubscribe", [])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends no such signal to one process")
def test_stop_signals_are_left_to_main(control: RunningControl, tool: Tool) -> None:
    assert control.process.pid
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        os.kill(control.process.pid, number)
    tool.send_message("/laterna/ping", [])
    tool.hear_pong()
    assert psutil.Process(control.process.pid).cmdline()[0] == "laterna: control"


@pytest.mark.slow
def test_while_main_is_stopped_faders_still_work_and_too_many_prompts_are_rejected() -> None:
    """Main reads nothing; what was not rejected arrives, in order, when it continues."""
    with RunningControl() as control, wired(control.ready().port) as client:
        for number in range(4000):
            client.send_message("/prompt", f"{number} " + "x" * 400)
            client.send_message("/laterna/walk/speed", number / 4000)
        client.send_message("/laterna/panic")
        client.send_message("/laterna/ping")
        heard = b""
        while b"/pong" not in heard:
            heard += client.socket.recv(65_536)
        assert b"too many messages are waiting" in heard
        found = control.receive(lambda message: isinstance(message, Trigger) and message.name == "panic")
        numbers = [int(str(m.args[0]).split()[0]) for m in found if isinstance(m, Trigger) and m.args]
        assert numbers == sorted(set(numbers))
        assert 256 <= len(numbers) < 2000
        speeds = [m.value for m in found if isinstance(m, SetParam)]
        assert len(speeds) < 1000
        assert speeds[-1] == pytest.approx(3999 / 4000)


@pytest.mark.slow
def test_without_the_passcode_only_panic_works() -> None:
    with RunningControl(OscSettings(port=0, passcode="abend")) as control, control.ready().tool() as tool:
        tool.send_message("/laterna/connect", "morgen")
        assert tool.hear().args == ("passcode",)  # no larger than the request
        tool.send_message("/laterna/go", [])
        tool.send_message("/prompt", "a red sun over the sea, and a ship that is leaving without a sound or a light")
        assert "passcode is required" in str(tool.hear().args[1])
        tool.send_message("/laterna/panic", [])
        assert [message.name for message in control.receive(lambda m: isinstance(m, Trigger))] == ["panic"]


@pytest.mark.slow
def test_a_fixed_subscriber_gets_everything_from_the_start_and_an_invalid_one_is_reported() -> None:
    with listener() as receiver:
        places = (f"localhost:{receiver.getsockname()[1]}", "nowhere")
        with RunningControl(OscSettings(port=0, subscribers=places), {"walk/speed": 0.125}) as control:
            notices = control.receive(lambda message: isinstance(message, Notice))
            heard = [read(receiver.recv(65_536)).messages[0] for _ in range(VALUES)]
    assert Message("/laterna/walk/speed", (0.125,)) in heard
    assert "'nowhere'" in notices[-1].text


@pytest.mark.slow
def test_a_used_port_is_reported_in_one_sentence_and_opened_when_it_is_free() -> None:
    with listener() as other:
        port = other.getsockname()[1]
        control = RunningControl(OscSettings(port=port), spec=IMPATIENT)
        reason = control.osc(lambda osc: bool(osc.reason)).reason
        assert (control.last.state, control.last.reason) == ("failed", reason)
        assert reason == f"Port {port} is used by another program: no OSC. Choose another port with --set osc.port=N."
    with control, control.ready().tool() as tool:
        tool.send_message("/laterna/ping", [])
        tool.hear_pong()


@pytest.mark.slow
def test_after_a_kill_the_next_process_opens_the_same_port() -> None:
    with RunningControl() as first:
        port = first.ready().port
        with socket.create_connection(("127.0.0.1", port)):
            first.process.kill()
            first.process.join(PATIENCE)
            with RunningControl(OscSettings(port=port)) as second:
                assert second.ready().port == port


@pytest.mark.slow
def test_a_client_does_not_notice_that_the_process_was_replaced() -> None:
    osc = OscSettings(port=0, passcode="abend")
    with RunningControl(osc, {"walk/speed": 0.25}) as first, listener() as receiver, first.ready().tool() as tool:
        tool.send_message("/laterna/connect", "abend")
        tool.send_message("/laterna/subscribe", [receiver.getsockname()[1], 30.0, "walk/speed"])
        assert read(receiver.recv(65_536)).messages[0] == Message("/laterna/walk/speed", (0.25,))
        first.osc(lambda osc: osc.subscribers == 1)
        handover = first.last.handover
        first.process.kill()
        first.process.join(PATIENCE)
        with RunningControl(
            OscSettings(port=first.port, passcode="abend"), {"walk/speed": 0.5}, handover=handover
        ) as second:
            assert read(receiver.recv(65_536)).messages[0] == Message("/laterna/walk/speed", (0.5,))
            second.ready()
            tool.send_message("/prompt", "a fox")
            assert second.receive(is_words("a fox"))[-1].origin == tool.origin
            second.pipe.send(Changed("walk/speed", 0.75, Origin("keyboard")))
            assert read(receiver.recv(65_536)).messages[0] == Message("/laterna/walk/speed", (0.75,))


def test_connections_use_keepalive_so_that_sleeping_clients_are_dropped(control: RunningControl) -> None:
    timers = Path("/proc/net/tcp")
    if not timers.is_file():
        pytest.skip("only Linux shows the timers of its sockets")
    with wired(control.port) as tool:
        tool.send_message("/prompt", "an open line")
        control.receive(is_words("an open line"))
        rows = [line.split() for line in timers.read_text().splitlines()[1:]]
        ours = [row[5] for row in rows if row[1] == f"0100007F:{control.port:04X}" and row[3] == "01"]
    assert {timer.split(":")[0] for timer in ours} == {"02"}  # of keepalive


@pytest.mark.slow
@pytest.mark.parametrize("fails_in", ["make", "start", "feedback", "figures", "handover"])
def test_a_surface_that_fails_is_reported_and_made_again_while_the_others_go_on(tmp_path: Path, fails_in: str) -> None:
    flag = tmp_path / "flag"
    flag.touch()
    faulty = SurfaceConfig(faulty_surface.SPEC, faulty_surface.FaultySettings(fails_in, str(flag)))
    with RunningControl(values={"walk/speed": 0.25}, more=(faulty,)) as control, control.ready().tool() as tool:
        control.pipe.send(Changed("walk/speed", 0.5, Origin("keyboard")))
        reason = f"faulty: ConnectionError: nobody answers in {fails_in}."
        assert control.status(state="failed").reason == reason
        tool.send_message("/laterna/ping", [])
        tool.hear_pong()
        flag.unlink()
        figures = control.status(state="running").figures
        assert isinstance(figures, ControlFigures)
        assert figures.surfaces[1] == SurfaceFigures("faulty", port=500)  # made with the values of the moment


@pytest.mark.slow
def test_a_surface_that_fails_in_stop_does_not_keep_the_worker_from_ending(tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    flag.touch()
    faulty = SurfaceConfig(faulty_surface.SPEC, faulty_surface.FaultySettings("stop", str(flag)))
    control = RunningControl(values={"walk/speed": 0.25}, more=(faulty,)).ready()
    control.pipe.close()
    control.process.join(PATIENCE)
    assert control.process.exitcode == 0


def test_the_worker_ends_when_main_closes_the_pipe() -> None:
    control = RunningControl().ready()
    control.pipe.close()
    control.process.join(PATIENCE)
    assert control.process.exitcode == 0


@pytest.mark.slow
def test_what_osc_refuses_is_told_to_the_other_surfaces_once() -> None:
    web = SurfaceConfig(WEB, WebConfig(WebSettings(port=0)))
    with RunningControl(more=(web,)) as control, control.ready().tool() as tool:
        port = control.figures(1, lambda figures: figures.port > 0).port
        with connect(f"ws://127.0.0.1:{port}/operator/socket") as page:
            tool.send_message("/laterna/walk/sped", 1)
            reason = tool.hear().args[1]
            logged: list[Any] = []
            while not logged:
                logged += json.loads(page.recv(PATIENCE)).get("log", [])
    assert [(each["sender"], each["name"], each["text"]) for each in logged] == [
        (str(tool.origin), "walk/sped", reason)
    ]
