"""An unattended show in this process: it sleeps, wakes, logs, and sends alerts."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from installation.conductor.conductor import Conductor
from installation.core import clock
from installation.core.messages import KEYBOARD, Direction, MessageRejected, SetParam, Trigger
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.show.settings import LookSettings, ModelSettings, OscSettings, RecordSettings, Show, WebSettings
from installation.show.site_settings import AlertSettings, LogSettings, OpeningSettings
from installation.stage.stage import Stage
from tests.conftest import require_package
from tests.runtime.in_process import turn_until


class _Receiver(http.server.BaseHTTPRequestHandler):
    received: list[tuple[str, str]]

    def do_GET(self) -> None:
        self._take("")

    def do_POST(self) -> None:
        self._take(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def _take(self, body: str) -> None:
        self.received.append((self.path, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def outside() -> Iterator[tuple[int, list[tuple[str, str]]]]:
    """A server outside the show: the monitor of the heartbeat, and where alerts go."""
    handler = type("Receiver", (_Receiver,), {"received": []})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server.server_address[1], handler.received  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def test_asleep_the_renderer_rests_and_words_are_refused_with_the_reason() -> None:
    conductor = Conductor(Show())
    effects = conductor.receive(SetParam("master/sleep", True, KEYBOARD, 10.0), 1.0)
    assert SetParam("master/sleep", True, KEYBOARD, 10.0) in effects
    assert [effect.paused for effect in effects if isinstance(effect, Direction)] == [True]
    (rejected,) = [e for e in conductor.receive(Trigger("prompt", ("a fox",)), 2.0) if isinstance(e, MessageRejected)]
    assert "outside its opening hours" in rejected.reason
    conductor.receive(SetParam("pause", False, KEYBOARD), 3.0)
    conductor.receive(Trigger("reset"), 3.5)
    assert conductor.direction.paused  # neither the pause key nor a reset wakes it
    conductor.receive(SetParam("master/sleep", False, KEYBOARD), 4.0)
    conductor.receive(Trigger("prompt", ("a fox",)), 5.0)
    assert (conductor.direction.paused, conductor.direction.prompts[0].text) == (False, "a fox")


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*imghdr")  # in Apprise
def test_a_night_and_a_morning_of_a_real_show(tmp_path: Path, outside: tuple[int, list[tuple[str, str]]]) -> None:
    require_package("apprise")
    port, received = outside
    now = datetime(2026, 11, 30, 9, 0).timestamp()
    show = Show(
        title="Night",
        models=ModelSettings(generator="fake", perceptor="fake"),
        look=LookSettings(size=(160, 90)),
        osc=OscSettings(enabled=False),
        web=WebSettings(enabled=False),
        record=RecordSettings(folder=str(tmp_path)),
        opening=OpeningSettings(hours={"mon-sun": "10:00-18:00"}, fade_seconds=0.2),
        log=LogSettings(log_folder=str(tmp_path / "logs")),
        alerts=AlertSettings(
            urls=(f"json://127.0.0.1:{port}/alert",),
            after_seconds=0.0,
            heartbeat_url=f"http://127.0.0.1:{port}/beat",
            heartbeat_seconds=5.0,
        ),
    )
    runner = ShowRunner(RunOptions(show, headless=True, terminal=False), Stage.open(show.look, "T", True), clock.now())
    runner.site._wall_clock = lambda: now
    try:
        runner._start(clock.now())
        assert runner.stage.capture().max() == 0  # the first frame of a show that starts at night
        assert runner.conductor.values["master/sleep"] is True
        turn_until(runner, lambda: any(path == "/beat" for path, _ in received))
        now += 3700  # ten o'clock has passed
        turn_until(runner, lambda: runner.conductor.values["master/sleep"] is False)
        turn_until(runner, lambda: runner.stage.capture().max() > 60)
        runner.site._projector_fault = "The projector is off."
        turn_until(runner, lambda: any("The projector is off." in body for _, body in received))
        now += 8 * 3600
        turn_until(runner, lambda: runner.conductor.values["master/sleep"] is True)
        turn_until(runner, lambda: runner.stage.capture().max() == 0)
    finally:
        runner._end()
    assert sum("Fault: The projector is off." in body for _, body in received) == 1
    events = [json.loads(line) for line in (tmp_path / "logs" / "laterna.jsonl").read_text().splitlines()]
    assert [e["event"] for e in events if e["event"] not in ("notice", "figures")] == [
        *("started", "sleeps", "wakes", "sleeps", "ended"),
    ]
