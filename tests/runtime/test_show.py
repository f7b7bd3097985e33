"""Whole shows in real processes with the fake models: prompts, dying workers, floods, replays, mistakes."""

from __future__ import annotations

import gc
import itertools
import json
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import av
import numpy as np
import psutil
import pytest

from installation.cli.main import main
from installation.conductor.cue_list import GO_GUARD_SECONDS
from installation.control.osc_codec import read
from installation.core.os_support import cores
from installation.runtime.report import VISIBLE_CHANGE
from installation.show.settings import ModelSettings
from tests.control.running import listener
from tests.running import ROOT, RunningShow, resume, running, until

LIMIT = 60.0  # seconds, for anything that must happen on a machine that may be busy
JUMP = 12.0  # of 255: no unrequested change of the picture is larger


def frames(path: Path) -> list[Any]:
    """The frames of a video, a quarter of its size: enough to see jumps and black."""
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="rgb24")[::4, ::4].astype(np.int16) for frame in container.decode(video=0)]


def largest_jump(pictures: list[Any]) -> float:
    return max(float(np.abs(b - a).mean()) for a, b in itertools.pairwise(pictures))


def directed(show: RunningShow) -> list[str]:
    """The words that took the stage, in order."""
    texts: list[str] = []
    for record in show.journal():
        if record["is"] == "Direction" and record["prompts"]:
            text = record["prompts"][0]["text"]
            texts += [text] if not texts or texts[-1] != text else []
    return texts


def on_stage(show: RunningShow, text: str) -> bool:
    """Whether these words took the stage last."""
    return directed(show)[-1:] == [text]


def replaced(show: RunningShow, worker: str, old: psutil.Process) -> bool:
    """Whether another process does the work of one that died."""
    found = show.workers().get(worker, old)
    return found.pid != old.pid


def pictured(show: RunningShow, prompt: int, frames: int = 5) -> bool:
    """Whether so many frames have been drawn in which the words of that number are plain to see."""
    visible = [each for each in show.drawn() if each["prompt_id"] == prompt and each["change"] >= VISIBLE_CHANGE]
    return len(visible) >= frames


@pytest.mark.slow
def test_a_headless_show_writes_report_journal_and_recording(tmp_path: Path) -> None:
    words = ["a red sun", "a blue wolf", "green silence"]
    said = [part for text in words for part in ("--say", text)]
    with running("rehearsal", tmp_path, [*said, "--every", "1.5", "--record", "out.mp4"]) as show:
        until(lambda: directed(show) == words, LIMIT, "all words on the stage")
        until(lambda: pictured(show, len(words)), LIMIT, "the picture of the last words")
        report = show.end()
    assert [row["text"] for row in report["prompts"]] == words
    assert all(row["first_change_ms"] is not None and row["source"] == "say" for row in report["prompts"])
    assert all(row["score_best"] >= row["score_start"] > 0 for row in report["prompts"])
    assert set(report["processes"]) == {"stage", "renderer", "control", "recorder"}
    assert all(process["pid"] and process["rss_mb_end"] > 0 for process in report["processes"].values())
    assert report["shown_size"] == [1280, 720]
    assert report["generated_size"][1] == ModelSettings().height_on("cpu", cores())
    assert report["opening_picture_seconds"] < report["first_generated_seconds"]
    assert "frames/s presented" in show.log()
    assert 0 < report["largest_step"] < JUMP
    assert min(picture.mean() for picture in frames(tmp_path / "out.mp4")) > 5, "the stage was black"


