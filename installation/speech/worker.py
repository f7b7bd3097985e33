"""The speech worker: audio source and endpointing in its main thread, the recogniser in another."""

from __future__ import annotations

import math
from dataclasses import replace
from multiprocessing.connection import Connection

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.sound_ring import SoundWriter
from installation.core.speech_messages import (
    MicrophoneGate,
    ReadingPosition,
    RecognizerHints,
    SpeechRejected,
    Transcription,
)
from installation.core.worker_shell import WorkerChannel, run_worker
from installation.core.worker_status import SpeechFigures, WorkerState
from installation.speech.audio_devices import silence_libraries
from installation.speech.audio_source import AudioChunk, AudioSource, RecordingSource, UnavailableSource
from installation.speech.endpointing import endpointing_settings
from installation.speech.hallucination_filter import VENUE_LIMITS
from installation.speech.interfaces import Recognizer, RecognizerRequest, SpeechConfig
from installation.speech.mic_health import Health
from installation.speech.microphone import Microphone
from installation.speech.pipeline import SpeechPipeline
from installation.speech.recognizers.registry import create_recognizer
from installation.speech.sound_analysis import SoundAnalysis
from installation.speech.transcriber import Hearing

STATUS_SECONDS = 0.2  # a slower level meter is of no use
TURN_SECONDS = 0.02
MAX_QUEUED_FINALS = 4  # before a recording that is decoded as fast as possible is held back
LOST_HEALTH = ("stalled", "reopening")
HEALTH_NOTICES = {
    "muted": "{device} delivers only zeros; is it switched off?",
    "clipping": "{device} is too loud and clips.",
}


def run_speech(connection: Connection, config: SpeechConfig) -> None:
    """Run the speech worker until main closes the pipe.

    Main sends MicrophoneGate, RecognizerHints and ReadingPosition. The worker sends Transcription and SpeechRejected;
    its status becomes "done" when a recording is over.
    """
    name = f"speech ({config.microphone})" if config.microphone else "speech"
    run_worker(name, _listen, connection, config)


def _listen(channel: WorkerChannel, config: SpeechConfig) -> None:
    silence_libraries()
    session = _Session(channel, config)
    try:
        session.run()
    finally:
        session.close()


