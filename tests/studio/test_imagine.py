from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from installation.cli.main import main
from installation.cli.studio_options import studio_options
from installation.core.errors import ShowError
from installation.dream.latent_bank import shipped_bank_path
from installation.dream.sound_prompts import SoundReader
from installation.models.fake import FakeGenerator, FakePerceptor
from installation.models.image_files import read_image
from installation.models.interfaces import ModelPlace
from installation.models.stored_latents import read_latents
from installation.show.settings import DreamSettings, ModelSettings
from installation.studio.imagine import ImagineState, check_pictures, imagine
from installation.studio.picture_files import read_settings, repeatable_settings, safe_name
from installation.studio.workspace import Studio, StudioOptions
from installation.training.bank_builder import build_bank
from tests.conftest import require_system
from tests.dream.listening import SEA, PitchListener, write_tone
from tests.running import ROOT, until

SMALL = ["--device", "cpu", "--size", "96x64"]


@pytest.fixture(scope="module")
def fake_place(tmp_path_factory: pytest.TempPathFactory) -> ModelPlace:
    """Where the fake models have a latent bank."""
    place = ModelPlace(tmp_path_factory.mktemp("assets"), tmp_path_factory.mktemp("cache"))
    path = shipped_bank_path("fake", place.assets)
    path.parent.mkdir()
    build_bank(FakeGenerator(), FakePerceptor(), 64, 1).save(path)
    return place


@pytest.fixture(scope="module")
def studio(fake_place: ModelPlace) -> Studio:
    return fake_studio(fake_place)


def fake_studio(place: ModelPlace, **dream: object) -> Studio:
    fake = ModelSettings(generator="fake", perceptor="fake")
    return Studio(StudioOptions(fake, DreamSettings.model_validate(dream), {}, place, (64, 64)))


def test_the_same_seed_gives_the_same_picture_and_another_seed_another(studio: Studio) -> None:
    pictures = [imagine(studio, "a swan on the still lake", seed, 6).picture for seed in (1, 1, 2)]
    np.testing.assert_array_equal(pictures[0], pictures[1])
    assert not np.array_equal(pictures[0], pictures[2])


def test_a_sound_as_prompt_is_the_picture_of_its_words(fake_place: ModelPlace, tmp_path: Path) -> None:
    studio = fake_studio(fake_place)
    studio.sounds = SoundReader(PitchListener, Path.cwd().anchor)
    sound = write_tone(tmp_path / "waves.wav", SEA)
    heard = imagine(studio, f"{sound} | a swan:.5", 1, 6)
    said = imagine(studio, "the sea | a swan:.5", 1, 6)
    np.testing.assert_array_equal(heard.picture, said.picture)
    assert heard.notice.startswith("waves.wav sounds like the sea (90%).")
    with pytest.raises(ShowError, match=r"no\.wav cannot be read"):
        imagine(studio, "no.wav", 1, 6)


def test_the_picture_is_the_best_one_that_was_rated(studio: Studio) -> None:
    result = imagine(studio, "a swan", 1, 40)
    assert result.steps == 40
    assert result.best_score >= max(result.scores) - 0.05
    assert result.best_score > result.scores[0]


def test_a_dream_continues_from_stored_latents(studio: Studio) -> None:
    first = imagine(studio, "a swan", 1, 20)
    again = imagine(studio, "a swan", 2, 0, resume=first.latents)
    np.testing.assert_allclose(again.latents.z, first.latents.z, atol=1e-5)
    assert again.labels == first.labels


def test_the_state_says_what_was_understood_and_how_far_it_is(studio: Studio) -> None:
    states: list[tuple[int, tuple[tuple[str, float], ...]]] = []
    imagine(studio, "a swan:2 | fog:-1", 1, 3, on_state=lambda state: states.append((state.step, state.understood)))
    understood = (("a swan", 2.0), ("fog", -1.0))
    assert states == [(1, understood), (2, understood), (3, understood)]


