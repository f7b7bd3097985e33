"""The sheets of people in each pose, cut while a show runs: bodies with their garments, heads and what they hold."""

from __future__ import annotations

from typing import NamedTuple

from installation.models.theatre.body_cutting import cut_pieces, to_square, top_of
from installation.models.theatre.body_extras import PRESENTED, Drawn, extras
from installation.models.theatre.body_faces import face_in, faces
from installation.models.theatre.body_heads import head_from_behind, head_pieces, head_shapes, mouth_of_head
from installation.models.theatre.body_pieces import Cloth, Piece, arm, foot, leg, palm, rope_over, skirt, trunk
from installation.models.theatre.jointed_body import BUILDS, FROM_BEHIND, STANDING, Body, Point, body_in, body_poses
from installation.models.theatre.people import Look, Person, people
from installation.models.theatre.sheet_cutting import CutSheet

SIZE, CHILD_SIZE = 0.90, 0.84  # of a height, in sides of the square: of most people, and of children
LONG, SHORT, NONE = "long", "short", "none"
SLEEVES = {
    "shirt": LONG,
    "jacket": LONG,
    "coat": LONG,
    "tee": SHORT,
    "dress": SHORT,
    "gown": LONG,
    "vest": NONE,
    "robe": "wide",
}
HEMS = {"mini": 0.62, "skirt": 0.98, "midi": 1.35, "long": 1.90, "robe": 1.96, "coat": 0.85}  # see `body_pieces.skirt`
LONG_TOPS = {"dress": "skirt", "gown": "long", "robe": "robe", "coat": "coat"}  # garments of the trunk -> their hems
FLARES = {"robe": 1.0, "long": 1.15, "coat": 0.86}
TROUSERS = {"trousers": LONG, "wide": "wide", "shorts": SHORT}
FREE_HANDS = (  # poses in which a trade has its tool
    *("standing", "relaxed", "strolling", "walking", "stooping"),
    *("presenting", "with a staff", "singing"),
)
NARROW_WAIST = 0.82
SKATING, SKIPPING = "skating", "skipping"  # poses in which shoes have blades; with a rope
TOGETHER = {"shouting": "arguing", "loving": "kissing"}  # poses of one, and of several who do it to each other
RESTING = ("sitting", "seated", "kneeling")  # poses in which several are side by side and face the same way
APART = {"arguing": 2.1, "kissing": 0.66, **dict.fromkeys(RESTING, 1.7)}  # how much farther apart they are in poses


class PersonSheets(NamedTuple):
    """A person in a pose; lengths are in sides of the square.

    Attributes:
        sheets: From back to front: all that rests; then the head with its hair and hat, and the near arm, unless there
            are several people, or all is whole.
        chin, shoulder: About which head and arm move.
        hand: The middle of the near hand.
        far_hand: Of the other.
        mouth: Of the head.
        hips: The joint of the legs.
    """

    sheets: tuple[CutSheet, ...]
    chin: tuple[float, float]
    shoulder: tuple[float, float]
    hand: tuple[float, float]
    far_hand: tuple[float, float]
    mouth: tuple[float, float]
    hips: tuple[float, float]


def _cloth(colour: str) -> Cloth:
    return Cloth(colour.rstrip("*"), colour.endswith("*"))


def prepare_people() -> None:
    """Read the tables of people, which takes a tenth of a second of a thread."""
    for table in (people, body_poses, head_shapes, faces, extras):
        table()


def size_of(person: Person) -> float:
    """A height of somebody, in sides of the square."""
    return CHILD_SIZE if person.build == "child" else SIZE


def cut_person(person: Person, pose: str, look: int, whole: bool = False, face: str = "") -> PersonSheets:
    """The sheets of somebody in a pose of `body_poses.toml`, which takes some 100 ms.

    Args:
        person: Who.
        pose: "standing" is the stance of the look.
        look: The number of the look; beyond the last one it begins again.
        whole: Whether head and arm are on the sheet of the body, and rest.
        face: Of `body_faces.toml`, or "" for what the pose says.
    """
    if person.members:
        return _cut_members(person, pose, look, face)
    return _cut_one(person, pose, person.looks[look % len(person.looks)], whole, face)


def standing_height(person: Person, look: int) -> float:
    """How far the upper edge of the sheets of somebody who stands is above the lower edge of the square, in sides.

    Nothing is cut for it, so that it takes few milliseconds.
    """
    if person.members:
        return 1 - top_of(_pieces_of_members(person, STANDING, look)[0], 1.0)
    of_who = person.looks[look % len(person.looks)]
    parts, _ = _pieces_of_one(person, STANDING, of_who)
    return 1 - top_of([piece for pieces in parts for piece in pieces], size_of(person))


def _cut_members(person: Person, pose: str, look: int, face: str) -> PersonSheets:
    """Several people on one sheet, who all do the same if they do anything; with the places of the foremost one."""
    pieces, places = _pieces_of_members(person, pose, look, face)
    return PersonSheets((cut_pieces(pieces, 1.0),), *places)


def _pieces_of_members(
    person: Person, pose: str, look: int, face: str = ""
) -> tuple[list[Piece], list[tuple[float, float]]]:
    """The pieces of all, in sides of the square, and the places of `PersonSheets`."""
    pieces: list[Piece] = []
    pose = TOGETHER.get(pose, pose)
    for member in person.members:
        member = member._replace(x=APART.get(pose, 1.0) * member.x, back=member.back and pose not in RESTING)
        who = people()[member.who]
        of_who = who.looks[(look + member.look) % len(who.looks)]
        parts, body = _pieces_of_one(who, member.pose if pose == STANDING else pose, of_who, face)
        scale = member.size * size_of(who)
        pieces += [piece.moved(member.x, scale, member.back) for part in parts for piece in part]
    across = -scale if member.back else scale
    return pieces, [to_square(float(x) * across + member.x, float(y) * scale, 1.0) for x, y in _places(body)]


