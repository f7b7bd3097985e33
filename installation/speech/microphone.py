"""The microphone: an input stream that is found by name, supervised, and reopened when it is lost."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from numpy.typing import NDArray

from installation.core import clock
from installation.core.errors import ShowError
from installation.speech.audio_devices import (
    AudioDevice,
    choose_device,
    input_devices,
    portaudio,
    rescan_devices,
    selected_source,
)
from installation.speech.audio_source import AudioChunk
from installation.speech.interfaces import SAMPLE_RATE, Samples
from installation.speech.mic_health import FULL_SCALE, Health, StreamActivity, assess_health, retry_delay
from installation.speech.resampler import Resampler
from installation.speech.ring_buffer import AudioRingBuffer, SampleClock

BLOCK_SECONDS = 0.02
RING_SECONDS = 60.0  # half of it may wait for the reader
DRIVER_LATENCY_SECONDS = 0.2  # room for a callback that waits for the interpreter lock; adds no delay by itself
CHECK_SECONDS = 0.1  # between two checks of the stream
STUCK_SECONDS = 20.0  # without a check the driver hangs, and only a new process recovers
DEVICE_UNAVAILABLE = -9985  # PortAudio's number
CLOSE_SECONDS = 2.0  # that `close` waits for the driver


class _Stream:
    """One open stream. A lost device gets a new one."""

    def __init__(self, device: AudioDevice, activity: StreamActivity) -> None:
        """Open and start the stream at 16 kHz, or at the device's own rate. Raises PortAudioError."""
        sounddevice = portaudio()
        self._activity, self._rate = activity, SAMPLE_RATE
        try:
            sounddevice.check_input_settings(device.index, 1, "int16", samplerate=SAMPLE_RATE)
        except sounddevice.PortAudioError:
            self._rate = device.rate
        self._ring = AudioRingBuffer(round(RING_SECONDS * self._rate))
        self._clock = SampleClock()
        self._resampler = Resampler(self._rate)
        self._overflows = 0
        self._stream = sounddevice.InputStream(
            samplerate=self._rate,
            blocksize=round(BLOCK_SECONDS * self._rate),
            device=device.index,
            channels=1,
            dtype="int16",
            latency=DRIVER_LATENCY_SECONDS,
            callback=self._callback,
        )
        self._stream.start()

    def _callback(self, block: NDArray[np.int16], _count: int, _time: Any, status: Any) -> None:
        """Copy a block [n, 1]; runs on PortAudio's thread and takes no lock."""
        self._ring.write(block[:, 0])
        now = clock.now()
        amplitudes = np.abs(block[:, 0].astype(np.int32))
        peak = int(amplitudes.max())
        clipped = float(np.mean(amplitudes >= FULL_SCALE)) if peak >= FULL_SCALE else 0.0
        self._clock.update(self._ring.written / self._rate, now)
        self._overflows += bool(status.input_overflow)
        self._activity.record_block(peak, clipped, now)

    @property
    def active(self) -> bool:
        """False once the driver has ended the stream."""
        return bool(self._stream.active)

    def take(self) -> tuple[Samples, float]:
        """Return the new samples at 16 kHz and the time of the last one."""
        taken = self._ring.take()
        return self._resampler.feed(taken), self._clock.time_at(self._ring.read / self._rate)

    @property
    def lost(self) -> int:
        """Samples, at the device's rate, that were overwritten unread or dropped by the driver."""
        return self._ring.lost + self._overflows * round(BLOCK_SECONDS * self._rate)

    def close(self) -> None:
        """Abort the stream without waiting for outstanding buffers. Raises PortAudioError."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)


class Microphone:
    """An AudioSource that reads a device, with a thread that opens and reopens it."""

    def __init__(self, name: str) -> None:
        """Start opening the device. One that is missing is retried until `close`.

        Args:
            name: The device's name or a part of it. "" takes the system's default device, and later only that one.

        Raises:
            ShowError: The microphone cannot be used on this machine.
        """
        self._errors = (portaudio().PortAudioError, ShowError)
        self.name, self.reason = name, ""
        self._lost = 0  # samples, by streams that are closed
        self._activity = StreamActivity()
        self._stream: _Stream | None = None
        self._unread = False  # the stream has not been read from since it was opened
        self._lock = threading.Lock()  # guards the replacement of the stream; the callback never takes it
        self._opened = False  # at least once
        self._missing = False  # there has been no such device since the start
        self._failures = 0  # to open the device, in a row
        self._checked_at = clock.now()
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._supervise, name="microphone", daemon=True)
        self._thread.start()

    def read(self, now: float) -> AudioChunk:
        """Return what has arrived since the last call.

        Raises:
            RuntimeError: A call into the driver has not returned for `STUCK_SECONDS`.
        """
        if now - self._checked_at > STUCK_SECONDS:
            raise RuntimeError(f"the driver of the microphone '{self.name}' is stuck.")
        with self._lock:
            if self._stream is None:
                return AudioChunk(np.zeros(0, np.int16), now)
            samples, end_time = self._stream.take()
            discontinuous, self._unread = self._unread, False
            return AudioChunk(samples, end_time, discontinuous)

    @property
    def lost(self) -> int:
        """Samples dropped since the start, at the device's rate."""
        stream = self._stream
        return self._lost + (stream.lost if stream else 0)

    def health(self, now: float) -> Health:
        """Return the state of the device at `now`."""
        return "missing" if self._missing else assess_health(self._activity, now)

    def close(self) -> None:
        """Release the device; a driver that does not respond is abandoned."""
        self._closed.set()
        self._thread.join(CLOSE_SECONDS)

    def _supervise(self) -> None:
        delay = 0.0
        while not self._closed.wait(delay):
            overdue = clock.now() - self._checked_at - delay > 2 * CHECK_SECONDS
            delay = self._check(overdue)
            self._checked_at = clock.now()
        self._close_stream()

    def _check(self, overdue: bool) -> float:
        """Open a stream that is missing or close one that is lost; return the seconds until the next check.

        Args:
            overdue: This thread was delayed. The callback was then delayed as well, so that its silence is no sign of
                a lost device.
        """
        if self._stream is None:
            self._failures = 0 if self._open_stream() else self._failures + 1
        elif not self._stream.active or (self.health(clock.now()) == "stalled" and not overdue):
            self._close_stream()
            return 0.0
        return retry_delay(self._failures) if self._failures else CHECK_SECONDS

    def _open_stream(self) -> bool:
        try:
            rescan_devices()
            device = choose_device(self.name, input_devices())
            activity = StreamActivity()
            with selected_source(device):
                stream = _Stream(device, activity)
        except self._errors as error:
            self.reason = str(error) if isinstance(error, ShowError) else open_failure(self.name, error)
            self._missing = isinstance(error, ShowError) and not self._opened
            return False
        activity.opened_at = clock.now()
        with self._lock:
            self._stream, self._activity, self._unread = stream, activity, True
        self.name, self.reason = device.name, ""
        self._opened, self._missing = True, False
        return True

    def _close_stream(self) -> None:
        with self._lock:
            stream, self._stream, self._activity = self._stream, None, StreamActivity()
            if stream is None:
                return
            self._lost += stream.lost
        stream.close()


def open_failure(name: str, error: Exception) -> str:
    """Why a microphone cannot be opened, of PortAudio's message and number."""
    microphone = f"the microphone '{name}'" if name else "the microphone"
    detail = error.args[0] if error.args else error
    if DEVICE_UNAVAILABLE in error.args:
        return f"{microphone} cannot be opened: another program uses it; close that, or choose another microphone."
    return f"{microphone} cannot be opened: it is gone, in use elsewhere, or not allowed (PortAudio: {detail})."
