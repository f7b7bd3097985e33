"""Sound in the Conductor: readings, and live parameters that it moves."""

from __future__ import annotations

from typing import Any

import pytest

from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import Changed, Direction, Modulation, Origin, SetParam
from installation.core.speech_messages import SoundFeatures
from installation.show.settings import Show
from installation.show.sound_settings import SoundMapSettings, SoundSettings
from tests.conductor.harness import changes, make_conductor, trigger

OSC = Origin("osc", "127.0.0.1:5000")
LOUD = SoundFeatures(loudness=1.0, low=1.0, onset=1.0, onsets=1, chroma=(1.0, *[0.0] * 11), bpm=120.0, at=1.0)
SILENT = SoundFeatures(at=1.0)
TURN = 1.0 / 30.0


def mapped(*maps: dict[str, Any], **settings: Any) -> Conductor:
    tables = tuple(SoundMapSettings(**each) for each in maps)
    return make_conductor(sound=SoundSettings(enabled=True, map=tables), **settings)


def play(conductor: Conductor, features: SoundFeatures, start: float, seconds: float) -> list[Effect]:
    """Play the same sound for so long; return all effects."""
    effects: list[Effect] = []
    for turn in range(round(seconds / TURN)):
        now = start + turn * TURN
        effects += conductor.hear(features, now)
        effects += conductor.advance(now)
    return effects


def added(effects: list[Effect]) -> Modulation:
    """What sound adds after these effects."""
    found = [effect for effect in effects if isinstance(effect, Modulation)]
    return found[-1] if found else Modulation()


def test_the_readings_follow_the_sound_and_fall_silent_with_it() -> None:
    conductor = make_conductor()
    heard = changes(play(conductor, LOUD, 10.0, 0.2))
    assert {name: heard[name] for name in ("audio/live", "audio/low", "audio/chroma/0", "audio/bpm")} == {
        "audio/live": 1,
        "audio/low": 1.0,
        "audio/chroma/0": 1.0,
        "audio/bpm": 120.0,
    }
    conductor.advance(10.6)
    later = changes(conductor.advance(11.0))
    assert conductor.values["audio/low"] == conductor.values["audio/live"] == 0
    assert conductor.values["audio/onsets"] == 1
    assert "audio/onsets" not in later


@pytest.mark.parametrize("range_", [(0.0, 1.0), (-0.5, 0.5)])
def test_silence_moves_nothing(range_: tuple[float, float]) -> None:
    maps = [{"source": source, "param": "walk/push", "range": range_} for source in ("loudness", "onset", "beat")]
    effects = play(mapped(*maps), SILENT, 10.0, 5.0)
    assert not [effect for effect in effects if isinstance(effect, Modulation | Direction)]
    assert not changes(effects).keys() - {"audio/live"}


def test_a_sound_rises_with_its_attack_and_falls_with_its_release() -> None:
    conductor = mapped(
        {"source": "low", "param": "latent/noise", "range": (0.0, 0.5), "attack_seconds": 0.1, "release_seconds": 1.0}
    )
    rise = added(play(conductor, LOUD, 10.0, 0.1)).renderer["latent/noise"]
    full = added(play(conductor, LOUD, 10.1, 1.0)).renderer["latent/noise"]
    fall = added(play(conductor, SILENT, 11.1, 1.0)).renderer["latent/noise"]
    assert 0.2 < rise < 0.35
    assert full == 0.5
    assert 0.15 < fall < 0.22
    assert added(play(conductor, SILENT, 12.1, 9.0)) == Modulation()


def test_a_range_that_does_not_begin_at_zero_lets_go_in_silence() -> None:
    conductor = mapped({"source": "low", "param": "walk/amount", "range": (-0.3, 0.2)})
    quiet = SoundFeatures(loudness=0.5, at=1.0)
    assert added(play(conductor, quiet, 10.0, 2.0)).renderer["walk/amount"] == pytest.approx(-0.3, abs=0.01)
    assert added(play(conductor, LOUD, 12.0, 2.0)).renderer["walk/amount"] == pytest.approx(0.2, abs=0.01)
    assert added(play(conductor, SILENT, 14.0, 9.0)) == Modulation()


def test_what_the_analysis_said_last_does_not_go_on_for_ever() -> None:
    conductor = mapped({"source": "low", "param": "latent/noise"})
    play(conductor, LOUD, 10.0, 1.0)
    effects = [effect for turn in range(90) for effect in conductor.advance(11.0 + turn * TURN)]
    assert added(effects) == Modulation()


def test_a_fader_keeps_its_value_and_sound_adds_to_it() -> None:
    conductor = mapped({"source": "low", "param": "walk/push", "range": (0.0, 0.4)})
    play(conductor, LOUD, 10.0, 1.0)
    conductor.receive(SetParam("walk/push", 0.3, OSC), 11.0)
    effects = play(conductor, LOUD, 11.0, 1.0)
    assert conductor.values["walk/push"] == 0.3
    assert conductor.direction.params["walk/push"] == 0.3
    assert not [each for each in effects if isinstance(each, Changed) and each.name == "walk/push"]
    assert not [each for each in effects if isinstance(each, Direction | Modulation)]  # 0.4 is added all the time


