"""How the microphone is, from counters and times. A lost device says nothing: only its silence gives it away."""

from __future__ import annotations

from dataclasses import dataclass
from math import log10
from typing import Literal

Health = Literal["live", "stalled", "reopening", "muted", "clipping", "ended"]  # ended: a recording, at its end

STALLED_SECONDS = 0.5  # without a callback
MUTED_SECONDS = 0.6  # of nothing but zeros; a real room is never that still
CLIPPING_SECONDS = 1.0  # that clipping stays on show
RETRY_SECONDS = (0.1, 0.25, *[0.5] * 20, 1.0)  # until the next try to open a device, by how many have failed in a row
FULL_SCALE = 32_700  # an amplitude from which on a sample counts as clipped
SILENT = -96.0  # decibels: less than the least sample
CLIPPED_SHARE = 0.001  # of the samples of a block: one at full scale is no harm


@dataclass
class MicHealth:
    """What the callback leaves behind; moments are seconds of clock.now, None before the first."""

    opened: float | None = None  # None: not open
    called: float | None = None
    sounded: float | None = None  # the last sample that is not zero
    clipped: float | None = None

    def beat(self, peak: int, clipped_share: float, now: float) -> None:
        """A block has come, with that peak 0..32768 and that share of its samples at full scale."""
        self.called = now
        if peak:
            self.sounded = now
        if clipped_share >= CLIPPED_SHARE:
            self.clipped = now


def judge(pulse: MicHealth, now: float) -> Health:
    """The health of the microphone at `now`."""
    if pulse.opened is None:
        return "reopening"
    if now - (pulse.opened if pulse.called is None else pulse.called) > STALLED_SECONDS:
        return "stalled"
    if pulse.called is None:
        return "reopening"  # a suspended device opens well and stays silent
    if now - (pulse.opened if pulse.sounded is None else pulse.sounded) > MUTED_SECONDS:
        return "muted"
    if pulse.clipped is not None and now - pulse.clipped < CLIPPING_SECONDS:
        return "clipping"
    return "live"


def retry_after(failures: int) -> float:
    """Seconds to wait after so many failed tries in a row, 1 at least."""
    return RETRY_SECONDS[min(failures, len(RETRY_SECONDS)) - 1]


def decibels(peak: int) -> float:
    """A peak amplitude 0..32768 in decibels of full scale, for a level meter."""
    return round(20 * log10(peak / 32768), 1) if peak else SILENT
