"""The health of a microphone, judged from the times and levels of its callbacks.

Drivers do not report a lost device: the stream just stops calling back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import Literal

import numpy as np

from installation.speech.interfaces import SAMPLE_RATE, Samples

Health = Literal["live", "stalled", "reopening", "muted", "clipping", "ended", "missing"]
# ended: a recording is over; missing: there has been no such device since the start

GATE_SECONDS = 0.3  # of zeros between two sounds, that only a noise gate makes
STALLED_SECONDS = 0.5  # without a callback
MUTED_SECONDS = 3.0  # of zeros after the stream was opened; a live microphone has noise
SILENT_SECONDS = 10.0  # of zeros after there was sound: many devices deliver zeros between two sentences
GATED_SECONDS = 600.0  # the same, of a microphone that has already come back from such zeros by itself
CLIPPING_HOLD_SECONDS = 1.0  # clipping stays visible for this long
RETRY_SECONDS = (0.1, 0.25, *[0.5] * 20, 1.0)  # delay before opening the device again, by consecutive failures
FULL_SCALE = 32_700  # absolute sample value from which on a sample counts as clipped
CLIPPED_SHARE = 0.001  # of a block's samples; a single sample at full scale is harmless
SILENCE_DBFS = -96.0  # below the smallest non-zero 16-bit sample


@dataclass
class StreamActivity:
    """What a stream's callback has observed. Times are seconds of `clock.now`, None if it has not happened yet."""

    opened_at: float | None = None  # None: the stream is not open
    called_at: float | None = None
    nonzero_at: float | None = None
    clipped_at: float | None = None
    gated: bool = False  # its noise gate delivers zeros in a pause

    def record_block(self, peak: int, clipped_share: float, now: float) -> None:
        """Record a block with the absolute peak 0..32768 and the share of samples at full scale, 0..1."""
        self.called_at = now
        if peak:
            silence = 0.0 if self.nonzero_at is None else now - self.nonzero_at
            self.gated = self.gated or silence > GATE_SECONDS
            self.nonzero_at = now
        if clipped_share >= CLIPPED_SHARE:
            self.clipped_at = now


def assess_health(activity: StreamActivity, now: float) -> Health:
    """Judge the health of a stream at `now`."""
    opened, called = activity.opened_at, activity.called_at
    if opened is None:
        return "reopening"
    if now - (opened if called is None else called) > STALLED_SECONDS:
        return "stalled"
    if called is None:
        return "reopening"  # a suspended device opens without an error and stays silent
    if _is_muted(activity, opened, now):
        return "muted"
    if activity.clipped_at is not None and now - activity.clipped_at < CLIPPING_HOLD_SECONDS:
        return "clipping"
    return "live"


def _is_muted(activity: StreamActivity, opened: float, now: float) -> bool:
    if activity.nonzero_at is None:
        return now - opened > MUTED_SECONDS
    return now - activity.nonzero_at > (GATED_SECONDS if activity.gated else SILENT_SECONDS)


def retry_delay(failures: int) -> float:
    """Return the seconds to wait after this many consecutive failures, 1 or more."""
    return RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1]


def voice_dbfs(samples: Samples) -> float:
    """Return the level of the loud tenth of an utterance, [n] at 16 kHz, in decibels of full scale (RMS)."""
    frame = SAMPLE_RATE // 50
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame).astype(np.float64)
    if not len(frames):
        return SILENCE_DBFS
    rms = float(np.quantile(np.sqrt((frames**2).mean(axis=1)), 0.9))
    return max(20 * log10(rms / 32768), SILENCE_DBFS) if rms else SILENCE_DBFS


def peak_dbfs(peak: int) -> float:
    """Convert an absolute peak 0..32768 to decibels of full scale."""
    return round(20 * log10(peak / 32768), 1) if peak else SILENCE_DBFS
