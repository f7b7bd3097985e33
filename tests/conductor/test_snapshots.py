"""Snapshots: stored looks, recalled and morphed."""

from __future__ import annotations

import pytest

from installation.conductor.conductor import Conductor
from installation.core.messages import Look, Origin, SaveLook, SetParam, SnapshotEntry, SnapshotsChanged, Value
from installation.core.prompt_text import captions
from installation.show.settings import CueSettings
from tests.conductor.harness import make_conductor, on_stage, rejections, send, trigger

OSC = Origin("osc", "127.0.0.1:5000")


def stored() -> Conductor:
    """A show with two looks: 1 is slow and shows a fox, 2 is fast and shows a wolf."""
    conductor = make_conductor(cue=(CueSettings(name="back", recall=1, fade_seconds=2),))
    for number, words, speed in ((1, "a fox", 0.1), (2, "a wolf", 0.9)):
        conductor.receive(SetParam("walk/speed", speed, OSC), float(number))
        send(conductor, words, 10.0 * number)
        conductor.frame_drawn(conductor.direction.prompts[0].id, 10.0 * number)
        trigger(conductor, f"snapshot/{number}/store", 10.0 * number + 5)
    return conductor


def test_storing_asks_main_for_the_latents_and_lists_the_look() -> None:
    conductor = make_conductor()
    send(conductor, "a fox", 0.0)
    effects = trigger(conductor, "snapshot/3/store", 1.0)
    (saved,) = (each for each in effects if isinstance(each, SaveLook))
    assert (saved.capture, saved.look.number, saved.look.picture) == (True, 3, "snapshot:3")
    assert [prompt.text for prompt in saved.look.prompts] == ["a fox"]
    assert saved.look.values["walk/speed"] == 0.35
    assert "blackout" not in saved.look.values
    assert SnapshotsChanged((SnapshotEntry(3, "snapshot 3"),)) in effects


def test_a_recall_brings_words_picture_and_values_within_its_seconds() -> None:
    conductor = stored()
    trigger(conductor, "snapshot/1/recall", 30.0, 4.0)
    (prompt,) = conductor.direction.prompts
    assert (prompt.text, prompt.picture, conductor.direction.fade_seconds) == ("a fox", "snapshot:1", 4.0)
    conductor.advance(31.0)
    assert 0.1 < float(conductor.values["walk/speed"]) < 0.9
    conductor.advance(34.0)
    assert conductor.values["walk/speed"] == 0.1


def test_a_cue_recalls_a_snapshot() -> None:
    conductor = stored()
    trigger(conductor, "go", 30.0)
    conductor.advance(32.0)
    assert (on_stage(conductor), conductor.values["walk/speed"]) == (["a fox"], 0.1)


def test_a_morph_by_hand_blends_pictures_and_values_and_captions_the_nearer() -> None:
    conductor = stored()
    found = []
    for step in range(5):
        trigger(conductor, "snapshot/morph", 30.0 + step, 1, 2, step / 4)
        prompts = conductor.direction.prompts
        weights = [prompt.weight for prompt in prompts]
        found.append((weights, captions(prompts), round(float(conductor.values["walk/speed"]), 2)))
        assert [prompt.picture for prompt in prompts] == ["snapshot:1", "snapshot:2"]
    assert found == [
        ([1.0, 0.0], "a fox", 0.1),
        ([0.75, 0.25], "a fox", 0.3),
        ([0.5, 0.5], "a fox, a wolf", 0.5),
        ([0.25, 0.75], "a wolf", 0.7),
        ([0.0, 1.0], "a wolf", 0.9),
    ]
    assert conductor.direction.prompts[0].id == prompts[0].id


@pytest.mark.parametrize("name", ["snapshot/7/recall", "snapshot/7/name"])
def test_a_look_that_does_not_exist_is_rejected(name: str) -> None:
    assert rejections(trigger(stored(), name, 30.0)) == ["there is no snapshot 7; stored: 1, 2."]


def test_a_look_is_renamed_without_new_latents() -> None:
    effects = trigger(stored(), "snapshot/1/name", 30.0, "dusk")
    assert [(each.look.name, each.capture) for each in effects if isinstance(each, SaveLook)] == [("dusk", False)]


def test_looks_from_disk_can_be_recalled_and_a_look_without_words_shows_its_picture() -> None:
    conductor = make_conductor()
    conductor.load_looks([Look(5, "dusk", (), {"walk/speed": 0.2})])
    trigger(conductor, "snapshot/5/recall", 1.0, 0.0)
    assert [(each.text, each.picture) for each in conductor.direction.prompts] == [("", "snapshot:5")]
    assert conductor.values["walk/speed"] == 0.2


def test_a_recall_in_a_panic_is_rejected() -> None:
    conductor = stored()
    trigger(conductor, "panic", 30.0)
    assert len(rejections(trigger(conductor, "snapshot/1/recall", 31.0))) == 1


@pytest.mark.parametrize("args", [(1, 2), (1, 2, "x"), (1, 2, float("nan")), (float("inf"), 2, 0.5), ()])
def test_a_morph_with_wrong_numbers_is_rejected(args: tuple[Value, ...]) -> None:
    (reason,) = rejections(trigger(stored(), "snapshot/morph", 30.0, *args))
    assert "takes two numbers" in reason
