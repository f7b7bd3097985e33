"""Recordings as audio sources."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from installation.speech.audio_file import decode_audio_file
from installation.speech.audio_source import RecordingSource
from installation.speech.interfaces import SAMPLE_RATE, Samples
from tests.speech.recordings import write_pcm
from tests.speech.signals import tone


def decoded(path: Path) -> Samples:
    return np.concatenate(list(decode_audio_file(path)))


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_wav_files_of_any_sample_width_give_the_same_samples(tmp_path: Path, width: int) -> None:
    values = tone(300.0, SAMPLE_RATE, 0.1).astype(np.int64)
    raw = ((values >> 8) + 128).astype("<u1") if width == 1 else (values << (8 * (width - 2))).astype("<i8")
    data = raw.tobytes() if width == 1 else raw.view(np.uint8).reshape(-1, 8)[:, :width].tobytes()
    samples_read = decoded(write_pcm(tmp_path / "tone.wav", data, SAMPLE_RATE, 1, width))
    assert np.abs(samples_read[: len(values)].astype(np.int64) - values).max() <= (256 if width == 1 else 0)


def test_a_stereo_recording_is_mixed_and_resampled(tmp_path: Path) -> None:
    left = tone(300.0, 48_000, 0.5)
    both = np.stack([left, np.zeros_like(left)], axis=1)
    samples_read = decoded(write_pcm(tmp_path / "both.wav", both.tobytes(), 48_000, 2, 2))
    assert abs(int(np.abs(samples_read).max()) - 5_000) < 60
    assert 0.5 * SAMPLE_RATE <= len(samples_read) <= 0.56 * SAMPLE_RATE


def test_a_recording_plays_at_its_speed_to_the_end(tmp_path: Path) -> None:
    samples = tone(300.0, SAMPLE_RATE, 2.0)
    recording = RecordingSource(write_pcm(tmp_path / "a.wav", samples.tobytes(), SAMPLE_RATE, 1, 2), speed=2.0)
    assert len(recording.read(50.0).samples) == 0
    first = recording.read(50.5)
    assert (len(first.samples), first.end_time, recording.health(50.5)) == (SAMPLE_RATE, 51.0, "live")
    rest = recording.read(60.0)
    assert np.array_equal(np.concatenate([first.samples, rest.samples])[: len(samples)], samples)
    assert recording.health(60.0) == "ended"
