"""A power cut: everything is killed at once, and the next start goes on where the show was."""

from __future__ import annotations

import json
import os
import signal
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import av
import pytest

from installation.conductor.conductor import Conductor, Effect
from installation.conductor.resumption import SavedState
from installation.core import clock
from installation.core.messages import KEYBOARD, Origin, Prompt, SetParam
from installation.core.os_support import memory_places
from installation.core.ring_folder import PREFIX
from installation.runtime.options import RunOptions
from installation.runtime.resume import WORDS_SECONDS, Resume
from installation.runtime.show_runner import ShowRunner
from installation.show.settings import (
    JournalSettings,
    LookSettings,
    ModelSettings,
    OscSettings,
    RecordSettings,
    Show,
    WebSettings,
)
from installation.show.site_settings import LogSettings
from installation.site.history import History, parse_since, read_history
from installation.stage.keyboard import QuitRequest
from installation.stage.stage import Stage
from tests.running import RunningShow, running, until
from tests.runtime.in_process import turn_until

LIMIT = 60.0
SHOW = """
[models]
generator = "fake"
perceptor = "fake"
[look]
size = [320, 180]
[log]
log_folder = "logs"
[params]
"queue/seconds" = 3600.0
[[cue]]
words = "a slow blue morning"
[[cue]]
words = "red lanterns"
"""
SAVED = SavedState(
    values={"walk/speed": 0.9, "transition/curve": "linear"},
    cue=2,
    standby=1,
    shown=(Prompt(4, "a fox", origin=Origin("osc", "10.0.0.7:9000"), caption="the fox"),),
    waiting=(Prompt(5, "a whale"), Prompt(6, "an owl")),
    held=(Prompt(7, "a snail"),),
)


def settings(folder: Path, words: bool = True, resume: bool = True) -> Show:
    log = LogSettings(log_folder=str(folder / "logs"), resume=resume)
    return Show(log=log, journal=JournalSettings(words=words))


def kept(show: Show, at: float, in_order: bool = False) -> Resume:
    """The next show's file, after one that has kept `SAVED` and ended."""
    resume = Resume(show, "wall")
    assert resume.keep(SAVED, at) == ""
    resume.close(in_order)
    return Resume(show, "wall")


def test_what_is_kept_comes_back_whole(tmp_path: Path) -> None:
    assert kept(settings(tmp_path), 1000.0).read(1010.0) == SAVED


def test_old_words_are_left_out_and_so_are_all_words_of_a_show_that_keeps_none(tmp_path: Path) -> None:
    without = SavedState(SAVED.values, SAVED.cue, SAVED.standby)
    assert kept(settings(tmp_path), 1000.0).read(1000.0 + WORDS_SECONDS + 1) == without
    assert kept(settings(tmp_path, words=False), 1000.0).read(1010.0) == without
    assert "whale" not in (tmp_path / "logs" / "resume-wall.json").read_text()


def test_a_show_that_ends_in_order_and_one_that_keeps_nothing_begin_anew(tmp_path: Path) -> None:
    assert kept(settings(tmp_path), 1000.0, in_order=True).read(1010.0) is None
    assert kept(settings(tmp_path, resume=False), 1000.0).read(1010.0) is None
    assert kept(Show(), 1000.0).read(1010.0) is None
    assert list(tmp_path.glob("logs/*")) == []


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"version": 1}', '{"version": 2, "at": 1000}', "\0\0\0"])
def test_a_damaged_file_is_passed_over(tmp_path: Path, damage: str) -> None:
    resume = kept(settings(tmp_path), 1000.0)
    (tmp_path / "logs" / "resume-wall.json").write_text(damage)
    assert resume.read(1010.0) is None


def test_values_that_move_all_the_time_are_written_now_and_then_and_the_rest_at_once(tmp_path: Path) -> None:
    resume, path = Resume(settings(tmp_path), "wall"), tmp_path / "logs" / "resume-wall.json"
    written = []
    for second in range(25):
        cue = 3 if second >= 14 else 2
        assert resume.keep(replace(SAVED, values={"walk/speed": second / 100}, cue=cue), 1000.0 + second) == ""
        resume._thread.submit(int).result()  # the one before is done
        if (at := json.loads(path.read_text())["at"]) not in written:
            written.append(at)
    assert written == [1000.0, 1010.0, 1014.0, 1024.0]


@pytest.mark.parametrize("moved", [0.25, SAVED.values["walk/speed"]])
def test_values_that_were_not_written_yet_are_written_at_an_accident(tmp_path: Path, moved: float) -> None:
    resume = Resume(settings(tmp_path), "wall")
    for second, speed in enumerate((SAVED.values["walk/speed"], 0.5, moved)):
        resume.keep(replace(SAVED, values=SAVED.values | {"walk/speed": speed}), 1000.0 + second)
        resume._thread.submit(int).result()
    resume.close(in_order=False)
    saved = Resume(settings(tmp_path), "wall").read(1010.0)
    assert saved == replace(SAVED, values=SAVED.values | {"walk/speed": moved})


