"""Drives a Conductor without processes, a window or a clock."""

from __future__ import annotations

from typing import Any

from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import Changed, MessageRejected, Origin, Trigger, Value
from installation.core.speech_messages import Transcription
from installation.show.settings import ScriptSettings, Show

POEM = """
The lamp is lit and the room is dark => a golden moon; fade = 5; walk/speed = 0.2
One white ship is leaving without a sound
Look, a red sun sinks into the sea
The city burns behind me => a burning city at night | people:-1
"""


def make_conductor(**settings: Any) -> Conductor:
    """A Conductor of a show with these sections, whose renderer draws already."""
    conductor = Conductor(Show(**settings))
    conductor.frame_drawn(0, 0.0)
    return conductor


def make_reading(start_line: int = 1, **settings: Any) -> Conductor:
    """A Conductor whose script is POEM."""
    return make_conductor(script=ScriptSettings(text=POEM, start_line=start_line), **settings)


def send(conductor: Conductor, text: str, now: float, name: str = "prompt", source: str = "keyboard") -> list[Effect]:
    """A prompt from outside."""
    return conductor.receive(Trigger(name, (text,), Origin(source)), now)


def trigger(conductor: Conductor, name: str, now: float, *args: Value, source: str = "osc") -> list[Effect]:
    return conductor.receive(Trigger(name, args, Origin(source)), now)


def speak(conductor: Conductor, text: str, now: float, utterance: int = 1, stable: int | None = None) -> list[Effect]:
    """A final, or a partial of which the first `stable` characters are stable. Its speech ended half a second ago."""
    final = stable is None
    ended = now - 0.5 if final else 0.0
    return conductor.receive(Transcription(utterance, text, final, stable or 0, now - 2.0, ended), now)


def draw(conductor: Conductor, now: float) -> None:
    """The renderer draws a frame of the prompt on the stage."""
    conductor.frame_drawn(conductor.direction.prompts[0].id if conductor.direction.prompts else 0, now)


def on_stage(conductor: Conductor) -> list[str]:
    """The texts of the prompts on the stage."""
    return [prompt.text for prompt in conductor.direction.prompts]


def waiting(conductor: Conductor) -> list[str]:
    """The texts of the prompts that wait, next first."""
    return [prompt.text for prompt in conductor.queued_prompts]


def rejections(effects: list[Effect]) -> list[str]:
    """The reasons of all rejections."""
    return [effect.reason for effect in effects if isinstance(effect, MessageRejected)]


def changes(effects: list[Effect]) -> dict[str, Value]:
    """The parameters and readings that changed."""
    return {effect.name: effect.value for effect in effects if isinstance(effect, Changed)}