@pytest.mark.slow
def test_killed_workers_restart_and_every_prompt_is_shown_without_a_jump(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path, ["--record", "out.mp4"]) as show:
        until(show.drawn, LIMIT, "the first frame")
        until(lambda: {"renderer", "control", "recorder"} <= set(show.workers()), LIMIT, "all workers")
        for number, worker in enumerate(("renderer", "control", "recorder")):
            show.type(f"before {number}")
            old = show.workers()[worker]
            until(partial(on_stage, show, f"before {number}"), LIMIT, "the words on the stage")
            old.kill()
            show.type(f"after {number}")
            until(partial(replaced, show, worker, old), LIMIT, f"a new {worker}")
            until(partial(on_stage, show, f"after {number}"), LIMIT, "these words")  # later ones would replace them
        words = [f"{when} {number}" for number in range(3) for when in ("before", "after")]
        until(lambda: directed(show) == words, LIMIT, "all words on the stage")
        until(lambda: pictured(show, len(words)), LIMIT, "the picture of the last words")
        report = show.end()
    assert [row["text"] for row in report["prompts"]] == words
    assert all(row["score_best"] is not None for row in report["prompts"])
    assert {name: each["restarts"] for name, each in report["processes"].items()} == {
        "stage": 0,
        "renderer": 1,
        "control": 1,
        "recorder": 1,
    }
    assert 0 < report["largest_step"] < JUMP
    recording = frames(tmp_path / "out.mp4")  # its parts are joined at the end
    assert min(picture.mean() for picture in recording) > 5, "the stage was black"


@pytest.mark.slow
def test_a_stopped_renderer_does_not_block_the_stage_or_the_faders(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path) as show:
        until(show.drawn, LIMIT, "the first frame")
        until(lambda: "control" in show.workers(), LIMIT, "the control worker")
        renderer = show.workers()["renderer"]
        renderer.suspend()
        stopped = time.monotonic()
        for i in range(1000):
            show.osc.send_message("/laterna/walk/speed", i / 1000)
            time.sleep(0.002)
        show.osc.send_message("/laterna/walk/speed", 0.125)
        show.say("after the storm")
        until(lambda: "after the storm" in directed(show), LIMIT, "the words on the stage")
        stopped_ms = 1e3 * (time.monotonic() - stopped)
        resume(renderer)
        until(lambda: show.drawn()[-1]["prompt_id"] == 1, LIMIT, "their picture")
        values = [record for record in show.journal() if record["is"] == "Direction"]
        report = show.end()
    assert values[-1]["params"]["walk/speed"] == 0.125
    assert report["prompts"][0]["text"] == "after the storm"
    assert report["longest_gap_ms"] < 0.8 * stopped_ms, "the stage was held up"


def dreams(show: RunningShow) -> psutil.Process | None:
    """The process of dreams, which the renderer has started, once it does not load any more."""
    renderer = show.workers().get("renderer")
    for process in renderer.children() if renderer else ():
        if process.cmdline()[0].startswith("laterna: dreams") and show.drawn()[-1]["steps"]:
            return process
    return None


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux kills a process with its parent")
def test_stopped_dreams_are_started_again_without_the_renderer_and_end_with_main(tmp_path: Path) -> None:
    with running("first_light", tmp_path, ["--set", "models.height=96"]) as show:
        show.type("a red sun over the sea")
        until(show.drawn, 2 * LIMIT, "the first frame")
        stopped, renderer = until(lambda: dreams(show), 2 * LIMIT, "steps of the dream"), show.workers()["renderer"]
        stopped.suspend()
        show.type("a wolf in the snow")
        until(lambda: "The process of dreams has not answered" in show.log(), LIMIT, "the notice")
        until(lambda: not stopped.is_running(), LIMIT, "its end")
        second = until(lambda: show.drawn()[-1]["prompt_id"] == 2 and dreams(show), 2 * LIMIT, "steps for new words")
        assert show.workers()["renderer"] == renderer
        lives = [record["direction"]["number"] for record in show.journal() if record["is"] == "RendererStarted"]
        assert lives == sorted(set(lives))
        assert len(lives) == 2
        second.suspend()
        show.process.kill()
        until(lambda: is_gone(renderer) and is_gone(second), LIMIT, "the end of both")


def is_gone(process: psutil.Process) -> bool:
    """Whether a process has ended; its parent may not have noticed."""
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


