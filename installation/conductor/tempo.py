"""The tempo of a show: tapped, set or followed, with a GO that waits for the beat. Times are seconds of `clock.now`."""

from __future__ import annotations

import math

from installation.conductor.cue_list import GO_GUARD_SECONDS
from installation.conductor.parameter_state import ParameterState
from installation.core.messages import BeatClock
from installation.core.param_table import TEMPO_SOURCES

NEW_TAPS_SECONDS = 2.5  # without a tap, after which the next one begins a new series
TAPS = 8  # the latest of a series, of which the tempo is the mean
MAX_BPM = 300.0
LEAST_CHANGE = 0.1  # beats per minute, below which a followed tempo counts as the same
FOLLOW_SHARE = 0.1  # of the way to a beat that is heard, at each report: single ones are a hundredth of a second wrong
JUMP_SECONDS = 0.1  # from which on the beat is another one
LATE_SECONDS = 0.05  # by which a hand may miss the beat, and GO still counts as on it


class Tempo:
    """Beats and bars. `tempo/bpm` is the tempo, 0 for none; whoever sets it leaves the beat where it is."""

    def __init__(self, state: ParameterState) -> None:
        self._state = state
        state.values["tempo/source/index"] = TEMPO_SOURCES.index(str(state.values["tempo/source"]))
        self._first_beat = 0.0  # a moment at which a bar begins
        self._bpm = 0.0  # that `_first_beat` was placed for
        self._taps: list[float] = []
        self._tapped = 0  # in this series
        self._go_at: float | None = None  # when the GO that waits is due
        self._held_at = float("-inf")  # when it was pressed

    # -- tempo ------------------------------------------------------------------------------------------------------

    def tap(self, now: float) -> None:
        """Take a tap: the first of a series begins a bar, and from the second on they are the tempo."""
        self.take_over()
        if self._taps and now - self._taps[-1] > NEW_TAPS_SECONDS:
            self._taps.clear()
        self._tapped = self._tapped + 1 if self._taps else 1
        self._taps = [*self._taps, now][-TAPS:]
        seconds = self._taps[-1] - self._taps[0]
        if seconds > 0.0:
            self._state.update("tempo/bpm", round(min(60.0 * (len(self._taps) - 1) / seconds, MAX_BPM), 1))
        self._bpm = self._state_bpm
        self._first_beat = now - (self._tapped - 1) * self._beat_seconds if self._bpm else now

    def follow(self, clock: BeatClock, now: float) -> None:
        """Follow a clock outside, if `tempo/source` names it. What it does not know, such as the bar, stays."""
        if self._state.values["tempo/source"] != clock.source:
            return
        bpm = min(clock.bpm, MAX_BPM)
        if abs(bpm - self._state_bpm) >= LEAST_CHANGE or not bpm:
            self._state.update("tempo/bpm", round(bpm, 1))
        self.follow_tempo(now)
        if self._bpm and clock.beat is not None:
            self._first_beat = clock.at - clock.beat * self._beat_seconds
        elif self._bpm:
            beat = self.beat(clock.at)
            late = (beat - round(beat)) * self._beat_seconds  # of the beat outside, after ours
            self._first_beat += late if abs(late) > JUMP_SECONDS else FOLLOW_SHARE * late

    def take_over(self) -> None:
        """Follow nobody any more: a hand has tapped or set the tempo."""
        self._state.update("tempo/source", "tap")
        self._state.update("tempo/source/index", 0)

    def place_beat(self, beat: float, now: float) -> None:
        """Let this moment be a beat of the bar, counted from 1."""
        self.follow_tempo(now)
        self._first_beat = now - (beat - 1.0) * self._beat_seconds if self._bpm else now

    def beat(self, now: float) -> float:
        """How many beats lie between the beginning of a bar and this moment; 0 without a tempo."""
        self.follow_tempo(now)
        return (now - self._first_beat) / self._beat_seconds if self._bpm else 0.0

    @property
    def _state_bpm(self) -> float:
        return float(self._state.values["tempo/bpm"])

    @property
    def _beat_seconds(self) -> float:
        return 60.0 / self._bpm

    def follow_tempo(self, now: float) -> None:
        """Take a tempo that has been set, or is moving to one: the beat of this moment stays."""
        if self._state_bpm != self._bpm:
            beat = (now - self._first_beat) / self._beat_seconds if self._bpm else 0.0
            self._bpm = self._state_bpm
            self._first_beat = now - beat * self._beat_seconds if self._bpm else now

    # -- GO ---------------------------------------------------------------------------------------------------------

    def hold_go(self, now: float) -> bool:
        """Let GO wait for the beat that `tempo/quantise` asks for.

        Returns:
            Whether it waits. It does not without a tempo, on the beat itself, or if another GO waits already: the
            second one fires the cue at once, unless it is the bounce of a button.
        """
        if self._go_at is not None and now < self._held_at + GO_GUARD_SECONDS:
            return True
        beats, waits = int(self._state.values["tempo/quantise"]), self._go_at is not None
        self.drop_go()
        if waits or not beats or not self._state_bpm:
            return False
        ahead = float(self._state.values["tempo/lookahead"])
        period = beats * 60.0 / self._state_bpm
        passed = self.beat(now + ahead) / beats
        due = now + (math.ceil(passed - LATE_SECONDS / period) - passed) * period
        if due <= now:
            return False
        self._go_at, self._held_at = due, now
        self._state.update("tempo/armed", 1)
        return True

    def go_is_due(self, now: float) -> bool:
        """Whether the GO that waited is to fire now; it does so once."""
        self.follow_tempo(now)
        if self._go_at is None or now < self._go_at:
            return False
        self.drop_go()
        return True

    def drop_go(self) -> None:
        """Forget a GO that waits."""
        self._go_at = None
        self._state.update("tempo/armed", 0)
