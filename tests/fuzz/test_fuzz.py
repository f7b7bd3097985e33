"""Fuzzers of everything that comes in: it is used, or refused in a sentence, in bounded time and memory.

`LATERNA_FUZZ_SECONDS=60` tries more inputs, `LATERNA_FUZZ_SEED=2` others.
"""

from __future__ import annotations

import json
import math
import random
import struct
from itertools import count
from pathlib import Path

from installation.conductor.conductor import Conductor
from installation.control.osc_codec import SlipStream, write
from installation.control.osc_server import OscServer
from installation.control.peers import Peer
from installation.control.web.operator_socket import read_command
from installation.control.web.oscquery import AddressSpace
from installation.core.errors import Rejected
from installation.core.messages import KEYBOARD, Inbox, Origin, SetParam, Trigger
from installation.core.paths import SHOWS
from installation.journal.codec import Message, RendererStarted, StageCommand
from installation.journal.reader import read_journal
from installation.runtime.options import RunOptions
from installation.runtime.show_parts import sinks_of, surfaces_of
from installation.show.loader import load_show, override
from installation.show.script_file import Script
from installation.show.settings import OscSettings, Show
from installation.show.text_file import read_text
from installation.speech.audio_file import decode_audio_file
from installation.studio.replay import replay_performance
from installation.text.script_follower import FollowThresholds, ScriptFollower
from tests.control.test_osc_codec import bundle
from tests.fuzz.fuzzing import fuzz
from tests.journal.journals import write_journal
from tests.journal.random_messages import random_message
from tests.render.test_replay import CONFIG, DIRECTIONS, performance
from tests.show.test_shows_readme import EVERY_KEY
from tests.speech.recordings import write_encoded
from tests.speech.signals import tone

SHOW_FILES = [EVERY_KEY.encode(), *(path.read_bytes() for path in sorted(SHOWS.glob("*.toml")))]
SHOW_WORDS = [
    b"[[cue]]\n",
    b"[look]\n",
    b"'''",
    b'"',
    b"[" * 2000,
    b"a." * 3000,
    b"{",
    b"\\u0000",
    b"\\U00110000",
    b" = ",
    b"#",
]
SCRIPTS = [path.read_bytes() for path in sorted(SHOWS.glob("*.txt"))]
SCRIPT_WORDS = [b" => ", b"; fade = ", b"; walk/speed = ", b"| fox:-1", b"#", b":2"]
JSON_WORDS = [
    b'{"is":',
    b"[" * 2000,
    b'{"float":"nan"}',
    b'{"float32":"AAAA","shape":[1]}',
    b'"t":',
    b"null",
    b"1e999",
    b"\\ud800",
]
OSC_WORDS = [
    b"#bundle\0",
    b"/laterna/",
    b",ifdhsTF\0",
    b"/laterna/*\0",
    b"{a,b}",
    b"[a-z]",
    b"\x7f\xff\xff\xff",
    b"\xc0",
    b"\xdb",
]


def test_show_files(tmp_path: Path) -> None:
    (tmp_path / "reading.txt").write_text("one\ntwo\n", encoding="utf-8")
    path = tmp_path / "show.toml"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        show = load_show(str(path))
        list(surfaces_of(show)), list(sinks_of(show))
        conductor = Conductor(show)
        conductor.begin()
        conductor.advance(1.0)

    outcome = fuzz(check, SHOW_FILES, SHOW_WORDS)
    assert 0 < outcome.accepted < outcome.tried


def test_settings_on_the_command_line() -> None:
    def check(data: bytes) -> None:
        name, _, value = data.decode("utf-8", "replace").partition("=")
        override(load_show("first_light"), {name: value})

    samples = [b"look.size=[640, 360]", b"walk/speed=0.5", b"models.seed=7", b"listen.commands={ go = 'go' }"]
    outcome = fuzz(check, samples, SHOW_WORDS)
    assert 0 < outcome.accepted < outcome.tried


def test_scripts(tmp_path: Path) -> None:
    path = tmp_path / "script.txt"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        lines = Script.parse(read_text(path, "the script"), "script.txt").lines
        follower = ScriptFollower([line.text for line in lines], FollowThresholds(1.25, 0.25, 8))
        follower.update(1, " ".join(line.text for line in lines[:2]), True)

    outcome = fuzz(check, SCRIPTS, SCRIPT_WORDS)
    assert 0 < outcome.accepted < outcome.tried


def test_journals(tmp_path: Path) -> None:
    dice = random.Random(1)
    samples = []
    for number in range(4):
        path = tmp_path / f"{number}.jsonl"
        write_journal(path, [random_message(dice) for _ in range(20)], metadata={"name": "show", "size": [64, 36]})
        samples.append(path.read_bytes())
    path = tmp_path / "damaged.jsonl"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        record = read_journal(path)
        record.renderer_lives()
        record.from_first_renderer()

    outcome = fuzz(check, samples, JSON_WORDS)
    assert 0 < outcome.accepted < outcome.tried