def _pieces_of_one(person: Person, pose: str, look: Look, face: str = "") -> tuple[tuple[list[Piece], ...], Body]:
    """The pieces of each sheet of somebody, from back to front, in heights, and the joints."""
    body, named = _body_of(person, pose, look)
    if named in FROM_BEHIND:
        arm_of = _near_arm(body, look, named)
        return (_from_behind(body, person, look), head_from_behind(body, look.head), arm_of), body
    head = head_pieces(body, look.head, face_in(named, face))
    return (_resting(body, person, look, named), head, _near_arm(body, look, named)), body


def _body_of(person: Person, pose: str, look: Look) -> tuple[Body, str]:
    """The joints of somebody, and the name of the pose."""
    named = stance_of(look) if pose == STANDING else pose
    named = named if named in body_poses() else STANDING
    return body_in(named, BUILDS[person.build]), named


def stance_of(look: Look) -> str:
    """The pose of somebody who does nothing: as the table says, or as who holds the tool of a trade."""
    tool = _tool(look)
    if look.stance != STANDING or not tool:
        return look.stance
    return "with a staff" if tool[0] in extras().poles else "presenting" if tool[0] in PRESENTED else STANDING


def _places(body: Body) -> tuple[Point, ...]:
    """The places of `PersonSheets` in its order, in heights."""
    arms = body.near_arm, body.far_arm
    return body.chin, arms[0].begin, palm(arms[0]), palm(arms[1]), mouth_of_head(body), body.hips


def _cut_one(person: Person, pose: str, look: Look, whole: bool, face: str) -> PersonSheets:
    parts, body = _pieces_of_one(person, pose, look, face)
    if whole:
        parts = ([piece for pieces in parts for piece in pieces],)
    size = size_of(person)
    places = [to_square(float(x), float(y), size) for x, y in _places(body)]
    return PersonSheets(tuple(cut_pieces(pieces, size) for pieces in parts), *places)


def _resting(body: Body, person: Person, look: Look, pose: str) -> list[Piece]:
    top, sleeve = _cloth(look.top[1]), SLEEVES[look.top[0]]
    skin = look.head.skin
    found = [*arm(body, body.far_arm, top, skin, True, sleeve), *_extras(body, look, extras().behind)]
    found = [*rope_over(body), *found] if pose == SKIPPING else found
    found += [*_legs(body, look, True, pose), *_legs(body, look, False, pose)]
    skirts = _skirts(body, look)
    found += [*skirts, *trunk(body, top, NARROW_WAIST if person.slim else 1.0)]
    return [*found, *_extras(body, look, extras().over)]


def _from_behind(body: Body, person: Person, look: Look) -> list[Piece]:
    """All that rests of somebody who is seen from behind: what is on the back lies on top."""
    top, sleeve = _cloth(look.top[1]), SLEEVES[look.top[0]]
    found = arm(body, body.far_arm, top, look.head.skin, True, sleeve)
    found += [*_legs(body, look, far=True), *_legs(body, look, far=False), *_skirts(body, look)]
    found += trunk(body, top, NARROW_WAIST if person.slim else 1.0)
    return [*found, *_extras(body, look, extras().behind)]


def _skirts(body: Body, look: Look) -> list[Piece]:
    """A skirt, or the lower part of a top that has one."""
    if look.below and look.below[0] in HEMS:
        garment, colour = look.below[:2]
    elif look.top[0] in LONG_TOPS:
        garment, colour = look.top[:2]
    else:
        return []
    hem = HEMS[LONG_TOPS.get(garment, garment)]
    return skirt(body, _cloth(colour), hem, FLARES.get(garment, 1.0))


def _extras(body: Body, look: Look, drawn: dict[str, Drawn]) -> list[Piece]:
    """Those of the extras of a look that are among some."""
    return [piece for name, *colours in look.extras if name in drawn for piece in drawn[name](body, tuple(colours))]


def _legs(body: Body, look: Look, far: bool, pose: str = STANDING) -> list[Piece]:
    limb = body.far_leg if far else body.near_leg
    trousers = look.below if look.below and look.below[0] in TROUSERS else None
    cloth = _cloth(trousers[1]) if trousers else None
    length = TROUSERS[trousers[0]] if trousers else LONG
    skin = look.stockings or look.head.skin
    shoes = foot(limb, look.shoes[0], far, "boots" in look.shoes, pose == SKATING)
    return [*leg(body, limb, cloth, skin, far, length), *shoes]


def _near_arm(body: Body, look: Look, pose: str) -> list[Piece]:
    found = arm(body, body.near_arm, _cloth(look.top[1]), look.head.skin, False, SLEEVES[look.top[0]])
    tool = _tool(look)
    if tool and pose in FREE_HANDS:
        name, *colours = tool
        found = [*extras().tools[name](body, tuple(colours)), *found]
    return found


def _tool(look: Look) -> tuple[str, ...]:
    """The first of the extras that is held, and its colours; nothing if none is."""
    return next((extra for extra in look.extras if extra[0] in extras().tools), ())