@pytest.mark.slow
def test_a_prompt_under_which_the_renderer_dies_twice_is_named_and_the_next_one_is_shown(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path) as show:
        until(show.drawn, LIMIT, "the first frame")
        show.type("poison")
        for _ in range(2):
            until(partial(on_stage, show, "poison"), LIMIT, "the prompt on the stage")
            old = show.workers()["renderer"]
            old.kill()
            until(partial(replaced, show, "renderer", old), LIMIT, "a new renderer")
        until(lambda: "'poison' stopped the renderer twice (killed by SIGKILL)." in show.log(), LIMIT, "the notice")
        show.type("a fox")
        until(partial(on_stage, show, "a fox"), LIMIT, "the next prompt")
        until(lambda: show.drawn()[-1]["prompt_id"] == 2, LIMIT, "its picture")
        show.end()


@pytest.mark.slow
def test_osc_subscribers_do_not_notice_a_killed_control_worker(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path) as show, listener() as receiver:
        receiver.settimeout(LIMIT)
        until(show.drawn, LIMIT, "the first frame")
        until(show.answers, LIMIT, "an answer by OSC")
        show.osc.send_message("/laterna/subscribe", [receiver.getsockname()[1], 30.0, "status/alive"])
        for _ in range(4):  # one a second: by then the control worker has handed its subscriptions over
            receiver.recv(65_536)
        control = show.workers()["control"]
        control.kill()
        until(partial(replaced, show, "control", control), LIMIT, "a new control worker")
        alive = [int(read(receiver.recv(65_536)).messages[0].args[0]) for _ in range(3)]
        show.end()
    assert alive == sorted(alive)
    assert alive[-1] > alive[0]


@pytest.mark.slow
def test_of_a_flood_of_prompts_from_one_source_the_latest_is_shown(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path) as show:
        until(show.drawn, LIMIT, "the first frame")
        for i in range(200):
            show.type(f"word {i}")
        show.type("x" * 100_000)
        show.type("🌊 \x00 مرحبا يا بحر \x07")
        until(partial(on_stage, show, "🌊 مرحبا يا بحر"), LIMIT, "any script on the stage")
        show.type("y" * 100_000)
        until(partial(on_stage, show, "y" * 500), LIMIT, "the long words, cut")
        show.end()
    said = [record for record in show.journal() if record["is"] == "Trigger" and record["name"] == "prompt"]
    assert len(said) == 203
    numbers = [int(text.split()[1]) for text in directed(show) if text.startswith("word ")]
    assert numbers == sorted(set(numbers)), "words of the flood came twice or out of order"


@pytest.mark.slow
def test_a_replay_renders_the_same_frames_with_the_same_fades(tmp_path: Path) -> None:
    (tmp_path / "play.toml").write_text((ROOT / "shows" / "rehearsal.toml").read_text().partition("[[cue]]")[0])
    (tmp_path / "night.txt").write_text("The lamp goes out => a white moon; blackout = 1")
    play = str(tmp_path / "play.toml")
    with running(play, tmp_path / "live", ["--say", "a red sun", "--seed", "7"]) as show:
        until(show.drawn, LIMIT, "the first frame")
        show.workers()["renderer"].kill()
        show.osc.send_message("/laterna/walk/amount", 0.9)
        show.type("a blue wolf")
        until(lambda: "a blue wolf" in directed(show), LIMIT, "the words on the stage")
        until(lambda: pictured(show, 2, frames=20), LIMIT, "their picture")
        show.osc.send_message("/laterna/script/load", "night.txt")
        show.osc.send_message("/laterna/script/next", [])
        until(lambda: pictured(show, 3, frames=60), LIMIT, "the picture of the loaded line, faded to black")
        show.end()
    (tmp_path / "night.txt").unlink()  # a replay needs nothing but the journal
    command = [sys.executable, str(ROOT / "run_show.py"), "--replay", str(show.journal_path)]
    command += ["--record", "again.mp4", "--report", "again.json"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=LIMIT, capture_output=True)
    again = json.loads((tmp_path / "again.json").read_text())
    assert again["frames"] == len(show.drawn()) > 20
    assert again["equal"] == again["frames"]
    pictures = frames(tmp_path / "again.mp4")
    lit = [picture for picture in pictures if picture.mean() > 5]
    assert lit
    assert largest_jump(lit) < JUMP
    assert pictures[-1].mean() < 1, "the blackout of the loaded line is not played again"


