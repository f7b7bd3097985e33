"""Pinned pictures in the folder of a show, and snapshots on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from installation.core.errors import ShowError
from installation.core.messages import Direction, Look, Prompt, StoredPicture
from installation.models.fake import FakeGenerator
from installation.models.stored_latents import StoredLatents, save_latents
from installation.runtime.pictures import MAX_KEPT, PictureStore
from installation.show.settings import CueSettings, RecordSettings, ScriptSettings, Show

POINT = FakeGenerator().sample(1, 3)
PROMPT = Prompt(4, "a fox | snow:-1", 0.5, caption="Fox.")


def stored_picture(name: str) -> StoredPicture:
    return StoredPicture(name, POINT.z, POINT.classes, "fake")


def show(tmp_path: Path, **settings: object) -> Show:
    return Show.model_validate({"record": RecordSettings(snapshot_folder=str(tmp_path / "snapshots")), **settings})


def test_a_direction_gets_the_pictures_of_cues_and_script_lines(tmp_path: Path) -> None:
    for name in ("cue.safetensors", "line.safetensors"):
        save_latents(tmp_path / name, StoredLatents(POINT, "fake", {"prompt": "a fox"}))
    script = ScriptSettings(text="a fox runs => a fox; picture = line.safetensors")
    store = PictureStore(show(tmp_path, cue=(CueSettings(picture="cue.safetensors"),), script=script), "x", tmp_path)
    prompts = (Prompt(1, "", picture="cue.safetensors"), Prompt(2, "a fox", picture="line.safetensors"))
    pictures = store.complete(Direction(1, prompts)).pictures
    assert [(each.name, each.generator) for each in pictures] == [
        ("cue.safetensors", "fake"),
        ("line.safetensors", "fake"),
    ]
    np.testing.assert_array_equal(pictures[0].z, POINT.z)
    plain = Direction(1, (Prompt(3, "a wolf"),))
    assert store.complete(plain) is plain


def test_a_damaged_picture_stops_the_show_before_it_starts(tmp_path: Path) -> None:
    (tmp_path / "cue.safetensors").write_bytes(b"rubbish")
    with pytest.raises(ShowError, match=r"cue\.safetensors holds no latents"):
        PictureStore(show(tmp_path, cue=(CueSettings(picture="cue.safetensors"),)), "x", tmp_path)


def test_what_earlier_prompts_came_to_is_kept_within_a_limit(tmp_path: Path) -> None:
    store = PictureStore(show(tmp_path), "x", tmp_path)
    for number in range(MAX_KEPT + 1):
        store.keep(stored_picture(f"prompt:{number}"))
    found = [bool(store.complete(Direction(1, (Prompt(n, "x", picture=f"prompt:{n}"),))).pictures) for n in (0, 1, 256)]
    assert found == [False, True, True]


def test_a_snapshot_is_on_disk_and_comes_back_in_the_next_performance(tmp_path: Path) -> None:
    look = Look(3, "dusk", (PROMPT,), {"walk/speed": 0.2, "prompt/negative": "fog", "dream/enabled": False})
    store = PictureStore(show(tmp_path), "evening", tmp_path)
    assert store.save(look, capture=True)
    store.keep(stored_picture("snapshot:3"))
    store.close()
    assert store.failures() == []
    again = PictureStore(show(tmp_path), "evening", tmp_path)
    assert again.looks() == ([look], [])
    (picture,) = again.complete(Direction(1, (Prompt(1, "", picture="snapshot:3"),))).pictures
    np.testing.assert_array_equal(picture.classes, POINT.classes)
    assert PictureStore(show(tmp_path), "another", tmp_path).looks() == ([], [])


def test_another_name_for_a_snapshot_needs_no_renderer(tmp_path: Path) -> None:
    store = PictureStore(show(tmp_path), "evening", tmp_path)
    store.save(Look(3, "dusk", (), {}), capture=True)
    store.keep(stored_picture("snapshot:3"))
    assert not store.save(Look(3, "dawn", (), {}), capture=False)
    store.close()
    assert [look.name for look in PictureStore(show(tmp_path), "evening", tmp_path).looks()[0]] == ["dawn"]


def test_a_damaged_snapshot_is_reported_and_costs_no_other(tmp_path: Path) -> None:
    store = PictureStore(show(tmp_path), "evening", tmp_path)
    store.save(Look(1, "dusk", (), {}), capture=True)
    store.keep(stored_picture("snapshot:1"))
    store.close()
    (tmp_path / "snapshots" / "evening-2.safetensors").write_bytes(b"rubbish")
    save_latents(tmp_path / "snapshots" / "evening-3.safetensors", StoredLatents(POINT, "fake", {"values": "[["}))
    looks, sentences = PictureStore(show(tmp_path), "evening", tmp_path).looks()
    assert [look.number for look in looks] == [1]
    assert len(sentences) == 2


def test_a_snapshot_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    (tmp_path / "snapshots").write_text("a file where the folder should be")
    store = PictureStore(show(tmp_path), "evening", tmp_path)
    store.save(Look(1, "dusk", (), {}), capture=True)
    store.keep(stored_picture("snapshot:1"))
    store.close()
    (sentence,) = store.failures()
    assert "Cannot write a snapshot" in sentence