def test_a_picture_is_a_prompt(fake_place: ModelPlace, tmp_path: Path) -> None:
    Image.new("RGB", (30, 30), (220, 30, 20)).save(tmp_path / "red.png")
    red = imagine(fake_studio(fake_place, start="random"), f"{tmp_path / 'red.png'}", 1, 60).picture.mean((0, 1))
    Image.new("RGB", (30, 30), (20, 30, 220)).save(tmp_path / "blue.png")
    blue = imagine(fake_studio(fake_place, start="random"), f"{tmp_path / 'blue.png'}", 1, 60).picture.mean((0, 1))
    assert red[0] - red[2] > blue[0] - blue[2] + 5


@pytest.mark.parametrize("content", [None, b"", b"\x89PNG\r\n"])
def test_a_picture_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "photo.png").write_bytes(content)
    with pytest.raises(ShowError, match=r"photo\.png"):
        check_pictures(f"a fox | {tmp_path / 'photo.png'}:.5")


def test_a_grey_picture_has_no_colours(fake_place: ModelPlace) -> None:
    picture = imagine(fake_studio(fake_place, grayscale=True), "a swan", 1, 2).picture
    assert int(np.ptp(picture, axis=2).max()) == 0


def test_a_prompt_that_is_too_long_is_one_sentence(studio: Studio) -> None:
    with pytest.raises(ShowError, match=r"^The prompt has 600 characters: at most 500\.$"):
        imagine(studio, "a fox " * 100)


def test_every_choice_of_the_command_line_reaches_the_dream() -> None:
    assignments = ["dream.average=0.99", "dream.regularisers={noise_normality=0.01}", 'dream.class_names=["wolf", "7"]']
    assignments += ["dream.stochastic_truncation=true", "latent/truncation=0.5", "prompt/negative=fog"]
    options = studio_options("theatre", "auto", "cpu", "96x64", assignments)
    dream = options.dream
    assert (dream.average, dream.regularisers, dream.stochastic_truncation) == (0.99, {"noise_normality": 0.01}, True)
    assert dream.class_names == ("wolf", "7")
    assert options.params == {"latent/truncation": 0.5, "prompt/negative": "fog"}
    assert options.size == (64, 96)


@pytest.mark.slow
def test_a_named_class_is_there_from_the_start() -> None:
    dream = DreamSettings(class_names=("owl",), classes="frozen")
    studio = Studio(StudioOptions(ModelSettings(generator="theatre"), dream, size=(64, 96)))
    assert "owl" in imagine(studio, "the sea", steps=1).labels


@pytest.mark.slow
def test_a_generator_without_classes_says_what_its_picture_began_with() -> None:
    studio = Studio(StudioOptions(ModelSettings(generator="pixels"), size=(36, 64)))
    states: list[ImagineState] = []
    result = imagine(studio, "a swan on the still lake", steps=2, on_state=states.append)
    assert "swan" in result.labels
    assert "swan" in dict(states[-1].classes)
    assert result.picture.shape == (36, 64, 3)


@pytest.mark.parametrize("text", ["", " | "])
def test_an_empty_prompt_is_reported(text: str, studio: Studio) -> None:
    with pytest.raises(ShowError, match="is empty: say what the picture should show"):
        imagine(studio, text)


@pytest.mark.slow
def test_the_default_models_show_what_the_prompt_names() -> None:
    result = imagine(Studio(StudioOptions(size=(64, 96))), "a swan on the still lake", steps=2)
    assert "swan" in result.labels
    assert result.picture.shape == (64, 96, 3)


@pytest.mark.slow
def test_the_command_writes_picture_latents_and_film_and_repeats_a_picture(tmp_path: Path) -> None:
    first, second = tmp_path / "fox.webp", tmp_path / "again.webp"
    options = ["--iterations", "6", "--seed", "4", "--optimizer", "cma-es", "--population", "4"]
    extras = ["--latents", "--video", "--save-every", "3"]
    assert main(["imagine", "a fox:2 | snow", "-o", str(first), *options, *extras, *SMALL]) == 0
    assert main(["imagine", "--like", str(first), "-o", str(second), "--device", "cpu"]) == 0
    np.testing.assert_array_equal(read_image(first), read_image(second))
    assert read_settings(first)["prompt"] == "a fox:2 | snow"
    assert np.loadtxt(tmp_path / "fox_noise.txt").shape == (96,)
    stored = read_latents(tmp_path / "fox.safetensors")
    np.testing.assert_allclose(read_latents(tmp_path / "fox_class.txt").point.z, stored.point.z, atol=1e-6)
    assert {path.suffix for path in tmp_path.glob("fox*")} == {".webp", ".mp4", ".txt", ".safetensors"}
    assert {path.name for path in tmp_path.glob("fox-*")} == {
        f"fox-000{step}{suffix}" for step in (3, 6) for suffix in (".webp", ".safetensors")
    }