@pytest.mark.slow
def test_a_replay_can_start_at_any_file_of_a_rotated_journal(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path, ["--say", "a red sun", "--set", "journal.max_megabytes=0.02"]) as show:
        until((tmp_path / "journal.jsonl.1").exists, LIMIT, "a rotation")
        until(lambda: len(show.drawn()) > 5, LIMIT, "frames after it")
        show.end()
    alone = show.journal_path.rename(tmp_path / "alone.jsonl")
    command = [sys.executable, str(ROOT / "run_show.py"), "--replay", str(alone), "--record", "again.mp4"]
    subprocess.run([*command, "--report", "again.json"], cwd=tmp_path, check=True, timeout=LIMIT, capture_output=True)
    show.journal_path = alone
    again = json.loads((tmp_path / "again.json").read_text())
    assert (again["frames"], again["whole"]) == (len(show.drawn()), False)
    pictures = frames(tmp_path / "again.mp4")
    assert largest_jump(pictures) < JUMP
    assert pictures[-1].mean() > 5, "the replay shows nothing"


@pytest.mark.slow
def test_an_inline_renderer_runs_in_the_main_process(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path, ["--inline", "--say", "a red sun"]) as show:
        until(lambda: directed(show) == ["a red sun"], LIMIT, "the words on the stage")
        assert "renderer" not in show.workers()
        until(lambda: show.drawn() and show.drawn()[-1]["prompt_id"] == 1, LIMIT, "their picture")
        show.end()


@pytest.mark.slow
def test_go_shows_the_next_line_of_a_text(tmp_path: Path) -> None:
    (tmp_path / "poem.txt").write_text("one\n\n two\nthree\n", encoding="utf-8")
    arguments = ["--text", "poem.txt", "--set", "queue/hold=1"]
    with running(str(_cueless(tmp_path)), tmp_path, arguments) as show:
        until(show.drawn, LIMIT, "the first frame")
        until(show.answers, LIMIT, "an answer by OSC")
        for words in ("one", "two", "three"):
            time.sleep(GO_GUARD_SECONDS + 0.1)  # a GO sooner after another is a double press
            show.osc.send_message("/laterna/go", [])
            until(partial(on_stage, show, words), LIMIT, words)
        assert directed(show) == ["one", "two", "three"]
        show.end()


