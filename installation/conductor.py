"""The Conductor: pure rules. Messages and time in, effects out; it owns the words, the cues and the live values.

It reads no clock, opens nothing and waits for nothing, so a whole evening can be tested in a millisecond.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from installation.errors import Refusal
from installation.follower import Follower, Trust
from installation.likeness import tokens
from installation.messages import (
    Bundle,
    Changed,
    Direction,
    Heard,
    Inbox,
    Prompt,
    Refused,
    SetParam,
    Trigger,
    Unheard,
    Value,
)
from installation.moderation import Moderation
from installation.params import MODES, TABLE, coerce, defaults, find, settable
from installation.script import Script
from installation.show import Cue, Show
from installation.words import caption, clean, spoken, weighted

Effect = Direction | SetParam | Trigger | Changed | Refused

GO_GUARD_SECONDS = 0.5  # a second GO within this is a double press
PANIC_CUT_SECONDS = 1.0  # a second panic within this cuts
PANIC_FADE_SECONDS = 1.5
LEAST_SECONDS = 1.0  # what words get on the stage before the next that are said now: nothing accepted is lost
PARTIAL_WEIGHT = 0.4  # of words whose sentence is not over
PARTIAL_WORDS = 2  # that will not change any more, before a sentence that is not over moves the picture
PREPARED = ("cue", "script", "say", "text")  # sources that nobody need moderate
NEVER = float("-inf")


@dataclass(frozen=True)
class _Waiting:
    """Words with what their cue asks for."""

    prompt: Prompt
    fade_seconds: float | None = None
    in_turn: bool = False  # not said now: waits until the words before have had their time


@dataclass
class _Playhead:
    """Where the list of cues stands: `present` counts from 1, 0 before the first."""

    cues: tuple[Cue, ...]
    present: int = 0
    follows_at: float | None = None  # when the next cue comes by itself

    def next(self) -> Cue | None:
        return self.cues[self.present] if self.present < len(self.cues) else None


@dataclass
class Conductor:
    """Give it every message (`receive`) and the time (`advance`); do what the effects say, in order."""

    show: Show
    values: dict[str, Value] = field(default_factory=dict)
    direction: Direction = field(default_factory=lambda: Direction(1))
    ready: bool = False  # until the renderer draws, words that wait go on waiting
    panicked: bool = False

    def __post_init__(self) -> None:
        captions = {} if self.show.look.captions else {"caption/opacity": 0.0}
        given = {**captions, **self.show.params, **self.values}
        self.values = {row.name: row.default for row in TABLE.values() if row.access != "trigger"}
        self.values |= {name: coerce(settable(name), value) for name, value in given.items()}
        self._said: deque[_Waiting] = deque()  # said now, but the words before them have only just come
        self._queue: deque[_Waiting] = deque()
        self._held: deque[_Waiting] = deque()  # until the operator approves
        rules = self.show.moderation
        self._moderation = Moderation(rules.refused_words, rules.max_characters, rules.words_per_minute)
        self._playhead = _Playhead(self.show.cue)
        self._next_id = 1
        self._since = NEVER  # when the present words took the stage, then when they were first drawn
        self._seen = 0  # the words that the renderer has drawn
        self._last_go = NEVER
        self._last_panic = NEVER
        self._script = Script.parse(self.show.script.text)
        self._follower = self._reader()
        self._partial = (0, 0)  # the utterance whose partial took the stage, and that prompt's id
        self._effects: list[Effect] = []
        self._direct(self.direction)
        self._effects.clear()

    def _reader(self) -> Follower:
        asked = self.show.script
        trust = Trust(asked.evidence_words, asked.margin_words, asked.window_lines)
        follower = Follower([line.text for line in self._script.lines], trust)
        follower.move((int(self.values["script/line"]) or asked.start_line - 1) - 1)
        self.values["script/line"] = follower.cursor + 1
        return follower

    def begin(self) -> list[Effect]:
        """What a show begins with: the stage's values, and the first Direction."""
        stage = [SetParam(name, self.values[name], "show") for name in defaults("stage")]
        return [*stage, self.direction]

    # -- in ---------------------------------------------------------------------------------------------------

    def receive(self, message: Inbox | Heard | Unheard, now: float) -> list[Effect]:
        """What one message leads to. Never raises: what cannot be taken comes back as Refused."""
        if isinstance(message, (Heard, Unheard)):
            try:
                self._listen(message, now)
            except Refusal as error:
                self._effects.append(Refused("speech", "speech", str(error)))
            return self._flush()
        for each in message.messages if isinstance(message, Bundle) else (message,):
            try:
                self._set(each) if isinstance(each, SetParam) else self._trigger(each, now)
            except Refusal as error:
                self._effects.append(Refused(each.source, each.name, str(error)))
        return self._flush()

    def advance(self, now: float) -> list[Effect]:
        """What has become due by itself: waiting words, a following cue, the attract walk."""
        if self.panicked or self.direction.paused:
            return self._flush()
        follows = self._playhead.follows_at
        if follows is not None and now >= follows:
            self._cue(now)
        if self._said and self._free(now):
            self._take_stage(self._said.popleft(), now)
        elif self._queue and self.ready and not self.values["queue/hold"] and self._turn_is_over(now):
            self._take_stage(self._queue.popleft(), now)
        elif self._idle(now):
            self._direct(replace(self.direction, prompts=(), fade_seconds=self._fade_seconds))
        return self._flush()

    def drawn(self, prompt_id: int, now: float) -> None:
        """The renderer has drawn a frame of these words (0: of nobody's): words that wait may come."""
        self.ready = True
        if prompt_id and prompt_id != self._seen:
            self._seen = prompt_id
            self._since = now

    def lost(self) -> None:
        """The renderer is gone: words that wait go on waiting until a successor has drawn the present ones."""
        self.ready = False
        self._seen = 0

    def deaf(self) -> list[Effect]:
        """The listener is gone: its successor counts utterances anew, and nothing that it heard goes on."""
        self._follower.break_off()
        self._partial = (0, 0)
        self._tell("speech/partial", "")
        return self._flush()

    @property
    def room(self) -> int:
        """How many more words the queue takes."""
        return self.show.queue.limit - len(self._queue)

    @property
    def waiting(self) -> tuple[Prompt, ...]:
        """The words whose turn comes, next first."""
        return tuple(each.prompt for each in (*self._said, *self._queue))

    @property
    def script_lines(self) -> tuple[str, ...]:
        """The lines that somebody is going to read."""
        return tuple(line.text for line in self._script.lines)

    @property
    def outlook(self) -> str:
        """Where the list of cues stands and what GO brings, for the operator; "" for a show without cues."""
        head = self._playhead
        if not head.cues:
            return ""
        cue = head.next()
        comes = (
            f"GO brings: {cue.caption or caption(cue.words) or cue.name or 'values only'}"
            if cue
            else "that was the last"
        )
        return f"cue {head.present} of {len(head.cues)} · {comes}"

    @property
    def mode(self) -> str:
        """attract, live, paused or panic."""
        if self.panicked:
            return "panic"
        if self.direction.paused:
            return "paused"
        return "live" if self.direction.prompts else "attract"

    # -- values -----------------------------------------------------------------------------------------------

    def _set(self, message: SetParam) -> None:
        row = settable(message.name)
        value = coerce(row, message.value)
        if row.name == "script/line":
            self._follower.move(int(value) - 1)
            value = self._follower.cursor + 1
            self._tell("script/text", self._script.lines[value - 1].text if value else "")
        self.values[row.name] = value
        self._effects.append(Changed(row.name, value, message.source))
        if row.owner in ("stage", "listener"):
            self._effects.append(replace(message, value=value))
        elif row.owner == "renderer":
            self._direct(self.direction)

    def _tell(self, name: str, value: Value) -> None:
        if self.values[name] != value:
            self.values[name] = value
            self._effects.append(Changed(name, value))

    # -- triggers ---------------------------------------------------------------------------------------------

    def _trigger(self, message: Trigger, now: float) -> None:
        row = find(message.name)
        if row.access != "trigger":
            raise Refusal(f"'{row.name}' is a value, not a trigger.")
        match row.name:
            case "prompt":
                self._say(message, now)
            case "queue/add":
                self._add(message, now)
            case "queue/skip":
                self._skip(now)
            case "queue/clear":
                self._queue.clear()
            case "queue/approve" | "queue/reject":
                self._decide(row.name == "queue/approve", now)
            case "go":
                self._go(now)
            case "pause" | "resume":
                self._direct(replace(self.direction, paused=row.name == "pause"))
            case "panic" | "panicInTime":
                self._panic(message, now)
            case "reset":
                self._reset(message)
            case "dream/reseed":
                self._reseed(now)
            case _:
                self._effects.append(message)  # the stage's own, such as record/still

    def _prompt(self, message: Trigger, now: float, caption: str = "") -> Prompt:
        text = clean(" ".join(str(arg) for arg in message.args))
        if not weighted(text):
            raise Refusal("nothing was said: words are needed.")
        if self.panicked:
            raise Refusal("the show is in panic: F10 or /laterna/reset leaves it.")
        self._next_id += 1
        return Prompt(self._next_id - 1, text, 1.0, message.source, now, caption)

    def _say(self, message: Trigger, now: float) -> None:
        self._admit(_Waiting(self._prompt(message, now)), now)

    def _admit(self, waiting: _Waiting, now: float) -> None:
        """Words of people: moderated, where the show asks for it."""
        prompt = waiting.prompt
        if prompt.source in PREPARED:
            self._take_in(waiting, now)
            return
        self._moderation.admit(prompt.text, prompt.source, now)
        if not self.show.moderation.hold:
            self._take_in(waiting, now)
        elif len(self._held) >= self.show.queue.limit:
            raise Refusal(f"too many words wait for approval: {len(self._held)}.")
        else:
            self._held.append(waiting)

    def _decide(self, approved: bool, now: float) -> None:
        if not self._held:
            raise Refusal("no words wait for approval.")
        waiting = self._held.popleft()
        if approved:
            self._take_in(waiting, now)

    def _take_in(self, waiting: _Waiting, now: float) -> None:
        if waiting.in_turn:
            self._queue.append(waiting)
        else:
            self._say_now(waiting, now)

    def _say_now(self, waiting: _Waiting, now: float) -> None:
        if self._free(now) and not self._said:
            self._take_stage(waiting, now)
        elif len(self._said) >= self.show.queue.limit:
            raise Refusal(f"too many words at once: {len(self._said)} wait already.")
        else:
            self._said.append(waiting)

    def _add(self, message: Trigger, now: float) -> None:
        if self.room <= 0:
            raise Refusal(f"the queue is full: {len(self._queue)} wait already.")
        self._admit(_Waiting(self._prompt(message, now), in_turn=True), now)

    def _skip(self, now: float) -> None:
        if not self._said and not self._queue:
            raise Refusal("no words wait.")
        self._take_stage((self._said or self._queue).popleft(), now)

    def _go(self, now: float) -> None:
        if now < self._last_go + GO_GUARD_SECONDS:
            return
        if self.panicked:
            raise Refusal("the show is in panic: F10 or /laterna/reset leaves it.")
        if self._playhead.next():
            self._cue(now)
        elif self._follower.cursor + 1 < len(self._script.lines):
            self._begin_line(self._follower.cursor + 1, now)
            self._follower.move(self._follower.cursor + 1)
        elif self._queue:
            self._take_stage(self._queue.popleft(), now)
        else:
            raise Refusal("there is no next cue, and no words wait.")
        self._last_go = now

    def _cue(self, now: float) -> None:
        head = self._playhead
        cue = head.next()
        head.follows_at = None
        if cue is None:
            return
        head.present += 1
        following = cue.seconds is not None and head.next() is not None
        head.follows_at = now + (cue.seconds or 0.0) if following else None
        for name, value in cue.params.items():
            self._set(SetParam(name, value, "cue"))
        if cue.words:
            prompt = self._prompt(Trigger("prompt", (cue.words,), "cue"), now, clean(cue.caption))
            self._take_stage(_Waiting(prompt, cue.fade_seconds), now)
        self._tell("cue/current/index", head.present)
        self._tell("cue/current/name", cue.name or f"cue {head.present}")

    def _panic(self, message: Trigger, now: float) -> None:
        seconds = _seconds(message) if message.name == "panicInTime" and message.args else PANIC_FADE_SECONDS
        again = now < self._last_panic + PANIC_CUT_SECONDS
        self._last_panic = now
        self.panicked = True
        self._said.clear()
        self._queue.clear()
        self._held.clear()
        self._playhead.follows_at = None
        self._effects.append(Trigger("panic", (0.0 if again else max(0.0, seconds),), message.source))

    def _reset(self, message: Trigger) -> None:
        self.panicked = False
        self.values["blackout"] = False
        self._effects += [Changed("blackout", False, message.source), Trigger("reset", (), message.source)]
        self._direct(replace(self.direction, prompts=(), paused=False, fade_seconds=self._fade_seconds))

    def _reseed(self, now: float) -> None:
        if not self.direction.prompts:
            raise Refusal("nobody's words are on the stage.")
        anew = tuple(replace(prompt, id=self._next_id + i) for i, prompt in enumerate(self.direction.prompts))
        self._next_id += len(anew)
        self._since = now
        self._direct(replace(self.direction, prompts=anew, fade_seconds=self._fade_seconds))

    # -- what is heard ------------------------------------------------------------------------------------------

    def _listen(self, heard: Heard | Unheard, now: float) -> None:
        if not self.values["speech/enabled"]:
            return
        if isinstance(heard, Unheard):
            self._tell("speech/partial", "")
            self._tell("speech/unheard", heard.reason)
            return
        self._tell("speech/partial", "" if heard.final else clean(heard.text))
        if heard.final:
            self._tell("speech/final", clean(heard.text))
            self._tell("speech/latency", max(0.0, now - heard.ended) if heard.ended else 0.0)
        if self._script.lines and self.values["script/follow"]:
            if not self.panicked:
                self._follow(heard, now)
        elif heard.final:
            self._hear_final(heard, now)
        elif self.values["speech/partials"]:
            self._hear_partial(heard, now)

    def _hear_partial(self, heard: Heard, now: float) -> None:
        """Once per utterance, as soon as there is something to go by; never in the way of other words."""
        certain = heard.text[: heard.stable]
        if len(heard.text) > heard.stable and not heard.text[heard.stable].isspace():
            certain = certain.rpartition(" ")[0]  # its last word is not yet whole
        text = spoken(certain)
        known = heard.utterance == self._partial[0]
        if known or len(text.split()) < PARTIAL_WORDS or self.panicked or self._said or not self._free(now):
            return
        if self.show.moderation.hold or not self._acceptable(text):
            return
        prompt = replace(self._prompt(Trigger("prompt", (text,), "speech"), now), weight=PARTIAL_WEIGHT)
        self._partial = (heard.utterance, prompt.id)
        self._take_stage(_Waiting(prompt), now)

    def _acceptable(self, text: str) -> bool:
        try:
            self._moderation.check(text)
        except Refusal:
            return False  # the final is refused aloud
        return True

    def _hear_final(self, heard: Heard, now: float) -> None:
        text = spoken(heard.text)
        if not text:
            return
        present = self.direction.prompts[0] if self.direction.prompts else None
        begun = present and self._partial == (heard.utterance, present.id)
        if begun and present and tokens(present.text) == tokens(text):
            self._direct(replace(self.direction, prompts=(replace(present, weight=1.0),)))
            return
        waiting = _Waiting(self._prompt(Trigger("prompt", (text,), "speech"), now))
        if begun:
            self._moderation.admit(text, "speech", now)
            self._take_stage(waiting, now)  # it is the same sentence: nobody need have seen its beginning
        else:
            self._admit(waiting, now)

    def _follow(self, heard: Heard, now: float) -> None:
        for number in self._follower.hear(heard.utterance, heard.text, heard.final):
            self._begin_line(number, now)

    def _begin_line(self, number: int, now: float) -> None:
        """A line of the script is being read; lines before it that still wait have been overtaken."""
        line = self._script.lines[number]
        prompt = self._prompt(Trigger("prompt", (line.words,), "script"), now, line.text)
        for name, value in line.params.items():
            self._set(SetParam(name, value, "script"))
        kept = [each for each in self._said if each.prompt.source != "script"]
        self._said = deque(kept)
        self._say_now(_Waiting(prompt, line.fade_seconds), now)
        self._tell("script/line", number + 1)
        self._tell("script/text", line.text)

    # -- the stage's words --------------------------------------------------------------------------------------

    def _take_stage(self, waiting: _Waiting, now: float) -> None:
        fade = self._fade_seconds if waiting.fade_seconds is None else waiting.fade_seconds
        take = self.direction.take + (1 if fade == 0 else 0)  # no fade: a hard cut
        self._since = now
        self._direct(replace(self.direction, take=take, prompts=(waiting.prompt,), fade_seconds=fade))

    @property
    def _fade_seconds(self) -> float:
        return float(self.values["transition/time"])

    def _unseen(self) -> bool:
        """Whether nobody has yet seen a picture of the present words: then they are not replaced by others."""
        return bool(self.direction.prompts) and self.direction.prompts[0].id != self._seen

    def _free(self, now: float) -> bool:
        return not self._unseen() and now >= self._since + LEAST_SECONDS

    def _turn_is_over(self, now: float) -> bool:
        if not self.direction.prompts:
            return True
        return not self._unseen() and now >= self._since + float(self.values["queue/seconds"])

    def _idle(self, now: float) -> bool:
        """Whether the present words have had the stage for so long that the attract walk goes on."""
        after = self.show.queue.attract_after_seconds
        prepared = self._playhead.present or any(each.source == "script" for each in self.direction.prompts)
        quiet = not prepared and not self._queue and after > 0
        return quiet and bool(self.direction.prompts) and now >= self._since + after

    def _direct(self, direction: Direction) -> None:
        params = {name: self.values[name] for name in defaults("renderer")}
        params["attract/seconds"] = self.show.queue.attract_every_seconds
        self.direction = replace(direction, params=params, number=self.direction.number + 1)
        self._effects.append(self.direction)

    def _flush(self) -> list[Effect]:
        prompts = self.direction.prompts
        self._tell("prompt/current", " | ".join(prompt.text for prompt in prompts))
        self._tell("queue/length", len(self._said) + len(self._queue))
        self._tell("queue/pending", len(self._held))
        self._tell("queue/pending/words", self._held[0].prompt.text if self._held else "")
        self._tell("mode", self.mode)
        self._tell("mode/index", MODES.index(self.mode))
        effects, self._effects = self._effects, []
        return effects

    def readings(self, figures: Mapping[str, Value]) -> list[Effect]:
        """Takes measured readings (`status/fps`) and gives back those that changed."""
        for name, value in figures.items():
            self._tell(name, value)
        return self._flush()


def _seconds(message: Trigger) -> float:
    seconds = message.args[0]
    if isinstance(seconds, str) or not math.isfinite(seconds):
        raise Refusal(f"'{message.name}' takes a number of seconds.")
    return float(seconds)
