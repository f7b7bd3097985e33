"""A whole show steered over real sockets: a CHOP at 60 Hz, going back, reloading, snapshots, pinned pictures."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from installation.conductor.cue_list import GO_GUARD_SECONDS
from installation.control.osc_codec import write
from installation.core.messages import Direction
from installation.journal.codec import decode
from installation.models.fake import FakeGenerator
from installation.models.stored_latents import StoredLatents, read_latents, save_latents
from tests.control.test_osc_codec import bundle
from tests.running import RunningShow, running, until

pytestmark = pytest.mark.slow

HEAD = """
[models]
generator = "fake"
perceptor = "fake"

[look]
size = [320, 180]
"""
CUES = HEAD + "".join(
    f'\n[[cue]]\nname = "{n}"\nwords = "{words}"\nfade_seconds = 0.5\n'
    for n, words in enumerate(("blue morning", "red lanterns", "green silence", "a white ship"))
)

LIMIT = 60.0  # seconds, for anything that must happen on a machine that may be busy


@contextmanager
def show(folder: Path, text: str = CUES) -> Iterator[RunningShow]:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "evening.toml"
    file.write_text(text, encoding="utf-8")
    with running(str(file), folder) as made:
        until(made.answers, LIMIT, "an answer")
        until(made.drawn, LIMIT, "a picture")
        yield made


def directions(made: RunningShow) -> list[dict[str, Any]]:
    return [entry for entry in made.journal() if entry.get("is") == "Direction"]


def latest(made: RunningShow) -> Direction:
    """The last Direction in the journal."""
    entry = {key: value for key, value in directions(made)[-1].items() if key != "t"}
    message = decode(entry)
    assert isinstance(message, Direction)
    return message


def cues_fired(made: RunningShow) -> list[str]:
    """The words of the prompts that cues have brought to the stage, each once."""
    found: list[str] = []
    for direction in directions(made):
        for prompt in direction["prompts"]:
            if prompt["origin"] == "cue" and (not found or found[-1] != prompt["text"]):
                found.append(prompt["text"])
    return found


def has_fired(made: RunningShow, count: int) -> bool:
    return len(cues_fired(made)) >= count


def go(made: RunningShow, words: str) -> None:
    """Press GO and wait until a frame of that cue has been drawn."""
    time.sleep(GO_GUARD_SECONDS + 0.1)  # a GO sooner after another is a double press
    count = len(made.drawn())
    made.osc.send_message("/laterna/go", [])
    until(lambda: cues_fired(made)[-1:] == [words], LIMIT, f"the cue '{words}'")
    until(lambda: len(made.drawn()) > count + 5, LIMIT, "frames of it")


def test_a_chop_that_sends_every_channel_at_sixty_hertz_plays_each_cue_once(tmp_path: Path) -> None:
    """Four presses of a GO button that are held for half a second each, with constants beside them."""
    with show(tmp_path) as made:
        constants = [write(f"/laterna/{name}", 0.5) for name in ("walk/speed", "walk/amount", "dream/rate")]
        constants += [write(f"/laterna/{name}", 0.0) for name in ("panic", "blackout", "pause", "record/still")]
        for press in range(4):
            for frame in range(60):
                pressed = 1.0 if frame < 30 else 0.0
                made.osc._sock.sendto(bundle(*constants, write("/laterna/go", pressed)), ("127.0.0.1", made.port))
                time.sleep(1 / 60)
            until(partial(has_fired, made, press + 1), LIMIT, "the cue, before the next press")
        made.end()
        assert cues_fired(made) == ["blue morning", "red lanterns", "green silence", "a white ship"]
    assert not list(tmp_path.glob("recordings/*.png"))


def test_previous_shows_the_very_latents_that_the_cue_before_had_come_to(tmp_path: Path) -> None:
    with show(tmp_path) as made:
        go(made, "blue morning")
        go(made, "red lanterns")
        made.osc.send_message("/laterna/playhead/previous", [])
        until(lambda: directions(made)[-1]["prompts"][-1]["picture"].startswith("prompt:"), LIMIT, "the cue before")
        last = latest(made)
        assert last.prompts[0].text == "blue morning"
        (picture,) = last.pictures
        assert (picture.name, picture.generator) == (f"prompt:{last.prompts[0].id}", "fake")
        go(made, "red lanterns")


def test_a_cue_list_is_reloaded_on_save_and_a_mistake_leaves_the_old_one(tmp_path: Path) -> None:
    with show(tmp_path) as made:
        go(made, "blue morning")
        file = tmp_path / "evening.toml"
        file.write_text(CUES + "fade_secnds = 3\n", encoding="utf-8")
        until(lambda: "stays as it was" in made.log(), LIMIT, "a report of the mistake")
        assert "evening.toml, line" in made.log()
        file.write_text(CUES.replace("red lanterns", "golden lanterns"), encoding="utf-8")
        until(lambda: "read again: 4 cues" in made.log(), LIMIT, "the reload")
        go(made, "golden lanterns")


def test_a_snapshot_is_stored_on_disk_and_a_pinned_picture_is_shown(tmp_path: Path) -> None:
    point = FakeGenerator().sample(1, 5)
    save_latents(tmp_path / "moon.safetensors", StoredLatents(point, "fake", {"prompt": "a moon"}))
    pinned = HEAD + '\n[[cue]]\nwords = "a moon"\npicture = "moon.safetensors"\nfade_seconds = 0.2\n'
    with show(tmp_path, pinned) as made:
        go(made, "a moon")
        began = made.drawn()[-1]["show_at"]
        until(lambda: made.drawn()[-1]["show_at"] > began + 2.0, LIMIT, "the fade, and the walk's approach")
        for name, value in (("walk/amount", 0.0), ("snapshot/2/store", None)):
            made.osc.send_message(f"/laterna/{name}", [] if value is None else value)
        path = tmp_path / "snapshots" / "evening-2.safetensors"
        until(path.is_file, LIMIT, "the file of the snapshot")
        stored = read_latents(path)
        assert (stored.generator, stored.settings["prompt"]) == ("fake", "a moon")
        np.testing.assert_allclose(stored.point.classes.argmax(1), point.classes.argmax(1))
        made.osc.send_message("/laterna/snapshot/2/recall", 0.5)
        until(lambda: directions(made)[-1]["prompts"][-1]["picture"] == "snapshot:2", LIMIT, "the recall")