def _cueless(folder: Path) -> Path:
    path = folder / "cueless.toml"
    path.write_text('title = "Cueless"\n[models]\ngenerator = "fake"\n', encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nowhere"], "there is no show 'nowhere'"),
        (["--set", "generater=fake"], "did you mean"),
        (["rehearsal", "--set", "generator=biggan-deep-1024"], "There is no generator"),
        (["--replay", "missing.jsonl"], "cannot be read"),
        (["--frobnicate"], "No such option"),
        (["imagine", "a fox", "-o", "fox.tif"], "A picture is a PNG, JPEG or WebP file: -o fox.png, not fox.tif."),
        (["rehearsal", "--say", "a fox", "--every", "inf"], "'queue/seconds' takes a number from 0 to 3600 s."),
        (["rehearsal", "--replay", "d" * 300], "cannot be read: File name too long."),
        (
            [str(ROOT / "tests" / "show" / "stranger.toml")],
            "if you trust the author of this show, start it with --trust.",
        ),
        (["rehearsal", "--seed", "4294967296"], "Invalid value for '--seed'"),
        (["models", "--models", "d" * 300], "is too long."),
    ],
)
def test_a_mistake_is_one_sentence_and_exit_status_two(
    arguments: list[str],
    reason: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        status = main(arguments)
    finally:
        gc.enable()  # a show that loads collects no garbage
    assert_one_sentence(status, capsys.readouterr().err, reason)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["rehearsal", "--text", "missing.txt", "--headless"], "the text missing.txt cannot be read: No such"),
        (["rehearsal", "--journal", "/proc/nothing/j", "--headless"], "annot"),
        (["imagine", "a fox", "-o", "/proc/nothing/fox.png"], "cannot be written"),
        (["rehearsal", "--headless", "--set", f"record.folder={'d' * 300}"], "Cannot write ddd"),
        (["rehearsal", "--text", "/dev/zero", "--headless"], "cannot be read: it is not a regular file."),
        (
            ["rehearsal", "--audio", "nowhere.wav", "--headless"],
            "the recording nowhere.wav cannot be read: No such",
        ),
    ],
)
def test_a_mistake_that_a_starting_show_finds_is_one_sentence_and_exit_status_two(
    arguments: list[str], reason: str, tmp_path: Path
) -> None:
    command = [sys.executable, str(ROOT / "run_show.py"), *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert_one_sentence(done.returncode, done.stderr, reason)


def assert_one_sentence(status: int, printed: str, reason: str) -> None:
    assert status == 2
    assert printed.startswith("laterna: ")
    assert reason in printed
    assert len(printed.strip().splitlines()) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "number",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
    ],
)
def test_a_signal_to_all_processes_ends_with_a_summary_and_a_recording_that_plays(tmp_path: Path, number: int) -> None:
    with running("rehearsal", tmp_path) as show:
        until(show.drawn, LIMIT, "the first frame")
        until(lambda: list(tmp_path.glob("recordings/**/*.mp4")), LIMIT, "the recording")
        begun = len(show.drawn())
        until(lambda: len(show.drawn()) > begun + 20, LIMIT, "a second of it")
        everyone = show.workers()
        report = show.end(number=number)
    assert {name for name, process in everyone.items() if process.is_running()} == set()
    assert {each["restarts"] for each in report["processes"].values()} == {0}
    path = tmp_path / next(line for line in show.log().splitlines() if line.startswith("Recorded ")).removeprefix(
        "Recorded "
    ).rstrip(".")
    assert len(frames(path)) > 10


@pytest.mark.slow
def test_ctrl_c_while_the_workers_are_starting_ends_quietly(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path, ["--record", "out.mp4"]) as show:
        until(lambda: len(psutil.Process(show.process.pid).children()) >= 3, LIMIT, "the processes")
        show.end()
    assert "Traceback" not in show.log()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps files that are mapped")
def test_deleted_rings_are_made_again_when_a_worker_needs_them(tmp_path: Path) -> None:
    with running("rehearsal", tmp_path, ["--record", "out.mp4"]) as show:
        until(lambda: len(show.drawn()) > 10, LIMIT, "frames")
        stage = show.workers()["stage"]
        for ring in {Path(each.path).parent for each in stage.memory_maps() if each.path.endswith("/frames")}:
            for file in ring.iterdir():
                file.unlink()
            ring.rmdir()
        for worker in ("renderer", "recorder"):
            old = show.workers()[worker]
            old.kill()
            until(partial(replaced, show, worker, old), LIMIT, f"a new {worker}")
        drawn = len(show.drawn())
        until(lambda: len(show.drawn()) > drawn + 10, LIMIT, "new frames")
        show.say("a red sun over the sea")
        until(lambda: any(each["prompt_id"] and each["change"] >= VISIBLE_CHANGE for each in show.drawn()), LIMIT, "it")
        report = show.end()
    assert report["processes"]["renderer"]["restarts"] <= 2
    assert len(frames(tmp_path / "out.mp4")) > 10
