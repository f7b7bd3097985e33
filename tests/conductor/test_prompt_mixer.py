"""Four prompts that are mixed by their weights."""

from __future__ import annotations

from installation.conductor.conductor import Conductor
from installation.core.messages import Origin, SetParam, Value
from installation.show.settings import ModerationSettings
from tests.conductor.harness import make_conductor, on_stage, rejections, send, trigger

OSC = Origin("osc", "127.0.0.1:5000")


def put(conductor: Conductor, name: str, value: Value, now: float = 0.0, seconds: float = 0.0) -> list[str]:
    return rejections(conductor.receive(SetParam(f"prompt/{name}", value, OSC, seconds), now))


def weights(conductor: Conductor) -> dict[str, float]:
    return {prompt.text: prompt.weight for prompt in conductor.direction.prompts}


def test_texts_take_the_stage_and_weights_change_their_mixture_under_the_same_ids() -> None:
    conductor = make_conductor()
    put(conductor, "1/text", "a fox")
    put(conductor, "2/text", "snow")
    ids = [prompt.id for prompt in conductor.direction.prompts]
    put(conductor, "2/weight", 0.25)
    assert weights(conductor) == {"a fox": 1.0, "snow": 0.25}
    assert [prompt.id for prompt in conductor.direction.prompts] == ids
    put(conductor, "1/text", "a wolf")
    assert on_stage(conductor) == ["a wolf", "snow"]
    assert conductor.direction.prompts[1].id == ids[1]


def test_a_weight_may_fade() -> None:
    conductor = make_conductor(params={"transition/curve": "linear"})
    put(conductor, "1/text", "a fox")
    put(conductor, "1/weight", 0.0, 0.0, 4.0)
    conductor.advance(1.0)
    assert weights(conductor) == {"a fox": 0.75}


def test_a_weight_does_not_bring_the_mixture_back_over_other_words() -> None:
    conductor = make_conductor()
    put(conductor, "1/text", "a fox")
    conductor.frame_drawn(conductor.direction.prompts[0].id, 0.0)
    send(conductor, "a wolf", 5.0)
    put(conductor, "1/weight", 0.5, 6.0)
    assert on_stage(conductor) == ["a wolf"]
    put(conductor, "2/text", "snow", 7.0)
    assert on_stage(conductor) == ["a fox", "snow"]


def test_words_that_are_not_allowed_are_rejected_and_not_kept() -> None:
    conductor = make_conductor(moderation=ModerationSettings(refused_words=("blood",)))
    assert put(conductor, "1/text", "blood") == ["the show does not allow these words."]
    assert conductor.values["prompt/1/text"] == ""


def test_an_emptied_slot_leaves_the_mixture() -> None:
    conductor = make_conductor()
    for slot, text in ((1, "a fox"), (2, "snow")):
        put(conductor, f"{slot}/text", text)
    put(conductor, "1/text", "")
    assert on_stage(conductor) == ["snow"]


def test_texts_in_a_panic_are_rejected() -> None:
    conductor = make_conductor()
    trigger(conductor, "panic", 0.0)
    assert len(put(conductor, "1/text", "a fox", 1.0)) == 1
