from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from installation.core.errors import ShowError
from installation.core.messages import Prompt
from installation.dream.prompt_target import prompt_texts
from installation.dream.session import DreamSession
from installation.dream.sound_prompts import SoundReader, sound_reader
from installation.models import default_place
from tests.dream.listening import BELLS, SEA, PitchListener, write_tone


@pytest.fixture
def listener() -> PitchListener:
    return PitchListener()


@pytest.fixture
def reader(tmp_path: Path, listener: PitchListener) -> SoundReader:
    write_tone(tmp_path / "bells.wav", BELLS)
    write_tone(tmp_path / "waves.wav", SEA, rate=44_100)
    return SoundReader(lambda: listener, str(tmp_path))


def texts(text: str, reader: SoundReader) -> tuple[tuple[str, float], ...]:
    found = prompt_texts([Prompt(1, text)], "", str, reader)
    return tuple(zip(found.texts, (round(weight, 3) for weight in found.weights), strict=True))


def test_a_sound_becomes_its_words_with_their_shares_of_the_weight(reader: SoundReader, tmp_path: Path) -> None:
    for name in ("bells.wav", "waves.wav"):
        reader.hear(tmp_path / name)
    assert texts("bells.wav:2 | a fox | waves.wav:-1", reader) == (
        ("a church", 1.5),
        ("rain", 0.5),
        ("a fox", 1.0),
        ("the sea", -1.0),
    )
    notices = prompt_texts([Prompt(1, "bells.wav")], "", str, reader).notices
    assert notices == ("bells.wav sounds like a church (60%), rain (20%).",)


def test_only_sounds_of_the_folder_are_opened(reader: SoundReader, tmp_path: Path) -> None:
    assert reader.path("bells.wav") == tmp_path / "bells.wav"
    for text in ("nothing.wav", "../bells.wav", "/etc/hosts", "church bells", "bells"):
        assert reader.path(text) is None
    assert SoundReader(PitchListener, "").path("bells.wav") is None


def test_a_file_is_heard_once(reader: SoundReader, listener: PitchListener, tmp_path: Path) -> None:
    assert reader.hear(tmp_path / "bells.wav") == reader.hear(tmp_path / "bells.wav")
    assert listener.heard == 1


def test_a_dream_goes_on_while_a_sound_is_heard_and_takes_its_words_then(
    theatre_session: DreamSession, reader: SoundReader, listener: PitchListener, tmp_path: Path
) -> None:
    listener.allowed.clear()
    session = DreamSession(replace(theatre_session.models, sounds=reader))
    dream = session.dream((Prompt(1, "bells.wav"),), 1, {})
    assert dream.texts.pending
    assert not dream.texts.texts
    for _ in range(3):
        dream.step()
    listener.allowed.set()
    reader.hear(tmp_path / "bells.wav")
    dream.step()
    assert dream.texts.texts == ("a church", "rain")
    assert "bells.wav sounds like a church (60%), rain (20%)." in dream.pop_notice()
    dream.settle()
    assert {"church", "rain"} & set(dream.labels())


def test_a_sound_that_cannot_be_heard_is_left_out_with_a_sentence(reader: SoundReader, tmp_path: Path) -> None:
    (tmp_path / "cut.wav").write_bytes((tmp_path / "bells.wav").read_bytes()[:1000])
    with pytest.raises(ShowError, match="cut short"):
        reader.hear(tmp_path / "cut.wav")
    found = prompt_texts([Prompt(1, "a fox | cut.wav")], "", str, reader)
    assert found.texts == ("a fox",)
    assert "cut.wav is left out" in found.notices[0]


def test_without_a_listener_one_sentence_says_how_to_get_one(tmp_path: Path) -> None:
    sound = write_tone(tmp_path / "bells.wav", BELLS)
    reader = sound_reader(default_place(cache=tmp_path / "models"), str(tmp_path))
    with pytest.raises(ShowError, match=r"run_show\.py fetch clap|pip install"):
        reader.hear(sound)
    reader.prepare()  # the prompt that names the sound tells it
    assert prompt_texts([Prompt(1, "a fox | bells.wav")], "", str, reader).texts == ("a fox",)


def test_work_without_an_audience_waits_for_a_sound(tmp_path: Path) -> None:
    write_tone(tmp_path / "bells.wav", BELLS)
    reader = SoundReader(PitchListener, str(tmp_path), waits=True)
    assert texts("bells.wav", reader) == (("a church", 0.75), ("rain", 0.25))
