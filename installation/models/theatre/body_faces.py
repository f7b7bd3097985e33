"""What the faces of paper people show: who laughs has an open mouth, who sleeps has shut eyes (`body_faces.toml`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache

from installation.models.theatre.body_pieces import Shape, read_table, shapes_of

Face = Mapping[str, tuple[Shape, ...]]  # parts of a face -> their shapes
PLAIN: Face = {}
FACES_OF_STATES = {  # states of a figure -> its face
    "laughing": "laughing",
    "shouting": "shouting",
    "singing": "singing",
    "crying": "weeping",
    "sleeping": "sleeping",
    "yawning": "yawning",
}
FACES_OF_POSES = {  # poses of `body_poses.toml` -> the face
    "laughing": "laughing",
    "cheering": "laughing",
    "shouting": "shouting",
    "arguing": "shouting",
    "singing": "singing",
    "weeping": "weeping",
    "dozing": "sleeping",
    "praying": "sleeping",
    "praying standing": "sleeping",
    "kissing": "kissing",
    "yawning": "yawning",
    "falling": "frightened",
    **dict.fromkeys(
        ("embracing", "dancing", "loving", "waving", "skating", "jumping", "splashing", "skipping"), "smiling"
    ),
}


@cache
def faces() -> dict[str, Face]:
    """All of `body_faces.toml` by name."""
    table = read_table("body_faces.toml")
    return {name: {part: shapes_of(rows) for part, rows in face.items()} for name, face in table.items()}


def face_of(states: Collection[str]) -> str:
    """The face of somebody in these states, or "" for none."""
    return next((face for state, face in FACES_OF_STATES.items() if state in states), "")


def face_in(pose: str, said: str) -> Face:
    """The face in a pose, or one that is said."""
    name = said or FACES_OF_POSES.get(pose, "")
    return faces()[name] if name else PLAIN
