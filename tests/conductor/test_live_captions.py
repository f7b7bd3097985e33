"""What the audience reads while somebody speaks."""

from __future__ import annotations

from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import Origin, SetParam
from installation.core.speech_messages import LiveCaption, SpeechRejected, Transcription
from installation.show.settings import LookSettings, ModerationSettings
from tests.conductor.harness import make_conductor, make_reading

SUBTITLES = LookSettings(subtitles=True)


def live(effects: list[Effect]) -> list[LiveCaption]:
    return [effect for effect in effects if isinstance(effect, LiveCaption)]


def partial(conductor: Conductor, text: str, stable: int, now: float = 1.0) -> list[LiveCaption]:
    return live(conductor.receive(Transcription(1, text, False, stable), now))


def final(conductor: Conductor, text: str, now: float = 2.0) -> list[LiveCaption]:
    return live(conductor.receive(Transcription(1, text, True, len(text), 0.5, now), now))


def test_words_appear_while_they_are_spoken_and_give_way_to_the_caption_of_the_prompt() -> None:
    conductor = make_conductor()
    assert partial(conductor, "a red sun", 5) == [LiveCaption("a red sun", 5)]
    assert partial(conductor, "a red sun", 5) == []
    assert partial(conductor, "a red sun over", 9) == [LiveCaption("a red sun over", 9)]
    assert final(conductor, "a red sun over the sea") == [LiveCaption()]


def test_words_of_a_rejected_utterance_or_of_a_lost_worker_disappear() -> None:
    conductor = make_conductor()
    partial(conductor, "thank you", 0)
    assert live(conductor.receive(SpeechRejected(1, "Thank you", "why"), 2.0)) == [LiveCaption()]
    partial(conductor, "a red", 0)
    assert live(conductor.speech_lost()) == [LiveCaption()]
    partial(conductor, "a red", 0)
    assert live(conductor.receive(SetParam("speech/enabled", False, Origin("osc")), 3.0)) == [LiveCaption()]


def test_words_that_the_audience_may_not_see_do_not_appear() -> None:
    refused = make_conductor(moderation=ModerationSettings(refused_words=("bomb",)), look=SUBTITLES)
    assert partial(refused, "a bomb", 6) == []
    assert partial(make_conductor(moderation=ModerationSettings(hold=True)), "a red sun", 9) == []
    assert partial(make_conductor(look=LookSettings(live_captions=False)), "a red sun", 9) == []


def test_lines_that_are_read_have_captions_of_their_own() -> None:
    assert partial(make_reading(), "The lamp is lit", 15) == []


def test_subtitles_show_all_that_is_said_for_some_seconds() -> None:
    conductor = make_reading(look=SUBTITLES)
    assert partial(conductor, "Excuse me", 6) == [LiveCaption("Excuse me", 6)]
    assert final(conductor, "Excuse me please", 2.0) == [LiveCaption("Excuse me please", 16)]
    assert live(conductor.advance(3.9)) == []
    assert live(conductor.advance(4.1)) == [LiveCaption()]
