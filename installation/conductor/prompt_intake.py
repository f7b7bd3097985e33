"""The way of every prompt to the stage: moderation, approval, and the decision to interrupt or to wait.

The intake alone decides who interrupts whom, and `show_next` alone takes prompts from the queue. The rules:

- A live prompt (typed, spoken, `/prompt`, a script line) interrupts as soon as the audience has seen the prompt before
  it for `MIN_STAGE_SECONDS`; until then it waits ahead of the queue. Of one sender only the latest waits, and the same
  words again within `REPEAT_SECONDS` are ignored: a sender that repeats them at 60 Hz says them once.
- A queued prompt (`--say`, `--text`, `/queue/add`) waits until the one before has had `queue/seconds`.
- A cue, and a sentence whose beginning is on the stage already, interrupt at once.
- The beginning of a sentence is shown only if it interrupts nothing, and it never waits.
- While the show is paused, everything waits.
- Each message of a visitor has an origin of its own. One that was taken is ignored when it comes again: a surface that
  was replaced sends what it cannot know to have arrived.
"""

from __future__ import annotations

from dataclasses import replace

from installation.conductor.active_prompt import ActivePrompt
from installation.conductor.moderation import Moderation
from installation.conductor.parameter_state import ParameterState
from installation.conductor.prompt_queue import PromptRequest, Urgency
from installation.conductor.repetitions import LastWords, TakenMessages
from installation.conductor.waiting_prompts import WaitingPrompts
from installation.core.errors import Rejected
from installation.core.messages import AUDIENCE, CUE, SAY, SCRIPT, SPEECH, TEXT, Notice, Origin, Prompt
from installation.core.prompt_text import clean, parse_prompt
from installation.show.settings import Show
from installation.text.gist import Gist, gist, gist_of_any
from installation.text.verse_lines import in_one_line

MAX_QUARANTINED = 100  # texts remembered
MIN_STAGE_SECONDS = 1.0  # that a prompt is seen for before a live one replaces it
PREPARED_ORIGINS = (CUE, SCRIPT, SAY, TEXT)  # the show's own texts are neither moderated nor held
PAUSED = "The show is paused: new words appear after F6 or /laterna/resume."
BROKER = "broker"  # the kind of surface through which words of a crowd come


