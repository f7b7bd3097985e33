"""Housekeeping, in a real process: damaged models are reported, recordings of ended shows are joined."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from installation.core.asset_manifest import write_asset_manifest
from installation.core.model_files import write_manifest
from installation.core.owned_folder import OwnedFolder
from installation.model_store.catalogue import catalogue
from installation.models.interfaces import ModelPlace
from installation.outputs.interface import FrameFormat
from installation.outputs.recorder import Recorder, RecorderSettings
from installation.outputs.recording_parts import parts_folder
from installation.runtime.housekeeping import Housekeeping
from installation.runtime.options import HousekeepingConfig
from tests.outputs.pictures import grey, numbers_of
from tests.running import until

FETCHED = "RN50-quickgelu"
LIMIT = 90.0  # seconds, for a process that hashes files on a machine that may be busy


def abandoned(path: Path) -> OwnedFolder:
    """The folder of a show that was killed while it recorded: 40 frames, the last ones not finished."""
    folder = OwnedFolder(parts_folder(path), {"recording": path.name, "keep_seconds": None})
    recorder = Recorder(RecorderSettings(path, reserve_bytes=0))
    recorder.open(FrameFormat(0, 0, 10.0))
    for number in range(40):
        recorder.write(grey(number), number / 10)
    written = path.parent / "written"
    shutil.copytree(folder.path, written)
    recorder.close(4.0)
    path.unlink()
    for part in written.glob("part-*"):
        shutil.move(part, folder.path)
    shutil.rmtree(written)
    return folder


def told(config: HousekeepingConfig) -> list[str]:
    made = Housekeeping(config)
    texts: list[str] = []

    def over() -> bool:
        texts.extend(notice.text for notice in made.notices())
        return made.over

    until(over, LIMIT, "the end of housekeeping")
    made.end()
    return texts


def config(place: ModelPlace, *folders: Path, models: frozenset[str] = frozenset()) -> HousekeepingConfig:
    return HousekeepingConfig(place, models, False, folders)


@pytest.mark.slow
def test_a_recording_of_a_killed_show_is_joined_and_one_of_a_running_show_is_left_alone(tmp_path: Path) -> None:
    dead, running = abandoned(tmp_path / "dead.mp4"), abandoned(tmp_path / "running.mp4")
    dead.leave()
    foreign = tmp_path / "holiday-parts"
    foreign.mkdir()
    (foreign / "part-000001-000000000000ms.mp4").write_bytes(b"dear")
    place = ModelPlace(tmp_path / "assets", tmp_path / "models")
    sentence = f"Joined the recording of a show that did not end properly: {tmp_path / 'dead.mp4'}."
    assert told(config(place, tmp_path, tmp_path / "nowhere")) == [sentence]
    numbers = numbers_of(tmp_path / "dead.mp4")
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 35
    assert not dead.path.exists()
    assert (foreign / "part-000001-000000000000ms.mp4").read_bytes() == b"dear"
    assert not (tmp_path / "running.mp4").exists()
    assert len(list(running.path.glob("part-*"))) == 1
    running.leave()


@pytest.mark.slow
def test_damaged_assets_and_damaged_weights_of_the_show_are_reported(tmp_path: Path) -> None:
    place = ModelPlace(tmp_path / "assets", tmp_path / "models")
    asset = place.assets / "net" / "weights.bin"
    weights = catalogue()[FETCHED].candidates(place.cache)[0]
    for path in (asset, weights):
        path.parent.mkdir(parents=True)
        path.write_bytes(bytes(1000))
    write_asset_manifest(place.assets)
    write_manifest(weights, "0" * 64)  # of other bytes
    asset.write_bytes(bytes(999) + b"\x01")
    assert told(config(place, models=frozenset([FETCHED]))) == [
        f"{asset} is damaged: restore the folder assets as it came with Laterna. The show goes on.",
        f"The weights of {FETCHED} are damaged: run `run_show.py fetch {FETCHED}`. The show goes on.",
    ]
    asset.write_bytes(bytes(1000))
    assert told(config(place)) == []
