"""What is heard and what comes of it: sentences, their beginnings, lines of a script."""

from __future__ import annotations

import pytest

from installation.conductor.conductor import Conductor
from installation.core.errors import ShowError
from installation.core.messages import Changed, Prompt, RecognizerHints, SetParam, SpeechRejected, Trigger
from installation.core.prompt_text import captions
from installation.show.settings import CueSettings, ListenSettings, ModerationSettings, ScriptSettings, Show
from tests.conductor.rules import conductor, following, hear, present, refusals, say, see


def test_what_somebody_has_said_takes_the_stage_without_the_sounds_of_thinking() -> None:
    made = conductor()
    effects = hear(made, "Um, a red sun, uh, over the sea.", 5.0)
    assert made.direction.prompts == (Prompt(1, "A red sun over the sea", 1.0, "speech", 5.0),)
    assert Changed("speech/final", "Um, a red sun, uh, over the sea.") in effects
    assert Changed("speech/latency", 0.5) in effects


def test_a_sentence_moves_the_picture_gently_once_two_of_its_words_are_certain() -> None:
    made = conductor()
    effects = hear(made, "a red sum", 1.0, stable=4)
    assert Changed("speech/partial", "a red sum") in effects
    assert present(made) == []  # "red" may still become "ready"
    hear(made, "a red sun over", 1.5, stable=9)
    assert made.direction.prompts == (Prompt(1, "A red sun", 0.4, "speech", 1.5),)
    hear(made, "a red sun over the sea", 2.0, stable=22)
    assert present(made) == ["A red sun"]
    hear(made, "a red sun over the sea", 2.5)
    assert made.direction.prompts == (Prompt(2, "A red sun over the sea", 1.0, "speech", 2.5),)


def test_a_final_of_the_same_words_confirms_them_without_a_new_dream() -> None:
    made = conductor()
    hear(made, "a wolf", 1.0, stable=6)
    hear(made, "A wolf.", 1.4)
    assert made.direction.prompts == (Prompt(1, "A wolf", 1.0, "speech", 1.0),)


def test_a_sentence_that_has_begun_never_pushes_other_words_aside() -> None:
    made = conductor()
    say(made, "a fox", 1.0)
    hear(made, "a red sun", 1.1, stable=9)
    assert present(made) == ["a fox"]
    hear(made, "a red sun", 1.2)
    assert present(made) == ["a fox"]
    see(made, 1.3)
    made.advance(2.4)
    assert present(made) == ["A red sun"]


def test_beginnings_of_sentences_can_be_switched_off_and_so_can_hearing() -> None:
    made = conductor()
    made.receive(SetParam("speech/partials", 0, "osc"), 0.0)
    hear(made, "a red sun", 1.0, stable=9)
    assert present(made) == []
    mute = SetParam("speech/enabled", False, "osc")
    assert mute in made.receive(mute, 1.1)  # the listener is told too
    hear(made, "a red sun", 1.2)
    assert present(made) == []


def test_a_sound_that_was_not_taken_for_words_says_why_and_moves_nothing() -> None:
    made = conductor()
    effects = made.receive(SpeechRejected(1, "Thank you.", "hardly any voice"), 1.0)
    assert Changed("speech/unheard", "hardly any voice") in effects
    hear(made, "Uh ...", 2.0)
    assert present(made) == []


def test_what_is_said_in_panic_is_refused_aloud() -> None:
    made = conductor()
    made.receive(Trigger("panic"), 1.0)
    assert refusals(hear(made, "a wolf", 2.0)) == ["the show is in panic: F10 or /laterna/reset leaves it."]


def test_a_line_that_is_read_brings_its_words_its_values_and_its_own_caption() -> None:
    made = following()
    effects = hear(made, "the lamb is lit", 1.0, stable=0)
    assert made.direction.prompts == (
        Prompt(1, "a golden moon", 1.0, "script", 1.0, "The lamp is lit and the room is dark"),
    )
    assert (made.direction.fade_seconds, made.direction.params["walk/speed"]) == (5.0, 0.2)
    assert Changed("script/line", 1) in effects
    assert Changed("script/text", "The lamp is lit and the room is dark") in effects
    assert captions(made.direction.prompts) == "The lamp is lit and the room is dark"


