"""Audio files: every format that field recorders write is heard, and damage is one sentence."""

from __future__ import annotations

import os
import struct
from pathlib import Path

import av
import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.speech import audio_file
from installation.speech.audio_file import check_audio_file, decode_audio_file, read_sound
from installation.speech.audio_source import RecordingSource
from installation.speech.interfaces import SAMPLE_RATE, Samples
from tests.speech.recordings import write_encoded, write_pcm, write_wav
from tests.speech.signals import tone

HERTZ = 300.0
AMPLITUDE = 10_000.0


def decoded(path: Path) -> Samples:
    return np.concatenate(list(decode_audio_file(path)))


def is_tone(samples: Samples) -> bool:
    """Whether half a second of the samples is the tone: at least 99 % of its energy, and its level within 15 %."""
    middle = samples[SAMPLE_RATE // 8 : SAMPLE_RATE // 8 + SAMPLE_RATE // 2].astype(np.float64)
    phase = 2j * np.pi * HERTZ * np.arange(len(middle)) / SAMPLE_RATE
    amplitude = 2 * abs(np.mean(middle * np.exp(-phase)))
    return bool(
        abs(amplitude / AMPLITUDE - 1) < 0.15 and amplitude**2 / 2 > 0.99 * np.mean(middle**2) and len(middle) == 8_000
    )


@pytest.mark.parametrize(
    ("codec", "rate", "layout", "suffix"),
    [
        ("pcm_u8", 16_000, "mono", ".wav"),
        ("pcm_s16le", 44_100, "stereo", ".wav"),
        ("pcm_s24le", 48_000, "5.1", ".wav"),  # in the extensible header
        ("pcm_s32le", 16_000, "mono", ".wav"),
        ("pcm_f32le", 96_000, "7.1", ".wav"),
        ("pcm_f64le", 11_025, "mono", ".wav"),
        ("pcm_s16le", 22_051, "mono", ".wav"),
        ("adpcm_ms", 16_000, "mono", ".wav"),
        ("pcm_s24be", 48_000, "stereo", ".aiff"),
        ("flac", 96_000, "stereo", ".flac"),
        ("mp3", 44_100, "stereo", ".mp3"),
        ("aac", 48_000, "stereo", ".m4a"),
        ("aac", 48_000, "7.1", ".m4a"),  # its eighth channel has low frequencies only
        ("alac", 44_100, "mono", ".m4a"),
        ("libopus", 48_000, "mono", ".ogg"),
    ],
)
def test_every_common_format_is_heard(tmp_path: Path, codec: str, rate: int, layout: str, suffix: str) -> None:
    path = write_encoded(tmp_path / f"tone{suffix}", tone(HERTZ, rate, 1.0, AMPLITUDE), codec, rate, layout)
    assert is_tone(decoded(path))


@pytest.mark.parametrize(("codec", "container"), [("flac", "flac"), ("mp3", "mp3")])
def test_the_content_decides_and_not_the_suffix(tmp_path: Path, codec: str, container: str) -> None:
    path = write_encoded(tmp_path / "tone.wav", tone(HERTZ, SAMPLE_RATE), codec, container=container)
    assert is_tone(decoded(path))


@pytest.mark.parametrize(
    ("codec", "rate", "layout", "suffix"),
    [
        ("pcm_s16le", 44_100, "stereo", ".wav"),
        ("aac", 48_000, "7.1", ".m4a"),
        ("mp3", 44_100, "mono", ".mp3"),
    ],
)
def test_a_sound_is_read_with_its_treble(tmp_path: Path, codec: str, rate: int, layout: str, suffix: str) -> None:
    """At 48 kHz, as CLAP hears it: 9 kHz are beyond what speech needs."""
    high = tone(9_000.0, rate, 1.0, AMPLITUDE)
    path = write_encoded(tmp_path / f"high{suffix}", high, codec, rate, layout)
    samples = read_sound(path, 48_000, 0.5)
    assert samples.dtype == np.float32
    assert len(samples) == 24_000
    spectrum = np.abs(np.fft.rfft(samples[6_000:18_000]))
    assert spectrum.argmax() == pytest.approx(9_000 * 12_000 / 48_000, abs=2)
    assert 0.02 < np.abs(samples).max() <= 1.0


def test_a_damaged_sound_is_one_sentence(tmp_path: Path) -> None:
    not_audio(tmp_path / "rain.wav")
    with pytest.raises(ShowError, match=r"rain\.wav is damaged or not an audio file"):
        read_sound(tmp_path / "rain.wav", 48_000, 10.0)


def test_16_bit_mono_at_16_khz_is_passed_on_unchanged(tmp_path: Path) -> None:
    samples = np.random.default_rng(1).integers(-32_768, 32_768, 20_001, dtype=np.int16)
    passed_on = decoded(write_wav(tmp_path / "noise.wav", samples))
    assert np.array_equal(passed_on[: len(samples)], samples)
    assert not passed_on[len(samples) :].any()


def test_float_samples_beyond_full_scale_are_clipped_and_nan_is_silence(tmp_path: Path) -> None:
    path = write_encoded(tmp_path / "a.wav", np.zeros(4, np.int16), "pcm_f32le")
    path.write_bytes(path.read_bytes()[:-16] + struct.pack("<4f", 2.0, -2.0, float("nan"), float("-inf")))
    assert decoded(path)[:4].tolist() == [32_767, -32_768, 0, -32_768]


@pytest.mark.parametrize("size", [0, 0xFFFF_FFFF])
def test_a_wav_file_is_heard_whose_recorder_could_not_complete_the_header(tmp_path: Path, size: int) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(HERTZ, SAMPLE_RATE))
    head, data = path.read_bytes().split(b"data")
    path.write_bytes(head + b"data" + struct.pack("<I", size) + data[4:])
    assert is_tone(decoded(path))


