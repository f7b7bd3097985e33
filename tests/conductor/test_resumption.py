"""Where a show is, read from one Conductor and put into another."""

from __future__ import annotations

from installation.conductor.conductor import Conductor
from installation.conductor.resumption import SavedState
from installation.core.messages import CUE, KEYBOARD, SAY, SHOW, MessageRejected, Origin, Prompt, SetParam, Trigger
from installation.show.settings import (
    AudienceSettings,
    CueSettings,
    ModerationSettings,
    QueueSettings,
    Show,
    SurfaceSettings,
)
from tests.conductor.harness import make_conductor

CUES = (CueSettings(words="dawn", params={"walk/speed": 0.2}), CueSettings(words="noon"), CueSettings(words="dusk"))
VISITOR = Origin("osc", "10.0.0.7:9000")


def texts(prompts: tuple[Prompt, ...]) -> list[str]:
    return [prompt.text for prompt in prompts]


def test_a_show_at_its_start_has_nothing_to_keep() -> None:
    saved = Conductor(Show(cue=CUES)).saved_state
    assert (saved, saved.summary) == (SavedState(standby=1), "")


def test_cue_values_words_and_queue_come_back() -> None:
    before = Conductor(Show(cue=CUES))
    before.receive(Trigger("go", (), KEYBOARD), 1.0)
    before.frame_drawn(before.direction.prompts[-1].id, 1.1)
    before.receive(SetParam("walk/speed", 0.9, KEYBOARD), 2.0)
    before.receive(SetParam("master/opacity", 0.4, KEYBOARD), 2.0)
    before.receive(Trigger("prompt", ("a red fox",), VISITOR), 3.0)
    before.receive(Trigger("queue/add", ("a whale",), VISITOR), 3.1)
    before.receive(Trigger("queue/add", ("given again",), SAY), 3.2)
    saved = before.saved_state
    assert saved.summary == "cue 1, 2 values, 2 prompts"

    after = Conductor(Show(cue=CUES))
    after.resume(saved, 100.0)
    assert (after.values["cue/current/index"], after.values["cue/next/index"]) == (1, 2)
    assert (after.values["walk/speed"], after.values["master/opacity"]) == (0.9, 0.4)
    assert (texts(after.direction.prompts), texts(after.queued_prompts)) == (["a red fox"], ["a whale"])
    assert (after.direction.prompts[0].origin, after.queued_prompts[0].origin) == (VISITOR, VISITOR)
    assert after.saved_state.summary == saved.summary  # and it can be kept again


def test_a_cue_that_stood_by_out_of_order_stands_by_again() -> None:
    before = Conductor(Show(cue=CUES))
    before.receive(Trigger("go", (), KEYBOARD), 1.0)
    before.receive(Trigger("playhead/3", (), KEYBOARD), 2.0)
    after = Conductor(Show(cue=CUES))
    after.resume(before.saved_state, 100.0)
    assert (after.values["cue/current/index"], after.values["cue/next/index"]) == (1, 3)
    assert (texts(after.direction.prompts), after.direction.prompts[0].origin) == (["dawn"], CUE)


def test_a_show_that_starts_at_night_wakes_at_its_cue() -> None:
    before = Conductor(Show(cue=(CueSettings(words="dawn", seconds=5.0), CueSettings(words="noon"))))
    before.receive(Trigger("go", (), KEYBOARD), 1.0)
    after = Conductor(before.show)
    after.receive(SetParam("master/sleep", True, SHOW), 90.0)
    after.resume(before.saved_state, 100.0)
    after.advance(1000.0)
    assert (after.values["cue/current/index"], after.direction.paused) == (1, True)
    after.receive(SetParam("master/sleep", False, SHOW), 2000.0)
    after.frame_drawn(after.direction.prompts[-1].id, 2000.1)
    after.advance(2004.0)
    assert texts(after.direction.prompts) == ["dawn"]
    after.advance(2006.0)
    assert texts(after.direction.prompts) == ["noon"]


def test_prompts_on_hold_are_on_hold_again_without_limits_of_a_sender() -> None:
    show = Show(moderation=ModerationSettings(hold=True, prompts_per_minute={"osc": 3.0}))
    before = Conductor(show)
    for number, text in enumerate(("a fox", "a whale", "an owl")):
        before.receive(Trigger("queue/add", (text,), VISITOR), float(number))
    before.receive(Trigger("queue/approve", (), KEYBOARD), 4.0)
    after = Conductor(show)
    after.resume(before.saved_state, 100.0)
    assert (texts(after.queued_prompts), texts(after.saved_state.held)) == (["a fox"], ["a whale", "an owl"])


def test_what_no_longer_fits_is_rejected_one_by_one() -> None:
    prompts = tuple(Prompt(number, f"words {number}", origin=VISITOR) for number in range(1, 5))
    after = Conductor(Show(queue=QueueSettings(limit=2)))
    effects = after.resume(SavedState({"walk/speed": 0.9, "gone/away": 1.0}, cue=7, waiting=prompts), 100.0)
    assert sum(isinstance(effect, MessageRejected) for effect in effects) == 1 + 1 + 3  # a value, the cue, three words
    assert (after.values["walk/speed"], texts(after.queued_prompts)) == (0.9, ["words 1"])


def test_a_panic_and_a_blackout_stay() -> None:
    before = Conductor(Show())
    before.receive(SetParam("blackout", True, KEYBOARD), 1.0)
    before.receive(Trigger("panic", (), KEYBOARD), 2.0)
    before.receive(SetParam("master/sleep", True, KEYBOARD), 3.0)  # decided anew by the opening hours
    after = Conductor(Show())
    after.resume(before.saved_state, 100.0)
    assert (after.values["blackout"], after.mode, after.values["master/sleep"]) == (True, "panic", False)


def crowd(hold: bool = True) -> Conductor:
    """A show that gets the words of visitors from a broker."""
    surface = SurfaceSettings.model_validate({"kind": "broker", "url": "redis://127.0.0.1"})
    return make_conductor(surface=(surface,), audience=AudienceSettings(hold=hold))


def add(conductor: Conductor, number: int, now: float = 100.0) -> None:
    """Words of a visitor, as the broker sends them."""
    origin = Origin("audience", f"10.0.0.7:ada-{number}")
    conductor.receive(Trigger("queue/add", (f"a fox {number}",), origin), now)


def test_words_from_a_broker_come_back_as_the_operator_has_left_them_once_it_sends_them_again() -> None:
    before = crowd()
    for number in (1, 2, 3):
        add(before, number, 1.0)
    before.receive(Trigger("queue/approve", (1,), KEYBOARD), 2.0)
    before.receive(Trigger("queue/2/text", ("a wolf",), KEYBOARD), 2.0)
    after = crowd()
    after.resume(before.saved_state, 100.0)
    assert (after.queued_prompts, after.pending_approvals) == ((), "")
    for number in (1, 2, 1, 2):  # the third was over: the broker has forgotten it
        add(after, number)
    assert texts(after.queued_prompts) == ["a fox 1"]
    assert [each.text for each in after.saved_state.held] == ["a wolf"]


def test_words_from_a_broker_that_were_on_the_wall_are_not_shown_again() -> None:
    before = crowd(hold=False)
    add(before, 1, 1.0)
    before.advance(2.0)
    assert texts(before.direction.prompts) == ["a fox 1"]
    after = crowd(hold=False)
    after.resume(before.saved_state, 100.0)
    add(after, 1)
    assert (texts(after.direction.prompts), after.queued_prompts) == (["a fox 1"], ())
