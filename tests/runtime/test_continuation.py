from __future__ import annotations

from dataclasses import replace

import pytest

from installation.conductor.conductor import Conductor
from installation.core.messages import CONTINUATION, KEYBOARD, MessageRejected, SetParam, Trigger
from installation.runtime.continuation import SILENCE_SECONDS, Continuation
from installation.show.loader import parse_show
from installation.show.settings import ModerationSettings, Show

TEXT = """
[script]
text = '''
The fox runs out into the snow
The snow falls on the sleeping sea
and the sea takes the moon into the dark
'''
[params]
"queue/seconds" = 2.0
"""


@pytest.fixture
def show() -> Show:
    return parse_show(TEXT)


def test_lines_come_only_after_a_silence_and_one_at_a_time(show: Show) -> None:
    continuation, conductor = Continuation(show, (), 1, 0.0), Conductor(show)
    assert continuation.take(conductor, SILENCE_SECONDS - 0.1) == []
    (line,) = continuation.take(conductor, SILENCE_SECONDS)
    assert (line.name, line.origin) == ("queue/add", CONTINUATION)
    assert continuation.take(conductor, SILENCE_SECONDS + 1.0) == []
    continuation.note(line, SILENCE_SECONDS)  # its own line is no reason to be silent for longer
    assert len(continuation.take(conductor, 2 * SILENCE_SECONDS)) == 1


def test_whoever_acts_silences_the_show(show: Show) -> None:
    continuation, conductor = Continuation(show, (), 1, 0.0), Conductor(show)
    continuation.note(Trigger("prompt", ("a wolf",), KEYBOARD), 7.0)
    continuation.note(SetParam("walk/speed", 0.5, KEYBOARD), 14.0)
    assert continuation.take(conductor, 7.0 + SILENCE_SECONDS - 0.1) == []
    assert len(continuation.take(conductor, 7.0 + SILENCE_SECONDS)) == 1


@pytest.mark.parametrize(
    "trigger", [Trigger("pause", (), KEYBOARD), Trigger("panic", (), KEYBOARD), SetParam("queue/hold", True, KEYBOARD)]
)
def test_a_show_that_is_stopped_writes_nothing(show: Show, trigger: Trigger | SetParam) -> None:
    continuation, conductor = Continuation(show, (), 1, 0.0), Conductor(show)
    conductor.receive(trigger, 1.0)
    assert continuation.take(conductor, 100.0) == []


def test_waiting_prompts_come_first(show: Show) -> None:
    continuation, conductor = Continuation(show, (), 1, 0.0), Conductor(show)
    for words in ("a wolf", "a tree"):
        conductor.receive(Trigger("queue/add", (words,), KEYBOARD), 1.0)
    assert conductor.values["queue/length"]
    assert continuation.take(conductor, 100.0) == []


def test_the_moderation_of_the_show_applies_to_its_own_lines(show: Show) -> None:
    moderated = show.model_copy(update={"moderation": ModerationSettings(refused_words=("the",))})
    continuation, conductor = Continuation(moderated, (), 1, 0.0), Conductor(moderated)
    (line,) = continuation.take(conductor, SILENCE_SECONDS)
    effects = conductor.receive(replace(line, args=("the fox runs",)), SILENCE_SECONDS)
    rejected = [each for each in effects if isinstance(each, MessageRejected)]
    assert [(each.origin, each.reason) for each in rejected] == [(CONTINUATION, "the show does not allow these words.")]


def test_words_of_the_command_line_are_learnt_too() -> None:
    lines = ("one two three four", "zero two three five", "one two six seven")
    (line,) = Continuation(Show(), lines, 1, 0.0).take(Conductor(Show()), SILENCE_SECONDS)
    assert set(str(line.args[0]).split()) <= {word for each in lines for word in each.split()}
