"""The way of every prompt to the stage: moderation, approval, and the decision to interrupt or to wait.

The intake alone decides who interrupts whom, and `show_next` alone takes prompts from the queue. The rules:

- A live prompt (typed, spoken, `/prompt`, a script line) interrupts as soon as the audience has seen the prompt before
  it for `MIN_STAGE_SECONDS`; until then it waits ahead of the queue.
- A queued prompt (`--say`, `--text`, `/queue/add`) waits until the one before has had `queue/seconds`.
- A cue, and a sentence whose beginning is on the stage already, interrupt at once.
- The beginning of a sentence is shown only if it interrupts nothing, and it never waits.
"""

from __future__ import annotations

from dataclasses import replace

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.moderation import Moderation
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_queue import ApprovalQueue, PromptQueue, PromptRequest, Urgency
from installation.core.errors import Rejected
from installation.core.messages import CUE, SAY, SCRIPT, SPEECH, TEXT, Notice, Origin, Prompt
from installation.core.prompt_text import clean, parse_prompt
from installation.show.settings import Show

MAX_QUARANTINED = 100  # texts remembered
MIN_STAGE_SECONDS = 1.0  # that a prompt is seen for before a live one replaces it
PREPARED_ORIGINS = (CUE, SCRIPT, SAY, TEXT)  # the show's own texts are neither moderated nor held
PAUSED = "The show is paused: new words appear after F6 or /laterna/resume."
REPLACING_ORIGINS = (SCRIPT,)  # whose live prompts replace an earlier one of theirs that still waits