def test_replays(tmp_path: Path) -> None:
    """A journal of the fake generator, replayed as a film."""
    show = Show(models=CONFIG.models).model_dump(mode="json", exclude={"osc", "surface", "output"})
    frames = performance(DIRECTIONS)
    messages: list[Message] = [RendererStarted(None, CONFIG.direction), *DIRECTIONS, *frames[::3]]
    messages[9:9] = [StageCommand(SetParam("blackout", True, KEYBOARD, 0.5)), StageCommand(Trigger("panic", (1.0,)))]
    path = tmp_path / "journal.jsonl"
    metadata = {"name": "show", "seed": 7, "size": [32, 32], "show": show}
    write_journal(path, messages, seconds=0.02, metadata=metadata)
    sample = path.read_bytes()
    film = tmp_path / "film.mp4"
    options = RunOptions(Show(), record=film)

    def check(data: bytes) -> None:
        path.write_bytes(data)
        try:
            replay_performance(options.place, path, options.record)
        finally:
            film.unlink(missing_ok=True)

    outcome = fuzz(check, [sample], JSON_WORDS)
    assert 0 < outcome.accepted < outcome.tried


def test_audio_files(tmp_path: Path) -> None:
    kinds = [
        ("pcm_s16le", ".wav"),
        ("pcm_f32le", ".wav"),
        ("flac", ".flac"),
        ("mp3", ".mp3"),
        ("aac", ".m4a"),
        ("libopus", ".ogg"),
    ]
    samples = []
    for codec, suffix in kinds:
        rate = 48_000 if codec == "libopus" else 16_000
        samples.append(write_encoded(tmp_path / f"a{suffix}", tone(300.0, rate, 0.3), codec, rate).read_bytes())
    path = tmp_path / "damaged.wav"

    def check(data: bytes) -> None:
        path.write_bytes(data)
        for _ in decode_audio_file(path):
            pass

    outcome = fuzz(check, samples, [struct.pack("<I", size) for size in (0, 1, 0x7FFFFFFF, 0xFFFFFFFF)])
    assert 0 < outcome.accepted < outcome.tried


def test_commands_of_the_operator_page() -> None:
    """A command becomes a message whose values are finite, or is refused."""

    def check(data: bytes) -> None:
        try:
            command = json.loads(data)
        except (ValueError, RecursionError):
            raise Rejected("no JSON.") from None
        message = read_command(command if isinstance(command, dict) else {}, Origin("web"))
        values = message.args if isinstance(message, Trigger) else (message.value, message.seconds)
        assert all(isinstance(value, str) or math.isfinite(value) for value in values)
        assert len(message.name) <= 255

    samples = [
        b'{"set": "walk/speed", "value": 0.5, "seconds": 2}',
        b'{"fire": "prompt", "args": ["a fox", 1, true]}',
        b'{"ping": 1}',
    ]
    outcome = fuzz(check, samples, [b"null", b"NaN", b"[", b"]", b"{", b"}", b'"set":', b'"args":', b"1e999"])
    assert 0 < outcome.accepted < outcome.tried


def test_paths_and_attributes_of_oscquery() -> None:
    """Every request has an answer with one of the proposal's statuses."""
    space = AddressSpace(OscSettings(), "Evening")

    def check(data: bytes) -> None:
        path, _, query = data.decode(errors="replace").partition("?")
        status, content = space.answer(path, query, {}, (9410, 9412))
        assert (status, content is None) in ((200, False), (204, True), (400, True), (404, True))
        if status != 200:
            raise Rejected("not found.")

    samples = [b"/", b"/laterna/walk/speed?VALUE", b"/laterna?HOST_INFO", b"/laterna/go?RANGE"]
    outcome = fuzz(check, samples, [b"/", b"?", b"&", b"//", b"VALUE", b"..", b"%00"])
    assert 0 < outcome.accepted < outcome.tried


def test_osc_packets() -> None:
    """The server answers whatever is wrong; it raises nothing."""
    received: list[Inbox] = []
    server = OscServer(OscSettings(), {}, received.append, 0.0)
    peer, times = Peer("127.0.0.1", 5000), count()

    def check(data: bytes) -> None:
        now = float(next(times))
        for packet in (data, *SlipStream().feed(data)[0]):
            server.receive(peer, packet, now, now)
        server.tick(now)
        for _, reply in server.replies():
            assert len(reply) < 65_536
        assert server.wait(now) >= 0.0

    samples = [write("/prompt", "a fox", 3), bundle(write("/laterna/go"), write("/laterna/blackout", 1, 0.5))]
    samples += [write(f"/laterna/{name}", 0.5) for name in ("walk/speed", "subscribe", "connect", "queue/approve")]
    samples += [write("/laterna/*/speed", "?"), bundle(bundle(write("/laterna/prompt", "x")))]
    fuzz(check, samples, OSC_WORDS)
    assert {type(each).__name__ for each in received} == {"SetParam", "Trigger", "Bundle", "Query"}
