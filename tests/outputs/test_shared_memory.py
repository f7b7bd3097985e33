"""The picture in shared memory, read by the readers that users copy: Python in this process, C compiled by cc."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from installation.core.errors import ShowError
from installation.outputs.interface import FrameFormat
from installation.outputs.readers.laterna_reader import LaternaReader
from installation.outputs.shared_memory import SharedMemorySettings, SharedMemorySink, check
from tests.conftest import require_system
from tests.outputs.pictures import SIZE, noise
from tests.running import ROOT, running, until

LIMIT = 60.0
NAME = f"laterna-test-{os.getpid()}"
C_READER = ROOT / "installation/outputs/readers/laterna_reader.c"


@contextmanager
def opened() -> Iterator[SharedMemorySink]:
    sink = SharedMemorySink(SharedMemorySettings(NAME))
    sink.open(FrameFormat(*SIZE, 30.0))
    try:
        yield sink
    finally:
        sink.close(0.0)


def test_python_reads_each_frame_once_and_the_newest_of_several() -> None:
    reader = LaternaReader(NAME)
    assert reader.newest() is None
    with opened() as sink:
        assert reader.newest() is None
        sink.write(noise(1), 1.5)
        assert np.array_equal(reader.newest(), noise(1))  # type: ignore[arg-type]
        assert (reader.sequence, reader.seconds) == (1, 1.5)
        assert reader.newest() is None
        for number in range(2, 9):
            sink.write(noise(number), float(number))
        assert np.array_equal(reader.newest(), noise(8))  # type: ignore[arg-type]
    assert not reader.path.exists()


def test_a_reader_follows_from_show_to_show_and_to_another_size() -> None:
    reader = LaternaReader(NAME)
    for size in (SIZE, (64, 48)):
        with opened() as sink:
            sink.write(noise(3, size), 1.0)
            assert np.array_equal(reader.newest(), noise(3, size))  # type: ignore[arg-type]


def test_the_next_process_continues_in_the_file_of_a_killed_one() -> None:
    reader = LaternaReader(NAME)
    with opened() as killed:
        killed.write(noise(1), 1.0)
        reader.newest()
        assert killed._lock
        killed._lock.close()  # as the system does for a process that has died
        with opened() as sink:
            sink.write(noise(2), 2.0)
            assert np.array_equal(reader.newest(), noise(2))  # type: ignore[arg-type]
            assert reader.sequence == 2


def test_a_file_that_is_no_ring_is_replaced() -> None:
    path = LaternaReader(NAME).path
    path.write_bytes(b"something else" * 10)
    with opened() as sink:
        sink.write(noise(1), 1.0)
        assert LaternaReader(NAME).newest() is not None


@pytest.mark.skipif(os.name != "posix", reason="links that anybody may make")
@pytest.mark.parametrize("link", [Path.symlink_to, Path.hardlink_to])
def test_a_link_laid_in_the_way_is_removed_and_not_written_through(link: Callable[[Path, Path], None]) -> None:
    path = LaternaReader(NAME).path
    victim, trap = path.with_name(f"{NAME}-victim"), path.with_name(f"{NAME}.new")
    victim.write_bytes(b"precious")
    try:
        link(trap, victim)
        with opened() as sink:
            sink.write(noise(1), 1.0)
            assert np.array_equal(LaternaReader(NAME).newest(), noise(1))  # type: ignore[arg-type]
        assert victim.read_bytes() == b"precious"
        assert not os.path.lexists(trap)
    finally:
        victim.unlink()
        trap.unlink(missing_ok=True)


def test_two_shows_do_not_write_to_one_file() -> None:
    with opened(), pytest.raises(ShowError, match=r"Another show writes to .*name = 'laterna-2'"), opened():
        pass


@pytest.mark.parametrize("name", ["", "../elsewhere", "a/b", ".hidden", "x" * 70])
def test_a_name_that_is_a_path_is_refused(name: str) -> None:
    with pytest.raises(ShowError, match="it is a file name of letters"):
        check(SharedMemorySettings(name))


@pytest.fixture(scope="module")
def c_reader(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    require_system(compiler, "there is no C compiler")
    assert compiler is not None
    made = tmp_path_factory.mktemp("reader") / "laterna_reader"
    subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-Werror", "-o", made, C_READER], check=True)
    return made


def test_c_reads_the_newest_frame(c_reader: Path, tmp_path: Path) -> None:
    with opened() as sink:
        for number in range(6):
            sink.write(noise(number), 1.0)
        picture = tmp_path / "picture.ppm"
        subprocess.run([c_reader, sink.figures().target, picture], check=True)
    with Image.open(picture) as read:
        assert np.array_equal(np.asarray(read), noise(5))


def test_c_says_what_is_wrong(c_reader: Path, tmp_path: Path) -> None:
    missing = subprocess.run([c_reader, tmp_path / "none", tmp_path / "a.ppm"], capture_output=True, text=True)
    assert (missing.returncode, "No such file" in missing.stderr) == (1, True)


def shape_of(reader: LaternaReader) -> tuple[int, ...] | None:
    """The shape of a new picture; None if there is none."""
    picture = reader.newest()
    return None if picture is None else picture.shape


@pytest.mark.slow
def test_a_show_is_read_while_it_plays(tmp_path: Path) -> None:
    reader = LaternaReader(NAME)
    (tmp_path / "wall.toml").write_text(f'[[output]]\nkind = "shared-memory"\nname = "{NAME}"\n', encoding="utf-8")
    with running("wall.toml", tmp_path, ["--set", "models.generator=fake", "--set", "models.perceptor=fake"]) as show:
        assert until(lambda: shape_of(reader), LIMIT, "a picture") == (720, 1280, 3)
        show.workers()["shared-memory"].kill()
        before = reader.sequence
        until(lambda: reader.newest() is not None and reader.sequence > before + 5, LIMIT, "the next process")
        show.end()
    assert not reader.path.exists()
