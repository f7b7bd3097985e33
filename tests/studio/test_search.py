from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest

from installation.cli.main import main
from installation.models.image_files import read_image
from installation.models.interfaces import Perceptor
from installation.studio.picture_files import write_picture
from installation.studio.search import best_hits, query_embedding
from installation.studio.search_index import INDEX_NAME, Entry, Indexer, SearchIndex
from installation.studio.video import FilmWriter
from tests.studio.pictures import embedded_perceptor, paper_picture


class CountingPerceptor:
    """The embedded perceptor, counting the pictures that it sees."""

    def __init__(self, perceptor: Perceptor) -> None:
        self.name, self.input_size = perceptor.name, perceptor.input_size
        self.context_length, self.embedding_size = perceptor.context_length, perceptor.embedding_size
        self.embed_text, self.fit = perceptor.embed_text, perceptor.fit
        self._perceptor = perceptor
        self.seen = 0

    def embed_image(self, pictures):  # type: ignore[no-untyped-def]
        self.seen += len(pictures)
        return self._perceptor.embed_image(pictures)


@pytest.fixture
def perceptor() -> Perceptor:
    return embedded_perceptor()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("fox", "ship"):
        write_picture(tmp_path / f"{name}.png", paper_picture(name), {})
    return tmp_path


def test_words_and_pictures_find_the_picture(folder: Path, perceptor: Perceptor) -> None:
    index = Indexer(folder, perceptor, "cpu", 2.0).update()
    for query in ("a ship", str(folder / "ship.png")):
        hits = best_hits(index, query_embedding(perceptor, query, "cpu"), 1)
        assert [hit.entry for hit in hits] == [Entry("ship.png", -1.0)]


def test_the_index_embeds_only_what_is_new(folder: Path, perceptor: Perceptor) -> None:
    counting = CountingPerceptor(perceptor)

    def seen() -> int:
        before = counting.seen
        Indexer(folder, counting, "cpu", 2.0).update()
        return counting.seen - before

    assert seen() == 2
    assert seen() == 0
    os.utime(folder / "fox.png", ns=(1, 1))  # copied, but the same bytes
    assert seen() == 0
    (folder / "fox.png").rename(folder / "reynard.png")
    assert seen() == 0
    write_picture(folder / "fox.png", np.zeros((64, 64, 3), np.uint8), {})
    assert seen() == 1
    (folder / "fox.png").unlink()
    assert [entry.file for entry in Indexer(folder, counting, "cpu", 2.0).update().entries] == [
        "reynard.png",
        "ship.png",
    ]
    (folder / INDEX_NAME).write_bytes(b"damaged")
    assert seen() == 2


def test_ctrl_c_keeps_what_is_embedded(folder: Path, perceptor: Perceptor) -> None:
    def interrupt(done: int, _total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    counting = CountingPerceptor(perceptor)
    with pytest.raises(KeyboardInterrupt):
        Indexer(folder, counting, "cpu", 2.0).update(interrupt)
    assert len(Indexer(folder, counting, "cpu", 2.0).update().entries) == counting.seen == 2


def test_moments_of_a_film_are_found(folder: Path, perceptor: Perceptor) -> None:
    fox, ship = (read_image(folder / f"{name}.png") for name in ("fox", "ship"))
    with FilmWriter(folder / "film.mp4", 10.0) as film:
        for frame in range(80):
            film.write(fox if frame < 40 else ship)
    (folder / "ship.png").unlink()
    index = Indexer(folder, perceptor, "cpu", 1.0).update()
    (hit,) = best_hits(index, query_embedding(perceptor, "a ship", "cpu"), 1)
    assert hit.entry.file == "film.mp4"
    assert hit.entry.seconds >= 4.0


def test_neighbouring_frames_are_one_hit() -> None:
    entries = tuple(Entry("film.mp4", float(at)) for at in range(12))
    rows = np.eye(12, 4, dtype=np.float32)
    rows[:] = [1.0, 0.0, 0.0, 0.0]
    hits = best_hits(SearchIndex(entries, rows, ()), rows[0], 12)
    assert [hit.entry.seconds for hit in hits] == [0.0, 5.0, 10.0]


@pytest.mark.slow
def test_the_command_writes_a_contact_sheet_and_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "broken.png").write_bytes(b"no picture")
    sheet = folder / "out" / "found.png"
    arguments = ["search", str(folder), "a fox", "--json", "-o", str(sheet), "--perceptor", "clip-embedded"]
    for _ in range(2):  # the sheet itself is never found
        assert main(arguments) == 0
        printed = capsys.readouterr()
        assert [hit["file"] for hit in json.loads(printed.out)] == ["fox.png", "ship.png"]
        assert "broken.png is not a picture" in printed.err
    assert read_image(sheet).shape[1] > 600


def test_wrong_input_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--perceptor", "clip-embedded"]
    assert main(["search", str(tmp_path / "none"), "a fox", *options]) == 2
    assert "is not a folder" in capsys.readouterr().err
    assert main(["search", str(tmp_path), "a fox", *options]) == 2
    assert "has no picture or film that can be read" in capsys.readouterr().err
    assert main(["search", str(tmp_path), " ", *options]) == 2
    assert "is empty" in capsys.readouterr().err
