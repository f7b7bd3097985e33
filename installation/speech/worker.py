"""The listener's process: sound and endpoints in its main thread; the device, the recogniser and the pipe in others."""

from __future__ import annotations

import math
import queue
import threading
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path

from installation.core import clock
from installation.core.errors import ShowError
from installation.core.messages import Notice, RecognizerHints, SetParam, SpeechRejected, Transcription, WorkerStatus
from installation.core.os_support import ignore_interrupts, name_process
from installation.show.settings import ListenSettings
from installation.speech.audio_devices import silence_libraries
from installation.speech.audio_source import AudioSource, AudioSourceError, RecordingSource
from installation.speech.endpointing import endpointing
from installation.speech.interfaces import Recognizer
from installation.speech.mic_health import Health
from installation.speech.microphone import Microphone
from installation.speech.outbox import SpeechMailbox
from installation.speech.pipeline import SpeechPipeline
from installation.speech.recognizers.registry import load_recognizer, quality

SIGN_SECONDS = 0.2  # a level meter that is slower is of no use
TURN_SECONDS = 0.02
MAX_NEWS = 256
MOST_WAITING = 4  # finals, before a recording that is played as fast as possible is held up


@dataclass(frozen=True)
class SpeechConfig:
    """All that a listener needs to begin."""

    listening: ListenSettings
    cache: Path  # the folder of fetched models
    words: tuple[str, ...] = ()  # lines of the show, which the recogniser may expect
    known: bool = False  # hardly anything but these lines will be said
    values: dict[str, bool] = field(default_factory=dict)  # of speech/enabled, speech/gate, speech/talk, by name
    audio: Path | None = None  # a WAV file in place of the microphone
    speed: float = 1.0  # of the recording; 0: as fast as it can be decoded
    recognizer: Recognizer | None = None  # in place of the one that `listening` names


def run_speech(connection: Connection, config: SpeechConfig) -> None:
    """The listener's life, in a process of its own: ends when main closes its end of the pipe, or is gone.

    Takes SetParam of speech/enabled, speech/gate (the show itself sounds) and speech/talk (the key is held), and
    Expect (another text is read).
    Sends Heard, Unheard, Notice, and Sign five times a second; "done" when a recording is over.
    """
    name_process("speech")
    ignore_interrupts()
    silence_libraries()
    life = _Life(connection, config)
    try:
        life.run()
    except Exception as error:
        life.fail(error)
        raise
    finally:
        life.close()


