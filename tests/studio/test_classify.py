from __future__ import annotations

import json
from pathlib import Path

import pytest

from installation.cli.main import main
from installation.core.errors import ShowError
from installation.models import PERCEPTORS, default_place, perceptor_spec
from installation.models.image_files import read_image
from installation.models.interfaces import Picture
from installation.studio.classify import (
    SOME_OF_THEATRE,
    Classification,
    choose_perceptor,
    classify,
    notice,
    parse_labels,
)
from installation.studio.picture_files import read_settings, write_picture
from tests.studio.pictures import paper_picture


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Paper pictures whose file names say what they show."""
    folder = tmp_path_factory.mktemp("pictures")
    paths = [folder / f"{name}.png" for name in ("fox", "ship")]
    for path in paths:
        write_picture(path, paper_picture(path.stem), {})
    return paths


@pytest.mark.slow
def test_each_picture_gets_its_label(pictures: list[Path]) -> None:
    results = list(classify(pictures, ["ship", "fox", "castle"], perceptor_spec("clip-embedded"), default_place()))
    assert all(isinstance(result, Classification) for result in results)
    found = [result.labels[0] for result in results if isinstance(result, Classification)]
    assert found == ["fox", "ship"]


def test_the_command_prints_json_and_reports_what_it_cannot_read(
    pictures: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no picture")
    paths = [str(path) for path in (*pictures, broken)]
    sheet = tmp_path / "sheet.jpg"
    options = ["--labels", "fox,ship", "--json", "--perceptor", "clip-embedded", "-o", str(sheet)]
    assert main(["classify", *paths, *options]) == 0
    printed = capsys.readouterr()
    rows = json.loads(printed.out)
    assert [max(row["labels"], key=row["labels"].get) for row in rows] == ["fox", "ship"]
    assert all(abs(sum(row["labels"].values()) - 1.0) < 0.001 for row in rows)
    assert f"{broken} is not a picture, or it is damaged." in printed.err
    assert "knows only the paper theatre" in printed.err
    assert read_settings(sheet) == {"command": "classify", "labels": "fox,ship"}


def test_ctrl_c_tells_what_is_classified(
    pictures: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(path: Path) -> Picture:
        if path == pictures[1]:
            raise KeyboardInterrupt
        return read_image(path)

    monkeypatch.setattr("installation.studio.classify.read_image", interrupted)
    arguments = [*map(str, pictures), "--labels", "fox,ship", "--json", "--perceptor", "clip-embedded"]
    assert main(["classify", *arguments]) == 130
    printed = capsys.readouterr()
    assert [row["picture"] for row in json.loads(printed.out)] == [str(pictures[0])]
    assert "laterna: interrupted; what is finished is kept." in printed.err


def test_wrong_input_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["classify", "x.png", "--labels", "fox"]) == 2
    assert "--labels takes at least two different labels" in capsys.readouterr().err
    assert main(["classify", "x.png", "--labels", "fox,ship", "--template", "a picture"]) == 2
    assert "The template 'a picture' has no {}" in capsys.readouterr().err
    missing = tmp_path / "missing.png"
    assert main(["classify", str(missing), "--labels", "fox,ship", "--perceptor", "clip-embedded"]) == 2
    assert f"{missing} cannot be read" in capsys.readouterr().err


def test_labels_are_trimmed_and_unique() -> None:
    assert parse_labels(" a red fox, ship ,ship,") == ("a red fox", "ship")


def test_a_perceptor_that_is_not_installed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ShowError, match="fetch ViT-B-32"):
        choose_perceptor("ViT-B-32", default_place(cache=tmp_path))


def test_pictures_of_a_generator_are_seen_by_a_perceptor_of_its_domain(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(3)]
    for path, settings in zip(paths, ({"generator": "theatre"}, {"generator": "theatre"}, {}), strict=True):
        write_picture(path, paper_picture("fox"), settings)
    place = default_place(cache=tmp_path / "none")
    assert choose_perceptor("auto", place, paths).name == "clip-embedded"
    assert choose_perceptor("auto", place, [paths[0], tmp_path / "missing.png"]).name == "clip-embedded"
    installed = [spec for spec in PERCEPTORS.values() if spec.listed and spec.installed(place)]
    assert choose_perceptor("auto", place, paths[2:]) == max(installed, key=lambda spec: spec.domain == "")


def test_films_alone_are_taken_for_recordings_of_shows(tmp_path: Path) -> None:
    place = default_place(cache=tmp_path / "none")
    assert choose_perceptor("auto", place, films_alone=True).name == "clip-embedded"


def test_the_photo_perceptor_says_that_it_hardly_knows_some_of_the_pictures(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(2)]
    for path, settings in zip(paths, ({"generator": "theatre"}, {}), strict=True):
        write_picture(path, paper_picture("fox"), settings)
    photo = perceptor_spec("photo")
    assert notice(photo, paths) == SOME_OF_THEATRE.format(name="photo", other="clip-embedded")
    assert notice(photo, paths[1:]) == ""


def test_a_perceptor_of_anything_needs_no_notice() -> None:
    assert notice(perceptor_spec("ViT-B-32")) == ""
