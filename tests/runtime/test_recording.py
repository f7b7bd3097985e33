"""Recordings of whole shows: recorders that are killed, shows that are killed, two shows with one name."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import threading
import time
import wave
from pathlib import Path
from typing import NoReturn

import numpy as np
import psutil
import pytest

from installation.core import clock
from installation.core.errors import Rejected
from installation.core.messages import KEYBOARD, MessageRejected, Trigger
from installation.outputs.interface import OutputClaim
from installation.outputs.recorder import RecorderSettings, claim
from installation.runtime.options import RunOptions
from installation.runtime.output_endings import MAX_FINISH_SECONDS
from installation.runtime.show_runner import ShowRunner
from installation.show.settings import LookSettings, ModelSettings, OscSettings, RecordSettings, Show, WebSettings
from installation.stage.stage import Stage
from tests.conftest import require_system
from tests.outputs.pictures import times_of
from tests.outputs.test_film_sound import clicks
from tests.outputs.test_recorder import chapters_of
from tests.running import RunningShow, running, until
from tests.runtime.in_process import turn_until

LIMIT = 60.0  # seconds, for anything that must happen on a machine that may be busy
FILM_BYTES = 50_000  # of a part that holds some film
SECONDS = 2.0  # of a film whose length is asked for
FRAGMENT_LOSS = 1.0  # seconds of film that a kill may cost, besides the time of the restart


def parts(folder: Path) -> list[Path]:
    return sorted(folder.glob("**/*-parts/part-*.mp4"))


def last_line(show: RunningShow) -> str:
    return show.log().splitlines()[-1]


def kill_recorder(show: RunningShow, folder: Path) -> float:
    """Kill it after some film; return the seconds until its successor writes."""
    before, old = len(parts(folder)), show.workers()["recorder"]
    until(lambda: parts(folder)[-1].stat().st_size > FILM_BYTES, LIMIT, "film")
    killed = time.monotonic()
    old.kill()
    until(lambda: len(parts(folder)) > before, LIMIT, "another part")
    return time.monotonic() - killed


@pytest.mark.slow
def test_the_parts_of_killed_recorders_become_one_file_that_keeps_the_time(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path, ["--record", "out.mp4"]) as show:
        until(lambda: parts(tmp_path), LIMIT, "the recording")
        began = time.monotonic()
        away = [kill_recorder(show, tmp_path) for _ in range(3)]
        until(lambda: parts(tmp_path)[-1].stat().st_size > FILM_BYTES, LIMIT, "film")
        show.workers()["recorder"].kill()  # just before the end: nobody is left to join the parts
        played = time.monotonic() - began
        report = show.end(60.0)
    assert report["processes"]["recorder"]["restarts"] >= 3
    assert show.log().count("Recorded ") == 1
    assert last_line(show) == "Recorded out.mp4."
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".mp4" or path.is_dir()] == ["out.mp4"]
    assert times_of(tmp_path / "out.mp4")[-1] >= played - max(away) - FRAGMENT_LOSS  # it keeps the time


@pytest.mark.slow
def test_a_recorder_that_hangs_at_its_end_is_killed_and_another_one_joins_the_film(tmp_path: Path) -> None:
    show = Show(
        models=ModelSettings(generator="fake", perceptor="fake"),
        look=LookSettings(size=(160, 90)),
        osc=OscSettings(enabled=False),
        web=WebSettings(enabled=False),
        record=RecordSettings(folder=str(tmp_path / "other")),
    )
    stage = Stage.open(show.look, "T", headless=True)
    runner = ShowRunner(RunOptions(show, headless=True, terminal=False), stage, clock.now())
    workers, film = runner.workers, tmp_path / "out.mp4"
    try:
        runner._start(clock.now())
        name = workers.start_recorder(claim(workers.recorder_settings(film)), clock.now())
        turn_until(runner, lambda: any(part.stat().st_size > 2000 for part in tmp_path.glob("out-parts/part-*")))
        hung = psutil.Process(workers.by_name[name].link.process.pid)
        hung.suspend()
        workers.end_output(name)
        assert workers.endings.poll(clock.now() + MAX_FINISH_SECONDS - 1.0) == []
        assert hung.is_running()
        workers.endings.poll(clock.now() + MAX_FINISH_SECONDS + 1.0)
        turn_until(runner, lambda: not workers.endings)
    finally:
        runner._end()
    assert times_of(film)


def test_a_recorder_that_cannot_be_started_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = Show(
        models=ModelSettings(generator="fake", perceptor="fake"),
        look=LookSettings(size=(160, 90)),
        osc=OscSettings(enabled=False),
        web=WebSettings(enabled=False),
        record=RecordSettings(folder=str(tmp_path)),
    )
    stage = Stage.open(show.look, "T", headless=True)
    runner = ShowRunner(RunOptions(show, headless=True, terminal=False), stage, clock.now())
    recordings, start = runner.effects.recordings, Trigger("record/start", (), KEYBOARD)
    try:
        with monkeypatch.context() as full:
            full.setattr("installation.runtime.workers.WorkerLink", no_process)
            recordings.start(start, clock.now())
            (refused,) = until(lambda: recordings.update(clock.now()), LIMIT, "the answer")
        reason = "the recorder cannot be started: too many processes; try again in a moment."
        assert refused == MessageRejected(KEYBOARD, "record/start", reason)
        assert list(tmp_path.iterdir()) == []
        assert runner.workers.endings.claims == {}
        assert not runner.workers.has_outputs("stage")
        recordings.start(start, clock.now())
        assert recordings.readings(clock.now())["record/active"] == 1
        turn_until(runner, lambda: not recordings.is_starting)
        assert len(runner.workers.endings.claims) == 1
    finally:
        runner._end()


def test_the_folder_of_a_recording_is_created_beside_the_show_which_may_think_better_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()

    def slow_disk(settings: RecorderSettings) -> OutputClaim:
        assert may_go_on.wait(LIMIT)
        return claim(settings)

    monkeypatch.setattr("installation.runtime.recordings.claim", slow_disk)
    show = Show(look=LookSettings(size=(160, 90)), record=RecordSettings(folder=str(tmp_path / "films")))
    stage = Stage.open(show.look, "T", headless=True)
    runner = ShowRunner(RunOptions(show, headless=True, terminal=False), stage, clock.now())
    recordings, films = runner.effects.recordings, tmp_path / "films"
    for ends in (recordings.stop, recordings.close):
        recordings.start(Trigger("record/start", (), KEYBOARD), clock.now())
        assert recordings.update(clock.now()) == []  # the stage goes on
        with pytest.raises(Rejected, match="is being recorded"):
            recordings.start(Trigger("record/start", (), KEYBOARD), clock.now())
        may_go_on.set()
        ends()
        until(lambda: films.is_dir() and not list(films.iterdir()), LIMIT, "the end of the folder")
        assert (recordings.readings(clock.now())["record/active"], runner.workers.endings.claims) == (0, {})
        may_go_on.clear()
    runner.workers.finish(1.0)


def no_process(*_: object, **__: object) -> NoReturn:
    """What the system says to another process when it has no room."""
    raise BlockingIOError(errno.EAGAIN, "Too many processes")


@pytest.mark.slow
def test_two_shows_with_one_name_record_side_by_side_and_the_second_says_so(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path / "a", ["--record", str(tmp_path / "out.mp4")]) as first:
        until(lambda: parts(tmp_path), LIMIT, "the first recording")
        with running("rehearsal", tmp_path / "b", ["--record", str(tmp_path / "out.mp4")]) as second:
            until(lambda: len(parts(tmp_path)) > 1, LIMIT, "the second recording")
            until(lambda: len(second.drawn()) > 20, LIMIT, "frames")
            second.end()
        first.end()
    told = f"Another show is recording to {tmp_path / 'out.mp4'}; this one records to {tmp_path / 'out-2.mp4'}."
    assert told in second.log()
    assert (last_line(first), last_line(second)) == tuple(f"Recorded {tmp_path / n}." for n in ("out.mp4", "out-2.mp4"))
    assert all(len(times_of(tmp_path / name)) > 20 for name in ("out.mp4", "out-2.mp4"))


@pytest.mark.slow
def test_the_recording_of_a_killed_show_is_joined_by_the_next(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path, []) as show:
        until(lambda: len(show.drawn()) > 40, LIMIT, "frames")
        until(lambda: parts(tmp_path), LIMIT, "the recording")
        for process in show.workers().values():
            process.send_signal(signal.SIGKILL)
    name = parts(tmp_path)[0].parent.name.removesuffix("-parts")
    with running("rehearsal", tmp_path, []) as show:
        until(
            lambda: f"Joined the recording of a show that did not end properly: recordings/{name}.mp4." in show.log(),
            LIMIT,
            "the joined recording",
        )
        show.end()
    assert len(times_of(tmp_path / "recordings" / f"{name}.mp4")) > 10


@pytest.mark.slow
@pytest.mark.parametrize("opengl", ["true", "false"])
def test_the_death_of_the_x_server_ends_the_show_in_order(
    opengl: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_system(shutil.which("Xvfb"), "Xvfb is not installed")
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-noreset"], pass_fds=[write_end], stderr=subprocess.DEVNULL
    )
    os.close(write_end)
    with os.fdopen(read_end) as answer:
        monkeypatch.setenv("DISPLAY", f":{answer.readline().strip()}")
    monkeypatch.setenv("SDL_VIDEODRIVER", "x11")
    arguments = ["--record", "out.mp4", "--set", f"look.opengl={opengl}", "--set", "look.size=[320,180]"]
    with running("rehearsal", tmp_path, arguments, headless=False) as show:
        until(lambda: len(show.drawn()) > 20, LIMIT, "frames")
        until(lambda: parts(tmp_path), LIMIT, "the recording")
        server.kill()
        server.wait()
        assert show.process.wait(LIMIT) == 1  # a service manager starts it again
    assert json.loads(show.report_path.read_text(encoding="utf-8"))["presented_frames"] > 20
    assert "The display is gone: the show ends." in show.log()
    assert last_line(show) == "Recorded out.mp4."
    assert times_of(tmp_path / "out.mp4")


@pytest.mark.slow
def test_osc_starts_and_ends_recordings_with_the_cues_as_chapters(tmp_path: Path) -> None:
    folder = tmp_path / "recordings"
    with running("rehearsal", tmp_path, ["--set", "record.codec=prores"]) as show:
        until(lambda: show.drawn() and show.answers(), LIMIT, "frames")
        show.osc.send_message("/laterna/go", [])
        show.osc.send_message("/laterna/record/start", [])
        until(lambda: has_film(folder), LIMIT, "film")
        until(lambda: is_refused(show), LIMIT, "a refusal")
        show.osc.send_message("/laterna/go", [])
        until(lambda: "turn" in noted_chapters(folder), LIMIT, "the second chapter")
        noted = len(show.drawn())
        until(lambda: len(show.drawn()) > noted + 60, LIMIT, "two seconds of it")
        show.osc.send_message("/laterna/record/stop", [])
        (film,) = films(show, folder, 1)
        show.osc.send_message("/laterna/record/start", [SECONDS])
        (timed,) = films(show, folder, 2) - {film}
        show.osc.send_message("/laterna/record/start", [])
        until(lambda: has_film(folder), LIMIT, "film")
        for worker in show.workers():
            if worker.startswith("recorder"):
                show.workers()[worker].kill()
        show.osc.send_message("/laterna/record/stop", [])
        films(show, folder, 3)
        show.end()
    assert [name for *_, name in chapters_of(film)] == ["open", "turn"]
    assert SECONDS - 1.0 < times_of(timed)[-1] < SECONDS


def is_refused(show: RunningShow) -> bool:
    """Whether a second recording is refused; half a second passes between two tries, so that each counts."""
    show.osc.send_message("/laterna/record/start", [])
    return b"record/stop ends it" in show.osc.receive(0.6)


def has_film(folder: Path) -> bool:
    """Whether the recording in progress has some film."""
    return any(part.stat().st_size > FILM_BYTES for part in folder.glob("*/part-*.mov"))


def noted_chapters(folder: Path) -> str:
    """The chapters of the recording in progress."""
    return "".join(path.read_text(encoding="utf-8") for path in folder.glob("*-parts/chapters.jsonl"))


def films(show: RunningShow, folder: Path, count: int) -> set[Path]:
    """The finished films, once there are so many."""
    until(lambda: show.log().count(f"Recorded {folder.name}") >= count, LIMIT, "a film")
    return set(folder.glob("rehearsal-*.mov"))


@pytest.mark.slow
def test_a_film_has_the_sound_that_the_show_listens_to(tmp_path: Path) -> None:
    rate, seconds = 16_000, 6
    clicks_played = np.zeros(rate * seconds, np.int16)
    for second in range(seconds):
        clicks_played[second * rate : second * rate + 800] = 20_000
    with wave.open(str(tmp_path / "clicks.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(clicks_played.tobytes())
    arguments = ["--record", "out.mp4", "--audio", "clicks.wav", "--set", "record.sound=true"]
    with running("rehearsal", tmp_path, arguments) as show:
        until(lambda: "clicks.wav is over" in show.log() or show.process.poll() is not None, LIMIT, "the end")
        show.end(60.0)
    heard = clicks(tmp_path / "out.mp4")
    assert len(heard) >= seconds - 1
    assert np.abs(np.diff(heard) - 1.0).max() < 0.06
