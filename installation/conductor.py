"""The Conductor: pure rules. Messages and time in, effects out; it owns the words, the cues and the live values.

It reads no clock, opens nothing and waits for nothing, so a whole evening can be tested in a millisecond.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from installation.approval import Approvals
from installation.commands import parse_commands
from installation.errors import Refusal
from installation.hearing_rules import Begins, Commands, HearingRules, Meaning, Nothing, Reads, Says
from installation.likeness import tokens
from installation.lineup import Lineup, Waiting
from installation.messages import (
    Bundle,
    Changed,
    Direction,
    Expect,
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
from installation.playhead import Playhead
from installation.recital import Recital
from installation.settings import Show
from installation.words import clean, weighted

Effect = Direction | SetParam | Trigger | Changed | Refused

GO_GUARD_SECONDS = 0.5  # a second GO within this is a double press
PANIC_CUT_SECONDS = 1.0  # a second panic within this cuts
PANIC_FADE_SECONDS = 1.5
LEAST_SECONDS = 1.0  # what words get on the stage before the next that are said now: nothing accepted is lost
PARTIAL_WEIGHT = 0.4  # of words whose sentence is not over
PREPARED = ("cue", "script", "say", "text")  # sources that nobody need moderate
NEVER = float("-inf")


@dataclass(frozen=True)
class _Begun:
    """A sentence that is not over and moves the picture already."""

    utterance: int
    prompt: int  # its words' id
    before: tuple[Prompt, ...]  # what was on the stage, for the case that nothing comes of it
    since: float  # and since when


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
        rules = self.show.moderation
        self._moderation = Moderation(rules.refused_words, rules.max_characters, rules.words_per_minute)
        self._lineup = Lineup(self.show.queue.limit)
        self._approvals = Approvals(self.show.queue.limit)
        self._playhead = Playhead(self.show.cue)
        self._recital = Recital(self.show.script, int(self.values["script/line"]))
        self._commands = parse_commands(self.show.listen.commands)
        self._ears = HearingRules(self.show.listen.language, self._commands, self._recital)
        self._begun: _Begun | None = None
        self._next_id = 1
        self._since = NEVER  # when the present words took the stage, then when they were first drawn
        self._seen = 0  # the words that the renderer has drawn
        self._last_go = NEVER
        self._last_panic = NEVER
        self._effects: list[Effect] = []
        self._direct(self.direction)
        self._tell_script()
        self._effects.clear()

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
        said, queued = self._lineup.said, self._lineup.queued
        if said and self._free(now):
            self._take_stage(said.popleft(), now)
        elif queued and self.ready and not self.values["queue/hold"] and self._turn_is_over(now):
            self._take_stage(queued.popleft(), now)
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
        self._recital.break_off()
        self._withdraw()
        self._tell("speech/partial", "")
        return self._flush()

    @property
    def room(self) -> int:
        """How many more words the queue takes."""
        return self._lineup.room

    @property
    def waiting(self) -> tuple[Prompt, ...]:
        """The words whose turn comes, next first."""
        return self._lineup.waiting

    @property
    def script_lines(self) -> tuple[str, ...]:
        """The lines that somebody is going to read."""
        return tuple(line.text for line in self._recital.lines)

    @property
    def expected(self) -> Expect:
        """What is likely to be said from now on, for the recogniser."""
        cues = (cue.words for cue in self.show.cue if cue.words)
        commands = (" ".join(words) for words in self._commands)
        return Expect((*self.script_lines, *cues, *commands), self._following)

    @property
    def outlook(self) -> str:
        """Where the list of cues stands and what GO brings, for the operator; "" for a show without cues."""
        return self._playhead.outlook

    @property
    def pending(self) -> str:
        """The words that wait for approval, for the operator; "" for none."""
        return self._approvals.listing

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
            self._recital.move(int(value) - 1)
            value = self._recital.cursor + 1
            self._tell("script/text", self._recital.read_last)
        elif row.name == "speech/talk" and value and not self.show.listen.push_to_talk:
            raise Refusal("this show hears all the time; 'push_to_talk = true' under [listen] would ask for a key.")
        self.values[row.name] = value
        self._effects.append(Changed(row.name, value, message.source))
        if row.name == "speech/enabled" and not value:
            self._withdraw()
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
                self._lineup.queued.clear()
            case "queue/approve" | "queue/reject":
                self._decide(message, now)
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
            case "script/next" | "script/previous":
                self._begin_line(self._recital.step(1 if row.name == "script/next" else -1), now)
            case _:
                self._effects.append(message)  # for main itself, such as record/still

    def _prompt(self, message: Trigger, now: float, caption: str = "") -> Prompt:
        text = clean(" ".join(str(arg) for arg in message.args))
        if not weighted(text):
            raise Refusal("nothing was said: words are needed.")
        if self.panicked:
            raise Refusal("the show is in panic: F10 or /laterna/reset leaves it.")
        self._next_id += 1
        return Prompt(self._next_id - 1, text, 1.0, message.source, now, caption)

    def _say(self, message: Trigger, now: float) -> None:
        self._admit(Waiting(self._prompt(message, now)), now)

    def _admit(self, waiting: Waiting, now: float) -> None:
        """Words of people: moderated, where the show asks for it."""
        prompt = waiting.prompt
        if prompt.source not in PREPARED:
            self._moderation.admit(prompt.text, prompt.source, now)
            if self.show.moderation.hold:
                self._approvals.hold(waiting)
                return
        self._take_in(waiting, now)

    def _decide(self, message: Trigger, now: float) -> None:
        number, waiting = self._approvals.meant(_number(message))
        if message.name == "queue/approve":
            self._take_in(waiting, now)
        self._approvals.forget(number)

    def _take_in(self, waiting: Waiting, now: float) -> None:
        if waiting.in_turn:
            self._lineup.add(waiting)
        else:
            self._say_now(waiting, now)

    def _say_now(self, waiting: Waiting, now: float) -> None:
        if self._free(now) and not self._lineup.said:
            self._take_stage(waiting, now)
        else:
            self._lineup.say(waiting)

    def _add(self, message: Trigger, now: float) -> None:
        self._lineup.check_room()
        self._admit(Waiting(self._prompt(message, now), in_turn=True), now)

    def _skip(self, now: float) -> None:
        self._take_stage(self._lineup.next(), now)

    def _go(self, now: float) -> None:
        if now < self._last_go + GO_GUARD_SECONDS:
            return
        if self.panicked:
            raise Refusal("the show is in panic: F10 or /laterna/reset leaves it.")
        if self._playhead.next():
            self._cue(now)
        elif not self._recital.over:
            self._begin_line(self._recital.step(1), now)
        elif self._lineup.queued:
            self._take_stage(self._lineup.queued.popleft(), now)
        else:
            raise Refusal("there is no next cue, and no words wait.")
        self._last_go = now

    def _cue(self, now: float) -> None:
        cue = self._playhead.advance(now)
        if cue is None:
            return
        for name, value in cue.params.items():
            self._set(SetParam(name, value, "cue"))
        if cue.words:
            prompt = self._prompt(Trigger("prompt", (cue.words,), "cue"), now, clean(cue.caption))
            self._take_stage(Waiting(prompt, cue.fade_seconds), now)
        self._tell("cue/current/index", self._playhead.present)
        self._tell("cue/current/name", cue.name or f"cue {self._playhead.present}")

    def _panic(self, message: Trigger, now: float) -> None:
        seconds = _seconds(message) if message.name == "panicInTime" and message.args else PANIC_FADE_SECONDS
        again = now < self._last_panic + PANIC_CUT_SECONDS
        self._last_panic = now
        self.panicked = True
        self._lineup.clear()
        self._approvals.clear()
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

    @property
    def _following(self) -> bool:
        return bool(self._recital.lines and self.values["script/follow"])

    def _listen(self, heard: Heard | Unheard, now: float) -> None:
        if not self.values["speech/enabled"]:
            return
        self._tell_heard(heard, now)
        if self.panicked and self._following:
            return
        for meaning in self._ears.meanings(heard, self._following):
            self._answer(meaning, now)

    def _tell_heard(self, heard: Heard | Unheard, now: float) -> None:
        if isinstance(heard, Unheard):
            self._tell("speech/partial", "")
            self._tell("speech/unheard", heard.reason)
            return
        self._tell("speech/partial", "" if heard.final else clean(heard.text))
        if heard.final:
            self._tell("speech/final", clean(heard.text))
            self._tell("speech/latency", max(0.0, now - heard.ended) if heard.ended else 0.0)

    def _answer(self, meaning: Meaning, now: float) -> None:
        match meaning:
            case Begins(utterance, text):
                self._begin_gently(utterance, text, now)
            case Says(utterance, text):
                self._finish(utterance, text, now)
            case Nothing(utterance):
                self._withdraw(utterance)
            case Reads(line):
                self._begin_line(line, now)
            case Commands(does):
                self._set(does) if isinstance(does, SetParam) else self._trigger(does, now)

    def _begin_gently(self, utterance: int, text: str, now: float) -> None:
        """Once per utterance, as soon as there is something to go by; never in the way of other words."""
        known = self._begun and self._begun.utterance == utterance
        if known or not self.values["speech/partials"] or self.panicked or self._lineup.said or not self._free(now):
            return
        if self.show.moderation.hold or not self._acceptable(text):
            return
        prompt = replace(self._prompt(Trigger("prompt", (text,), "speech"), now), weight=PARTIAL_WEIGHT)
        begun = _Begun(utterance, prompt.id, self.direction.prompts, self._since)
        self._take_stage(Waiting(prompt), now)
        self._begun = begun

    def _acceptable(self, text: str) -> bool:
        try:
            self._moderation.check(text)
        except Refusal:
            return False  # the final is refused aloud
        return True

    def _finish(self, utterance: int, text: str, now: float) -> None:
        present = self.direction.prompts[0] if self.direction.prompts else None
        begun = self._begun and self._begun.utterance == utterance and present and present.id == self._begun.prompt
        if begun and present and tokens(present.text) == tokens(text):
            self._begun = None
            self._direct(replace(self.direction, prompts=(replace(present, weight=1.0),)))
            return
        waiting = Waiting(self._prompt(Trigger("prompt", (text,), "speech"), now))
        if not begun:
            self._admit(waiting, now)
            return
        try:
            self._moderation.admit(text, "speech", now)
        except Refusal:
            self._withdraw(utterance)
            raise
        self._begun = None
        self._take_stage(waiting, now)  # it is the same sentence: nobody need have seen its beginning

    def _withdraw(self, utterance: int | None = None) -> None:
        """Nothing came of the sentence that had begun (this one; None: any): the words before it have the stage."""
        begun = self._begun
        if begun is None or utterance not in (None, begun.utterance):
            return
        self._begun = None
        if any(prompt.id == begun.prompt for prompt in self.direction.prompts):
            self._seen, self._since = (begun.before[0].id if begun.before else 0), begun.since
            self._direct(replace(self.direction, prompts=begun.before, fade_seconds=self._fade_seconds))

    # -- the script ---------------------------------------------------------------------------------------------

    def take_up(self, text: str, name: str) -> list[Effect]:
        """Another script is read from its first line on. Raises ShowError, with nothing changed, for what is none."""
        self._recital.take_up(text, name)
        self._lineup.overtake("script")
        self._tell_script()
        return self._flush()

    def _tell_script(self) -> None:
        self._tell("script/lines", len(self._recital.lines))
        self._tell("script/name", self._recital.name)
        self._tell("script/line", self._recital.cursor + 1)
        self._tell("script/text", self._recital.read_last)

    def _begin_line(self, number: int, now: float) -> None:
        """A line of the script is being read; lines before it that still wait have been overtaken."""
        line = self._recital.lines[number]
        prompt = self._prompt(Trigger("prompt", (line.words,), "script"), now, line.text)
        for name, value in line.params.items():
            self._set(SetParam(name, value, "script"))
        self._lineup.overtake("script")
        self._say_now(Waiting(prompt, line.fade_seconds), now)
        self._tell("script/line", number + 1)
        self._tell("script/text", line.text)

    # -- the stage's words --------------------------------------------------------------------------------------

    def _take_stage(self, waiting: Waiting, now: float) -> None:
        fade = self._fade_seconds if waiting.fade_seconds is None else waiting.fade_seconds
        take = self.direction.take + (1 if fade == 0 else 0)  # no fade: a hard cut
        self._since = now
        self._begun = None
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
        quiet = not prepared and not self._lineup.queued and after > 0
        return quiet and bool(self.direction.prompts) and now >= self._since + after

    def _direct(self, direction: Direction) -> None:
        params = {name: self.values[name] for name in defaults("renderer")}
        params["attract/seconds"] = self.show.queue.attract_every_seconds
        self.direction = replace(direction, params=params, number=self.direction.number + 1)
        self._effects.append(self.direction)

    def _flush(self) -> list[Effect]:
        prompts = self.direction.prompts
        self._tell("prompt/current", " | ".join(prompt.text for prompt in prompts))
        self._tell("queue/length", len(self._lineup.waiting))
        self._tell("queue/pending", len(self._approvals))
        self._tell("queue/pending/id", self._approvals.oldest)
        self._tell("queue/pending/words", self._approvals.words)
        self._tell("queue/pending/list", self._approvals.listing)
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


def _number(message: Trigger) -> int | None:
    if not message.args:
        return None
    number = message.args[0]
    if isinstance(number, str) or not math.isfinite(number):
        raise Refusal(f"'{message.name}' takes the number of the words that wait.")
    return int(number)