class PromptIntake:
    """Takes prompts in, and decides when each takes the stage."""

    def __init__(self, show: Show, state: ParameterState, active: ActivePrompt) -> None:
        rules = show.moderation
        self._hold = rules.hold
        self._moderation = Moderation(rules.refused_words, rules.max_characters, rules.words_per_minute)
        self._queue = PromptQueue(show.queue.limit)
        self._approvals = ApprovalQueue(show.queue.limit)
        self._state, self._active = state, active
        self._quarantined: dict[str, None] = {}  # texts that stopped the renderer, the latest last
        self._next_id = 1

    # -- in ---------------------------------------------------------------------------------------------------------

    def submit(
        self,
        text: str,
        origin: Origin,
        now: float,
        urgency: Urgency = Urgency.LIVE,
        *,
        caption: str = "",
        fade_seconds: float | None = None,
    ) -> None:
        """Take a prompt in: show it, queue it, or hold it for approval.

        Raises:
            Rejected: the text is empty or not allowed, a queue is full, or the show is in panic.
        """
        if urgency is Urgency.QUEUED:
            self._queue.check_room(origin, urgency)
        request = PromptRequest(self._new_prompt(text, origin, now, caption), urgency, fade_seconds)
        if origin not in PREPARED_ORIGINS:
            self._moderation.admit(request.prompt.text, origin, now)
            if self._hold:
                self._approvals.hold(request)
                return
        self._place(request, now)
        if self._active.direction.paused:
            self._state.emit(Notice("stage", PAUSED))

    def submit_partial(self, text: str, weight: float, now: float) -> Prompt | None:
        """Show the beginning of a spoken sentence, and return its prompt; return None if it would interrupt.

        Text that is not allowed is ignored as well: it is rejected once the sentence is complete.
        """
        allowed = not self._hold and not self._active.in_panic and self._moderation.allows(text)
        if not allowed or not self._may_interrupt(now):
            return None
        prompt = replace(self._new_prompt(text, SPEECH, now), weight=weight)
        self._show(PromptRequest(prompt), now)
        return prompt

    def decide(self, approved: bool, number: int | None, now: float) -> None:
        """Approve or reject the held prompt with this number; None: the oldest.

        Raises:
            Rejected: no such prompt is on hold, or there is no room for it yet; then it stays on hold.
        """
        number, request = self._approvals.find(number)
        if approved:
            self._place(request, now)
        self._approvals.remove(number)

    def reseed(self, now: float) -> None:
        """Start the dream of the prompt on the stage again, under a new id. Raises Rejected if there is none."""
        prompts = self._active.direction.prompts
        if not prompts:
            raise Rejected("no prompt is on the stage.")
        self._active.reseed(tuple(replace(prompt, id=self._take_id()) for prompt in prompts), now)

    def _new_prompt(self, text: str, origin: Origin, now: float, caption: str = "") -> Prompt:
        text = clean(text)
        if not parse_prompt(text):
            raise Rejected("the prompt is empty: say what is to be seen.")
        if text in self._quarantined:
            raise Rejected("this prompt stopped the renderer twice; /laterna/reset allows it again.")
        self._active.check_panic()
        return Prompt(self._take_id(), text, 1.0, origin, now, caption)

    def _take_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    # -- to the stage -----------------------------------------------------------------------------------------------

    def advance(self, now: float) -> bool:
        """Show the next waiting prompt if its time has come. Returns whether one was shown."""
        if self._queue.has_live and self._has_been_seen(now):
            self.show_next(now)
        elif self._queue.has_queued and self._turn_is_over(now):
            self.show_next(now, queued_only=True)
        else:
            return False
        return True

    def show_next(self, now: float, queued_only: bool = False) -> None:
        """Show the next waiting prompt, whether or not its time has come. Raises Rejected if none is waiting."""
        self._show(self._queue.pop(queued_only), now)

    def quarantine_active(self, now: float) -> None:
        """Drop the prompts on the stage for good: show the next waiting one, or return to the attract walk."""
        for prompt in self._active.direction.prompts:
            self._quarantined[prompt.text] = None
        while len(self._quarantined) > MAX_QUARANTINED:
            del self._quarantined[next(iter(self._quarantined))]
        if self._queue.has_live or (self._queue.has_queued and not self._state.values["queue/hold"]):
            self.show_next(now)
        else:
            self._active.clear()

    def _place(self, request: PromptRequest, now: float) -> None:
        origin = request.prompt.origin
        if origin in REPLACING_ORIGINS:
            self._queue.discard_live(origin)
        interrupts = request.urgency is Urgency.LIVE and self._may_interrupt(now)
        if interrupts or request.urgency is Urgency.IMMEDIATE:
            self._show(request, now)
        else:
            self._queue.push(request)

    def _show(self, request: PromptRequest, now: float) -> None:
        self._active.show((request.prompt,), request.fade_seconds, now)

    def _may_interrupt(self, now: float) -> bool:
        return self._has_been_seen(now) and not self._queue.has_live

    def _has_been_seen(self, now: float) -> bool:
        return self._active.seen and self._active.shown_for(MIN_STAGE_SECONDS, now)

    def _turn_is_over(self, now: float) -> bool:
        if not self._active.renderer_ready or self._state.values["queue/hold"]:
            return False
        seconds = float(self._state.values["queue/seconds"])
        return not self._active.id or (self._active.seen and self._active.shown_for(seconds, now))

    # -- the queues -------------------------------------------------------------------------------------------------

    @property
    def queue_room(self) -> int:
        """How many more queued prompts there is room for."""
        return self._queue.room

    @property
    def has_queued(self) -> bool:
        """Whether a queued prompt waits; live prompts do not count."""
        return self._queue.has_queued

    @property
    def waiting(self) -> tuple[Prompt, ...]:
        """All waiting prompts, next first."""
        return self._queue.prompts

    @property
    def pending_approvals(self) -> str:
        """The prompts on hold, as a list for the operator; empty if there are none."""
        return self._approvals.listing

    def discard_live(self, origin: Origin) -> None:
        """Drop the waiting live prompts of this origin."""
        self._queue.discard_live(origin)

    def release_quarantine(self) -> None:
        """Allow prompts again that stopped the renderer."""
        self._quarantined.clear()

    def clear_queue(self) -> None:
        """Drop all waiting prompts, except those on hold."""
        self._queue.clear()

    def clear(self) -> None:
        """Drop all waiting prompts, and those on hold."""
        self._queue.clear()
        self._approvals.clear()

    def update_readings(self) -> None:
        """Update the `queue/` readings."""
        self._state.update("queue/length", len(self._queue.prompts))
        self._state.update("queue/pending", len(self._approvals))
        self._state.update("queue/pending/id", self._approvals.oldest_number)
        self._state.update("queue/pending/words", self._approvals.oldest_text)
        self._state.update("queue/pending/list", self._approvals.listing)
