from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageSequence

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.models.biggan.generator import BigGAN
from installation.models.biggan.random_weights import random_library
from installation.models.fake import FakeGenerator
from installation.models.interfaces import Group, Latents
from installation.models.stored_latents import StoredLatents, save_latents, save_notebook_latents
from installation.show.settings import ModelSettings
from installation.studio.captions import Caption, read_srt, timecode, write_srt
from installation.studio.video import FilmWriter
from installation.studio.walk import WalkPlan, walk_captions, walk_points
from installation.studio.workspace import FILM_BATCH, Studio, StudioOptions
from tests.conftest import require_system
from tests.models.conftest import SMALL

GENERATOR = FakeGenerator()
KEYS = [GENERATOR.sample(1, seed) for seed in (1, 2)]
FAKE = ["--generator", "fake", "--device", "cpu", "--size", "64x64"]


@pytest.fixture
def stored(tmp_path: Path) -> list[str]:
    """A key in each format."""
    save_latents(tmp_path / "fox.safetensors", StoredLatents(KEYS[0], "fake", {"prompt": "a fox:2 | fog:-1"}))
    save_notebook_latents(tmp_path / "ship", KEYS[1])
    return [str(tmp_path / "fox.safetensors"), str(tmp_path / "ship_noise.txt")]


def test_a_walk_visits_its_keys_and_a_loop_ends_where_it_began() -> None:
    plan = WalkPlan(steps=4, hold=2, loop=True)
    points = list(walk_points(KEYS, plan, GENERATOR.groups))
    assert len(points) == plan.frames(2) == 12
    assert [points[index] is KEYS[0] for index in (0, 1)] + [points[6] is KEYS[1]] == [True] * 3
    jumps = [float(np.abs(a.z - b.z).max()) for a, b in zip(points, [*points[1:], points[0]], strict=True)]
    assert max(jumps) < 0.5 * float(np.abs(KEYS[0].z - KEYS[1].z).max())


def test_transitions_alone_do_not_repeat_a_key() -> None:
    points = list(walk_points(KEYS, WalkPlan(steps=5, hold=0, loop=True), GENERATOR.groups))
    assert len(points) == 10
    assert not any(np.array_equal(a.z, b.z) for a, b in pairwise(points))


def test_a_breathing_hold_moves_and_returns_and_jitter_keeps_the_length_of_z() -> None:
    held = list(walk_points(KEYS[:1], WalkPlan(hold=60, breathe=0.5), GENERATOR.groups))
    np.testing.assert_allclose(held[0].z, KEYS[0].z)
    assert max(float(np.abs(each.z - KEYS[0].z).max()) for each in held) > 0.01
    assert float(np.abs(held[-1].z - KEYS[0].z).max()) < 0.05
    shaken = list(walk_points(KEYS[:1], WalkPlan(hold=30, jitter=0.5), GENERATOR.groups))
    lengths = [float(np.linalg.norm(each.z)) for each in shaken]
    np.testing.assert_allclose(lengths, np.linalg.norm(KEYS[0].z), rtol=1e-5)
    assert not np.array_equal(shaken[0].z, shaken[15].z)


@pytest.mark.parametrize("name", ["pixels", "strokes", "fft"])
def test_latents_that_describe_a_picture_are_stored_and_walk_along_lines(tmp_path: Path, name: str) -> None:
    studio = Studio(StudioOptions(ModelSettings(generator=name)))
    for seed in (1, 2):
        save_latents(tmp_path / f"{seed}.safetensors", studio.store(studio.sample(1, seed), {}))
    keys = [studio.stored(tmp_path / f"{seed}.safetensors") for seed in (1, 2)]
    plan = WalkPlan(steps=3, hold=1, easing="linear")
    points = list(walk_points(keys, plan, studio.generator.groups, studio.geometry))
    np.testing.assert_allclose(points[2].z, (keys[0].z + keys[1].z) / 2, atol=1e-4)
    moved = list(walk_points(keys, replace(plan, hold=30, jitter=0.5, breathe=0.5), (), studio.geometry))
    changes = [float(np.abs(a.z - b.z).max()) for a, b in pairwise([keys[0], *moved[:30]])]
    assert 0.0 < max(changes) < 0.2 * float(np.abs(keys[0].z - keys[1].z).max())


@pytest.mark.parametrize("small", [True, False], ids=["batches of squares", "one wide frame after another"])
def test_frames_of_a_film_are_those_of_single_points(small: bool) -> None:
    studio = Studio(StudioOptions(ModelSettings(generator="biggan-embedded"), size=(64, 96)))
    if small:
        studio.__dict__["generator"] = BigGAN(
            "small", random_library(1, SMALL, 4), (Group("class", tuple("abcdefghij")),)
        )
    points = [studio.sample(1, seed) for seed in range(FILM_BATCH + 1)]
    film = list(studio.paint_film((point, 0.0) for point in points))
    single = [studio.paint(point).astype(int) for point in points]
    assert film[0].shape == (64, 96, 3)
    np.testing.assert_allclose(film, single, atol=3)


@pytest.mark.parametrize("plan", [WalkPlan(hold=0), WalkPlan(hold=10_000_000)])
def test_a_walk_without_frames_or_with_too_many_is_refused(plan: WalkPlan) -> None:
    with pytest.raises(ShowError, match="frames: name at least two pictures"):
        next(walk_points(KEYS[:1], plan, GENERATOR.groups))