class PromptIntake:
    """Takes prompts in, and decides when each takes the stage."""

    def __init__(self, show: Show, state: ParameterState, active: ActivePrompt) -> None:
        rules = show.moderation
        self._hold, self._hold_audience = rules.hold, show.audience.hold
        self._keep_seconds = 60.0 * show.audience.keep_minutes  # the words of visitors
        self._moderation = Moderation(
            rules.refused_words, rules.max_characters, rules.words_per_minute, rules.prompts_per_minute
        )
        self.waiting = WaitingPrompts(show.queue.limit)
        self._state, self._active = state, active
        self._said = LastWords()
        self._taken = TakenMessages()
        # A broker sends again what was not over when the show ended; what it does not send was over.
        self._sent_again = any(each.kind == BROKER for each in show.surface) and not show.audience.enabled
        self._remembered: dict[Origin, tuple[Prompt, bool]] = {}  # until a broker has sent it; whether it was on hold
        self._quarantined: dict[str, None] = {}  # texts that stopped the renderer, the latest last
        self._language = show.listen.main_language
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
        picture: str = "",
        seed: int = 0,
        language: str = "",
    ) -> None:
        """Take a prompt in: show it, queue it, or hold it for approval; ignore a repeated live one.

        Of a text that is not the show's own only the gist is shown, in `language` (two letters; empty: the show's). Its
        caption is what was said.

        Raises:
            Rejected: the text is empty, names nothing or is not allowed, a queue is full, or the show is in panic.
        """
        if origin in self._taken:
            return
        if origin in self._remembered:
            self._take_back(*self._remembered[origin])
            del self._remembered[origin]
            return
        if urgency is Urgency.QUEUED:
            self.waiting.check_room(origin)
        prepared = origin in PREPARED_ORIGINS
        said = self._checked(text)
        if urgency is not Urgency.QUEUED and not prepared and self._said.repeats(said, origin, now):
            return
        wanted = said if prepared else self._checked(self._wanted(said, language))
        caption = caption or ("" if wanted == said else said)
        prompt = Prompt(self.take_id(), wanted, 1.0, origin, now, caption, picture, seed)
        request = PromptRequest(prompt, urgency, fade_seconds)
        if not prepared:
            self._moderation.admit(said, origin, now)
        if not prepared and (self._hold or (self._hold_audience and origin.source == AUDIENCE)):
            self.waiting.hold(request)
        else:
            self._place(request, now)
        self._said.note(said, origin, now)
        self.know(origin)
        if self._active.direction.paused:
            self._state.emit(Notice("stage", PAUSED))

    def know(self, origin: Origin) -> None:
        """Ignore this message of a visitor when it comes again."""
        if origin.source == AUDIENCE:
            self._taken.note(origin)

    def show_cue(
        self, words: str, caption: str, fade_seconds: float, now: float, *, picture: str = "", seed: int = 0
    ) -> Prompt:
        """Show the prompt of a cue at once, and return it. Only one with a picture or a seed may have no words.

        Raises:
            Rejected: the words ask for nothing to be seen, or the show is in panic.
        """
        text = self._checked(words) if words or not picture else ""
        prompt = Prompt(self.take_id(), text, 1.0, CUE, now, caption, picture, seed)
        self._active.show((prompt,), fade_seconds, now)
        return prompt

    def check_words(self, text: str) -> None:
        """Raise Rejected for words that are empty, quarantined or not allowed, or during a panic."""
        self._moderation.check(self._checked(text))

    def submit_partial(
        self, text: str, weight: float, now: float, origin: Origin = SPEECH, language: str = ""
    ) -> Prompt | None:
        """Show the beginning of a spoken sentence, and return its prompt; return None if it would interrupt.

        Text that names nothing or is not allowed is ignored as well: it is rejected once the sentence is complete.
        """
        if not self.gist(text, language).wanted:
            return None
        if self._hold or not self.allows(text) or not self._may_interrupt(now):
            return None
        said = self._checked(text)
        wanted = self._checked(self._wanted(said, language))
        prompt = Prompt(self.take_id(), wanted, weight, origin, now, "" if wanted == said else said)
        self._active.show((prompt,), None, now)
        return prompt

    def decide(self, approved: bool, number: int | None, now: float) -> None:
        """Approve or reject the held prompt with this number; None: the oldest.

        Raises:
            Rejected: no such prompt is on hold, or there is no room for it yet; then it stays on hold.
        """
        request = self.waiting.on_hold(number)
        if approved:
            self._place(request, now)
            self.waiting.approve(request)
        else:
            self.waiting.drop(request.prompt.id, "rejected")

    def reseed(self, now: float) -> None:
        """Start the dream of the prompt on the stage again, under a new id. Raises Rejected if there is none."""
        prompts = self._active.direction.prompts
        if not prompts:
            raise Rejected("no prompt is on the stage.")
        self._active.reseed(tuple(replace(each, id=self.take_id(), picture="", seed=0) for each in prompts), now)

    def allows(self, text: str) -> bool:
        """Whether the audience may read a text."""
        return self._moderation.allows(text) and not self._active.in_panic

    def gist(self, text: str, language: str = "") -> Gist:
        """What a text asks to be shown, in `language` (two letters; empty: that of the text, else the show's)."""
        return gist(clean(text), language) if language else gist_of_any(clean(text), self._language)

    def _checked(self, text: str) -> str:
        """The cleaned text. Raises Rejected if it cannot be shown, or not now."""
        text = clean(in_one_line(text))
        if not parse_prompt(text):
            raise Rejected("the prompt is empty: say what is to be seen.")
        if text in self._quarantined:
            raise Rejected("this prompt stopped the renderer twice; /laterna/reset allows it again.")
        self._active.check_panic()
        return text

    def _wanted(self, said: str, language: str) -> str:
        """The prompt that a text asks for; what it only refuses is taken away from the prompt on the stage."""
        found = self.gist(said, language)
        if found.wanted:
            return found.prompt
        present = self._active.direction.prompts
        if not found.unwanted or not present:
            raise Rejected(f"'{said}' names nothing that could be shown.")
        return clean(f"{present[0].text} | {found.prompt}")

    def take_id(self) -> int:
        """The id of a new prompt; none is used twice."""
        self._next_id += 1
        return self._next_id - 1

    def restore(self, prompt: Prompt, held: bool) -> None:
        """Take a prompt that was accepted before a restart, on hold or waiting. Raises Busy if there is no room.

        Words of visitors wait until their broker has sent them again.
        """
        if self._sent_again and prompt.origin.source == AUDIENCE:
            self._remembered[prompt.origin] = prompt, held
        else:
            self._take_back(prompt, held)

    def _take_back(self, prompt: Prompt, held: bool) -> None:
        if held:
            self.waiting.hold(PromptRequest(prompt))
        else:
            self.waiting.push(PromptRequest(prompt, Urgency.QUEUED))
        self.know(prompt.origin)

    # -- to the stage -----------------------------------------------------------------------------------------------

    def advance(self, now: float) -> bool:
        """Show the next waiting prompt if its time has come. Returns whether one was shown."""
        self.waiting.forget(AUDIENCE, now - self._keep_seconds)
        if self.waiting.has_live and self._has_been_seen(now):
            self.show_next(now)
        elif self.waiting.has_queued and self._turn_is_over(now):
            self.show_next(now, queued_only=True)
        else:
            return False
        return True

    def show_next(self, now: float, queued_only: bool = False) -> None:
        """Show the next waiting prompt, whether or not its time has come. Raises Rejected if none is waiting."""
        self._show(self.waiting.pop(queued_only), now)

    def quarantine_active(self, now: float) -> None:
        """Drop the prompts on the stage for good: show the next waiting one, or return to the attract walk."""
        for prompt in self._active.direction.prompts:
            self._quarantined[prompt.text] = None
        while len(self._quarantined) > MAX_QUARANTINED:
            del self._quarantined[next(iter(self._quarantined))]
        if self.waiting.has_live or (self.waiting.has_queued and not self._state.values["queue/hold"]):
            self.show_next(now)
        else:
            self._active.clear()

    def _place(self, request: PromptRequest, now: float) -> None:
        if request.urgency is not Urgency.QUEUED:
            self.waiting.discard_live(request.prompt.origin)
        immediate = request.urgency is Urgency.IMMEDIATE and not self._active.direction.paused
        if immediate or (request.urgency is Urgency.LIVE and self._may_interrupt(now)):
            self._show(request, now)
        else:
            self.waiting.push(request)

    def _show(self, request: PromptRequest, now: float) -> None:
        self.waiting.shown(request)
        self._active.show((request.prompt,), request.fade_seconds, now)

    def _may_interrupt(self, now: float) -> bool:
        return self._has_been_seen(now) and not self.waiting.has_live and not self._active.direction.paused

    def _has_been_seen(self, now: float) -> bool:
        return self._active.seen and self._active.shown_for(MIN_STAGE_SECONDS, now)

    def _turn_is_over(self, now: float) -> bool:
        if not self._active.renderer_ready or self._state.values["queue/hold"]:
            return False
        seconds = float(self._state.values["queue/seconds"])
        return not self._active.id or (self._active.seen and self._active.shown_for(seconds, now))

    # -- the queue --------------------------------------------------------------------------------------------------

    def edit(self, number: int, text: str) -> None:
        """Change the words of a prompt on hold or waiting. Raises Rejected if there is none, or for an empty text."""
        request = self.waiting.find(number)
        self.waiting.change(request, request.with_text(self._checked(text)))

    def release_quarantine(self) -> None:
        """Allow prompts again that stopped the renderer; the same words count as new."""
        self._quarantined.clear()
        self._said.clear()

    def clear(self) -> None:
        """Drop all waiting prompts, and those on hold; afterwards the same words count as new."""
        self.waiting.clear()
        self._said.clear()

    def update_readings(self) -> None:
        """Update the `queue/` readings, and emit the listing if it has changed."""
        self.waiting.update_readings(self._state, self._active.direction.prompts)
