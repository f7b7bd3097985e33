"""The Conductor's rules without a process, a window or a second of waiting: what their tests share."""

from __future__ import annotations

from typing import Any

from installation.conductor.conductor import Conductor, Effect
from installation.core.messages import MessageRejected, Transcription, Trigger
from installation.show.settings import ScriptSettings, Show

POEM = """
The lamp is lit and the room is dark => a golden moon; fade = 5; walk/speed = 0.2
One white ship is leaving without a sound
Look, a red sun sinks into the sea
The city burns behind me => a burning city at night | people:-1
"""


def conductor(**keys: Any) -> Conductor:
    """A Conductor whose renderer draws already."""
    made = Conductor(Show(**keys))
    made.frame_drawn(0, 0.0)
    return made


def say(made: Conductor, text: str, now: float, name: str = "prompt", source: str = "keyboard") -> list[Effect]:
    return made.receive(Trigger(name, (text,), source), now)


def see(made: Conductor, now: float) -> None:
    """The renderer has drawn the present words."""
    made.frame_drawn(made.direction.prompts[0].id if made.direction.prompts else 0, now)


def present(made: Conductor) -> list[str]:
    return [prompt.text for prompt in made.direction.prompts]


def refusals(effects: list[Effect]) -> list[str]:
    return [effect.reason for effect in effects if isinstance(effect, MessageRejected)]


def following(**keys: Any) -> Conductor:
    """One whose script is POEM."""
    start = keys.pop("start_line", 1)
    return conductor(script=ScriptSettings(text=POEM, start_line=start), **keys)


def hear(made: Conductor, text: str, now: float, utterance: int = 1, stable: int | None = None) -> list[Effect]:
    """A final, or a partial of which so many characters are stable."""
    final = stable is None
    return made.receive(Transcription(utterance, text, final, stable or 0, now - 2.0, now - 0.5 if final else 0.0), now)
