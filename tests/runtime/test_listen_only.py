"""Speech within a running show: restarts, loading another script, and what the operator sees."""

from __future__ import annotations

import os
import signal
import socket
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.conductor.conductor import Conductor
from installation.control.osc_codec import read
from installation.core import clock
from installation.core.errors import ShowError
from installation.core.messages import Notice, Origin, SetParam
from installation.core.worker_status import WorkerStatus
from installation.runtime import listen_only
from installation.runtime.options import RunOptions
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.workers import Workers
from installation.show.loader import parse_show
from installation.show.settings import ListenSettings
from tests.running import RunningShow, running, until
from tests.runtime.workers import silent
from tests.speech import conftest
from tests.speech.virtual_microphone import VirtualMicrophone

pytestmark = pytest.mark.slow

LIMIT = 60.0  # seconds, for anything that must happen on a machine that may be busy
SHOW = """
title = "Two poems"
[models]
generator = "fake"
[look]
size = [320, 180]
[listen]
recognizer = "sphinx"
push_to_talk = true
[script]
file = "one.txt"
"""


microphone = conftest.microphone


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A show with two poems, and a silent recording that it hears."""
    (tmp_path / "show.toml").write_text(SHOW, encoding="utf-8")
    (tmp_path / "one.txt").write_text("the first of the one\nthe second of the one\n", encoding="utf-8")
    (tmp_path / "two.txt").write_text("a whale is singing\nunder the city\n", encoding="utf-8")
    with wave.open(str(tmp_path / "silence.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.zeros(60 * 16_000, np.int16).tobytes())
    return tmp_path


class Subscriber:
    """What an OSC client receives: the latest value of each address."""

    def __init__(self, show: RunningShow) -> None:
        self._show = show
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.values: dict[str, Any] = {}
        self.errors: list[tuple[Any, ...]] = []
        until(self._subscribed, LIMIT, "the control worker")

    def _subscribed(self) -> bool:
        self._show.osc.send_message("/laterna/subscribe", self._socket.getsockname()[1])
        return bool(self.look())

    def look(self) -> dict[str, Any]:
        """All that has come until now."""
        while self._take():
            pass
        return self.values

    def _take(self) -> bool:
        """Take the next message, if there is one."""
        try:
            message = read(self._socket.recv(65_536)).messages[0]
        except BlockingIOError:
            return False
        if message.address == "/laterna/error":
            self.errors.append(message.args)
        else:
            self.values[message.address.removeprefix("/laterna/")] = message.args[0]
        return True

    def awaits(self, **wanted: Any) -> None:
        """Waits until these are the values, if only for a moment; `__` stands for `/`."""
        named = {name.replace("__", "/"): value for name, value in wanted.items()}
        until(lambda: self._come_to(named), LIMIT, f"{named}")

    def _come_to(self, named: dict[str, Any]) -> bool:
        """Take messages until these are the values; what comes after them is left for the next look."""
        while not named.items() <= self.values.items():
            if not self._take():
                return False
        return True

    def close(self) -> None:
        self._socket.close()


@contextmanager
def watched(folder: Path, *arguments: str) -> Iterator[tuple[RunningShow, Subscriber]]:
    with running("show.toml", folder, arguments) as show:
        until(show.drawn, LIMIT, "the first frame")
        subscriber = Subscriber(show)
        yield show, subscriber
        subscriber.close()
        show.end()


def heard_until_running(worker: SupervisedWorker) -> list[Any]:
    """The messages of a speech worker until it runs."""
    said: list[Any] = []

    def runs() -> bool:
        said.extend(worker.link.receive())
        return any(isinstance(each, WorkerStatus) and each.state == "running" for each in said)

    until(runs, LIMIT, "the speech worker")
    return said


def test_a_killed_speech_worker_restarts_with_the_current_values_and_script(folder: Path) -> None:
    show = parse_show(SHOW.replace('file = "one.txt"', 'text = "one"'))
    conductor = Conductor(show)
    workers = Workers(RunOptions(show, audio=folder / "silence.wav"), conductor, (64, 36), 30.0, None)
    try:
        workers.start_speech(clock.now())
        worker = workers.by_name["speech"]
        figures = heard_until_running(worker)[-1].figures
        assert (figures.gate, figures.health) == ("shut", "live")  # the key of push to talk is not held
        for name in ("speech/talk", "speech/gate"):
            conductor.receive(SetParam(name, True, Origin("test")), 1.0)
        conductor.load_script("zxqwv sails\n", "two.txt")
        assert worker.link.process.pid
        os.kill(worker.link.process.pid, signal.SIGKILL)
        until(lambda: worker.watch(clock.now()) == "restarted", LIMIT, "another speech worker")
        said = heard_until_running(worker)
        assert said[-1].figures.gate == "talk"
        assert "zxqwv" in next(each.text for each in said if isinstance(each, Notice))
    finally:
        workers.finish(1.0)


def test_the_operator_sees_the_recogniser_and_can_load_another_script(folder: Path) -> None:
    with watched(folder, "--audio", "silence.wav") as (show, tool):
        tool.awaits(speech__recognizer="sphinx (embedded)", speech__recognizer__quality=1, speech__health="live")
        tool.awaits(script__name="one.txt", script__lines=2)
        show.say("two.txt", "/laterna/script/load")
        tool.awaits(script__name="two.txt", script__line=0)
        show.osc.send_message("/laterna/script/next", [])
        tool.awaits(script__line=1, script__text="a whale is singing", prompt__current="a whale is singing")
        show.say("../show.toml", "/laterna/script/load")
        until(lambda: tool.look() and tool.errors, LIMIT, "an answer")
        assert tool.errors[0][0] == "/laterna/script/load"
        assert str(tool.errors[0][1]).startswith("there is no script '../show.toml' in the show's folder; ")
        show.workers()["speech"].kill()
        tool.awaits(speech__health="off", speech__health__index=0, speech__recognizer__quality=0)
        tool.awaits(speech__health="live", speech__health__index=1, speech__recognizer__quality=1)


def test_the_operator_sees_a_muted_clipping_or_lost_microphone(microphone: VirtualMicrophone, folder: Path) -> None:
    loud = np.full(round(LIMIT) * 16_000, 32_767, np.int16)
    microphone.muted = True
    with watched(folder, "--mic", VirtualMicrophone.NAME) as (show, tool):
        tool.awaits(speech__health="muted", speech__health__index=4)
        microphone.muted = False
        tool.awaits(speech__health="live")
        microphone.play(loud)
        tool.awaits(speech__health="clipping", speech__health__index=5)
        microphone.hush()
        tool.awaits(speech__health="live")
        microphone.unplug()
        tool.awaits(speech__health="reopening", speech__health__index=3)
        microphone.plug_in()
        tool.awaits(speech__health="live")
        assert "pulse is open." in show.log()


def test_a_speech_worker_that_dies_without_a_word_is_an_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listen_only, "run_speech", silent)
    with pytest.raises(ShowError, match=r"The speech worker ended without a result \(exit status 3\)\."):
        listen_only.transcribe(ListenSettings(), folder, folder / "silence.wav")
