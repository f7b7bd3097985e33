"""Where the list of cues stands."""

from __future__ import annotations

from dataclasses import dataclass

from installation.settings import Cue
from installation.words import caption


@dataclass
class Playhead:
    """`present` counts from 1, 0 before the first."""

    cues: tuple[Cue, ...]
    present: int = 0
    follows_at: float | None = None  # when the next cue comes by itself

    def next(self) -> Cue | None:
        """The cue that GO brings."""
        return self.cues[self.present] if self.present < len(self.cues) else None

    def advance(self, now: float) -> Cue | None:
        """Moves to the next cue and returns it; what had been going to follow by itself does not any more."""
        cue = self.next()
        self.follows_at = None
        if cue is not None:
            self.present += 1
            following = cue.seconds is not None and self.next() is not None
            self.follows_at = now + (cue.seconds or 0.0) if following else None
        return cue

    @property
    def outlook(self) -> str:
        """Where it stands and what GO brings, for the operator; "" for a show without cues."""
        if not self.cues:
            return ""
        cue = self.next()
        if cue is None:
            return f"cue {self.present} of {len(self.cues)} · that was the last"
        words = cue.caption or caption(cue.words) or cue.name or "values only"
        return f"cue {self.present} of {len(self.cues)} · GO brings: {words}"