@pytest.mark.slow
def test_several_seeds_are_pictures_and_one_sheet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["imagine", "a fox / in the snow?", "--seeds", "1-4", "--steps", "2", "--latents", *SMALL]) == 0
    assert read_image(tmp_path / "a-fox-in-the-snow_1-4.png").shape[0] > 400
    together = read_latents(tmp_path / "a-fox-in-the-snow_1-4.safetensors").point
    third = tmp_path / "a-fox-in-the-snow_1-4_3"
    assert (read_image(third.with_suffix(".png")).shape, len(together)) == ((64, 96, 3), 4)
    assert read_settings(third.with_suffix(".png"))["seed"] == "3"
    for kept in (third.with_suffix(".safetensors"), third.with_name(f"{third.name}_noise.txt")):
        np.testing.assert_array_equal(read_latents(kept).point.z, together.z[2:3])


@pytest.mark.slow
def test_a_picture_whose_place_fails_is_kept_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "fox.png.part").mkdir()  # where the picture is written first
    (tmp_path / "fox-0001.png.part").mkdir()
    command = ["imagine", "a fox", "--steps", "2", "--save-every", "1", "--latents", "-o", str(tmp_path / "fox.png")]
    assert main([*command, *SMALL]) == 2
    on_the_way, told = capsys.readouterr().err.strip().splitlines()
    assert on_the_way.endswith(
        "fox-0001.png cannot be written: Is a directory. The work goes on without saving its way."
    )
    (kept,) = tmp_path.glob("laterna-*")
    assert (
        told == f"laterna: {tmp_path / 'fox.png'} cannot be written: Is a directory; it is kept as {kept / 'fox.png'}."
    )
    assert sorted(each.name for each in kept.iterdir()) == [
        "fox.png",
        "fox.safetensors",
        "fox_class.txt",
        "fox_noise.txt",
    ]
    assert read_settings(kept / "fox.png")["prompt"] == "a fox"


def test_ctrl_c_keeps_the_best_picture(studio: Studio) -> None:
    def interrupt(state: ImagineState) -> None:
        if state.step == 7:
            raise KeyboardInterrupt

    result = imagine(studio, "a swan", 1, 1000, on_state=interrupt)
    assert result.steps == 7
    assert result.picture.shape == (64, 64, 3)


@pytest.mark.slow
def test_other_words_change_the_classes_of_a_picture_that_is_resumed() -> None:
    studio = Studio(StudioOptions(size=(64, 96)))
    day = imagine(studio, "a red fox in the snow at noon", steps=2)
    night, same = (imagine(studio, "a fox at night", 1, 0, resume=day.latents, new_words=new) for new in (True, False))
    np.testing.assert_allclose(night.latents.z, day.latents.z, atol=1e-5)
    assert ("night" in night.labels, "night" in same.labels, same.labels) == (True, False, day.labels)


@pytest.mark.slow
def test_ctrl_c_keeps_the_seeds_that_are_finished(tmp_path: Path) -> None:
    options = ["--seeds", "1-60", "--steps", "1", "--save-every", "1", "--latents", "-o", "foxes.png", *SMALL]
    command = [sys.executable, str(ROOT / "run_show.py"), "imagine", "a fox", *options]
    heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # a shell starts what is in the background deaf to it
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, preexec_fn=heard) as process:
        until((tmp_path / "foxes_3-0001.png").is_file, 120.0, "the third picture")
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=120.0)
    kept = len(read_latents(tmp_path / "foxes.safetensors").point)
    assert (process.returncode, f"Interrupted after {kept} of 60 seeds" in output) == (0, True)
    assert 2 <= kept < 60
    assert read_image(tmp_path / "foxes.png").size > 0


