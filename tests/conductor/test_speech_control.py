"""What speech does to the show: sentences, partials that move the picture, and pictures that come back."""

from __future__ import annotations

import pytest

from installation.core.messages import Changed, Notice, Origin, Prompt, SetParam
from installation.core.speech_messages import (
    MicrophoneGate,
    ReadingPosition,
    RecognizerHints,
    SpeechRejected,
    Transcription,
)
from installation.show.settings import CueSettings, ListenSettings, ModerationSettings
from tests.conductor.harness import (
    changes,
    draw,
    make_conductor,
    make_reading,
    on_stage,
    rejections,
    send,
    speak,
    trigger,
)

OSC = Origin("osc")

# -- complete sentences ----------------------------------------------------------------------------------------------


def test_a_sentence_becomes_a_prompt_without_its_disfluencies() -> None:
    conductor = make_conductor()
    changed = changes(speak(conductor, "Um, a red sun, uh, over the sea.", 5.0))
    assert conductor.direction.prompts == (Prompt(1, "A red sun over the sea", 1.0, Origin("speech"), 5.0),)
    assert (changed["speech/final"], changed["speech/latency"]) == ("Um, a red sun, uh, over the sea.", 0.5)


def test_a_rejected_sound_shows_its_reason_and_changes_nothing_else() -> None:
    conductor = make_conductor()
    assert changes(conductor.receive(SpeechRejected(1, "Thank you.", "hardly any voice"), 1.0)) == {
        "speech/unheard": "hardly any voice"
    }
    speak(conductor, "Uh ...", 2.0)
    assert on_stage(conductor) == []


def test_speech_during_a_panic_is_rejected() -> None:
    conductor = make_conductor()
    trigger(conductor, "panic", 1.0)
    assert rejections(speak(conductor, "a wolf", 2.0)) == ["the show is in panic: F10 or /laterna/reset leaves it."]


def test_speech_can_be_switched_off() -> None:
    conductor = make_conductor()
    assert MicrophoneGate("shut") in conductor.receive(SetParam("speech/enabled", False, OSC), 1.0)
    assert speak(conductor, "a red sun", 1.2) == []
    assert on_stage(conductor) == []


# -- partials --------------------------------------------------------------------------------------------------------


def test_a_partial_moves_the_picture_gently_once_two_of_its_words_are_stable() -> None:
    conductor = make_conductor()
    assert changes(speak(conductor, "a red sum", 1.0, stable=4))["speech/partial"] == "a red sum"
    assert on_stage(conductor) == []  # "red" may still become "ready"
    speak(conductor, "a red sun over", 1.5, stable=9)
    assert conductor.direction.prompts == (Prompt(1, "A red sun", 0.4, Origin("speech"), 1.5),)
    speak(conductor, "a red sun over the sea", 2.0, stable=22)
    assert on_stage(conductor) == ["A red sun"]
    speak(conductor, "a red sun over the sea", 2.5)
    assert conductor.direction.prompts == (Prompt(2, "A red sun over the sea", 1.0, Origin("speech"), 2.5),)


def test_a_final_with_the_same_words_gives_the_partial_its_full_weight_without_a_new_dream() -> None:
    conductor = make_conductor()
    speak(conductor, "a wolf", 1.0, stable=6)
    speak(conductor, "A wolf.", 1.4)
    assert conductor.direction.prompts == (Prompt(1, "A wolf", 1.0, Origin("speech"), 1.0),)


def test_a_partial_never_interrupts_another_prompt() -> None:
    conductor = make_conductor()
    send(conductor, "a fox", 1.0)
    speak(conductor, "a red sun", 1.1, stable=9)
    assert on_stage(conductor) == ["a fox"]
    speak(conductor, "a red sun", 1.2)
    assert on_stage(conductor) == ["a fox"]
    draw(conductor, 1.3)
    conductor.advance(2.4)
    assert on_stage(conductor) == ["A red sun"]


