"""The health of a microphone, judged from the times and levels of its callbacks.

Drivers do not report a lost device: the stream just stops calling back.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import Literal

Health = Literal["live", "stalled", "reopening", "muted", "clipping", "ended", "missing"]
# ended: a recording is over; missing: there has been no such device since the start

STALLED_SECONDS = 0.5  # without a callback
MUTED_SECONDS = 0.6  # of zeros; a live microphone always has noise
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

    def record_block(self, peak: int, clipped_share: float, now: float) -> None:
        """Record a block with the absolute peak 0..32768 and the share of samples at full scale, 0..1."""
        self.called_at = now
        if peak:
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
    if now - (opened if activity.nonzero_at is None else activity.nonzero_at) > MUTED_SECONDS:
        return "muted"
    if activity.clipped_at is not None and now - activity.clipped_at < CLIPPING_HOLD_SECONDS:
        return "clipping"
    return "live"


def retry_delay(failures: int) -> float:
    """Return the seconds to wait after this many consecutive failures, 1 or more."""
    return RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1]


def peak_dbfs(peak: int) -> float:
    """Convert an absolute peak 0..32768 to decibels of full scale."""
    return round(20 * log10(peak / 32768), 1) if peak else SILENCE_DBFS