def test_captions_follow_the_keys_and_an_srt_file_is_read_as_it_was_written(tmp_path: Path) -> None:
    captions = walk_captions(["fox", "ship"], WalkPlan(steps=60, hold=30, fps=30.0))
    assert captions == [Caption(0.0, 2.0, "fox"), Caption(2.0, 4.0, "ship")]
    write_srt(tmp_path / "a.srt", captions)
    assert read_srt(tmp_path / "a.srt") == captions
    assert timecode(3723.4567) == "01:02:03,457"


def test_a_film_has_the_format_that_editors_and_browsers_read(tmp_path: Path, stored: list[str]) -> None:
    require_system(shutil.which("ffprobe"), "ffprobe is missing: install ffmpeg.")
    film = tmp_path / "film.mp4"
    options = ["--steps", "6", "--hold", "3", "--loop", "--srt", "--burn", "-o", str(film)]
    assert main(["walk", *stored, *options, *FAKE]) == 0
    (stream,) = ffprobe("-count_frames", "-show_streams", film)["streams"]
    facts = {key: stream[key] for key in ("codec_name", "pix_fmt", "nb_read_frames", "r_frame_rate", "width")}
    wanted = {"codec_name": "h264", "pix_fmt": "yuv420p", "nb_read_frames": "18", "r_frame_rate": "30/1", "width": 64}
    assert facts == wanted
    data = film.read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")  # the index is in front
    assert [caption.text for caption in read_srt(film.with_suffix(".srt"))] == ["a fox", "a fox"]
    packets = ffprobe("-show_packets", film.with_suffix(".srt"))["packets"]
    times = [(float(each["pts_time"]), float(each["duration_time"])) for each in packets]
    np.testing.assert_allclose(times, [(0.0, 0.2), (0.5, 0.1)])
    assert sorted(path.name for path in tmp_path.glob("film*")) == ["film.mp4", "film.srt"]


def ffprobe(*arguments: object) -> Any:
    """What FFmpeg reads in a file."""
    command = ["ffprobe", "-v", "error", "-of", "json", *map(str, arguments)]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


@pytest.mark.parametrize("name", ["film.gif", "film.webp"])
def test_gif_and_webp_films_have_all_frames_and_their_length(tmp_path: Path, stored: list[str], name: str) -> None:
    assert main(["walk", *stored, "--steps", "6", "--hold", "0", "--fps", "30", "-o", str(tmp_path / name), *FAKE]) == 0
    with Image.open(tmp_path / name) as image:
        frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
    assert [frame.size for frame in frames] == [(64, 64)] * 6
    assert sum(frame.info["duration"] for frame in frames) == 200


def test_a_folder_gets_a_png_for_each_frame(tmp_path: Path, stored: list[str]) -> None:
    assert main(["walk", *stored, "--steps", "4", "--hold", "1", "-o", str(tmp_path / "frames"), *FAKE]) == 0
    assert [path.name for path in sorted((tmp_path / "frames").iterdir())] == [f"{index:05}.png" for index in range(6)]


def test_a_full_disk_is_one_sentence_and_what_was_written_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from installation.outputs import mp4_writer

    written = 0
    original = mp4_writer._Sink._drain

    def fill(sink: mp4_writer._Sink) -> None:
        nonlocal written
        written += len(sink._pending)
        if written > 30_000:
            raise OSError(28, "No space left on device")
        original(sink)

    monkeypatch.setattr(mp4_writer._Sink, "_drain", fill)
    random = np.random.default_rng(1)

    def render() -> None:
        with FilmWriter(tmp_path / "film.mp4", 10.0) as film:
            for _ in range(200):
                film.write(random.integers(0, 256, (64, 64, 3), dtype=np.uint8))

    with pytest.raises(ShowError, match=r"No space left on device; what is written is kept in .*film\.part\.mp4"):
        render()
    assert (tmp_path / "film.part.mp4").stat().st_size > 0


def test_a_disk_that_is_full_at_the_end_is_one_sentence_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from installation.outputs import mp4_finish

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(mp4_finish, "_copy", fail)

    def render() -> None:
        with FilmWriter(tmp_path / "film.mp4", 10.0) as film:
            film.write(np.zeros((64, 64, 3), np.uint8))

    with pytest.raises(ShowError, match=r"No space left on device; what is written is kept in .*film\.part\.mp4"):
        render()
    assert (tmp_path / "film.part.mp4").stat().st_size > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nothing.safetensors"], "cannot be read: No such file"),
        (["nothing.txt"], "is not a file of latents"),
        (["-o", "film.avi"], "A film is an MP4, GIF or WebP file"),
        (["--scenes"], "'fake' paints no scenes on a stage: leave out --scenes."),
        (["--easing", "bouncy"], "--easing takes smooth, linear, in, out, not 'bouncy'."),
        (["--audio", "README.md"], "README.md cannot be read"),
        (["-o", "/proc/nothing/film.mp4"], "cannot be written"),
    ],
)
def test_a_mistake_is_one_sentence(
    arguments: list[str], message: str, stored: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    given = arguments if not arguments[0].startswith("-") else [*stored, *arguments]
    assert main(["walk", *given, "--steps", "2", *FAKE]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_latents_of_another_generator_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    point = Latents(np.zeros((1, 5), np.float32), np.zeros((1, 3), np.float32))
    save_latents(tmp_path / "a.safetensors", StoredLatents(point, "theatre"))
    assert main(["walk", str(tmp_path / "a.safetensors"), "-o", str(tmp_path / "a.mp4"), *FAKE]) == 2
    assert "holds latents of 'theatre', not of 'fake'" in capsys.readouterr().err
