"""The cue list and its playhead: GO, going back, jumping, and cues that follow by themselves.

All waiting is in seconds of the show, which stand still in a pause; only the guard of GO uses the clock.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from installation.conductor.active_prompt import NEVER, ActivePrompt
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_intake import PromptIntake
from installation.conductor.script_control import ScriptControl
from installation.core.errors import Rejected
from installation.core.messages import CUE, CueEntry, CuesChanged, Prompt, SetParam
from installation.core.prompt_text import caption, clean
from installation.show.settings import CueSettings

GO_GUARD_SECONDS = 0.5  # a GO so soon after a cue, also after one that followed by itself, is a double press
LAST_CUE = "that was the last cue: /laterna/playhead/previous goes back, /laterna/playhead/1 begins again."
MIN_FADE_SECONDS = 0.05  # of a cue that is joined at its end: not 0, which would be a cut


@dataclass
class Playhead:
    """The position in the cue list. Cues count from 1; 0 is before the first.

    Attributes:
        cues: The list.
        current: The cue that was fired last.
        standby: The cue that GO fires; one more than there are cues after the last.
        offset: Seconds by which it has begun already when GO fires it (load to time).
        fires_at: When the cue on standby fires by itself, in seconds of the show.
        waits: Whether GO has been given already, and the cue on standby waits before it fires.
        restores: Whether GO brings back the picture that the cue on standby had, because a panic interrupted it.
    """

    cues: tuple[CueSettings, ...]
    current: int = 0
    standby: int = 1
    offset: float = 0.0
    fires_at: float | None = None
    waits: bool = False
    restores: bool = False

    @property
    def next(self) -> CueSettings | None:
        """The cue that GO fires; None after the last."""
        return self.cues[self.standby - 1] if self.standby <= len(self.cues) else None

    def stand_by(self, number: int, offset: float = 0.0) -> None:
        """Let GO fire this cue; nothing fires by itself until then."""
        self.standby, self.offset = number, offset
        self.fires_at, self.waits, self.restores = None, False, False

    @property
    def summary(self) -> str:
        """The current cue and what GO brings, for the operator; empty for a show without cues."""
        if not self.cues:
            return ""
        cue = self.next
        if cue is None:
            return f"cue {self.current} of {len(self.cues)} · that was the last"
        content = words_of(cue) or cue.name or "values only"
        return f"cue {self.current} of {len(self.cues)} · GO brings: {content}"


@dataclass
class CueList:
    """Fires cues, by GO and by their timers. After the last cue, GO moves on to the script.

    Attributes:
        set_value: Sets a parameter at a time in seconds; it reports a rejection itself and never raises.
        recall: Recalls a snapshot: its number, the fade in seconds, the time. Raises Rejected.
    """

    playhead: Playhead
    state: ParameterState
    active: ActivePrompt
    intake: PromptIntake
    script: ScriptControl
    set_value: Callable[[SetParam, float], None]
    recall: Callable[[int, float, float], None]
    _shown: dict[int, Prompt] = field(init=False, default_factory=dict)  # what each cue has shown, by its number
    _last_go: float = field(init=False, default=NEVER)

    def __post_init__(self) -> None:
        """Publish the list."""
        self._update_readings()
        self.state.update("cue/count", len(self.playhead.cues))

    # -- what the operator does -------------------------------------------------------------------------------------

    def go(self, now: float, t: float) -> None:
        """Fire the cue on standby, or show the next script line; in a show without cues, the next queued prompt.

        `t` is the time of the show.

        Raises:
            Rejected: none of these is left, or the show is paused or in panic.
        """
        if now < self._last_go + GO_GUARD_SECONDS:
            return
        self.active.check_running()
        if self.playhead.next:
            self._start(now, t)
        elif not self.script.finished:
            self.script.step(1, now)
        elif self.playhead.cues:
            raise Rejected(LAST_CUE)
        elif self.intake.waiting.has_queued:
            self.intake.show_next(now, queued_only=True)
        else:
            raise Rejected("there is no next cue, and no prompts are waiting.")
        self._last_go = now

    def start(self, number: int, now: float, t: float) -> None:
        """Fire this cue now. Raises Rejected if there is none with this number, or not now."""
        self.active.check_running()
        self.resume(number, now, t)

    def resume(self, number: int, now: float, t: float) -> None:
        """Fire this cue, also while the show sleeps: its timers stand still until then. Raises Rejected."""
        self.stand_by(number)
        self._start(now, t)

    def stand_by(self, number: int, offset: float = 0.0) -> None:
        """Let GO fire this cue, as if it had begun `offset` seconds ago. Raises Rejected for a wrong number."""
        if not 1 <= number <= len(self.playhead.cues):
            raise Rejected(f"there is no cue {number}; this show has {len(self.playhead.cues)}.")
        self.playhead.stand_by(number, offset)
        self._update_readings()

    def skip(self) -> None:
        """Pass over the cue on standby. Raises Rejected after the last."""
        if self.playhead.next is None:
            raise Rejected("that was the last cue.")
        self.playhead.stand_by(self.playhead.standby + 1)
        self._update_readings()

    def back(self, now: float) -> None:
        """Return to the cue before the current one, with the picture that it had; then GO goes on from there.

        While the script is read, after the last cue or in a show without cues, return to the line before.

        Raises:
            Rejected: there is none, or the show is paused or in panic.
        """
        self.active.check_running()
        reading = self.script.lines and (not self.playhead.cues or self.script.cursor > 0)
        if reading and self.playhead.next is None:
            self.script.step(-1, now)
            return
        number = self.playhead.current - 1
        if number < 1:
            raise Rejected("there is no cue before this one.")
        self.playhead.current = number
        self.playhead.stand_by(number + 1)
        cue = self.playhead.cues[number - 1]
        self._set_values(cue, self._fade(cue), now)
        self._restore(number, cue, now)
        self._update_readings()

    def interrupt(self) -> None:
        """Stop the timers: the cue that a panic has interrupted, if only in its wait, comes again with the next GO."""
        playhead = self.playhead
        fired = bool(playhead.current) and not playhead.waits
        playhead.stand_by(playhead.current if fired else playhead.standby)
        playhead.restores = fired
        self._update_readings()

    def replace(self, cues: tuple[CueSettings, ...]) -> None:
        """Take another list; the playhead stays at the same cues, as far as they are there."""
        old, playhead = self.playhead.cues, self.playhead
        places = {number: _find(cue, number, cues) for number, cue in enumerate(old, 1)}
        self._shown = {place: prompt for number, prompt in self._shown.items() if (place := places.get(number))}
        follows = playhead.standby == playhead.current + 1
        playhead.cues = cues
        playhead.current = places.get(playhead.current) or min(playhead.current, len(cues))
        standby = playhead.current + 1 if follows else places.get(playhead.standby) or playhead.standby
        playhead.standby = min(max(standby, 1), len(cues) + 1)
        if playhead.next is None:
            playhead.fires_at = None
        self.state.update("cue/count", len(cues))
        self.state.emit(self.listing)
        self._update_readings()

    # -- time -------------------------------------------------------------------------------------------------------

    def advance(self, now: float, t: float) -> None:
        """Fire the cue on standby if its time has come. Raises Rejected."""
        fires_at = self.playhead.fires_at
        if fires_at is not None:
            if t >= fires_at:
                self.playhead.fires_at = None
                self._fire(now, t)
            self._update_remaining(t)

    def _start(self, now: float, t: float) -> None:
        """Begin the cue on standby: fire it, or let it wait first."""
        playhead = self.playhead
        wait = (playhead.next.wait_seconds if playhead.next else 0.0) - playhead.offset
        if wait > 0.0 and not playhead.waits:
            playhead.fires_at, playhead.waits, playhead.offset = t + wait, True, 0.0
            self._update_remaining(t)
        else:
            playhead.offset = max(0.0, -wait)
            self._fire(now, t)

    def _fire(self, now: float, t: float) -> None:
        """Fire the cue on standby, and those that go along with it."""
        playhead = self.playhead
        cue = playhead.next
        if cue is None:
            return
        number, elapsed, restores = playhead.standby, playhead.offset, playhead.restores
        playhead.current = number
        playhead.stand_by(number + 1)
        self._last_go = now
        self._follow(cue, elapsed, t)
        self._update_readings()
        self._update_remaining(t)
        fade = self._fade(cue)
        fade = max(fade - elapsed, MIN_FADE_SECONDS) if fade and elapsed else fade
        self._set_values(cue, fade, now)
        if cue.recall:
            self.recall(cue.recall, fade, now)
        elif restores and number in self._shown:
            self._restore(number, cue, now)
        elif cue.words or cue.picture:
            self._show(number, cue, fade, now)

    def _follow(self, cue: CueSettings, elapsed: float, t: float) -> None:
        """Set the time at which the next cue fires by itself: at once, after this one has been held, or never."""
        following = self.playhead.next
        held = 0.0 if cue.continues else cue.seconds
        if following is not None and held is not None:
            self.playhead.fires_at = t + max(0.0, held - elapsed) + following.wait_seconds

    # -- what a cue shows -------------------------------------------------------------------------------------------

    def _fade(self, cue: CueSettings) -> float:
        return self.state.transition_seconds if cue.fade_seconds is None else cue.fade_seconds

    def _set_values(self, cue: CueSettings, fade: float, now: float) -> None:
        if cue.curve:
            self.set_value(SetParam("transition/curve", cue.curve, CUE), now)
        for name, value in cue.params.items():
            given, seconds = value if isinstance(value, list) else (value, fade)
            self.set_value(SetParam(name, given, CUE, float(seconds)), now)

    def _show(self, number: int, cue: CueSettings, fade: float, now: float) -> None:
        picture, seed = (cue.picture, 0) if isinstance(cue.picture, str) else ("", cue.picture)
        text = clean(cue.caption)
        self._shown[number] = self.intake.show_cue(cue.words, text, fade, now, picture=picture, seed=seed)

    def _restore(self, number: int, cue: CueSettings, now: float) -> None:
        """Show the picture again that this cue had; one without words continued that of a cue before."""
        earlier = [shown for shown in self._shown if shown <= number]
        if not earlier:
            if cue.words or cue.picture:
                self._show(number, cue, self._fade(cue), now)
            return
        prompt = self._shown[max(earlier)]
        kept = prompt if prompt.picture else replace(prompt, picture=f"prompt:{prompt.id}")
        self.active.show((kept,), self._fade(cue), now)

    # -- readings ---------------------------------------------------------------------------------------------------

    @property
    def listing(self) -> CuesChanged:
        """The cues, for the operator."""
        cues = enumerate(self.playhead.cues, 1)
        return CuesChanged(tuple(CueEntry(n, name_of(cue, n), words_of(cue), cue.seconds) for n, cue in cues))

    def _update_readings(self) -> None:
        playhead, update = self.playhead, self.state.update
        current = playhead.cues[playhead.current - 1] if playhead.current else None
        update("cue/current/index", playhead.current)
        update("cue/current/name", name_of(current, playhead.current) if current else "")
        update("cue/next/index", playhead.standby if playhead.next else 0)
        update("cue/next/name", name_of(playhead.next, playhead.standby) if playhead.next else "")
        update("cue/next/words", words_of(playhead.next) if playhead.next else "")
        if playhead.fires_at is None:
            update("cue/remaining", 0.0)

    def _update_remaining(self, t: float) -> None:
        fires_at = self.playhead.fires_at
        self.state.update("cue/remaining", 0.0 if fires_at is None else round(max(0.0, fires_at - t), 1))


def name_of(cue: CueSettings, number: int) -> str:
    """The name of a cue, or its number."""
    return cue.name or f"cue {number}"


def words_of(cue: CueSettings) -> str:
    """What a cue shows, for the operator: as the audience reads it; of a picture or a sound, its name."""
    return cue.caption or caption(cue.words) or cue.words


def _find(cue: CueSettings, number: int, cues: tuple[CueSettings, ...]) -> int:
    """The number of the same cue in another list, the nearest if there are several; 0 if there is none."""
    same = [n for n, each in enumerate(cues, 1) if _key(each) == _key(cue)]
    return min(same, key=lambda n: abs(n - number), default=0)


def _key(cue: CueSettings) -> str:
    """What makes a cue the same after an edit: its name, or else its words."""
    return cue.name or cue.words
