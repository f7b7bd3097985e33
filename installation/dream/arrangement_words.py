"""Words for how many figures there are, how large they are, what colour their paper has, and who stands on whom.

They become marks of an `Arrangeable` generator: "three", "huge figure", "pink", "on". More than twelve are a crowd, and
the operator is told their number.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from installation.dream.act_words import GENERAL, act_between
from installation.dream.actors import PEOPLE, RAISED
from installation.dream.join_words import JOINS, join_between
from installation.dream.term import COLOUR_GROUPS, Term
from installation.models.figure_traits import trait
from installation.models.lexicon import Lexicon, Meaning, base_forms

COUNTS = ("two", "three", "four", "five", "six", "many", "eight", "nine", "ten", "eleven", "twelve", "crowd")
SKY_COUNTS = ("two", "three")  # of suns or moons
REACH = 4  # words between a number or a size and its noun, at most
MARKED_COLOURS = {
    "pink": "pink",
    "rosy": "pink",
    "orange": "orange",
    "ginger": "orange",
    "brown": "brown",
    "grey": "grey",
    "gray": "grey",
    "black": "black",
    "ebony": "black",
    "jet-black": "black",
    "pitch-black": "black",
    "coal-black": "black",
    "silver": "silver",
    "silvery": "silver",
    "beige": "beige",
    "cream": "beige",
    "cream-coloured": "beige",
    "tan": "beige",
    "sky-blue": "light blue",
}
PAPERS = frozenset(["white", "red", "gold", "blue", "green", "violet", "yellow", *MARKED_COLOURS.values()])
LIGHT_BLUE, PALE = "light blue", frozenset(["light", "pale", "baby", "sky"])  # words before "blue"


def _table(rows: dict[str, str]) -> dict[str, str]:
    return {word: mark for mark, words in rows.items() for word in words.split()}


NUMBERS = _table(
    {
        "one": "a an one single 1 another each every",
        "two": "two both twin pair couple 2 zwei beide deux dos dois duas due twee dwa dwie iki "
        "два две двух двое dwóch dwoje ambos ambas entrambi 两 二 둘 두 "
        "اثنان اثنين दो दोनों",
        "three": "three trio few 3 drei trois tres três tre drie trzy üç "
        "три трёх трех трое trzech troje 三 셋 세 ثلاثة ثلاث तीन",
        "four": "four 4 vier quatre cuatro quatro quattro cztery dört "
        "четыре четырёх четверо czterech 四 넷 네 أربعة أربع चार",
        "five": "five several 5 plusieurs varios varias vários várias mehrere diversi parecchi "
        "fünf cinq cinco cinque vijf pięć beş пять пятеро pięcioro 五 다섯 خمسة خمس पाँच पांच",
        "six": "six 6 sechs seis sei zes sześć altı шесть 六 여섯 ستة ست छह छः",
        "many": "seven many numerous flock flocks herd herds pack packs row rows school shoal pride fleet "
        "bunch murder group lot lots loads plenty 7 "
        "sieben sept siete sette sete zeven siedem yedi семь 七 일곱 سبعة سبع viele "
        "beaucoup много mnóstwo wiele muchos muchas "
        "muitos muitas molti molte veel wiele çok много कई बहुत सात",
        "eight": "eight 8 acht huit ocho otto oito osiem sekiz восемь восьмеро 八 여덟 ثمانية ثمان आठ",
        "nine": "nine 9 neun neuf nueve nove negen dziewięć dokuz девять 九 아홉 تسعة تسع नौ",
        "ten": "ten 10 zehn dix diez dieci dez tien dziesięć десять 十 열 عشرة عشر दस",
        "eleven": "eleven 11 onze undici jedenaście одиннадцать 十一 열하나 ग्यारह",
        "twelve": "twelve dozen 12 zwölf douze doce dodici doze twaalf dwanaście двенадцать 十二 열둘 बारह "
        "dutzend douzaine docena dozzina dúzia tuzin дюжина",
        "crowd": "dozens hundred hundreds thousand thousands million millions countless innumerable swarm "
        "swarms crowd crowds tons masses heaps scores 100 1000 hundert hunderte tausend tausende mille "
        "cien cientos mil cento mila honderd duizend sto tysiąc сто сотни тысяча тысячи 百 千",
    }
)
UNKEPT = frozenset(  # numbers that are shown as a crowd, and told
    _table(
        {
            "crowd": "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty "
            "thirty forty fifty sixty seventy eighty ninety 13 14 15 16 17 18 19 20 24 25 30 40 50 60 70 80 90 99 "
            "zwanzig vingt veinte venti vinte twintig dwadzieścia yirmi двадцать 二十 스물 बीस"
        }
    )
)
SIZES = _table(
    {
        "huge": "bigger larger biggest largest tallest huge giant gigantic enormous "
        "big large massive colossal immense vast monumental towering",
        "tiny": "smaller smallest tiniest tiny small little miniature minuscule wee",
    }
)
OF_SKY = ("between sky", "behind sky", "above sky")  # how the sun or the moon stands to the figure
SIZE_MARKS = ("huge figure", "tiny figure")
INSIDE = "inside"
PLACES = _table(
    {
        "on": "on upon atop crosses crossing crossed climbing climbs climbed climb",
        "riding": "riding rides ride rode",
        "between": "between",
        "around": "around round surrounding encircling",
        "worn": "wearing wears wear wore",
        "above": "above over",
        "under": "under beneath below underneath",
        "behind": "behind",
        "front": "front before against",
        INSIDE: "inside within",
        "through": "through",
        "held": "reading reads read holding holds held hold carrying carries carry carried clutching clutches gripping "
        "flying flies fly flew",
        "leash": "walking walks walked walk",
        "at": "at playing plays play played",
        "chasing": "chasing chases chased chase pursuing pursues following follows hunting hunts hunted hunt",
        "pulling": "pulling pulls pulled pull dragging drags dragged towing tows",
        "bearing": "bearing",
        "containing": "containing",
        "leaping": "jumping jumps jump jumped leaping leaps leapt hopping hops vaulting "
        "bounding bounds bounded clearing clears",
    }
)
PUSHED = ("pram", "shopping trolley", "wheelbarrow")  # which who is with one pushes
READING = frozenset(["reading", "reads", "read"])
PHONES = ("telephone", "smartphone")
_PHONING = frozenset(
    ["talking", "talks", "speaking", "speaks", "chatting", "on", "looking", "looks", "scrolling", "texting", "using"]
)
READABLE = ("book", "newspaper", "letter", "telephone")
_AND = frozenset([",", "and", "&", "und", "et", "y", "e", "i", "en", "и", "와", "과", "ve"])
_ITS = frozenset(["its", "sein", "seine", "seinen", "son", "sa", "ses", "su", "sus"])  # before what belongs to it
NATURAL = {  # colours of places and lights, which are no tint of the picture
    "green": ("field", "hills", "forest", "jungle", "swamp", "island", "mountains"),
    "blue": ("sea", "lake", "river", "ice", "deep sea", "waterfall", "mountains", "noon", "blue hour"),
    "gold": ("field", "desert", "golden hour", "sun", "autumn leaves"),
    "white": ("ice", "snow", "fog", "clouds", "winter", "moon", "mountains", "sun", "waterfall"),
    "ink": ("night", "storm", "cave", "milky way"),
}
VESSELS = trait("vessels")  # figures in which others sit
MOUNTS = trait("mounts")  # figures that others ride
ENCLOSING = frozenset(trait("enclosing"))  # small ones
CONTAINERS = trait("containers")  # figures in which others are seen
_STATIC = frozenset(_table({"": "on upon atop between around round above over under beneath below behind front"}))
_CRADLES = frozenset(["rocking", "rocks", "rocked", "cradling", "cradles", "cradled", "lulling", "lulls", "nursing"])
_FLEES = frozenset(["away", "from"])
_RUNS = frozenset(
    ["run", "runs", "ran", "running", "flee", "flees", "fled", "fleeing", "escape", "escapes", "escaping"]
)
_AT_DOORS = frozenset(
    [
        *("open", "opens", "opened", "opening", "close", "closes", "closing", "shut", "shuts", "shutting", "unlock"),
        *("unlocks", "unlocking", "lock", "locks", "locking", "knock", "knocks", "knocked", "knocking", "ring"),
        *("rings", "ringing"),
    ]
)
_BREAKS = frozenset(
    [
        *(
            "tearing",
            "tears",
            "tore",
            "ripping",
            "rips",
            "ripped",
            "breaking",
            "breaks",
            "broke",
            "smashing",
            "smashes",
        ),
        *("smashed", "shattering", "shatters", "shattered", "snapping", "snaps", "cracking", "cracks"),
    ]
)
_BRITTLE = frozenset(trait("headless"))
_HATCHES = frozenset(["hatching", "hatches", "hatched", "hatch", "emerging", "emerges"])
_CHARGES = frozenset(["charging", "charges", "charged", "rushing", "rushes", "lunging", "lunges", "swooping", "swoops"])
_AT = frozenset(["at", "towards", "toward"])
_CARRIES = frozenset(["carrying", "carries", "carry", "carried"])
HEAVY = ("sofa", "armchair", "bed", "table", "piano", "fridge", "bathtub", "canoe", "boat", "log", "bench", "wardrobe")
_FLIES = frozenset(["flying", "flies", "fly", "flew"])
HOLLOW = trait("hollow")  # figures on which others stand that are in them
SHOELESS = (*trait("household"), *trait("on_tables"), "bucket", "box")  # figures that wear none
HOLDERS = trait("holders")  # who holds what it carries; on others that lies
FLYERS = trait("flyers")  # who carries things off
RIDERS = (*PEOPLE, "queen", "fairy", "monkey")
SMALL = ("rabbit", "mouse", "bird", "frog", "butterfly", "snail", "bee", "spider", "ant", "lizard")  # whom a hat holds
WORN = ("hat", "top hat", "cap", "crown", "mask", "glasses", "scarf", "necktie", "hair bow", "necklace", "medal")
HELD = ("umbrella",)  # over somebody's head
OVERHEAD = trait("overhead")  # which is above what is under
ACTS = ("held", "leash", "at", "chasing", "pulling", *GENERAL, *JOINS)  # what the first figure does with the second
BY = {  # the same, said from the other side: "chased by"
    "chasing": "chased",
    "pulling": "pulled",
    "held": "hand",
    **{act: f"{act} by" for act in (*GENERAL, *JOINS)},
}
BEARS = ("bearing", "containing")  # what the first has on it or in it
SIDES = ("left", "right")  # of the second, on which the first stands
_STUCK = frozenset(["in", "inside", "is", "sits", "sitting", "stuck", "hiding", "hides", "sleeping", "living", "lives"])
_FULL = frozenset(["full", "filled", "packed", "laden", "loaded", "crammed", "stuffed"])
_BY_THE_OTHER = {place: act for act, place in BY.items()}
PASSENGER, COACHES = PEOPLE, ("train", "tram", "bus", "airplane")  # on which people are inside
FLOWN, INSTRUMENTS = ("kite",), trait("instruments")
DESKS = trait("desks")  # at which somebody sits or stands
LED = trait("led")  # who goes on a lead
HOLDABLE = trait("holdable")  # what somebody "with" it has in the hand
HANDY = frozenset(HOLDABLE) & {*trait("of_a_hand"), *trait("instruments")}
_GIANT = frozenset(["giant", "huge", "enormous", "gigantic", "massive", "big"])
CARRIED = (*HOLDABLE, *LED, *trait("carried"))  # what somebody carries
OWNERS = {"her": "woman", "his": "man", "my": "man", "their": "couple", "your": "woman", "our": "couple"}  # of a hand
_THRONGS = frozenset(["crowd", "crowds", "audience", "throng", "mob", "spectators", "protesters", "demonstrators"])
_ABOUT = frozenset(
    ["fighting", "fight", "fights", "fought", "arguing", "argue", "quarrelling", "crying", "cry", "weeping"]
)
GROUNDED = (*(one for one in trait("of_a_house") if one not in ("whale", "airship", "balloon", "rocket")), "bridge")
AIRY = (*trait("flyers"), *trait("overhead"), "butterfly", "spider", "ghost", "fairy")  # in the air anyway
_ALOFT = frozenset(
    [
        *("flying", "flies", "floating", "floats", "hovering", "hovers", "soaring", "soars", "gliding", "glides"),
        *("drifting", "drifts", "circling", "high", "far", "up", "way", "with", "wings", "in", "the", "air", "sky"),
    ]
)
GROWS = frozenset(["growing", "grows", "grow", "grew", "sprouting", "sprouts", "blooming", "blooms", "stuck"])
_WITH = frozenset(["with", "in", "wearing", "wears"])
_INSIDE = frozenset(["in", "inside", "into"])
_KEPT_WORDS = (  # what people do with what is in something
    "keep keeps kept keeping store stores stored storing save saves saved preserve preserves preserved bottle "
    "bottles bottled put puts putting lock locks locked pour pours poured pouring press presses pressed collect "
    "collects collected collecting hide hides hid pack packs packed packing bury buries buried find finds found "
    "arrange arranges arranging arranged place places placed catch catches caught carry carries carried bring "
    "brings brought"
)
_KEPT = frozenset(_KEPT_WORDS.split())
_PAIRS = frozenset(["eyes", "hands", "lovers", "twins"])
_ONE_PAIR = frozenset(  # a pair of these is one figure
    [
        "shoes",
        "boots",
        "sneakers",
        "trainers",
        "slippers",
        "sandals",
        "heels",
        "glasses",
        "spectacles",
        "scissors",
        "gloves",
        "mittens",
        "socks",
        "skis",
        "jeans",
        "trousers",
    ]
)
_PLURALS = frozenset(
    [
        *("children", "wolves", "geese", "leaves", "men", "women", "people", "mice", "oxen", "cattle", "fishermen"),
        *("firemen", "policemen", "snowmen", "postmen", "workmen", "businessmen", "horsemen", "noblemen"),
    ]
)
_PLENTIFUL = frozenset(  # of which there are many where a text speaks of several
    [
        *("sparrows", "starlings", "finches", "gnats", "midges", "mosquitoes", "ants", "bees", "wasps", "locusts"),
        *("poppies", "daisies", "buttercups", "dandelions", "daffodils", "snowdrops", "crocuses", "bluebells"),
        *("herrings", "sardines", "minnows", "tadpoles", "swallows", "swifts"),
    ]
)
IN_PAIRS = ("cherries",)  # figures of two things
_PAIRWISE = {  # numbers of such things, and of the figures that show them
    "two": "",
    **dict.fromkeys(("three", "four"), "two"),
    **dict.fromkeys(("five", "six"), "three"),
    **dict.fromkeys(("many", "eight"), "four"),
    **dict.fromkeys(("nine", "ten"), "five"),
    **dict.fromkeys(("eleven", "twelve"), "six"),
}
GATHERED = ("couple", "group")
SEVERAL = (*GATHERED, "family", "dancing couple")  # who have no mouth and no hand of their own
OWN_SIZE = ("ferris wheel", "child", "boy", "baby", "couple")  # labels whose phrases have a size that means nothing


def number_of(words: Sequence[str], since: int, span: tuple[int, int]) -> str:
    """The number word that is said of what a span names, after another thing that ends at `since`; or ""."""
    reach = [*_reach(words, span[0], since), *words[span[0] : span[1] - 1]]
    ignored = ("a", "an", "pair", "pairs") if words[span[1] - 1] in _ONE_PAIR else ("a", "an")
    named = words[span[0] : span[1] - 1]  # of "a couple dancing" and "a school bus"
    ignored = (*ignored, *(() if "of" in reach else ("school",)), *(("couple",) if "couple" in named else ()))
    numbers = (word for word in reversed(reach) if (word in NUMBERS or word in UNKEPT) and word not in ignored)
    found = next(numbers, "")
    return "six" if found == "dozen" and "half" in reach else found


def marks_of(
    words: Sequence[str], since: int, span: tuple[int, int], meanings: Sequence[Meaning], lexicon: Lexicon
) -> tuple[str, ...]:
    """The marks of the figure or celestial body that a span names, after another thing that ends at `since`.

    A plain plural means three, of what there is a pair of two: "swans", "eyes".
    """
    start, end = span
    groups = {one.group: one.label for one in meanings}
    if "subject" not in groups and "celestial" not in groups:
        return ()
    before = [*_reach(words, start, since), *words[start : end - 1]]
    number = number_of(words, since, span)
    count = "crowd" if number in UNKEPT else NUMBERS.get(number, "")
    head = words[start + 1 : end].index("of") + start if "of" in words[start + 1 : end] else end - 1  # "heap of leaves"
    if not count and "subject" in groups and _is_plural(words[head], lexicon):
        count = "two" if words[head] in _PAIRS else "many" if words[head] in _PLENTIFUL else "three"
    size = next((SIZES[word] for word in reversed(before) if word in SIZES), "")
    if "celestial" in groups:
        marks = [f"{count} sky"] if count in SKY_COUNTS else []
    elif groups["subject"] in GATHERED:
        marks = _gathered_marks(words[start:end], groups["subject"], count, said=bool(number))
    else:
        count = _PAIRWISE.get(count, count) if groups["subject"] in IN_PAIRS else count
        marks = [count] if count in COUNTS else []
    if size and "celestial" in groups:
        marks.append(f"{size} sky")
    elif size and groups.get("subject") not in OWN_SIZE:
        marks.append(f"{size} figure")
    return tuple(marks)


def _gathered_marks(named: Sequence[str], label: str, count: str, said: bool) -> list[str]:
    """The marks of figures each of which is several already, of which an audience sees a crowd one by one.

    Args:
        named: The words that name them.
        label: Of the figure.
        count: How many there are, or "".
        said: Whether a number says so, and not a plural.
    """
    if not _THRONGS.isdisjoint(named):
        return ["crowd"]
    if label == "group" and said and count in COUNTS:
        return [count]
    return ["five"] if count in ("many", "crowd") else []


def place_of(words: Sequence[str], after: int, start: int, label: str, first: str = "") -> str:
    """How a figure `label` that begins at `start` stands to one that ends at `after`, a value of `PLACES`, or "".

    Args:
        words: Of the text.
        after: Where the first figure ends.
        start: Where the second one begins.
        label: Of the second figure.
        first: The label of the first one.
    """
    between = _literal(words[after:start])
    if join := join_between(between, words[start + 1 :], label, first):
        return join
    if between == ["of"] and first in ENCLOSING and label and label not in CONTAINERS:
        return "containing"  # "a bowl of rain"
    if side := _side(between):
        return side
    if "bearing" in between or not _FULL.isdisjoint(between) or "containing" in between:
        return _borne("bearing" in between or first not in CONTAINERS, first)
    if (first, label) == ("cake", "candle") and "with" in between:
        return "bearing"
    if label in PHONES and not _PHONING.isdisjoint(between) and first in HOLDERS:
        return "held"  # "talking on the phone"
    if label == "wine glass" and not RAISED.isdisjoint(between) and first in HOLDERS:
        return "held"
    if label == "baby" and not _CRADLES.isdisjoint(between) and first in HOLDERS:
        return "held"
    if label == "egg" and not _HATCHES.isdisjoint(between):
        return "on"  # "a chick hatching from an egg"
    if is_broken_there(between, label) and first in HOLDERS and label in HOLDABLE:
        return "held"
    if label == "door" and not _AT_DOORS.isdisjoint(between) and first in PEOPLE:
        return "at"
    living = (*PEOPLE, *LED, *MOUNTS, *HOLDERS)
    if _FLEES.issubset(between) and not _RUNS.isdisjoint(between) and first in living and label in living:
        return BY["chasing"]  # "a thief running away from a policeman"
    if not _CHARGES.isdisjoint(between) and not _AT.isdisjoint(between) and first in living and label in living:
        return "chasing"  # "a bull charging at a matador"
    if not _LOOKS_OUT.isdisjoint(between) and "out" in between and label in CONTAINERS:
        return INSIDE  # "a mouse peeping out of a teacup"
    if act := act_between(words[after:start], words[start + 1 :], label):
        act = _caught(label, first) if act == "catching" else act
        if act == "lifting" and first in _SWIMMERS:
            return _borne(True, first)  # "a whale carrying a house on its back"
        among = first in SEVERAL and act not in ("watching", "waiting", "fighting", "chasing")
        among |= act in ("embracing", "dancing") and label not in living and not _STATIC.isdisjoint(between)
        if not among:
            return BY[act] if "by" in between else act
        if _STATIC.isdisjoint(between):
            return ""  # they do it with each other, else there: "a couple kissing on a bridge"
    if (
        label == "shoes"
        and first
        and first not in SHOELESS
        and "a" not in between
        and first not in PEOPLE
        and not {"with", "in", "wearing", "wears"}.isdisjoint(between)
    ):
        return "shod"
    if label in READABLE and not READING.isdisjoint(between[-3:]) and first in HOLDERS:
        return "held"  # "sitting on a wall and reading a letter"
    if not GROWS.isdisjoint(between):
        return "on"  # "a tree grows out of a book"
    if "out" in between and "of" in between and label in CONTAINERS:
        return INSIDE  # "a rabbit jumps out of a hat"
    if not _KEPT.isdisjoint(between) and first in PEOPLE:
        return ""  # "my grandmother kept summer in jars": she is not in them
    places = [PLACES[word] for word in between if word in PLACES and (label in READABLE or word not in READING)]
    named = next((place for place in places if place != "leash" or label in LED), "")
    within = not _INSIDE.isdisjoint(between)
    if named == "above" and label == "bridge" and "over" in between and first not in _OF_AIR:
        named = "on"  # "a train comes over the bridge"
    if named == "leaping":
        named = "leaping" if "over" in between else next((PLACES[word] for word in between if word in _STATIC), "")
    if named in ACTS or named == "through":
        return _act(named, between, label, first)
    if "with" in between and first in PEOPLE and label in PUSHED:
        return "pushing"  # "an old woman with a shopping trolley"
    if label in COACHES and named == "on" and first in PASSENGER and "roof" not in between:
        return INSIDE
    dressed = ("with" in between or (within and first not in SMALL)) and not named
    if label in WORN and (named == "worn" or dressed):
        return "worn"  # "the cat in the hat"
    if named == "worn":
        return ""
    if label == "bed" and within and not named and first in (*HOLDERS, *LED):
        return "lying"
    if named in ("", INSIDE) and within:
        stuck = label in HOLLOW and label not in ENCLOSING and not _STUCK.isdisjoint(between[:1])
        return "on" if label in VESSELS or stuck else INSIDE if label in CONTAINERS or named else ""
    if named == "riding" or (named == "on" and first in RIDERS):
        return "riding" if label in MOUNTS else "on"
    if not named and "with" in between and first in HOLDERS and label in HOLDABLE:
        return "held"
    if not named and between[:1] == ["and"] and first in PEOPLE and label in HANDY and _GIANT.isdisjoint(between):
        return "held"  # "a woman and a taco"
    return "under" if not named and label in HELD and "with" in between else named


_LOOKS_OUT = frozenset(
    [
        *("looking", "looks", "look", "looked", "peeking", "peeks", "peeked", "peeping", "peeps", "peeped", "peering"),
        *("peers", "peered", "leaning", "leans", "leaned", "gazing", "gazes", "staring", "stares", "popping", "pops"),
        *("popped", "sticking", "sticks", "poking", "pokes", "waving", "waves"),
    ]
)
_SWIMMERS = ("whale", "turtle", "dolphin", "crocodile", "fish", "shark", "seal", "swan", "duck", "snail")
_OF_AIR = frozenset(  # what is over a bridge without touching it
    (
        *("bird", "crow", "eagle", "owl", "seagull", "swan", "goose", "duck", "stork", "heron", "bat", "butterfly"),
        *("pigeon", "swallow", "robin", "airplane", "helicopter", "balloon", "airship", "kite", "rocket", "ufo"),
        *("angel", "fairy", "witch", "dragon", "toy balloon", "firework", "star", "bee", "dragonfly"),
    )
)


def is_broken_there(words: Sequence[str], label: str) -> bool:
    """Whether words before a thing say that somebody breaks it, or hatches from it: "tearing a", "hatching from an"."""
    return label in _BRITTLE and not (_BREAKS | _HATCHES).isdisjoint(words)


def _side(between: Sequence[str]) -> str:
    """The side of the second figure on which the first stands, one of SIDES, or ""."""
    return next((side for side, of in pairwise(between) if side in SIDES and of in ("of", "side")), "")


def _borne(on_body: bool, first: str) -> str:
    """How a figure has another on it or in it, one of BEARS, or ""."""
    if on_body or first in VESSELS:
        return "bearing"
    return "containing" if first in CONTAINERS else ""


def _caught(label: str, first: str) -> str:
    """What who catches something does: people have it in the hand, animals in the mouth; one runs for a bus."""
    if label in COACHES:
        return "chasing"
    if label in PEOPLE:
        return "embracing" if first in PEOPLE else "biting"
    return "giving" if first in PEOPLE else "eating"


def _act(named: str, between: Sequence[str], label: str, first: str) -> str:
    """What the first figure does with the second, a value of ACTS or BY, or how it stands to it."""
    if named == "through":
        return INSIDE if label == "door" else ""
    if "by" in between and named in BY:
        return BY[named]
    static = next((PLACES[word] for word in between if word in _STATIC), "")
    if named == "held":
        if first in FLYERS:
            return "stealing"  # "the eagle carries off a lamb"
        flown = not _FLIES.isdisjoint(between)
        if not flown and first not in PEOPLE and not _GIANT.isdisjoint(between):
            return _borne(True, first)  # "an ant carrying a huge leaf"
        if label in HELD and not flown:
            return "under"  # an umbrella is over the head
        if not flown and first in PEOPLE and label in HEAVY and not static and not _CARRIES.isdisjoint(between):
            return "lifting"  # "two men carrying a sofa"
        if (flown and (label not in FLOWN or first not in PASSENGER)) or (first in HOLDERS and label not in CARRIED):
            return static
        return "on" if first == "hand" else "held"
    if named == "leash":
        return "leash" if label in LED and not static else static
    if named == "at":
        if label == "ball" and first in PEOPLE and "at" not in between:
            return "tossing"  # "boys playing football"
        if label in INSTRUMENTS and "at" not in between:
            return "held"
        return "at" if label in DESKS and first in HOLDERS else static
    return named


def has_hand(words: Sequence[str], start: int, label: str) -> str:
    """Who has the hand that begins at `start` and holds what was named before: "a letter in her hand"; or ""."""
    if label != "hand" or start < 2 or words[start - 2] not in ("in", "on"):
        return ""
    return OWNERS.get(words[start - 1], "man" if words[start - 1] == "its" else "")


def _literal(between: Sequence[str]) -> list[str]:
    """The words without an "over" that is no place: "two kids fighting over a ball"."""
    return [
        word
        for place, word in enumerate(between)
        if not (word == "over" and between[max(0, place - 1) : place] and between[place - 1] in _ABOUT)
    ]


def is_beside(between: Sequence[str]) -> bool:
    """Whether words between two figures make the second another one: "a king and a queen", no "boat and its sail"."""
    return not _AND.isdisjoint(between) and _ITS.isdisjoint(between)


def is_hovering(between: Sequence[str], first: str) -> bool:
    """Whether words between a figure and a place say that it is in the air there: "a whale above the city"."""
    place = next((place for place, word in enumerate(between) if word in ("above", "over")), 0)
    return first not in (*GROUNDED, *AIRY) and _ALOFT.issuperset(between[:place])


def relation(first: Term, second: Term, first_is_companion: bool) -> list[str]:
    """The mark for the first of two figures standing at the place of the second, or for what it does with it."""
    place = second.place
    if place in _BY_THE_OTHER:
        return [_BY_THE_OTHER[place]]
    if place in ACTS:
        label, holder = second.label("subject"), first.label("subject")
        if place == "held" and holder not in HOLDERS:
            return ["riding" if label in RIDERS and holder in MOUNTS else "on"]
        return [place]
    if place == "between" and not first_is_companion:
        return [place] if "two" in second.marks else []
    if not place or place == "between":
        return []
    if place == "bearing" and {first.label("subject"), second.label("subject")} <= {*PASSENGER}:
        return ["riding"]  # on the back
    if place in ("worn", "bearing"):
        return ["on"]
    if place in SIDES:
        return []
    if place == "containing":
        return [INSIDE]
    if first_is_companion:
        return [place]
    return {"above": ["lifted"], "under": ["above"], "front": ["behind"], "behind": ["front"]}.get(place, [])


def is_natural(colour: Term, meanings: Sequence[Meaning]) -> bool:
    """Whether a term is a colour that a place or a light with these meanings has anyway."""
    natural = {label for group in COLOUR_GROUPS for label in NATURAL.get(colour.label(group), ())}
    return colour.is_colour and any(one.label in natural and one.group != "subject" for one in meanings)


def _reach(words: Sequence[str], start: int, since: int = 0) -> list[str]:
    """The words before a noun that may belong to it: not beyond punctuation, another thing or another clause."""
    found: list[str] = []
    for place, word in enumerate(reversed(words[max(since, start - REACH) : start])):
        attribute = place == 0 and word.endswith("ing")  # "two flying birds"
        if not word[0].isalnum() or (word in PLACES and not attribute) or word in ("and", "in", "with", "by", "at"):
            break
        found.insert(0, word)
        if word in ("the", "my", "your", "his", "her"):
            break
    return found


def _is_plural(word: str, lexicon: Lexicon) -> bool:
    if word in _PLURALS or word in _PAIRS:
        return True
    if word.endswith("'s"):
        return False
    if word in lexicon.labels:  # "stairs"
        return False
    singular = [form for form in base_forms(word) if form != word]
    subjects = {one.label for one in lexicon.names.get(word, ()) if one.group == "subject"}
    for form in singular:
        named = {one.label for one in lexicon.names.get(form, ()) if one.group == "subject"}
        if named and word.endswith("s") and (not subjects or subjects & named):
            return True
    return False
