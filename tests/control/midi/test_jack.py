"""A MIDI controller through a real driver: JACK."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installation.control.interface import SurfaceContext
from installation.control.midi import surface as midi
from installation.control.midi.surface import MidiSettings, MidiSurface
from installation.core.messages import Changed, Inbox, Origin, SetParam, Trigger
from tests.conftest import require_package, require_system
from tests.control.midi.jack_desk import BACKEND, jack_desk
from tests.running import until
from tests.workers import PATIENCE


@pytest.mark.slow
def test_a_controller_steers_a_show_through_jack_and_its_motors_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_system(shutil.which("jackd"), "jackd2 is missing")
    require_package("jack")
    monkeypatch.setattr(midi, "RETRY_SECONDS", 0.1)
    sent: list[Inbox] = []
    settings = MidiSettings(
        backend=BACKEND, file=str(tmp_path / "midi.json"), controls={"cc 1/7": "walk/speed", "note 10/36": "go"}
    )
    surface = MidiSurface(settings, SurfaceContext({"walk/speed": 1.0}, sent.append, print))
    with jack_desk() as desk:
        surface.start()
        try:
            until(lambda: bytes((0xB0, 7, 127)) in desk.received, PATIENCE, "the motor's first position")
            desk.move(0xB0, 7, 127)  # picks the value up
            desk.move(0xB0, 7, 0)
            desk.move(0x99, 36, 90)
            until(lambda: len(sent) == 3, PATIENCE, "all messages")
            surface.feedback(Changed("walk/speed", 0.5, Origin("keyboard")))
            until(lambda: bytes((0xB0, 7, 64)) in desk.received, PATIENCE, "the motor's second position")
        finally:
            surface.stop()
    origin = Origin("midi")
    assert sent == [SetParam("walk/speed", 1.0, origin), SetParam("walk/speed", 0.0, origin), Trigger("go", (), origin)]
