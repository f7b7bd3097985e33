"""Which live parameters sound can move."""

from __future__ import annotations

from installation.core.errors import Rejected
from installation.core.params import find_value
from installation.core.speech_messages import PITCHES
from installation.show.sound_settings import SoundMapSettings


def sound_targets(mapping: SoundMapSettings) -> list[tuple[str, str]]:
    """The sources of a mapping and the parameters that they move: one pair, or twelve for `chroma`.

    Raises:
        Rejected: there is no such parameter, or sound cannot move it.
    """
    source, param = mapping.source, mapping.param
    if source == "chroma":
        if "{n}" not in param:
            raise Rejected("chroma moves twelve parameters: write {n} for their numbers, latent/related/{n}/weight.")
        pairs = [(f"chroma/{number}", param.replace("{n}", str(number + 1))) for number in range(PITCHES)]
    else:
        pairs = [(source, param)]
    for _, name in pairs:
        _check_target(name)
    return pairs


def _check_target(name: str) -> None:
    row = find_value(name)
    if row.kind == "text" or row.critical or (row.owner == "stage" and row.kind != "float"):
        raise Rejected(f"'{name}' cannot be moved by sound; a number such as walk/push or master/opacity can.")
    if row.name.startswith(("tempo/", "sound/")):
        raise Rejected(f"'{name}' says how the picture follows sound: sound cannot move it.")
