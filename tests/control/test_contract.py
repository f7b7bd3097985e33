"""The contract of control surfaces: every registered one, and the toy."""

from __future__ import annotations

import pickle
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from installation.control.interface import ControlSurface, SurfaceContext, SurfaceSpec
from installation.control.registry import SURFACES
from installation.core.messages import Changed, Inbox, MessageRejected, Origin
from installation.show.settings import WebSettings
from tests.control import toy_surface
from tests.control.broker.redis_server import running_redis
from tests.running import free_port, until
from tests.workers import PATIENCE

BROKERS: list[str] = []  # the URL of the one that runs
SPECS = {**SURFACES, "lines": toy_surface.SPEC}


def settings(spec: SurfaceSpec) -> Any:
    keys: dict[str, dict[str, Any]] = {
        "osc": {"port": 0},
        "web": {"web": WebSettings(port=0)},
        "broker": {"url": BROKERS[-1] if BROKERS else "redis://127.0.0.1"},
        "walls": {"role": "leader", "to": (f"127.0.0.1:{free_port()}",), "port": free_port()},
        "link": {},
        "midi": {"backend": "tests.control.midi.fake_backend", "file": ""},
        "lines": {"port": free_port(), "reply_port": free_port()},
    }
    return spec.settings(**keys[spec.kind])


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with running_redis(tmp_path_factory.mktemp("redis")) as server:
        BROKERS.append(server.url)
        yield


@pytest.fixture(params=sorted(SPECS))
def spec(request: pytest.FixtureRequest) -> SurfaceSpec:
    if request.param == "broker":
        request.getfixturevalue("broker")
    return SPECS[request.param]


@pytest.fixture
def surface(spec: SurfaceSpec) -> Iterator[ControlSurface]:
    sent: list[Inbox] = []
    made = spec.make(settings(spec), SurfaceContext({"walk/speed": 0.5}, sent.append, lambda _text: None))
    made.start()
    yield made
    made.stop()


def test_spec_and_settings_travel_to_a_worker(spec: SurfaceSpec) -> None:
    made = settings(spec)
    assert pickle.loads(pickle.dumps((spec, made))) == (spec, made)
    assert spec.help


def test_a_started_surface_reports_its_kind_and_no_fault(spec: SurfaceSpec, surface: ControlSurface) -> None:
    figures = surface.figures()
    assert (figures.kind, figures.reason) == (spec.kind, "")


def test_feedback_never_blocks_even_if_no_thread_of_the_surface_runs(spec: SurfaceSpec) -> None:
    made = spec.make(settings(spec), SurfaceContext({"walk/speed": 0.5}, lambda _message: None, lambda _text: None))

    def send() -> None:
        for number in range(10_000):
            made.feedback(Changed("walk/speed", number / 10_000, Origin("keyboard")))
            made.feedback(MessageRejected(Origin("osc", "127.0.0.1:9"), "go", "there is no next cue."))

    thread = threading.Thread(target=send, daemon=True)
    thread.start()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    made.stop()


def test_the_handover_travels_to_the_next_process(spec: SurfaceSpec, surface: ControlSurface) -> None:
    left = pickle.loads(pickle.dumps(surface.handover()))
    assert left == surface.handover()
    context = SurfaceContext({"walk/speed": 0.5}, lambda _message: None, lambda _text: None, left)
    again = spec.make(settings(spec), context)
    again.start()
    again.stop()


def test_a_stopped_surface_leaves_no_thread(spec: SurfaceSpec) -> None:
    before = set(threading.enumerate())
    made = spec.make(settings(spec), SurfaceContext({}, lambda _message: None, lambda _text: None))
    made.start()
    made.stop()
    until(lambda: set(threading.enumerate()) <= before, PATIENCE, "the end of all threads")
