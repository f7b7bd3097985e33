"""The seams in a running show: a sink, a surface and a generator, each from one file and one registry line."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from installation.bench.model_pair import write_random_bank
from installation.control.registry import SURFACES
from installation.core import clock
from installation.core.errors import ShowError
from installation.core.messages import Notice, Origin, Trigger
from installation.core.worker_status import OutputFigures
from installation.journal.reader import read_journal
from installation.models import GENERATORS, load_generator, load_perceptor
from installation.models.interfaces import ModelPlace
from installation.outputs.registry import OUTPUTS
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.show.loader import parse_show
from installation.stage.stage import Stage
from tests.control import toy_surface
from tests.models.conftest import place
from tests.models.toy_generator import TOY
from tests.outputs import faulty_sink, toy_sink
from tests.running import free_port
from tests.runtime.in_process import turn_until
from tests.workers import PATIENCE

__all__ = ["place"]

SHOW = """
[models]
generator = "fake"
perceptor = "fake"
[look]
size = [320, 180]
[osc]
enabled = false
[web]
enabled = false
[record]
folder = "{folder}"
[[surface]]
kind = "lines"
port = {port}
reply_port = {reply_port}
[[output]]
kind = "brightness"
path = "{folder}/brightness.txt"
"""


def opened(text: str, folder: Path, inline: bool = False) -> ShowRunner:
    show = parse_show(text)
    options = RunOptions(
        show, headless=True, seconds=PATIENCE, terminal=False, journal=folder / "journal.jsonl", inline=inline
    )
    return ShowRunner(options, Stage.open(show.look, "Test", headless=True), clock.now())


class Lines:
    """A client of the toy surface."""

    def __init__(self) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.replies: list[str] = []

    def got(self, text: str) -> bool:
        try:
            while True:
                self.replies.append(self.socket.recv(4096).decode())
        except BlockingIOError:
            return any(text in reply for reply in self.replies)


def lines_of(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


@pytest.mark.slow
def test_a_toy_surface_and_a_toy_sink_take_part_in_a_running_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SURFACES, "lines", toy_surface.SPEC)
    monkeypatch.setitem(OUTPUTS, "brightness", toy_sink.SPEC)
    client, port = Lines(), free_port()
    with client.socket:
        text = SHOW.format(folder=tmp_path, port=port, reply_port=client.socket.getsockname()[1])
        runner = opened(text, tmp_path)
        try:
            runner._start(clock.now())
            turn_until(runner, lambda: runner.workers.by_name["control"].state == "running")

            def send(line: str) -> Callable[[], bool]:
                client.socket.sendto(line.encode(), ("127.0.0.1", port))
                return lambda: True

            turn_until(runner, send("prompt a red fox"))
            turn_until(runner, lambda: client.got("prompt/current=a red fox"))
            turn_until(runner, send("walk/speed=0.75"))
            turn_until(runner, lambda: client.got("walk/speed=0.75"))
            turn_until(runner, send("walk/sped=1"))
            turn_until(runner, lambda: client.got("rejected: "))
            turn_until(runner, lambda: len(lines_of(tmp_path / "brightness.txt")) > 10)
        finally:
            runner._end()
    first, *frames = lines_of(tmp_path / "brightness.txt")
    assert first == "320x180 at 30"
    assert all(0 < float(frame.split()[1]) < 255 for frame in frames)
    assert runner.conductor.values["walk/speed"] == 0.75


TOY_SHOW = """
[models]
generator = "toy"
perceptor = "clip-embedded"
height = 64
[look]
size = [128, 64]
[osc]
enabled = false
[web]
enabled = false
[record]
folder = "{folder}"
"""


@pytest.mark.slow
def test_a_toy_generator_paints_a_running_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: ModelPlace
) -> None:
    """Inline, since the toy is registered in this process alone."""
    monkeypatch.setitem(GENERATORS, "toy", TOY)
    monkeypatch.setenv("LATERNA_MODELS", str(tmp_path))
    place = place._replace(cache=tmp_path)
    write_random_bank(load_generator("toy", place), load_perceptor("clip-embedded", place), place)
    runner = opened(TOY_SHOW.format(folder=tmp_path), tmp_path, inline=True)
    try:
        runner._start(clock.now())
        turn_until(runner, lambda: runner.conductor.renderer_ready)
        runner._receive(Trigger("prompt", ("bright stripes",), Origin("keyboard")), clock.now())
        turn_until(runner, lambda: any(figures.score_best for figures in runner.report.prompts.values()))
        turn_until(runner, lambda: runner.report.renderer is not None)
        figures = runner.report.renderer
    finally:
        runner._end()
    assert figures is not None
    assert (figures.generator, figures.generated_size) == ("toy", (128, 64))


FAULTY = """
[models]
generator = "fake"
perceptor = "fake"
[look]
size = [320, 180]
[osc]
enabled = false
[web]
enabled = false
[record]
folder = "{folder}"
[[output]]
kind = "faulty-sink"
path = "{folder}/first.txt"
fails_in = "{fails_in}"
[[output]]
kind = "faulty-sink"
path = "{folder}/second.txt"
"""


def notices_in(journal: Path) -> list[str]:
    return [entry.message.text for entry in read_journal(journal).entries if isinstance(entry.message, Notice)]


@pytest.mark.slow
@pytest.mark.parametrize("fails_in", ["open", "write"])
def test_a_sink_that_fails_is_reported_and_restarted_ever_later_while_the_show_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails_in: str
) -> None:
    monkeypatch.setitem(OUTPUTS, "faulty-sink", faulty_sink.SPEC)
    runner = opened(FAULTY.format(folder=tmp_path, fails_in=fails_in), tmp_path)
    starts = tmp_path / "first.txt"
    try:
        runner._start(clock.now())
        turn_until(runner, lambda: "faulty-sink-2" in runner.workers.by_name)
        faulty, sound = (runner.workers.by_name[name] for name in ("faulty-sink", "faulty-sink-2"))
        turn_until(runner, lambda: len(lines_of(starts)) == 3)
        turn_until(runner, lambda: faulty.state == "lost")
        assert faulty._unproductive == 3
        turn_until(runner, lambda: isinstance(sound.figures, OutputFigures) and sound.figures.frames > 0)
        presented = runner.report.presented
        turn_until(runner, lambda: runner.report.presented > presented + 5)
    finally:
        runner._end()
    assert sound.restarts == 0
    notices = notices_in(tmp_path / "journal.jsonl")
    assert f"ConnectionError: nobody answers in {fails_in}" in notices


@pytest.mark.slow
def test_a_notice_of_an_output_that_is_being_closed_reaches_the_operator(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(OUTPUTS, "faulty-sink", faulty_sink.SPEC)
    runner = opened(FAULTY.format(folder=tmp_path, fails_in="close"), tmp_path)
    try:
        runner._start(clock.now())
        turn_until(runner, lambda: "faulty-sink-2" in runner.workers.by_name)
        workers = [runner.workers.by_name[name] for name in ("faulty-sink", "faulty-sink-2")]
        turn_until(runner, lambda: all(worker.state == "running" for worker in workers))
    finally:
        runner._end()
    notices = notices_in(tmp_path / "journal.jsonl")
    assert notices.count("The last frames could not be written.") == 1
    assert notices.count("ConnectionError: nobody answers in close") == 1


@pytest.mark.parametrize(
    ("table", "line", "sentence"),
    [
        ('[[output]]\nkind = "recordr"\npath = "a.mp4"', 4, "There is no output 'recordr'; did you mean 'recorder'?"),
        (
            '[[output]]\nkind = "recorder"\npth = "a.mp4"',
            5,
            "[[output]] of kind 'recorder': unknown key 'pth'; did you mean 'path'?",
        ),
        (
            '[[output]]\nkind = "recorder"\npath = "a.mp4"\npth = "b.mp4"',
            6,
            "[[output]] of kind 'recorder': unknown key 'pth'; did you mean 'path'?",
        ),
        (
            '[[output]]\nkind = "mjpeg"\n[[output]]\nkind = "mjpeg"\nquality = 0',
            7,
            "[[output]] of kind 'mjpeg': quality is 0; it goes from 1 to 95.",
        ),
        ('[[surface]]\nkind = "osk"', 4, "There is no control surface 'osk'; did you mean 'osc'?"),
        ('[[surface]]\nkind = "osc"\nport = "far"', 5, "[[surface]] of kind 'osc': port: "),
        ('[[surface]]\nkind = "osc"', 4, "There are two control surfaces of kind 'osc'; "),
    ],
)
def test_a_wrong_table_is_one_sentence_with_its_line_before_the_show_starts(
    tmp_path: Path, table: str, line: int, sentence: str
) -> None:
    path, text = tmp_path / "wall.toml", f'[models]\ngenerator = "fake"\n{table}'
    path.write_text(text, encoding="utf-8")
    options = RunOptions(parse_show(text), file=path, headless=True, terminal=False)
    with pytest.raises(ShowError) as caught:
        ShowRunner(options, Stage.open(options.show.look, "Test", headless=True), clock.now())
    assert str(caught.value).startswith(f"wall.toml, line {line}: {sentence}")