def test_an_utterance_moves_the_picture_only_once() -> None:
    conductor = make_conductor()
    speak(conductor, "a red moon", 3.0, stable=10)
    draw(conductor, 3.1)
    send(conductor, "a fox", 4.5)
    draw(conductor, 4.6)
    speak(conductor, "a red moon over the", 6.0, stable=15)
    assert on_stage(conductor) == ["a fox"]


def test_partials_can_be_switched_off() -> None:
    conductor = make_conductor()
    conductor.receive(SetParam("speech/partials", 0, OSC), 0.0)
    speak(conductor, "a red sun", 1.0, stable=9)
    assert on_stage(conductor) == []
    speak(conductor, "a red sun", 1.5)
    assert on_stage(conductor) == ["A red sun"]


# -- partials that lead to nothing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["rejected", "no words", "not allowed", "switched off", "worker lost"])
def test_the_prompt_before_a_partial_is_restored_when_its_utterance_leads_to_nothing(end: str) -> None:
    conductor = make_conductor(moderation=ModerationSettings(refused_words=("blood",)))
    send(conductor, "a fox", 0.0)
    draw(conductor, 0.5)
    before = conductor.direction.prompts
    speak(conductor, "a red moon of", 3.0, stable=10)
    assert on_stage(conductor) == ["A red moon"]
    match end:
        case "rejected":
            conductor.receive(SpeechRejected(1, "a red moon", "Hardly a voice: 0.31."), 4.0)
        case "no words":
            speak(conductor, "Uhm.", 4.0)
        case "not allowed":
            assert len(rejections(speak(conductor, "a red moon of blood", 4.0))) == 1
        case "switched off":
            conductor.receive(SetParam("speech/enabled", 0, OSC), 4.0)
        case "worker lost":
            conductor.speech_lost()
    assert (conductor.direction.prompts, conductor.direction.fade_seconds) == (before, 2.5)
    conductor.advance(4.1)
    assert on_stage(conductor) == ["a fox"]


def test_a_restored_prompt_keeps_the_time_that_it_had_on_the_stage() -> None:
    conductor = make_conductor()
    send(conductor, "a fox", 0.0)
    draw(conductor, 0.5)
    send(conductor, "a wolf", 0.6, "queue/add")
    speak(conductor, "a red moon", 8.0, stable=10)
    conductor.receive(SpeechRejected(1, "", "only 90 ms of voice"), 8.2)
    conductor.advance(8.4)
    assert on_stage(conductor) == ["a fox"]
    conductor.advance(8.5)  # eight seconds after "a fox" was first seen
    assert on_stage(conductor) == ["a wolf"]


def test_a_restored_prompt_counts_as_seen() -> None:
    conductor = make_conductor()
    send(conductor, "a fox", 0.0)
    draw(conductor, 0.5)
    speak(conductor, "a red moon", 8.0, stable=10)
    draw(conductor, 8.1)
    conductor.receive(SpeechRejected(1, "", "only 90 ms of voice"), 8.2)
    send(conductor, "a wolf", 8.3)
    assert on_stage(conductor) == ["a wolf"]


def test_the_attract_walk_resumes_when_the_first_partial_leads_to_nothing() -> None:
    conductor = make_conductor()
    speak(conductor, "a red moon", 3.0, stable=10)
    conductor.receive(SpeechRejected(1, "", "only 90 ms of voice"), 4.0)
    assert (on_stage(conductor), conductor.mode) == ([], "attract")


def test_a_rejected_utterance_is_no_longer_shown_as_being_spoken() -> None:
    conductor = make_conductor()
    speak(conductor, "a red moon", 3.0, stable=10)
    assert conductor.values["speech/partial"] == "a red moon"
    rejected = SpeechRejected(1, "", "only 90 ms of voice")
    assert changes(conductor.receive(rejected, 3.5))["speech/partial"] == ""


def test_setting_another_parameter_to_zero_restores_nothing() -> None:
    conductor = make_conductor()
    speak(conductor, "a red moon", 3.0, stable=10)
    conductor.receive(SetParam("speech/gate", 0, OSC), 3.5)
    assert on_stage(conductor) == ["A red moon"]


