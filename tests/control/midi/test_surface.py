"""MIDI as a surface, on ports in memory."""

from __future__ import annotations

import builtins
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import mido
import pytest

from installation.control.interface import SurfaceContext
from installation.control.midi import surface as midi
from installation.control.midi.surface import MISSING, NO_PORT, SPEC, MidiSettings, MidiSurface
from installation.core.errors import ShowError
from installation.core.messages import BeatClock, Changed, Inbox, Origin, SetParam, Trigger, Value
from installation.show.extensions import extension_settings
from installation.show.settings import SurfaceSettings
from tests.control.midi import fake_backend
from tests.running import until
from tests.workers import PATIENCE

BACKEND = "tests.control.midi.fake_backend"
PORT = fake_backend.PORTS[0]
KNOB = mido.Message("control_change", channel=0, control=7, value=127)
PAD = mido.Message("note_on", channel=9, note=36, velocity=90)


class Desk:
    """A surface with a controller; `sent` are the messages for the show."""

    def __init__(self, folder: Path, **keys: Any) -> None:
        self.sent: list[Inbox] = []
        self.notices: list[str] = []
        values: dict[str, Value] = {"walk/speed": 1.0, "midi/learn": ""}
        context = SurfaceContext(values, self.sent.append, self.notices.append)
        settings = MidiSettings(backend=BACKEND, file=str(folder / "midi.json"), **keys)
        self.surface = MidiSurface(settings, context)
        self.surface.start()

    def connected(self) -> Desk:
        until(lambda: self.surface.figures().connections, PATIENCE, "the controller")
        return self

    def move(self, message: Any) -> None:
        fake_backend.INPUTS[PORT].callback(message)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(midi, "RETRY_SECONDS", 0.05)
    monkeypatch.setattr(fake_backend, "PORTS", [PORT])


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path, controls={"cc 1/7": "walk/speed", "note 10/36": "go"}).connected()
    yield made
    made.surface.stop()


def test_controls_of_the_show_file_steer_the_show(desk: Desk) -> None:
    desk.move(KNOB)
    desk.move(PAD)
    desk.move(mido.Message("program_change", program=3))
    until(lambda: len(desk.sent) == 2, PATIENCE, "both messages")
    assert desk.sent == [SetParam("walk/speed", 1.0, Origin("midi")), Trigger("go", (), Origin("midi"))]


def test_a_control_is_learned_and_kept_in_a_file(desk: Desk, tmp_path: Path) -> None:
    desk.surface.feedback(Changed("midi/learn", "blackout", Origin("web")))
    until(lambda: desk.surface._map.values["midi/learn"] == "blackout", PATIENCE, "learning")
    desk.move(PAD)
    until(lambda: desk.notices, PATIENCE, "a notice")
    assert desk.notices == ["MIDI: note 10/36 now steers blackout."]
    assert desk.sent == [SetParam("midi/learn", "", Origin("midi"))]
    kept = {"cc 1/7": "walk/speed", "note 10/36": "blackout"}
    until(lambda: (tmp_path / "midi.json").is_file(), PATIENCE, "the file")
    assert json.loads((tmp_path / "midi.json").read_text()) == kept
    again = Desk(tmp_path)
    again.surface.stop()
    assert again.surface._map.bindings == kept


def test_motor_faders_and_lights_follow_from_the_start(desk: Desk) -> None:
    sent = fake_backend.OUTPUTS[PORT].sent
    until(lambda: len(sent) == 2, PATIENCE, "the first position, and again once the driver is ready")
    desk.surface.feedback(Changed("walk/speed", 0.5, Origin("keyboard")))
    until(lambda: len(sent) == 3, PATIENCE, "the second position")
    assert [(each.type, each.control, each.value) for each in sent] == [
        ("control_change", 7, 127),
        ("control_change", 7, 127),
        ("control_change", 7, 64),
    ]


def test_a_controller_that_is_unplugged_is_used_again_when_it_is_back(desk: Desk) -> None:
    fake_backend.PORTS.clear()
    until(lambda: desk.surface.figures().reason == NO_PORT, PATIENCE, "the reason")
    assert fake_backend.INPUTS[PORT].closed
    fake_backend.PORTS.append(PORT)
    desk.connected()
    desk.move(PAD)
    until(lambda: desk.sent, PATIENCE, "a message")


@pytest.mark.parametrize(
    ("ports", "keys", "reason"),
    [
        ([], {}, NO_PORT),
        (["Midi Through:Midi Through Port-0 14:0"], {}, NO_PORT),
        (["Other 1"], {"port": "Desk"}, "There is no MIDI port 'Desk'. There is Other 1."),
        (["broken"], {}, "MIDI does not work (the driver is gone). The show plays without it."),
    ],
)
def test_without_its_port_it_says_why_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ports: list[str], keys: dict[str, str], reason: str
) -> None:
    monkeypatch.setattr(fake_backend, "PORTS", ports)
    desk = Desk(tmp_path, **keys)
    until(lambda: desk.surface.figures().reason == reason, PATIENCE, "the reason")
    desk.surface.stop()


def test_without_its_packages_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = builtins.__import__

    def missing(name: str, *rest: Any, **more: Any) -> Any:
        if name == "mido":
            raise ImportError(name)
        return there(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", missing)
    desk = Desk(tmp_path)
    until(lambda: desk.surface.figures().reason == MISSING, PATIENCE, "the reason")
    desk.surface.stop()


@pytest.mark.parametrize("content", ["no json", "[1]", '{"cc 1/7": "none"}', '{"knob": "go"}'])
def test_a_broken_file_of_learned_controls_is_one_notice(tmp_path: Path, content: str) -> None:
    (tmp_path / "midi.json").write_text(content)
    desk = Desk(tmp_path)
    desk.surface.stop()
    (notice,) = desk.notices
    assert "cannot be used" in notice


@pytest.mark.parametrize(("key", "name"), [("knob 1", "walk/speed"), ("cc 1/7", "walk/sped")])
def test_a_wrong_control_in_the_show_file_is_an_error_of_the_show_file(key: str, name: str) -> None:
    entry = SurfaceSettings.model_validate({"kind": "midi", "controls": {key: name}})
    with pytest.raises(ShowError, match=r"\[\[surface\]\] of kind 'midi'"):
        extension_settings(entry, SPEC.settings)


def test_the_clock_of_the_controller_is_passed_on(desk: Desk) -> None:
    desk.move(mido.Message("start"))
    for _ in range(49):
        desk.move(mido.Message("clock"))
    until(lambda: any(isinstance(message, BeatClock) for message in desk.sent), PATIENCE, "the beat")
    beat = next(message for message in desk.sent if isinstance(message, BeatClock))
    assert (beat.source, beat.beat) == ("midi", 1.0)
