"""Heads of paper people, a little from the front: faces, hair, beards and what is worn on them (`body_heads.toml`)."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from installation.models.theatre.body_faces import PLAIN, Face
from installation.models.theatre.body_pieces import Outline, Piece, Shape, placed, points, read_table, shapes_of
from installation.models.theatre.jointed_body import Body, Point

INK, LIPS = "2c2426", "a5453c"
RING, LONG_HAIR = "fringe", "long"  # of hair
BALD, HANGING = ("bald", RING), ("bob", LONG_HAIR)
MOUTH = points((0.30, 0.19))  # its place
EDGE_OF_FACE, FACE_FOLD = (np.array([0.0, 1.0]), np.array([-0.06, -0.1])), 0.2  # where its front meets its side
COVERS_HAIR = ("habit", "headscarf", "hood", "turban", "wig", "knight's helmet", "round helmet", "swimming cap")


class Head(NamedTuple):
    """How a head looks.

    Attributes:
        skin: Hexadecimal RGB.
        hair: A name of `HeadShapes.hair` and a colour.
        beard: A name of `HeadShapes.beards` and a colour, or None.
        hat: A name of `HeadShapes.hats` and up to two colours, or None.
        glasses: Whether there are some.
    """

    skin: str
    hair: tuple[str, str]
    beard: tuple[str, str] | None = None
    hat: tuple[str, ...] | None = None
    glasses: bool = False


class HeadShapes(NamedTuple):
    """What heads are made of, by name, in heights of the head, the lowest piece first."""

    face: dict[str, tuple[Shape, ...]]
    hair: dict[str, tuple[Shape, ...]]
    beards: dict[str, tuple[Shape, ...]]
    hats: dict[str, tuple[Shape, ...]]


@cache
def head_shapes() -> HeadShapes:
    """All of `body_heads.toml`."""
    table = read_table("body_heads.toml")
    groups = ({name: shapes_of(rows) for name, rows in table[group].items()} for group in HeadShapes._fields)
    return HeadShapes(*groups)


def head_pieces(body: Body, head: Head, face: Face = PLAIN) -> list[Piece]:
    """The pieces of a head in place, the lowest first; `face` says what is other than in a face at rest."""
    found = _face(head, face)
    shapes, hat = head_shapes(), head.hat[0] if head.hat else ""
    if head.beard:
        found += [Piece(shape.outline, head.beard[1]) for shape in shapes.beards[head.beard[0]]]
    found += _part("ear", head.skin, shade=0.88, flat=False)
    if hat not in COVERS_HAIR:
        found += [Piece(shape.outline, head.hair[1]) for shape in shapes.hair[head.hair[0]]]
    if head.hat:
        found += [Piece(shape.outline, shape.of(head.hat[1:])) for shape in shapes.hats[hat]]
    return [_placed(body, piece) for piece in found]


def _placed(body: Body, piece: Piece) -> Piece:
    """A piece of a head on a body."""
    ridge = None
    if piece.ridge is not None:
        begin, end = _in_place(body, np.stack(piece.ridge))
        ridge = begin, end
    return piece._replace(outline=_in_place(body, piece.outline), ridge=ridge)


def head_from_behind(body: Body, head: Head) -> list[Piece]:
    """The pieces of a head that is turned away, the lowest first: no face, and hair over all of it."""
    shapes, hat = head_shapes(), head.hat[0] if head.hat else ""
    found = [*_part("nape", head.skin, shade=0.84), *_part("skull", head.skin, flat=False)]
    if hat not in COVERS_HAIR and head.hair[0] not in BALD:
        found += _part("scalp", head.hair[1], flat=False)
        found += _part("locks", head.hair[1], flat=False) if head.hair[0] == LONG_HAIR else []
        found += [Piece(shape.outline, head.hair[1]) for shape in shapes.hair[head.hair[0]]]
        found += [Piece(shape.outline * (-1.0, 1.0), head.hair[1]) for shape in _hanging(shapes, head.hair[0])]
    elif head.hair[0] == RING:
        found += _part("ring", head.hair[1], flat=False)
    if head.hat:
        found += [Piece(shape.outline, shape.of(head.hat[1:])) for shape in shapes.hats[hat]]
    return [_placed(body, piece) for piece in found]


def _hanging(shapes: HeadShapes, style: str) -> tuple[Shape, ...]:
    """The hair that hangs on both sides of a head, of which the side away from the face is in the table."""
    return shapes.hair[style] if style in HANGING else ()


def _face(head: Head, face: Face) -> list[Piece]:
    """A face with its glasses, in heights of the head."""
    found = [
        *_part("neck", head.skin, shade=0.84),
        *(piece._replace(ridge=EDGE_OF_FACE, fold=FACE_FOLD) for piece in _part("face", head.skin, flat=False)),
        *_part("jaw", head.skin, shade=0.9),
        *_part("nose", head.skin, shade=1.1),
        *_part("nostril", head.skin, shade=0.8),
        *_changed(face, "mouth", LIPS),
        *_changed(face, "eye", INK),
    ]
    style, colour = head.hair
    if style != "bald":
        found += _changed(face, "brow", colour, shade=0.8)
    if head.glasses:
        found += [*_part("glasses", INK), *_part("lens", head.skin, shade=1.12), *_changed(face, "eye", INK)]
    return found + _changed(face, "tear", INK)


def _changed(face: Face, name: str, colour: str, shade: float = 1.0) -> list[Piece]:
    """A part of a face as what it shows changes it; nothing if a face at rest has none."""
    shapes = face.get(name, head_shapes().face.get(name, ()))
    return [
        Piece(shape.outline, colour if shape.colour == 0 else str(shape.colour), flat=True, shade=shade)
        for shape in shapes
    ]


def _part(name: str, colour: str, shade: float = 1.0, flat: bool = True) -> list[Piece]:
    return [Piece(shape.outline, colour, flat=flat, shade=shade) for shape in head_shapes().face[name]]


def _in_place(body: Body, outline: Outline) -> Outline:
    return placed(outline, body.chin, body.tilt, body.build.head)


def mouth_of_head(body: Body) -> Point:
    """The place of the mouth, in heights."""
    mouth: Point = _in_place(body, MOUTH)[0]
    return mouth