def test_nothing_is_restored_by_the_end_of_another_utterance_or_after_another_prompt() -> None:
    conductor = make_conductor()
    speak(conductor, "a red moon", 3.0, stable=10)
    conductor.receive(SpeechRejected(7, "", "only 90 ms of voice"), 3.1)
    assert on_stage(conductor) == ["A red moon"]
    draw(conductor, 3.2)
    send(conductor, "a fox", 4.5)
    conductor.receive(SpeechRejected(1, "", "Hardly a voice: 0.31."), 5.0)
    assert on_stage(conductor) == ["a fox"]


@pytest.mark.parametrize("end", ["switched off", "worker lost"])
def test_a_sentence_that_was_completed_stays_when_speech_ends(end: str) -> None:
    conductor = make_conductor()
    speak(conductor, "a wolf", 1.0, stable=6)
    speak(conductor, "A wolf.", 1.4)
    if end == "worker lost":
        conductor.speech_lost()
    else:
        conductor.receive(SetParam("speech/enabled", 0, OSC), 2.0)
    assert on_stage(conductor) == ["A wolf"]


def test_a_new_speech_worker_numbers_its_utterances_from_1_again() -> None:
    conductor = make_conductor()
    speak(conductor, "a red sun over", 1.0, stable=9)
    draw(conductor, 1.2)
    assert changes(conductor.speech_lost())["speech/partial"] == ""
    speak(conductor, "a wolf in", 3.5, stable=6)
    assert conductor.direction.prompts == (Prompt(2, "A wolf", 0.4, Origin("speech"), 3.5),)


# -- push to talk, and the hints for the recogniser -------------------------------------------------------------------


def test_the_talk_key_works_only_in_shows_with_push_to_talk() -> None:
    held, released = SetParam("speech/talk", True, OSC), SetParam("speech/talk", False, OSC)
    listening = make_conductor(listen=ListenSettings(enabled=True))
    assert "this show always listens" in rejections(listening.receive(held, 1.0))[0]
    assert "this show does not listen" in rejections(make_conductor().receive(held, 1.0))[0]
    assert not rejections(make_conductor().receive(released, 1.0))
    conductor = make_conductor(listen=ListenSettings(push_to_talk=True))
    assert conductor.microphone_gate == "shut"
    assert MicrophoneGate("talk") in conductor.receive(held, 1.0)
    assert MicrophoneGate("shut") in conductor.receive(released, 2.0)


@pytest.mark.parametrize(
    ("enabled", "gate", "talk", "push_to_talk", "mode"),
    [
        (True, False, False, False, "auto"),
        (True, True, False, False, "shut"),  # the show itself plays sound
        (True, False, False, True, "shut"),  # nobody holds the key
        (True, False, True, True, "talk"),
        (True, True, True, True, "talk"),  # the key counts more than the sound of the show
        (False, False, True, True, "shut"),
        (False, False, False, False, "shut"),
    ],
)
def test_the_microphone_gate_follows_the_parameters_and_the_push_to_talk_of_the_show(
    enabled: bool, gate: bool, talk: bool, push_to_talk: bool, mode: str
) -> None:
    conductor = make_conductor(listen=ListenSettings(push_to_talk=push_to_talk))
    values = {"speech/enabled": enabled, "speech/gate": gate, "speech/talk": talk}
    for name, value in values.items():
        conductor.receive(SetParam(name, value, OSC), 1.0)
    assert conductor.microphone_gate == mode


def test_a_parameter_that_leaves_the_gate_as_it_is_sends_nothing() -> None:
    conductor = make_conductor(listen=ListenSettings(push_to_talk=True))
    effects = conductor.receive(SetParam("speech/gate", True, OSC), 1.0)
    assert effects == [Changed("speech/gate", True, OSC)]


def test_the_recogniser_is_told_the_script_the_cues_and_the_voice_commands() -> None:
    conductor = make_reading(
        cue=(CueSettings(words="a fox"), CueSettings()), listen=ListenSettings(commands={"on": "go"})
    )
    assert conductor.recognizer_hints == RecognizerHints((*conductor.script_lines, "a fox", "on"), True, ("on",))
    conductor.receive(SetParam("script/follow", 0, OSC), 1.0)
    assert not conductor.recognizer_hints.known


