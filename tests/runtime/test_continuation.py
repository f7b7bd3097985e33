from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from installation.conductor.conductor import Conductor
from installation.core import clock
from installation.core.messages import CONTINUATION, KEYBOARD, LANGUAGE_MODEL, MessageRejected, SetParam, Trigger
from installation.core.speech_messages import LineWritten, WriteLine
from installation.journal.reader import read_journal
from installation.runtime.continuation import AHEAD_SECONDS, PATIENCE_SECONDS, SILENCE_SECONDS, Continuation
from installation.runtime.options import RunOptions
from installation.runtime.show_runner import ShowRunner
from installation.show.loader import parse_show
from installation.show.settings import ModerationSettings, Show
from installation.stage.stage import Stage
from tests.models.language.tiny_model import WORDS, write_tiny_language_model
from tests.runtime.in_process import turn_until

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


class Desk:
    """A language model's desk: requests lie there until the test answers."""

    def __init__(self, open_: bool = True) -> None:
        self.open, self.requests = open_, list[WriteLine]()

    def ask(self, message: WriteLine) -> bool:
        if self.open:
            self.requests.append(message)
        return self.open


def test_a_language_model_is_asked_ahead_and_its_line_is_marked(show: Show) -> None:
    desk, conductor = Desk(), Conductor(show)
    continuation = Continuation(show, (), 1, 0.0, desk.ask)
    assert continuation.take(conductor, SILENCE_SECONDS - AHEAD_SECONDS - 0.1) == []
    assert not desk.requests
    continuation.take(conductor, SILENCE_SECONDS - AHEAD_SECONDS)
    continuation.take(conductor, SILENCE_SECONDS - 0.1)
    (request,) = desk.requests
    assert request.lines[-1] == "and the sea takes the moon into the dark"
    continuation.offer(LineWritten(request.number, "the moon is a coin in the dark"))
    (line,) = continuation.take(conductor, SILENCE_SECONDS)
    assert line == Trigger("queue/add", ("the moon is a coin in the dark",), LANGUAGE_MODEL)
    continuation.note(line, SILENCE_SECONDS)
    continuation.take(conductor, 2 * SILENCE_SECONDS)
    assert desk.requests[-1].lines[-1] == "the moon is a coin in the dark"


def test_a_model_that_is_slow_silent_or_gone_is_replaced_by_the_show_s_own_words(show: Show) -> None:
    desk, conductor = Desk(), Conductor(show)
    continuation = Continuation(show, (), 1, 0.0, desk.ask)
    assert continuation.take(conductor, SILENCE_SECONDS + PATIENCE_SECONDS - 0.1) == []
    (slow,) = continuation.take(conductor, SILENCE_SECONDS + PATIENCE_SECONDS)
    continuation.offer(LineWritten(desk.requests[0].number, "too late"))
    now = 3 * SILENCE_SECONDS
    continuation.take(conductor, now - 1.0)
    continuation.offer(LineWritten(desk.requests[-1].number, ""))
    (silent,) = continuation.take(conductor, now)
    desk.open = False
    (gone,) = continuation.take(conductor, now + SILENCE_SECONDS)
    assert [line.origin for line in (slow, silent, gone)] == [CONTINUATION] * 3


def test_what_was_written_before_somebody_spoke_is_dropped(show: Show) -> None:
    desk, conductor = Desk(), Conductor(show)
    continuation = Continuation(show, (), 1, 0.0, desk.ask)
    continuation.take(conductor, SILENCE_SECONDS - 1.0)
    continuation.note(Trigger("prompt", ("a wolf",), KEYBOARD), SILENCE_SECONDS - 0.5)
    continuation.offer(LineWritten(desk.requests[0].number, "it did not know of the wolf"))
    assert continuation.take(conductor, SILENCE_SECONDS + 1.0) == []
    continuation.take(conductor, 2 * SILENCE_SECONDS - 1.0)
    assert len(desk.requests) == 2


@pytest.mark.slow
def test_a_language_model_writes_the_lines_of_a_running_show(tmp_path: Path) -> None:
    text = """
        [models]
        generator = "fake"
        perceptor = "fake"
        [look]
        size = [160, 90]
        [osc]
        enabled = false
        [web]
        enabled = false
    """
    show, folder = parse_show(text), write_tiny_language_model(tmp_path / "tiny")
    options = RunOptions(
        show,
        headless=True,
        terminal=False,
        journal=tmp_path / "journal.jsonl",
        say=("the fox runs into the snow",),
        continues=True,
        language_model=folder,
    )
    runner = ShowRunner(options, Stage.open(show.look, "Test", headless=True), clock.now())

    def written() -> list[str]:
        prompts = runner.conductor.direction.prompts
        return [prompt.text for prompt in prompts if prompt.origin == LANGUAGE_MODEL]

    try:
        runner._start(clock.now())
        turn_until(runner, lambda: bool(written()), 400.0)
        (line,) = written()
    finally:
        runner._end()
    assert set(line.split()) <= set(WORDS)
    marked = [entry.message for entry in read_journal(tmp_path / "journal.jsonl").entries]
    assert Trigger("queue/add", (line,), LANGUAGE_MODEL) in marked
