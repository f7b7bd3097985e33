"""The housekeeping worker: hashes models and joins recordings, once."""

from __future__ import annotations

from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from installation.core.asset_manifest import damaged_assets
from installation.core.model_files import ModelKind
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.model_store.catalogue import catalogue
from installation.model_store.trust import TrustState, rehashed_state
from installation.outputs.joining import join_parts
from installation.outputs.recording_parts import abandoned_recordings
from installation.runtime.options import HousekeepingConfig


def run_housekeeping(connection: Connection, config: HousekeepingConfig) -> None:
    """Do everything once."""
    run_worker("housekeeping", keep_house, connection, config)


def keep_house(channel: WorkerChannel, config: HousekeepingConfig) -> None:
    """Report damaged models, then join recordings."""
    for text in damaged_models(config):
        channel.notice(text)
    for folder in config.recordings:
        for text in join_abandoned(folder):
            channel.notice(text)


def damaged_models(config: HousekeepingConfig) -> Iterator[str]:
    """Hash the assets and the weights that the show uses; yield a sentence for each damaged file."""
    yield from (f"{text} The show goes on." for text in damaged_assets(config.place.assets))
    for name, files in catalogue().items():
        used = name in config.models or (config.recognizers and files.kind is ModelKind.RECOGNIZER)
        if not used or files.embedded or not files.weights(config.place.cache):
            continue
        try:
            if rehashed_state(files, config.place.cache) is TrustState.CHANGED:
                yield f"The weights of {name} are damaged: run `run_show.py fetch {name}`. The show goes on."
        except OSError as error:
            yield f"The weights of {name} cannot be read: {error.strerror}. The show goes on."


def join_abandoned(folder: Path) -> Iterator[str]:
    """Join the recordings that ended shows have left in parts; yield a sentence for each."""
    for recording, owned in abandoned_recordings(folder):
        try:
            files = join_parts(recording)
        except OSError as error:
            yield f"The parts in {recording.folder} could not be joined ({error}); they play as they are."
            owned.leave()
            continue
        owned.release()
        if files:
            names = ", ".join(str(path) for path in files)
            yield f"Joined the recording of a show that did not end properly: {names}."