class _Life:
    def __init__(self, connection: Connection, config: SpeechConfig) -> None:
        self._pipe, self._config = connection, config
        self._outbox = SpeechMailbox()
        self._news: queue.Queue[SetParam | RecognizerHints] = queue.Queue(MAX_NEWS)
        self._ended = threading.Event()
        self._finals = self._refused = 0
        self._over = False  # the end of a recording is told
        self._latency = 0.0
        self._sign_at = -math.inf
        self._health: Health | None = None
        self._reason = ""
        self._listener: SpeechPipeline | None = None
        self._source: AudioSource = AudioSourceError(config.listening.device, "")
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._write)]

    def run(self) -> None:
        """Turns until main is gone."""
        self._outbox.put(WorkerStatus("speech", "starting"))
        for thread in self._threads:
            thread.start()
        self._open()
        while not self._ended.is_set():
            self._turn(clock.now())
            if not self._hurries():
                self._ended.wait(TURN_SECONDS)

    def fail(self, error: Exception) -> None:
        """Tells main why this life is over."""
        self._outbox.put(Notice("speech", f"The listener has failed: {error}"))
        self._outbox.put(WorkerStatus("speech", "failed", {"reason": str(error)}))

    def close(self) -> None:
        """Gives the device back, and lets what waits for main go if main still takes it."""
        self._source.close()
        self._outbox.close()
        self._threads[1].join(1.0)
        if self._listener:
            self._listener.close()

    def _open(self) -> None:
        """The recogniser and the source; what is missing is said in a sentence, and the show goes on without."""
        config, listening = self._config, self._config.listening
        try:
            recognizer = config.recognizer or self._recognizer()
            self._listener = SpeechPipeline(recognizer, endpointing(listening), self._tell, listening.language)
            self._listener.push_to_talk = listening.push_to_talk
            self._listener.partials = config.audio is None or config.speed > 0.0  # nobody reads along with a file
            for name, value in config.values.items():
                self._set(SetParam(name, value, "show"))
            self._source = RecordingSource(config.audio, config.speed) if config.audio else Microphone(listening.device)
        except ShowError as error:
            self._reason = str(error)

    def _recognizer(self) -> Recognizer:
        config, listening = self._config, self._config.listening
        return load_recognizer(
            listening.model or listening.recognizer,
            config.cache,
            listening.language,
            listening.prompt,
            config.words,
            listening.compute,
            self._say,
            config.known,
        )

    def _say(self, sentence: str) -> None:
        self._outbox.put(Notice("speech", sentence))

    def _turn(self, now: float) -> None:
        while not self._news.empty():
            news = self._news.get()
            self._expect(news) if isinstance(news, RecognizerHints) else self._set(news)
        if self._listener and not self._held:
            self._listener.hear(self._source.read(now))
            if self._listener.speaking and self._source.health(now) in ("ended", "reopening"):
                self._listener.cut()  # whatever pause the venue asks for, no more will come
            self._listener.decoder.check()
        self._sign(now)

    @property
    def _held(self) -> bool:
        """Whether a recording has to wait for the recogniser; a voice in the room cannot."""
        if self._listener is None or not self._config.audio:
            return False
        decoder = self._listener.decoder
        return decoder.state == "starting" or (not self._config.speed and decoder.waiting >= MOST_WAITING)

    def _hurries(self) -> bool:
        recording = isinstance(self._source, RecordingSource) and not self._source.ended
        return recording and not self._config.speed and not self._held

    def _set(self, message: SetParam) -> None:
        names = {"speech/enabled": "enabled", "speech/gate": "gated", "speech/talk": "talking"}
        if self._listener and message.name in names:
            setattr(self._listener, names[message.name], bool(message.value))

    def _expect(self, expected: RecognizerHints) -> None:
        """Another text. A recogniser for it follows the present one, which hears until that is ready."""
        self._config = replace(self._config, words=expected.words, known=expected.known)
        if self._listener and not self._config.recognizer:
            try:
                self._listener.decoder.exchange(self._recognizer(), self._say)
            except ShowError as error:
                self._say(str(error))

    def _tell(self, message: Transcription | SpeechRejected) -> None:
        """Called on the decoder's thread."""
        if isinstance(message, Transcription) and message.final:
            self._finals += 1
            self._latency = clock.now() - message.ended
        self._refused += isinstance(message, SpeechRejected)
        self._outbox.put(message)

    # -- signs of life ---------------------------------------------------------------------------------------------

    def _sign(self, now: float) -> None:
        health = self._source.health(now)
        if now < self._sign_at and health == self._health:
            return
        self._sign_at = now + SIGN_SECONDS
        self._notice(health)
        self._health = health
        self._tell_end(health)
        reason = self._reason or (self._listener.decoder.reason if self._listener else "") or self._source.reason
        figures = {**self._figures(), "health": health, "device": self._source.name}
        self._outbox.put(WorkerStatus("speech", self._state(health, reason), {**figures, "reason": reason}))

    def _state(self, health: Health, reason: str) -> str:
        if reason or self._listener is None:
            return "failed"
        decoder = self._listener.decoder
        if health == "ended" and decoder.idle and not self._listener.speaking:
            return "done"
        return decoder.state

    def _figures(self) -> dict[str, object]:
        if self._listener is None:
            return {}
        decoder = self._listener.decoder
        level, voice = self._listener.levels()
        return {
            "level": level,  # decibels of full scale
            "voice": voice,  # 0..1
            "speaking": self._listener.speaking,
            "gate": self._listener.gate,
            "recognizer": decoder.name,
            "quality": 0 if decoder.state == "failed" else quality(decoder.name),
            "finals": self._finals,
            "refused": decoder.refused,
            "waiting": decoder.waiting,
            "overflowed": decoder.overflowed,
            "decode_seconds": round(decoder.seconds, 3),
            "latency_seconds": round(self._latency, 3),  # from the end of the voice to the final text
            "lost": self._source.lost,  # samples
        }

    def _notice(self, health: Health) -> None:
        """Changes that the operator has to know of."""
        if self._health is None or health == self._health:
            return
        name = self._source.name or "the microphone"
        said = {
            "stalled": f"{name}: no sound comes any more; it is opened anew.",
            "muted": f"{name}: nothing but zeros; is it switched off?",
            "clipping": f"{name}: too loud, it clips.",
        }
        if self._health in ("stalled", "reopening") and health in ("live", "muted"):
            self._outbox.put(Notice("speech", f"{name} is open."))
        elif health in said:
            self._outbox.put(Notice("speech", said[health]))

    def _tell_end(self, health: Health) -> None:
        """A recording is over and all of it is told: the operator need not wait for more. Once."""
        if self._over or not self._config.speed or self._state(health, self._reason) != "done":
            return
        self._over = True
        refused = self._refused
        said = "sentence was" if self._finals == 1 else "sentences were"
        sounds = f"; {refused} {'sound was' if refused == 1 else 'sounds were'} not taken for words" if refused else ""
        end = f"{self._source.name} is over: {self._finals or 'no'} {said} heard{sounds}."
        self._outbox.put(Notice("speech", end))

    # -- the pipe --------------------------------------------------------------------------------------------------

    def _read(self) -> None:
        try:
            while True:
                self._news.put(self._pipe.recv())
        except (EOFError, OSError):
            self._ended.set()

    def _write(self) -> None:
        try:
            while messages := self._outbox.take():
                for message in messages:
                    self._pipe.send(message)
        except OSError:
            self._ended.set()