def test_a_line_that_was_overtaken_before_anybody_saw_it_is_not_shown_late() -> None:
    made = following()
    hear(made, "the lamp is lit and the room is dark one white ship is leaving look a red sun sinks", 1.0)
    assert made.values["script/line"] == 3
    assert present(made) == ["a golden moon"]
    see(made, 1.1)
    made.advance(2.2)
    assert present(made) == ["Look, a red sun sinks into the sea"]
    assert made.queued_prompts == ()


def test_a_listener_that_begins_anew_counts_from_one_again_and_the_reading_goes_on() -> None:
    made = following()
    hear(made, "the lamp is lit", 1.0, utterance=1)
    hear(made, "one", 2.0, utterance=2, stable=3)
    assert Changed("speech/partial", "") in made.speech_lost()
    hear(made, "one white ship is leaving", 4.0, utterance=1)
    assert made.values["script/line"] == 2
    hear(made, "look a red sun", 6.0, utterance=2)
    assert made.values["script/line"] == 3


def test_a_sentence_that_a_lost_listener_has_begun_is_no_beginning_of_its_successors() -> None:
    made = conductor()
    hear(made, "a red sun over", 1.0, stable=9)
    made.frame_drawn(1, 1.2)
    made.speech_lost()
    assert present(made) == []
    hear(made, "a wolf in the snow", 1.5)
    assert made.direction.prompts == (Prompt(2, "A wolf in the snow", 1.0, "speech", 1.5),)


def test_what_is_not_in_the_script_moves_nothing_unless_it_is_not_followed() -> None:
    made = following()
    hear(made, "a purple elephant", 1.0)
    assert present(made) == []
    made.receive(SetParam("script/follow", 0, "osc"), 1.5)
    hear(made, "a purple elephant", 2.0, 2)
    assert present(made) == ["A purple elephant"]


def test_go_brings_the_next_line_and_the_operator_says_which_was_the_last() -> None:
    made = following(start_line=2)
    assert made.values["script/line"] == 1
    made.receive(Trigger("go"), 1.0)
    assert present(made) == ["One white ship is leaving without a sound"]
    see(made, 1.1)
    effects = made.receive(SetParam("script/line", 3, "osc:a"), 2.0)
    assert Changed("script/line", 3, "osc:a") in effects
    assert present(made) == ["One white ship is leaving without a sound"]
    hear(made, "the city burns", 3.0, stable=0)
    assert present(made) == ["a burning city at night | people:-1"]
    see(made, 3.1)
    assert refusals(made.receive(Trigger("go", (), "x"), 4.0)) == ["there is no next cue, and no words wait."]
    assert Changed("script/line", 4, "x") in made.receive(SetParam("script/line", 99, "x"), 5.0)


def test_a_show_without_a_script_has_no_line_to_be_set() -> None:
    made = Conductor(Show())
    assert refusals(made.receive(SetParam("script/line", 3, "osc:a"), 1.0)) == ["this show has no script."]
    assert made.values["script/line"] == 0


def test_a_line_stays_however_long_the_reader_is_silent() -> None:
    made = following()
    made.receive(Trigger("go"), 1.0)
    see(made, 1.1)
    made.advance(1000.0)
    assert present(made) == ["a golden moon"]


def test_a_cue_may_have_a_caption_of_its_own() -> None:
    made = conductor(cue=(CueSettings(words="a burning city", caption="Troy"),))
    made.receive(Trigger("go"), 1.0)
    assert captions(made.direction.prompts) == "Troy"


# -- a beginning that comes to nothing -----------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["refused", "no words", "not allowed", "switched off"])
def test_the_picture_returns_to_what_it_was_when_nothing_comes_of_a_sentence_that_moved_it(end: str) -> None:
    made = conductor(moderation=ModerationSettings(refused_words=("blood",)))
    say(made, "a fox", 0.0)
    see(made, 0.5)
    before = made.direction.prompts
    hear(made, "a red moon of", 3.0, stable=10)
    assert present(made) == ["A red moon"]
    match end:
        case "refused":
            made.receive(SpeechRejected(1, "a red moon", "Hardly a voice: 0.31."), 4.0)
        case "no words":
            hear(made, "Uhm.", 4.0)
        case "not allowed":
            assert refusals(hear(made, "a red moon of blood", 4.0)) == ["the show does not take these words."]
        case "switched off":
            made.receive(SetParam("speech/enabled", 0, "osc"), 4.0)
    assert (made.direction.prompts, made.direction.fade_seconds) == (before, 2.5)
    made.advance(4.1)
    assert present(made) == ["a fox"]


