"""Audio for tests: silence, sequences of spoken lines, WAV files."""

from __future__ import annotations

import wave
from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np

from installation.speech.interfaces import SAMPLE_RATE, Samples
from tests.speech.flite import synthesize

SIX_SENTENCES_MODEL = Path(__file__).parent / "fixtures" / "whisper-six-sentences.pt"
LINES = ("a red sun over the sea", "the night is full of birds and of rain", "there is a lonely house in the snow")


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * SAMPLE_RATE), np.int16)


def spoken_lines(lines: Sequence[str], pause_seconds: float = 1.0) -> Samples:
    """Speak the lines, with a pause before, between and after them."""
    pause = silence(pause_seconds)
    return np.concatenate([pause, *(piece for line in lines for piece in (synthesize(line, "rms"), pause))])


def write_pcm(path: Path, data: bytes, rate: int, channels: int, width: int) -> Path:
    """Write a WAV file with samples of `width` bytes."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(data)
    return path


def write_wav(path: Path, samples: Samples) -> Path:
    return write_pcm(path, samples.tobytes(), SAMPLE_RATE, 1, 2)


def write_encoded(
    path: Path, samples: Samples, codec: str, rate: int = SAMPLE_RATE, layout: str = "mono", container: str = ""
) -> Path:
    """Write samples at `rate` to each channel of an audio file; `container` where the suffix does not say it."""
    with av.open(str(path), "w", format=container or None) as file:
        stream = file.add_stream(codec, rate=rate, layout=layout)
        assert isinstance(stream, av.AudioStream)
        frame_size = stream.codec_context.frame_size or None
        resampler = av.AudioResampler(stream.format, layout, rate, frame_size=frame_size)
        channels = len(stream.layout.channels)
        frame = av.AudioFrame.from_ndarray(np.repeat(samples, channels)[None], format="s16", layout=layout)
        frame.sample_rate = rate
        for piece in [*resampler.resample(frame), *resampler.resample(None), None]:
            file.mux(stream.encode(piece))
    return path