def test_sound_moves_the_stage_and_leaves_its_fades_alone() -> None:
    conductor = mapped({"source": "onset", "param": "master/opacity", "range": (-0.2, 0.0)})
    effects = play(conductor, SoundFeatures(loudness=1.0, at=1.0), 10.0, 2.0)
    assert added(effects).stage == {"master/opacity": pytest.approx(-0.2, abs=0.01)}
    assert not [each for each in effects if isinstance(each, SetParam)]


def test_the_shows_own_parameters_move_too_and_come_back() -> None:
    conductor = mapped(
        {"source": "low", "param": "prompt/2/weight", "range": (0.0, 0.6), "release_seconds": 0.1},
        params={"prompt/1/text": "a fox", "prompt/2/text": "a wolf", "prompt/2/weight": 0.2},
    )
    play(conductor, LOUD, 10.0, 1.0)
    assert conductor.values["prompt/2/weight"] == 0.8
    conductor.receive(SetParam("prompt/2/weight", 0.3, OSC), 11.0)
    play(conductor, LOUD, 11.0, 1.0)
    assert conductor.values["prompt/2/weight"] == pytest.approx(0.9)
    play(conductor, SILENT, 12.0, 5.0)
    assert conductor.values["prompt/2/weight"] == 0.3


def test_each_pitch_class_moves_a_parameter_of_its_own() -> None:
    conductor = mapped({"source": "chroma", "param": "latent/related/{n}/weight", "range": (0.0, 0.7)})
    chord = SoundFeatures(loudness=1.0, chroma=(1.0, 0, 0, 0, 0.5, 0, 0, 1.0, 0, 0, 0, 0), at=1.0)
    assert added(play(conductor, chord, 10.0, 2.0)).renderer == {
        "latent/related/1/weight": 0.7,
        "latent/related/5/weight": 0.35,
        "latent/related/8/weight": 0.7,
    }


def test_several_sources_add_up() -> None:
    conductor = mapped(*({"source": source, "param": "walk/push", "range": (0.0, 0.2)} for source in ("low", "onset")))
    assert added(play(conductor, LOUD, 10.0, 2.0)).renderer == {"walk/push": 0.4}


def test_how_much_sound_moves_can_be_changed_live() -> None:
    conductor = mapped(*({"source": "low", "param": param} for param in ("walk/push", "latent/noise")))
    play(conductor, LOUD, 10.0, 1.0)
    conductor.receive(SetParam("sound/map/2/amount", 0.5, OSC), 11.0)
    assert added(play(conductor, LOUD, 11.0, 0.5)).renderer == {"walk/push": 1.0, "latent/noise": 0.5}
    conductor.receive(SetParam("sound/amount", 0.0, OSC), 12.0)
    assert added(play(conductor, LOUD, 12.0, 0.5)) == Modulation()


def test_the_map_can_be_replaced_live() -> None:
    conductor = mapped({"source": "low", "param": "walk/push"})
    play(conductor, LOUD, 10.0, 1.0)
    table = SoundMapSettings(source="low", param="latent/noise", range=(0.0, 0.5))
    conductor.reload(Show(sound=SoundSettings(enabled=True, map=(table,))))
    assert added(play(conductor, LOUD, 11.0, 1.0)).renderer == {"latent/noise": 0.5}


def test_what_a_removed_table_has_moved_comes_back() -> None:
    conductor = mapped(
        {"source": "low", "param": "prompt/2/weight", "range": (0.0, 0.6)}, params={"prompt/2/weight": 0.2}
    )
    play(conductor, LOUD, 10.0, 1.0)
    assert conductor.values["prompt/2/weight"] == pytest.approx(0.8)
    conductor.reload(Show())
    play(conductor, LOUD, 11.0, 0.2)
    assert conductor.values["prompt/2/weight"] == pytest.approx(0.2)


def test_a_pause_holds_what_sound_has_moved() -> None:
    conductor = mapped({"source": "low", "param": "walk/push"})
    play(conductor, LOUD, 10.0, 1.0)
    conductor.receive(SetParam("pause", True, OSC), 11.0)
    effects = play(conductor, SILENT, 11.0, 2.0)
    assert not [each for each in effects if isinstance(each, Modulation)]


def test_beats_are_those_of_the_tempo_and_come_before_it_by_the_lookahead() -> None:
    conductor = mapped(
        {"source": "beat", "param": "walk/push", "attack_seconds": 0.0, "release_seconds": 0.0},
        {"source": "bar", "param": "latent/noise", "attack_seconds": 0.0, "release_seconds": 0.0},
        params={"tempo/bpm": 120.0, "tempo/lookahead": 0.1},
    )
    trigger(conductor, "tempo/beat", 10.0)
    conductor.advance(10.2)
    at_beat = added(conductor.advance(10.4001)).renderer
    between = added(conductor.advance(10.65)).renderer
    assert at_beat == {"walk/push": pytest.approx(1.0, abs=0.01), "latent/noise": pytest.approx(0.75, abs=0.01)}
    assert between["walk/push"] == pytest.approx(0.5, abs=0.01)


def test_a_snapshot_and_a_new_renderer_know_nothing_of_the_sound() -> None:
    conductor = mapped(
        {"source": "chroma", "param": "latent/related/{n}/weight"}, {"source": "low", "param": "walk/push"}
    )
    play(conductor, LOUD, 10.0, 1.0)
    trigger(conductor, "snapshot/1/store", 11.0)
    assert conductor.direction.params["walk/push"] == 0.0
    assert not [name for name in conductor.direction.params if name.startswith("latent/related")]
