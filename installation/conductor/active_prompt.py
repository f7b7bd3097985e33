"""The prompt on the stage: which one, since when, and whether the audience has seen it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from installation.conductor.parameter_state import ParameterState
from installation.core.errors import Busy, Rejected
from installation.core.messages import FIRST_TAKE, Direction, Prompt

NEVER = float("-inf")
LED_SECONDS = 5.0  # after the last word of a leader, until the show goes on alone
MAX_DEATHS = 2  # of renderers under one prompt, before it is quarantined
PROVEN_SECONDS = 20.0  # of frames from one renderer, after which its death is not blamed on the prompt


@dataclass(frozen=True)
class StageSnapshot:
    """The prompts on the stage and the time from which they count, so that they can be restored."""

    prompts: tuple[Prompt, ...]
    since: float


class ActivePrompt:
    """Owns the Direction, and emits it whenever it changes.

    A prompt counts as seen once the renderer has drawn a frame of it; its time on the stage is counted from there.
    """

    def __init__(self, state: ParameterState) -> None:
        self.direction = Direction(FIRST_TAKE)
        self.renderer_ready = False
        self.in_panic = False
        self.led_until = NEVER  # while the show follows a leader
        self.led = False
        self._leader_take = -1
        self._state = state
        self._paused_at = NEVER
        self._since = NEVER  # when the prompt took the stage; once it is seen, when it was first drawn
        self._seen_id = 0  # the prompt that the audience has seen last
        self._drawn_id = 0  # the prompt that the present renderer draws
        self._drawn_since = NEVER
        self._blamed = 0, 0  # a prompt, and how many renderers died under it
        self.send_params()

    # -- changes --------------------------------------------------------------------------------------------------

    def show(self, prompts: tuple[Prompt, ...], fade_seconds: float | None, now: float) -> None:
        """Replace the prompts on the stage. `fade_seconds` None: `transition/time`; 0: a hard cut, in a new take."""
        self._since = now
        self._replace(prompts, fade_seconds)

    def snapshot(self) -> StageSnapshot:
        """Return what `restore` needs to bring the present prompts back."""
        return StageSnapshot(self.direction.prompts, self._since)

    def restore(self, snapshot: StageSnapshot) -> None:
        """Bring earlier prompts back. They count as seen, and keep the time that they had on the stage."""
        self._drawn_id = self._seen_id = snapshot.prompts[-1].id if snapshot.prompts else 0
        self._since = snapshot.since
        self._replace(snapshot.prompts, None)

    def reseed(self, prompts: tuple[Prompt, ...], now: float) -> None:
        """Show the same texts again under new ids, without a new take."""
        self._since = now
        self._direct(replace(self.direction, prompts=prompts, fade_seconds=self._state.transition_seconds))

    def change(self, prompts: tuple[Prompt, ...]) -> None:
        """Give the prompts on the stage other weights or words, under the same ids; their dream goes on."""
        self._direct(replace(self.direction, prompts=prompts))

    def reweight(self, weight: float) -> None:
        """Give the prompts on the stage another weight; their dream goes on."""
        self.change(tuple(replace(prompt, weight=weight) for prompt in self.direction.prompts))

    def clear(self) -> None:
        """Empty the stage: the attract walk goes on."""
        fade = self._state.transition_seconds
        self._direct(replace(self.direction, prompts=(), fade_seconds=fade))

    def pause(self, paused: bool, now: float) -> None:
        """Freeze the picture, or let it move again. Time in a pause does not count as time on the stage."""
        if paused == self.direction.paused:
            return
        if paused:
            self._paused_at = now
        else:
            self._since += now - self._paused_at
        self._direct(replace(self.direction, paused=paused))

    def follow(self, leader: Direction, now: float) -> None:
        """Show what the leader shows; a hard cut there is one here."""
        self.led, self.led_until = True, now + LED_SECONDS
        cut = self._leader_take not in (-1, leader.take)
        self._leader_take = leader.take
        took = (leader.prompts, leader.fade_seconds, leader.paused)
        if cut or took != (self.direction.prompts, self.direction.fade_seconds, self.direction.paused):
            prompts, fade_seconds, paused = took
            take = self.direction.take + cut
            self._since = self._paused_at = now
            self._direct(replace(self.direction, take=take, prompts=prompts, fade_seconds=fade_seconds, paused=paused))

    def send_params(self) -> None:
        """Emit the Direction with the current parameter values."""
        self._direct(self.direction)

    def _replace(self, prompts: tuple[Prompt, ...], fade_seconds: float | None) -> None:
        fade = self._state.transition_seconds if fade_seconds is None else fade_seconds
        take = self.direction.take + (1 if fade == 0 else 0)
        self._direct(replace(self.direction, take=take, prompts=prompts, fade_seconds=fade))

    def _direct(self, direction: Direction) -> None:
        self.direction = replace(direction, params=self._state.renderer_params, number=direction.number + 1)
        self._state.emit(self.direction)

    # -- reports of the renderer ----------------------------------------------------------------------------------

    def frame_drawn(self, prompt_id: int, now: float) -> None:
        """Note that the renderer has drawn a frame of this prompt; 0 is a frame of the attract walk."""
        self.renderer_ready = True
        if prompt_id and prompt_id != self._drawn_id:
            self._drawn_id, self._drawn_since = prompt_id, now
        if prompt_id and prompt_id != self._seen_id:
            self._seen_id, self._since = prompt_id, now

    def renderer_lost(self, now: float) -> bool:
        """Note that the renderer is gone; return whether the prompt on the stage is to blame and must be dropped.

        The prompt has to be drawn again before another one follows, but keeps the time that it had on the stage.
        """
        proven = bool(self.id) and self.id == self._drawn_id and now - self._drawn_since >= PROVEN_SECONDS
        self.renderer_ready, self._drawn_id = False, 0
        if not self.id or proven:
            return False
        blamed, deaths = self._blamed
        self._blamed = self.id, (deaths if blamed == self.id else 0) + 1
        return self._blamed[1] >= MAX_DEATHS

    # -- questions ------------------------------------------------------------------------------------------------

    @property
    def id(self) -> int:
        """The id of the prompt on the stage, the last one of several; 0 in the attract walk."""
        return self.direction.prompts[-1].id if self.direction.prompts else 0

    @property
    def seen(self) -> bool:
        """Whether the audience has seen the prompt on the stage. True in the attract walk."""
        return self.id in (0, self._drawn_id)

    def shown_for(self, seconds: float, now: float) -> bool:
        """Whether the prompt has been on the stage for at least this long."""
        return now >= self._since + seconds

    def check_panic(self) -> None:
        """Raise Busy during a panic, while the show sleeps, and while it follows another one."""
        if self.led:
            raise Busy("this wall follows another show: send it there.")
        if self.in_panic:
            raise Busy("the show is in panic: F10 or /laterna/reset leaves it.")
        if self._state.values["master/sleep"]:
            raise Busy("the show sleeps: it is outside its opening hours; /laterna/master/sleep 0 wakes it.")

    def check_running(self) -> None:
        """Raise Rejected during a panic, a pause or sleep."""
        self.check_panic()
        if self.direction.paused:
            raise Rejected("the show is paused: F6 or /laterna/resume ends the pause.")
