"""The contract of output sinks: every registered one, and the toy."""

from __future__ import annotations

import dataclasses
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.core.worker_status import OutputFigures
from installation.outputs import ndi
from installation.outputs.interface import FrameFormat, OutputSpec
from installation.outputs.registry import OUTPUTS
from tests.conftest import require_package
from tests.outputs import toy_sink
from tests.outputs.fake_libraries import FakeLibraries

SPECS = {**OUTPUTS, "brightness": toy_sink.SPEC}
KEYS: dict[str, Any] = {
    "recorder": {"path": "show.mp4", "reserve_bytes": 0},
    "brightness": {"path": "log.txt"},
    "mjpeg": {},
    "png": {"path": "wall", "rate": 10.0, "reserve_bytes": 0},
    "rtsp": {"port": 8599},
    "srt": {"port": 9799},
    "ndi": {"name": "Laterna contract"},
    "webrtc": {},
    "spout": {},
    "syphon": {},
    "camera": {},
    "shared-memory": {"name": "laterna-contract"},
}


PACKAGES = {"ndi": "cyndilib", "webrtc": "aiortc"}  # of their extras


@pytest.fixture(params=sorted(SPECS))
def spec(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OutputSpec:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ndi, "AVAHI", tmp_path)
    if request.param in PACKAGES:
        require_package(PACKAGES[request.param])
    if request.param in ("spout", "syphon", "camera"):
        FakeLibraries().install(monkeypatch)
    return SPECS[request.param]


def settings(spec: OutputSpec) -> Any:
    keys = KEYS[spec.kind]
    return spec.settings(**{name: Path(value) if name == "path" else value for name, value in keys.items()})


def test_every_registered_kind_is_tested() -> None:
    assert SPECS.keys() == KEYS.keys()
    assert all(kind == spec.kind and spec.help for kind, spec in SPECS.items())


def test_spec_and_settings_travel_to_a_worker(spec: OutputSpec) -> None:
    made = settings(spec)
    assert pickle.loads(pickle.dumps((spec, made))) == (spec, made)
    with pytest.raises((dataclasses.FrozenInstanceError, AttributeError)):
        made.path = "elsewhere"


@pytest.mark.parametrize("size", [(64, 48), (0, 0)])
def test_a_sink_takes_frames_of_any_size_and_counts_them(spec: OutputSpec, size: tuple[int, int]) -> None:
    sink = spec.make(settings(spec))
    sink.open(FrameFormat(*size, 10.0))
    for number in range(20):
        at = 5.0 + number / 10
        height, width = (48, 64) if number < 10 else (31, 77)
        sink.write(np.full((height, width, 3), number, np.uint8), at)
        sink.tick(at)
    sink.missed(7.0)
    sink.close(7.1)
    figures = sink.figures()
    assert isinstance(figures, OutputFigures)
    assert figures.kind == spec.kind
    assert figures.frames >= 19
    assert figures.lost == 1
    assert sink.notices() == []


def test_a_sink_that_never_gets_a_frame_closes(spec: OutputSpec) -> None:
    sink = spec.make(settings(spec))
    sink.open(FrameFormat(64, 48, 10.0))
    sink.tick(1.0)
    sink.close(2.0)
    assert sink.figures().frames == 0
