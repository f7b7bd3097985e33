"""The microphone: a stream by name, watched, opened anew when it is lost. The callback only copies."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.core import clock
from installation.core.errors import ShowError
from installation.speech.audio_devices import AudioDevice, choose_device, input_devices, portaudio, renew_devices
from installation.speech.audio_source import AudioChunk
from installation.speech.interfaces import RATE, Samples
from installation.speech.mic_health import FULL_SCALE, Health, MicHealth, judge, retry_after
from installation.speech.resampler import Resampler
from installation.speech.ring_buffer import AudioRing, SampleClock

BLOCK_SECONDS = 0.02
KEPT_SECONDS = 60.0  # of sound: half of it may wait for a reader
LATENCY_SECONDS = 0.2  # room in the driver, for a callback that has to wait for the interpreter; no delay by itself
LOOK_SECONDS = 0.1  # between two looks at the stream
STUCK_SECONDS = 20.0  # without a look: only another process gets out of that


class _Stream:
    """One open stream: what its callback has brought. Replaced whole when the device is lost."""

    def __init__(self, device: AudioDevice, pulse: MicHealth) -> None:
        """Opens and starts it at 16 kHz, or at the device's own rate if that is refused. Raises PortAudioError."""
        sounddevice = portaudio()
        self._pulse, self._rate = pulse, RATE
        try:
            sounddevice.check_input_settings(device.index, 1, "int16", samplerate=RATE)
        except sounddevice.PortAudioError:
            self._rate = device.rate
        self._ring = AudioRing(round(KEPT_SECONDS * self._rate))
        self._clock = SampleClock()
        self._resampler = Resampler(self._rate)
        self._overflows = 0
        self._stream = sounddevice.InputStream(
            samplerate=self._rate,
            blocksize=round(BLOCK_SECONDS * self._rate),
            device=device.index,
            channels=1,
            dtype="int16",
            latency=LATENCY_SECONDS,
            callback=self._callback,
        )
        self._stream.start()

    def _callback(self, block: NDArray[np.int16], _count: int, _time: Any, status: Any) -> None:
        self._ring.write(block[:, 0])
        now = clock.now()
        peak = int(np.abs(block.astype(np.int32)).max())
        clipped = float(np.mean(np.abs(block[:, 0].astype(np.int32)) >= FULL_SCALE)) if peak >= FULL_SCALE else 0.0
        self._clock.heard(self._ring.written / self._rate, now)
        self._overflows += bool(status.input_overflow)
        self._pulse.beat(peak, clipped, now)

    @property
    def alive(self) -> bool:
        """False when the driver itself has ended it."""
        return bool(self._stream.active)

    def take(self) -> tuple[Samples, float]:
        """What has come, at 16 kHz, and the moment of its last sample."""
        taken = self._ring.take()
        return self._resampler.feed(taken), self._clock.at(self._ring.read / self._rate)

    @property
    def lost(self) -> int:
        """Samples overwritten unread, and blocks that the driver says it has lost, at the device's rate."""
        return self._ring.lost + self._overflows * round(BLOCK_SECONDS * self._rate)

    def close(self) -> None:
        """Ends it without waiting for what the device may never bring. Raises PortAudioError."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


class Microphone:
    """A device of that name for as long as the show lasts, with a thread that looks after it."""

    def __init__(self, name: str) -> None:
        """`name`: a part of the device's name; "": the one that the system offers first, and from then on only that.

        Raises ShowError where hearing is not possible at all. A device that is missing is waited for.
        """
        self._errors = (portaudio().PortAudioError, ShowError)
        self.name, self.reason, self.lost = name, "", 0
        self.reopened = 0
        self._pulse = MicHealth()
        self._stream: _Stream | None = None
        self._fresh = False  # the stream has not been read from yet
        self._lock = threading.Lock()  # guards the change of streams, never the callback
        self._failures = 0
        self._looked = clock.now()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._look_after, name="microphone", daemon=True)
        self._thread.start()

    def read(self, now: float) -> AudioChunk:
        """What has come since the last call. Raises RuntimeError if the driver does not return from a call."""
        if now - self._looked > STUCK_SECONDS:
            raise RuntimeError(f"the driver of the microphone '{self.name}' is stuck.")
        with self._lock:
            if self._stream is None:
                return AudioChunk(np.zeros(0, np.int16), now)
            samples, ends = self._stream.take()
            broken, self._fresh = self._fresh, False
            return AudioChunk(samples, ends, broken)

    def health(self, now: float) -> Health:
        """How the device is at `now`."""
        return judge(self._pulse, now)

    def close(self) -> None:
        """Gives the device back; one that does not answer is left behind."""
        self._ended.set()
        self._thread.join(2.0)

    def _look_after(self) -> None:
        pause = 0.0
        while not self._ended.wait(pause):
            held_up = clock.now() - self._looked - pause > 2 * LOOK_SECONDS
            pause = self._look(held_up)
            self._looked = clock.now()
        self._close()

    def _look(self, held_up: bool) -> float:
        """Opens what is not open, closes what is lost. Returns the seconds until the next look.

        `held_up`: this thread was, and so was the callback, whose silence then proves nothing about the device.
        """
        if self._stream is None:
            self._failures = 0 if self._open() else self._failures + 1
        elif not self._stream.alive or (self.health(clock.now()) == "stalled" and not held_up):
            self._close()
            return 0.0
        return retry_after(self._failures) if self._failures else LOOK_SECONDS

    def _open(self) -> bool:
        try:
            renew_devices()
            device = choose_device(self.name, input_devices())
            pulse = MicHealth()
            stream = _Stream(device, pulse)
        except self._errors as error:
            self.reason = str(error) if isinstance(error, ShowError) else _sentence(self.name, error)
            return False
        pulse.opened = clock.now()
        with self._lock:
            self._stream, self._pulse, self._fresh = stream, pulse, True
        self.name, self.reason = device.name, ""
        return True

    def _close(self) -> None:
        with self._lock:
            stream, self._stream, self._pulse = self._stream, None, MicHealth()
            if stream is None:
                return
            self.lost += stream.lost
        self.reopened += 1
        stream.close()


def _sentence(name: str, error: Exception) -> str:
    which = f"the microphone '{name}'" if name else "the microphone"
    said = error.args[0] if error.args else error
    return f"{which} cannot be opened: it is gone, in use elsewhere, or not allowed (PortAudio: {said})."
