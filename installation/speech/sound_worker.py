"""The sound worker: analyses a line input, or an audio file, that nobody transcribes.

The microphone of speech is analysed by the speech worker: a device that can be opened only once serves both.
"""

from __future__ import annotations

from multiprocessing.connection import Connection

from installation.core import clock
from installation.core.sound_ring import SoundWriter
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.core.worker_status import SoundFigures, WorkerState
from installation.speech.audio_devices import silence_libraries
from installation.speech.audio_source import AudioSource, RecordingSource
from installation.speech.interfaces import SoundConfig
from installation.speech.microphone import Microphone
from installation.speech.sound_analysis import SoundAnalysis

TURN_SECONDS = 0.01  # half a block of the device
STATUS_SECONDS = 0.5


def run_sound(connection: Connection, config: SoundConfig) -> None:
    """Run the sound worker until main closes the pipe. It sends SoundFeatures."""
    run_worker("sound", _analyse, connection, config)


def _analyse(channel: WorkerChannel, config: SoundConfig) -> None:
    silence_libraries()
    source: AudioSource = RecordingSource(config.audio) if config.audio else Microphone(config.settings.device)
    analysis, report, report_at = SoundAnalysis(config.settings.floor_db), _Report(channel, source), 0.0
    film = SoundWriter(config.film_sound) if config.film_sound else None
    try:
        while not channel.closed:
            now = clock.now()
            chunk = source.read(now)
            if isinstance(source, RecordingSource) and (started := source.started()):
                channel.send(started)
            if film:
                film.write(chunk.samples, chunk.end_time)
            if features := analysis.feed(chunk.samples, chunk.end_time):
                channel.send(features, key="sound")
            if now >= report_at:
                report_at = now + STATUS_SECONDS
                report.send(now)
            channel.wait(TURN_SECONDS)
    finally:
        source.close()


class _Report:
    """The status of the worker. Zeros are no failure here: a line input has them when nobody plays."""

    def __init__(self, channel: WorkerChannel, source: AudioSource) -> None:
        self._channel, self._source = channel, source
        self._opened = False

    def send(self, now: float) -> None:
        health = self._source.health(now)
        lost = health in ("stalled", "reopening")
        self._opened |= not lost and health != "missing"
        reason = self._source.reason
        if lost and self._opened:
            reason = f"{self._source.name or 'The line input'} delivers no sound; it is opened when it is back."
        state: WorkerState = "failed" if reason else "done" if health == "ended" else "running"
        self._channel.status(state, reason, SoundFigures(health, self._source.name))