def test_a_disk_that_refuses_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    resume, told = Resume(settings(tmp_path), "wall"), []
    for second in range(4):
        told.append(resume.keep(SAVED, float(second)))
        resume._thread.submit(int).result()  # the one before is done
    assert [bool(text) for text in told] == [False, True, False, False]
    assert "cannot be kept" in told[1]


def rings(show: RunningShow) -> list[Path]:
    return [path for place in memory_places() for path in place.glob(f"{PREFIX}{show.process.pid}-*")]


def history(folder: Path) -> History:
    return read_history(folder / "logs", parse_since("1h", datetime.now().astimezone()))


@pytest.mark.slow
def test_everything_killed_at_once_goes_on_where_it_was(tmp_path: Path) -> None:
    (tmp_path / "wall.toml").write_text(SHOW)
    state, film = tmp_path / "logs" / "resume-wall.json", tmp_path / "film.mp4"
    with running("wall.toml", tmp_path, ["--record", str(film)]) as show:
        until(show.drawn, LIMIT, "the first frame")
        until(show.answers, LIMIT, "OSC")
        show.osc.send_message("/laterna/go", [])
        show.osc.send_message("/laterna/walk/speed", 0.75)
        show.say("a whale", "/laterna/queue/add")
        until(
            lambda: state.is_file() and "whale" in state.read_text() and "0.75" in state.read_text(),
            LIMIT,
            "it is kept",
        )
        until(lambda: list(tmp_path.glob("film-parts/part-*")), LIMIT, "the film")
        until(lambda: sum(p.stat().st_size for p in tmp_path.glob("film-parts/part-*")) > 20_000, LIMIT, "some film")
        os.killpg(show.process.pid, signal.SIGKILL)  # main and all of its workers
        show.process.wait(LIMIT)
        left = rings(show)
    assert left, "the rings of a killed show stay until the next start"
    first_journal = show.journal_path.read_text(encoding="utf-8")
    with running("wall.toml", tmp_path, ["--record", str(film)]) as again:
        until(lambda: "it goes on (cue 1, 1 value, 2 prompts)" in again.log().replace("\n", " "), LIMIT, "the notice")
        until(film.is_file, LIMIT, "the film of before, joined")
        until(again.drawn, LIMIT, "the first frame")
        report = again.end(LIMIT)
    assert [row["text"] for row in report["prompts"]] == ["a slow blue morning"]
    with av.open(str(film)) as joined:
        assert sum(1 for _ in joined.decode(video=0)) > 10
    journals = [path.read_text(encoding="utf-8") for path in tmp_path.glob("journal*.jsonl")]
    assert (len(journals), first_journal in journals) == (2, True)  # the second has a file of its own
    assert (len(history(tmp_path).unexpected_ends), state.exists()) == (1, False)
    assert not any(path.exists() for path in left)
    assert json.loads(first_journal.splitlines()[0])


def small_show(folder: Path) -> Show:
    return Show(
        models=ModelSettings(generator="fake", perceptor="fake"),
        look=LookSettings(size=(160, 90)),
        osc=OscSettings(enabled=False),
        web=WebSettings(enabled=False),
        record=RecordSettings(folder=str(folder)),
        log=LogSettings(log_folder=str(folder / "logs")),
    )


@pytest.mark.slow
def test_a_show_begins_whatever_goes_wrong_with_what_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> list[Effect]:
        raise RuntimeError("unheard of")

    show = small_show(tmp_path)
    kept(show, datetime.now().timestamp())
    monkeypatch.setattr(Conductor, "resume", fails)
    stage = Stage.open(show.look, "T", headless=True)
    runner = ShowRunner(RunOptions(show, name="wall", headless=True, terminal=False), stage, clock.now())
    try:
        runner._start(clock.now())
    finally:
        runner._end()


@pytest.mark.slow
@pytest.mark.parametrize(("window", "keeps"), [(True, True), (False, False)])
def test_only_a_service_that_loses_its_window_keeps_where_it_was(tmp_path: Path, window: bool, keeps: bool) -> None:
    show = small_show(tmp_path)
    stage = Stage.open(show.look, "T", headless=True)  # as after the loss of its window
    runner = ShowRunner(RunOptions(show, name="wall", headless=True, window=window, terminal=False), stage, clock.now())
    try:
        runner._start(clock.now())
        runner._receive(SetParam("walk/speed", 0.75, KEYBOARD), clock.now())
        if not window:
            turn_until(runner, (tmp_path / "logs" / "resume-wall.json").exists)
            runner._take_event(QuitRequest(), clock.now())
        turn_until(runner, lambda: runner.over)
    finally:
        runner._end()
    saved = Resume(show, "wall").read(datetime.now().timestamp())
    assert (saved.values if saved else None) == ({"walk/speed": 0.75} if keeps else None)