def test_a_title_that_is_not_utf_8_does_not_matter(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "tone.wav", tone(HERTZ, SAMPLE_RATE))
    path.write_bytes(path.read_bytes() + b"LIST" + struct.pack("<I", 18) + b"INFOINAM\x06\0\0\0Caf\xe9\0\0")
    assert is_tone(decoded(path))


def not_audio(path: Path) -> None:
    path.write_text("not a recording, but as long as the header of one would be")


def cut_in_a_frame(path: Path) -> None:
    path.write_bytes(write_pcm(path, tone(HERTZ, 48_000).tobytes(), 48_000, 2, 2).read_bytes()[:-1002])


def without_a_rate(path: Path) -> None:
    data = bytearray(write_wav(path, tone(HERTZ, SAMPLE_RATE)).read_bytes())
    data[24:32] = bytes(8)
    path.write_bytes(data)


def with_an_absurd_rate(path: Path) -> None:
    write_pcm(path, bytes(20_000), 2_000_000, 1, 2)


def cut(path: Path, codec: str, container: str) -> None:
    whole = write_encoded(path, tone(HERTZ, SAMPLE_RATE, 3.0), codec, container=container).read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])


def without_sound(path: Path) -> None:
    with av.open(str(path), "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        file.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))))
        file.mux(stream.encode(None))


def a_playlist(path: Path) -> None:
    write_wav(path.with_name("other.wav"), tone(HERTZ, SAMPLE_RATE))
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.wav\n#EXT-X-ENDLIST\n")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (not_audio, "is damaged or not an audio file (WAV, FLAC, MP3, M4A): "),
        (lambda path: path.touch(), "is damaged or not an audio file"),
        (cut_in_a_frame, "is cut short, 1002 bytes are missing: copy it again."),
        (without_a_rate, "is damaged or not an audio file"),
        (with_an_absurd_rate, "has 2000000 samples a second: convert it to 16000"),
        (lambda path: cut(path, "flac", "flac"), "is damaged or not an audio file"),
        (lambda path: cut(path, "aac", "mp4"), "is damaged or not an audio file"),
        (lambda path: write_wav(path, np.zeros(0, np.int16)), "contains no sound."),
        (without_sound, "contains no sound."),
        (a_playlist, "is damaged or not an audio file"),
        (lambda path: path.mkdir(), "is not a regular file."),
        (lambda path: os.mkfifo(path), "is not a regular file."),
        (lambda _: None, "cannot be read: No such file or directory."),
    ],
)
def test_a_damaged_file_is_one_sentence(tmp_path: Path, damage: object, reason: str) -> None:
    path = tmp_path / "talk.wav"
    assert callable(damage)
    damage(path)
    with pytest.raises(ShowError) as error:
        check_audio_file(path)
    assert "talk.wav " + reason in str(error.value)
    assert len(str(error.value).splitlines()) == 1


def test_a_name_with_a_null_character_is_one_sentence() -> None:
    with pytest.raises(ShowError, match="cannot be read: embedded null byte"):
        check_audio_file(Path("ta\0lk.wav"))


def test_a_recording_is_heard_up_to_damage_that_the_check_did_not_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audio_file, "CHECKED_SECONDS", 1.0)
    path = tmp_path / "talk.flac"
    cut(path, "flac", "flac")
    recording = RecordingSource(path, speed=0.0)
    parts = []
    while not recording.ended:
        parts.append(recording.read(0.0).samples)
    heard = np.concatenate(parts)
    assert is_tone(heard)
    assert 1.5 * SAMPLE_RATE < len(heard) < 3.1 * SAMPLE_RATE  # with a second of silence at its end
    assert recording.reason.startswith(f"{path} is damaged")
