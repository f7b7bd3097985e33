"""What sound does in a show: its readings, and the live parameters that it moves. Times are seconds of `clock.now`.

Sound adds to a parameter, whose own value stays that of faders, cues and snapshots: nobody has to win. What it adds is
no setting: it is in no Direction, snapshot or feedback, and silence adds nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from installation.conductor.active_prompt import NEVER
from installation.conductor.parameter_state import ParameterState
from installation.conductor.tempo import Tempo
from installation.core.curves import along
from installation.core.messages import Modulation, Value
from installation.core.params import coerce, find_value
from installation.core.speech_messages import SoundFeatures
from installation.show.sound_settings import SoundMapSettings
from installation.show.sound_targets import sound_targets

STALE_SECONDS = 0.5  # without features, after which there is silence: the analysis has stopped
READINGS_SECONDS = 0.04  # between two changes of a reading
PRESENCE_ATTACK, PRESENCE_RELEASE = 0.1, 1.0  # time constants with which sound takes hold of the picture, and lets go
MAX_STEP_SECONDS = 0.25  # by which followers move at most: a stall is not caught up with
DIGITS = 3  # of what is added
BEATS_OF_A_BAR = 4
BEATS = ("beat", "bar")


@dataclass
class _Follower:
    """A level that follows another with two time constants."""

    attack: float
    release: float
    level: float = 0.0

    def follow(self, target: float, seconds: float) -> float:
        constant = self.attack if target > self.level else self.release
        share = 1.0 - math.exp(-seconds / constant) if constant else 1.0
        self.level += (target - self.level) * share
        return self.level


@dataclass
class _Mapping:
    """One source that moves one parameter."""

    number: int  # of its table in the show file, from 1
    source: str
    param: str
    settings: SoundMapSettings
    follower: _Follower = field(init=False)

    def __post_init__(self) -> None:
        self.follower = _Follower(self.settings.attack_seconds, self.settings.release_seconds)

    def added(self, level: float, presence: float, seconds: float) -> float:
        """What it adds while its source is at `level`, 0..1, after so many seconds more."""
        low, high = self.settings.range
        followed = self.follower.follow(along(self.settings.curve, level), seconds)
        return low * presence + (high - low) * followed


class SoundControl:
    """Follows the sound."""

    def __init__(self, settings: Iterable[SoundMapSettings], state: ParameterState, tempo: Tempo) -> None:
        """Begin in silence. Raises Rejected for a parameter that sound cannot move."""
        self._state, self._tempo = state, tempo
        self._features = SoundFeatures()
        self._heard_at = self._published_at = self._moved_at = NEVER
        self._sound, self._beat = (_Follower(PRESENCE_ATTACK, PRESENCE_RELEASE) for _ in range(2))
        self._sent = Modulation()
        self._own: dict[str, float] = {}  # the values of the show's own parameters, without what sound adds
        self._stored: dict[str, float] = {}  # the same, with it
        self.replace(settings)

    def replace(self, settings: Iterable[SoundMapSettings]) -> None:
        """Take another map. Raises Rejected for a parameter that sound cannot move."""
        self._mappings = [
            _Mapping(number, source, param, each)
            for number, each in enumerate(settings, 1)
            for source, param in sound_targets(each)
        ]

    def hear(self, features: SoundFeatures, now: float) -> None:
        """Take what the sound does at this moment."""
        self._features, self._heard_at = features, now

    def advance(self, now: float) -> None:
        """Publish what is heard."""
        if now > self._heard_at + STALE_SECONDS and self._features.at:
            self._features = SoundFeatures(onsets=self._features.onsets)
        if now >= self._published_at + READINGS_SECONDS:
            self._published_at = now
            for name, value in readings(self._features).items():
                self._state.update(name, value)

    def move(self, now: float) -> dict[str, Value]:
        """Move the picture; return the new values of parameters that are the show's own, such as `prompt/1/weight`."""
        seconds = 0.0 if self._moved_at == NEVER else min(now - self._moved_at, MAX_STEP_SECONDS)
        self._moved_at = now
        if not (self._mappings or self._own) and self._sent == Modulation():
            return {}
        added = self._added(now, seconds)
        by_owner: dict[str, dict[str, float]] = {"renderer": {}, "stage": {}, "conductor": {}}
        for name, amount in added.items():
            by_owner[find_value(name).owner][name] = amount
        modulation = Modulation(_rounded(by_owner["renderer"]), _rounded(by_owner["stage"]))
        if modulation != self._sent:
            self._sent = modulation
            self._state.emit(modulation)
        return self._moved(by_owner["conductor"])

    def _added(self, now: float, seconds: float) -> dict[str, float]:
        """What is added to each parameter, by name."""
        levels = _levels(self._features) | self._beats(now)
        sound = self._sound.follow(float(self._features.loudness > 0.0), seconds)
        beat = self._beat.follow(float(levels["beat"] > 0.0), seconds)
        values, added = self._state.values, dict.fromkeys([*self._own], 0.0)
        for each in self._mappings:
            amount = float(values["sound/amount"]) * float(values.get(f"sound/map/{each.number}/amount", 1.0))
            presence = beat if each.source in BEATS else sound
            offset = amount * each.added(levels[each.source], presence, seconds)
            added[each.param] = added.get(each.param, 0.0) + offset
        return added

    def _beats(self, now: float) -> dict[str, float]:
        """Levels that are 1 on the beat, and at the beginning of a bar, and fall until the next."""
        if not float(self._state.values["tempo/bpm"]):
            return dict.fromkeys(BEATS, 0.0)
        beat = self._tempo.beat(now + float(self._state.values["tempo/lookahead"]))
        return {"beat": 1.0 - beat % 1.0, "bar": 1.0 - beat / BEATS_OF_A_BAR % 1.0}

    def _moved(self, added: Mapping[str, float]) -> dict[str, Value]:
        """The values of the show's own parameters that change; what others have set meanwhile is their own value."""
        changed: dict[str, Value] = {}
        for name, amount in added.items():
            present = float(self._state.value(name))
            if present != self._stored.get(name):
                self._own[name] = present
            value = coerce(find_value(name), self._own[name] + round(amount, 2))
            self._stored[name] = float(value)
            if self._stored[name] != present:
                changed[name] = value
        return changed


def _levels(features: SoundFeatures) -> dict[str, float]:
    """The level of each source but the beats, 0..1."""
    named = {name: float(getattr(features, name)) for name in ("loudness", "low", "mid", "high", "onset")}
    return named | {f"chroma/{number}": level for number, level in enumerate(features.chroma)}


def _rounded(added: Mapping[str, float]) -> dict[str, float]:
    rounded = {name: round(amount, DIGITS) for name, amount in added.items()}
    return {name: amount for name, amount in rounded.items() if amount}


def readings(features: SoundFeatures) -> dict[str, Value]:
    """The readings of sound, by name."""
    return {
        "audio/live": int(features.at > 0.0),
        "audio/loudness": round(features.loudness, 2),
        "audio/low": round(features.low, 2),
        "audio/mid": round(features.mid, 2),
        "audio/high": round(features.high, 2),
        "audio/onset": round(features.onset, 2),
        "audio/onsets": features.onsets,
        **{f"audio/chroma/{number}": round(value, 2) for number, value in enumerate(features.chroma)},
        "audio/bpm": round(features.bpm, 1),
    }
