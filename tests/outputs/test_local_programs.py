"""Spout, Syphon and the virtual camera with stand-ins for their libraries, and the sentences where they cannot work."""

from __future__ import annotations

import platform
from collections.abc import Callable

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.paths import pip_install
from installation.outputs.interface import FrameFormat, OutputSpec
from installation.outputs.local_programs import CAMERA, SPOUT, SYPHON
from installation.outputs.program_sink import ProgramSettings
from tests.outputs.fake_libraries import FakeLibraries
from tests.outputs.pictures import SIZE, noise


@pytest.fixture
def libraries(monkeypatch: pytest.MonkeyPatch) -> FakeLibraries:
    made = FakeLibraries()
    made.install(monkeypatch)
    return made


@pytest.mark.parametrize(
    ("spec", "calls", "target", "viewers"),
    [
        (SPOUT, ["sender Wall", "closed"], "Wall", 0),
        (SYPHON, ["server Wall", "texture 160 x 96 on card", "closed"], "Wall", 1),
        (CAMERA, ["camera 160 x 96 at 30 in rgb", "closed"], "/dev/video7", 0),
    ],
)
def test_frames_arrive_whole_and_upright(
    libraries: FakeLibraries, spec: OutputSpec, calls: list[str], target: str, viewers: int
) -> None:
    sink = spec.make(ProgramSettings("Wall"))
    sink.open(FrameFormat(*SIZE, 30.0))
    for number in range(3):
        sink.write(noise(number), number / 30)
    figures = sink.figures()
    sink.close(1.0)
    assert (figures.kind, figures.target, figures.frames, figures.viewers) == (spec.kind, target, 3, viewers)
    assert libraries.calls == calls
    for number, frame in enumerate(libraries.frames):
        assert np.array_equal(frame[..., :3], noise(number))
        assert (frame[..., 3:] == 255).all()


@pytest.mark.parametrize(
    ("spec", "system", "sentence"),
    [
        (SPOUT, "Linux", "Spout needs Windows; use 'ndi' or 'shared-memory' here."),
        (SYPHON, "Windows", "Syphon needs macOS; use 'ndi' or 'shared-memory' here."),
        (SPOUT, "Windows", f"The output 'spout' needs SpoutGL: {pip_install('spout')}."),
        (SYPHON, "Darwin", f"The output 'syphon' needs syphon: {pip_install('syphon')}."),
    ],
)
def test_where_it_cannot_work_it_says_so(
    monkeypatch: pytest.MonkeyPatch, spec: OutputSpec, system: str, sentence: str
) -> None:
    monkeypatch.setattr(platform, "system", lambda: system)
    assert spec.check
    with pytest.raises(ShowError) as error:
        spec.check(ProgramSettings())
    assert str(error.value) == sentence


@pytest.mark.parametrize("settings", [ProgramSettings(" "), ProgramSettings("x" * 101), ProgramSettings(rate=0.0)])
def test_a_setting_out_of_range_is_one_sentence(libraries: FakeLibraries, settings: ProgramSettings) -> None:
    del libraries
    assert CAMERA.check
    with pytest.raises(ShowError, match=r"it has 1 to 100|it goes from 1 to 240"):
        CAMERA.check(settings)


def refused(spec: OutputSpec) -> Callable[[], None]:
    def use() -> None:
        sink = spec.make(ProgramSettings())
        sink.open(FrameFormat(*SIZE, 30.0))
        sink.write(noise(1), 0.0)

    return use


def test_a_library_that_refuses_is_one_sentence(libraries: FakeLibraries, monkeypatch: pytest.MonkeyPatch) -> None:
    libraries.refuses = True
    monkeypatch.setattr(platform, "system", lambda: "Linux")
    with pytest.raises(ShowError, match=r"There is no virtual camera \(No v4l2 loopback device found\): apt install"):
        refused(CAMERA)()
    with pytest.raises(ShowError, match="Spout cannot share the picture"):
        refused(SPOUT)()