def test_before_anybody_has_spoken_the_walk_goes_on_where_a_beginning_came_to_nothing() -> None:
    made = conductor()
    hear(made, "a red moon", 3.0, stable=10)
    made.receive(SpeechRejected(1, "", "only 90 ms of voice"), 4.0)
    assert (present(made), made.mode) == ([], "attract")


def test_words_that_came_in_the_meantime_stay_and_another_utterance_withdraws_nothing() -> None:
    made = conductor()
    hear(made, "a red moon", 3.0, stable=10)
    made.receive(SpeechRejected(7, "", "only 90 ms of voice"), 3.1)
    assert present(made) == ["A red moon"]
    see(made, 3.2)
    say(made, "a fox", 4.5)
    made.receive(SpeechRejected(1, "", "Hardly a voice: 0.31."), 5.0)
    assert present(made) == ["a fox"]


def test_a_sentence_moves_the_picture_once_even_if_others_have_been_said_since() -> None:
    made = conductor()
    hear(made, "a red moon", 3.0, stable=10)
    see(made, 3.1)
    say(made, "a fox", 4.5)
    see(made, 4.6)
    hear(made, "a red moon over the", 6.0, stable=15)
    assert present(made) == ["a fox"]


# -- the operator and the script -----------------------------------------------------------------------------------


def test_the_operator_steps_through_the_script_both_ways() -> None:
    made = following()
    for name, line in (("next", 1), ("next", 2), ("previous", 1)):
        made.receive(Trigger(f"script/{name}"), float(line))
        assert made.values["script/line"] == line
        see(made, 10.0)
        made.advance(20.0)
    assert captions(made.direction.prompts) == "The lamp is lit and the room is dark"
    assert refusals(made.receive(Trigger("script/previous"), 30.0)) == ["there is no line before."]
    made.receive(Trigger("panic"), 31.0)
    assert len(refusals(made.receive(Trigger("script/next"), 32.0))) == 1
    assert made.values["script/line"] == 1
    assert refusals(conductor().receive(Trigger("script/next"), 1.0)) == ["this show has no script."]


def test_another_script_begins_at_its_first_line_and_its_words_are_expected() -> None:
    made = following()
    made.receive(Trigger("go"), 1.0)
    see(made, 1.1)
    effects = made.load_script("Winter is here\nThe snow is deep\n", "winter.txt")
    assert [each for each in effects if isinstance(each, Changed)] == [
        Changed("script/lines", 2),
        Changed("script/name", "winter.txt"),
        Changed("script/line", 0),
        Changed("script/text", ""),
    ]
    assert made.recognizer_hints == RecognizerHints(("Winter is here", "The snow is deep"), True)
    hear(made, "winter is here", 5.0)
    assert captions(made.direction.prompts) == "Winter is here"
    with pytest.raises(ShowError, match=r"bad\.txt, line 1"):
        made.load_script("a => b; c", "bad.txt")
    assert made.values["script/name"] == "winter.txt"


def test_an_improvising_reader_is_expected_to_say_anything() -> None:
    made = following()
    assert made.recognizer_hints.known
    made.receive(SetParam("script/follow", 0, "osc"), 1.0)
    assert not made.recognizer_hints.known


def test_the_key_to_talk_is_only_there_where_the_show_asks_for_it() -> None:
    held = SetParam("speech/talk", True, "keyboard")
    assert "hears all the time" in refusals(conductor().receive(held, 1.0))[0]
    assert held in conductor(listen=ListenSettings(push_to_talk=True)).receive(held, 1.0)


def test_a_line_whose_value_is_not_taken_takes_the_stage_all_the_same() -> None:
    made = conductor(script=ScriptSettings(text="The lamp is lit => a lamp; speech/talk = 1"))
    assert len(refusals(made.receive(Trigger("script/next"), 1.0))) == 1
    assert present(made) == ["a lamp"]
