"""A week of an unattended show, simulated: the real rules with fake processes, given times, and faults from a seed.

Real are the Conductor with its cue list, the schedule, the supervisor, the fades and the book of faults. The renderer
is a fake that starts, draws, dies, hangs, and dies of poisoned words. The same seed gives the same week. The method is
deterministic simulation, as FoundationDB does it (Zhou et al., SIGMOD 2021).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, cast

from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import Direction, MessageRejected, Origin, SetParam, Trigger
from installation.core.speech_messages import Transcription
from installation.core.worker_status import WorkerStatus
from installation.runtime.supervisor import SupervisedWorker
from installation.runtime.worker_link import WorkerLink
from installation.show.settings import CueSettings, QueueSettings, Show
from installation.show.site_settings import OpeningSettings
from installation.site.faults import FaultBook
from installation.site.schedule import Schedule
from installation.stage.fades import StageFades

WEEK_SECONDS = 7 * 86_400.0
FADE_SECONDS = 10.0
QUEUE_LIMIT = 50
LIVE_WORDS = 1  # of the microphone, which have a queue of their own; of one source only the latest waits
NO_PROCESS = 2**30  # a process id that no system gives
AFTER_SECONDS = 30.0  # of a fault, before it is a message
SETTLE_SECONDS = 120.0  # for what an event has started; step by step
STEP_SECONDS = 5.0
LONG_STEP_SECONDS = 240.0
FINE_STEP_SECONDS = 0.9  # while the renderer is hung: main must not seem to have stalled
SHOW = Show(
    queue=QueueSettings(limit=QUEUE_LIMIT),
    opening=OpeningSettings(
        hours={"tue-sun": "10:00-18:00", "sat": "18:00-02:00"},
        timezone="Europe/Berlin",
        fade_seconds=FADE_SECONDS,
        recycle="04:30",
    ),
    cue=(CueSettings(words="a red fox", seconds=30.0), CueSettings(words="a grey sea")),
)
STARTS = (datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 6, 15, tzinfo=UTC), datetime(2026, 10, 19, tzinfo=UTC))


class FakeProcess:
    """The process of a fake renderer."""

    pid = NO_PROCESS

    def __init__(self, ready_at: float) -> None:
        self.ready_at = ready_at
        self.alive, self.hung = True, False

    def kill(self) -> None:
        self.alive = False


class FakeLink:
    """Main's end of the pipe to a fake renderer."""

    how_it_ended = "killed by SIGKILL"

    def __init__(self, ready_at: float) -> None:
        self.process = FakeProcess(ready_at)

    @property
    def exhausted(self) -> bool:
        return not self.process.alive

    def kill(self) -> None:
        self.process.kill()