# -- talk, doubt, and several microphones ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "command"), [("lied", "light"), ("stop go", "stop"), ("the light", "light"), ("next one", "next")]
)
def test_one_or_two_words_near_a_command_are_only_reported(said: str, command: str) -> None:
    conductor = make_conductor(listen=ListenSettings(commands=True))
    effects = speak(conductor, said, 1.0)
    assert on_stage(conductor) == []
    assert f"is near the voice command '{command}'" in str(changes(effects)["speech/unheard"])
    assert [effect.worker for effect in effects if isinstance(effect, Notice)] == ["speech"]


def test_a_sentence_with_the_words_of_a_command_is_a_prompt() -> None:
    conductor = make_conductor(listen=ListenSettings(commands=True))
    speak(conductor, "a light in the forest", 1.0)
    assert on_stage(conductor) == ["A light in the forest"]


def test_words_that_were_not_heard_clearly_are_only_reported() -> None:
    conductor = make_conductor()
    effects = conductor.receive(Transcription(1, "the whale in the dark", True, 0, 0.0, 1.0, weak=True), 1.0)
    assert on_stage(conductor) == []
    assert changes(effects)["speech/unheard"] == "not shown: 'The whale in the dark' was not heard clearly."


def test_chatter_does_not_change_the_picture_and_a_wish_loses_its_frame() -> None:
    conductor = make_conductor()
    speak(conductor, "a tiger in the snow", 1.0)
    draw(conductor, 1.1)
    assert "names nothing" in rejections(speak(conductor, "that's beautiful", 3.0, utterance=2))[0]
    assert on_stage(conductor) == ["A tiger in the snow"]
    speak(conductor, "can you show me a wolf", 5.0, utterance=3)
    (prompt,) = conductor.direction.prompts
    assert (prompt.text, prompt.caption) == ("a wolf", "Can you show me a wolf")


def test_what_is_only_refused_is_taken_away_from_the_picture() -> None:
    conductor = make_conductor()
    speak(conductor, "a street at night", 1.0)
    draw(conductor, 1.1)
    speak(conductor, "no people", 3.0, utterance=2)
    assert on_stage(conductor) == ["A street at night | people:-1"]


def test_a_partial_without_a_name_moves_nothing() -> None:
    conductor = make_conductor()
    speak(conductor, "can you show me", 1.0, stable=15)
    assert on_stage(conductor) == []
    speak(conductor, "can you show me a tiger in", 1.5, stable=23)
    assert on_stage(conductor) == ["a tiger"]


def test_each_microphone_is_a_source_of_its_own_and_the_first_reads_the_script() -> None:
    two = ListenSettings(enabled=True, device=("stage", "audience"))
    conductor = make_conductor(listen=two)
    for number, (microphone, text) in enumerate([("stage", "a red sun"), ("audience", "a blue moon")]):
        conductor.receive(Transcription(1, text, True, 0, 0.0, 1.0, microphone=microphone), 1.0 + 3 * number)
        draw(conductor, 1.5 + 3 * number)
        assert [str(prompt.origin) for prompt in conductor.direction.prompts] == [f"speech:{microphone}"]
    reading = make_reading(listen=two)
    line = "The lamp is lit and the room is dark"
    reading.receive(Transcription(1, line, True, 0, 0.0, 1.0, microphone="audience"), 1.0)
    assert reading.values["script/line"] == 0
    reading.receive(Transcription(1, line, True, 0, 0.0, 2.0, microphone="stage"), 2.0)
    assert reading.values["script/line"] == 1


def test_the_recogniser_is_told_where_the_reader_is() -> None:
    conductor = make_reading()
    assert conductor.reading_position.lines == conductor.script_lines[:3]
    effects = conductor.receive(SetParam("script/line", 2, OSC), 1.0)
    assert [each for each in effects if isinstance(each, ReadingPosition)] == [conductor.reading_position]
    assert conductor.reading_position.lines == conductor.script_lines
    conductor.receive(SetParam("script/follow", 0, OSC), 2.0)
    assert conductor.reading_position.lines == ()