@pytest.mark.slow
def test_a_preview_whose_x_server_dies_leaves_the_picture_so_far(tmp_path: Path) -> None:
    require_system(shutil.which("Xvfb"), "Xvfb is not installed")
    read_end, write_end = os.pipe()
    command = ["Xvfb", "-displayfd", str(write_end), "-noreset"]
    with subprocess.Popen(command, pass_fds=[write_end], stderr=subprocess.DEVNULL) as server:
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            screen = {"DISPLAY": f":{answer.readline().strip()}", "SDL_VIDEODRIVER": "x11"}
        options = ["--steps", "100000", "--preview", "--save-every", "5", "-o", "fox.png", *SMALL]
        command = [sys.executable, str(ROOT / "run_show.py"), "imagine", "a fox", *options]
        with subprocess.Popen(command, cwd=tmp_path, env=os.environ | screen, stdout=subprocess.PIPE) as process:
            until((tmp_path / "fox-0010.png").is_file, 120.0, "the tenth iteration")
            server.kill()
            output, _ = process.communicate(timeout=120.0)
    assert b"The display is gone: fox.png shows iteration " in output
    assert int(read_settings(tmp_path / "fox.png")["steps"]) >= 10


@pytest.mark.slow
def test_a_preset_chooses_iterations_cutouts_and_detail(tmp_path: Path) -> None:
    options = ["--quality", "draft", "--cutouts", "2", "-o", str(tmp_path / "fox.png"), *SMALL]
    assert main(["imagine", "a fox", *options]) == 0
    settings = read_settings(tmp_path / "fox.png")
    assert (settings["steps"], settings["set"]) == (
        "40",
        '["dream.cutouts=4", "dream.size=64", "dream.cutouts=2"]',
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a fox", "--quality", "super"], "--quality takes draft, normal, better, best, not 'super'."),
        ([], "Say what the picture should show"),
        (["a fox", "-o", "fox.tiff"], "A picture is a PNG, JPEG or WebP file: -o fox.png, not fox.tiff."),
        (["a fox", "-o", "/proc/nothing/fox.png"], "cannot be written"),
        (["a fox", "--optimizer", "adamm"], "--set: dream.optimizer"),
        (["a fox", "--seeds", "4-1"], "--seeds takes at most 1000 seeds, in ascending order, not '4-1'."),
        (["a fox", "--seeds", "a"], "--seeds takes numbers such as 1-4 or 3,7, not 'a'."),
        (["a fox", "--resume", "nothing.safetensors"], "cannot be read: No such file"),
        (["--like", "README.md"], "README.md is not a picture"),
        (["photo.png | a fox"], "The picture photo.png cannot be read: No such file or directory."),
        (["a fox", "--class", "qwertz"], "The generator has no class 'qwertz'"),
    ],
)
def test_a_mistake_is_one_sentence(
    arguments: list[str],
    message: str,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "README.md").write_text("words")
    monkeypatch.chdir(tmp_path)
    assert main(["imagine", *arguments, *SMALL]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    ['{"prompt": "a fox", "seed": "x", "steps": "1", "set": "[]"}', '{"prompt": "a fox", "seed": "1", "steps": "1"}']
    + [f'{{"prompt": "a", "seed": "1", "steps": "1", "set": "{each}"}}' for each in ("[1]", "{", "3")]
    + ['{"prompt": "a", "seed": "1", "steps": "-1", "set": "[]"}', '{"command": "sample", "seed": "1"}'],
)
def test_settings_that_do_not_say_how_to_repeat_a_picture_are_one_sentence(text: str, tmp_path: Path) -> None:
    about = PngInfo()
    about.add_text("Laterna", text)
    Image.new("RGB", (8, 8)).save(tmp_path / "fox.png", pnginfo=about)
    with pytest.raises(ShowError, match=r"fox\.png does not say how to repeat it"):
        repeatable_settings(tmp_path / "fox.png")


def test_names_of_files_are_safe() -> None:
    assert safe_name("A fox / in:the \\ snow?") == "a-fox-in-the-snow"
    assert safe_name("ein Wölfchen, 狼 🐺") == "ein-wölfchen-狼"
    assert safe_name("///") == "picture"
    assert len(safe_name("狼" * 200).encode()) <= 60