class Week:
    """One week. `broken` collects the invariants that did not hold, in sentences."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.now = 1000.0  # of the monotonic clock
        self.wall = self.random.choice(STARTS).timestamp()  # of the clock that people set
        self.conductor, self.schedule = Conductor(SHOW), Schedule(SHOW.opening)
        self.fades, self.faults = StageFades(), FaultBook(AFTER_SECONDS)
        self.renderer = SupervisedWorker("renderer", self._start_renderer, self.now)
        self.broken: list[str] = []
        self.words = 0  # sent so far
        self.accepted: set[str] = set()
        self.excused: set[str] = set()  # cleared by a panic, or quarantined
        self.shown: Counter[str] = Counter()
        self.poisoned: set[str] = set()
        self.deaths: Counter[str] = Counter()  # of renderers, by the poisoned word
        self.recycles: list[float] = []
        self.wrong: dict[str, str] = {}  # faults that last at the moment
        self.messages: Counter[str] = Counter()  # about faults
        self.episodes = 0  # faults that were made to last
        self._on_stage = 0
        self._dark, self._lit_since = False, self.now
        self._run_effects(self.conductor.begin())

    # -- the week ---------------------------------------------------------------------------------------------------

    def play(self) -> list[str]:
        """Play the week, then a calm day in which everything that waits is shown; return what did not hold."""
        end = self.now + WEEK_SECONDS
        while self.now < end:
            self._event()
            self._settle(self.random.choice((5.0, 20.0, SETTLE_SECONDS)))
            self._pass(self.random.expovariate(1 / 2700.0))
        self._calm_down()
        for word in sorted(self.accepted - self.excused):
            if self.shown[word] != 1:
                self.broken.append(f"'{word}' was accepted, and shown {self.shown[word]} times")
        return self.broken

    def _event(self) -> None:
        events = (
            (self._say_some, 10),
            (self._flood, 1),
            (self._poison, 1),
            (self._speak, 3),
            (self._lose_microphone, 1),
            (self._fire, 2),
            (self._kill_renderer, 2),
            (self._hang_renderer, 2),
            (self._fill_disk, 1),
            (self._set_clock, 1),
            (self._panic, 1),
            (self._black_out, 1),
        )
        self.random.choices([event for event, _ in events], [weight for _, weight in events])[0]()

    def _say_some(self) -> None:
        for _ in range(self.random.randrange(1, 4)):
            self._add(f"word {self.words}")

    def _flood(self) -> None:
        for _ in range(4 * QUEUE_LIMIT):
            self._add(f"word {self.words}")

    def _poison(self) -> None:
        self.poisoned.add(f"word {self.words}")
        self._add(f"word {self.words}")

    def _speak(self) -> None:
        self.words += 1
        for text, final in (("a white", False), (f"a white horse number {self.words}", True)):
            self._receive(Transcription(self.words, text, final, stable=len(text)))

    def _lose_microphone(self) -> None:
        self.words += 1
        on_stage, shown = self._on_stage, self.shown.copy()
        self._receive(Transcription(self.words, "a boat on", False, stable=6))
        self._run_effects(self.conductor.speech_lost())
        if self._on_stage == on_stage:  # the sentence that was never finished gives the stage back
            self.shown = shown
        self._last("microphone", "The microphone is missing.")

    def _fill_disk(self) -> None:
        self._last("disk", "The disk is full.")

    def _last(self, key: str, text: str) -> None:
        """Let a fault last for some minutes, with short gaps."""
        self.episodes += 1
        for _ in range(3):
            self.wrong[key] = text
            self._settle(3 * AFTER_SECONDS)
            del self.wrong[key]
            self._settle(AFTER_SECONDS / 3)

    def _fire(self) -> None:
        self._receive(Trigger("go", (), Origin("osc", "desk:1")))

    def _kill_renderer(self) -> None:
        self._link.process.kill()

    def _hang_renderer(self) -> None:
        self._link.process.hung = True

    def _set_clock(self) -> None:
        self.wall += self.random.choice((-7200.0, -1.0, 1.0, 3600.0, 86_400.0))

    def _panic(self) -> None:
        self.excused |= {prompt.text for prompt in self.conductor.queued_prompts}
        self._receive(Trigger("panic", (), Origin("osc", "desk:1")))
        self._settle(10.0)
        self._receive(Trigger("reset", (), Origin("osc", "desk:1")))

    def _black_out(self) -> None:
        self._receive(SetParam("blackout", True, Origin("osc", "desk:1"), 1.0))
        self._settle(10.0)
        self._receive(SetParam("blackout", False, Origin("osc", "desk:1"), 1.0))

    def _calm_down(self) -> None:
        """Go on without faults until nothing waits, for two days at most."""
        end = self.now + 2 * 86_400.0
        while self.conductor.queued_prompts and self.now < end:
            if self.conductor.direction.paused:
                self._pass(1800.0)
            self._settle(SETTLE_SECONDS)
        if self.conductor.queued_prompts:
            self.broken.append(f"{len(self.conductor.queued_prompts)} words still wait after two calm days")

    # -- time -------------------------------------------------------------------------------------------------------

    def _settle(self, seconds: float) -> None:
        end = self.now + seconds
        while self.now < end:
            self._tick(FINE_STEP_SECONDS if self._link.process.hung else STEP_SECONDS)

    def _pass(self, seconds: float) -> None:
        """Let a longer time pass, in long steps."""
        end = self.now + seconds
        while self.now < end:
            self._tick(min(LONG_STEP_SECONDS, max(end - self.now, STEP_SECONDS)))

    def _tick(self, seconds: float) -> None:
        self.now += seconds
        self.wall += seconds
        due = self.schedule.advance(self.wall)
        if due.sleep is not None:
            self._receive(SetParam("master/sleep", due.sleep, Origin("schedule"), due.fade_seconds))
        if due.recycle:
            self.recycles.append(self.wall)
            self.renderer.give_up("nightly recycle")
        self._draw()
        self._run_effects(self.conductor.advance(self.now))
        if self.renderer.watch(self.now) == "lost":
            self._run_effects(self.conductor.renderer_lost(self.renderer.reason, self.now))
        for text in self.faults.update(self.wrong, self.now):
            self.messages[text.partition(":")[0][:4]] += 1
        self._check()

    # -- the fake renderer ------------------------------------------------------------------------------------------

    @property
    def _link(self) -> FakeLink:
        return cast(FakeLink, self.renderer.link)

    def _start_renderer(self) -> WorkerLink:
        return cast(WorkerLink, FakeLink(self.now + self.random.uniform(1.0, 8.0)))

    def _draw(self) -> None:
        """Draw the Direction of the moment, unless the process is dead, hung, still starting, or dies of a word."""
        process = self._link.process
        if not process.alive or process.hung:
            return
        if self.now < process.ready_at:
            self.renderer.take_status(WorkerStatus("renderer", "starting"), self.now)
            return
        self.renderer.take_status(WorkerStatus("renderer", "running"), self.now)
        prompts = self.conductor.direction.prompts
        poison = next((prompt.text for prompt in prompts if prompt.text in self.poisoned), None)
        if poison:
            self.deaths[poison] += 1
            process.kill()
            return
        self.renderer.mark_productive()
        self.conductor.frame_drawn(prompts[-1].id if prompts else 0, self.now)

    # -- messages and effects ---------------------------------------------------------------------------------------

    def _add(self, text: str) -> None:
        """Send a word to the queue; it is accepted unless the sender gets a rejection."""
        self.words += 1
        origin = Origin("osc", f"10.0.0.{self.words % 200}:9")
        effects = self._receive(Trigger("queue/add", (text,), origin))
        if not any(isinstance(effect, MessageRejected) and effect.origin == origin for effect in effects):
            self.accepted.add(text)

    def _receive(self, message: Any) -> list[Effect]:
        effects = self.conductor.receive(message, self.now)
        self._run_effects(effects)
        return effects

    def _run_effects(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            match effect:
                case SetParam(name="blackout"):
                    self.fades.set_blackout(bool(effect.value), effect.seconds, self.now)
                case SetParam(name="master/sleep"):
                    self.fades.set_sleep(bool(effect.value), effect.seconds, self.now)
                case SetParam(name="master/opacity"):
                    self.fades.set_opacity(float(effect.value), effect.seconds, self.now)
                case Trigger(name="panic"):
                    self.fades.panic(float(effect.args[0]), self.now)
                case Trigger(name="reset"):
                    self.fades.reset(0.8, self.now)
                case Direction(prompts=prompts):
                    on_stage = prompts[-1].id if prompts else 0
                    if on_stage and on_stage != self._on_stage:
                        self.shown[prompts[-1].text] += 1
                    self._on_stage = on_stage

    # -- invariants -------------------------------------------------------------------------------------------------

    def _check(self) -> None:
        values = self.conductor.values
        asleep, asked = bool(values["master/sleep"]), bool(values["blackout"]) or self.conductor.in_panic
        if asleep == self.schedule.hours.is_open(self.wall):
            self._break("asleep in opening hours" if asleep else "awake outside opening hours")
        if self._dark and not (asleep or asked):
            self._lit_since = self.now
        self._dark = asleep or asked
        if not self._dark and self.now - self._lit_since > FADE_SECONDS and self.fades.brightness(self.now) < 1.0:
            self._break("dark unasked")
        if asleep != self.conductor.direction.paused:
            self._break("the renderer works at night" if asleep else "the renderer rests by day")
        if len(self.conductor.queued_prompts) > QUEUE_LIMIT + LIVE_WORDS:
            self._break("the queue is longer than its limit")
        if any(deaths > 2 for deaths in self.deaths.values()):
            self._break("a quarantined word was sent again")
        if self.messages["Faul"] > self.episodes:
            self._break("a fault was more than one message")

    def _break(self, what: str) -> None:
        if len(self.broken) < 10:
            self.broken.append(f"{what}, at {datetime.fromtimestamp(self.wall, UTC):%a %H:%M:%S} UTC")
