"""Microphone, window and network ports."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from installation.doctor.devices import check_microphone, check_ports, check_recognizer, check_window
from installation.doctor.finding import Finding, Level
from installation.doctor.runner import run_checks
from installation.models.interfaces import ModelPlace
from installation.show.settings import ListenSettings, OscSettings, Show, WebSettings
from tests.conftest import require_system
from tests.doctor.findings import PLACE
from tests.speech.conftest import microphone  # noqa: F401
from tests.speech.virtual_microphone import VirtualMicrophone

OFF = WebSettings(enabled=False)


def test_a_port_in_use_is_a_warning() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        found, _ = check_ports(Show(osc=OscSettings(port=port), web=OFF), PLACE)
        assert (found.level, found.figures) == (Level.WARNING, {"port": port})
        assert f"127.0.0.1:{port} is in use" in found.text
    free = check_ports(Show(osc=OscSettings(port=port), web=WebSettings(port=port)), PLACE)
    assert [each.level for each in free] == [Level.OK, Level.OK]
    off = check_ports(Show(osc=OscSettings(enabled=False), web=OFF), PLACE)
    assert [each.text for each in off] == ["off in this show"] * 2


def test_a_web_port_in_use_is_a_warning() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        _, found = check_ports(Show(osc=OscSettings(enabled=False), web=WebSettings(port=port)), PLACE)
    assert (found.level, found.figures) == (Level.WARNING, {"port": port})


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A virtual X server for the processes that this test starts."""
    require_system(shutil.which("Xvfb"), "Xvfb is not installed")
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as answer:
        monkeypatch.setenv("DISPLAY", f":{answer.readline().strip()}")
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    yield
    server.terminate()
    server.wait(10)


@pytest.mark.slow
@pytest.mark.usefixtures("screen")
def test_a_window_is_opened_and_its_refresh_rate_measured() -> None:
    found = {finding.about: finding for finding in run_checks(Show(), PLACE, {"window": check_window})}
    assert found["window"].level is Level.OK
    assert found["window"].text == "x11, 1024 x 768, 1 display"
    assert found["opengl"].level is Level.WARNING  # Xvfb emulates it
    assert found["refresh rate"].figures["measured"] > 1.0
    assert found["refresh rate"].figures["vsync"] is False


def _without_torch(show: Show, place: ModelPlace) -> list[Finding]:
    findings = check_window(show, place)
    assert "torch" not in sys.modules
    return findings


@pytest.mark.slow
@pytest.mark.usefixtures("screen")
def test_the_check_of_the_window_loads_no_torch() -> None:
    found = run_checks(Show(), PLACE, {"window": _without_torch})
    assert [each.text for each in found if each.about == "window"] == ["x11, 1024 x 768, 1 display"]


@pytest.mark.slow
def test_without_a_screen_shows_run_headless(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    require_system(os.name == "posix", "only Linux has no screen")
    (found,) = run_checks(Show(), PLACE, {"window": check_window})
    assert found.level is Level.WARNING
    assert "shows run headless, with a recording" in found.text


@pytest.mark.slow
def test_the_level_of_a_microphone_is_measured(microphone: VirtualMicrophone) -> None:  # noqa: F811
    show = Show(listen=ListenSettings(device=microphone.NAME))
    (found,) = run_checks(show, PLACE, {"microphone": check_microphone})
    assert (found.level, found.figures["name"]) == (Level.OK, microphone.NAME)
    assert found.figures["level"] < -50.0  # silence


@pytest.mark.slow
def test_a_missing_microphone_is_a_warning(microphone: VirtualMicrophone) -> None:  # noqa: F811
    show = Show(listen=ListenSettings(device=f"{microphone.NAME}x"))
    (found,) = run_checks(show, PLACE, {"microphone": check_microphone})
    assert (found.level, found.remedy) == (Level.WARNING, "words can still be typed")
    assert f"'{microphone.NAME}x'" in found.text


@pytest.mark.slow
def test_without_whisper_it_says_what_the_embedded_recogniser_cannot_do() -> None:
    (found,) = run_checks(Show(), PLACE, {"speech": check_recognizer})
    assert found.level is Level.WARNING
    assert found.text.startswith("sphinx (embedded): follows known texts")
    assert found.remedy == "free speech needs Whisper: run_show.py fetch base.en"
    german = Show(listen=ListenSettings(language=("de", "en")))
    (found,) = run_checks(german, PLACE, {"speech": check_recognizer})
    assert "run_show.py fetch base" in found.text