class _Session:
    def __init__(self, channel: WorkerChannel, config: SpeechConfig) -> None:
        self._channel, self._config = channel, config
        self._finals = self._rejected = 0
        self._end_reported = False
        self._latency = 0.0
        self._status_at = -math.inf
        self._health: Health | None = None
        self._lost = ""  # why the microphone delivers nothing, as long as it does not
        self._failure = ""  # why there is no recogniser or no source
        self._pipeline: SpeechPipeline | None = None
        self._source: AudioSource = UnavailableSource(config.device, "")
        self._sound = SoundAnalysis(config.sound.floor_db) if config.sound else None
        self._film_sound = SoundWriter(config.film_sound) if config.film_sound else None

    def run(self) -> None:
        """Listen until main closes the pipe."""
        self._open()
        while not self._channel.closed:
            self._turn(clock.now())
            if not self._at_full_speed():
                self._channel.wait(TURN_SECONDS)

    def close(self) -> None:
        """Release the audio device and stop the recogniser."""
        self._source.close()
        if self._pipeline:
            self._pipeline.close()

    def _open(self) -> None:
        """Load the recogniser and open the source; what fails is reported, and the show goes on without."""
        config, listening = self._config, self._config.listening
        try:
            recognizer = config.recognizer or self._create_recognizer()
            settings = endpointing_settings(listening)
            partials = config.audio is None or config.speed > 0.0  # useless when decoding a file
            hearing = Hearing(listening.main_language, VENUE_LIMITS[listening.venue], self._channel.notice)
            self._pipeline = SpeechPipeline(recognizer, settings, self._send, hearing, partials)
            self._pipeline.gate = config.gate
            self._pipeline.decoder.set_context(config.position.lines)
        except ShowError as error:
            self._failure = str(error)
            if not self._sound:
                return
        try:
            self._source = RecordingSource(config.audio, config.speed) if config.audio else Microphone(config.device)
        except ShowError as error:
            self._failure = str(error)

    def _create_recognizer(self) -> Recognizer:
        config, listening = self._config, self._config.listening
        request = RecognizerRequest(
            models=config.models,
            languages=listening.languages,
            prompt=listening.prompt,
            hints=config.hints,
            device=listening.compute,
            report=self._channel.notice,
        )
        return create_recognizer(listening.model or listening.recognizer, request)

    # -- one turn -------------------------------------------------------------------------------------------------

    def _turn(self, now: float) -> None:
        for message in self._channel.receive():
            self._take(message)
        if not self._held_back:
            chunk = self._source.read(now)
            if isinstance(self._source, RecordingSource) and (started := self._source.started()):
                self._channel.send(started)
            if self._film_sound:
                self._film_sound.write(chunk.samples, chunk.end_time)
            self._analyse(chunk)
            if self._pipeline:
                self._transcribe(self._pipeline, chunk, now)
        self._report(now)

    def _analyse(self, chunk: AudioChunk) -> None:
        """Send what the sound does, if the show wants to know; it may do so without any recogniser."""
        if self._sound and (features := self._sound.feed(chunk.samples, chunk.end_time)):
            self._channel.send(features, key="sound")

    def _transcribe(self, pipeline: SpeechPipeline, chunk: AudioChunk, now: float) -> None:
        pipeline.process(chunk)
        if pipeline.speaking and self._source.health(now) in ("ended", "reopening"):
            pipeline.flush()  # no more audio will come to end the utterance
        pipeline.decoder.raise_failure()

    @property
    def _held_back(self) -> bool:
        """Whether a recording has to wait for the recogniser; live audio never does."""
        if self._pipeline is None or not self._config.audio:
            return False
        decoder = self._pipeline.decoder
        return decoder.state == "starting" or (not self._config.speed and decoder.pending_finals >= MAX_QUEUED_FINALS)

    def _at_full_speed(self) -> bool:
        recording = isinstance(self._source, RecordingSource) and not self._source.ended
        return recording and not self._config.speed and not self._held_back

    def _take(self, message: MicrophoneGate | RecognizerHints | ReadingPosition) -> None:
        match message:
            case RecognizerHints():
                self._take_hints(message)
            case MicrophoneGate(mode) if self._pipeline:
                self._pipeline.gate = mode
            case ReadingPosition(lines) if self._pipeline:
                self._pipeline.decoder.set_context(lines)

    def _take_hints(self, hints: RecognizerHints) -> None:
        """Load a recogniser for the new hints; the present one continues until that is ready."""
        self._config = replace(self._config, hints=hints)
        if self._pipeline and not self._config.recognizer:
            try:
                self._pipeline.decoder.replace_recognizer(self._create_recognizer(), self._channel.notice)
            except ShowError as error:
                self._channel.notice(str(error))

    def _send(self, message: Transcription | SpeechRejected) -> None:
        """Send a result; called on the decoder's thread. Finals wait for room, a partial replaces the one before it."""
        message = replace(message, microphone=self._config.microphone)
        partial = ("partial", message.utterance)
        if isinstance(message, Transcription) and not message.final:
            self._channel.send(message, key=partial)
            return
        if isinstance(message, Transcription):
            self._finals += 1
            self._latency = clock.now() - message.ended
        self._rejected += isinstance(message, SpeechRejected)
        self._channel.send(message, supersedes=partial, wait=True)

    # -- reports --------------------------------------------------------------------------------------------------

    def _report(self, now: float) -> None:
        health = self._source.health(now)
        if now < self._status_at and health == self._health:
            return
        self._status_at = now + STATUS_SECONDS
        self._note_loss(health)
        self._report_health(health)
        self._health = health
        decoding = self._pipeline.decoder.reason if self._pipeline else ""
        reason = self._failure or decoding or self._source_reason(health)
        state = self._state(health, reason)
        self._report_end(state)
        self._channel.status(state, reason, self._figures(health))

    def _note_loss(self, health: Health) -> None:
        """Keep one reason from the loss of the microphone to its return, whatever each attempt to open it says."""
        if health == "stalled" and self._health not in (None, *LOST_HEALTH):
            self._lost = f"{self._source.name or 'the microphone'} delivers no sound; it is opened when it is back."
        elif health not in LOST_HEALTH:
            self._lost = ""

    def _source_reason(self, health: Health) -> str:
        """Why there is no audio; of a damaged recording once everything before the damage is transcribed."""
        if health in LOST_HEALTH and self._lost:
            return self._lost
        return self._source.reason if health != "ended" or self._drained else ""

    @property
    def _drained(self) -> bool:
        """Whether everything that was read is transcribed."""
        pipeline = self._pipeline
        return pipeline is not None and pipeline.decoder.idle and not pipeline.speaking

    def _state(self, health: Health, reason: str) -> WorkerState:
        if reason or self._pipeline is None:
            return "failed"
        return "done" if health == "ended" and self._drained else self._pipeline.decoder.state

    def _figures(self, health: Health) -> SpeechFigures:
        if self._pipeline is None:
            return SpeechFigures(health, self._source.name)
        pipeline, decoder = self._pipeline, self._pipeline.decoder
        level, voice = pipeline.take_levels()
        return SpeechFigures(
            health=health,
            device=self._source.name,
            recognizer=decoder.recognizer.name,
            quality=0 if decoder.state == "failed" else decoder.recognizer.quality,
            gate=pipeline.gate,
            speaking=pipeline.speaking,
            level=level,
            voice=voice,
            finals=self._finals,
            rejected=decoder.rejected,
            waiting=decoder.pending_finals,
            overflowed=decoder.dropped_finals,
            lost=self._source.lost,
            decode_seconds=round(decoder.decode_seconds, 3),
            latency_seconds=round(self._latency, 3),
        )

    def _report_health(self, health: Health) -> None:
        """Notify the operator of changes of the microphone."""
        if self._health is None or health == self._health:
            return
        device = self._source.name or "The microphone"
        if self._health in (*LOST_HEALTH, "missing") and health in ("live", "muted"):
            self._channel.notice(f"{device} is open.")
        elif health in HEALTH_NOTICES:
            self._channel.notice(HEALTH_NOTICES[health].format(device=device))

    def _report_end(self, state: WorkerState) -> None:
        """Notify the operator, once, that a recording is over and all of it is transcribed."""
        if self._end_reported or not self._config.speed or state != "done":
            return
        self._end_reported = True
        sentences = f"{self._finals or 'no'} {'sentence' if self._finals == 1 else 'sentences'} transcribed"
        rejected = (
            f", {self._rejected} {'sound' if self._rejected == 1 else 'sounds'} rejected" if self._rejected else ""
        )
        self._channel.notice(f"{self._source.name} is over: {sentences}{rejected}.")
