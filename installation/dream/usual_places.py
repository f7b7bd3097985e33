"""Where people of every day are if a text names no place: the postman in a street, who mows in a garden."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from installation.dream.calm_places import EVERYDAY_PEOPLE, INDOORS
from installation.dream.everyday_places import GREEN, ROOM, STREET, Place

_FREE = {  # terrains beside "" that leave a place open, by that of the place
    STREET: ("", "city", "road"),
    GREEN: ("", "field"),
    ROOM: ("", INDOORS),
}
_OUT_OF_TOWN = re.compile(
    r"\b(?:hills?|fields?|meadows?|woods?|forest|beach|sea|river|lake|mountains?|farm|farmer|shepherd|horses?|cows?|"
    r"sheep|goats?|desert|moon|harbour|harbor|boats?|pier|rooftops?|roof|sky|clouds?|dream|castle|village|station|"
    r"road|path|temple|church|palace|tower|bridge|ruins|palms?|campfire)\b"
)
_TOWNSPEOPLE = EVERYDAY_PEOPLE | {
    "teenager",
    "teenage girl",
    "bride",
    "cyclist",
    "student",
    "businessman",
    "tourist",
    "hairdresser",
}
_USUAL = tuple(  # mark, terrain, words that mean it
    (mark, terrain, re.compile(rf"\b(?:{words})\b"))
    for mark, terrain, words in (
        (
            "garden",
            GREEN,
            r"mow(?:s|ing|ed)?|lawn|lawn ?mower|hedge|fence|barbecue|sprinklers?|paddling pool|trampoline|raking|"
            r"washing line|hanging out the (?:washing|laundry)|deckchairs?|hammock|greenhouse|tree ?house|compost|"
            r"sun ?lounger|flower ?beds?|sunbathing",
        ),
        ("playground", GREEN, r"seesaw|slide|climbing frame|monkey bars|sand ?pit"),
        (
            "bedroom",
            ROOM,
            r"pack(?:s|ing|ed)? (?:\w+ ){0,2}suitcases?|pyjamas|pajamas|nightie|bedtime|dressing gown|alarm clock|"
            r"pillow fight|getting dressed|wardrobe|teddy bear",
        ),
        (
            "bathroom",
            ROOM,
            r"shav(?:es|ing|ed)|brush(?:es|ing)? (?:his|her|my|their) teeth|lipstick|mascara|make-?up|hairdryer|"
            r"(?:has|having|taking) a (?:bath|shower)",
        ),
        (
            "hair salon",
            ROOM,
            r"hair ?cuts?|hairdressers?|hair stylist|barbers?(?! ?shop)|cut(?:s|ting)? (?:[\w']+ ){0,4}hair",
        ),
        (
            "parlour",
            ROOM,
            r"christmas tree|(?:open|unwrap)(?:s|ing|ed)? (?:\w+ ){0,2}(?:presents?|gifts?)|"
            r"radiators?|knit(?:s|ting)?|crochet(?:s|ing)?|jigsaw|vacuuming|hoovering|dusting|video games?|sewing|"
            r"(?:comb|braid|plait|brush)(?:s|es|ing|ed)? (?:\w+ )?(?:\w+'s |her |his )?hair|playstation|xbox|slippers",
        ),
        (
            "houses",
            STREET,
            r"neighbou?rs?'?s?|postm[ae]n|postwoman|mailm[ae]n|dust ?m[ae]n|bin ?m[ae]n|(?:dust)?bins?|bin bags?|"
            r"scooters?|mopeds?|push ?chairs?|pram|buggy|paper ?boy|draw(?:s|ing)? (?:\w+ ){0,3}chalk|hopscotch|"
            r"skipping rope|queue|queueing|taxi|cab|busker|street musician|beggar|window cleaner|shopping bags?|"
            r"shopping trolley|lemonade stand|selling lemonade|flower seller|"
            r"(?:street|at the|on the) corner|traffic warden|lollipop lady|school ?bag|satchel|skateboard|"
            r"letter ?box|post ?box|puddles?|steps|stoop|"
            r"front door|doorbell|bus stop|bakery|bakeryfront|shopfront|carrying (?:[\w']+ ){0,6}home",
        ),
    )
)


def usual_place(text: str, classes: Mapping[str, str], marks: Container[str]) -> Place | None:
    """The place that a text without one means, or None; only people who are known by no trade of elsewhere are there.

    Args:
        text: In English.
        classes: Of its reading, by group.
        marks: That the generator has.
    """
    said = text.lower()
    people = {classes.get("subject", ""), classes.get("companion", "")} & _TOWNSPEOPLE
    if not people or _OUT_OF_TOWN.search(said):
        return None
    for mark, terrain, words in _USUAL:
        if mark in marks and classes.get("terrain", "") in _FREE[terrain] and words.search(said):
            return Place(mark, terrain, text)
    return None
