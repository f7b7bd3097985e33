"""Words for how a figure is: asleep, steaming, rusty, tall. They become marks of an `Arrangeable` generator.

A state is said before the figure ("a very sleepy hedgehog"), of what it is made ("a glass slipper"), or after it: "the
cat is asleep", "a bird singing in a tree", "a knight in shining armour", "a dog with black spots".
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from installation.dream.english_words import BE, DETERMINERS, GARMENTS, PARTS, PREPOSITIONS, function_words
from installation.dream.verbs import PAUSES
from installation.models.figure_traits import jointed_people, trait

SURFACES, AIRS, SHAPES = "surface", "air", "shape"  # kinds of states, of which a figure has one each
POSES = ("sitting", "kneeling", "lying down")
_WEARS = (  # what a figure's paper went through, or is made of
    *("muddy", "snowy", "mossy", "burnt", "dusty", "worn", "derelict", "cracked", "wooden", "stony", "brick-built"),
    *("woollen", "rainbow", "patched", "floral", "glassy"),
)
_DONE_BY_ALL = ("walking", "running", "dancing", "waving", "cheering", "pointing")
_DONE_BY_TWO = (
    *("jumping", "skating", "bending", "working", "reaching"),
    *("thinking", "shouting", "laughing", "bowing", "kicking", "yawning"),
    *("leaving", "grazing", "rearing", "drinking", "splashing", "skipping"),
)
EFFECTS = ("melting", "sinking", "exploding", "dissolving")  # what happens to things
DONE = (*_DONE_BY_ALL, *_DONE_BY_TWO)  # what people do, whatever follows: "a man fixing a bicycle"
SOUNDS = ("calling", "ringing")  # of animals, and of bells
NOT_OF_THIRD = frozenset((*_DONE_BY_TWO, *_WEARS, *EFFECTS, *SOUNDS))  # which a third figure does not show
KINDS = {
    SURFACES: ("spotted", "striped", "shining", "rusty", "icy", "ghostly", "broken", "checkered", *_WEARS),
    AIRS: ("sleeping", "steaming", "wet", "crying", "loving", "singing", "glowing", *SOUNDS),
    SHAPES: ("tall", "long", "thin", "fat", "upside down", *POSES, *DONE, *EFFECTS),
}
SITTERS = frozenset(trait("people")) - frozenset(trait("shaped_people")) | {"queen"}
_RINGERS = ("bell", "alarm clock", "clock", "telephone", "smartphone", "church")
_LEAPERS = ("whale", "fish", "dolphin", "shark", "salmon", "trout", "orca", "goldfish")  # out of the water
JOINTED = jointed_people()  # people who are drawn in the pose of what they do
_BATHERS = ("duck", "goose", "swan", "penguin", "frog")  # who splash, too
_BEASTS = frozenset(trait("folds_legs"))
RESTERS = SITTERS | _BEASTS  # who lies down
KIND_OF = {state: kind for kind, states in KINDS.items() for state in states}
EXCLUDED = {"four": SURFACES, "five": AIRS, "tiny figure": SHAPES}  # marks of a figure and the states that they exclude
EXCLUDED_SECOND = {  # marks of the first figure, and states of the second
    **dict.fromkeys(("orange", "yellow"), SURFACES),
    **dict.fromkeys(("brown", "beige"), AIRS),
    **dict.fromkeys(("pink", "light blue"), SHAPES),
}


def _table(rows: dict[str, str]) -> dict[str, str]:
    return {word: state for state, words in rows.items() for word in words.split()}


_ADJECTIVES = _table(
    {
        "spotted": "spotted spotty dotted polka-dot polka-dotted speckled dappled freckled",
        "striped": "striped stripy stripey zebra-striped",
        "checkered": "checkered chequered checked plaid tartan",
        "shining": "shiny glittery polished sparkly golden gilded gold silver silvery metallic chrome glossy "
        "metal steel",
        "rusty": "rusty rusted corroded",
        "icy": "icy frozen frosty frosted frostbitten ice ice-cold",
        "ghostly": "ghostly invisible spectral",
        "glassy": "glass glassy crystal transparent translucent see-through",
        "broken": "broken shattered smashed torn",
        "cracked": "cracked chipped",
        "muddy": "muddy dirty filthy mud-covered mud-caked grubby",
        "snowy": "snowy snow-covered snow-capped snow-topped",
        "mossy": "mossy moss-covered moss-grown overgrown ivy-covered ivy-clad",
        "burnt": "burnt burned charred scorched burnt-out blackened sooty",
        "dusty": "dusty dust-covered cobwebbed",
        "worn": "worn shabby battered tattered antique ancient old threadbare",
        "derelict": "abandoned derelict dilapidated ramshackle crumbling ruined run-down decaying",
        "wooden": "wooden wood timber",
        "stony": "stone marble granite stony",
        "brick-built": "brick red-brick",
        "woollen": "woollen woolen wool knitted crocheted woolly",
        "rainbow": "rainbow rainbow-coloured rainbow-colored multicoloured multicolored multi-coloured multi-colored "
        "colourful colorful iridescent",
        "patched": "patchwork patched",
        "floral": "floral flowery flowered",
        "sleeping": "sleepy asleep drowsy tired exhausted lazy weary",
        "steaming": "angry furious grumpy steamy piping-hot",
        "wet": "wet soaked drenched soggy",
        "crying": "sad unhappy tearful heartbroken sorrowful sobbing melancholy",
        "loving": "lovesick smitten amorous loving enamoured infatuated",
        "singing": "loud noisy musical",
        "glowing": "luminous radiant neon illuminated fluorescent",
        "tall": "tall taller tallest lanky",
        "long": "long longest elongated",
        "thin": "thin skinny slim slender bony scrawny",
        "fat": "fat chubby plump tubby overweight stout",
        "upside down": "upside-down inverted topsy-turvy",
    }
)
_WEARY = frozenset(["tired", "exhausted", "weary", "lazy"])  # people who are sit down, and do not sleep
_DOINGS = _table(  # also without "is" after the figure
    {
        "sleeping": "asleep sleeping sleeps slept dozing snoring snores napping dreaming snoozing",
        "steaming": "steaming steams boiling fuming",
        "wet": "dripping drips",
        "crying": "crying cries cried weeping weeps wept sobbing sobs",
        "loving": "kissing kisses",
        "singing": "singing sings sang whistling whistles humming chirping chirps tweeting twittering crowing crows "
        "twitter twitters chirp warble warbles warbling trilling coo coos cooing croon crooning",
        "glowing": "glowing glows shimmering",
        "shining": "shining shines glittering glitters gleaming gleams sparkling sparkles twinkling glinting",
        "broken": "shattering",
        "sitting": "sitting sits sat seated crouching crouches squatting squats",
        "kneeling": "kneeling kneels knelt praying prays",
        "lying down": "lying lies reclining reclines",
        "walking": "walking walks walked strolling strolls wandering wanders marching marches hiking hikes trudging "
        "pacing limping",
        "running": "running runs ran jogging jogs sprinting sprints racing rushing rushes hurrying hurries fleeing "
        "galloping gallops galloped",
        "dancing": "dancing dances danced twirling twirls spinning",
        "waving": "waving waves waved greeting greets hailing beckoning",
        "cheering": "cheering cheers celebrating celebrates rejoicing clapping claps applauding",
        "pointing": "pointing points pointed showing aiming",
        "jumping": "jumping jumps jumped leaping leaps hopping hops skipping skips bouncing",
        "skating": "skating skates skated ice-skating rollerskating roller-skating",
        "bending": "digging digs picking picks gathering gathers collecting collects weeding planting plants sowing "
        "sows raking rakes sweeping sweeps mopping mops scrubbing scrubs harvesting harvests searching bending bends "
        "shovelling shovels tying dig dug sweep swept",
        "working": "working works fixing fixes repairing repairs mending mends cooking cooks ironing irons folding "
        "folds washing washes baking bakes kneading kneads stirring stirs cleaning cleans sewing sews sawing hammering "
        "building builds carving carves typing types painting paints sorting packing unpacking serving serves "
        "chopping frying",
        "reaching": "reaching reaches hanging stretching stretches conducting",
        "thinking": "thinking thinks wondering wonders pondering remembering remembers",
        "shouting": "shouting shouts screaming screams yelling yells calling calls arguing argues quarrelling quarrels "
        "quarreling bickering",
        "laughing": "laughing laughs laughed giggling giggles smiling",
        "bowing": "bowing bows bowed",
        "kicking": "kicking kicks kicked",
        "yawning": "yawning yawns yawned",
        "melting": "melting melts melted thawing",
        "drinking": "drinking drinks drank",
        "splashing": "splashing splashes splashed",
        "skipping": "rope-skipping",
        "grazing": "grazing grazes grazed sniffing sniffs eating eats munching nibbling nibbles",
        "rearing": "rearing rears reared",
        "leaving": "leaving",
        "calling": "barking barks barked roaring roars roared howling howls howled neighing neighs mooing moos meowing "
        "meows miaowing growling growls bleating bleats braying brays hissing hisses croaking croaks quacking quacks "
        "honking hooting hoots squawking trumpeting trumpets",
        "ringing": "ringing rings rang tolling tolls chiming chimes pealing",
        "sinking": "sinking sinks sank sunk",
        "exploding": "exploding explodes exploded bursting bursts",
        "dissolving": "dissolving dissolves dissolved vanishing vanishes vanished disappearing disappears disappeared "
        "fading fades crumbling crumbles",
    }
)
_SAID = _ADJECTIVES | _DOINGS
_OF_SEVERAL = _table(  # what two or more figures do, right after their name: "the children run"
    {
        "sleeping": "sleep",
        "crying": "cry weep sob",
        "singing": "sing",
        "sitting": "sit",
        "kneeling": "kneel pray",
        "walking": "walk stroll wander march trudge",
        "running": "run race rush hurry flee gallop",
        "dancing": "dance twirl spin",
        "waving": "wave",
        "cheering": "cheer celebrate rejoice clap",
        "jumping": "jump leap hop skip",
        "skating": "skate",
        "laughing": "laugh giggle",
        "kicking": "kick",
        "yawning": "yawn",
        "bowing": "bow",
        "grazing": "graze",
        "drinking": "drink",
        "splashing": "splash",
        "calling": "bark howl roar croak bleat moo",
        "ringing": "ring toll chime",
    }
)
_COVERED = ("covered", "capped", "topped", "clad")
_PHRASES: dict[tuple[str, ...], str] = {
    ("in", "love"): "loving",
    **dict.fromkeys(((how, "away") for how in ("walking", "walks", "walked", "turning", "turns", "going")), "leaving"),
    **dict.fromkeys(((how, where) for how in ("walking", "walks", "walked") for where in ("off", "into")), "leaving"),
    **dict.fromkeys((("on", *whose, "hind", "legs") for whose in ((), ("its",), ("their",), ("two",))), "rearing"),
    ("fast", "asleep"): "sleeping",
    ("sound", "asleep"): "sleeping",
    ("half", "asleep"): "sleeping",
    ("upside", "down"): "upside down",
    **{
        (how, "upside", "down"): "upside down"
        for how in ("hanging", "hangs", "hang", "hung", "dangling", "dangles", "sleeping", "sleeps")
    },
    ("on", "its", "head"): "upside down",
    ("on", "his", "head"): "upside down",
    ("on", "her", "head"): "upside down",
    ("in", "tears"): "crying",
    ("in", "shining", "armour"): "shining",
    ("in", "shining", "armor"): "shining",
    ("polka", "dot"): "spotted",
    ("see", "through"): "glassy",
    ("under", "snow"): "snowy",
    ("piping", "hot"): "steaming",
    ("made", "of", "glass"): "glassy",
    ("of", "glass"): "glassy",
    ("made", "of", "gold"): "shining",
    ("of", "gold"): "shining",
    ("made", "of", "silver"): "shining",
    ("made", "of", "ice"): "icy",
    **dict.fromkeys((("snow", how) for how in _COVERED), "snowy"),
    **dict.fromkeys((("covered", how, "snow") for how in ("in", "with")), "snowy"),
    **dict.fromkeys((("moss", how) for how in _COVERED), "mossy"),
    **dict.fromkeys((("covered", how, "moss") for how in ("in", "with")), "mossy"),
    **dict.fromkeys((("ivy", how) for how in _COVERED), "mossy"),
    **dict.fromkeys((("covered", how, "ivy") for how in ("in", "with")), "mossy"),
    **dict.fromkeys((("mud", how) for how in _COVERED), "muddy"),
    **dict.fromkeys((("covered", how, "mud") for how in ("in", "with")), "muddy"),
    **dict.fromkeys((("dust", how) for how in _COVERED), "dusty"),
    **dict.fromkeys((("covered", how, "dust") for how in ("in", "with")), "dusty"),
    ("covered", "in", "ice"): "icy",
    ("covered", "in", "rust"): "rusty",
    ("with", "hearts"): "loving",
}
_WITH = {
    **dict.fromkeys(("spots", "dots", "polka-dots", "freckles", "speckles"), "spotted"),
    **dict.fromkeys(("stripes", "stripe"), "striped"),
    **dict.fromkeys(("squares", "checks"), "checkered"),
    **dict.fromkeys(("steam",), "steaming"),
    **dict.fromkeys(("tears",), "crying"),
}
_WITH_REACH = 3  # words from "with" to them
_OF_CLOTHES = ("spotted", "striped", "checkered", "woollen", "patched", "floral", "rainbow")  # states of what is worn
_DRESSED = frozenset(["in", "with", "wearing", "wears", "wore"])
_DRESS_REACH = 7  # words from a figure to what it wears
_OF_BODIES = PARTS | {"shell", "fur", "feathers", "skin", "mane", "coat", "hide", "petals", "leaves"}
HOT = ("cup", "teapot", "pot", "bathtub", "bread", "pizza", "cake", "stove", "kettle", "pie")  # steams where it is hot
_HOT = frozenset(["hot", "warm", "boiling", "fresh"])
_ANGRY = frozenset(["angry", "furious", "grumpy"])
ANGRY_COLOUR = "red"
_CURLED = ("curled", "stretched", "snugly", "soundly", "deeply", "peacefully", "quietly", "together", "again", "loudly")
_LINKS = BE | frozenset(
    [
        *(
            "who",
            "that",
            "which",
            "sits",
            "sit",
            "sat",
            "lies",
            "lay",
            "lying",
            "stands",
            "stand",
            "stood",
            "standing",
            "looks",
            "seems",
            "very",
        ),
        *(
            "so",
            "all",
            "quite",
            "really",
            "just",
            "still",
            "quietly",
            "softly",
            "slowly",
            "loudly",
            "always",
            "soundly",
        ),
        *("peacefully", "happily", "completely", "totally", ",", "it", "it's", "he", "she", "he's", "she's", "too"),
        *("extremely", "a", "bit"),
    ]
)
_BESIDE = frozenset([*_SAID, *_HOT, "upside", "down", "very", "and", ",", "so", "really"]) - {"crows"}  # birds
_MATERIAL = frozenset(
    [
        "wood",
        "wool",
        "stone",
        "brick",
        "rainbow",
        "old",
        "ancient",
        "ice",
        "glass",
        "gold",
        "crystal",
        "metal",
        "steel",
        "long",
        "musical",
        "lazy",
    ]
)
_WITHIN = frozenset(_SAID) - _MATERIAL  # of names of several words: "a golden crown"
_NEVER = ("eagle", "star", "sleeper", "dog", "sheep")  # "golden eagle"
_NATURAL = {
    "striped": ("zebra", "tiger", "bee"),
    "crying": ("tree", "willow"),
    "spotted": ("giraffe", "ladybird"),
    "ghostly": ("ghost",),
    "glassy": ("wine glass",),
    "woollen": ("sheep", "mammoth"),
    "mossy": ("tree", "pine", "willow", "birch"),
    "rainbow": ("parrot",),
}
_OF_THE_LIVING = ("sleeping", "crying")  # states
_OF_THINGS = ("worn", "derelict", "dusty", "cracked", "floral")  # that nobody alive has
_LIVING = (
    "heart",
    "eye",
    "bat",
    "turtle",
    "spider",
    "octopus",
    "butterfly",
    "ant",
    "ladybird",
    "crab",
    "walrus",
    "lobster",
    "whale",
)
_LIFELESS = frozenset([*trait("headless"), *trait("of_a_house")]) - {*_LIVING}
_QUALIFIERS = 5  # words before a figure that may say a state of it, at most
MATERIALS = {  # words before a figure that name the colour of what it is made
    **dict.fromkeys(("wooden", "wood", "chocolate", "leather", "gingerbread", "bronze", "copper"), "brown"),
    **dict.fromkeys(("stone", "marble", "concrete", "iron", "steel", "metal", "stony"), "grey"),
    **dict.fromkeys(("straw", "wicker", "sand", "cardboard"), "beige"),
}


def _does(label: str, state: str) -> bool:
    """Whether a figure is drawn in the pose of what it does: people are, and animals that run."""
    if state in ("grazing", "rearing", "drinking"):
        return label in _BEASTS
    if state == "splashing":
        return label in JOINTED or label in (*_BEASTS, *_BATHERS)
    return label in JOINTED or (state in ("running", "jumping") and label in (*_BEASTS, *_LEAPERS))


def states_said(words: Sequence[str], since: int, span: tuple[int, int], label: str) -> tuple[str, ...]:
    """The states that a text says of a figure, at most one of each kind.

    Args:
        words: Of the text.
        since: Where the thing before ends.
        span: Where the figure's name begins and ends.
        label: Of the figure.
    """
    found = [
        *_before(words, since, span, label),
        *_after(words, span[1], label in JOINTED | _BEASTS | {*_LEAPERS, *_BATHERS}),
    ]
    if label in SITTERS and not _WEARY.isdisjoint((*_qualifiers(words, since, span[0]), *words[span[1] : span[1] + 2])):
        found = [*(state for state in found if state != "sleeping"), "sitting"]
    kinds: dict[str, str] = {}
    for said in found:
        state = "grazing" if said == "bending" and label in _BEASTS else said  # with its head down
        if state in POSES and label not in (RESTERS if state == "lying down" else SITTERS):
            continue
        if state in DONE and not _does(label, state):
            continue
        if state in _OF_THE_LIVING and label in _LIFELESS:
            continue  # "the boats sleep"
        if state in _OF_THINGS and label not in _LIFELESS:
            continue  # "an old lion"
        if state in EFFECTS and label in SITTERS and state != "dissolving":
            continue
        if (state == "calling" and (label in SITTERS or label in _LIFELESS)) or (
            state == "ringing" and label not in _RINGERS
        ):
            continue
        if label not in _NATURAL.get(state, ()):
            kinds.setdefault(KIND_OF[state], state)
    if label in JOINTED and (state := _of_clothes(words, span[1])):
        kinds[SURFACES] = state
    return tuple(kinds.values())


_TOLD_BY = {  # states of animals, and acts that tell them
    **dict.fromkeys(("grazing", "drinking"), ("eating", "biting", "swallowing", "feeding", "held")),
    "jumping": ("leaping", "over sky", "inside"),
}


def without_told(marks: Sequence[str], people: bool) -> tuple[str, ...]:
    """The marks without states that an act among them tells of animals; `people` if these are none."""
    told = () if people else tuple(state for state, acts in _TOLD_BY.items() if not {*acts}.isdisjoint(marks))
    return tuple(mark for mark in marks if mark.removeprefix("second ") not in told)


def states_after(words: Sequence[str], end: int, label: str) -> tuple[str, ...]:
    """The states that a text says of a figure `label` behind its name, which ends at `end`."""
    return tuple(
        state for state in _after(words, end, label in JOINTED | _BEASTS) if state not in DONE or _does(label, state)
    )


def is_pattern(word: str) -> bool:
    """Whether a noun names a pattern or drops that a figure has: "spots"."""
    return word in _WITH


def covers(words: Sequence[str], start: int, end: int) -> bool:
    """Whether what the words from `start` to `end` name only covers what follows: "moss-covered", "covered in mud"."""
    return tuple(words[end - 1 : end + 1]) in _PHRASES or tuple(words[max(0, start - 2) : end]) in _PHRASES


def is_angry(words: Sequence[str], since: int, start: int) -> bool:
    """Whether a figure that begins at `start` is said to be angry."""
    return not _ANGRY.isdisjoint(_qualifiers(words, since, start))


def material_of(words: Sequence[str], start: int) -> str:
    """The colour of what a figure that begins at `start` is made of, or ""."""
    return MATERIALS.get(words[start - 1], "") if start else ""


def _qualifiers(words: Sequence[str], since: int, start: int) -> list[str]:
    """The words before a noun that may say more of it, the nearest first."""
    found: list[str] = []
    if words[since : since + 1] and words[since] in _COVERED:  # "snow covered"
        since -= 1
    while since > 0 and words[since - 1] in _BESIDE:  # a thing or a mood by itself
        since -= 1
    for place in reversed(range(max(since, start - _QUALIFIERS), start)):
        word = words[place]
        if word in PREPOSITIONS or word in DETERMINERS or (word in PAUSES and word != ","):
            break
        found.append(word)
    return found


def _before(words: Sequence[str], since: int, span: tuple[int, int], label: str) -> list[str]:
    near = _qualifiers(words, since, span[0])
    found = [_SAID[word] for word in words[span[0] : span[1] - 1] if word in _WITHIN and label not in _NEVER]
    for place, word in enumerate(near):
        pair = tuple(near[place : place + 2][::-1])
        if pair in _PHRASES:
            found.append(_PHRASES[pair])
        elif word in _HOT and label in HOT:
            found.append("steaming")
        elif word in _SAID:
            found.append(_SAID[word])
    return found


def _after(words: Sequence[str], end: int, jointed: bool) -> list[str]:
    found: list[str] = []
    place, linked = _behind_clothes(words, end), False
    while place < len(words) and words[place].endswith("ly") and words[place] not in _SAID:
        place += 1
    if jointed and words[place : place + 1] and (state := _OF_SEVERAL.get(words[place])):
        return [state]
    while place < len(words):
        word = words[place]
        phrase = next((each for each in _PHRASES if tuple(words[place : place + len(each)]) == each), None)
        if phrase:
            found.append(_PHRASES[phrase])
            place += len(phrase)
        elif word == "with" and (state := _with(words[place + 1 : place + 1 + _WITH_REACH])):
            found.append(state)
            break
        elif _SAID.get(word) in (*POSES, *(DONE if jointed else ())) or (
            (word in _DOINGS or (linked and word in _ADJECTIVES)) and _ends(words, place + 1)
        ):
            found.append(_SAID[word])
            place += 1
        elif word in _LINKS:
            linked |= word in BE
            place += 1
        elif word == "and" and found:
            place += 1
        else:
            break
    return found


def _with(words: Sequence[str]) -> str:
    """The state that "with" says: "with spots"; or that of a part of a body: "with a mossy shell"."""
    pattern = next((_WITH[word] for word in words if word in _WITH), "")
    parts = (place for place, word in enumerate(words) if word in _OF_BODIES and place)
    said = (_ADJECTIVES.get(words[place - 1], "") for place in parts)
    return pattern or next((state for state in said if KIND_OF.get(state) == SURFACES and state != "broken"), "")


def _behind_clothes(words: Sequence[str], end: int) -> int:
    """Where words go on behind what a figure wears whose name ends at `end`: "in a red dress dancing"."""
    following = words[end : end + _DRESS_REACH]
    place = next((place for place, word in enumerate(following) if word in GARMENTS), 0)
    return end + place + 1 if place and following[0] in _DRESSED else end


def _of_clothes(words: Sequence[str], end: int) -> str:
    """The pattern of what a figure wears whose name ends at `end`: "a woman in a polka-dot dress"."""
    following = words[end : end + _DRESS_REACH]
    place = next((place for place, word in enumerate(following) if word in GARMENTS), 0)
    before = following[:place]
    if _DRESSED.isdisjoint(before) or any(word in PAUSES for word in before):
        return ""
    said = (*(_ADJECTIVES.get(word, "") for word in before), *(_PHRASES.get(pair, "") for pair in pairwise(before)))
    return next((state for state in said if state in _OF_CLOTHES), "")


def poses_said(words: Sequence[str], actor: str) -> tuple[str, ...]:
    """The pose that a text says of an actor who acts in it unnamed: "I am lying in the grass"."""
    poses = (*((*POSES, "crying") if actor in SITTERS else ()), *(DONE if actor in JOINTED else ()))
    return tuple(_DOINGS[word] for word in words if _DOINGS.get(word) in poses)[:1]


def _ends(words: Sequence[str], place: int) -> bool:
    """Whether what follows belongs to no other noun."""
    if place >= len(words):
        return True
    word = words[place]
    if word in _CURLED:
        return True
    return word in PAUSES or word in function_words() or word in PREPOSITIONS or word in ("alone", "upon", "against")
